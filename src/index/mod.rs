//! Search and look-up over the compiled tables.

use crate::model::Reply;

/// What a completion completes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// Class names.
    Class,
    /// Plugin names.
    Plugin,
    /// Blueprint slugs.
    Blueprint,
    /// Documentation paths.
    Doc,
    /// Release lines.
    Line,
}

/// How many names begin so, and how many of them were written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Completed {
    /// Names that begin with the prefix.
    pub total: usize,
    /// Names written to the reply.
    pub written: usize,
}

/// Writes the names that begin with `prefix`, as JSON strings with commas between
/// them, `limit` at most.
pub fn complete(_what: Completion, _prefix: &str, _limit: usize, _reply: &mut Reply) -> Completed {
    Completed::default()
}
