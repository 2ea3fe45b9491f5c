//! Search in the compiled catalog.

use std::cell::RefCell;

use arrayvec::ArrayVec;

use super::lexicon::Lexicon;
use super::meaning::Rows;
use super::page::{self, Least};
use super::query::Query;
use super::rank::{self, Hits, Scratch};
use super::reading::{Guesses, Reading};
use super::sense::{Mechanisms, Sense, senses};
use super::tables::Tables;
use super::terms::Terms;
use crate::model::catalog;

/// Where documents come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Classes and other elements.
    Elements,
    /// Blueprints.
    Blueprints,
    /// Pages of the documentation.
    Docs,
    /// Blog posts.
    Blogs,
}

impl Source {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Elements, Self::Blueprints, Self::Docs, Self::Blogs];

    /// How many documents it has.
    #[must_use]
    pub fn len(self) -> usize {
        tables().len(self as usize)
    }

    /// Whether its hits are shown with the sentence that matched best.
    const fn has_sentences(self) -> bool {
        matches!(self, Self::Blueprints | Self::Docs)
    }

    /// True if it has none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// One document that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its source.
    pub source: Source,
    /// Its position in the table of the source.
    pub at: usize,
    /// Its score.
    pub score: u16,
    /// The sentence that matched best, among those of the document.
    pub sentence: u8,
}

/// Hits asked for.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Hits before them.
    pub skip: usize,
    /// How many.
    pub limit: usize,
}

/// Longest page.
pub const MAX_HITS: usize = 50;

/// The best documents of some sources that `accept` lets through, best first, and how
/// many there are in all. Equal ones stand in the order of `Source` and of its table. Of
/// several sources, the best of each come first, so that none crowds out the others.
pub fn search(
    query: &Query,
    sources: &[Source],
    accept: impl Fn(Source, usize) -> bool,
    asked: Page,
) -> (ArrayVec<Hit, MAX_HITS>, usize) {
    let tables = tables();
    let terms = Terms::new(tables.terms);
    let mut guesses = Guesses::default();
    let mut reading = Reading::new(query, &tables, &terms, &mut guesses);
    let mut firsts: Firsts = [None; 4];
    if sources.len() > 1 {
        for &source in sources {
            hits_of(&mut reading, &tables, source, &accept, |hits| {
                firsts[source as usize] = best(hits);
            });
        }
        drop_distant(&mut firsts);
    }
    let mut total = 0;
    let keys: ArrayVec<u64, MAX_HITS> = page::page(asked.skip, asked.limit, |least| {
        total = 0;
        for &source in sources {
            let first = firsts[source as usize];
            if let Some((score, at)) = first {
                least.add(key(source, at, score, true));
            }
            hits_of(&mut reading, &tables, source, &accept, |hits| {
                total += hits.len();
                hits.reaching(bar(least), |at, score| {
                    if first.is_none_or(|(_, first)| first != at) {
                        least.add(key(source, at, score, false));
                    }
                    bar(least)
                });
            });
        }
    });
    let mut hits = keys.into_iter().map(hit).collect::<ArrayVec<Hit, MAX_HITS>>();
    for &source in sources.iter().filter(|source| source.has_sentences()) {
        find_sentences(&mut reading, &tables, source, &mut hits);
    }
    (hits, total)
}

/// The score that a hit must reach to be kept.
fn bar(least: &Least) -> u16 {
    least.bar().map_or(0, |key| hit(key).score)
}

/// Score and position of the best hit, the first in the table of those.
fn best(hits: &Hits<'_>) -> Option<(u16, usize)> {
    let mut best = None;
    hits.reaching(0, |at, score| {
        if best.is_none_or(|(most, first)| score > most || at < first) {
            best = Some((score, at));
        }
        score
    });
    best
}

/// Score and position of the best document of each source.
type Firsts = [Option<(u16, usize)>; 4];

/// The best of a source does not come first if another has more than twice its score: then
/// it is hardly what is looked for.
fn drop_distant(firsts: &mut Firsts) {
    let best = firsts.iter().flatten().map(|(score, _)| *score).max().unwrap_or_default();
    for first in firsts {
        *first = first.filter(|(score, _)| *score >= best / 2);
    }
}

/// Calls `each` with the position of every document of a source that matches the query,
/// in any order.
pub fn matching(query: &Query, source: Source, each: &mut dyn FnMut(usize)) {
    let tables = tables();
    let terms = Terms::new(tables.terms);
    let mut guesses = Guesses::default();
    let mut reading = Reading::new(query, &tables, &terms, &mut guesses);
    hits_of(&mut reading, &tables, source, &|_, _| true, |hits| {
        hits.positions().for_each(each);
    });
}

