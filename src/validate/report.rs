//! What was found in a flow.

use super::tree::Place;

/// Findings of one severity that a report keeps.
const MAX_FINDINGS: usize = 100;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Kestra refuses the flow.
    Error,
    /// Kestra takes it, but it will not work or is on its way out.
    Warning,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Where it is.
    pub at: Place,
    /// The way to it, `tasks[1].message`.
    pub path: String,
    /// What is wrong and what to do.
    pub message: String,
    /// What may have been meant.
    pub did_you_mean: Vec<String>,
}

/// All findings, by line.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The findings.
    pub findings: Vec<Finding>,
    /// Findings beyond those that are kept.
    pub dropped: usize,
}

impl Report {
    /// No error among the findings.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.of(Severity::Error).next().is_none()
    }

    /// Findings of a severity.
    pub fn of(&self, severity: Severity) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |it| it.severity == severity)
    }

    /// Whether a further finding of a severity would be dropped, so that no time is to be
    /// spent on it.
    pub(super) fn is_full(&self, severity: Severity) -> bool {
        self.of(severity).count() >= MAX_FINDINGS
    }

    pub(super) fn push(&mut self, mut finding: Finding) {
        // Messages repeat what the flow says, however long that is.
        clip(&mut finding.message);
        clip(&mut finding.path);
        finding.did_you_mean.iter_mut().for_each(clip);
        if self.is_full(finding.severity) {
            self.dropped += 1;
        } else if !self.findings.contains(&finding) {
            // They are few, so they are kept in order: sorting takes more code.
            let before = |known: &Finding| known.order() <= finding.order();
            self.findings.insert(self.findings.partition_point(before), finding);
        }
    }
}

impl Finding {
    /// Findings stand by place.
    fn order(&self) -> (Place, Severity, &str, &str) {
        (self.at, self.severity, &self.path, &self.message)
    }
}

/// Longest text of a finding.
const LONGEST: usize = 1_000;

fn clip(text: &mut String) {
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
    }
}
