//! What bad servers get: a failure that names the address and what helps, and the loss
//! of no more than what is bad.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use catalog_importer::assemble::Form;
use catalog_importer::client::{Client, Credentials, Patience};
use catalog_importer::failure::Failure;
use catalog_importer::import::{Options, import};
use catalog_importer::kestra::Instance;
use catalog_importer::summary::Summary;
use serde_json::Value;

use crate::mock::{Mock, Reply};
use crate::support::{client, impatient, instance};
use crate::tiny::{self, FETCH, LOG, SEND, asks_for};

fn options(target: &Path) -> Options {
    Options {
        target: target.to_owned(),
        form: Form::Overlay { fill: false },
        jobs: 2,
        catalog: None,
        date: "2026-11-24".into(),
    }
}

fn run(mock: &Mock, target: &Path) -> Summary {
    import(&instance(mock), &options(target)).expect("an import")
}

fn facts(target: &Path, file: &str) -> Value {
    let text =
        fs::read_to_string(target.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_str(&text).expect("JSON")
}

/// A server that answers `reply` for one of the classes: the others are imported, and
/// the failure says what is wrong.
#[track_caller]
fn check_class(reply: impl Fn() -> Reply + Send + Sync + 'static, what: &str) {
    let mock = tiny::start(move |request| asks_for(request, SEND).then(&reply));
    let target = tempfile::tempdir().expect("a folder");
    let summary = run(&mock, target.path());
    assert_eq!(summary.skipped.len(), 1, "{summary}");
    let failure = &summary.skipped[0];
    assert!(failure.place.starts_with(&format!("{}/api/v1/plugins/{SEND}", mock.url)), "{failure}");
    assert!(failure.what.contains(what), "{failure}");
    assert!(!failure.remedy.is_empty());
    let classes = &facts(target.path(), "facts/plugins/plugin-mail.json")["classes"];
    assert!(classes.get(FETCH).is_some() && classes.get(SEND).is_none(), "{classes}");
}

#[test]
fn a_class_that_kestra_cannot_describe() {
    let text = "no schema can be made of x";
    check_class(move || Reply::error(422, text, "x"), text);
}

#[test]
fn a_class_that_fails_on_the_server() {
    check_class(|| Reply::error(500, "Internal server error: y", "x"), "Internal server error: y");
}

#[test]
fn a_class_that_is_gone() {
    check_class(|| Reply::error(404, "Not Found", "x"), "404");
}

#[test]
fn html_instead_of_json() {
    check_class(|| Reply::new(200, "text/html", "<!doctype html>"), "HTML instead of JSON");
}

#[test]
fn html_that_says_it_is_json() {
    check_class(|| Reply::json("\n<html></html>"), "HTML instead of JSON");
}

#[test]
fn a_body_that_ends_early() {
    let cut = || Reply { cut: Some(10), ..Reply::json("x".repeat(100)) };
    check_class(cut, "");
}

#[test]
fn json_that_ends_early() {
    check_class(|| Reply::json("{\"schema\": {"), "ends after 12 bytes");
}

#[test]
fn a_body_that_is_not_utf_8() {
    check_class(|| Reply::json(b"{\"a\": \"\xff\"}".to_vec()), "not UTF-8 from byte 7 on");
}

#[test]
fn a_class_without_a_schema() {
    check_class(|| Reply::json("{\"markdown\": \"\"}"), "without a schema");
}

#[test]
fn a_slow_class_is_given_up() {
    let mock = tiny::start(|request| {
        let delay = Duration::from_secs(20);
        asks_for(request, SEND).then(|| Reply { delay, ..Reply::json("{}") })
    });
    let patience = Patience { timeout: Duration::from_millis(200), retries: 1, ..impatient() };
    let client = Client::new(&mock.url, &Credentials::None, patience).expect("an address");
    let instance = Instance::connect(client, None, None).expect("a Kestra");
    let target = tempfile::tempdir().expect("a folder");
    let summary = import(&instance, &options(target.path())).expect("an import");
    assert_eq!(summary.skipped.len(), 1, "{summary}");
    assert_eq!(summary.skipped[0].what, "no answer in time");
}

#[test]
fn a_server_that_is_busy_is_asked_again() {
    let tries = AtomicUsize::new(0);
    let mock = tiny::start(move |request| {
        let busy = asks_for(request, SEND) && tries.fetch_add(1, Ordering::Relaxed) < 2;
        busy.then(|| Reply::error(503, "Service Unavailable", "x"))
    });
    let target = tempfile::tempdir().expect("a folder");
    let summary = run(&mock, target.path());
    assert!(summary.skipped.is_empty(), "{summary}");
    let asked = mock.paths().iter().filter(|path| path.contains(SEND)).count();
    assert_eq!(asked, 4, "twice busy, then without and with what is inherited");
}

/// A failure that every request would meet ends the run and says so.
#[track_caller]
fn check_connect(result: Result<Instance, Failure>, what: &str, remedy: &str) {
    let failure = result.expect_err("no Kestra");
    assert!(failure.what.contains(what), "{failure}");
    assert!(failure.remedy.contains(remedy), "{failure}");
}

#[test]
fn wrong_credentials() {
    let mock = tiny::start(|request| {
        let right = request.authorization.as_deref() == Some("Basic dUBhY21lLm9yZzpQYXNzdzByZA==");
        (request.path != "/api/v1/configs" && !right).then(Reply::unauthorized)
    });
    check_connect(Instance::connect(client(&mock), None, None), "401", "--user");
    let right = Credentials::Basic("u@acme.org".into(), "Passw0rd".into());
    let client = Client::new(&mock.url, &right, impatient()).expect("an address");
    Instance::connect(client, None, None).expect("a Kestra");
}

#[test]
fn a_token_is_sent_as_bearer() {
    let mock = tiny::start(|request| {
        let right = request.authorization.as_deref() == Some("Bearer abc");
        (!right).then(Reply::unauthorized)
    });
    let client = Client::new(&mock.url, &Credentials::Token("abc".into()), impatient());
    Instance::connect(client.expect("an address"), None, None).expect("a Kestra");
}

#[test]
fn a_host_that_does_not_answer() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        format!("http://{}", listener.local_addr().expect("bound"))
    };
    let client = Client::new(&closed, &Credentials::None, impatient()).expect("an address");
    check_connect(Instance::connect(client, None, None), "cannot be reached", "is Kestra running");
}

