//! The compiled catalog: tables that `build.rs` wrote, and how to read them.

use super::records::{
    Blueprint, Doc, Element, Group, How, Kind, KindList, Name, Plugin, Release, Repository, Run,
    Schema, Text,
};

pub use generated::*;

#[allow(clippy::pedantic, reason = "generated")]
mod generated {
    use super::{
        Blueprint, Doc, Element, Group, How, Kind, KindList, Name, Plugin, Release, Repository,
        Run, Schema, Text,
    };

    const fn t(start: u32, len: u32) -> Text {
        Text { start, len }
    }

    const fn r(start: u32, len: u32, bytes: u32) -> Run {
        Run { start, len, bytes }
    }

    include!(concat!(env!("OUT_DIR"), "/catalog.rs"));
}

static TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/text.txt"));
static LISTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lists.bin"));
static TERMS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/terms.fst"));
static POSTINGS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/postings.bin"));
static STARTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/starts.bin"));

/// The text at a place.
#[must_use]
pub fn text(place: Text) -> &'static str {
    &TEXT[place.start as usize..(place.start + place.len) as usize]
}

/// An entry of the list table.
#[must_use]
pub fn list(position: u32) -> Text {
    Text { start: number(LISTS, 2 * position), len: number(LISTS, 2 * position + 1) }
}

/// The entries of a run.
pub fn entries(run: Run) -> impl ExactSizeIterator<Item = Text> {
    (run.start..run.start + run.len).map(list)
}

/// The terms of the search index: an fst from term to number.
#[must_use]
pub fn terms() -> &'static [u8] {
    TERMS
}

/// Positions of the postings of a term.
#[must_use]
pub fn postings(term: u32) -> std::ops::Range<u32> {
    number(STARTS, term)..number(STARTS, term + 1)
}

/// One posting: document (16 bits), score (8), sentence (8).
#[must_use]
pub fn posting(position: u32) -> u32 {
    number(POSTINGS, position)
}

/// Little-endian number at a position of a table of numbers.
fn number(table: &[u8], position: u32) -> u32 {
    let at = position as usize * 4;
    let bytes = [table[at], table[at + 1], table[at + 2], table[at + 3]];
    u32::from_le_bytes(bytes)
}

/// The rows that belong to an entry of another table.
#[must_use]
pub fn rows<T>(table: &'static [T], (first, count): super::records::Rows) -> &'static [T] {
    &table[first as usize..(first + count) as usize]
}
