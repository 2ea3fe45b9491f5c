//! `cargo run --release [-- ROUNDS]`: how long searches take on the real catalog and on one
//! of 100,000 classes, beside tantivy in the same run.
//!
//! Each time is that of a whole search from its text to the first ten hits and the number
//! of all. Only ratios of one run mean anything on a machine that is not quiet.

mod queries;
mod rival;
mod synthetic;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use catalog_source::search::Document;
use queries::KINDS;
use rival::Rival;
use search_report::engine::{Corpus, Engine, Switches, own_catalog};

/// Classes of the synthetic catalog.
const MANY: usize = 100_000;
const ROUNDS: usize = 200;
/// The source that is searched: classes.
const ELEMENTS: usize = 0;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let rounds = match std::env::args().nth(1) {
        Some(rounds) => rounds.parse().map_err(|_| "usage: search-bench [ROUNDS]".to_owned())?,
        None => ROUNDS,
    };
    let corpus = Corpus::read(&[own_catalog()])?;
    let mut documents = corpus.documents();
    println!("| catalog | query | ours p50 | p90 | tantivy p50 | p90 | p50, ours is 1 |");
    println!("|---|---|---|---|---|---|---|");
    let real = measure("real", &corpus.index_of(&documents), &documents[ELEMENTS], rounds)?;
    documents[ELEMENTS] = synthetic::grown(&documents[ELEMENTS], MANY);
    let many = measure("100,000", &corpus.index_of(&documents), &documents[ELEMENTS], rounds / 4)?;
    println!();
    for ((kind, _), (real, many)) in KINDS.iter().zip(real.iter().zip(&many)) {
        println!("{kind}: {:.1} times as long on 100,000 classes as on the real ones", many / real);
    }
    Ok(())
}

/// Prints a row for each kind of query; returns our medians in microseconds.
fn measure(
    name: &str,
    engine: &Engine,
    documents: &[Document],
    rounds: usize,
) -> Result<Vec<f64>, String> {
    eprintln!("{name}: {} classes, our index has {} bytes", documents.len(), engine.bytes());
    let mut rival = Rival::new(documents).map_err(|error| error.to_string())?;
    let mut medians = Vec::new();
    for (kind, texts) in KINDS {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..rounds.max(1) {
            for text in *texts {
                ours.push(timed(|| engine.search(ELEMENTS, text, Switches::ALL.run)));
                rival.forgive(text, *kind == "a slip");
                theirs.push(timed(|| rival.search(text)));
            }
        }
        let [p50, p90] = percentiles(&mut ours);
        let [rival50, rival90] = percentiles(&mut theirs);
        let ratio = rival50 / p50;
        println!(
            "| {name} | {kind} | {p50:.1} us | {p90:.1} | {rival50:.1} us | {rival90:.1} | {ratio:.1} |"
        );
        medians.push(p50);
    }
    Ok(medians)
}

/// Microseconds that something takes.
fn timed<T>(work: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    black_box(work());
    start.elapsed().as_secs_f64() * 1e6
}

fn percentiles(times: &mut [f64]) -> [f64; 2] {
    times.sort_unstable_by(f64::total_cmp);
    [times[times.len() / 2], times[times.len() * 9 / 10]]
}