/// Documents of the largest source.
const LARGEST: usize = {
    let (mut largest, mut source) = (0, 0);
    while source + 1 < catalog::SOURCES.len() {
        let documents = catalog::SOURCES[source + 1] - catalog::SOURCES[source];
        if documents > largest {
            largest = documents;
        }
        source += 1;
    }
    largest as usize
};

/// What [`rank::rank`] works in, kept from one search to the next: filled with zeros but while one
/// is at work.
struct Arrays {
    accounts: [u32; LARGEST],
    candidates: [u64; LARGEST],
    best: [u8; LARGEST],
    lifted: [u64; LARGEST.div_ceil(64)],
    /// Whether a search was at work, and is still, or has panicked.
    at_work: bool,
}

impl Arrays {
    const NEW: Self = Self {
        accounts: [0; LARGEST],
        candidates: [0; LARGEST],
        best: [0; LARGEST],
        lifted: [0; LARGEST.div_ceil(64)],
        at_work: false,
    };

    fn clear(&mut self) {
        self.accounts.fill(0);
        self.best.fill(0);
        self.lifted.fill(0);
    }
}

thread_local! {
    static ARRAYS: RefCell<Arrays> = const { RefCell::new(Arrays::NEW) };
}

/// Calls `each` with the documents of a source that match a query and are let through.
fn hits_of(
    reading: &mut Reading<'_>,
    tables: &Tables<'_>,
    source: Source,
    accept: &impl Fn(Source, usize) -> bool,
    each: impl FnOnce(&Hits<'_>),
) {
    ARRAYS.with_borrow_mut(|arrays| {
        if std::mem::replace(&mut arrays.at_work, true) {
            arrays.clear();
        }
        let scratch = Scratch {
            accounts: &mut arrays.accounts,
            candidates: &mut arrays.candidates,
            best: &mut arrays.best,
            lifted: &mut arrays.lifted,
        };
        let accept = |at| accept(source, at);
        each(&rank::rank(reading, tables, source as usize, Mechanisms::ALL, scratch, accept));
        arrays.at_work = false;
    });
}

/// The first of each source, then best first; then by source and position.
fn key(source: Source, at: usize, score: u16, first: bool) -> u64 {
    let score = u64::from(u16::MAX - score);
    u64::from(!first) << 63 | score << 47 | (source as u64) << 32 | at as u64
}

fn hit(key: u64) -> Hit {
    Hit {
        source: Source::ALL[(key >> 32 & 3) as usize],
        at: key as u32 as usize,
        score: u16::MAX - (key >> 47) as u16,
        sentence: 0,
    }
}

/// Finds the sentence of each hit of a source that says best what was asked for.
fn find_sentences(
    reading: &mut Reading<'_>,
    tables: &Tables<'_>,
    source: Source,
    hits: &mut ArrayVec<Hit, MAX_HITS>,
) {
    let mut best = [0; MAX_HITS];
    senses(reading, tables, source as usize, Mechanisms::ALL, |sense| {
        let own = hits.iter_mut().zip(&mut best).filter(|(hit, _)| hit.source == source);
        for (hit, best) in own {
            for (score, sentence) in credits(tables, sense, source, hit.at) {
                if score > *best {
                    (*best, hit.sentence) = (score, sentence);
                }
            }
        }
    });
}

/// Scores of a document for the terms of a sense, and the sentences they come from.
pub(super) fn credits(
    tables: &Tables<'_>,
    sense: &Sense<'_>,
    source: Source,
    at: usize,
) -> impl Iterator<Item = (u16, u8)> {
    let factor = u16::from(sense.factor);
    sense.terms.iter().filter_map(move |term| {
        let posting = tables.postings(*term, source as usize).of(at as u32)?;
        Some((u16::from(posting.score) * factor / 16, posting.sentence))
    })
}

/// The index of the catalog.
#[must_use]
pub fn tables() -> Tables<'static> {
    Tables {
        terms: catalog::TERMS,
        lexicon: Lexicon::new(catalog::LEXICON),
        starts: catalog::STARTS,
        postings: catalog::POSTINGS,
        weights: catalog::WEIGHTS,
        unknown: catalog::UNKNOWN,
        sources: catalog::SOURCES,
        rows: Rows::new(catalog::ROWS),
        others: Lexicon::new(catalog::OTHERS),
        vectors: catalog::VECTORS,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold::Word;
    use super::*;

    /// What a query costs besides its postings is this walk, at most once for each word.
    #[test]
    fn a_slip_is_looked_for_in_few_places() {
        let terms = Terms::new(catalog::TERMS);
        for word in [
            "snwoflkae",
            "coommand",
            "xxxxxxxxxx",
            "ssssssss",
            "pppppppppppppppppppppppppppppppp",
            "concattenate",
            "abcdefgh",
            "transformatoin",
        ] {
            let visits = terms.visits(&Word::new(word), 2);
            // 300 were the most, of 7,700 terms.
            assert!(visits < 1_000, "{word}: {visits} places");
        }
    }
}
