use std::fs;
use std::path::{Path, PathBuf};

use catalog_source::render::Rendered;
use catalog_source::{Problem, Root, compile_catalog};

/// Where the tiny catalog stands.
pub(crate) fn tiny() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tiny")
}

/// Compiles the folder alone.
pub(crate) fn compile(path: &Path) -> Result<Rendered, Vec<Problem>> {
    compile_catalog(&[Root { name: String::new(), path: path.to_path_buf() }])
}

/// A copy of the tiny catalog in a folder of its own, removed with the value.
pub(crate) struct Copy(PathBuf);

impl Copy {
    /// Copies the catalog to a folder of that name.
    pub(crate) fn new(name: &str) -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&target);
        copy(&tiny(), &target);
        Self(target)
    }

    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Replaces the one occurrence of a text in a file.
    #[track_caller]
    pub(crate) fn replace(&self, file: &str, from: &str, to: &str) -> &Self {
        let path = self.0.join(file);
        let text = fs::read_to_string(&path).expect("the file is there");
        assert_eq!(text.matches(from).count(), 1, "{from} in {file}");
        fs::write(&path, text.replace(from, to)).expect("it can be written");
        self
    }

    /// Writes a file.
    pub(crate) fn write(&self, file: &str, text: &str) -> &Self {
        fs::write(self.0.join(file), text).expect("it can be written");
        self
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("it is a folder") {
        let entry = entry.expect("it can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("it can be copied");
        }
    }
}
