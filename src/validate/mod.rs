//! Checks a flow against the catalog, as Kestra itself would when the flow is saved.
//!
//! An error is what Kestra refuses; a warning is what it takes, but what will not work
//! or is on its way out. On what the catalog cannot prove, nothing is said.

mod check;
mod class;
mod expression;
mod flow;
mod inputs;
mod report;
mod suggest;
mod syntax;
mod text;
mod tree;

pub use report::{Finding, Report, Severity};
pub use suggest::successors_first;
pub use tree::Place;
use tree::Tree;

/// Longest flow that is read.
pub const MAX_BYTES: usize = 1 << 20;

/// Checks a flow, YAML or JSON, against a line: a position in
/// [`crate::model::catalog::LINE_NAMES`].
#[must_use]
pub fn validate(flow: &str, line: usize) -> Report {
    read(flow, line, false)
}

/// Checks a part of a flow: a value whose `type` names a class, or a list of such.
#[must_use]
pub fn validate_part(part: &str, line: usize) -> Report {
    read(part, line, true)
}

fn read(flow: &str, line: usize, part: bool) -> Report {
    let mut report = Report::default();
    let start = Place { line: 1, column: 1 };
    let mut say = |severity, at, message: String| {
        let (path, did_you_mean) = (String::new(), Vec::new());
        report.push(Finding { severity, at, path, message, did_you_mean });
    };
    if flow.len() > MAX_BYTES {
        let what = format!("the flow has {} bytes, {MAX_BYTES} at most are read", flow.len());
        say(Severity::Error, start, what);
        return report;
    }
    let flow = flow.strip_prefix('\u{feff}').unwrap_or(flow);
    match Tree::read(flow) {
        Ok(Some((tree, root))) if part => {
            check::Checker::new(&tree, line, &mut report).part(root);
        }
        Ok(Some((tree, root))) => {
            if let Some(more) = tree.more {
                let what = "only the first document is read: put each flow into its own file";
                say(Severity::Warning, more, what.to_owned());
            }
            check::Checker::new(&tree, line, &mut report).flow(root);
        }
        Ok(None) => {
            say(
                Severity::Error,
                start,
                "the flow is empty: it needs id, namespace and tasks".into(),
            );
        }
        Err(error) => {
            let severity = if error.passes { Severity::Warning } else { Severity::Error };
            say(severity, error.at, error.what);
        }
    }
    report
}
