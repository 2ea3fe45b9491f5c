//! What a run did, for the person or the job that started it.

use std::fmt;

use crate::failure::Failure;

/// Counts, and what was skipped and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Lines of the form `1,356 classes`.
    pub counts: Vec<(&'static str, usize)>,
    /// Files that say something new.
    pub written: usize,
    /// Files that said the same before.
    pub unchanged: usize,
    /// What is missing from the result.
    pub skipped: Vec<Failure>,
    /// What is odd, but in the result.
    pub notes: Vec<Failure>,
    /// What to do next.
    pub next: Vec<String>,
}

impl Summary {
    /// Notes one file.
    pub fn file(&mut self, written: bool) {
        if written {
            self.written += 1;
        } else {
            self.unchanged += 1;
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts: Vec<String> =
            self.counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
        writeln!(f, "{}", counts.join(", "))?;
        writeln!(f, "{} files written, {} unchanged", self.written, self.unchanged)?;
        for (title, failures) in [("skipped", &self.skipped), ("noted", &self.notes)] {
            if !failures.is_empty() {
                writeln!(f, "{} {title}:", failures.len())?;
            }
            for failure in failures {
                writeln!(f, "  {failure}")?;
            }
        }
        for line in &self.next {
            writeln!(f, "next: {line}")?;
        }
        Ok(())
    }
}
