//! Compressed forms of what answers are made of: runs of deflate blocks that end at the
//! bound of a byte, as the generator wrote them.

use super::catalog;
use super::records::{Run, Splice};

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/packed.bin"));
static SCHEMAS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/packed_schemas.bin"));
static TEXTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/packed_texts.bin"));
static SPLICES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/packed_splices.bin"));
static RUNS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/packed_runs.bin"));

/// Bytes of the numbers of a unit.
const ROW: usize = 20;
/// Shorter texts have no compressed form.
const LEAST: usize = 512;

/// The compressed form of a part of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Unit {
    /// Deflate blocks, none of them the last.
    pub bytes: &'static [u8],
    /// How many bytes it is when it is unpacked.
    pub plain: usize,
    /// The check sum of the plain bytes.
    pub crc: u32,
    /// What moves another check sum past them.
    pub shift: u32,
}

/// What `task_schema` answers for a schema without options.
#[must_use]
pub fn schema(number: u32) -> Option<Unit> {
    SCHEMAS.as_chunks::<ROW>().0.get(number as usize).map(unit)
}

/// A text of the store, by its bytes.
#[must_use]
pub fn text(bytes: &'static [u8]) -> Option<Unit> {
    if bytes.len() < LEAST {
        return None;
    }
    let start = catalog::place_of(bytes)?;
    find::<2, { 8 + ROW }>(TEXTS, [start, bytes.len() as u32])
}

/// The entries of a run, with commas between them.
#[must_use]
pub fn run(run: Run) -> Option<Unit> {
    find::<2, { 8 + ROW }>(RUNS, [run.start, run.len])
}

/// A text in spans.
#[must_use]
pub fn splice(splice: Splice) -> Option<Unit> {
    find::<1, { 4 + ROW }>(SPLICES, [splice.0])
}

/// The unit of a table, the rows of which begin with the numbers that they are found by.
fn find<const KEYS: usize, const BYTES: usize>(
    table: &'static [u8],
    key: [u32; KEYS],
) -> Option<Unit> {
    let rows = table.as_chunks::<BYTES>().0;
    let at = rows.binary_search_by_key(&key, |row| std::array::from_fn(|n| number(row, n))).ok()?;
    rows[at].last_chunk().map(unit)
}

fn unit(row: &[u8; ROW]) -> Unit {
    let (start, len) = (number(row, 0) as usize, number(row, 1) as usize);
    Unit {
        bytes: &BYTES[start..start + len],
        plain: number(row, 2) as usize,
        crc: number(row, 3),
        shift: number(row, 4),
    }
}

fn number(row: &[u8], position: usize) -> u32 {
    let bytes = row.get(position * 4..).and_then(<[u8]>::first_chunk);
    u32::from_le_bytes(*bytes.expect("rows hold whole numbers"))
}
