//! Meaning: a short vector for each text, so that words that mean something like each
//! other meet although no letter is the same.
//!
//! The vector of a text is the sum of the rows of its word pieces. The rows were distilled
//! from a sentence model, see `catalog-source/search/vectors`; here are only tables and
//! whole numbers. The generator mounts this file too (`#[path]`), for both sides must take
//! a text for the same.

use fst::raw::{Fst, Output};

use super::fold::Word;

/// Numbers of a vector.
pub const DIMENSIONS: usize = 64;
/// Length of a vector.
const LENGTH: i64 = 127;
/// Bytes of a packed vector.
pub const BYTES: usize = 2 * DIMENSIONS;
/// What marks a piece that goes on with a word.
const INSIDE: u8 = b'#';

/// A direction, with a length of about 127, so that a byte holds each number. Two bytes
/// are what processors multiply and add in one step.
pub type Vector = [i16; DIMENSIONS];

/// The word pieces that have a row.
pub struct Pieces<'a> {
    /// From piece to number of its row.
    names: Fst<&'a [u8]>,
    /// A signed byte for each number of each row.
    rows: &'a [u8],
}

impl<'a> Pieces<'a> {
    /// The pieces of an fst, and their rows.
    #[must_use]
    pub fn new(names: &'a [u8], rows: &'a [u8]) -> Self {
        let names = Fst::new(names).expect("the generator wrote the fst; tests verify it");
        Self { names, rows }
    }

    /// The vector of some words; `None` if no piece of them has a row.
    #[must_use]
    pub fn vector<'w>(&self, words: impl Iterator<Item = &'w Word>) -> Option<Vector> {
        let mut sum = [0; DIMENSIONS];
        words.for_each(|word| self.add(word.as_bytes(), &mut sum));
        direction(&sum)
    }

    /// Adds the rows of a word's pieces, each the longest that matches. What comes after
    /// letters that no piece has is left out.
    fn add(&self, word: &[u8], sum: &mut [i32; DIMENSIONS]) {
        let mut start = 0;
        while let Some((row, length)) = self.longest(start > 0, &word[start..]) {
            let row = &self.rows[row * DIMENSIONS..][..DIMENSIONS];
            for (sum, number) in sum.iter_mut().zip(row) {
                *sum += i32::from(number.cast_signed());
            }
            start += length;
        }
    }

    /// The longest piece that letters begin with: its row and how many letters it has.
    fn longest(&self, inside: bool, letters: &[u8]) -> Option<(usize, usize)> {
        let mut node = self.names.root();
        let mut output = Output::zero();
        let mut longest = None;
        let mark = inside.then_some(&INSIDE);
        for (read, letter) in mark.into_iter().chain(letters).enumerate() {
            let Some(at) = node.find_input(*letter) else { break };
            let transition = node.transition(at);
            output = output.cat(transition.out);
            node = self.names.node(transition.addr);
            let length = read + 1 - usize::from(inside);
            if node.is_final() && length > 0 {
                longest = Some((output.cat(node.final_output()).value() as usize, length));
            }
        }
        longest
    }
}

/// The direction of a sum.
fn direction(sum: &[i32; DIMENSIONS]) -> Option<Vector> {
    let squares: u64 = sum.iter().map(|it| u64::from(it.unsigned_abs()).pow(2)).sum();
    // One division for all numbers, none of which is greater than the divisor.
    let inverse = (LENGTH << 32).checked_div(squares.isqrt().cast_signed())?;
    let scaled = |it: i32| (i64::from(it) * inverse + (1 << 31)) >> 32;
    Some(sum.map(|it| scaled(it).clamp(-LENGTH, LENGTH) as i16))
}

/// A vector as it stands in a table: little-endian.
#[must_use]
pub fn packed(vector: &Vector) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    for (bytes, number) in bytes.chunks_exact_mut(2).zip(vector) {
        bytes.copy_from_slice(&number.to_le_bytes());
    }
    bytes
}

/// How near two vectors are: at most about 127 times 127, and not less than 0. `vectors`
/// holds one after the other, packed.
#[must_use]
pub fn nearness(vector: &Vector, vectors: &[u8], at: usize) -> u32 {
    let other = vectors[at * BYTES..].first_chunk().expect("each document has a vector");
    product(vector, other).max(0).unsigned_abs()
}

/// The inner product. Written so that eight numbers are multiplied and added in pairs at
/// once (`pmaddwd`, which every x86-64 has): 40 instructions, or 155 to 285 in other forms,
/// and not inlined, where the compiler finds yet another.
#[inline(never)]
fn product(vector: &Vector, other: &[u8; BYTES]) -> i32 {
    let mut sums = [0; 4];
    for (a, b) in vector.as_chunks::<8>().0.iter().zip(other.as_chunks::<16>().0) {
        let b = |at: usize| i32::from(i16::from_le_bytes([b[2 * at], b[2 * at + 1]]));
        for at in 0..4 {
            sums[at] += i32::from(a[2 * at]) * b(2 * at) + i32::from(a[2 * at + 1]) * b(2 * at + 1);
        }
    }
    sums.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pieces whose rows have one number that is not zero.
    fn tables(pieces: &[&str]) -> (Vec<u8>, Vec<u8>) {
        let mut names = fst::MapBuilder::memory();
        let mut rows = vec![0; pieces.len() * DIMENSIONS];
        for (number, piece) in pieces.iter().enumerate() {
            names.insert(piece, number as u64).expect("sorted");
            rows[number * DIMENSIONS + number] = 100;
        }
        (names.into_inner().expect("memory"), rows)
    }

    #[track_caller]
    fn check(text: &str, expected: &[i16]) {
        let (names, rows) = tables(&["#er", "#ing", "cast", "form", "forms"]);
        let word = Word::new(text);
        let vector = Pieces::new(&names, &rows).vector([word].iter());
        let vector = vector.unwrap_or([0; DIMENSIONS]);
        assert_eq!(&vector[..expected.len()], expected);
        assert!(vector[expected.len()..].iter().all(|it| *it == 0));
    }

    #[test]
    fn a_word_is_the_sum_of_its_longest_pieces() {
        check("cast", &[0, 0, 127]);
        check("caster", &[90, 0, 90]);
        check("forms", &[0, 0, 0, 0, 127]);
        check("forming", &[0, 90, 0, 90]);
    }

    #[test]
    fn pieces_that_are_not_known_end_a_word() {
        check("castxer", &[0, 0, 127]);
        check("xcast", &[]);
        check("ing", &[]);
        check("été", &[]);
    }

    #[test]
    fn nearness_is_that_of_directions() {
        let (names, rows) = tables(&["a", "b"]);
        let pieces = Pieces::new(&names, &rows);
        let vector = |words: &[&str]| {
            let words: Vec<Word> = words.iter().map(|word| Word::new(word)).collect();
            pieces.vector(words.iter()).expect("known")
        };
        let others: Vec<u8> = [["a", "a"], ["a", "b"], ["b", "b"]]
            .iter()
            .flat_map(|words| packed(&vector(words)))
            .collect();
        let near = |at| nearness(&vector(&["a"]), &others, at);
        assert_eq!([near(0), near(1), near(2)], [127 * 127, 127 * 90, 0]);
    }
}
