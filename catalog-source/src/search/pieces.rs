//! Word pieces and their rows: `search/vectors/`.

use std::collections::BTreeMap;

use crate::meaning::DIMENSIONS;

/// What marks a piece that goes on with a word.
const INSIDE: &str = "#";

/// Word pieces, each with a row of numbers.
#[derive(Clone, Debug, Default)]
pub struct Pieces {
    /// From piece to number of its row.
    names: BTreeMap<String, usize>,
    /// A signed byte for each number of each row.
    rows: Vec<u8>,
}

/// Sum of rows.
pub(super) type Sum = [f64; DIMENSIONS];

impl Pieces {
    /// Pieces, one a line and sorted, and their rows in the same order.
    ///
    /// # Errors
    ///
    /// The line and the reason if they are not.
    pub fn read(pieces: &str, rows: Vec<u8>) -> Result<Self, (usize, String)> {
        let mut names = BTreeMap::new();
        for (number, piece) in pieces.lines().enumerate() {
            if names.last_key_value().is_some_and(|(last, _): (&String, _)| last.as_str() >= piece)
            {
                return Err((number + 1, format!("`{piece}` is not sorted: run make.py")));
            }
            names.insert(piece.to_owned(), number);
        }
        if rows.len() != names.len() * DIMENSIONS {
            let (count, bytes) = (names.len(), rows.len());
            let what = format!(
                "{count} pieces need {} bytes in rows.bin, which has {bytes}: run make.py",
                count * DIMENSIONS
            );
            return Err((0, what));
        }
        Ok(Self { names, rows })
    }

    /// The pieces that are whole words.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str).filter(|name| !name.starts_with(INSIDE))
    }

    /// The sum of the rows of a word's pieces, each the longest that matches; `None` if
    /// there is none. What comes after letters that no piece has is left out.
    pub(super) fn sum(&self, word: &str) -> Option<Sum> {
        let mut sum = None;
        let mut start = 0;
        while let Some((row, length)) = self.longest(start > 0, &word[start..]) {
            let row = &self.rows[row * DIMENSIONS..][..DIMENSIONS];
            let sum = sum.get_or_insert([0.0; DIMENSIONS]);
            sum.iter_mut().zip(row).for_each(|(sum, it)| *sum += f64::from(it.cast_signed()));
            start += length;
        }
        sum
    }

    /// The longest piece that letters begin with: its row and how many bytes it has.
    fn longest(&self, inside: bool, letters: &str) -> Option<(usize, usize)> {
        let mark = if inside { INSIDE } else { "" };
        let ends = letters.char_indices().map(|(at, letter)| at + letter.len_utf8());
        ends.rev().find_map(|end| {
            let row = self.names.get(&format!("{mark}{}", &letters[..end]))?;
            Some((*row, end))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_error(pieces: &str, rows: usize, expected: &str) {
        let error = Pieces::read(pieces, vec![0; rows * DIMENSIONS]).expect_err("it is wrong");
        assert_eq!(format!("{}: {}", error.0, error.1), expected);
    }

    #[test]
    fn pieces_and_rows_must_fit() {
        let expected = "0: 2 pieces need 128 bytes in rows.bin, which has 64: run make.py";
        check_error("a\nb\n", 1, expected);
        check_error("b\na\n", 2, "2: `a` is not sorted: run make.py");
        check_error("a\na\n", 2, "2: `a` is not sorted: run make.py");
    }

    /// Each piece has one number that is not zero, 100.
    #[track_caller]
    fn check(word: &str, expected: &[f64]) {
        let names = "#er\n#ing\ncast\nform\nforms\n";
        let mut rows = vec![0; 5 * DIMENSIONS];
        (0..5).for_each(|number| rows[number * DIMENSIONS + number] = 100);
        let pieces = Pieces::read(names, rows).expect("they fit");
        let sum = pieces.sum(word).unwrap_or([0.0; DIMENSIONS]);
        assert_eq!(sum[..5], *expected, "{word}");
    }

    #[test]
    fn a_word_is_the_sum_of_its_longest_pieces() {
        check("cast", &[0.0, 0.0, 100.0, 0.0, 0.0]);
        check("caster", &[100.0, 0.0, 100.0, 0.0, 0.0]);
        check("forms", &[0.0, 0.0, 0.0, 0.0, 100.0]);
        check("forming", &[0.0, 100.0, 0.0, 100.0, 0.0]);
    }

    #[test]
    fn pieces_that_are_not_known_end_a_word() {
        check("castxer", &[0.0, 0.0, 100.0, 0.0, 0.0]);
        check("xcast", &[0.0; 5]);
        check("ing", &[0.0; 5]);
        check("été", &[0.0; 5]);
    }
}
