//! The tables of a search index, as the generator writes them.

use super::meaning::{Vector, nearness};

/// An index: a dictionary of terms and their postings.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    /// The dictionary, an fst from term to number.
    pub terms: &'a [u8],
    /// First posting of each term, and the end of the last; little-endian `u32`.
    pub starts: &'a [u8],
    /// Document (17 bits), score (8), sentence (7), by document; little-endian `u32`.
    pub postings: &'a [u8],
    /// How much each term tells in each source, in sixteenths; four bytes a term.
    pub weights: &'a [u8],
    /// How much a word tells that no document of the source has.
    pub unknown: [u8; 4],
    /// First document of each source, and the end of the last.
    pub sources: [u32; 5],
    /// The word pieces that have a row, an fst from piece to number.
    pub pieces: &'a [u8],
    /// Their rows, see `meaning`.
    pub rows: &'a [u8],
    /// The vectors of all documents.
    pub vectors: &'a [u8],
}

/// What one document has of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Number of the document.
    pub document: u32,
    /// What the term is worth there.
    pub score: u8,
    /// The sentence that says it first.
    pub sentence: u8,
}

impl Posting {
    fn unpacked(packed: u32) -> Self {
        Self { document: packed >> 15, score: (packed >> 7) as u8, sentence: packed as u8 & 0x7f }
    }
}

impl<'a> Tables<'a> {
    /// Postings of a term within one source, by document.
    pub fn postings(&self, term: u32, source: usize) -> impl Iterator<Item = Posting> + use<'a> {
        let all = self.all_postings(term);
        let first = first_at_least(all, self.sources[source]);
        let end = match self.sources.get(source + 2) {
            Some(_) => first_at_least(all, self.sources[source + 1]),
            None => all.len() / 4,
        };
        let (numbers, _) = all[first * 4..end * 4].as_chunks();
        numbers.iter().map(|bytes| Posting::unpacked(u32::from_le_bytes(*bytes)))
    }

    /// The posting of a document, if it has the term.
    #[must_use]
    pub fn posting(&self, term: u32, document: u32) -> Option<Posting> {
        let all = self.all_postings(term);
        let at = first_at_least(all, document);
        let posting = (at < all.len() / 4).then(|| Posting::unpacked(number(all, at)))?;
        (posting.document == document).then_some(posting)
    }

    /// Packed postings of a term in all sources.
    fn all_postings(&self, term: u32) -> &'a [u8] {
        let start = number(self.starts, term as usize);
        let end = number(self.starts, term as usize + 1);
        &self.postings[start as usize * 4..end as usize * 4]
    }

    /// How much a term tells in a source; 0 if no document of it has the term.
    #[must_use]
    pub fn weight(&self, term: u32, source: usize) -> u8 {
        self.weights[term as usize * 4 + source]
    }

    /// How near a document is to a vector.
    #[must_use]
    pub fn nearness(&self, vector: &Vector, document: u32) -> u32 {
        nearness(vector, self.vectors, document as usize)
    }

    /// Number of documents of a source.
    #[must_use]
    pub fn len(&self, source: usize) -> usize {
        (self.sources[source + 1] - self.sources[source]) as usize
    }
}

/// Position of the first posting of a document or of one after it.
fn first_at_least(postings: &[u8], document: u32) -> usize {
    if document == 0 {
        return 0;
    }
    let (mut low, mut high) = (0, postings.len() / 4);
    while low < high {
        let middle = usize::midpoint(low, high);
        if number(postings, middle) >> 15 < document {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// Little-endian number at a position of a table of numbers.
fn number(table: &[u8], position: usize) -> u32 {
    let at = position * 4;
    u32::from_le_bytes([table[at], table[at + 1], table[at + 2], table[at + 3]])
}
