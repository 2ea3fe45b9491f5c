//! Ranking: the scores of postings, added up.

use arrayvec::ArrayVec;
use fst::raw::Fst;

use super::query::Query;
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

    /// Numbers of its documents.
    fn documents(self) -> std::ops::Range<u32> {
        catalog::SOURCES[self as usize]..catalog::SOURCES[self as usize + 1]
    }

    /// How many documents it has.
    #[must_use]
    pub fn len(self) -> usize {
        self.documents().len()
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
pub(super) const MAX_HITS: usize = 50;

/// The best documents of some sources that `accept` lets through, best first, and how
/// many there are in all.
pub fn search(
    query: &Query,
    sources: &[Source],
    accept: impl Fn(Source, usize) -> bool,
    page: Page,
) -> (ArrayVec<Hit, MAX_HITS>, usize) {
    let scores = Scores::of(query);
    let mut found = ArrayVec::<Hit, { catalog::DOCUMENTS }>::new();
    for &source in sources {
        let documents = source.documents();
        for document in documents.clone() {
            let score = scores.scores[document as usize];
            let at = (document - documents.start) as usize;
            if score > 0 && accept(source, at) {
                let sentence = scores.sentences[document as usize];
                found.push(Hit { source, at, score, sentence });
            }
        }
    }
    let total = found.len();
    found.sort_unstable_by_key(|hit| (std::cmp::Reverse(hit.score), hit.source as usize, hit.at));
    let hits = found.iter().skip(page.skip).take(page.limit.min(MAX_HITS)).copied().collect();
    (hits, total)
}

/// Calls `each` with the position of every document of a source that matches all terms
/// of the query that are known, in table order.
pub fn matching(query: &Query, source: Source, mut each: impl FnMut(usize)) {
    let scores = Scores::of(query);
    let documents = source.documents();
    for document in documents.clone() {
        if scores.scores[document as usize] > 0 {
            each((document - documents.start) as usize);
        }
    }
}

struct Scores {
    scores: [u16; catalog::DOCUMENTS],
    sentences: [u8; catalog::DOCUMENTS],
}

impl Scores {
    fn of(query: &Query) -> Self {
        let mut scores =
            Self { scores: [0; catalog::DOCUMENTS], sentences: [0; catalog::DOCUMENTS] };
        let mut best = [0_u8; catalog::DOCUMENTS];
        let terms = Fst::new(catalog::terms()).expect("build.rs wrote terms.fst; tests verify it");
        for term in &query.terms {
            let Some(number) = terms.get(term.as_str()) else { continue };
            for position in catalog::postings(number.value() as u32) {
                let posting = catalog::posting(position);
                let document = (posting >> 16) as usize;
                let score = (posting >> 8) as u8;
                scores.scores[document] = scores.scores[document].saturating_add(score.into());
                if score > best[document] {
                    best[document] = score;
                    scores.sentences[document] = posting as u8;
                }
            }
        }
        scores
    }
}
