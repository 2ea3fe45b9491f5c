//! For people and editors.

use std::fmt::Write;

use super::{Checked, message, name};
use kestra_mcp::validate::Severity;

/// Longest part of a source line that is shown.
const WIDTH: usize = 160;

/// `file:line:column: error: message`, the line, a caret; a sum at the end.
pub(super) fn render(checked: &[Checked]) -> String {
    let mut out = String::new();
    for it in checked {
        for finding in it.findings() {
            let (line, column) = (finding.at.line, finding.at.column);
            let kind = name(finding.severity);
            let text = message(finding);
            writeln!(out, "{}:{line}:{column}: {kind}: {text}", it.file).expect(TAKES_ALL);
            let source = it.text.lines().nth(line as usize - 1).unwrap_or_default();
            let source: String = source.chars().take(WIDTH).map(visible).collect();
            let column = (column as usize).min(WIDTH);
            writeln!(out, "{line:5} | {source}\n      | {:>column$}", '^').expect(TAKES_ALL);
        }
        if it.report.dropped > 0 {
            writeln!(out, "{}: {} more", it.file, it.report.dropped).expect(TAKES_ALL);
        }
    }
    let count = |severity| checked.iter().flat_map(|it| it.report.of(severity)).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    writeln!(
        out,
        "{}: {}, {}",
        many(checked.len(), "flow"),
        many(errors, "error"),
        many(warnings, "warning")
    )
    .expect(TAKES_ALL);
    out
}

const TAKES_ALL: &str = "a String takes all";

fn many(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// A tab would shift the caret, a control character the terminal.
fn visible(char: char) -> char {
    if char.is_control() { ' ' } else { char }
}
