//! Calls that are answered from the tables allocate nothing. A binary with one test: what
//! is counted is the whole program's.

use kestra_mcp::model::Reply;
use kestra_mcp::protocol::{Incoming, answer};
use kestra_mcp::tools::{Context, Verdict, find};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// One or more calls of every tool but `validate_flow`, which parses YAML.
const CALLS: &[(&str, &str)] = &[
    ("search", r#"{"query":"upload a file to s3"}"#),
    ("search", r#"{"query":"kafka","type":"ALL","limit":20}"#),
    ("search", r#"{"query":"bigqurey load"}"#),
    ("list_plugins", "{}"),
    ("list_plugins", r#"{"category":"AI"}"#),
    ("plugin_tasks", r#"{"plugin":"plugin-aws"}"#),
    ("plugin_tasks", r#"{"plugin":"io.kestra.plugin.aws.s3","kestra":"1.3"}"#),
    ("task_schema", r#"{"cls":"io.kestra.plugin.aws.s3.Upload"}"#),
    ("task_schema", r#"{"cls":"io.kestra.plugin.ai.agent.AIAgent","all":true}"#),
    ("task_schema", r#"{"cls":"s3.Upload","format":"yaml"}"#),
    ("task_schema", r#"{"cls":"io.kestra.core.tasks.log.Log"}"#),
    ("blueprints", "{}"),
    ("blueprints", r#"{"query":"slack","tags":"Data"}"#),
    ("get_blueprint_flow", r#"{"id":"17"}"#),
    ("list_triggers", "{}"),
    ("list_triggers", r#"{"query":"kafka"}"#),
    ("list_task_runners", "{}"),
    ("list_storages", "{}"),
    ("list_secret_managers", r#"{"query":"jira"}"#),
    ("list_log_exporters", "{}"),
    ("versions", "{}"),
    ("versions", r#"{"plugin":"plugin-aws"}"#),
    ("plugin_versions", r#"{"plugin":"plugin-gcp","kestra":"1.2"}"#),
    ("search_docs", r#"{"query":"retry a failed task"}"#),
    ("get_doc", r#"{"parsedUrl":"docs/concepts/secret"}"#),
    ("list_doc_children", "{}"),
];

/// Bytes that `work` had in use at its height beyond those before it.
fn height(work: impl FnOnce()) -> usize {
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    work();
    ALLOCATOR.peak_usage() - before
}

#[test]
fn answers_from_the_tables_allocate_nothing() {
    let context = Context::default();
    let mut reply = Reply::new();
    let mut found = Vec::new();
    for (name, arguments) in CALLS {
        let tool = find(name).expect("a tool of that name");
        reply.clear();
        let mut verdict = None;
        let bytes = height(|| verdict = tool.call(&context, arguments, &mut reply).ok());
        assert_eq!(verdict, Some(Verdict::Answer), "{name} {arguments}");
        if bytes > 0 {
            found.push(format!("{name} {arguments}: {bytes} bytes"));
        }
        let body = format!(
            r#"{{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{{"name":"{name}","arguments":{arguments}}}}}"#
        );
        let incoming =
            Incoming { body: body.as_bytes(), headers: None, separator: ",", tolerant: false };
        reply.clear();
        let bytes = height(|| {
            answer(&context, &incoming, &mut reply);
        });
        if bytes > 0 {
            found.push(format!("{name} {arguments} as a message: {bytes} bytes"));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    // The counter counts: a miss makes its suggestions on the heap.
    let tool = find("task_schema").expect("a tool of that name");
    reply.clear();
    let bytes = height(|| {
        let _ = tool.call(&context, r#"{"cls":"s3.Uplod"}"#, &mut reply);
    });
    // Suggestions fold the names of all classes.
    assert!((1..1 << 20).contains(&bytes), "{bytes} bytes");
}
