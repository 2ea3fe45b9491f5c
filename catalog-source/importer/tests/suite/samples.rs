//! Answers of real servers of three versions, replayed: what differs between them is the
//! importer's to know. The answers are third-party text and not part of this repository.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use catalog_importer::client::{Client, Credentials};
use catalog_importer::kestra::Instance;
use catalog_importer::summary::Summary;
use serde_json::Value;

use crate::mock::{Mock, Reply, Request};
use crate::recordings::{gz, shared};
use crate::support::{impatient, laid_over, overlay};

/// One version's answers by path.
struct Samples {
    answers: BTreeMap<String, (u16, Vec<u8>)>,
    /// Asks who is there.
    guarded: bool,
}

impl Samples {
    fn read(folder: &Path) -> Self {
        let text = fs::read_to_string(folder.join("samples.json")).expect("samples");
        let rows: Vec<Value> = serde_json::from_str(&text).expect("JSON");
        let mut samples = Self { answers: BTreeMap::new(), guarded: false };
        for row in rows.iter().filter(|row| row["method"] == "GET") {
            samples.guarded |= row["status"] == 401;
            samples.add(folder, row);
        }
        if folder.join("classes.jsonl.gz").exists() {
            let text = String::from_utf8(gz(&folder.join("classes.jsonl.gz"))).expect("UTF-8");
            for line in text.lines() {
                samples.add(folder, &serde_json::from_str(line).expect("JSON"));
            }
        }
        samples
    }

    /// Keeps an answer, if its body was kept.
    fn add(&mut self, folder: &Path, row: &Value) {
        let path = row["path"].as_str().expect("a path").trim_end_matches('/');
        let status = row["status"].as_u64().expect("a status") as u16;
        let body = match (row["bodyFile"].as_str(), &row["body"]) {
            (Some(file), _) => gz(&folder.join(file)),
            (None, Value::Null) => return,
            (None, body) => body.to_string().into_bytes(),
        };
        if status != 401 {
            self.answers.insert(path.to_owned(), (status, body));
        }
    }

    fn answer(&self, request: &Request) -> Reply {
        // `/configs` is open to all.
        if self.guarded && request.authorization.is_none() && request.path != "/api/v1/configs" {
            return Reply::unauthorized();
        }
        let all = request.query.get("all").is_some_and(|all| all == "true");
        let path = if all { format!("{}?all=true", request.path) } else { request.path.clone() };
        match self.answers.get(&path) {
            Some((status, body)) => Reply::new(*status, "application/json", body.clone()),
            None => Reply::error(404, "Not Found", &request.path),
        }
    }

    /// Classes of which both answers are there.
    fn classes(&self) -> BTreeSet<String> {
        let both = |class: &&str| {
            let all = self.answers.get(&format!("/api/v1/plugins/{class}?all=true"));
            self.answers[&format!("/api/v1/plugins/{class}")].0 == 200
                && all.is_some_and(|(status, _)| *status == 200)
        };
        let paths = self.answers.keys();
        let last = paths.filter_map(|path| path.strip_prefix("/api/v1/plugins/"));
        let classes = last.filter(|it| it.contains('.') && !it.contains(['/', '?']));
        classes.filter(both).map(str::to_owned).collect()
    }

    /// Lets a class fail as another one did.
    fn fail(&mut self, class: &str, as_this: &str) {
        for all in ["", "?all=true"] {
            let failure = self.answers[&format!("/api/v1/plugins/{as_this}{all}")].clone();
            assert_eq!(failure.0, 422, "{as_this}");
            self.answers.insert(format!("/api/v1/plugins/{class}{all}"), failure);
        }
    }
}

fn run(mock: &Mock, target: &Path, credentials: &Credentials) -> Summary {
    let client = Client::new(&mock.url, credentials, impatient()).expect("an address");
    overlay(&Instance::connect(client, Some("main"), None).expect("a Kestra"), target)
}

/// Imports from the samples; what was sampled of classes is in the catalog then.
fn check(samples: Samples, version: &str) -> Summary {
    let whole = samples.classes();
    assert!(whole.len() > 2, "{whole:?}");
    let answers = samples.answers.clone();
    let user = Credentials::Basic("me@example.com".into(), "Secret123".into());
    let credentials = if samples.guarded { user } else { Credentials::None };
    let mock = Mock::start(move |request| samples.answer(request));
    let target = tempfile::tempdir().expect("a folder");
    let summary = run(&mock, target.path(), &credentials);
    for failure in &summary.skipped {
        assert!(failure.place.starts_with(&mock.url) && !failure.remedy.is_empty(), "{failure}");
    }
    let (sources, catalog) = laid_over(target.path());
    let line = sources.lines.iter().position(|it| version.starts_with(&format!("{}.", it.name)));
    let line = line.unwrap_or_else(|| panic!("no line is that of {version}"));
    let mut compared = 0;
    for class in &whole {
        let Some(element) = catalog.elements.iter().find(|it| it.name == *class) else { continue };
        let schema = element.schemas[line].as_ref().expect("the line has the class");
        let (_, body) = &answers[&format!("/api/v1/plugins/{class}")];
        let said: Value = serde_json::from_slice(body).expect("JSON");
        let names = said["schema"]["properties"]["properties"].as_object();
        let names: BTreeSet<&String> = names.into_iter().flat_map(|it| it.keys()).collect();
        assert_eq!(names, schema.own.keys().collect(), "{class}");
        compared += 1;
    }
    // What is left is known to answer, but is in no list: old names.
    assert!(compared * 10 >= whole.len() * 8, "{compared} of {}: {summary}", whole.len());
    summary
}

/// The samples of a version, if they are there.
fn samples(version: &str) -> Option<Samples> {
    shared(&format!("rest-samples/{version}")).map(|folder| Samples::read(&folder))
}

#[test]
fn strings_for_classes_and_no_password_as_in_0_20() {
    let Some(samples) = samples("0.20.7") else { return };
    check(samples, "0.20.7");
}

#[test]
fn a_list_of_objects_and_a_failing_class_as_in_1_3() {
    let Some(mut samples) = samples("1.3.19") else { return };
    let debug = "io.kestra.plugin.core.debug.Return";
    samples.fail(debug, "io.kestra.plugin.aws.cli.AwsCLI");
    let summary = check(samples, "1.3.19");
    let failure = summary.skipped.iter().find(|it| it.place.contains(debug)).expect("it failed");
    assert!(failure.what.starts_with("422"), "{failure}");
}

#[test]
fn pages_as_in_2_0() {
    let Some(samples) = samples("2.0.0-mix") else { return };
    check(samples, "2.0.0");
}

#[test]
fn a_password_is_asked_for() {
    let Some(samples) = samples("1.3.19") else { return };
    let mock = Mock::start(move |request| samples.answer(request));
    let client = Client::new(&mock.url, &Credentials::None, impatient()).expect("an address");
    let refused = Instance::connect(client, None, None).expect_err("401");
    assert!(refused.what.contains("401"), "{refused}");
    assert!(refused.remedy.contains("--user"), "{refused}");
}
