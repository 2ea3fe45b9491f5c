use std::path::Path;
use std::{env, fs};

use crate::support::{Copy, compile, tiny};

/// `UPDATE=1` rewrites them.
#[test]
fn three_classes_give_these_tables() {
    let files = compile(&tiny()).expect("the tiny catalog has no problem");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    // The other files are binary; `catalog.rs` holds offsets into all of them, and the
    // version is a hash over all of them.
    for name in ["catalog.rs", "text.txt"] {
        let path = folder.join(name);
        if env::var_os("UPDATE").is_some() {
            fs::create_dir_all(&folder).expect("the folder can be made");
            fs::write(&path, &files[name]).expect("it can be written");
        }
        let golden = fs::read(&path).expect("it is there; UPDATE=1 writes it");
        let (made, golden) =
            (String::from_utf8_lossy(&files[name]), String::from_utf8_lossy(&golden));
        let differs = made.lines().zip(golden.lines()).position(|(made, golden)| made != golden);
        assert!(made == golden, "{name} differs from line {differs:?} on; UPDATE=1 rewrites it");
    }
}

#[test]
fn the_folder_leaves_no_trace() {
    let (one, other) = (Copy::new("here"), Copy::new("a-folder-with-a-longer-name"));
    let made = |copy: &Copy| compile(copy.path()).expect("the tiny catalog has no problem");
    assert_eq!(made(&one), made(&other));
    assert_eq!(made(&one), compile(&tiny()).expect("no problem"));
}

#[test]
fn any_text_changes_the_version() {
    let version = |copy: &Copy| {
        let files = compile(copy.path()).expect("the change is no problem");
        let rust = String::from_utf8(files["catalog.rs"].clone()).expect("UTF-8");
        let line = rust.lines().find(|line| line.starts_with("pub const VERSION"));
        line.expect("it is there").to_owned()
    };
    let copy = Copy::new("version");
    let mut versions = vec![version(&copy)];
    for (file, from, to) in [
        ("texts/plugin-tiny.json", "File to copy.", "File to put."),
        ("texts/glossary.json", "Longest time", "Time"),
        ("facts/plugins/plugin-tiny.json", "PT60S", "PT30S"),
        ("facts/releases.json", "\"v1.2.3\"", "\"v1.2.3\""),
        ("blueprints/fill-a-box.yaml", "id: upload", "id: store"),
        ("search/synonyms.txt", "carton", "crate"),
    ] {
        copy.replace(file, from, to);
        let now = version(&copy);
        if from == to {
            assert_eq!(versions.last(), Some(&now), "nothing changed");
        } else {
            assert!(!versions.contains(&now), "{file}");
            versions.push(now);
        }
    }
}
