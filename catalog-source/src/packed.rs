//! Compressed forms of what answers are made of, for clients that take gzip.
//!
//! Each unit is a run of deflate blocks that ends at the bound of a byte, so that units
//! follow each other in one stream without compressing again. Small pieces compress badly
//! by themselves: a unit is the whole of a default answer where there is one (a schema),
//! else what always goes together (the properties of a class, a page, a flow).

use std::collections::BTreeMap;

use flate2::{Compress, Compression, Crc, FlushCompress};

use crate::compile::Tables;
use crate::crc;
use crate::schema_text::SchemaText;
use crate::store::{Run, Splice, Store, Text};

/// Shorter ones are sent as they are.
const LEAST: u32 = 512;

/// The files of compressed units by name: rows of numbers, and the compressed bytes.
#[must_use]
pub fn files(tables: &Tables) -> [(&'static str, Vec<u8>); 5] {
    let store = &tables.store;
    let mut packer = Packer::default();
    let mut schemas = Vec::new();
    for row in &tables.schemas {
        packer.add(&default_answer(&row.text, store), &mut schemas);
    }
    let mut splices = Vec::new();
    for splice in splices_of(tables) {
        splices.push(splice.0);
        packer.add(&store.spliced(splice), &mut splices);
    }
    let mut texts = Vec::new();
    let mut places: Vec<Text> = store.known_places().collect();
    places.retain(|place| place.len >= LEAST);
    places.sort();
    for place in places {
        texts.extend([place.start, place.len]);
        packer.add(store.get(place), &mut texts);
    }
    let mut runs = Vec::new();
    for run in runs_of(tables) {
        runs.extend([run.start, run.len]);
        packer.add(&joined(run, store), &mut runs);
    }
    let bytes = |numbers: Vec<u32>| numbers.into_iter().flat_map(u32::to_le_bytes).collect();
    [
        ("packed.bin", packer.bytes),
        ("packed_runs.bin", bytes(runs)),
        ("packed_schemas.bin", bytes(schemas)),
        ("packed_splices.bin", bytes(splices)),
        ("packed_texts.bin", bytes(texts)),
    ]
}

/// What `task_schema` answers without options, but for what all answers end with.
fn default_answer(schema: &SchemaText, store: &Store) -> String {
    let SchemaText { head, own, tail, outputs, definitions, end, .. } = *schema;
    [head, own, tail, outputs, definitions, end].map(|part| store.spliced(part)).concat()
}

/// Long texts in spans, but for what only default answers of schemas have.
fn splices_of(tables: &Tables) -> Vec<Splice> {
    let mut splices: Vec<Splice> = tables.definitions.iter().map(|it| it.member).collect();
    for row in &tables.schemas {
        let text = &row.text;
        splices.extend([text.own, text.inherited, text.outputs, text.definitions_all]);
        splices.extend([row.own_comments, row.inherited_comments]);
    }
    splices.extend(tables.plugin_lists);
    splices.extend(&tables.pages);
    splices.extend(tables.blueprints.iter().map(|blueprint| blueprint.flow));
    splices.retain(|splice| tables.store.spliced(*splice).len() >= LEAST as usize);
    splices.sort();
    splices.dedup();
    splices
}

/// Runs that lists are made of.
fn runs_of(tables: &Tables) -> Vec<Run> {
    let mut runs: Vec<Run> = tables.docs.iter().map(|doc| doc.children).collect();
    runs.retain(|run| run.bytes >= LEAST);
    runs.sort();
    runs.dedup();
    runs
}

fn joined(run: Run, store: &Store) -> String {
    let places = &store.lists[run.start as usize..(run.start + run.len) as usize];
    places.iter().map(|place| store.get(*place)).collect::<Vec<_>>().join(",")
}

/// Compresses each distinct text once.
#[derive(Default)]
struct Packer {
    bytes: Vec<u8>,
    known: BTreeMap<String, [u32; 5]>,
}

impl Packer {
    /// Adds the place of the compressed bytes, and of the plain ones their number, their
    /// check sum and what moves another past them.
    fn add(&mut self, text: &str, row: &mut Vec<u32>) {
        if let Some(known) = self.known.get(text) {
            return row.extend(known);
        }
        let start = self.bytes.len();
        compress(text.as_bytes(), &mut self.bytes);
        let mut crc = Crc::new();
        crc.update(text.as_bytes());
        let len = self.bytes.len() - start;
        let shift = crc::shift(text.len());
        let unit = [start as u32, len as u32, text.len() as u32, crc.sum(), shift];
        self.known.insert(text.to_owned(), unit);
        row.extend(unit);
    }
}

/// Appends `bytes` as deflate blocks that end at the bound of a byte.
fn compress(bytes: &[u8], out: &mut Vec<u8>) {
    out.reserve(bytes.len() + bytes.len() / 8 + 64);
    let mut state = Compress::new(Compression::best(), false);
    let done = state.compress_vec(bytes, out, FlushCompress::Sync);
    assert!(done.is_ok() && state.total_in() == bytes.len() as u64, "there was room for all");
}
