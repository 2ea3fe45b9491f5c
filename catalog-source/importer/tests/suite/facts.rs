//! The importer, run on the recordings that the catalog's facts were cut from, gives
//! these facts.

use std::fs;
use std::path::{Path, PathBuf};

use catalog_importer::assemble::Form;
use catalog_importer::import::{Options, import};
use catalog_importer::summary::Summary;
use serde_json::Value;

use crate::recordings::{Recording, shared};
use crate::support::{catalog, instance};

fn run(recording: &str, version: &'static str, target: &Path) -> Option<Summary> {
    let mock = Recording::read(&shared(recording)?, version).start();
    let options = Options {
        target: target.to_owned(),
        form: Form::Facts,
        jobs: 4,
        catalog: Some(catalog()),
        date: "2026-11-24".into(),
    };
    Some(import(&instance(&mock), &options).expect("an import"))
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
    files.sort();
    files
}

/// Files of `folder` in the catalog that differ from those written, byte for byte.
fn differing(folder: &str, written: &Path) -> Vec<String> {
    json_files(&catalog().join(folder))
        .into_iter()
        .filter_map(|file| {
            let name = file.strip_prefix(catalog()).expect("inside").to_owned();
            let (want, got) = (fs::read_to_string(&file), fs::read_to_string(written.join(&name)));
            let (want, got) = (want.expect("facts"), got.unwrap_or_default());
            (want != got).then(|| format!("{}: {}", name.display(), first_difference(&want, &got)))
        })
        .collect()
}

fn first_difference(want: &str, got: &str) -> String {
    let pair = want.lines().zip(got.lines()).find(|(want, got)| want != got);
    let (want, got) = pair.unwrap_or(("", "its end"));
    format!("want {want:.300}\n got {got:.300}")
}

#[test]
fn the_recording_of_2_0_gives_the_facts_of_the_catalog() {
    let target = tempfile::tempdir().expect("a folder");
    let Some(summary) = run("recordings", "2.0.0", target.path()) else { return };
    assert!(summary.skipped.is_empty(), "{summary}");
    assert_eq!(differing("facts/2.0", target.path()), Vec::<String>::new());
    // One old name stands at two classes of this plugin; a server answers for one.
    let differing = differing("facts/plugins", target.path());
    let shared = "io.kestra.plugin.segment.reverseetl.Status";
    assert!(differing.len() == 1 && differing[0].contains(shared), "{}", differing.join("\n"));
    let count =
        |name: &str| summary.counts.iter().find(|(what, _)| *what == name).expect("count").1;
    assert_eq!(count("classes"), 1363);
    assert_eq!(count("old names"), 139);
}

#[test]
fn the_recording_of_1_3_gives_the_facts_of_that_line() {
    let target = tempfile::tempdir().expect("a folder");
    let Some(summary) = run("recordings/core-1.3.31", "1.3.31", target.path()) else { return };
    assert!(summary.skipped.is_empty(), "{summary}");
    let differing = differing("facts/1.3", target.path());
    assert!(differing.is_empty(), "{} files: {}", differing.len(), differing.join("\n"));
    let catalog: Value =
        serde_json::from_slice(&fs::read(target.path().join("catalog.json")).expect("written"))
            .expect("JSON");
    assert_eq!(catalog["lines"], serde_json::json!(["2.0", "1.3"]));
}
