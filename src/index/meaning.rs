//! Meaning: a short vector for each text, so that words that mean something like each
//! other meet although no letter is the same.
//!
//! The vector of a text is the sum of the rows of its words. The generator works out a row
//! for each term of the dictionary and for other words of the language from word pieces,
//! which were distilled from a sentence model, see `catalog-source/search/vectors`; here are
//! only tables and whole numbers. The generator mounts this file too (`#[path]`).

/// Numbers of a vector.
pub const DIMENSIONS: usize = 64;
/// Length of the vector of a document, so that a byte would hold each number.
pub const LENGTH: u32 = 127;
/// Bytes of the packed vector of a document.
pub const BYTES: usize = 2 * DIMENSIONS;
/// Bytes of a row: a factor, then the numbers, of four bits each: the lower half of a byte
/// is one of the first half of the row, the upper half one of the second.
pub const ROW_BYTES: usize = 1 + DIMENSIONS / 2;
/// Largest factor of a row. Some twenty words of the greatest rows fit in a sum.
pub const MAX_FACTOR: u8 = 100;

/// A number of four bits in steps: -15, -13 and so on to 15. No step is 0, so that as many are
/// on each side.
const fn steps(bits: u8) -> i16 {
    2 * bits as i16 - 15
}

/// Rows, one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a>(&'a [[u8; ROW_BYTES]]);

impl<'a> Rows<'a> {
    /// The rows in these bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes.as_chunks().0)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What some words mean: the sum of their rows. Two bytes a number are what processors
/// multiply and add in one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum([i16; DIMENSIONS]);

impl Default for Sum {
    fn default() -> Self {
        Self([0; DIMENSIONS])
    }
}

impl Sum {
    /// Adds a row.
    pub fn add(&mut self, rows: &Rows<'_>, row: usize) {
        let Some([factor, bytes @ ..]) = rows.0.get(row) else { return };
        let factor = i16::from(*factor);
        let (first, second) = self.0.split_at_mut(DIMENSIONS / 2);
        for ((first, second), byte) in first.iter_mut().zip(second).zip(bytes) {
            *first = first.saturating_add(steps(byte & 15) * factor);
            *second = second.saturating_add(steps(byte >> 4) * factor);
        }
    }

    /// Adds the mean of some rows: of words of which one is meant.
    pub fn add_mean(&mut self, rows: &Rows<'_>, of: impl ExactSizeIterator<Item = usize>) {
        let count = i32::try_from(of.len()).unwrap_or(i32::MAX);
        let Some(part) = 65_536_i32.checked_div(count) else { return };
        let mut sum = Self::default();
        of.for_each(|row| sum.add(rows, row));
        for (number, sum) in self.0.iter_mut().zip(sum.0) {
            *number = number.saturating_add(((i32::from(sum) * part) >> 16) as i16);
        }
    }

    /// Its length, rounded down.
    fn length(&self) -> u32 {
        let squares = self.0.as_chunks::<2>().0.iter().map(|[a, b]| {
            let (a, b) = (i32::from(*a), i32::from(*b));
            // At most 2^31.
            u64::from((a * a).wrapping_add(b * b).cast_unsigned())
        });
        squares.sum::<u64>().isqrt() as u32
    }
}

/// What a query means.
#[derive(Clone, Copy, Debug)]
pub struct Meaning {
    sum: Sum,
    /// What the product with a vector is multiplied by, before 32 bits are cut, so that the
    /// sum has the length of a vector.
    inverse: i64,
}

impl Meaning {
    /// That of a sum; `None` if nothing was added.
    #[must_use]
    pub fn new(sum: Sum) -> Option<Self> {
        let inverse = (i64::from(LENGTH) << 32).checked_div(sum.length().into())?;
        Some(Self { sum, inverse })
    }

    /// How near a vector is: at most about 127 times 127, and not less than 0.
    #[must_use]
    pub fn nearness(&self, vector: &[u8; BYTES]) -> u32 {
        // The product is at most the product of the lengths, so nothing runs over.
        let product = i64::from(product(&self.sum.0, vector).max(0));
        ((product * self.inverse) >> 32) as u32
    }
}

/// The vectors of documents, one after the other.
#[must_use]
pub fn vectors(bytes: &[u8]) -> &[[u8; BYTES]] {
    bytes.as_chunks().0
}

/// A vector as it stands in a table: little-endian.
#[must_use]
pub fn packed(vector: &[i16; DIMENSIONS]) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    for (bytes, number) in bytes.chunks_exact_mut(2).zip(vector) {
        bytes.copy_from_slice(&number.to_le_bytes());
    }
    bytes
}

/// The inner product. Written so that eight numbers are multiplied and added in pairs at
/// once (`pmaddwd`, which every x86-64 has): 40 instructions, or 155 to 285 in other forms.
fn product(vector: &[i16; DIMENSIONS], other: &[u8; BYTES]) -> i32 {
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

    /// Rows of one factor and of the steps -15 and 15: a row begins with some of the latter.
    fn rows(rows: &[(u8, usize)]) -> Vec<u8> {
        let row = |(factor, positive): &(u8, usize)| {
            let bit = |at: usize| if at < *positive { 15 } else { 0 };
            let half = DIMENSIONS / 2;
            let bytes = (0..half).map(|at| bit(at) | bit(half + at) << 4);
            [*factor].into_iter().chain(bytes).collect::<Vec<u8>>()
        };
        rows.iter().flat_map(row).collect()
    }

    fn sum(bytes: &[u8], of: &[usize]) -> Sum {
        let mut sum = Sum::default();
        of.iter().for_each(|row| sum.add(&Rows::new(bytes), *row));
        sum
    }

    #[test]
    fn a_sum_is_that_of_rows() {
        let bytes = rows(&[(2, 64), (1, 40), (0, 0)]);
        let mut sum = Sum::default();
        sum.add(&Rows::new(&bytes), 0);
        sum.add(&Rows::new(&bytes), 1);
        assert_eq!((sum.0[39], sum.0[40]), (45, 15));
        sum.add_mean(&Rows::new(&bytes), [0, 2].into_iter());
        assert_eq!((sum.0[39], sum.0[40]), (60, 30));
        sum.add(&Rows::new(&bytes), 3);
        assert_eq!((sum.0[39], sum.0[40]), (60, 30), "there is no such row");
    }

    #[test]
    fn sums_stay_in_their_range() {
        let bytes = rows(&[(MAX_FACTOR, 64)]);
        assert_eq!(sum(&bytes, &[0; 40]).0, [i16::MAX; DIMENSIONS]);
    }

    #[test]
    fn nothing_means_nothing() {
        assert!(Meaning::new(Sum::default()).is_none());
    }

    #[test]
    fn nearness_is_that_of_directions() {
        let bytes = rows(&[(1, 64), (50, 64), (3, 32), (3, 0)]);
        // Of length 127 or a little more.
        let vector =
            |positive| packed(&std::array::from_fn(|at| if at < positive { 16 } else { -16 }));
        let near = |of: &[usize]| {
            let meaning = Meaning::new(sum(&bytes, of)).expect("rows are not zero");
            [64, 32, 0].map(|positive| meaning.nearness(&vector(positive)))
        };
        assert_eq!(near(&[0]), [127 * 128 - 1, 0, 0]);
        assert_eq!(near(&[1]), near(&[0]));
        assert_eq!(near(&[2]), [0, 127 * 128 - 1, 0]);
        assert_eq!(near(&[3]), [0, 0, 127 * 128 - 1]);
    }
}
