//! Compiles `catalog-source/`, and the overlays that `KESTRA_MCP_OVERLAYS` names, into
//! tables in `OUT_DIR`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use catalog_source::{Root, compile_catalog};

fn main() -> ExitCode {
    let mut roots = vec![Root { name: String::new(), path: PathBuf::from("catalog-source") }];
    for part in
        ["catalog.json", "facts", "texts", "blueprints", "docs", "examples", "search", "spelling"]
    {
        println!("cargo::rerun-if-changed=catalog-source/{part}");
    }
    println!("cargo::rerun-if-env-changed=KESTRA_MCP_OVERLAYS");
    let overlays = env::var_os("KESTRA_MCP_OVERLAYS").unwrap_or_default();
    for path in env::split_paths(&overlays).filter(|path| !path.as_os_str().is_empty()) {
        println!("cargo::rerun-if-changed={}", path.display());
        let path = fs::canonicalize(&path).unwrap_or(path);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        roots.push(Root { name, path });
    }
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    match compile_catalog(&roots) {
        Ok(files) => {
            for (name, content) in files {
                fs::write(Path::new(&out).join(name), content).expect("OUT_DIR can be written");
            }
            ExitCode::SUCCESS
        }
        Err(problems) => {
            for mut problem in problems {
                // Those of an overlay are absolute and stay so.
                problem.file = Path::new("catalog-source").join(&problem.file);
                println!("cargo::error={problem}");
            }
            ExitCode::FAILURE
        }
    }
}
