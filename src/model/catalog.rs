//! The compiled catalog: tables that `build.rs` wrote, and how to read them.

use super::records::{
    Blueprint, Definition, Doc, Element, Group, How, Kind, KindList, Name, Plugin, Release,
    Repository, Run, Schema, Splice, Text,
};

pub use generated::*;

#[allow(clippy::pedantic, reason = "generated")]
mod generated {
    use super::{
        Blueprint, Definition, Doc, Element, Group, How, Kind, KindList, Name, Plugin, Release,
        Repository, Run, Schema, Splice, Text,
    };

    const fn t(start: u32, len: u32) -> Text {
        Text { start, len }
    }

    const fn r(start: u32, len: u32, bytes: u32) -> Run {
        Run { start, len, bytes }
    }

    const fn s(position: u32) -> Splice {
        Splice(position)
    }

    include!(concat!(env!("OUT_DIR"), "/catalog.rs"));
}

static TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/text.txt"));
static LISTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lists.bin"));
static SPLICES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/splices.bin"));
/// The terms of the search index, see `index::tables`.
pub static TERMS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/terms.fst"));
/// The same as a hash table.
pub static LEXICON: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.bin"));
/// Its postings.
pub static POSTINGS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/postings.bin"));
/// First posting of each term.
pub static STARTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/starts.bin"));
/// How much each term tells.
pub static WEIGHTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/weights.bin"));

/// Words beside the terms that have a row, see `index::meaning`.
pub static OTHERS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/others.bin"));
/// The rows of terms and of other words.
pub static ROWS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rows.bin"));
/// The vectors of what is searched.
pub static VECTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/vectors.bin"));

/// The text at a place.
#[must_use]
pub fn text(place: Text) -> &'static str {
    &TEXT[place.start as usize..(place.start + place.len) as usize]
}

/// The same as bytes: where they are only copied, nobody need look whether characters
/// begin and end there.
#[must_use]
pub fn bytes(place: Text) -> &'static [u8] {
    &TEXT.as_bytes()[place.start as usize..(place.start + place.len) as usize]
}

/// Where bytes of the text store begin in it, `None` if they are of elsewhere.
#[cfg(feature = "gzip")]
#[must_use]
pub fn place_of(bytes: &'static [u8]) -> Option<u32> {
    let start = bytes.as_ptr().addr().checked_sub(TEXT.as_ptr().addr())?;
    (start + bytes.len() <= TEXT.len()).then_some(start as u32)
}

/// Five bytes of the tables of places: where a text or span begins, and its length.
type Place = [u8; 5];

fn place(bytes: &Place) -> Text {
    let [low, middle, high, len @ ..] = *bytes;
    let start = u32::from_le_bytes([low, middle, high, 0]);
    Text { start, len: u16::from_le_bytes(len).into() }
}

/// An entry of the list table.
#[must_use]
pub fn list(position: u32) -> Text {
    place(&LISTS.as_chunks().0[position as usize])
}

/// The entries of a run.
pub fn entries(run: Run) -> impl ExactSizeIterator<Item = Text> {
    let all = &LISTS.as_chunks().0[run.start as usize..(run.start + run.len) as usize];
    all.iter().map(place)
}

/// Bytes of a text in spans, and the spans of it.
#[must_use]
pub fn spans(splice: Splice) -> (u32, &'static [Place]) {
    let all = SPLICES.as_chunks().0;
    let first = splice.0 as usize;
    let Text { start: bytes, len: count } = place(&all[first]);
    (bytes, &all[first + 1..][..count as usize])
}

/// What a span names.
#[must_use]
pub fn span_bytes(span: &Place) -> &'static [u8] {
    bytes(place(span))
}

/// The rows that belong to an entry of another table.
#[must_use]
pub fn rows<T>(table: &'static [T], (first, count): super::records::Rows) -> &'static [T] {
    &table[first as usize..(first + count) as usize]
}
