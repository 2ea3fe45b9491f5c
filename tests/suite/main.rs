//! The suite: one binary, since linking the catalog once is enough.

/// A tool called in process.
mod ask;
/// What an answer may be: JSON with placeholders.
mod expect;
/// The facts, read again by a reader of the suite's own.
mod facts;
/// A server on a port of its own, and requests written byte by byte.
mod support;

/// What `task_schema` says of every class is what the facts say.
mod catalog;
/// The program as a user starts it.
mod cli;
/// The two ways that requests are read answer alike.
mod connection;
/// What every tool owes every client, whatever it answers.
mod contract;
/// What lists count is what the facts count.
mod counts;
/// Every number of the protocol notes is tested or said not to apply.
mod coverage;
/// Compressed answers are the same answers.
#[cfg(feature = "gzip")]
mod gzip;
/// What only a real connection shows: order, time, size, many at once.
mod http;
/// Every id that a tool emits is taken by every tool that takes such an id.
mod ids;
/// Modules use only those to their left.
mod layers;
/// Whatever bytes come, an answer or nothing goes back.
mod properties;
/// Search, whatever is typed.
mod search;
/// Answers stay small.
mod sizes;
/// Lines in, lines out.
mod stdio;
/// Request and answer pairs of `tests/wire/*.json`.
mod wire;
