//! What can go wrong with a source, said so that a reader knows where and what to do.

use std::fmt;

/// One failure: where, what, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Address or file.
    pub place: String,
    /// What was found there.
    pub what: String,
    /// What helps.
    pub remedy: String,
    /// How much is lost.
    pub weight: Weight,
}

/// How much a failure costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// One thing of many: the run goes on.
    One,
    /// Every further request would fail the same way.
    All,
    /// It may pass: worth another try.
    Passing,
}

impl Failure {
    /// A failure of one thing.
    pub fn new(
        place: impl Into<String>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { place: place.into(), what: what.into(), remedy: remedy.into(), weight: Weight::One }
    }

    /// The same with another weight.
    #[must_use]
    pub fn weighing(self, weight: Weight) -> Self {
        Self { weight, ..self }
    }

    /// A file that cannot be read or written.
    #[must_use]
    pub fn of_file(path: &std::path::Path, error: &std::io::Error) -> Self {
        let remedy = match error.kind() {
            std::io::ErrorKind::NotFound => "check the path",
            std::io::ErrorKind::PermissionDenied => "check the permissions of the folder",
            std::io::ErrorKind::InvalidData => "the file must be UTF-8 text: convert it",
            _ => "check the disk and the path",
        };
        Self::new(path.display().to_string(), error.to_string(), remedy).weighing(Weight::All)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.place, self.what, self.remedy)
    }
}

impl std::error::Error for Failure {}
