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
/// The terms of the search index, see `index::tables`.
pub static TERMS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/terms.fst"));
/// Its postings.
pub static POSTINGS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/postings.bin"));
/// First posting of each term.
pub static STARTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/starts.bin"));
/// How much each term tells.
pub static WEIGHTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/weights.bin"));

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
