use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_kestra-mcp"))
}

fn run(arguments: &[&str]) -> Output {
    program().args(arguments).stdin(Stdio::null()).output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is UTF-8")
}

#[test]
fn bad_usage_is_one_line_and_exit_code_2() {
    for arguments in [
        &["--no-such-flag"][..],
        &["frobnicate"],
        &["--listen", "nowhere"],
        &["completions", "no-such-shell"],
        &["--max-body", "0"],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(text(&output.stderr).lines().count(), 1, "{}", text(&output.stderr));
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_bad_number_says_what_to_write() {
    for (arguments, advice) in [
        (&["search", "s3", "--limit", "ten"][..], "whole number"),
        (&["--body-timeout", "5s"], "without units"),
        (&["--max-body", "0"], "from 1 to"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(advice), "{}", text(&output.stderr));
    }
}

#[test]
fn a_list_may_be_typed_with_commas_or_as_words() {
    let classes = ["io.kestra.plugin.core.log.Log", "io.kestra.plugin.core.http.Request"];
    let with_comma = run(&["task-schema", &classes.join(",")]);
    let as_words = run(&["task-schema", classes[0], classes[1]]);
    assert!(text(&with_comma.stdout).contains("\"schemas\":["), "{}", text(&with_comma.stdout));
    assert_eq!(with_comma.stdout, as_words.stdout);
}

#[test]
fn a_port_in_use_is_one_line_and_exit_code_2() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = taken.local_addr().expect("it is bound").to_string();
    let output = run(&["--listen", &address]);
    assert_eq!(output.status.code(), Some(2));
    let error = text(&output.stderr);
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(error.contains(&address) && error.contains("--listen"), "{error}");
}

#[test]
fn help_and_version_go_to_stdout() {
    let help = run(&["--help"]);
    assert!(help.status.success());
    for word in ["serve", "stdio", "--listen", "search", "Examples:", "Exit codes"] {
        assert!(text(&help.stdout).contains(word), "{word}");
    }
    let version = run(&["--version"]);
    assert!(text(&version.stdout).contains(kestra_mcp::model::catalog::VERSION));
}

#[test]
fn every_tool_is_a_command() {
    for tool in kestra_mcp::tools::TOOLS {
        let name = tool.name.replace('_', "-");
        let help = run(&[&name, "--help"]);
        assert!(help.status.success(), "{name}: {}", text(&help.stderr));
    }
}

#[test]
fn completions_are_printed() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(text(&run(&["completions", shell]).stdout).contains("kestra-mcp"), "{shell}");
    }
}

#[test]
fn the_manifest_is_json() {
    let manifest = run(&["catalog"]);
    let manifest: serde_json::Value = serde_json::from_slice(&manifest.stdout).expect("JSON");
    assert_eq!(manifest["catalog"], kestra_mcp::model::catalog::VERSION);
}

fn start(arguments: &[&str]) -> Child {
    program()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args([name, &id]).status().expect("kill is there");
    assert!(sent.success());
}

/// Reads the line that tells where the server listens.
fn url(child: &mut Child) -> String {
    let mut line = String::new();
    let stderr = child.stderr.take().expect("it is a pipe");
    let mut stderr = BufReader::new(stderr);
    stderr.read_line(&mut line).expect("a line comes");
    child.stderr = Some(stderr.into_inner());
    let at = line.find("http://").unwrap_or_else(|| panic!("no URL in {line}"));
    line[at..].trim().to_owned()
}

