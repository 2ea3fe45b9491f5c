//! Options of `serve`, which also work without the word.

use std::net::SocketAddr;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};
use kestra_mcp::transport::Limits;

use super::parse_number;

/// How to serve over HTTP.
#[derive(Debug)]
pub(crate) struct ServeOptions {
    pub(crate) listen: SocketAddr,
    pub(crate) allowed_hosts: Vec<String>,
    pub(crate) allowed_origins: Vec<String>,
    pub(crate) tolerant: bool,
    pub(crate) limits: Limits,
}

/// The options, in the order of the help.
const OPTIONS: [&str; 9] = [
    "listen",
    "allowed-hosts",
    "allowed-origins",
    "max-body",
    "max-concurrency",
    "header-timeout",
    "body-timeout",
    "idle-timeout",
    "tolerate-version-header",
];

impl ServeOptions {
    /// Options stand before `serve` or after it; after it they win.
    pub(super) fn read(outer: &ArgMatches, inner: Option<&ArgMatches>) -> Self {
        let typed = |matches: &ArgMatches, name| {
            matches.value_source(name) == Some(ValueSource::CommandLine)
        };
        let at =
            |name| inner.filter(|inner| typed(inner, name) || !typed(outer, name)).unwrap_or(outer);
        let seconds = |name| Duration::from_secs(*at(name).get_one::<u64>(name).expect(DEFAULT));
        let number = |name| *at(name).get_one::<u64>(name).expect(DEFAULT) as usize;
        let list = |name| at(name).get_many(name).into_iter().flatten().cloned().collect();
        Self {
            listen: *at("listen").get_one("listen").expect(DEFAULT),
            allowed_hosts: list("allowed-hosts"),
            allowed_origins: list("allowed-origins"),
            tolerant: at("tolerate-version-header").get_flag("tolerate-version-header"),
            limits: Limits {
                body: number("max-body"),
                concurrency: number("max-concurrency"),
                header_timeout: seconds("header-timeout"),
                body_timeout: seconds("body-timeout"),
                idle_timeout: seconds("idle-timeout"),
                ..Limits::default()
            },
        }
    }
}

const DEFAULT: &str = "every such option has a default";

/// Refuses options of `serve` before another command, which would not heed them.
pub(super) fn refuse_options(matches: &ArgMatches, command: &str) -> Result<(), clap::Error> {
    let typed = |name: &&&str| matches.value_source(name) == Some(ValueSource::CommandLine);
    match OPTIONS.iter().find(typed) {
        None => Ok(()),
        Some(name) => Err(clap::Error::raw(
            ErrorKind::ArgumentConflict,
            format!("--{name} is an option of serve, not of {command}\n"),
        )),
    }
}

/// Adds the options to a command.
pub(super) fn with_options(command: Command) -> Command {
    let limits = Limits::default();
    let seconds = |duration: Duration| duration.as_secs().to_string();
    let [listen, hosts, origins, body, concurrency, header, collect, idle, tolerate] = OPTIONS;
    command.next_help_heading("Options of serve").args([
        option(listen, "ADDRESS", "Address and port to listen on")
            .default_value("127.0.0.1:8080")
            .value_parser(parse_address),
        list(hosts, "HOSTS", "Host names to serve besides loopback ones, * for all"),
        list(origins, "ORIGINS", "Web pages that may ask, such as https://app.example.com, * for all"),
        at_least_one(body, "BYTES", "Longest body to read", limits.body.to_string()),
        at_least_one(concurrency, "N", "Requests in work at once; more get 429", limits.concurrency.to_string()),
        at_least_one(header, "SECONDS", "Time for the head of a request", seconds(limits.header_timeout)),
        at_least_one(collect, "SECONDS", "Time for the body of a request", seconds(limits.body_timeout)),
        at_least_one(idle, "SECONDS", "Time that a connection may wait for a request", seconds(limits.idle_timeout)),
        Arg::new(tolerate).long(tolerate).action(ArgAction::SetTrue).help(
            "Accept an older MCP-Protocol-Version header over a 2026-07-28 body, as some connectors send",
        ),
    ])
}

fn option(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help)
}

fn list(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    option(name, value, help).value_delimiter(',').action(ArgAction::Append)
}

/// Largest number of an option.
const MOST: u64 = 1 << 40;

fn at_least_one(
    name: &'static str,
    value: &'static str,
    help: &'static str,
    default: String,
) -> Arg {
    let parse = |text: &str| match parse_number(text)? {
        number @ 1..=MOST => Ok(number),
        _ => Err(format!("write a number from 1 to {MOST}")),
    };
    option(name, value, help).default_value(default).value_parser(parse)
}

/// Only addresses: the program resolves no names.
fn parse_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "write an address and a port, such as 127.0.0.1:8080".to_owned())
}
