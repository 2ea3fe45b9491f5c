use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::wire;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The list of all numbers, with what covers each.
fn coverage() -> BTreeMap<String, Value> {
    let text = fs::read_to_string(root().join("tests/wire/coverage.json")).expect("it is there");
    serde_json::from_str(&text).expect("it is JSON")
}

fn strings(list: &Value) -> Vec<String> {
    let list = list.as_array().cloned().unwrap_or_default();
    list.iter().filter_map(|entry| entry.as_str().map(str::to_owned)).collect()
}

#[test]
fn every_number_is_tested_or_does_not_apply() {
    for (number, entry) in coverage() {
        let reason = entry["not applicable"].as_str().unwrap_or("");
        let tested = !strings(&entry["cases"]).is_empty() || !strings(&entry["tests"]).is_empty();
        assert!(tested != (reason.len() > 20), "{number}: {entry}");
    }
}

#[test]
fn the_list_names_exactly_the_cases_that_name_the_number() {
    let names = wire::names();
    for (number, entry) in coverage() {
        let covering: Vec<&String> =
            names.iter().filter(|name| numbers_of(name).any(|n| n == number)).collect();
        assert_eq!(strings(&entry["cases"]).iter().collect::<Vec<_>>(), covering, "{number}");
    }
}

#[test]
fn names_of_cases_are_unique_and_their_numbers_listed() {
    let (names, coverage) = (wire::names(), coverage());
    for (position, name) in names.iter().enumerate() {
        assert!(!names[position + 1..].contains(name), "{name} is given twice");
        for number in numbers_of(name) {
            assert!(coverage.contains_key(number), "{number} of {name:?} is not listed");
        }
    }
}

/// The numbers that a case's name begins with.
fn numbers_of(name: &str) -> impl Iterator<Item = &str> {
    name.split(' ').take_while(|word| is_number(word))
}

fn is_number(word: &str) -> bool {
    let (letter, digits) = word.split_at(word.len().min(1));
    "EHMLRTJPNSXO".contains(letter)
        && !digits.is_empty()
        && digits.bytes().all(|digit| digit.is_ascii_digit())
}

#[test]
fn the_tests_that_the_list_names_exist() {
    let sources = sources();
    for (number, entry) in coverage() {
        for test in strings(&entry["tests"]) {
            let (module, function) = test.split_once("::").expect("module::test");
            let declared = format!("fn {function}(");
            let found =
                sources.iter().any(|(stem, text)| stem == module && text.contains(&declared));
            assert!(found, "{number} names {test}, which is not there");
        }
    }
}

/// Files that hold tests, by module name.
fn sources() -> Vec<(String, String)> {
    let folders = ["tests/suite", "src/protocol", "src/transport"].map(|path| root().join(path));
    let paths = folders.iter().flat_map(|folder| {
        fs::read_dir(folder).expect("it is there").map(|entry| entry.expect("readable").path())
    });
    let read = |path: PathBuf| {
        let stem = path.file_stem()?.to_str()?.to_owned();
        Some((stem, fs::read_to_string(&path).ok()?))
    };
    paths.filter_map(read).collect()
}

/// The list against the notes it was made from, where those are at hand.
#[test]
fn the_list_is_complete() {
    let notes = root().join("../shared/protocol.md");
    let Ok(notes) = fs::read_to_string(&notes) else {
        eprintln!("skipped: {} is not there", notes.display());
        return;
    };
    let mut numbers: Vec<&str> = notes
        .lines()
        .filter_map(|line| line.strip_prefix("- ")?.split([' ', '.']).next())
        .filter(|word| is_number(word))
        .collect();
    numbers.sort_unstable();
    let listed: Vec<String> = coverage().into_keys().collect();
    assert_eq!(listed, numbers);
}
