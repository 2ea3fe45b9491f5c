//! A reply read as a [`Buf`]: piece by piece, without copying.

use std::io::IoSlice;

use bytes::Buf;

use super::{Reply, Span};
use crate::model::catalog;
use crate::model::records::Text;

impl Reply {
    /// The whole reply as one string of bytes, for tests and for the command line.
    #[must_use]
    pub fn into_vec(mut self) -> Vec<u8> {
        let mut all = Vec::with_capacity(self.remaining);
        while self.has_remaining() {
            let chunk = self.chunk();
            all.extend_from_slice(chunk);
            let len = chunk.len();
            self.advance(len);
        }
        all
    }

    /// The bytes of one element of a span, or `None` past its end.
    pub(super) fn element(&self, span: usize, element: u32) -> Option<&[u8]> {
        match *self.spans.get(span)? {
            Span::Static(bytes) => (element == 0).then_some(bytes),
            Span::Splice(splice) => {
                catalog::spans(splice).1.get(element as usize).map(catalog::span_bytes)
            }
            Span::Scratch { start, len } => {
                let start = usize::from(start);
                (element == 0).then(|| &self.scratch[start..start + usize::from(len)])
            }
            Span::Owned { start, len } => {
                let start = start as usize;
                (element == 0).then(|| &self.owned[start..start + len as usize])
            }
            Span::Run { start, len } => joined(element, len, |n| catalog::list(start + n)),
            Span::Rows { start, len } => {
                joined(element, u32::from(len), |n| self.rows[usize::from(start) + n as usize])
            }
        }
    }
}

impl Buf for Reply {
    fn remaining(&self) -> usize {
        self.remaining
    }

    fn chunk(&self) -> &[u8] {
        let (span, element, byte) = self.at;
        self.element(span, element).map_or(&[], |bytes| &bytes[byte..])
    }

    /// Fills `slices` from where reading stands, so that one system call sends many spans.
    fn chunks_vectored<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let (mut span, mut element, mut byte) = self.at;
        let mut filled = 0;
        while filled < slices.len() && span < self.spans.len() {
            if let Some(bytes) = self.element(span, element) {
                if byte < bytes.len() {
                    slices[filled] = IoSlice::new(&bytes[byte..]);
                    filled += 1;
                }
                element += 1;
            } else {
                (span, element) = (span + 1, 0);
            }
            byte = 0;
        }
        filled
    }

    fn advance(&mut self, mut count: usize) {
        assert!(count <= self.remaining, "advanced past the end of a reply");
        self.remaining -= count;
        loop {
            let (span, element, byte) = self.at;
            match self.element(span, element) {
                Some(bytes) if byte + count < bytes.len() => {
                    self.at.2 = byte + count;
                    return;
                }
                Some(bytes) => {
                    count -= bytes.len() - byte;
                    self.at = (span, element + 1, 0);
                }
                None if span < self.spans.len() => self.at = (span + 1, 0, 0),
                None => return,
            }
        }
    }
}

/// Element `element` of `len` texts with commas between them.
fn joined(element: u32, len: u32, text: impl Fn(u32) -> Text) -> Option<&'static [u8]> {
    if element + 1 >= 2 * len {
        return None;
    }
    Some(if element.is_multiple_of(2) { catalog::bytes(text(element / 2)) } else { b"," })
}
