//! The command line: what can be typed, and what it means.

mod serve;
mod tool;
mod validate;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Arg, ArgMatches};
use clap_complete::Shell;
use kestra_mcp::model::catalog;
use kestra_mcp::protocol::manifest::COUNTS;
use kestra_mcp::tools::{Context, TOOLS, Tool, line_of};
use tracing::level_filters::LevelFilter;

pub(crate) use serve::ServeOptions;
pub(crate) use validate::{Form, ValidateOptions};

/// What was typed.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) command: Command,
    pub(crate) log: LevelFilter,
    pub(crate) context: Context,
}

/// What to do.
#[derive(Debug)]
pub(crate) enum Command {
    Serve(ServeOptions),
    Stdio,
    Catalog,
    /// Call a tool with arguments, a JSON object.
    Tool(&'static Tool, String),
    /// Explain a search with arguments, a JSON object.
    Explain(String),
    /// Check files.
    Validate(ValidateOptions),
    Completions(Shell),
}

/// Why there is nothing more to do.
#[derive(Debug)]
pub(crate) struct Ended(clap::Error);

impl Ended {
    /// Prints help in full and an error in one line.
    pub(crate) fn report(&self) -> ExitCode {
        let help = [ErrorKind::DisplayHelp, ErrorKind::DisplayVersion];
        if help.contains(&self.0.kind()) {
            // A closed pipe (`--help | head`) is no failure.
            let _ = self.0.print();
            return ExitCode::SUCCESS;
        }
        let text = self.0.render().to_string();
        let first: Vec<&str> =
            text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
        let first = first.join(" ");
        let error = first.strip_prefix("error: ").unwrap_or(&first);
        crate::say(format_args!("kestra-mcp: {error}; see kestra-mcp --help"));
        ExitCode::from(2)
    }
}

/// Reads what was typed.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, Ended> {
    read(arguments).map_err(Ended)
}

fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, clap::Error> {
    let matches = command().try_get_matches_from(arguments)?;
    let command = match matches.subcommand() {
        None => Command::Serve(ServeOptions::read(&matches, None)),
        Some(("serve", inner)) => Command::Serve(ServeOptions::read(&matches, Some(inner))),
        Some((name, inner)) => {
            serve::refuse_options(&matches, name)?;
            other(name, inner)?
        }
    };
    let log = *matches.get_one("log").expect("it has a default");
    let context = context(&matches, &command)?;
    Ok(Arguments { command, log, context })
}

/// What `--kestra` sets for the whole program. A tool that takes a version itself has
/// got it among its arguments.
fn context(matches: &ArgMatches, command: &Command) -> Result<Context, clap::Error> {
    let version = matches.get_one::<String>("kestra");
    let takes_it = |tool: &Tool| tool.parameters.iter().any(|parameter| parameter.name == "kestra");
    let version = version.filter(|_| !matches!(command, Command::Tool(tool, _) if takes_it(tool)));
    let Some(version) = version else {
        return Ok(Context::default());
    };
    let line = line_of(version).ok_or_else(|| {
        let lines = catalog::LINE_NAMES.join(" or ");
        let text = format!("no catalog for --kestra {version}: use {lines}, or a version of it\n");
        clap::Error::raw(ErrorKind::InvalidValue, text)
    })?;
    Ok(Context { line: Some(line) })
}

/// Everything but `serve`.
fn other(name: &str, matches: &ArgMatches) -> Result<Command, clap::Error> {
    Ok(match name {
        "stdio" => Command::Stdio,
        "catalog" => Command::Catalog,
        "validate" => Command::Validate(ValidateOptions::read(matches)?),
        "completions" => Command::Completions(*matches.get_one("shell").expect("clap requires it")),
        _ => {
            let tool = TOOLS.iter().find(|tool| tool::command_name(tool) == name);
            let tool = tool.ok_or_else(|| clap::Error::new(ErrorKind::InvalidSubcommand))?;
            let arguments = tool::arguments(tool, matches);
            if tool::is_explained(tool, matches) {
                Command::Explain(arguments)
            } else {
                Command::Tool(tool, arguments)
            }
        }
    })
}

