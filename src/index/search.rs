//! Search in the compiled catalog.

use std::cell::RefCell;

use arrayvec::ArrayVec;

use super::documents::{Documents, LARGEST};
use super::lexicon::Lexicon;
use super::meaning::Rows;
use super::page::{self, Least};
use super::query::Query;
use super::rank::{self, Collector, Scratch};
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

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct Results {
    /// The hits of the page, best first.
    pub hits: ArrayVec<Hit, MAX_HITS>,
    /// How many there are on all pages.
    pub total: usize,
}

/// What may be found of each source.
#[derive(Clone, Copy, Debug)]
pub struct Filter<'a>([&'a Documents; 4]);

impl<'a> Filter<'a> {
    /// Everything.
    pub const ALL: Self = Self([&Documents::ALL; 4]);

    /// The same, but of one source only these.
    #[must_use]
    pub const fn with(mut self, source: Source, documents: &'a Documents) -> Self {
        self.0[source as usize] = documents;
        self
    }

    /// What may be found of a source.
    #[must_use]
    pub const fn of(&self, source: Source) -> &'a Documents {
        self.0[source as usize]
    }
}

/// The best documents of some sources that a filter lets through. Equal ones stand in the
/// order of `Source` and of its table. Of several sources, the best of each come first, so
/// that none crowds out the others.
#[must_use]
pub fn search(query: &Query, sources: &[Source], filter: Filter<'_>, asked: Page) -> Results {
    let mut results = Results::default();
    let tables = tables();
    let terms = Terms::new(tables.terms);
    let mut guesses = Guesses::default();
    let mut reading = Reading::new(query, &tables, &terms, &mut guesses);
    let mut firsts: Firsts = [None; 4];
    if sources.len() > 1 {
        for &source in sources {
            firsts[source as usize] = best(&mut reading, &tables, source, filter);
        }
        drop_distant(&mut firsts);
    }
    let keys: ArrayVec<u64, MAX_HITS> = page::page(asked.skip, asked.limit, |least| {
        results.total = 0;
        for &source in sources {
            let first = firsts[source as usize];
            if let Some((score, at)) = first {
                least.add(key(source, at, score, true));
            }
            let bar = least_score(least);
            results.total +=
                hits_of(&mut reading, &tables, source, filter, bar, &mut |at, score| {
                    if first.is_none_or(|(_, first)| first != at) {
                        least.add(key(source, at, score, false));
                    }
                    least_score(least)
                });
        }
    });
    results.hits.extend(keys.iter().copied().map(hit));
    for &source in sources.iter().filter(|source| source.has_sentences()) {
        find_sentences(&mut reading, &tables, source, &mut results.hits);
    }
    results
}

/// The score that a hit must reach to be kept.
fn least_score(least: &Least) -> u16 {
    least.bar().map_or(0, |key| hit(key).score)
}

/// Score and position of the best hit of a source, the first in the table of those.
fn best(
    reading: &mut Reading<'_>,
    tables: &Tables<'_>,
    source: Source,
    filter: Filter<'_>,
) -> Option<(u16, usize)> {
    let mut best = None;
    hits_of(reading, tables, source, filter, 0, &mut |at, score| {
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

/// The documents of a source that match the query.
#[must_use]
pub fn matching(query: &Query, source: Source) -> Documents {
    let tables = tables();
    let terms = Terms::new(tables.terms);
    let mut guesses = Guesses::default();
    let mut reading = Reading::new(query, &tables, &terms, &mut guesses);
    let mut found = Documents::NONE;
    hits_of(&mut reading, &tables, source, Filter::ALL, 0, &mut |at, _| {
        found.add(at);
        0
    });
    found
}

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

/// Tells `each` position and score of the documents of a source that match a query and are let
/// through, if their score is at least what it said last, `least` at first. Returns how many
/// match.
fn hits_of(
    reading: &mut Reading<'_>,
    tables: &Tables<'_>,
    source: Source,
    filter: Filter<'_>,
    least: u16,
    each: &mut dyn FnMut(usize, u16) -> u16,
) -> usize {
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
        let collector = Collector { filter: filter.of(source).bits(), least, each };
        let count =
            rank::rank(reading, tables, source as usize, Mechanisms::ALL, scratch, collector);
        arrays.at_work = false;
        count
    })
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
    hits: &mut [Hit],
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
