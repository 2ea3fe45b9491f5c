//! Writes the tables of some source folders into a folder, as `build.rs` does.
//!
//! ```console
//! $ cargo run -p catalog-source --bin tables -- catalog-source out
//! ```

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use catalog_source::{Root, compile_catalog};

fn main() -> ExitCode {
    let mut folders: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let Some(out) = folders.pop().filter(|_| !folders.is_empty()) else {
        eprintln!("usage: tables SOURCE... OUT");
        return ExitCode::from(2);
    };
    let roots: Vec<Root> =
        folders.into_iter().map(|path| Root { name: String::new(), path }).collect();
    let files = match compile_catalog(&roots) {
        Ok(files) => files,
        Err(problems) => {
            problems.iter().for_each(|problem| eprintln!("{problem}"));
            return ExitCode::FAILURE;
        }
    };
    let written = fs::create_dir_all(&out).and_then(|()| {
        files.iter().try_for_each(|(name, content)| fs::write(out.join(name), content))
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", out.display());
            ExitCode::FAILURE
        }
    }
}
