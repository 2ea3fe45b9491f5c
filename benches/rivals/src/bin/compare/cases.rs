//! What is asked.

use serde_json::{Value, json};

/// A request in one era.
pub(crate) struct Case {
    pub(crate) name: String,
    /// The whole of it, head and body.
    pub(crate) request: Vec<u8>,
}

const MODERN: &str = "2026-07-28";
const LEGACY: &str = "2025-11-25";

/// Every case in both eras.
pub(crate) fn all(gzip: bool) -> Vec<Case> {
    let tool = |name: &str, arguments: Value| {
        ("tools/call", Some(name.to_owned()), json!({"name": name, "arguments": arguments}))
    };
    let asked = [
        // About 8 KB.
        ("task_schema", tool("task_schema", json!({"cls": "io.kestra.plugin.aws.s3.Upload"}))),
        ("tools/list", ("tools/list", None, json!({}))),
        ("list_plugins", tool("list_plugins", json!({}))),
        ("get_blueprint_flow", tool("get_blueprint_flow", json!({"id": 1}))),
        ("search", tool("search", json!({"query": "upload a file to s3"}))),
    ];
    let eras = [("legacy", LEGACY), ("modern", MODERN)];
    let both = asked.iter().flat_map(|asked| eras.iter().map(move |era| (asked, era)));
    both.map(|((name, (method, tool, params)), (era, version))| Case {
        name: format!("{name} {era}"),
        request: request(method, tool.as_deref(), params.clone(), version, gzip),
    })
    .collect()
}

fn request(
    method: &str,
    tool: Option<&str>,
    mut params: Value,
    version: &str,
    gzip: bool,
) -> Vec<u8> {
    let mut headers = vec![format!("mcp-protocol-version: {version}")];
    if gzip {
        headers.push("accept-encoding: gzip".to_owned());
    }
    if version == MODERN {
        headers.push(format!("mcp-method: {method}"));
        headers.extend(tool.map(|tool| format!("mcp-name: {tool}")));
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": version,
            "io.modelcontextprotocol/clientInfo": {"name": "compare", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {},
        });
    }
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string();
    format!(
        "POST /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n\
         accept: application/json, text/event-stream\r\n{}\r\ncontent-length: {}\r\n\r\n{body}",
        headers.join("\r\n"),
        body.len()
    )
    .into_bytes()
}
