//! What a call takes inside the process: look-up, search, decoding, responding.
//!
//! ```console
//! $ cargo bench --bench in_process
//! ```
//!
//! Times depend on the machine; `.ci/instructions` holds what may not grow.

use divan::{Bencher, black_box};
use kestra_mcp::index::{self, Filter, Page, Query, Source};
use kestra_mcp::model::Reply;
use kestra_mcp::protocol::{self, Headers, Incoming};
use kestra_mcp::tools::{self, Context};

fn main() {
    divan::main();
}

#[divan::bench(args = ["io.kestra.plugin.aws.s3.Upload", "s3.Upload", "no.such.Class"])]
fn look_up(name: &str) -> bool {
    index::class(black_box(name)).is_some()
}

#[divan::bench(args = ["s3", "upload a file to s3", "send slak message when a flow fails"])]
fn search(words: &str) -> usize {
    let Some(query) = Query::parse(black_box(words)) else { return 0 };
    let page = Page { skip: 0, limit: 10 };
    index::search(&query, &[Source::Elements], Filter::ALL, page).total
}

/// A tool without the protocol around it.
#[divan::bench(args = ["task_schema", "list_plugins", "get_blueprint_flow"])]
fn call(bencher: Bencher<'_, '_>, name: &str) {
    let tool = tools::find(name).expect("the table has it");
    let arguments = match name {
        "task_schema" => r#"{"cls":"io.kestra.plugin.aws.s3.Upload"}"#,
        "get_blueprint_flow" => r#"{"id":1}"#,
        _ => "{}",
    };
    let mut reply = Reply::new();
    bencher.bench_local(|| {
        reply.clear();
        tool.call(&Context::default(), black_box(arguments), &mut reply)
    });
}

/// Decoding and next to nothing else.
#[divan::bench]
fn decode(bencher: Bencher<'_, '_>) {
    answered(bencher, r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#);
}

/// From the body of a request to that of its answer.
#[divan::bench(args = ["task_schema", "list_plugins"])]
fn respond(bencher: Bencher<'_, '_>, name: &str) {
    let arguments = r#"{"cls":"io.kestra.plugin.aws.s3.Upload"}"#;
    answered(
        bencher,
        &format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"{name}","arguments":{arguments}}}}}"#
        ),
    );
}

fn answered(bencher: Bencher<'_, '_>, body: &str) {
    let (mut reply, mut bytes) = (Reply::new(), Vec::new());
    bencher.bench_local(|| {
        reply.clear();
        bytes.clear();
        let incoming = Incoming {
            body: black_box(body.as_bytes()),
            headers: Some(Headers::default()),
            separator: "",
            tolerant: false,
        };
        let answered = protocol::answer(&Context::default(), &incoming, &mut reply);
        reply.copy_to(&mut bytes);
        answered.outcome
    });
}
