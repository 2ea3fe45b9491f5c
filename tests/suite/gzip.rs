//! Answers to clients that take gzip: the same bytes once they are unpacked.

use std::io::{Read, Write};
use std::net::TcpStream;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use kestra_mcp::model::catalog;
use serde_json::{Value, json};

use crate::support::{Response, connect, exchange, post, shared_server};

const MODERN: &str = "2026-07-28";

/// A request in one era.
fn request(method: &str, mut params: Value, modern: bool, headers: &str) -> Vec<u8> {
    let mut headers = headers.to_owned();
    if modern {
        headers += &format!("mcp-protocol-version: {MODERN}\r\nmcp-method: {method}\r\n");
        if let Some(name) = params["name"].as_str() {
            headers += &format!("mcp-name: {name}\r\n");
        }
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": MODERN,
            "io.modelcontextprotocol/clientCapabilities": {},
        });
    }
    let body = json!({"jsonrpc": "2.0", "id": "a", "method": method, "params": params});
    post(&headers, &body.to_string())
}

fn tool(name: &str, arguments: Value) -> (&'static str, Value) {
    ("tools/call", json!({"name": name, "arguments": arguments}))
}

/// The plain answer and what a client that takes gzip gets.
fn both(
    stream: &mut TcpStream,
    (method, params): &(&str, Value),
    modern: bool,
) -> (Vec<u8>, Response) {
    let plain = exchange(stream, &request(method, params.clone(), modern, ""));
    assert_eq!(plain.header("content-encoding"), None);
    let asked = request(method, params.clone(), modern, "accept-encoding: br, gzip\r\n");
    (plain.body, exchange(stream, &asked))
}

/// Checks that both mean the same, and returns how long each is and how long whole-answer
/// compression would make it; `None` if the answer was not compressed.
#[track_caller]
fn check(stream: &mut TcpStream, call: &(&str, Value), modern: bool) -> Option<[usize; 2]> {
    let (plain, response) = both(stream, call, modern);
    if response.header("content-encoding").is_none() {
        assert_eq!(response.body, plain, "{call:?}");
        return None;
    }
    assert_eq!(response.header("content-encoding"), Some("gzip"), "{call:?}");
    assert_eq!(response.header("vary"), Some("accept-encoding"), "{call:?}");
    let mut unpacked = Vec::new();
    // Fails too where the check sum or the length is wrong, or blocks are missing.
    GzDecoder::new(&response.body[..])
        .read_to_end(&mut unpacked)
        .unwrap_or_else(|error| panic!("{error}: {call:?}"));
    assert!(unpacked == plain, "another answer than without gzip: {call:?}");
    let mut whole = GzEncoder::new(Vec::new(), Compression::new(6));
    whole.write_all(&plain).expect("memory can be written");
    Some([response.body.len(), whole.finish().expect("memory can be written").len()])
}

fn names(completions: usize) -> impl Iterator<Item = &'static str> {
    catalog::entries(catalog::COMPLETIONS[completions]).map(catalog::text)
}

#[test]
fn every_kind_of_long_answer_is_compressed() {
    let calls = [
        ("tools/list", json!({})),
        tool("task_schema", json!({"cls": "io.kestra.plugin.aws.s3.Upload"})),
        tool("task_schema", json!({"cls": "io.kestra.plugin.aws.s3.Upload", "all": true})),
        tool("task_schema", json!({"cls": "io.kestra.plugin.aws.s3.Upload", "foo": 1})),
        tool("task_schema", json!({"cls": "io.kestra.plugin.scripts.python.Script"})),
        tool("list_plugins", json!({})),
        tool("plugin_tasks", json!({"plugin": "plugin-aws"})),
        tool("list_triggers", json!({})),
        tool("get_doc", json!({"parsedUrl": "docs/workflow-components/triggers"})),
    ];
    let mut stream = connect(shared_server());
    for call in &calls {
        for modern in [false, true] {
            let compressed = check(&mut stream, call, modern);
            assert!(compressed.is_some(), "not compressed: {call:?}");
        }
    }
}

#[test]
fn other_answers_are_right_too() {
    let calls = [
        ("ping", json!({})),
        ("resources/list", json!({})),
        ("prompts/list", json!({})),
        ("resources/read", json!({"uri": "kestra://class/io.kestra.plugin.aws.s3.Upload"})),
        tool("search", json!({"query": "upload a file to s3", "limit": 50})),
        tool("blueprints", json!({"limit": 50})),
        tool("list_triggers", json!({"query": "file"})),
        tool("task_schema", json!({"cls": "io.kestra.core.tasks.log.Log"})),
        tool("task_schema", json!({"cls": "no.such.Class"})),
        tool("task_schema", json!({"cls": ["s3.Upload", "s3.Download"]})),
        tool("plugin_tasks", json!({"plugin": "plugin-jdbc"})),
        tool("plugin_versions", json!({"plugin": "plugin-gcp"})),
        tool("versions", json!({})),
        tool("list_doc_children", json!({})),
    ];
    let mut stream = connect(shared_server());
    for call in &calls {
        for modern in [false, call.0 != "ping"] {
            check(&mut stream, call, modern);
        }
    }
}

#[test]
fn the_whole_catalog_unpacks_to_what_it_is() {
    let mut stream = connect(shared_server());
    let mut default = [0, 0];
    for class in names(0) {
        let lengths = check(&mut stream, &tool("task_schema", json!({"cls": class})), false);
        default = [0, 1].map(|at| default[at] + lengths.map_or(0, |it| it[at]));
        let older = json!({"cls": class, "all": true, "kestra": "1.3"});
        check(&mut stream, &tool("task_schema", older), false);
    }
    for id in names(2) {
        check(&mut stream, &tool("get_blueprint_flow", json!({"id": id})), false);
    }
    for path in names(3) {
        check(&mut stream, &tool("get_doc", json!({"parsedUrl": path})), false);
    }
    let [sent, whole] = default;
    assert!(sent > 0 && sent * 100 <= whole * 125, "{sent} bytes, {whole} compressed as a whole");
}

#[test]
fn who_does_not_ask_gets_plain_answers() {
    let mut stream = connect(shared_server());
    let refused = "accept-encoding: gzip;q=0, br\r\n";
    for headers in ["", refused, "accept: text/event-stream\r\naccept-encoding: gzip\r\n"] {
        let response = exchange(&mut stream, &request("tools/list", json!({}), false, headers));
        assert_eq!(response.header("content-encoding"), None, "{headers}");
        assert!(response.text().contains("\"tools\":["), "{headers}");
    }
}
