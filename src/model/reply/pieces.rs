//! A reply handed on in as few pieces as the places of texts allow.

use super::{Reply, Span};
use crate::model::catalog;
#[cfg(feature = "gzip")]
use crate::model::packed;
use crate::model::records::{Run, Text};

/// A part of a reply, compressed if it can be.
#[cfg(feature = "gzip")]
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// Compressed.
    Unit(packed::Unit),
    /// Bytes as they are.
    Plain(&'a [u8]),
}

/// A part of a reply.
#[derive(Clone, Copy, Debug)]
pub enum Piece<'a> {
    /// Lives as long as the program.
    Static(&'static [u8]),
    /// Lives as long as the reply.
    Own(&'a [u8]),
}

impl Reply {
    /// Hands the whole reply, from its beginning, to `take`: in as few pieces as the places
    /// of texts allow.
    pub fn pieces(&self, mut take: impl FnMut(Piece<'_>)) {
        for (number, span) in self.spans.iter().enumerate() {
            let mut fixed = |bytes| take(Piece::Static(bytes));
            match *span {
                Span::Static(bytes) => fixed(bytes),
                Span::Splice(splice) => {
                    catalog::spans(splice).1.iter().for_each(|it| fixed(catalog::span_bytes(it)));
                }
                Span::Run { start, len } => {
                    join(catalog::entries(Run { start, len, bytes: 0 }), &mut fixed);
                }
                Span::Rows { start, len } => {
                    let rows = &self.rows[usize::from(start)..][..usize::from(len)];
                    join(rows.iter().copied(), &mut fixed);
                }
                Span::Scratch { .. } | Span::Owned { .. } => {
                    take(Piece::Own(self.element(number, 0).unwrap_or_default()));
                }
            }
        }
    }

    /// Hands the whole reply, from its beginning, to `take`: in compressed units where
    /// there are any.
    #[cfg(feature = "gzip")]
    pub fn parts<'a>(&'a self, mut take: impl FnMut(Part<'a>)) {
        let mut number = 0;
        while number < self.spans.len() {
            if let Some((first, end, schema)) = self.whole
                && first == number
                && let Some(unit) = packed::schema(schema)
            {
                take(Part::Unit(unit));
                number = end;
                continue;
            }
            self.part(number, &mut take);
            number += 1;
        }
    }

    #[cfg(feature = "gzip")]
    fn part<'a>(&'a self, number: usize, take: &mut impl FnMut(Part<'a>)) {
        let mut fixed = |bytes| {
            take(packed::text(bytes).map_or(Part::Plain(bytes), Part::Unit));
        };
        match self.spans[number] {
            Span::Static(bytes) => fixed(bytes),
            Span::Splice(splice) => match packed::splice(splice) {
                Some(unit) => take(Part::Unit(unit)),
                None => {
                    catalog::spans(splice).1.iter().for_each(|it| fixed(catalog::span_bytes(it)));
                }
            },
            Span::Run { start, len } => {
                let run = Run { start, len, bytes: 0 };
                match packed::run(run) {
                    Some(unit) => take(Part::Unit(unit)),
                    None => join(catalog::entries(run), &mut fixed),
                }
            }
            Span::Rows { start, len } => {
                let rows = &self.rows[usize::from(start)..][..usize::from(len)];
                join(rows.iter().copied(), &mut fixed);
            }
            Span::Scratch { .. } | Span::Owned { .. } => {
                take(Part::Plain(self.element(number, 0).unwrap_or_default()));
            }
        }
    }

    /// Appends the whole reply to `out`, from its beginning.
    pub fn copy_to(&self, out: &mut Vec<u8>) {
        out.reserve(self.remaining);
        self.pieces(|piece| match piece {
            Piece::Static(bytes) | Piece::Own(bytes) => out.extend_from_slice(bytes),
        });
    }
}

/// Hands on texts with commas between them. Those that are stored one after the other,
/// commas included, are one piece.
fn join(mut texts: impl Iterator<Item = Text>, take: &mut impl FnMut(&'static [u8])) {
    let Some(mut piece) = texts.next() else { return };
    for text in texts {
        let end = piece.start + piece.len;
        let comma = Text { start: end, len: 1 };
        if text.start == end + 1 && catalog::bytes(comma) == b"," {
            piece.len += 1 + text.len;
        } else {
            take(catalog::bytes(piece));
            take(b",");
            piece = text;
        }
    }
    take(catalog::bytes(piece));
}
