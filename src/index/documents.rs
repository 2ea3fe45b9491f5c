//! Sets of documents of one source.

use crate::model::catalog;

/// Documents of the largest source.
pub(super) const LARGEST: usize = {
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

/// A set of documents of a source by their positions, a bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Documents([u64; LARGEST.div_ceil(64)]);

impl Documents {
    /// No document.
    pub const NONE: Self = Self([0; LARGEST.div_ceil(64)]);
    /// Every document.
    pub const ALL: Self = Self([u64::MAX; LARGEST.div_ceil(64)]);

    /// Those of `count` documents that `wanted` says.
    #[must_use]
    pub fn of(count: usize, wanted: impl Fn(usize) -> bool) -> Self {
        let mut documents = Self::NONE;
        (0..count).filter(|at| wanted(*at)).for_each(|at| documents.add(at));
        documents
    }

    /// Adds one.
    pub const fn add(&mut self, at: usize) {
        self.0[at / 64] |= 1 << (at % 64);
    }

    /// These without one.
    #[must_use]
    pub fn without(mut self, at: usize) -> Self {
        self.0[at / 64] &= !(1 << (at % 64));
        self
    }

    /// Whether one is among them.
    #[must_use]
    pub fn has(&self, at: usize) -> bool {
        self.0[at / 64] >> (at % 64) & 1 == 1
    }

    /// The positions of its documents.
    pub fn positions(&self) -> impl Iterator<Item = usize> {
        (0..LARGEST).filter(|at| self.has(*at))
    }

    /// The bits.
    pub(super) fn bits(&self) -> &[u64] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_added() {
        let mut documents = Documents::of(LARGEST, |at| at % 3 == 0);
        documents.add(1);
        let documents = documents.without(3);
        let found: Vec<usize> = documents.positions().take(4).collect();
        assert_eq!(found, [0, 1, 6, 9]);
        assert!((0..LARGEST).all(|at| Documents::ALL.has(at) && !Documents::NONE.has(at)));
    }
}
