//! The JSON around a result: what differs between the eras, and nothing else.

use super::era::Era;
use crate::model::{Reply, catalog};

/// Whether clients may keep a result (P4, P6: modern results say so, legacy ones do not).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cache {
    /// Changes only with a new build (P5).
    Kept,
    /// No hint belongs to this method.
    Unsaid,
}

/// `io.modelcontextprotocol/serverInfo`, a member of `_meta` (L9).
macro_rules! server_info {
    () => {
        concat!(
            r#""io.modelcontextprotocol/serverInfo":{"name":"kestra-mcp","version":""#,
            env!("CARGO_PKG_VERSION"),
            r#""}"#
        )
    };
}
pub(super) use server_info;

const MODERN_TAIL: &str = concat!(r#","_meta":{"#, server_info!(), "}}}");
const MODERN_CACHED_TAIL: &str =
    concat!(r#","ttlMs":300000,"cacheScope":"public","_meta":{"#, server_info!(), "}}}");

/// Writes the members that every reply begins with, and a comma.
pub(super) fn head(id: Option<&str>, reply: &mut Reply) {
    if let Some(id) = id {
        reply.push_static(r#"{"jsonrpc":"2.0","id":"#);
        reply.push_str(id);
        reply.push_static(",");
    } else {
        reply.push_static(r#"{"jsonrpc":"2.0","#);
    }
}

/// Writes everything up to the first member of the result. In the modern era that is
/// after a first member, so a comma is due where `result` has more: pass what follows.
pub(super) fn open(id: &str, era: Era, first: &'static str, reply: &mut Reply) {
    reply.push_static(r#"{"jsonrpc":"2.0","id":"#);
    reply.push_str(id);
    reply.push_static(match (era, first.is_empty()) {
        (Era::Legacy, _) => r#","result":{"#,
        (Era::Modern, true) => r#","result":{"resultType":"complete""#,
        (Era::Modern, false) => r#","result":{"resultType":"complete","#,
    });
    reply.push_static(first);
}

/// Writes everything after the last member of the result.
pub(super) fn close(era: Era, cache: Cache, reply: &mut Reply) {
    reply.push_static(match (era, cache) {
        (Era::Legacy, _) => "}}",
        (Era::Modern, Cache::Unsaid) => MODERN_TAIL,
        (Era::Modern, Cache::Kept) => MODERN_CACHED_TAIL,
    });
}

/// Writes everything after the members of a tool's answer: it names the catalog that
/// was asked, in both eras.
pub(super) fn close_answer(era: Era, reply: &mut Reply) {
    reply.push_static(r#","_meta":{"io.kestra.catalog/version":""#);
    reply.push_static(catalog::VERSION);
    reply.push_static("\"");
    reply.push_static(catalog::OVERLAYS);
    reply.push_static(match era {
        Era::Legacy => "}}}",
        Era::Modern => concat!(",", server_info!(), "}}}"),
    });
}
