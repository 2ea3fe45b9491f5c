//! A reply under construction: a rope of static pieces and a few dynamic bytes.
//!
//! Nothing is copied but the dynamic bytes, and nothing is allocated as long as
//! those fit the inline buffer. What does not fit (an id of a kilobyte, the text
//! of a miss) goes to one heap buffer.

mod buf;
mod pieces;

use arrayvec::ArrayVec;

use super::catalog;
use super::records::{Run, Splice, Text};
#[cfg(feature = "gzip")]
pub use pieces::Part;
pub use pieces::Piece;

/// Spans of the longest answer of one call: the packages of 22 plugins of one repository.
const MAX_SPANS: usize = 160;
/// Ids, counts and cursors: 300 bytes were the most in the wire suite.
const SCRATCH: usize = 512;
/// Rows of the longest list that a query or a version leaves; longer ones go to the heap.
const MAX_ROWS: usize = 256;

#[derive(Clone, Copy, Debug)]
enum Span {
    Static(&'static [u8]),
    /// Bytes of `scratch`.
    Scratch {
        start: u16,
        len: u16,
    },
    /// Bytes of `owned`.
    Owned {
        start: u32,
        len: u32,
    },
    /// A text of the catalog in spans.
    Splice(Splice),
    /// Texts of a run of the list table, separated by commas.
    Run {
        start: u32,
        len: u32,
    },
    /// Texts of `rows`, separated by commas.
    Rows {
        start: u16,
        len: u16,
    },
}

/// Bytes to send, in order. Implements [`bytes::Buf`], so that it can be handed to the
/// transport as one frame.
#[derive(Debug, Default)]
pub struct Reply {
    spans: ArrayVec<Span, MAX_SPANS>,
    scratch: ArrayVec<u8, SCRATCH>,
    rows: ArrayVec<Text, MAX_ROWS>,
    owned: Vec<u8>,
    remaining: usize,
    /// Spans that are the whole default answer of a schema: the first, the one after the
    /// last, and the number of the schema.
    #[cfg(feature = "gzip")]
    whole: Option<(usize, usize, u32)>,
    /// The span being read, the element in it (twice the piece number, plus one
    /// for the comma after it), and the byte in that.
    at: (usize, u32, usize),
}

impl Reply {
    /// An empty reply.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets everything that was pushed; keeps the heap buffer.
    pub fn clear(&mut self) {
        self.spans.clear();
        self.scratch.clear();
        self.rows.clear();
        self.owned.clear();
        self.remaining = 0;
        self.at = (0, 0, 0);
        #[cfg(feature = "gzip")]
        {
            self.whole = None;
        }
    }

    /// Marks what `write` pushes, texts of the catalog only, as the whole default answer
    /// of a schema. It may be compressed as one piece.
    pub fn whole_schema(&mut self, number: u32, write: impl FnOnce(&mut Self)) {
        let first = self.spans.len();
        write(self);
        #[cfg(feature = "gzip")]
        if !self.spans.is_full() {
            self.whole = Some((first, self.spans.len(), number));
        }
        #[cfg(not(feature = "gzip"))]
        let _ = (first, number);
    }

    /// True if nothing was pushed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.remaining == 0
    }

    /// Appends bytes that live as long as the program.
    pub fn push_static(&mut self, bytes: &'static str) {
        self.push_piece(bytes.as_bytes());
    }

    /// Appends a text of the catalog.
    pub fn push_text(&mut self, text: Text) {
        self.push_piece(catalog::bytes(text));
    }

    fn push_piece(&mut self, bytes: &'static [u8]) {
        if bytes.is_empty() {
            return;
        }
        self.remaining += bytes.len();
        if self.spans.try_push(Span::Static(bytes)).is_err() {
            self.spill(bytes);
        }
    }

    /// Appends a text of the catalog that is stored in spans.
    pub fn push_splice(&mut self, splice: Splice) {
        let (bytes, spans) = catalog::spans(splice);
        if spans.is_empty() {
            return;
        }
        self.remaining += bytes as usize;
        if self.spans.try_push(Span::Splice(splice)).is_err() {
            spans.iter().for_each(|span| self.spill(catalog::span_bytes(span)));
        }
    }

    /// Appends a copy of `bytes`.
    pub fn push_bytes(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        self.remaining += bytes.len();
        let start = self.scratch.len();
        if self.owned_is_last() || self.scratch.try_extend_from_slice(bytes).is_err() {
            self.spill(bytes);
            return;
        }
        if let Some(Span::Scratch { start: first, len }) = self.spans.last_mut()
            && usize::from(*first) + usize::from(*len) == start
        {
            *len += bytes.len() as u16;
            return;
        }
        let span = Span::Scratch { start: start as u16, len: bytes.len() as u16 };
        if self.spans.try_push(span).is_err() {
            self.scratch.truncate(start);
            self.spill(bytes);
        }
    }

    /// Appends a copy of `text`.
    pub fn push_str(&mut self, text: &str) {
        self.push_bytes(text.as_bytes());
    }

