//! The manifest of the catalog.

use crate::model::{Reply, catalog};

/// Writes the manifest as the inside of a JSON string.
pub fn write(reply: &mut Reply) {
    reply.push_static(r#"{\"catalog\":\""#);
    reply.push_static(catalog::VERSION);
    reply.push_static(r#"\"}"#);
}