#[test]
fn a_server_says_where_it_is_and_stops_on_a_signal() {
    for name in ["-TERM", "-INT"] {
        let mut child = start(&["--listen", "127.0.0.1:0"]);
        let url = url(&mut child);
        let address = url.trim_start_matches("http://").trim_end_matches("/mcp");
        let mut stream = crate::support::connect(address.parse().expect("an address"));
        let ping = crate::support::post("", r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#);
        assert_eq!(crate::support::exchange(&mut stream, &ping).status, 200);
        signal(&child, name);
        assert_eq!(child.wait().expect("it ends").code(), Some(0), "{name}");
        assert!(crate::support::read_response(&mut stream).is_none(), "idle connections end");
    }
}

#[test]
fn stdio_answers_and_ends_with_its_input() {
    let mut child = start(&["stdio"]);
    let mut input = child.stdin.take().expect("it is a pipe");
    input
        .write_all(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\nnonsense\n")
        .expect("it reads");
    let mut output = BufReader::new(child.stdout.take().expect("it is a pipe"));
    let mut line = String::new();
    output.read_line(&mut line).expect("a line comes while the input is open");
    assert_eq!(line, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n");
    drop(input);
    let mut rest = String::new();
    output.read_to_string(&mut rest).expect("it ends");
    assert!(rest.contains("-32700"), "{rest}");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn stdio_ends_on_a_signal_while_its_input_is_open() {
    let mut child = start(&["stdio"]);
    let mut input = child.stdin.take().expect("it is a pipe");
    input.write_all(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n").expect("it reads");
    let mut output = BufReader::new(child.stdout.take().expect("it is a pipe"));
    output.read_line(&mut String::new()).expect("it is up");
    signal(&child, "-TERM");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

/// Waits for a program to end, but not for ever.
#[track_caller]
fn exit_code(child: &mut Child) -> Option<i32> {
    for _ in 0..500 {
        if let Some(status) = child.try_wait().expect("it is a child") {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let _ = child.kill();
    panic!("it did not end within 5 seconds");
}

#[test]
fn stdio_ends_on_a_signal_while_nobody_reads() {
    for name in ["-TERM", "-INT"] {
        let mut child = start(&["stdio"]);
        let mut input = child.stdin.take().expect("it is a pipe");
        // Their answers are more than a pipe holds.
        for _ in 0..30 {
            input
                .write_all(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}\n")
                .expect("it reads");
        }
        // It is up once an answer begins; then it goes on until the pipe is full.
        let output = child.stdout.as_mut().expect("it is a pipe");
        output.read_exact(&mut [0]).expect("it answers");
        std::thread::sleep(Duration::from_millis(200));
        signal(&child, name);
        assert_eq!(exit_code(&mut child), Some(0), "{name}");
    }
}

#[test]
fn nobody_has_to_read_what_is_logged() {
    let mut child = start(&["--listen", "127.0.0.1:0", "--log", "debug"]);
    let url = url(&mut child);
    drop(child.stderr.take());
    let address = url.trim_start_matches("http://").trim_end_matches("/mcp");
    let address = address.parse().expect("an address");
    let ping = crate::support::post("", r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#);
    for _ in 0..3 {
        let mut stream = crate::support::connect(address);
        assert_eq!(crate::support::exchange(&mut stream, &ping).status, 200);
    }
    signal(&child, "-TERM");
    assert_eq!(exit_code(&mut child), Some(0));
}

#[test]
fn an_error_that_nobody_reads_is_still_one() {
    for arguments in [&["frobnicate"][..], &["validate", "/no/such/file"]] {
        let mut child = program();
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut child = child.args(arguments).stderr(writer).spawn().expect("it starts");
        assert_eq!(exit_code(&mut child), Some(2), "{arguments:?}");
    }
}

#[test]
fn stdio_ends_quietly_when_nobody_reads() {
    let mut child = start(&["stdio"]);
    drop(child.stdout.take());
    let mut input = child.stdin.take().expect("it is a pipe");
    // The program may be gone before all is written.
    for _ in 0..10 {
        let _ = input.write_all(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n");
    }
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    let mut errors = String::new();
    child.stderr.take().expect("it is a pipe").read_to_string(&mut errors).expect("UTF-8");
    assert_eq!(errors, "");
}

#[test]
fn a_search_is_explained() {
    let output = run(&["search", "--explain", "--limit", "5", "uplaod", "s3", "trigger"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let table = text(&output.stdout);
    for line in ["uplaod ", "1 slip", "names a kind", "of the kind: trigger"] {
        assert!(table.contains(line), "no `{line}` in\n{table}");
    }
    // The hits are those of the tool, in the same order.
    let plain = run(&["search", "--limit", "5", "uplaod s3 trigger"]);
    let plain: serde_json::Value = serde_json::from_slice(&plain.stdout).expect("JSON");
    let hits = plain["results"].as_array().expect("results");
    assert_eq!(hits.len(), 5);
    let mut from = 0;
    for hit in hits {
        let name = hit["type"].as_str().expect("a class");
        let at = table[from..].find(name);
        from += at.unwrap_or_else(|| panic!("{name} is not in its place in\n{table}"));
    }
    assert!(table.contains(&format!("5 of {} hits", plain["total"])), "{table}");
}

#[test]
fn a_search_in_all_sources_is_explained_by_source() {
    let table = text(&run(&["search", "kafka", "--explain", "--type", "all"]).stdout);
    for source in ["classes, weight", "blueprints, weight", "docs, weight", "blog, weight"] {
        assert!(table.contains(source), "{table}");
    }
}

#[test]
fn what_cannot_be_explained_is_a_miss() {
    for arguments in
        [&["search", "--explain", "?!"][..], &["search", "--explain", "--type", "x", "y"]]
    {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(1));
        let miss: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert!(miss["error"].is_string(), "{miss}");
    }
}
