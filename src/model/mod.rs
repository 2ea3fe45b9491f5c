//! What the catalog holds and what a reply is made of. No protocol, no I/O.

pub mod catalog;
mod reply;

pub use reply::{MAX_ROWS, PieceId, Reply};
