//! For programs.

use std::fmt::Write;

use kestra_mcp::validate::{Finding, Severity};
use serde_json::{Value, json};

use super::{Checked, message, name};

/// One object with every file.
pub(super) fn json(checked: &[Checked]) -> String {
    let files: Vec<Value> = checked.iter().map(file).collect();
    format!("{}\n", json!({"valid": checked.iter().all(Checked::is_valid), "files": files}))
}

fn file(checked: &Checked) -> Value {
    let of = |severity| checked.report.of(severity).map(row).collect::<Vec<_>>();
    json!({
        "file": checked.file,
        "valid": checked.is_valid(),
        "errors": of(Severity::Error),
        "warnings": of(Severity::Warning),
    })
}

fn row(finding: &Finding) -> Value {
    let mut row = json!({
        "line": finding.at.line,
        "column": finding.at.column,
        "path": finding.path,
        "message": finding.message,
    });
    if !finding.did_you_mean.is_empty() {
        row["didYouMean"] = json!(finding.did_you_mean);
    }
    row
}

/// Workflow commands, one a line.
pub(super) fn github(checked: &[Checked]) -> String {
    let mut out = String::new();
    for it in checked {
        let file = it.file.replace('%', "%25").replace(':', "%3A").replace(',', "%2C");
        for finding in it.findings() {
            let text =
                message(finding).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
            let (line, column, kind) = (finding.at.line, finding.at.column, name(finding.severity));
            writeln!(out, "::{kind} file={file},line={line},col={column}::{text}")
                .expect("a String takes all");
        }
    }
    out
}

/// A SARIF log with one run.
pub(super) fn sarif(checked: &[Checked]) -> String {
    let results: Vec<Value> = checked
        .iter()
        .flat_map(|it| it.findings().map(|finding| result(&it.file, finding)))
        .collect();
    let log = json!({
        "version": "2.1.0",
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "runs": [{
            "tool": {"driver": {
                "name": "kestra-mcp",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": [{"id": "flow", "shortDescription": {"text": "A Kestra flow is valid"}}],
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log}\n")
}

fn result(file: &str, finding: &Finding) -> Value {
    json!({
        "ruleId": "flow",
        "level": name(finding.severity),
        "message": {"text": message(finding)},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": file.replace('\\', "/").replace(' ', "%20")},
            "region": {"startLine": finding.at.line, "startColumn": finding.at.column},
        }}],
    })
}