    /// Appends a number in decimal.
    pub fn push_number(&mut self, number: usize) {
        let mut digits = [b'0'; 20];
        let (mut first, mut rest) = (digits.len() - 1, number);
        while rest > 9 {
            digits[first] += (rest % 10) as u8;
            rest /= 10;
            first -= 1;
        }
        digits[first] += rest as u8;
        self.push_bytes(&digits[first..]);
    }

    /// Appends the pieces of a run of the compiled list table, separated by commas.
    pub fn push_run(&mut self, run: Run) {
        if run.len == 0 {
            return;
        }
        self.remaining += run.bytes as usize + run.len as usize - 1;
        let span = Span::Run { start: run.start, len: run.len };
        if self.spans.try_push(span).is_err() {
            for n in 0..run.len {
                if n > 0 {
                    self.spill(b",");
                }
                self.spill(catalog::text(catalog::list(run.start + n)).as_bytes());
            }
        }
    }

    /// Appends one row; rows that follow each other are separated by commas.
    pub fn push_row(&mut self, row: Text) {
        let start = self.rows.len();
        if self.rows.try_push(row).is_err() {
            if self.rows_are_last() {
                self.push_static(",");
            }
            self.push_text(row);
            return;
        }
        self.remaining += row.len as usize;
        if let Some(Span::Rows { len, .. }) = self.spans.last_mut() {
            *len += 1;
            self.remaining += 1;
        } else if self.spans.try_push(Span::Rows { start: start as u16, len: 1 }).is_err() {
            self.spill(catalog::text(row).as_bytes());
        }
    }

    fn rows_are_last(&self) -> bool {
        matches!(self.spans.last(), Some(Span::Rows { .. }))
    }

    fn owned_is_last(&self) -> bool {
        matches!(self.spans.last(), Some(Span::Owned { .. }))
    }

    /// Copies to the heap. The last span is turned into a heap span if there is
    /// no room for another one.
    fn spill(&mut self, bytes: &[u8]) {
        let start = self.owned.len() as u32;
        if let Some(Span::Owned { len, .. }) = self.spans.last_mut() {
            self.owned.extend_from_slice(bytes);
            *len += bytes.len() as u32;
            return;
        }
        if self.spans.is_full() {
            // The spans are read in order, so the last one can move to the heap whole.
            let last = self.spans.len() - 1;
            let mut moved = Vec::new();
            let mut element = 0;
            while let Some(chunk) = self.element(last, element) {
                moved.extend_from_slice(chunk);
                element += 1;
            }
            self.owned.extend_from_slice(&moved);
            self.spans[last] = Span::Owned { start, len: moved.len() as u32 };
            self.spill(bytes);
            return;
        }
        self.owned.extend_from_slice(bytes);
        self.spans.push(Span::Owned { start, len: bytes.len() as u32 });
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::io::IoSlice;

    use bytes::Buf;

    use super::*;

    fn text(reply: Reply) -> String {
        String::from_utf8(reply.into_vec()).expect("pieces are UTF-8")
    }

    #[test]
    fn keeps_the_order_of_what_was_pushed() {
        let mut reply = Reply::new();
        reply.push_static("a");
        reply.push_number(1024);
        reply.push_str("b");
        reply.push_static("c");
        reply.push_number(0);
        assert_eq!(reply.remaining(), 8);
        assert_eq!(text(reply), "a1024bc0");
    }

    #[test]
    fn spills_what_does_not_fit() {
        let mut reply = Reply::new();
        let mut expected = String::new();
        for n in 0..200 {
            reply.push_static("<");
            reply.push_number(n);
            reply.push_str("xxxxxxxxxx");
            write!(expected, "<{n}xxxxxxxxxx").expect("a String takes all");
        }
        assert_eq!(reply.remaining(), expected.len());
        assert_eq!(text(reply), expected);
    }

    #[test]
    fn advances_across_spans() {
        let mut reply = Reply::new();
        reply.push_static("abc");
        reply.push_str("def");
        reply.advance(4);
        assert_eq!(reply.chunk(), b"ef");
        assert_eq!(text(reply), "ef");
    }

    #[test]
    fn a_copy_is_what_the_chunks_are() {
        for schema in &catalog::SCHEMAS {
            let mut reply = Reply::new();
            reply.push_static("[");
            reply.push_splice(schema.own);
            reply.push_number(7);
            reply.push_splice(schema.definitions_all);
            reply.push_row(schema.output_names);
            reply.push_row(schema.output_names);
            let mut copy = Vec::new();
            reply.copy_to(&mut copy);
            assert_eq!(copy.len(), reply.remaining());
            assert_eq!(copy, reply.into_vec());
        }
    }

    #[test]
    fn slices_are_the_chunks() {
        let mut reply = Reply::new();
        reply.push_static("abc");
        reply.push_str("def");
        reply.push_static("gh");
        reply.advance(1);
        let mut slices = [IoSlice::new(&[]); 8];
        let filled = reply.chunks_vectored(&mut slices);
        let parts: Vec<&[u8]> = slices[..filled].iter().map(|slice| &**slice).collect();
        assert_eq!(parts, [&b"bc"[..], b"def", b"gh"]);
        assert_eq!(reply.chunks_vectored(&mut slices[..2]), 2);
    }
}
