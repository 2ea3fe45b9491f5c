//! The protocol revisions that are served.

/// A revision of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revision {
    /// Per-request `_meta`, no handshake: the modern era.
    V2026_07_28,
    /// The newest that `initialize` can agree on.
    V2025_11_25,
    /// The first without batches.
    V2025_06_18,
    /// What a request without a version header is taken for.
    V2025_03_26,
    /// The first.
    V2024_11_05,
}

/// The revision of the modern era.
pub(super) const MODERN: &str = "2026-07-28";
/// What `initialize` answers to a version that it does not know (L1).
pub(super) const NEWEST_LEGACY: &str = "2025-11-25";

/// Every revision served, newest first (L6), as a JSON array.
pub(super) const SUPPORTED: &str =
    r#"["2026-07-28","2025-11-25","2025-06-18","2025-03-26","2024-11-05"]"#;

impl Revision {
    /// Every revision served, newest first.
    pub const ALL: [Self; 5] = [
        Self::V2026_07_28,
        Self::V2025_11_25,
        Self::V2025_06_18,
        Self::V2025_03_26,
        Self::V2024_11_05,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V2026_07_28 => MODERN,
            Self::V2025_11_25 => NEWEST_LEGACY,
            Self::V2025_06_18 => "2025-06-18",
            Self::V2025_03_26 => "2025-03-26",
            Self::V2024_11_05 => "2024-11-05",
        }
    }

    /// The revision of that name, if it is served.
    pub(super) fn parse(is: impl Fn(&str) -> bool) -> Option<Self> {
        Self::ALL.into_iter().find(|revision| is(revision.name()))
    }

    /// Whether the revision has no handshake.
    pub(super) fn is_modern(self) -> bool {
        self == Self::V2026_07_28
    }

    /// Whether the revision has JSON-RPC batches (J5).
    pub(super) fn has_batches(self) -> bool {
        matches!(self, Self::V2025_03_26 | Self::V2024_11_05)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_on_the_wire_is_the_list_that_is_served() {
        let listed: Vec<String> = serde_json::from_str(SUPPORTED).expect("it is JSON");
        let served: Vec<_> = Revision::ALL.iter().map(|revision| revision.name()).collect();
        assert_eq!(listed, served);
    }
}
