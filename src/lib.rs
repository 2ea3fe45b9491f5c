//! The catalog of the Kestra workflow orchestrator, compiled into the program and
//! served over the Model Context Protocol by pure look-ups.
//!
//! In reading order, each module using only those above it:
//!
//! - [`model`]: the compiled tables and the [`model::Reply`] that answers are built in;
//! - [`index`]: search, and look-up of everything a user may call a thing;
//! - [`validate`]: checks a flow, as a server would when it is saved;
//! - [`tools`]: one file per tool, and the one table of them, [`tools::TOOLS`];
//! - [`protocol`]: JSON-RPC and the two protocol eras, bytes to bytes;
//! - [`transport`]: HTTP and stdio.

pub mod index;
pub mod model;
pub mod protocol;
pub mod tools;
pub mod transport;
pub mod validate;
