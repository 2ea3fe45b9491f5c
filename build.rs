//! Compiles `catalog-source/` into tables in `OUT_DIR`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use catalog_source::{Root, compile_catalog};

fn main() -> ExitCode {
    let source = PathBuf::from("catalog-source");
    for part in ["catalog.json", "facts", "texts", "blueprints", "docs", "examples", "search"] {
        println!("cargo::rerun-if-changed=catalog-source/{part}");
    }
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    match compile_catalog(&[Root { name: String::new(), path: source }]) {
        Ok(files) => {
            for (name, content) in files {
                fs::write(Path::new(&out).join(name), content).expect("OUT_DIR can be written");
            }
            ExitCode::SUCCESS
        }
        Err(problems) => {
            for problem in problems {
                println!("cargo::error=catalog-source/{problem}");
            }
            ExitCode::FAILURE
        }
    }
}
