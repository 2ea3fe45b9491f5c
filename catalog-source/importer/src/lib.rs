//! Reads a Kestra instance, a checkout of blueprints or of documentation, and writes
//! what the catalog is compiled from: facts into `catalog-source`, or an overlay.
//!
//! In reading order: [`failure`] says what went wrong; [`client`] asks a server for
//! JSON; [`kestra`] knows the API; [`capture`] keeps the answers for one class;
//! [`cut`] parts facts from texts and [`clean`] makes texts safe; [`base`] finds what
//! classes inherit; [`assemble`] makes the files of a plugin, [`flow`] those of Kestra's
//! model; [`layout`] and [`mod@write`] write them; [`import`] is all of it in order, [`diff`] compares instead of writing. [`blueprints`],
//! [`docs`] and [`releases`] are sources of their own.

pub mod assemble;
pub mod base;
pub mod blueprints;
pub mod capture;
pub mod clean;
pub mod client;
pub mod cut;
pub mod date;
pub mod diff;
pub mod docs;
pub mod failure;
pub mod flow;
pub mod import;
pub mod kestra;
pub mod known;
pub mod layout;
pub mod pool;
pub mod progress;
pub mod releases;
pub mod summary;
pub mod write;

/// Name of the plugin that Kestra's own classes belong to.
pub const CORE: &str = "core";
