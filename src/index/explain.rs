//! Why a search finds what it finds. Allocates: it is asked for by people.

use super::meaning::{Meaning, vectors};
use super::query::Query;
use super::rank;
use super::reading::{Guesses, Reading};
use super::search::{Source, credits, tables};
use super::sense::{How, Mechanisms, senses};
use super::terms::Terms;

/// Words of a query and what they were taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The words, as they were read.
    pub words: String,
    /// Terms of the index: stems, phrases of stems, or a kind.
    pub terms: Vec<String>,
    /// How words and terms belong together.
    pub how: How,
    /// Sixteenths of the scores of these terms that count.
    pub factor: u8,
    /// What matching them weighs, in sixteenths.
    pub weight: u16,
    /// What each of the documents asked about gets for them.
    pub scores: Vec<Option<u16>>,
}

/// How a query is read in one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// In the order in which words are read: runs of words, words, kinds.
    pub taken: Vec<Taken>,
    /// Weight of the whole query, in sixteenths.
    pub total: u32,
    /// What each of the documents asked about gets for being near in meaning.
    pub meanings: Vec<u32>,
}

/// Explains how a query is read in a source, and what each of some documents of it gets.
#[must_use]
pub fn explain(query: &Query, source: Source, documents: &[usize]) -> Explanation {
    let tables = tables();
    let terms = Terms::new(tables.terms);
    let mut guesses = Guesses::default();
    let mut reading = Reading::new(query, &tables, &terms, &mut guesses);
    let (mut taken, mut sum) = (Vec::new(), reading.sum);
    let unread = reading.unread;
    let total = senses(&mut reading, &tables, source as usize, Mechanisms::ALL, |sense| {
        rank::add_guessed(&tables, unread, sense, &mut sum);
        let words: Vec<&str> =
            query.words[sense.words.clone()].iter().map(|it| it.word.as_str()).collect();
        let best = |at: &usize| credits(&tables, sense, source, *at).map(|(score, _)| score).max();
        taken.push(Taken {
            words: words.join(" "),
            terms: sense.terms.iter().filter_map(|term| terms.text(*term)).collect(),
            how: sense.how,
            factor: sense.factor,
            weight: sense.weight,
            scores: documents.iter().map(best).collect(),
        });
    });
    let first = tables.sources[source as usize];
    let query_meaning = Meaning::new(sum);
    let meaning = |at: &usize| {
        let vector = &vectors(tables.vectors)[first as usize + at];
        rank::worth(query_meaning.map_or(0, |it| it.nearness(vector)))
    };
    let meanings = documents.iter().map(meaning).collect();
    Explanation { taken, total, meanings }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(text: &str) -> Vec<(String, How, Vec<String>)> {
        let query = Query::parse(text).expect("words");
        let explanation = explain(&query, Source::Elements, &[]);
        explanation.taken.into_iter().map(|it| (it.words, it.how, it.terms)).collect()
    }

    #[track_caller]
    fn check(text: &str, words: &str, how: How, term: &str) {
        let taken = taken(text);
        let found = taken
            .iter()
            .any(|it| it.0 == words && it.1 == how && it.2.iter().any(|taken| taken == term));
        assert!(found, "{taken:?}");
    }

    #[test]
    fn says_what_words_are_taken_for() {
        check("uploads s3", "uploads", How::Word, "upload");
        check("big query", "big query", How::Joined, "bigqueri");
        check("kafkasnowflake x", "kafkasnowflake", How::Split, "snowflak");
        check("snowfl", "snowfl", How::Prefix, "snowflak");
        check("snwflake x", "snwflake", How::Slips(1), "snowflak");
        check("kafka trigger", "trigger", How::Kind, "=trigger");
        assert!(taken("zzyzx x").contains(&("zzyzx".to_owned(), How::Unknown, Vec::new())));
    }

    #[test]
    fn what_a_hit_gets_makes_its_score() {
        let query = Query::parse("s3 upload").expect("words");
        let page = super::super::Page { skip: 0, limit: 10 };
        let sources = [Source::Elements];
        let hits = super::super::search(&query, &sources, super::super::Filter::ALL, page).hits;
        let documents: Vec<usize> = hits.iter().map(|hit| hit.at).collect();
        let explanation = explain(&query, Source::Elements, &documents);
        let mut whole = 0;
        for (at, hit) in hits.iter().enumerate() {
            let scores: Option<Vec<u16>> =
                explanation.taken.iter().map(|it| it.scores[at]).collect();
            // No kind is named: where all of the query matches, nothing is taken off or added.
            if let Some(scores) = scores {
                let sum: u32 = scores.into_iter().map(u32::from).sum();
                let words = sum * 256 / explanation.total;
                assert_eq!(u32::from(hit.score), words + explanation.meanings[at]);
                whole += 1;
            }
        }
        assert!(whole > 0, "no hit has both words");
    }
}
