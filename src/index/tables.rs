//! The tables of a search index, as the generator writes them.

use super::lexicon::Lexicon;
use super::meaning::Rows;

/// An index: a dictionary of terms and their postings.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    /// The dictionary, an fst from term to number.
    pub terms: &'a [u8],
    /// The same as a hash table, see `lexicon`.
    pub lexicon: Lexicon<'a>,
    /// Where the postings of each term in each source start, and the end of the last;
    /// little-endian `u32`.
    pub starts: &'a [u8],
    /// Document of the source (17 bits), score (8), sentence (7), by document; little-endian
    /// `u32`. Those of a term that [`is_common`] are followed by its scores in all documents,
    /// a byte each.
    pub postings: &'a [u8],
    /// How much each term tells in each source, in sixteenths; four bytes a term.
    pub weights: &'a [u8],
    /// How much a word tells that no document of the source has.
    pub unknown: [u8; 4],
    /// First document of each source, and the end of the last.
    pub sources: [u32; 5],
    /// The row of each term and those of other words, see `meaning`.
    pub rows: Rows<'a>,
    /// Numbers of the rows of other words.
    pub others: Lexicon<'a>,
    /// The vectors of all documents.
    pub vectors: &'a [u8],
}

/// What one document has of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Number of the document in its source.
    pub document: u32,
    /// What the term is worth there.
    pub score: u8,
    /// The sentence that says it first.
    pub sentence: u8,
}

impl Posting {
    fn unpacked(bytes: [u8; 4]) -> Self {
        let packed = u32::from_le_bytes(bytes);
        Self { document: packed >> 15, score: (packed >> 7) as u8, sentence: packed as u8 & 0x7f }
    }
}

/// The postings of a term in one source.
#[derive(Clone, Copy, Debug)]
pub struct Postings<'a> {
    packed: &'a [[u8; 4]],
    /// The scores in all documents, 0 where the term is not, of a term that [`is_common`].
    pub scores: Option<&'a [u8]>,
}

impl<'a> Postings<'a> {
    /// One after the other, by document.
    pub fn iter(&self) -> impl Iterator<Item = Posting> + use<'a> {
        self.packed.iter().map(|bytes| Posting::unpacked(*bytes))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.packed.len()
    }

    /// True if there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.packed.is_empty()
    }

    /// That of a document, if it has the term.
    #[must_use]
    pub fn of(&self, document: u32) -> Option<Posting> {
        let before = |bytes: &[u8; 4]| Posting::unpacked(*bytes).document < document;
        let posting = Posting::unpacked(*self.packed.get(self.packed.partition_point(before))?);
        (posting.document == document).then_some(posting)
    }
}

/// Whether a term that `with` of `count` documents have has a table of its scores in all of
/// them. It is at most as long as its postings.
#[must_use]
pub fn is_common(with: usize, count: usize) -> bool {
    with * COMMON >= count
}

/// One document in so many has a common term.
const COMMON: usize = 4;

impl<'a> Tables<'a> {
    /// Postings of a term within one source.
    #[must_use]
    pub fn postings(&self, term: u32, source: usize) -> Postings<'a> {
        let at = term as usize * 4 + source;
        let range = number(self.starts, at) as usize..number(self.starts, at + 1) as usize;
        let (packed, _) = self.postings[range.start * 4..range.end * 4].as_chunks();
        let documents = self.len(source);
        // The table alone is longer than the postings of any term without one.
        if documents == 0 || !is_common(packed.len(), documents) {
            return Postings { packed, scores: None };
        }
        let (packed, scores) = packed.split_at(packed.len() - documents.div_ceil(4));
        Postings { packed, scores: scores.as_flattened().get(..documents) }
    }

    /// How much a term tells in a source; 0 if no document of it has the term.
    #[must_use]
    pub fn weight(&self, term: u32, source: usize) -> u8 {
        self.weights[term as usize * 4 + source]
    }

    /// Number of documents of a source.
    #[must_use]
    pub fn len(&self, source: usize) -> usize {
        (self.sources[source + 1] - self.sources[source]) as usize
    }
}

/// Little-endian number at a position of a table of numbers.
fn number(table: &[u8], position: usize) -> u32 {
    let at = position * 4;
    u32::from_le_bytes([table[at], table[at + 1], table[at + 2], table[at + 3]])
}
