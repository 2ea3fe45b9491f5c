//! The command `validate`, started as a user starts it.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

const GOOD: &str = "id: a\nnamespace: b\ntasks:\n  - id: t\n    type: io.kestra.plugin.core.log.Log\n    message: x\n";
const OLDER: &str = "id: a\nnamespace: b\ntasks:\n  - id: each\n    type: io.kestra.plugin.core.flow.ForEach\n    values: [1]\n    tasks:\n      - id: t\n        type: io.kestra.plugin.core.log.Log\n        message: x\n";

fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("the folder can be made");
    for (file, text) in files {
        fs::write(folder.join(file), text).expect("the file can be written");
    }
    folder
}

fn run(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kestra-mcp"))
        .arg("validate")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("it reads stdin");
    child.wait_with_output().expect("it ends")
}

#[track_caller]
fn check(arguments: &[&str], input: &str, code: i32) -> String {
    let output = run(arguments, input);
    let text = String::from_utf8(output.stdout).expect("text");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{text}{errors}");
    text
}

#[test]
fn people_see_the_line_and_a_caret() {
    let bad = GOOD.replace("message", "messag");
    let text = check(&["-"], &bad, 1);
    let start = "<stdin>:4:5: error: missing required property `message` of io.kestra.plugin.core.log.Log\n    4 |   - id: t\n      |     ^\n";
    assert!(text.starts_with(start), "{text}");
    assert!(text.contains("<stdin>:6:5: error: unknown property `messag`"), "{text}");
    assert!(text.ends_with("1 flow: 2 errors, 0 warnings\n"), "{text}");
    assert_eq!(check(&["-"], GOOD, 0), "1 flow: 0 errors, 0 warnings\n");
}

#[test]
fn programs_get_json_annotations_and_sarif() {
    let bad = GOOD.replace("message", "messag");
    let json: serde_json::Value =
        serde_json::from_str(&check(&["-", "--format", "json"], &bad, 1)).expect("JSON");
    assert_eq!(json["files"][0]["errors"][1]["path"], "tasks[0].messag");
    let github = check(&["-", "--format", "github"], &bad, 1);
    assert!(github.starts_with("::error file=<stdin>,line=4,col=5::missing required"), "{github}");
    let sarif: serde_json::Value =
        serde_json::from_str(&check(&["-", "--format", "sarif"], &bad, 1)).expect("JSON");
    let region = &sarif["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region["startLine"], 6);
}

#[test]
fn an_upgrade_names_every_place_and_what_to_write() {
    let folder = folder("upgrade", &[("a.yaml", OLDER), ("b.yml", GOOD), ("c.txt", "no flow")]);
    let folder = folder.to_str().expect("text");
    let text = check(&["--from", "1.3", "--to", "2.0", folder], "", 1);
    assert!(
        text.contains(
            "a.yaml:5:5: error: Kestra 2.0 has no class io.kestra.plugin.core.flow.ForEach"
        ),
        "{text}"
    );
    assert!(text.contains("io.kestra.plugin.core.flow.Loop"), "{text}");
    assert!(text.ends_with("2 flows: 1 error, 0 warnings\n"), "{text}");
    check(&["--kestra", "1.3", folder], "", 0);
    check(&[folder], "", 1);
}

#[test]
fn wrong_usage_ends_with_two() {
    for arguments in [
        &["no-such-file.yaml"][..],
        &[],
        &["-", "--format", "xml"],
        &["-", "--from", "1.3"],
        &["-", "--from", "0.1", "--to", "2.0"],
    ] {
        let output = run(arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}
