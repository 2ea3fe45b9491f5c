//! Search, and look-up of everything a user may call a thing.

pub mod accounts;
mod complete;
mod documents;
mod explain;
pub mod fold;
pub mod lexicon;
pub mod meaning;
mod names;
mod order;
pub mod page;
pub mod query;
pub mod rank;
pub mod reading;
mod search;
pub mod sense;
pub mod tables;
pub mod terms;

pub use complete::{Completed, Completion, complete};
pub use documents::Documents;
pub use explain::{Explanation, Taken, explain};
pub use names::{Found, PluginTarget, blueprint, class, doc, plugin, plugin_itself};
pub use query::Query;
pub use search::{Filter, Hit, MAX_HITS, Page, Results, Source, matching, search, tables};
