//! After it started, the program opens, asks and dials nothing: system calls are traced
//! while every tool is called over HTTP and over stdio.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use kestra_mcp::tools::TOOLS;
use serde_json::{Value, json};

/// System calls that look at files, names, random numbers or other machines.
const TRACED: &str = "trace=open,openat,openat2,creat,stat,lstat,newfstatat,statx,access,faccessat,faccessat2,readlink,readlinkat,getdents64,connect,sendto,getrandom,execve,socket,uname,sysinfo";

/// A program under strace, and where its trace is written. Its threads end with it.
struct Traced {
    child: Child,
    trace: PathBuf,
}

impl Traced {
    /// Starts the program. `None`, with the reason printed, where nothing can be traced.
    fn start(name: &str, arguments: &[&str]) -> Option<Self> {
        let trace = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let works = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
        if !works.is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: strace is not here or may not trace");
            return None;
        }
        let child = Command::new("strace")
            .args(["-f", "-qq", "-e", TRACED, "-o"])
            .arg(&trace)
            .arg(env!("CARGO_BIN_EXE_kestra-mcp"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("strace starts");
        Some(Self { child, trace })
    }

    /// What was traced so far: one line a call.
    fn lines(&self) -> Vec<String> {
        let text = std::fs::read_to_string(&self.trace).expect("strace writes it");
        text.lines().map(str::to_owned).collect()
    }

    /// Fails on calls after the first `before`, those of the end of the program set aside.
    #[track_caller]
    fn assert_silent_since(&self, before: usize) {
        let lines = self.lines();
        let loud: Vec<&String> = lines[before..]
            .iter()
            .filter(|line| !line.contains("+++") && !line.contains("---"))
            .collect();
        assert!(loud.is_empty(), "system calls while serving:\n{loud:#?}");
    }
}

impl Drop for Traced {
    fn drop(&mut self) {
        // strace passes the end of its own life on to the program.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Calls of every tool: without arguments, which is a miss for some, and with some.
fn calls() -> Vec<String> {
    let mut calls = Vec::new();
    for tool in TOOLS {
        for arguments in [
            json!({}),
            json!({
                "query": "s3", "plugin": "plugin-aws", "cls": "io.kestra.plugin.core.log.Log",
                "id": "csv-to-postgres", "parsedUrl": "docs/concepts/secret", "path": "docs",
                "flow": "id: a\nnamespace: b\ntasks:\n  - id: c\n    type: io.kestra.plugin.core.log.Log\n    message: d\n",
            }),
            json!({"query": "consme", "plugin": "nothing", "cls": "Nothing", "id": "no", "parsedUrl": "no", "flow": ":"}),
        ] {
            let params = json!({"name": tool.name, "arguments": arguments});
            let call = json!({"jsonrpc": "2.0", "id": calls.len(), "method": "tools/call", "params": params});
            calls.push(call.to_string());
        }
    }
    calls
}

#[test]
fn http_looks_at_nothing_while_it_serves() {
    let Some(mut traced) = Traced::start("trace-http", &["--listen", "127.0.0.1:0"]) else {
        return;
    };
    let mut errors = BufReader::new(traced.child.stderr.take().expect("it is piped"));
    let mut line = String::new();
    errors.read_line(&mut line).expect("the program says where it listens");
    let address = line.trim().rsplit("http://").next().and_then(|url| url.split('/').next());
    let address = address.expect("an address").to_owned();
    // The address is told before the threads that serve it have started, each with a seed
    // for its own hash tables: the start is over when pings leave no trace any more.
    let mut quiet = 0;
    while quiet < 20 {
        let lines = traced.lines().len();
        let pong = post(&address, r#"{"jsonrpc":"2.0","id":0,"method":"ping"}"#);
        assert_eq!(pong["result"], json!({}));
        std::thread::sleep(Duration::from_millis(5));
        quiet = if traced.lines().len() == lines { quiet + 1 } else { 0 };
    }
    let before = traced.lines().len();
    assert!(before > 0, "the start opens files, so that the trace is seen to work");
    for call in calls() {
        assert!(post(&address, &call)["result"].is_object(), "{call}");
    }
    traced.assert_silent_since(before);
}

fn post(address: &str, body: &str) -> Value {
    let mut stream = TcpStream::connect(address).expect("the program listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("it is not zero");
    let head = format!(
        "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("the program reads");
    stream.write_all(body.as_bytes()).expect("the program reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the program answers");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error} in {body}"))
}

#[test]
fn stdio_looks_at_nothing_while_it_serves() {
    let Some(mut traced) = Traced::start("trace-stdio", &["stdio"]) else { return };
    let mut input = traced.child.stdin.take().expect("it is piped");
    let mut output = BufReader::new(traced.child.stdout.take().expect("it is piped"));
    let mut ask = |message: &str| {
        writeln!(input, "{message}").expect("the program reads");
        let mut line = String::new();
        output.read_line(&mut line).expect("the program answers");
        serde_json::from_str::<Value>(&line).unwrap_or_else(|error| panic!("{error} in {line}"))
    };
    assert_eq!(ask(r#"{"jsonrpc":"2.0","id":0,"method":"ping"}"#)["result"], json!({}));
    let before = traced.lines().len();
    assert!(before > 0, "the start opens files, so that the trace is seen to work");
    for call in calls() {
        assert!(ask(&call)["result"].is_object(), "{call}");
    }
    traced.assert_silent_since(before);
}
