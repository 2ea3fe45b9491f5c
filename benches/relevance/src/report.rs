//! Questions put to an index, and the table of what came out.

use std::collections::BTreeMap;
use std::fmt;

use crate::engine::{Corpus, Engine, Switches};
use crate::measure::Sums;
use crate::questions::Question;

/// All types, or all classes of a type; sorted after their names.
pub const ALL: &str = "~all";

/// Measures by type and class of question.
pub type Measures = BTreeMap<(String, String), Sums>;

/// Good answers by the names of the catalog; `None` if it has none of them.
fn relevant(corpus: &Corpus, source: usize, question: &Question) -> Option<BTreeMap<String, u32>> {
    let mut known = BTreeMap::new();
    for (name, grade) in &question.relevant {
        if let Some(name) = corpus.resolve(source, name) {
            let best = known.entry(name.to_owned()).or_insert(*grade);
            *best = (*best).max(*grade);
        }
    }
    (question.relevant.is_empty() || !known.is_empty()).then_some(known)
}

/// Asks all questions that the catalog has an answer to, or that have none. `each` hears of
/// every question, its own measures, what was found and what would be right.
pub fn measured(
    corpus: &Corpus,
    engine: &Engine,
    switches: Switches,
    questions: &[Question],
    mut each: impl FnMut(&Question, &Sums, &[(&str, u16)], &BTreeMap<String, u32>),
) -> Measures {
    let mut sums = Measures::new();
    for question in questions {
        let Some(source) = question.source() else { continue };
        let Some(relevant) = relevant(corpus, source, question) else { continue };
        let (hits, _) = engine.search(source, &question.query, switches.run);
        let named: Vec<(&str, u16)> =
            hits.iter().map(|(at, score)| (corpus.names[source][*at].as_str(), *score)).collect();
        let names: Vec<&str> = named.iter().map(|(name, _)| *name).collect();
        let mut own = Sums::default();
        own.add(&names, &relevant);
        each(question, &own, &named, &relevant);
        let (of, class) = (question.of.as_str(), question.class.as_str());
        for (of, class) in [(of, class), (of, ALL), (ALL, ALL)] {
            let key = (of.to_owned(), class.to_owned());
            sums.entry(key).or_default().add(&names, &relevant);
        }
    }
    sums
}

/// A table of measures.
#[derive(Debug)]
pub struct Report<'m>(pub &'m Measures);

impl fmt::Display for Report<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "| type | class | questions | MRR@10 | nDCG@10 | recall@10 | no hit |")?;
        writeln!(out, "|---|---|---|---|---|---|---|")?;
        for ((of, class), sums) in self.0 {
            let [mrr, ndcg, recall] = sums.means();
            let [of, class] = [of, class].map(|it| it.trim_start_matches('~'));
            let ((negative, none), count) = (sums.negative, sums.count);
            writeln!(
                out,
                "| {of} | {class} | {count} | {mrr:.3} | {ndcg:.3} | {recall:.3} | {none}/{negative} |"
            )?;
        }
        Ok(())
    }
}
