//! Search in the catalog of this repository answers our own questions well enough. They
//! were written without a look at the texts that are searched.
#![allow(clippy::print_stdout, reason = "the table is what a reader of a failure needs")]

use std::path::Path;

use search_report::engine::{Corpus, Engine, Switches, own_catalog};
use search_report::questions::{self, Question};
use search_report::report::{ALL, Measures, Report, measured};

/// Least MRR@10 by type and class: a little below what is reached, for texts change.
const FLOORS: &[(&str, &str, f64)] = &[
    ("plugin", ALL, 0.87),
    ("plugin", "typo", 0.80),
    ("plugin", "question", 0.78),
    ("plugin", "synonym", 0.85),
    ("doc", ALL, 0.84),
];

struct Setting {
    corpus: Corpus,
    engine: Engine,
    questions: Vec<Question>,
}

fn setting() -> Setting {
    let corpus = Corpus::read(&[own_catalog()]).expect("the catalog is right");
    let engine = corpus.index(Switches::ALL.built);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("questions.jsonl");
    let questions = questions::read(&file).expect("the questions are right");
    Setting { corpus, engine, questions }
}

impl Setting {
    fn measured(&self, switches: Switches) -> Measures {
        measured(&self.corpus, &self.engine, switches, &self.questions, |_, _, _, _| {})
    }
}

fn mrr(measures: &Measures, of: &str, class: &str) -> f64 {
    let sums = measures.get(&(of.to_owned(), class.to_owned()));
    sums.unwrap_or_else(|| panic!("no {of} question of class {class}")).means()[0]
}

#[test]
fn questions_find_what_they_ask_for() {
    let measures = setting().measured(Switches::ALL);
    println!("{}", Report(&measures));
    for (of, class, floor) in FLOORS {
        let reached = mrr(&measures, of, class);
        assert!(reached >= *floor, "MRR@10 of {of} {class} is {reached:.3}, below {floor}");
    }
    let (negative, none) = measures[&(ALL.to_owned(), ALL.to_owned())].negative;
    assert!(none * 2 >= negative, "{none} of {negative} without an answer have no hit");
}

#[test]
fn without_its_mechanisms_search_falls_below_the_floors() {
    let setting = setting();
    let mut switches = Switches::ALL;
    switches.run.slips = false;
    assert!(mrr(&setting.measured(switches), "plugin", "typo") < 0.6);
    let mut switches = Switches::ALL;
    switches.run.meaning = false;
    let (with, without) = (setting.measured(Switches::ALL), setting.measured(switches));
    let all = |measures: &Measures| mrr(measures, ALL, ALL);
    assert!(all(&with) > all(&without) + 0.01, "{} {}", all(&with), all(&without));
}

#[test]
fn questions_name_what_the_catalog_has() {
    let Setting { corpus, questions, .. } = setting();
    for question in questions {
        let source = question.source().expect("plugin or doc");
        for name in question.relevant.keys() {
            assert!(corpus.resolve(source, name).is_some(), "{}: {name} is not there", question.id);
        }
    }
}
