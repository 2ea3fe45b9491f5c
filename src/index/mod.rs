//! Search, and look-up of everything a user may call a thing.

mod complete;
pub mod fold;
mod names;
pub mod query;
pub mod rank;
mod search;
pub mod tables;
pub mod terms;

pub use complete::{Completed, Completion, complete};
pub use names::{Found, PluginTarget, blueprint, class, doc, plugin};
pub use query::Query;
pub use search::{Hit, MAX_HITS, Page, Source, explain, matching, search, tables};
