//! Command line of the importer: `args` says what it takes.

mod args;

use std::io::{self, Write};
use std::process::ExitCode;

use catalog_importer::assemble::Form;
use catalog_importer::date::today;
use catalog_importer::failure::Failure;
use catalog_importer::import::{Options, import};
use catalog_importer::kestra::Instance;
use catalog_importer::summary::Summary;
use clap::Parser;

use crate::args::{Cli, Source, Target};

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
            ExitCode::from(2)
        }
    }
}

/// One arm a source; answers the report and the exit code.
fn run(cli: Cli) -> Result<(String, u8), Failure> {
    match cli.source {
        Source::Kestra { server, kestra_version, reading, target } => {
            let tenant = server.access.tenant.as_deref();
            let instance = Instance::connect(server.client()?, tenant, kestra_version.as_deref())?;
            let (target, form) = form_of(target);
            let catalog = Some(reading.catalog);
            let options = Options { target, form, jobs: reading.jobs, catalog, date: today() };
            import(&instance, &options).map(|summary| report(&summary))
        }
    }
}

fn form_of(target: Target) -> (std::path::PathBuf, Form) {
    match target {
        Target::Facts { dir } => (dir, Form::Facts),
        Target::Overlay { dir, fill } => (dir, Form::Overlay { fill }),
    }
}

fn report(summary: &Summary) -> (String, u8) {
    (summary.to_string(), if summary.skipped.is_empty() { 0 } else { 3 })
}
