//! The manifest of the catalog, and the short form of it that health checks read.

use crate::model::{Reply, catalog};

/// Writes the manifest as the inside of a JSON string.
pub fn write(reply: &mut Reply) {
    reply.push_static(r#"{\"catalog\":\""#);
    reply.push_static(catalog::VERSION);
    reply.push_static(r#"\"}"#);
}

/// Writes the answer to a health check.
pub fn write_health(reply: &mut Reply) {
    reply.push_static(r#"{"status":"ok","live":true,"ready":true,"version":""#);
    reply.push_static(env!("CARGO_PKG_VERSION"));
    reply.push_static(r#"","catalog":""#);
    reply.push_static(catalog::VERSION);
    reply.push_static("\"}");
}
