//! Graded questions, one JSON object a line.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

/// One question.
#[derive(Clone, Debug, Deserialize)]
pub struct Question {
    /// Its id.
    pub id: String,
    /// What is asked for: `plugin`, `blueprint`, `doc`.
    #[serde(rename = "type")]
    pub of: String,
    /// The text.
    pub query: String,
    /// Good answers and their grades, 3 the best.
    pub relevant: BTreeMap<String, u32>,
    /// What sort of question it is.
    pub class: String,
}

impl Question {
    /// Number of the source that is asked.
    #[must_use]
    pub fn source(&self) -> Option<usize> {
        ["plugin", "blueprint", "doc"].iter().position(|of| *of == self.of)
    }
}

/// Reads a file of questions.
pub fn read(path: &Path) -> Result<Vec<Question>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        format!("{}: {error}; name a file with one question a line", path.display())
    })?;
    let question = |(at, line): (usize, &str)| {
        serde_json::from_str(line)
            .map_err(|error| format!("{}:{}: {error}", path.display(), at + 1))
    };
    text.lines().filter(|line| !line.trim().is_empty()).enumerate().map(question).collect()
}
