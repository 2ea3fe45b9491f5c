//! Findings in files: reading the files, and printing what was found.

mod human;
mod machine;

use std::collections::BinaryHeap;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use kestra_mcp::validate::{Finding, MAX_BYTES, Report, Severity, validate};

use crate::cli::{Form, ValidateOptions};

/// One file and what was found in it.
#[derive(Debug)]
pub(crate) struct Checked {
    file: String,
    text: String,
    report: Report,
}

impl Checked {
    pub(crate) fn is_valid(&self) -> bool {
        self.report.is_valid()
    }

    fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.report.findings.iter()
    }
}

/// Checks every file, or says which cannot be read.
pub(crate) fn check(line: usize, options: &ValidateOptions) -> Result<Vec<Checked>, String> {
    let mut files = Vec::new();
    for name in &options.files {
        if name == "-" {
            files.push(("<stdin>".to_owned(), text_of(io::stdin().lock(), name)?));
        } else {
            read(Path::new(name), true, &mut files)?;
        }
    }
    let check = |text: &str| match options.upgrade {
        Some((from, to)) => breaking(text, from, to),
        None => validate(text, line),
    };
    let checked =
        files.into_iter().map(|(file, text)| Checked { report: check(&text), file, text });
    Ok(checked.collect())
}

/// Adds a file, or the flows in a folder and below, in order of their names.
fn read(path: &Path, named: bool, files: &mut Vec<(String, String)>) -> Result<(), String> {
    let name = path.display().to_string();
    let failed = |error: io::Error| format!("cannot read {name}: {error}");
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(failed)?;
        let mut paths = BinaryHeap::new();
        for entry in entries {
            paths.push(entry.map_err(failed)?.path());
        }
        return paths.into_sorted_vec().iter().try_for_each(|path| read(path, false, files));
    }
    let is_yaml = path.extension().is_some_and(|it| it == "yaml" || it == "yml");
    if named || is_yaml {
        let text = text_of(fs::File::open(path).map_err(failed)?, &name)?;
        files.push((name, text));
    }
    Ok(())
}

/// Reads a little more than the validator takes, so that it can say that it is too much.
fn text_of(reader: impl Read, name: &str) -> Result<String, String> {
    let mut text = String::new();
    let mut reader = reader.take(MAX_BYTES as u64 + 4);
    match reader.read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(error) => Err(format!("cannot read {name}: {error}")),
    }
}

/// What the newer line says of a flow and the older does not.
fn breaking(text: &str, from: usize, to: usize) -> Report {
    let before = validate(text, from);
    let mut after = validate(text, to);
    let known = |finding: &Finding| {
        let same = |it: &Finding| {
            (it.at, &it.path, it.severity) == (finding.at, &finding.path, finding.severity)
        };
        before.findings.iter().any(same)
    };
    after.findings.retain(|finding| !known(finding));
    after
}

/// Prints all of them in the form that was asked for.
pub(crate) fn render(checked: &[Checked], options: &ValidateOptions) -> String {
    match options.form {
        Form::Human => human::render(checked),
        Form::Json => machine::json(checked),
        Form::Github => machine::github(checked),
        Form::Sarif => machine::sarif(checked),
    }
}

fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// The message with what may have been meant.
fn message(finding: &Finding) -> String {
    if finding.did_you_mean.is_empty() {
        return finding.message.clone();
    }
    format!("{}; did you mean {}?", finding.message, finding.did_you_mean.join(" or "))
}
