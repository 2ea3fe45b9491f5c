//! Flows with the verdicts of real Kestra servers of both lines, read in place.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kestra_mcp::model::catalog::LINE_NAMES;
use kestra_mcp::validate::{Severity, validate};
use serde_json::Value;

const CASES: &str = "../shared/kestra/validate-dev.jsonl";
const SERVERS: [(&str, &str); 2] = [("1.3.19", "1.3"), ("2.0-mix", "2.0")];

/// Counts of one kind of mistake in one line.
#[derive(Default)]
struct Tally {
    must_report: usize,
    placed: usize,
    elsewhere: usize,
    must_pass: usize,
    false_alarms: usize,
}

#[test]
fn agrees_with_real_servers() {
    let Ok(text) = fs::read_to_string(CASES) else {
        eprintln!("skipped: {CASES} is not here");
        return;
    };
    let mut tallies: BTreeMap<(String, &str), Tally> = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).expect("a line is JSON");
        for (server, line) in SERVERS {
            let kind = case["kind"].as_str().unwrap_or_default().to_owned();
            let tally = tallies.entry((kind, line)).or_default();
            judge(&case, server, line, tally, &mut wrong);
        }
    }
    wrong.iter().for_each(|it| eprintln!("{it}"));
    let sum = print(&tallies);
    assert_eq!(sum.false_alarms, 0, "a false alarm is the worst fault");
    assert!(sum.placed * 100 >= sum.must_report * 95, "too few mistakes found");
}

fn judge(case: &Value, server: &str, line: &str, tally: &mut Tally, wrong: &mut Vec<String>) {
    let number = LINE_NAMES.iter().position(|it| *it == line).expect("a line of the catalog");
    let report = validate(case["yaml"].as_str().expect("a flow"), number);
    let label = case["kestra"][server]["label"].as_str().unwrap_or_default();
    let errors: Vec<String> = report
        .of(Severity::Error)
        .map(|it| format!("{}:{} {} {}", it.at.line, it.at.column, it.path, it.message))
        .collect();
    let mut note = |what: &str| {
        let (id, planted) = (&case["id"], &case["line"]);
        let said = errors.join("; ");
        wrong.push(format!("{what} {line} {id} line {planted} {}: {said}", case["path"]));
    };
    match label {
        "valid" | "accepted" => {
            tally.must_pass += 1;
            if !errors.is_empty() {
                tally.false_alarms += 1;
                note("FALSE ALARM");
            }
        }
        "must_report" => {
            tally.must_report += 1;
            let planted = case["line"].as_u64();
            if report.of(Severity::Error).any(|it| Some(u64::from(it.at.line)) == planted) {
                tally.placed += 1;
            } else if errors.is_empty() {
                note("MISSED");
            } else {
                tally.elsewhere += 1;
                note("ELSEWHERE");
            }
        }
        "refused" if errors.is_empty() => note("missed (refused)"),
        _ => {}
    }
}

fn print(tallies: &BTreeMap<(String, &str), Tally>) -> Tally {
    let mut sum = Tally::default();
    eprintln!("{:34} line  placed elsewhere of   alarms of", "kind");
    for ((kind, line), it) in tallies {
        eprintln!(
            "{kind:34} {line}  {:6} {:9} {:4} {:6} {:4}",
            it.placed, it.elsewhere, it.must_report, it.false_alarms, it.must_pass
        );
        sum.placed += it.placed;
        sum.elsewhere += it.elsewhere;
        sum.must_report += it.must_report;
        sum.false_alarms += it.false_alarms;
        sum.must_pass += it.must_pass;
    }
    eprintln!(
        "all: {} of {} placed, {} elsewhere; {} false alarms in {}",
        sum.placed, sum.must_report, sum.elsewhere, sum.false_alarms, sum.must_pass
    );
    sum
}

#[test]
fn the_blueprints_and_examples_pass() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog-source");
    let mut wrong = Vec::new();
    let mut count = 0;
    for folder in ["blueprints", "examples"] {
        let files = fs::read_dir(root.join(folder)).expect("the folder is part of the repository");
        for file in files {
            let path = file.expect("a readable entry").path();
            let text = fs::read_to_string(&path).expect("a readable file");
            let front = text.strip_prefix("---\n").and_then(|it| it.split_once("\n---\n"));
            let flow = front.map_or(&*text, |(_, flow)| flow);
            let older = front.is_some_and(|(front, _)| front.contains("kestra: \"1.3\""))
                || text.contains("core.condition")
                || text.contains("flow.ForEach");
            let line = usize::from(older);
            count += 1;
            for error in validate(flow, line).of(Severity::Error) {
                wrong.push(format!("{}: {error:?}", path.display()));
            }
        }
    }
    assert!(count > 100, "{count} flows found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn public_flows_raise_few_alarms() {
    let Ok(text) = fs::read_to_string("../shared/kestra/blueprints.jsonl") else {
        eprintln!("skipped: the public blueprints are not here");
        return;
    };
    let (mut all, mut alarms) = (0, 0);
    for line in text.lines() {
        let blueprint: Value = serde_json::from_str(line).expect("a line is JSON");
        if blueprint["kind"] != "flow" {
            continue;
        }
        let Some(flow) = ["flow", "yaml", "source"].iter().find_map(|it| blueprint[it].as_str())
        else {
            continue;
        };
        all += 1;
        // They were written over years: each fits at least one of the lines.
        let reports: Vec<_> = (0..LINE_NAMES.len()).map(|line| validate(flow, line)).collect();
        if reports.iter().all(|it| !it.is_valid()) {
            alarms += 1;
            for error in reports[LINE_NAMES.len() - 1].of(Severity::Error) {
                eprintln!(
                    "{}: {} {} {}",
                    blueprint["id"], error.at.line, error.path, error.message
                );
            }
        }
    }
    eprintln!("{alarms} of {all} public flows have an error in every line");
}
