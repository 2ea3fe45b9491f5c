//! What the catalog holds and what a reply is made of. No protocol, no I/O.

pub mod catalog;
#[cfg(feature = "gzip")]
pub mod crc;
pub mod nodes;
#[cfg(feature = "gzip")]
pub mod packed;
pub mod records;
pub mod reply;

pub use records::{Run, Text};
pub use reply::Reply;
