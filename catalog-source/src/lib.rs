//! Reads the sources of the catalog, checks them and compiles them into tables.
//!
//! The way of a source file into the binary, each step a module:
//! [`read`] (files to owned values, unknown members refused) ->
//! [`elements`] (facts of all lines and texts brought together, every rule across files) ->
//! [`check`] and [`spelling`] (every text is there, and as it should be) ->
//! [`compile`] (sorted tables of numbers, one store of deduplicated texts, the search index) ->
//! [`render`] (Rust source and binary files for `OUT_DIR`).
//!
//! All problems of a run are reported, each with file and line. The result depends on
//! the content of the sources alone.

pub mod check;
pub mod compile;
#[cfg(feature = "gzip")]
#[path = "../../src/model/crc.rs"]
pub mod crc;
pub mod elements;
pub mod facts;
pub mod flow;
#[path = "../../src/index/fold/mod.rs"]
pub mod fold;
pub mod json;
#[path = "../../src/index/lexicon.rs"]
pub mod lexicon;
#[path = "../../src/index/meaning.rs"]
pub mod meaning;
pub mod names;
pub mod nodes;
#[cfg(feature = "gzip")]
pub mod packed;
pub mod page;
pub mod problem;
pub mod read;
pub mod render;
pub mod rows;
pub mod schema_text;
pub mod search;
pub mod skeleton;
pub mod spelling;
mod splice;
pub mod store;
#[path = "../../src/index/tables.rs"]
pub mod tables;
pub mod texts;

pub use problem::Problem;
pub use read::Root;

/// Compiles the folders into files for `OUT_DIR`, or says everything that is wrong.
pub fn compile_catalog(roots: &[Root]) -> Result<render::Rendered, Vec<Problem>> {
    let mut problems = Vec::new();
    let sources = read::read(roots, &mut problems);
    // A file that could not be read would make a problem of everything that names it.
    if !problems.is_empty() {
        return Err(sorted(problems));
    }
    let catalog = elements::assemble(&sources, &mut problems);
    check::check(&sources, &catalog, &mut problems);
    spelling::check(&sources, &mut problems);
    let tables = compile::compile(&sources, &catalog, &mut problems);
    if problems.is_empty() { Ok(render::render(&tables)) } else { Err(sorted(problems)) }
}

fn sorted(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort();
    problems.dedup();
    problems
}
