//! The request path does not allocate in our code: from the bytes of a message to the
//! last byte of its answer, for every tool, in both eras. What allocates by nature has a
//! bound here.

use std::net::Ipv4Addr;

use allocation_counter::measure;
use bytes::Buf;
use kestra_mcp::model::Reply;
use kestra_mcp::protocol::{self, Field, Headers, Incoming};
use kestra_mcp::tools::{self, Context, TOOLS, Verdict};
use kestra_mcp::transport::{Admission, Limits, Seat, Server, http};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A typical call of every tool, and its filters.
const CALLS: &[(&str, &str)] = &[
    ("search", r#"{"query":"upload a file to s3"}"#),
    ("search", r#"{"query":"kafka consme","limit":50}"#),
    ("search", r#"{"query":"schedule","type":"ALL"}"#),
    ("search", r#"{"query":"retry","type":"docs","limit":5}"#),
    ("search", r#"{"query":"dbt","type":"BLUEPRINTS"}"#),
    ("search", r#"{"query":"release","type":"BLOGS"}"#),
    ("search", r#"{"query":"zzzzqqqq"}"#),
    ("search", r#"{"query":"io.kestra.plugin.aws.s3.Upload"}"#),
    ("list_plugins", "{}"),
    ("list_plugins", r#"{"category":"CLOUD,ai","limit":20}"#),
    ("list_plugins", r#"{"query":"message queue"}"#),
    ("plugin_tasks", r#"{"plugin":"plugin-aws"}"#),
    ("plugin_tasks", r#"{"plugin":"io.kestra.plugin.aws.s3","kestra":"1.3"}"#),
    ("plugin_tasks", r#"{"plugin":"core","query":"file"}"#),
    ("plugin_tasks", r#"{"plugin":"plugin-jdbc"}"#),
    ("task_schema", r#"{"cls":"io.kestra.plugin.aws.s3.Upload"}"#),
    ("task_schema", r#"{"cls":"io.kestra.plugin.core.http.Request","all":true}"#),
    ("task_schema", r#"{"cls":"io.kestra.plugin.core.flow.ForEach","kestra":"1.3"}"#),
    ("task_schema", r#"{"cls":"io.kestra.core.tasks.log.Log"}"#),
    ("task_schema", r#"{"cls":"s3.Upload","format":"json"}"#),
    ("task_schema", r#"{"cls":"io.kestra.plugin.ai.agent.AIAgent"}"#),
    ("blueprints", "{}"),
    ("blueprints", r#"{"tags":["Data"],"limit":50}"#),
    ("blueprints", r#"{"query":"csv","types":"io.kestra.plugin.core.http.Download"}"#),
    ("get_blueprint_flow", r#"{"id":"csv-to-postgres"}"#),
    ("get_blueprint_flow", r#"{"blueprintId":17}"#),
    ("list_triggers", "{}"),
    ("list_triggers", r#"{"query":"file","limit":10}"#),
    ("list_triggers", r#"{"plugin":"plugin-aws"}"#),
    ("list_task_runners", "{}"),
    ("list_storages", "{}"),
    ("list_secret_managers", "{}"),
    ("list_log_exporters", r#"{"kestra":"1.3"}"#),
    ("versions", "{}"),
    ("versions", r#"{"plugin":"plugin-aws, plugin-gcp"}"#),
    ("plugin_versions", r#"{"plugin":"plugin-gcp","kestra":"1.2","limit":5}"#),
    ("search_docs", r#"{"query":"how do I read a secret"}"#),
    ("get_doc", r#"{"parsedUrl":"docs/concepts/secret"}"#),
    ("get_doc", r#"{"url":"https://kestra.io/docs/workflow-components/triggers"}"#),
    ("list_doc_children", "{}"),
    ("list_doc_children", r#"{"path":"docs/workflow-components"}"#),
];

/// What allocates by nature, and how often at most.
const BOUNDED: &[(&str, &str, u64)] = &[
    // A miss writes its text, and looks for near names.
    ("task_schema", r#"{"cls":"io.kestra.plugin.aws.s3.Uploads"}"#, 6_000),
    ("plugin_tasks", r#"{"plugin":"plugin-awss"}"#, 2_000),
    ("get_blueprint_flow", r#"{"id":"csv-to-postgress"}"#, 2_000),
    ("get_doc", r#"{"parsedUrl":"docs/concept/secrets"}"#, 2_000),
    ("search", "{}", 20),
    ("list_plugins", r#"{"category":"CLOUDS"}"#, 100),
    // A batch brings the definitions of its classes together.
    (
        "task_schema",
        r#"{"cls":["io.kestra.plugin.core.http.Request","io.kestra.plugin.core.http.Download"]}"#,
        100,
    ),
    // The YAML of a flow is read into nodes.
    (
        "validate_flow",
        r#"{"flow":"id: a\nnamespace: b\ntasks:\n  - id: log\n    type: io.kestra.plugin.core.log.Log\n    message: hi\n"}"#,
        2_000,
    ),
];

/// Reads a reply as the transport does, without copying.
fn drain(reply: &mut Reply) -> usize {
    let mut sent = 0;
    while reply.has_remaining() {
        let len = reply.chunk().len();
        reply.advance(len);
        sent += len;
    }
    sent
}

fn tool(name: &str, arguments: &str) -> (Verdict, u64) {
    let tool = tools::find(name).unwrap_or_else(|| panic!("no tool {name}"));
    let mut verdict = Verdict::Miss;
    let counted = measure(|| {
        let mut reply = Reply::new();
        verdict = tool.call(&Context::default(), arguments, &mut reply).expect("an object");
        assert!(drain(&mut reply) > 0);
    });
    (verdict, counted.count_total)
}

#[test]
fn answers_of_tools_allocate_nothing() {
    let mut allocating = Vec::new();
    for (name, arguments) in CALLS {
        let (verdict, count) = tool(name, arguments);
        assert_eq!(verdict, Verdict::Answer, "{name} {arguments}");
        if count > 0 {
            allocating.push(format!("{count} by {name} {arguments}"));
        }
    }
    assert_eq!(allocating, [""; 0]);
}

#[test]
fn every_tool_is_measured() {
    for tool in TOOLS {
        let calls = CALLS.iter().map(|(name, _)| *name);
        let mut calls = calls.chain(BOUNDED.iter().map(|(name, ..)| *name));
        assert!(calls.any(|name| name == tool.name), "{}", tool.name);
    }
}

#[test]
fn what_allocates_by_nature_stays_in_bounds() {
    for (name, arguments, most) in BOUNDED {
        let (_, count) = tool(name, arguments);
        eprintln!("{count:5} of at most {most:5} by {name} {arguments}");
        assert!(count > 0, "{name} {arguments} allocates nothing: move it to CALLS");
        assert!(count <= *most, "{count} allocations by {name} {arguments}, at most {most}");
    }
}

/// A message, decoded and answered.
fn message(body: &str, headers: Option<Headers<'_>>) -> u64 {
    let counted = measure(|| {
        let mut reply = Reply::new();
        let incoming = Incoming { body: body.as_bytes(), headers, separator: "", tolerant: false };
        let answered = protocol::answer(&Context::default(), &incoming, &mut reply);
        assert_eq!(answered.error, None, "{body}");
        assert!(drain(&mut reply) > 0, "{body}");
    });
    counted.count_total
}

#[test]
fn messages_of_both_eras_allocate_nothing() {
    let modern = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;
    let mut allocating = Vec::new();
    let mut check = |what: &str, count: u64| {
        if count > 0 {
            allocating.push(format!("{count} by {what}"));
        }
    };
    for (name, arguments) in CALLS {
        let call = |meta: &str| {
            format!(
                r#"{{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{{{meta}"name":"{name}","arguments":{arguments}}}}}"#
            )
        };
        let legacy = call("");
        check(&legacy, message(&legacy, None));
        check(&legacy, message(&legacy, Some(Headers::default())));
        let body = call(&format!("{modern},"));
        check(&body, message(&body, None));
        let headers = Headers {
            protocol_version: Field::Text("2026-07-28"),
            method: Field::Text("tools/call"),
            name: Field::Text(name),
            ..Headers::default()
        };
        check(&body, message(&body, Some(headers)));
    }
    for method in ["ping", "tools/list", "resources/list", "prompts/list"] {
        let body = format!(r#"{{"jsonrpc":"2.0","id":"a","method":"{method}"}}"#);
        check(method, message(&body, None));
    }
    assert_eq!(allocating, [""; 0]);
}

/// From socket to socket: the client of this test is on the thread of the server, so what
/// both allocate is counted, and is nothing.
#[test]
fn simple_requests_over_http_allocate_nothing() {
    let requests: Vec<Vec<u8>> = CALLS
        .iter()
        .map(|(name, arguments)| {
            let body = format!(
                r#"{{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{{"name":"{name}","arguments":{arguments}}}}}"#
            );
            let head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n";
            format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
        })
        .collect();
    let admission = Admission::new(Ipv4Addr::LOCALHOST.into(), Vec::new(), Vec::new());
    let server = Server::new(Context::default(), Limits::default(), admission, false);
    let server = Box::leak(Box::new(server));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime starts");
    let mut client = runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let seat = Seat::for_threads(1).remove(0);
        tokio::spawn(http::serve(listener, seat, server, std::future::pending()));
        TcpStream::connect(address).await.expect("it listens")
    });
    let mut buffer = vec![0; 1 << 20];
    let mut allocating = Vec::new();
    // What grows once, such as the buffers of the thread, has grown after the first round.
    for round in 0..2 {
        for (request, call) in requests.iter().zip(CALLS) {
            let mut answered = 0;
            let counted = measure(|| {
                runtime.block_on(async {
                    client.write_all(request).await.expect("the server reads");
                    answered = read_response(&mut client, &mut buffer).await;
                });
            });
            assert!(answered > 0);
            if round > 0 && counted.count_total > 0 {
                allocating.push(format!("{} by {call:?}", counted.count_total));
            }
        }
    }
    assert_eq!(allocating, [""; 0]);
}

/// Reads one response to the end of its body, whose length it returns.
async fn read_response(client: &mut TcpStream, buffer: &mut [u8]) -> usize {
    let mut read = 0;
    loop {
        read += client.read(&mut buffer[read..]).await.expect("an answer");
        let Some(head) = buffer[..read].windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
            continue;
        };
        let text = str::from_utf8(&buffer[..head]).expect("heads are ASCII");
        assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.expect("it is there").parse().expect("a number");
        if read == head + 4 + length {
            return length;
        }
    }
}
