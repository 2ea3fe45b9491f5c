//! What is wrong with the sources, where, and what to do about it.

use std::fmt;
use std::path::{Path, PathBuf};

/// One thing to mend in the sources.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to its root.
    pub file: PathBuf,
    /// Line, from 1; 0 if the whole file is meant.
    pub line: usize,
    /// What is wrong and what to do.
    pub what: String,
}

impl Problem {
    /// A problem at a line of a file.
    pub fn new(file: &Path, line: usize, what: impl Into<String>) -> Self {
        Self { file: file.to_path_buf(), line, what: what.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.what)
    }
}

/// The line of the first occurrence of `"key"` in a JSON text, or 0.
pub(crate) fn line_of(text: &str, key: &str) -> usize {
    let quoted = format!("\"{key}\"");
    text.find(&quoted).map_or(0, |at| text[..at].matches('\n').count() + 1)
}
