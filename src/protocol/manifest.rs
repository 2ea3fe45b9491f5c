//! The manifest of the catalog, and the short form of it that health checks read.
//!
//! Both are written once, at their first use: they are the same for the life of the
//! program.

use std::fmt::Write as _;
use std::sync::LazyLock;

use crate::model::{Reply, catalog};

static MANIFEST: LazyLock<String> = LazyLock::new(|| {
    let manifest = format!(
        r#"{{"catalog":"{}","server":"{}","kestra":{{{}}},"sources":{},"counts":{{{},"elements":{{{}}}}}}}"#,
        catalog::VERSION,
        env!("CARGO_PKG_VERSION"),
        members(catalog::LINE_NAMES.iter().zip(catalog::LINE_VERSIONS.map(|v| format!("\"{v}\"")))),
        catalog::ROOTS,
        totals(),
        members(catalog::PLURALS.iter().zip((0..).map(elements_of))),
    );
    // The inside of a JSON string.
    manifest.replace('\\', "\\\\").replace('"', "\\\"")
});

static HEALTH: LazyLock<String> = LazyLock::new(|| {
    format!(
        r#"{{"status":"ok","live":true,"ready":true,"version":"{}","catalog":"{}","counts":{{{}}}}}"#,
        env!("CARGO_PKG_VERSION"),
        catalog::VERSION,
        totals()
    )
});

/// How much there is of everything.
pub const COUNTS: [(&str, usize); 6] = [
    ("plugins", catalog::PLUGINS.len()),
    ("classes", catalog::ELEMENTS.len()),
    ("blueprints", catalog::BLUEPRINTS.len()),
    ("docs", catalog::DOCS.len()),
    ("blogs", catalog::BLOGS.len()),
    ("releases", catalog::RELEASES.len()),
];

/// Elements of a kind, in all lines.
fn elements_of(kind: u8) -> usize {
    catalog::ELEMENTS.iter().filter(|it| it.kind.0 == kind).count()
}

fn totals() -> String {
    members(COUNTS.iter().map(|(name, count)| (name, count)))
}

fn members(
    members: impl Iterator<Item = (impl std::fmt::Display, impl std::fmt::Display)>,
) -> String {
    let mut text = String::new();
    for (name, value) in members {
        let comma = if text.is_empty() { "" } else { "," };
        write!(text, r#"{comma}"{name}":{value}"#).expect("a String takes all");
    }
    text
}

/// Writes the manifest as the inside of a JSON string.
pub fn write(reply: &mut Reply) {
    reply.push_static(&MANIFEST);
}

/// Writes the answer to a health check.
pub fn write_health(reply: &mut Reply) {
    reply.push_static(&HEALTH);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(write: impl Fn(&mut Reply)) -> String {
        let mut reply = Reply::new();
        write(&mut reply);
        String::from_utf8(reply.into_vec()).expect("it is UTF-8")
    }

    #[test]
    fn the_manifest_names_every_line_and_kind() {
        let text: String = serde_json::from_str(&format!("\"{}\"", read(write))).expect("escaped");
        let manifest: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(manifest["catalog"], catalog::VERSION);
        assert_eq!(manifest["kestra"].as_object().map(serde_json::Map::len), Some(catalog::LINES));
        assert_eq!(manifest["sources"][0]["name"], "catalog");
        let kinds = manifest["counts"]["elements"].as_object().expect("kinds are counted");
        assert_eq!(kinds.len(), catalog::KINDS.len());
        let sum: u64 = kinds.values().filter_map(serde_json::Value::as_u64).sum();
        assert_eq!(Some(sum), manifest["counts"]["classes"].as_u64());
        assert!(kinds["tasks"].as_u64() > Some(500), "{kinds:?}");
    }

    #[test]
    fn health_is_json() {
        let health: serde_json::Value = serde_json::from_str(&read(write_health)).expect("JSON");
        assert_eq!(health["live"], true);
        assert_eq!(health["counts"]["plugins"], catalog::PLUGINS.len());
    }
}
