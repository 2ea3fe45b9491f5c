//! One folded word, in an array.

use super::{is_mark, unaccented};

/// Longest word that is looked at, in bytes; longer ones are cut.
pub const MAX_WORD: usize = 32;

/// A folded word: lower case, without accents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    /// Zeros after its end, so that words are compared and hashed eight bytes at a time.
    bytes: [u8; MAX_WORD],
    len: u8,
}

impl Word {
    /// The word of a text that is folded already.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut word = Self::default();
        text.chars().for_each(|char| word.push(char));
        word
    }

    /// The word of some letters of one that is folded already, all of them ASCII.
    #[must_use]
    pub fn of_ascii(letters: &[u8]) -> Self {
        let mut word = Self::default();
        letters.iter().for_each(|letter| {
            word.push_byte(*letter);
        });
        word
    }

    /// The word of a text of letters and digits, folded.
    #[must_use]
    pub fn new_folded(text: &str) -> Self {
        let mut word = Self::default();
        let letters = text.chars().flat_map(char::to_lowercase).filter(|char| !is_mark(*char));
        letters.for_each(|char| word.push(unaccented(char)));
        word
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only whole characters are pushed, so this is always UTF-8.
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// Its text, without the check that makes it a `str`.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// True if there is no letter.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn push(&mut self, char: char) {
        if char.is_ascii() {
            self.push_byte(char as u8);
            return;
        }
        let len = usize::from(self.len);
        let end = len + char.len_utf8();
        if end <= MAX_WORD {
            char.encode_utf8(&mut self.bytes[len..end]);
            self.len = end as u8;
        }
    }

    /// Adds a byte of a term. False if it does not fit.
    pub fn push_byte(&mut self, byte: u8) -> bool {
        let len = usize::from(self.len);
        if len == MAX_WORD {
            return false;
        }
        self.bytes[len] = byte;
        self.len += 1;
        true
    }

    /// The two words in one.
    #[must_use]
    pub fn with(mut self, next: &Self) -> Self {
        let (len, more) = (usize::from(self.len), usize::from(next.len));
        if len + more <= MAX_WORD {
            self.bytes[len..len + more].copy_from_slice(next.as_bytes());
            self.len += next.len;
        } else {
            next.as_str().chars().for_each(|char| self.push(char));
        }
        self
    }

    /// Cuts the word to its first `len` bytes.
    pub fn truncate(&mut self, len: usize) {
        let end = usize::from(self.len);
        if len < end {
            self.bytes[len..end].fill(0);
            self.len = len as u8;
        }
    }

    /// Puts a letter of ASCII in the place of one.
    pub(super) fn replace(&mut self, at: usize, letter: u8) {
        self.bytes[at] = letter;
    }

    /// A number that tells words apart; 40 bits and more of it do. Every eight bytes take a
    /// multiplication, after which the upper bits depend on all of them.
    #[must_use]
    pub fn hash(&self) -> u64 {
        let used = usize::from(self.len).div_ceil(8);
        let parts = self.bytes.as_chunks().0.iter().take(used);
        parts.fold(0, |hash, part| mixed(hash, u64::from_le_bytes(*part)))
    }
}

/// The hash of a term of several words, from that of its beginning and that of the next
/// word.
#[must_use]
pub fn followed(hash: u64, next: u64) -> u64 {
    mixed(hash.rotate_left(7), next)
}

/// Folds eight bytes into a hash. The multiplier is that of `FxHash`, whose product is folded
/// here, so that the lower bits too depend on all that came before.
fn mixed(hash: u64, part: u64) -> u64 {
    let product = (hash ^ part).wrapping_mul(0xf135_7aea_2e62_a9c5);
    product ^ product >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_equal_by_their_letters_alone() {
        let mut cut = Word::new("caches");
        cut.truncate(4);
        assert_eq!(cut, Word::new("cach"));
        assert_ne!(cut, Word::new("cash"));
    }
}
