//! The least of many keys, a page of them at a time.

use arrayvec::ArrayVec;

/// Keys that are kept at once.
const KEPT: usize = 512;

/// The least of many keys, those of one page after some others.
#[derive(Debug)]
pub struct Least {
    /// In order.
    keys: ArrayVec<u64, KEPT>,
    kept: usize,
    /// The last key of earlier pages.
    after: Option<u64>,
}

impl Least {
    /// Whether a key would be kept. Once it would not, no greater one is.
    #[must_use]
    pub fn takes(&self, key: u64) -> bool {
        self.keys.len() < self.kept || self.keys.last().is_some_and(|last| *last > key)
    }

    /// The greatest key that is kept, once as many are kept as are wanted.
    #[must_use]
    pub fn bar(&self) -> Option<u64> {
        self.keys.last().copied().filter(|_| self.keys.len() == self.kept)
    }

    /// Takes a key into account.
    pub fn add(&mut self, key: u64) {
        if !self.takes(key) || self.after.is_some_and(|after| key <= after) {
            return;
        }
        if self.keys.len() < self.kept {
            self.keys.push(key);
        }
        // Few keys are among the least for long, so few are moved.
        let keys = &mut self.keys[..];
        let mut at = keys.len() - 1;
        while at > 0 && keys[at - 1] > key {
            keys[at] = keys[at - 1];
            at -= 1;
        }
        keys[at] = key;
    }
}

/// The keys of a page, the least first. `all` adds every key; far pages take several turns
/// of it.
pub fn page<const MOST: usize>(
    mut skip: usize,
    limit: usize,
    mut all: impl FnMut(&mut Least),
) -> ArrayVec<u64, MOST> {
    let limit = limit.min(MOST);
    let (mut page, mut after) = (ArrayVec::new(), None);
    loop {
        let last = skip + limit <= KEPT;
        let kept = if last { skip + limit } else { skip.min(KEPT) };
        let mut least = Least { keys: ArrayVec::new(), kept, after };
        all(&mut least);
        let keys = &least.keys;
        if last {
            page.extend(keys.iter().skip(skip).copied());
            return page;
        }
        let Some(key) = keys.last().filter(|_| keys.len() == kept) else {
            return page;
        };
        (skip, after) = (skip - keys.len(), Some(*key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_a_slice_of_the_order() {
        let keys: Vec<u64> = (0..1_400).map(|n| n * 37 % 1_400).collect();
        for (skip, limit) in
            [(0, 10), (10, 10), (95, 10), (500, 50), (1_300, 50), (1_390, 50), (1_400, 10), (0, 0)]
        {
            let expected: Vec<u64> = (0..1_400).skip(skip).take(limit).collect();
            let page: ArrayVec<u64, 50> =
                page(skip, limit, |least| keys.iter().for_each(|key| least.add(*key)));
            assert_eq!(page.as_slice(), expected, "{skip} {limit}");
        }
    }
}
