//! Accounts: what each document of a source matches of a query, added up sense by sense.

use arrayvec::ArrayVec;

use super::sense::Sense;
use super::tables::Postings;
use super::terms::MAX_NEAR;

/// What is counted of a sense.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    pub(super) terms: ArrayVec<u32, MAX_NEAR>,
    /// Sixteenths of the scores of the terms.
    factor: u32,
    /// Weight of what a document matches that has one of them.
    pub(super) matched: u32,
}

impl Counted {
    pub(super) fn new(sense: &Sense<'_>) -> Self {
        let factor = u32::from(sense.factor);
        let terms = sense.terms.iter().copied().collect();
        // An account is never 0 then, whatever its score.
        Self { terms, factor, matched: (u32::from(sense.weight) * factor / 16).max(1) }
    }

    /// What a posting of this score adds to an account.
    fn credit(&self, score: u8) -> u32 {
        (self.matched << 16) + u32::from(score) * self.factor / 16
    }
}

/// Accounts of documents.
pub(super) struct Accounts<'s> {
    /// Of each document, see [`super::rank::Scratch`].
    pub(super) of: &'s mut [u32],
    pub(super) candidates: &'s mut [u64],
    /// How many candidates there are.
    pub(super) count: usize,
}

impl Accounts<'_> {
    /// Counts the postings of a sense. Not inlined, as registers are few.
    #[inline(never)]
    pub(super) fn open(&mut self, postings: &Postings<'_>, sense: &Counted) {
        let Self { of, candidates, count } = self;
        let mut new = *count;
        for posting in postings.iter() {
            let account = &mut of[posting.document as usize];
            // Written each time and counted if it is new: that is cheaper than a branch. When
            // all documents are candidates, there is no place left, and no new one.
            if let Some(place) = candidates.get_mut(new) {
                *place = posting.document.into();
            }
            new += usize::from(*account == 0);
            *account += sense.credit(posting.score);
        }
        *count = new;
    }

    /// Counts the postings of a sense, of documents that have an account.
    pub(super) fn add(&mut self, postings: &Postings<'_>, sense: &Counted) {
        if let Some(scores) = postings.scores
            && self.count < postings.len()
        {
            // A branch on the score could hardly be predicted.
            for at in &self.candidates[..self.count] {
                let score = scores[*at as usize];
                self.of[*at as usize] += if score > 0 { sense.credit(score) } else { 0 };
            }
            return;
        }
        for posting in postings.iter() {
            let account = &mut self.of[posting.document as usize];
            if *account > 0 {
                *account += sense.credit(posting.score);
            }
        }
    }

    /// Counts the postings of a sense of several terms, of which a document is credited with
    /// the best; of all documents, or of those that have an account.
    pub(super) fn add_best<'p>(
        &mut self,
        postings: impl Iterator<Item = Postings<'p>> + Clone,
        sense: &Counted,
        best: &mut [u8],
        all: bool,
    ) {
        for posting in postings.clone().flat_map(|it| it.iter()) {
            let at = posting.document as usize;
            best[at] = best[at].max(posting.score);
        }
        for posting in postings.flat_map(|it| it.iter()) {
            let at = posting.document as usize;
            let score = std::mem::take(&mut best[at]);
            let account = &mut self.of[at];
            if score == 0 || *account == 0 && !all {
                continue;
            }
            if *account == 0 {
                self.candidates[self.count] = posting.document.into();
                self.count += 1;
            }
            *account += sense.credit(score);
        }
    }
}
