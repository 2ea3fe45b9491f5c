//! Vectors of documents: `search/vectors/`, see `meaning`.

use super::documents::Document;
use crate::fold::{Word, words};
use crate::meaning::{BYTES, DIMENSIONS, Pieces, packed};

/// How much of a document's prior its vector keeps; the rest is in its scores.
const PRIOR: f64 = 0.3;

/// Word pieces and their rows.
#[derive(Clone, Debug)]
pub struct WordRows {
    /// An fst from piece to number of its row.
    pub(super) pieces: Vec<u8>,
    /// A signed byte for each number of each row.
    pub(super) rows: Vec<u8>,
}

impl Default for WordRows {
    fn default() -> Self {
        let pieces = fst::MapBuilder::memory().into_inner().expect("memory does not fail");
        Self { pieces, rows: Vec::new() }
    }
}

impl WordRows {
    /// Pieces, one a line and sorted, and their rows in the same order.
    ///
    /// # Errors
    ///
    /// The line and the reason if they are not.
    pub fn read(pieces: &str, rows: Vec<u8>) -> Result<Self, (usize, String)> {
        let mut names = fst::MapBuilder::memory();
        let mut count = 0;
        for (number, piece) in pieces.lines().enumerate() {
            let inserted = names.insert(piece, number as u64);
            inserted.map_err(|_| (number + 1, format!("`{piece}` is not sorted: run make.py")))?;
            count += 1;
        }
        if rows.len() != count * DIMENSIONS {
            let bytes = rows.len();
            let what = format!(
                "{count} pieces need {} bytes in rows.bin, which has {bytes}: run make.py",
                count * DIMENSIONS
            );
            return Err((0, what));
        }
        let pieces = names.into_inner().expect("memory does not fail");
        Ok(Self { pieces, rows })
    }

    /// The vectors of all documents, one after the other.
    #[must_use]
    pub(super) fn vectors(&self, documents: &[Vec<Document>; 4]) -> Vec<u8> {
        let pieces = Pieces::new(&self.pieces, &self.rows);
        let documents = documents.iter().flatten();
        documents.flat_map(|document| vector(&pieces, document)).collect()
    }
}

fn vector(pieces: &Pieces<'_>, document: &Document) -> [u8; BYTES] {
    let mut found: Vec<Word> = Vec::new();
    words(&document.about, |word| found.push(word));
    let vector = pieces.vector(found.iter()).unwrap_or([0; DIMENSIONS]);
    let worth = document.prior.powf(PRIOR);
    packed(&vector.map(|number| (f64::from(number) * worth).round() as i16))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pieces: &str, rows: usize, expected: &str) {
        let error = WordRows::read(pieces, vec![0; rows * DIMENSIONS]).expect_err("it is wrong");
        assert_eq!(format!("{}: {}", error.0, error.1), expected);
    }

    #[test]
    fn pieces_and_rows_must_fit() {
        check("a\nb\n", 1, "0: 2 pieces need 128 bytes in rows.bin, which has 64: run make.py");
        check("b\na\n", 2, "2: `a` is not sorted: run make.py");
        check("a\na\n", 2, "2: `a` is not sorted: run make.py");
    }
}
