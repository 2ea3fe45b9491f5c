//! The program: reads its arguments, then serves, or answers one call and ends.

mod cli;
mod explanation;
mod findings;
mod run;

use std::fmt::Arguments;
use std::io::{self, Write};
use std::process::ExitCode;

use cli::Command;

fn main() -> ExitCode {
    let arguments = match cli::parse(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(ended) => return ended.report(),
    };
    run::start_log(arguments.log);
    let context = arguments.context;
    let ended = match arguments.command {
        Command::Serve(options) => run::serve(context, &options),
        Command::Stdio => run::stdio(context),
        Command::Catalog => run::catalog(),
        Command::Validate(options) => run::validate(&context, &options),
        Command::Tool(tool, call) => run::tool(&context, tool, &call),
        Command::Explain(call) => run::explain(&context, &call),
        Command::Completions(shell) => run::completions(shell),
    };
    ended.unwrap_or_else(|error| {
        say(format_args!("kestra-mcp: {error}"));
        ExitCode::from(2)
    })
}

/// Says something on stderr. That nobody hears it is no failure: `eprintln!` would panic.
fn say(text: Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{text}");
}
