use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use catalog_source::{Root, read, spelling};

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compares a file with what it should hold; `UPDATE=1` writes it.
#[track_caller]
fn check(file: &str, expected: &str) {
    let path = folder().join(file);
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, expected).expect("it can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    let differs = found.lines().zip(expected.lines()).find(|(found, expected)| found != expected);
    assert!(
        found == expected,
        "{file} is not up to date, first at {differs:?}: run UPDATE=1 cargo test -p catalog-source and read the difference"
    );
}

#[test]
fn fingerprints_are_those_of_the_facts() {
    let mut files = Vec::new();
    collect(&folder().join("facts"), &mut files);
    files.sort();
    assert!(files.len() > 190, "{} files of facts", files.len());
    let mut table = String::from("file,bytes,fnv1a64\n");
    for file in files {
        let bytes = fs::read(&file).expect("it can be read");
        let name = file.strip_prefix(folder()).expect("it is inside").display();
        writeln!(table, "{name},{},{:016x}", bytes.len(), hash(&bytes))
            .expect("a String takes all");
    }
    check("fingerprints.csv", &table);
}

#[test]
fn the_word_list_holds_the_words_of_the_texts() {
    let mut problems = Vec::new();
    let root = Root { name: String::new(), path: folder().to_path_buf() };
    let sources = read::read(&[root], &mut problems);
    assert_eq!(problems, []);
    let words: Vec<String> = spelling::words(&sources).into_iter().collect();
    check(spelling::FILE, &(words.join("\n") + "\n"));
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("it is a folder") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// FNV-1a.
fn hash(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}
