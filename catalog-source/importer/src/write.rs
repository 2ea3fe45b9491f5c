//! Writes files so that a reader never sees half of one.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Writes a file, making its folder: all of it or nothing.
pub fn text(path: &Path, text: &str) -> Result<(), Failure> {
    let fail = |error: &std::io::Error| Failure::of_file(path, error);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| fail(&error))?;
    }
    let temporary = temporary(path);
    fs::write(&temporary, text)
        .and_then(|()| fs::rename(&temporary, path))
        .map_err(|error| fail(&error))
}

/// The same, but a file that says the same already keeps its time, so that no build
/// starts for nothing. Answers whether it was written.
pub fn changed(path: &Path, new: &str) -> Result<bool, Failure> {
    if fs::read(path).is_ok_and(|old| old == new.as_bytes()) {
        return Ok(false);
    }
    text(path, new)?;
    Ok(true)
}

/// A name in the same folder, for `rename` must not cross file systems, and of this
/// process, for two runs must not write to one file.
fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}
