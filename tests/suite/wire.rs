use std::path::Path;

use kestra_mcp::transport::{Limits, stdio};
use serde_json::{Map, Value, json};

use crate::expect::compare;
use crate::support::{Response, connect, exchange, server, shared_server};

const MODERN: &str = "2026-07-28";

/// The names of all cases.
pub(crate) fn names() -> Vec<String> {
    cases().iter().map(|case| text(&case["name"]).to_owned()).collect()
}

fn cases() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire");
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .expect("tests/wire is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    let files = paths.iter().map(|path| {
        let text = std::fs::read_to_string(path).expect("it can be read");
        serde_json::from_str::<Value>(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    });
    files.flat_map(|file| file["cases"].as_array().cloned().unwrap_or_default()).collect()
}

#[test]
fn every_case_over_http() {
    let failures: Vec<String> =
        cases().iter().filter_map(|case| failure(case, over_http)).collect();
    assert!(failures.is_empty(), "{} cases fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_case_over_stdio() {
    let cases: Vec<Value> =
        cases().into_iter().filter(|case| case.get("stdio").is_some()).collect();
    let failures: Vec<String> = cases.iter().filter_map(|case| failure(case, over_stdio)).collect();
    assert!(failures.is_empty(), "{} cases fail:\n{}", failures.len(), failures.join("\n"));
    assert!(cases.len() > 90, "only {} cases for stdio", cases.len());
}

fn failure(case: &Value, run: impl Fn(&Value) -> Result<(), String>) -> Option<String> {
    run(case).err().map(|error| format!("{}\n   {error}", text(&case["name"])))
}

fn over_http(case: &Value) -> Result<(), String> {
    let request = request(&case["send"]);
    let response = exchange(&mut connect(shared_server()), &request);
    let expected = &case["http"];
    if json!(response.status) != expected["status"] {
        return Err(format!("status {} with {:?}", response.status, response.text()));
    }
    for (name, value) in expected["headers"].as_object().into_iter().flatten() {
        if response.header(name) != value.as_str() {
            return Err(format!("{name} is {:?}", response.header(name)));
        }
    }
    body(expected, &response)
}

fn body(expected: &Value, response: &Response) -> Result<(), String> {
    if let Some(text) = expected.get("text") {
        return compare(text, &json!(response.text()));
    }
    if let Some(events) = expected.get("events") {
        let sent: Option<Vec<Value>> = response
            .text()
            .split_terminator("\n\n")
            .map(|event| serde_json::from_str(event.strip_prefix("event: message\ndata: ")?).ok())
            .collect();
        return compare(events, &json!(sent.ok_or(format!("no events: {:?}", response.text()))?));
    }
    if response.body.contains(&b'\n') {
        return Err("a reply is one line (J8)".into());
    }
    compare(&expected["json"], &response.json())
}

fn over_stdio(case: &Value) -> Result<(), String> {
    let mut line = body_of(&case["send"]);
    line.push(b'\n');
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("it starts");
    let mut output = Vec::new();
    runtime
        .block_on(stdio::serve(
            &server(Limits::default(), false),
            line.as_slice(),
            &mut output,
            std::future::pending(),
        ))
        .expect("memory can be read and written");
    let output = String::from_utf8(output).expect("replies are UTF-8");
    let lines: Vec<Value> = output
        .lines()
        .map(|line| serde_json::from_str(line).map_err(|e| format!("{e} in {line}")))
        .collect::<Result<_, _>>()?;
    let expected = match &case["stdio"] {
        Value::Null => json!([]),
        Value::String(_) if case["http"].get("events").is_some() => case["http"]["events"].clone(),
        Value::String(_) => json!([case["http"]["json"]]),
        other => json!([other]),
    };
    compare(&expected, &Value::Array(lines))
}

/// The bytes of a case's HTTP request.
fn request(send: &Value) -> Vec<u8> {
    let body = body_of(send);
    let mut bytes = format!(
        "{} {} HTTP/1.1\r\n",
        send["method"].as_str().unwrap_or("POST"),
        send["path"].as_str().unwrap_or("/mcp")
    )
    .into_bytes();
    for (name, value) in headers(send, &body) {
        bytes.extend(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend(b"\r\n");
    bytes.extend(body);
    bytes
}

/// The headers that a well-behaved client sends, with what the case says put over them:
/// null takes one away, a list gives one several times.
fn headers(send: &Value, body: &[u8]) -> Vec<(String, String)> {
    let mut headers = Map::new();
    let mut put = |name: &str, value: &Value| headers.insert(name.to_owned(), value.clone());
    put("host", &json!("localhost"));
    put("accept", &json!("application/json, text/event-stream"));
    if send.get("json").or(send.get("text")).or(send.get("hex")).is_some() {
        put("content-type", &json!("application/json"));
        put("content-length", &json!(body.len().to_string()));
    }
    if send["modern"] == true {
        let message = &send["json"];
        put("mcp-protocol-version", send.get("version").unwrap_or(&json!(MODERN)));
        put("mcp-method", &message["method"]);
        let params = &message["params"];
        if let Some(name) = params.get("name").or(params.get("uri")) {
            put("mcp-name", name);
        }
    }
    for (name, value) in send["headers"].as_object().into_iter().flatten() {
        put(name, value);
    }
    let mut lines = Vec::new();
    for (name, value) in headers {
        match value {
            Value::Array(values) => {
                lines.extend(values.iter().map(|value| (name.clone(), text(value).to_owned())));
            }
            Value::String(value) => lines.push((name, value)),
            _ => {}
        }
    }
    lines
}

/// The bytes of a case's message.
fn body_of(send: &Value) -> Vec<u8> {
    if let Some(hex) = send["hex"].as_str() {
        let digits: Vec<char> = hex.chars().collect();
        let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16);
        return digits.chunks(2).map(|pair| byte(pair).expect("it is hexadecimal")).collect();
    }
    if let Some(text) = send["text"].as_str() {
        return text.as_bytes().to_vec();
    }
    let Some(mut message) = send.get("json").cloned() else {
        return Vec::new();
    };
    if send["modern"] == true {
        message["params"]["_meta"] = meta(send);
    }
    message.to_string().into_bytes()
}

/// A complete `_meta`, with what the case says put over it; null takes a key away.
fn meta(send: &Value) -> Value {
    let version = send.get("version").cloned().unwrap_or(json!(MODERN));
    let mut meta = json!({
        "io.modelcontextprotocol/protocolVersion": version,
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "suite", "version": "1"},
    });
    for (key, value) in send["meta"].as_object().into_iter().flatten() {
        meta[key] = value.clone();
    }
    if let Some(members) = meta.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    meta
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no string"))
}
