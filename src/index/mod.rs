//! Search, and look-up of everything a user may call a thing.

mod complete;
pub mod fold;
mod names;
mod query;
mod search;

pub use complete::{Completed, Completion, complete};
pub use names::{Found, PluginTarget, blueprint, class, doc, plugin};
pub use query::Query;
pub use search::{Hit, Page, Source, matching, search};
