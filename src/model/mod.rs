//! What the catalog holds and what a reply is made of. No protocol, no I/O.

pub mod catalog;
pub mod nodes;
pub mod records;
pub mod reply;

pub use records::{Run, Text};
pub use reply::Reply;
