//! Whole terms: a hash table from the hash of a term to its number.
//!
//! A term is met in two instructions more than its hash takes, where a walk over the fst
//! of `terms.rs` takes some eighty for each letter. The generator mounts this file too
//! (`#[path]`) and writes the table.

/// Lower bits of a slot that hold what is known of a term; those above them are the upper
/// bits of its hash.
const INFO_BITS: u32 = 24;
/// Set if a term of several words begins with this one.
const BEGINS: u64 = 1;

/// A table, of a power of two of slots, each a little-endian `u64`. A term stands in the
/// slot of the lower bits of its hash, or after it; a slot of zeros is empty.
#[derive(Clone, Copy, Debug)]
pub struct Lexicon<'a>(&'a [[u8; 8]]);

/// What is known of a term.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its number; `None` if it is only the beginning of others.
    pub term: Option<u32>,
    /// Whether a term of several words begins with this one.
    pub begins: bool,
}

impl<'a> Lexicon<'a> {
    /// The table in these bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes.as_chunks().0)
    }

    /// What is known of the term with this hash. One that is not there is taken for one that
    /// is once in 2^40 times.
    #[must_use]
    pub fn find(&self, hash: u64) -> Entry {
        let mut at = hash as usize;
        loop {
            let slot = self.slot(at);
            if slot == 0 {
                return Entry::default();
            }
            if (slot ^ hash) >> INFO_BITS == 0 {
                let number = (slot as u32 >> 1) & ((1 << (INFO_BITS - 1)) - 1);
                return Entry { term: number.checked_sub(1), begins: slot & BEGINS == BEGINS };
            }
            at += 1;
        }
    }

    /// The number of the term with this hash.
    #[must_use]
    pub fn term(&self, hash: u64) -> Option<u32> {
        self.find(hash).term
    }

    fn slot(&self, at: usize) -> u64 {
        self.0.get(at & self.0.len().wrapping_sub(1)).map_or(0, |slot| u64::from_le_bytes(*slot))
    }
}

/// The table of some entries by their hashes. `None` if two of them cannot be told apart.
#[must_use]
pub fn table(entries: &[(u64, Entry)]) -> Option<Vec<u64>> {
    // At most three in four are taken, so that runs are short.
    let mut slots = vec![0; (entries.len() * 4 / 3 + 1).next_power_of_two()];
    for (hash, entry) in entries {
        let mut at = *hash as usize % slots.len();
        while slots[at] != 0 {
            if (slots[at] ^ hash) >> INFO_BITS == 0 {
                return None;
            }
            at = (at + 1) % slots.len();
        }
        let number = entry.term.map_or(0, |term| u64::from(term) + 1);
        slots[at] = (hash >> INFO_BITS << INFO_BITS) | number << 1 | u64::from(entry.begins);
    }
    Some(slots)
}

#[cfg(test)]
mod tests {
    use super::super::fold::{Word, followed};
    use super::*;

    fn hash(term: &str) -> u64 {
        let words = term.split(' ').map(|word| Word::new(word).hash());
        words.reduce(followed).expect("a word")
    }

    #[test]
    fn what_was_put_in_is_found_and_nothing_else() {
        let terms: Vec<String> = (0..3_000).map(|n| format!("term{n} of{}", n % 7)).collect();
        let entry = |n: usize| {
            let begins = n.is_multiple_of(5);
            Entry { term: (!begins).then_some(n as u32), begins }
        };
        let entries: Vec<(u64, Entry)> =
            terms.iter().enumerate().map(|(n, term)| (hash(term), entry(n))).collect();
        let bytes: Vec<u8> = table(&entries)
            .expect("hashes differ")
            .into_iter()
            .flat_map(u64::to_le_bytes)
            .collect();
        let lexicon = Lexicon::new(&bytes);
        for (n, term) in terms.iter().enumerate() {
            assert_eq!(lexicon.find(hash(term)), entry(n), "{term}");
            assert_eq!(lexicon.find(hash(&format!("{term} more"))), Entry::default());
        }
        assert_eq!(Lexicon::new(&[]).find(7), Entry::default());
    }

    #[test]
    fn equal_hashes_are_refused() {
        let entry = Entry { term: Some(1), begins: false };
        assert_eq!(table(&[(hash("a b"), entry), (hash("a b"), entry)]), None);
        assert!(table(&[(hash("a b"), entry), (hash("b a"), entry)]).is_some());
    }
}