#[test]
fn a_server_that_does_not_say_its_version() {
    let mock = tiny::start(|request| {
        (request.path == "/api/v1/configs").then(|| Reply::error(404, "Not Found", "x"))
    });
    check_connect(Instance::connect(client(&mock), None, None), "version", "--kestra-version");
    let instance = Instance::connect(client(&mock), None, Some("v1.1.3")).expect("a Kestra");
    assert_eq!(instance.line(), "1.1");
}

#[test]
fn a_tenant_in_the_path() {
    let mock = tiny::start(|request| {
        let plain = request.path.starts_with("/api/v1/plugins");
        plain.then(|| Reply::error(404, "Not Found", "x"))
    });
    check_connect(Instance::connect(client(&mock), None, None), "404", "does not have it");
    let with_tenant = tiny::start(|request| tiny::answer_below(request, "/api/v1/acme"));
    let instance = Instance::connect(client(&with_tenant), Some("acme"), None);
    assert_eq!(instance.expect("a Kestra").prefix, "/api/v1/acme");
}

#[test]
fn a_flow_schema_that_fails_as_a_whole_is_noted() {
    let mock = tiny::start(|request| {
        let flow = request.path.ends_with("/schemas/flow");
        flow.then(|| Reply::error(422, "no schema of a flow can be made", "x"))
    });
    let target = tempfile::tempdir().expect("a folder");
    let summary = run(&mock, target.path());
    assert!(
        summary.notes.iter().any(|note| note.what.contains("catalog's own flow schema")),
        "{summary}"
    );
    assert!(!target.path().join("facts/2.0/flow.json").exists());
    assert!(facts(target.path(), "facts/2.0/core.json")["classes"].get(LOG).is_some());
}

#[test]
fn a_run_that_was_cut_short_goes_on() {
    let failing = std::sync::Arc::new(AtomicUsize::new(1));
    let fails = std::sync::Arc::clone(&failing);
    let mock = tiny::start(move |request| {
        let fail = fails.load(Ordering::Relaxed) == 1 && asks_for(request, SEND);
        fail.then(|| Reply::error(500, "x", "x"))
    });
    let target = tempfile::tempdir().expect("a folder");
    assert_eq!(run(&mock, target.path()).skipped.len(), 1);
    assert!(target.path().join(".importer").exists());
    failing.store(0, Ordering::Relaxed);
    let before = mock.paths().len();
    assert!(run(&mock, target.path()).skipped.is_empty());
    let asked = mock.paths().split_off(before);
    assert!(asked.iter().any(|path| path.contains(SEND)), "{asked:?}");
    assert!(!asked.iter().any(|path| path.contains(FETCH)), "{asked:?}");
    assert!(!target.path().join(".importer").exists());
    assert!(facts(target.path(), "facts/plugins/plugin-mail.json")["classes"].get(SEND).is_some());
}

#[test]
fn a_second_run_writes_nothing_new() {
    let mock = tiny::start(|_| None);
    let target = tempfile::tempdir().expect("a folder");
    assert!(run(&mock, target.path()).written > 0);
    let again = run(&mock, target.path());
    assert_eq!(again.written, 0, "{again}");
}

#[test]
fn an_overlay_keeps_facts_and_texts_apart() {
    let mock = tiny::start(|_| None);
    let target = tempfile::tempdir().expect("a folder");
    run(&mock, target.path());
    let text = |file: &str| fs::read_to_string(target.path().join(file)).expect("written");
    assert!(!text("facts/plugins/plugin-mail.json").contains("Receiver"));
    let texts = facts(target.path(), "texts/plugin-mail.json");
    assert_eq!(texts["classes"][SEND]["title"], "Send a mail");
    assert_eq!(
        texts["classes"][SEND]["properties"]["to"],
        serde_json::json!({"title": "Receiver"})
    );
    assert_eq!(texts["classes"][SEND]["outputs"]["id"], "");
    assert_eq!(
        facts(target.path(), "texts/core.json")["inherited"]["io.kestra.Cache"]["title"],
        "A cache"
    );
    assert_eq!(text(&format!("examples/{SEND}.yaml")), "id: x\n");
    let mail = facts(target.path(), "facts/plugins/plugin-mail.json");
    assert_eq!(mail["artifact"], "org.acme.mail:plugin-mail:1.2.3");
    assert_eq!(mail["classes"][FETCH]["deprecated"], true);
}
