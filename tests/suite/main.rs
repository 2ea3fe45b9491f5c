//! The suite: one binary, since linking the catalog once is enough.

/// What an answer may be: JSON with placeholders.
mod expect;
/// A server on a port of its own, and requests written byte by byte.
mod support;

/// The program as a user starts it.
mod cli;
/// What every tool owes every client, whatever it answers.
mod contract;
/// Every number of the protocol notes is tested or said not to apply.
mod coverage;
/// What only a real connection shows: order, time, size, many at once.
mod http;
/// Modules use only those to their left.
mod layers;
/// Whatever bytes come, an answer or nothing goes back.
mod properties;
/// Lines in, lines out.
mod stdio;
/// Request and answer pairs of `tests/wire/*.json`.
mod wire;
