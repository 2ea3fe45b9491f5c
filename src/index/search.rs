//! Search in the compiled catalog.

use arrayvec::ArrayVec;

use super::query::Query;
use super::rank::{self, Account, Mechanisms, Ranking, Step};
use super::tables::Tables;
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
/// many there are in all. Equal ones stand in the order of `Source` and of its table.
pub fn search(
    query: &Query,
    sources: &[Source],
    accept: impl Fn(Source, usize) -> bool,
    page: Page,
) -> (ArrayVec<Hit, MAX_HITS>, usize) {
    let mut keys = ArrayVec::<u64, { catalog::DOCUMENTS }>::new();
    for &source in sources {
        ranked(
            query,
            source,
            |_| {},
            |found| {
                if accept(source, found.at) {
                    keys.push(key(source, found));
                }
            },
        );
    }
    let total = keys.len();
    let page = rank::page(&mut keys, page.skip, page.limit.min(MAX_HITS));
    (page.iter().map(|key| hit(*key)).collect(), total)
}

/// Calls `each` with the position of every document of a source that matches the query,
/// in table order.
pub fn matching(query: &Query, source: Source, mut each: impl FnMut(usize)) {
    ranked(query, source, |_| {}, |found| each(found.at));
}

/// Calls `each` with everything that words of the query were taken for.
pub fn explain(query: &Query, source: Source, each: impl FnMut(Step)) {
    ranked(query, source, each, |_| {});
}

#[expect(
    clippy::large_stack_arrays,
    reason = "12 bytes a document; threads have 2 MiB and nothing may be allocated"
)]
fn ranked(query: &Query, source: Source, step: impl FnMut(Step), each: impl FnMut(rank::Ranked)) {
    let tables = tables();
    let mut accounts = [Account::default(); catalog::DOCUMENTS];
    let accounts = &mut accounts[..source.len()];
    let mechanisms = Mechanisms::ALL;
    let ranking = Ranking::new(&tables, query, source as usize, mechanisms, accounts, step);
    ranking.ranked().for_each(each);
}

/// Best first; then by source and position.
fn key(source: Source, found: rank::Ranked) -> u64 {
    let score = u64::from(u16::MAX - found.score);
    score << 48 | (source as u64) << 40 | (found.at as u64) << 8 | u64::from(found.sentence)
}

fn hit(key: u64) -> Hit {
    Hit {
        source: Source::ALL[(key >> 40 & 0xff) as usize],
        at: (key >> 8 & 0xffff_ffff) as usize,
        score: u16::MAX - (key >> 48) as u16,
        sentence: key as u8,
    }
}

/// The index of the catalog.
#[must_use]
pub fn tables() -> Tables<'static> {
    Tables {
        terms: catalog::TERMS,
        starts: catalog::STARTS,
        postings: catalog::POSTINGS,
        weights: catalog::WEIGHTS,
        unknown: catalog::UNKNOWN,
        sources: catalog::SOURCES,
    }
}
