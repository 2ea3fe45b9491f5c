//! Progress bars on stderr; nothing where stderr is not a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// One bar.
#[derive(Debug)]
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar of `length` steps.
    #[must_use]
    pub fn new(what: &'static str, length: usize) -> Self {
        let bar = ProgressBar::new(length as u64).with_message(what);
        let template = "{msg:12} [{bar:40}] {pos}/{len} {elapsed} (eta {eta})";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        Self(bar)
    }

    /// A bar that is not shown.
    #[must_use]
    pub fn hidden() -> Self {
        Self(ProgressBar::hidden())
    }

    /// One step further.
    pub fn step(&self) {
        self.0.inc(1);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
