//! The program itself: what it prints, writes and exits with.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::mock::{Mock, Reply};
use crate::recordings::shared;
use crate::tiny::{self, FETCH, SEND, asks_for};

fn importer(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_importer"));
    // Nothing of the machine that runs the tests may change what they see.
    for name in ["KESTRA_URL", "KESTRA_USER", "KESTRA_PASSWORD", "KESTRA_TOKEN", "GITHUB_TOKEN"] {
        command.env_remove(name);
    }
    command.args(arguments).output().expect("the program runs")
}

#[track_caller]
fn check(arguments: &[&str], code: i32) -> String {
    let output = importer(arguments);
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.status.code(), Some(code), "{text}");
    text
}

fn path(folder: &Path) -> &str {
    folder.to_str().expect("UTF-8")
}

#[test]
fn an_import_says_what_it_did() {
    let mock = tiny::start(|_| None);
    let target = tempfile::tempdir().expect("a folder");
    let text = check(&["kestra", "--url", &mock.url, "overlay", path(target.path())], 0);
    assert!(text.starts_with("2 plugins, 3 classes"), "{text}");
}

#[test]
fn a_class_that_was_skipped_shows_in_the_exit_code() {
    let mock = tiny::start(|request| {
        asks_for(request, SEND).then(|| Reply::error(422, "no schema can be made of it", "x"))
    });
    let target = tempfile::tempdir().expect("a folder");
    let text = check(&["kestra", "--url", &mock.url, "overlay", path(target.path())], 3);
    assert!(text.contains("1 skipped:") && text.contains(SEND), "{text}");
}

#[test]
fn a_server_that_refuses_is_a_failure_with_a_remedy() {
    let mock = Mock::start(|_| Reply::unauthorized());
    let target = tempfile::tempdir().expect("a folder");
    let text = check(&["kestra", "--url", &mock.url, "overlay", path(target.path())], 2);
    assert!(text.starts_with("error: ") && text.contains("--user"), "{text}");
}

#[test]
fn drift_is_exit_code_1() {
    let moved = Arc::new(AtomicBool::new(false));
    let has_moved = Arc::clone(&moved);
    let mock = tiny::start(move |request| {
        let changed = has_moved.load(Ordering::Relaxed) && asks_for(request, FETCH);
        changed.then(|| {
            let properties = json!({"to": {"type": "number", "$required": true}, "cc": {}});
            let schema = json!({"properties": {"required": ["to"], "properties": properties}, "outputs": {}});
            Reply::json(json!({"markdown": "", "schema": schema}).to_string())
        })
    });
    let catalog = tempfile::tempdir().expect("a folder");
    let folder = path(catalog.path());
    check(&["kestra", "--url", &mock.url, "facts", folder], 0);
    let same = check(&["diff", "--url", &mock.url, "--against", folder], 0);
    assert_eq!(same, "0 classes added, 0 removed, 0 changed\n");
    moved.store(true, Ordering::Relaxed);
    let text = check(&["diff", "--url", &mock.url, "--against", folder], 1);
    assert!(
        text.contains(&format!("changed {FETCH}: property cc added, property to changed")),
        "{text}"
    );
    let report = check(&["diff", "--url", &mock.url, "--format", "json", "--against", folder], 1);
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["drift"], true);
    assert_eq!(report["changed"][FETCH][0], "property cc added");
}

#[test]
fn a_folder_without_facts_is_no_catalog() {
    let mock = tiny::start(|_| None);
    let folder = tempfile::tempdir().expect("a folder");
    let text = check(&["diff", "--url", &mock.url, "--against", path(folder.path())], 2);
    assert!(text.contains("holds no facts of Kestra 2.0"), "{text}");
}

#[test]
fn public_blueprints_become_an_overlay_that_the_catalog_takes() {
    let Some(lines) = shared("blueprints.jsonl") else { return };
    let target = tempfile::tempdir().expect("a folder");
    let text = check(&["blueprints", path(&lines), "overlay", path(target.path())], 0);
    assert!(text.starts_with("411 blueprints"), "{text}");
    let roots = [
        catalog_source::Root { name: String::new(), path: crate::support::catalog() },
        catalog_source::Root { name: "public".into(), path: target.path().to_owned() },
    ];
    let mut problems = Vec::new();
    let sources = catalog_source::read::read(&roots, &mut problems);
    assert!(problems.is_empty(), "{:#?}", &problems[..5.min(problems.len())]);
    assert_eq!(sources.blueprints.values().filter(|it| it.root == 1).count(), 411);
}

#[test]
fn flows_of_an_instance_become_blueprints() {
    let mock = Mock::start(|request| {
        match request.path.as_str() {
        "/api/v1/main/flows/search" => Reply::json(
            json!({"results": [{"id": "daily", "namespace": "acme.team", "description": "Loads."}], "total": 1})
                .to_string(),
        ),
        "/api/v1/main/flows/acme.team/daily" => {
            Reply::json(json!({"source": "id: daily\nnamespace: acme.team\n"}).to_string())
        }
        path => Reply::error(404, "Not Found", path),
    }
    });
    let target = tempfile::tempdir().expect("a folder");
    check(&["blueprints", &mock.url, "overlay", path(target.path())], 0);
    let file = target.path().join("blueprints/acme.team.daily.yaml");
    let text = fs::read_to_string(file).expect("written");
    assert!(
        text.contains("description: \"Loads.\"\n")
            && text.ends_with("---\nid: daily\nnamespace: acme.team\n"),
        "{text}"
    );
}

#[test]
fn releases_are_read_page_by_page() {
    let mock = Mock::start(|request| {
        let page = request.query.get("page").map_or("1", String::as_str);
        let release = |number: usize| json!({"tag_name": format!("v1.{number}.0"), "published_at": format!("2026-01-01T00:{:02}:{:02}Z", number / 60, number % 60)});
        let numbers = if page == "1" { 0..100 } else { 100..130 };
        Reply::json(json!(numbers.map(release).collect::<Vec<_>>()).to_string())
    });
    let catalog = tempfile::tempdir().expect("a folder");
    let facts = catalog.path().join("facts");
    fs::create_dir_all(&facts).expect("made");
    let artifacts = json!({"plugin-a": {"repository": "acme/plugin-a", "artifacts": []}});
    fs::write(facts.join("artifacts.json"), artifacts.to_string()).expect("written");
    let folder = path(catalog.path());
    check(&["releases", "--base", &mock.url, "--catalog", folder, "facts", folder], 0);
    let text = fs::read_to_string(facts.join("releases.json")).expect("written");
    let releases: Value = serde_json::from_str(&text).expect("JSON");
    let list = releases["plugin-a"]["releases"].as_array().expect("a list");
    assert_eq!((list.len(), &list[0]["version"]), (130, &json!("1.129.0")));
}

#[test]
fn help_names_every_source() {
    let text = check(&["--help"], 0);
    for source in ["kestra", "public", "releases", "blueprints", "docs", "diff"] {
        assert!(text.contains(source), "{source}: {text}");
    }
}
