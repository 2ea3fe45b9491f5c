//! Command line of the importer: `args` says what it takes.

mod args;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use catalog_importer::assemble::Form;
use catalog_importer::client::{Client, Credentials};
use catalog_importer::date::today;
use catalog_importer::diff::{self, Drift};
use catalog_importer::failure::Failure;
use catalog_importer::import::{Options, import};
use catalog_importer::kestra::Instance;
use catalog_importer::summary::Summary;
use catalog_importer::{blueprints, docs, releases};
use clap::Parser;
use serde_json::Value;

use crate::args::{Cli, Format, OverlayTarget, Reading, Server, Source, Target};

/// All was done; `diff`: nothing differs.
const DONE: u8 = 0;
/// `diff`: something differs.
const DRIFT: u8 = 1;
/// Nothing could be done.
const FAILED: u8 = 2;
/// Something was skipped.
const INCOMPLETE: u8 = 3;

fn main() -> ExitCode {
    let result = run(Cli::parse());
    match result {
        Ok((report, code)) => {
            // A reader that went away is no failure of the run.
            let _ = io::stdout().lock().write_all(report.as_bytes());
            ExitCode::from(code)
        }
        Err(failure) => {
            let _ = writeln!(io::stderr(), "error: {failure}");
            ExitCode::from(FAILED)
        }
    }
}

/// One arm a source; answers the report and the exit code.
fn run(cli: Cli) -> Result<(String, u8), Failure> {
    match cli.source {
        Source::Kestra { server, kestra_version, reading, target } => {
            let instance = connect(&server, kestra_version.as_deref())?;
            write_instance(&instance, reading, target)
        }
        Source::Public { base, kestra_version, patience, reading, target } => {
            let client = Client::new(&base, &Credentials::None, patience.patience())?;
            write_instance(&Instance::at(client, "", &kestra_version), reading, target)
        }
        Source::Releases { base, token, patience, reading, target } => {
            let credentials = token.map_or(Credentials::None, Credentials::Token);
            let client = Client::new(&base, &credentials, patience.patience())?;
            let (target, _) = form_of(target);
            let mut summary = Summary::default();
            releases::import(&client, &reading.catalog, &target, reading.jobs, &mut summary)?;
            Ok(report(&summary))
        }
        Source::Blueprints { path, access, target: OverlayTarget::Overlay { dir } } => {
            let client = || access.client(&path);
            let tenant = access.tenant.as_deref();
            let summary = blueprints::import(&path, client, tenant, &dir, &today())?;
            Ok(report(&summary))
        }
        Source::Docs { path, target: OverlayTarget::Overlay { dir } } => {
            docs::import(&path, &dir).map(|summary| report(&summary))
        }
        Source::Diff { server, kestra_version, against, installed_only, format, jobs } => {
            let instance = connect(&server, kestra_version.as_deref())?;
            let (drift, summary) = diff::of_instance(&instance, &against, installed_only, jobs)?;
            Ok(drift_report(&drift, &summary, format))
        }
    }
}

fn connect(server: &Server, version: Option<&str>) -> Result<Instance, Failure> {
    Instance::connect(server.client()?, server.access.tenant.as_deref(), version)
}

fn write_instance(
    instance: &Instance,
    reading: Reading,
    target: Target,
) -> Result<(String, u8), Failure> {
    let (target, form) = form_of(target);
    let catalog = Some(reading.catalog);
    let options = Options { target, form, jobs: reading.jobs, catalog, date: today() };
    import(instance, &options).map(|summary| report(&summary))
}

fn form_of(target: Target) -> (PathBuf, Form) {
    match target {
        Target::Facts { dir } => (dir, Form::Facts),
        Target::Overlay { dir, fill } => (dir, Form::Overlay { fill }),
    }
}

fn report(summary: &Summary) -> (String, u8) {
    (summary.to_string(), if summary.skipped.is_empty() { DONE } else { INCOMPLETE })
}

/// What was skipped is no drift, but hides some: it is said, and drift counts first.
fn drift_report(drift: &Drift, summary: &Summary, format: Format) -> (String, u8) {
    let mut text = match format {
        Format::Json => {
            let mut report = drift.json();
            let skipped = summary.skipped.iter().map(|it| Value::from(it.to_string()));
            report["skipped"] = skipped.collect();
            format!("{report}\n")
        }
        Format::Text => drift.to_string(),
    };
    if format == Format::Text {
        for failure in &summary.skipped {
            text.push_str(&format!("skipped {failure}\n"));
        }
    }
    match (drift.is_none(), summary.skipped.is_empty()) {
        (false, _) => (text, DRIFT),
        (true, false) => (text, INCOMPLETE),
        (true, true) => (text, DONE),
    }
}
