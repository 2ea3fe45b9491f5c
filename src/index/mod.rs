//! Search, and look-up of everything a user may call a thing.

mod complete;
pub mod fold;
mod names;
pub mod query;
pub mod rank;
pub mod reading;
mod search;
pub mod sense;
pub mod tables;
pub mod terms;

pub use complete::{Completed, Completion, complete};
pub use names::{Found, PluginTarget, blueprint, class, doc, plugin, plugin_itself};
pub use query::Query;
pub use search::{Hit, MAX_HITS, Page, Source, matching, search, tables};
