//! The command that checks flows in files.

use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Command};
use kestra_mcp::model::catalog::LINE_NAMES;
use kestra_mcp::tools::line_of;

/// What to check and how to say it.
#[derive(Debug)]
pub(crate) struct ValidateOptions {
    /// Files and folders; `-` is stdin.
    pub(crate) files: Vec<String>,
    pub(crate) form: Form,
    /// Ask what breaks by moving from one line to another.
    pub(crate) upgrade: Option<(usize, usize)>,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// For people and editors: `file:line:column: error: ...`, the line, a caret.
    Human,
    /// One JSON object.
    Json,
    /// Annotations of GitHub Actions.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

const FORMS: [(&str, Form); 4] = [
    ("human", Form::Human),
    ("json", Form::Json),
    ("github", Form::Github),
    ("sarif", Form::Sarif),
];

impl ValidateOptions {
    pub(super) fn read(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let form = matches.get_one::<String>("format").map_or("human", String::as_str);
        let form = FORMS.iter().find(|(name, _)| *name == form);
        let line = |name: &str| match matches.get_one::<String>(name) {
            Some(version) => line_of(version).map(Some).ok_or_else(|| no_line(name, version)),
            None => Ok(None),
        };
        Ok(Self {
            files: matches.get_many("file").into_iter().flatten().cloned().collect(),
            form: form.map_or(Form::Human, |(_, form)| *form),
            upgrade: line("from")?.zip(line("to")?),
        })
    }
}

fn no_line(option: &str, version: &str) -> clap::Error {
    let lines = LINE_NAMES.join(" or ");
    let text = format!("no catalog for --{option} {version}: use {lines}, or a version of it\n");
    clap::Error::raw(ErrorKind::InvalidValue, text)
}

pub(super) fn command() -> Command {
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    Command::new("validate")
        .about("Check flows in files, as a Kestra server would when they are saved")
        .after_help(EXAMPLES)
        .args([
            Arg::new("file")
                .required(true)
                .num_args(1..)
                .value_name("FILE")
                .help("Files; folders are searched for .yaml and .yml; - is stdin"),
            option("format", "FORMAT", "How to print what was found")
                .value_parser(FORMS.map(|(name, _)| name))
                .default_value("human"),
            option("from", "VERSION", "With --to: list what breaks by moving from this Kestra")
                .requires("to"),
            option("to", "VERSION", "With --from: the Kestra to move to").requires("from"),
        ])
}

const EXAMPLES: &str = "\
Examples:
  kestra-mcp validate flows/                       check every flow of a folder
  kestra-mcp validate --kestra 1.3 flow.yaml       as Kestra 1.3 would
  kestra-mcp validate --format github flows/       annotate a pull request
  kestra-mcp validate --from 1.3 --to 2.0 flows/   what to change before an upgrade

Exit codes: 0 no errors, 1 errors in a flow, 2 wrong usage or a file that cannot be read.";
