//! `cargo run --release -p search-report -- QUESTIONS [--overlay FOLDER] [--each] [--without]`
//!
//! Prints MRR@10, nDCG@10 and recall@10 for each type and class of question.
#![allow(clippy::print_stdout, reason = "a report")]

use std::path::PathBuf;
use std::process::ExitCode;

use search_report::engine::{Corpus, Engine, Switches, own_catalog};
use search_report::questions::{self, Question};
use search_report::report::{Report, measured};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// What the command line asks for.
#[derive(Default)]
struct Asked {
    questions: PathBuf,
    folders: Vec<PathBuf>,
    /// Print every question and what was found.
    each: bool,
    /// Leave out one mechanism after the other.
    without: bool,
}

fn run() -> Result<(), String> {
    let asked = arguments()?;
    let questions = questions::read(&asked.questions)?;
    let corpus = Corpus::read(&asked.folders)?;
    let engine = corpus.index(Switches::ALL.built);
    println!("index: {} bytes, meaning {}", engine.bytes(), engine.meaning_bytes());
    table(&corpus, &engine, &questions, asked.each);
    if asked.without {
        println!();
        leave_out(&corpus, &questions);
    }
    Ok(())
}

fn arguments() -> Result<Asked, String> {
    let mut asked = Asked { folders: vec![own_catalog()], ..Asked::default() };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--each" => asked.each = true,
            "--without" => asked.without = true,
            "--overlay" => match arguments.next() {
                Some(folder) => asked.folders.push(folder.into()),
                None => return Err("--overlay needs a folder".to_owned()),
            },
            file => asked.questions = PathBuf::from(file),
        }
    }
    if asked.questions.as_os_str().is_empty() {
        return Err("usage: search-report QUESTIONS.jsonl [--overlay FOLDER] [--each] [--without]"
            .to_owned());
    }
    Ok(asked)
}

fn table(corpus: &Corpus, engine: &Engine, questions: &[Question], print: bool) {
    let sums =
        measured(corpus, engine, Switches::ALL, questions, |question, own, found, relevant| {
            if print {
                println!("{} {:.2} {}", question.id, own.means()[0], question.query);
                if let Some(source) = question.source() {
                    let run = Switches::ALL.run;
                    for line in engine.explained(source, &question.query, run) {
                        println!("       {line}");
                    }
                }
                for (name, score) in found.iter().take(5) {
                    let grade = relevant.get(*name).copied().unwrap_or(0);
                    println!("     {grade} {score:5} {name}");
                }
            }
        });
    print!("{}", Report(&sums));
}

fn leave_out(corpus: &Corpus, questions: &[Question]) {
    println!("| without | plugin MRR@10 | nDCG@10 | typos MRR@10 | doc MRR@10 | no hit |");
    println!("|---|---|---|---|---|---|");
    for (name, change) in CHANGES {
        let mut switches = Switches::ALL;
        change(&mut switches);
        let engine = corpus.index(switches.built);
        let all = measured(corpus, &engine, switches, questions, |_, _, _, _| {});
        let of = |of: &str, class: &str| {
            all.get(&(of.to_owned(), class.to_owned())).copied().unwrap_or_default()
        };
        let [mrr, ndcg, _] = of("plugin", "~all").means();
        let [typos, ..] = of("plugin", "typo").means();
        let [docs, ..] = of("doc", "~all").means();
        let (negative, none) = of("plugin", "~all").negative;
        println!("| {name} | {mrr:.3} | {ndcg:.3} | {typos:.3} | {docs:.3} | {none}/{negative} |");
    }
}

/// Switches something off.
type Change = fn(&mut Switches);

/// Every mechanism and how it is switched off.
const CHANGES: &[(&str, Change)] = &[
    ("nothing", |_| {}),
    ("synonyms", |it| it.built.synonyms = false),
    ("search words of the texts", |it| it.built.words = false),
    ("priors", |it| it.built.priors = false),
    ("phrases", |it| it.run.phrases = false),
    ("split and joined words", |it| it.run.splits = false),
    ("prefixes", |it| it.run.prefixes = false),
    ("slips", |it| it.run.slips = false),
    ("kinds", |it| it.run.kinds = false),
    ("coverage", |it| it.run.coverage = false),
    ("threshold", |it| it.run.threshold = false),
    ("meaning", |it| it.run.meaning = false),
];