/// All that can be typed.
pub(crate) fn command() -> clap::Command {
    let counts = COUNTS.map(|(what, count)| format!("{count} {what}")).join(", ");
    let version = env!("CARGO_PKG_VERSION");
    let version = format!("{version}\ncatalog {}: {counts}", catalog::VERSION);
    let command = clap::Command::new("kestra-mcp")
        .version(version)
        .about(
            "Serves the catalog of the Kestra workflow orchestrator to AI coding agents over MCP",
        )
        .after_help(EXAMPLES)
        .subcommand_help_heading("Commands")
        .disable_help_subcommand(true)
        .args(global_options());
    let serve_command = clap::Command::new("serve").about("Serve over HTTP (the default)");
    serve::with_options(command)
        .subcommand(serve::with_options(serve_command))
        .subcommand(clap::Command::new("stdio").about("Serve over stdin and stdout"))
        .subcommand(clap::Command::new("catalog").about("Print what is compiled in"))
        .subcommand(validate::command())
        .subcommands(TOOLS.iter().map(tool::command))
        .subcommand(
            clap::Command::new("completions").about("Print a completion script").arg(
                Arg::new("shell")
                    .required(true)
                    .help("The shell to complete in")
                    .value_parser(clap::value_parser!(Shell)),
            ),
        )
}

fn global_options() -> [Arg; 2] {
    [
        Arg::new("kestra")
            .long("kestra")
            .global(true)
            .value_name("VERSION")
            .help("Answer for this Kestra version, such as 1.3 [default: the newest]"),
        Arg::new("log")
            .long("log")
            .global(true)
            .value_name("LEVEL")
            .default_value("warn")
            .value_parser(parse_level)
            .help("What to log to stderr: off, error, warn, info, debug or trace"),
    ]
}

fn parse_level(text: &str) -> Result<LevelFilter, String> {
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    if !levels.contains(&text) {
        return Err(format!("use one of {}", levels.join(", ")));
    }
    text.parse().map_err(|_| "unknown level".to_owned())
}

/// A whole number, with a message that says what to write.
fn parse_number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "write a whole number without units, such as 10".to_owned())
}

const EXAMPLES: &str = "\
Examples:
  kestra-mcp                            serve on http://127.0.0.1:8080/mcp
  kestra-mcp serve --listen 0.0.0.0:80 --allowed-hosts mcp.example.com
  kestra-mcp stdio                      serve a client that starts the server itself
  kestra-mcp search upload s3           ask a tool without MCP
  kestra-mcp completions bash           complete commands in a shell

Connect a client:
  claude mcp add --transport http kestra http://127.0.0.1:8080/mcp
  claude mcp add kestra -- kestra-mcp stdio
  codex mcp add kestra -- kestra-mcp stdio

Exit codes: 0 done, 1 a tool found nothing to answer with, 2 wrong usage or no start.";

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_line(line: &str) -> Result<Command, String> {
        let words = std::iter::once("kestra-mcp").chain(line.split_whitespace());
        read(words.map(OsString::from)).map(|read| read.command).map_err(|e| e.to_string())
    }

    #[test]
    fn the_tree_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn serve_options_work_with_and_without_the_word() {
        for line in
            ["--listen 127.0.0.1:1", "serve --listen 127.0.0.1:1", "--listen 127.0.0.1:1 serve"]
        {
            let Ok(Command::Serve(options)) = parse_line(line) else {
                panic!("{line} does not serve");
            };
            assert_eq!(options.listen.port(), 1, "{line}");
        }
    }

    #[test]
    fn serve_options_are_refused_elsewhere() {
        let error = parse_line("--listen 127.0.0.1:1 stdio").expect_err("stdio does not listen");
        assert!(error.contains("--listen"), "{error}");
    }

    #[test]
    fn the_line_is_set_for_servers_and_passed_to_tools() {
        let read = |line: &str| {
            let words = std::iter::once("kestra-mcp").chain(line.split_whitespace());
            read(words.map(OsString::from)).map_err(|error| error.to_string())
        };
        let served = read("stdio --kestra 1.3").expect("it is a line");
        assert_eq!(served.context.line.map(|line| catalog::LINE_NAMES[line]), Some("1.3"));
        let called = read("--kestra 1.3.31 task-schema Log").expect("it is a version");
        let Command::Tool(_, arguments) = called.command else {
            panic!("task-schema is a tool");
        };
        assert_eq!(arguments, r#"{"cls":"Log","kestra":"1.3.31"}"#);
    }

    #[test]
    fn words_without_quotes_are_one_query() {
        for line in ["search upload s3 --limit 5", "search --limit 5 upload s3"] {
            let Ok(Command::Tool(_, arguments)) = parse_line(line) else {
                panic!("{line} is no call");
            };
            let arguments: serde_json::Value = serde_json::from_str(&arguments).expect("JSON");
            assert_eq!(arguments, serde_json::json!({"limit": 5, "query": "upload s3"}), "{line}");
        }
        assert!(matches!(parse_line("search --explain s3"), Ok(Command::Explain(_))));
        parse_line("search-docs --explain s3").expect_err("only search explains");
    }

    #[test]
    fn bad_values_say_what_to_write() {
        for line in
            ["--listen nowhere", "--log loud", "--max-body 0", "frobnicate", "--max-concurrency x"]
        {
            parse_line(line).expect_err(line);
        }
    }
}
