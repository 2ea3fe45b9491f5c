//! The search engine of the binary, file by file: here it runs on indexes that are
//! compiled on the spot, so that mechanisms can be left out without a build of the binary.

#[path = "../../../src/index/accounts.rs"]
pub mod accounts;
#[path = "../../../src/index/fold/mod.rs"]
pub mod fold;
#[path = "../../../src/index/lexicon.rs"]
pub mod lexicon;
#[path = "../../../src/index/meaning.rs"]
pub mod meaning;
#[path = "../../../src/index/order.rs"]
mod order;
#[path = "../../../src/index/page.rs"]
pub mod page;
#[path = "../../../src/index/query.rs"]
pub mod query;
#[path = "../../../src/index/rank.rs"]
pub mod rank;
#[path = "../../../src/index/reading.rs"]
pub mod reading;
#[path = "../../../src/index/sense.rs"]
pub mod sense;
#[path = "../../../src/index/tables.rs"]
pub mod tables;
#[path = "../../../src/index/terms.rs"]
pub mod terms;
