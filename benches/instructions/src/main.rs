//! Answers one request many times, bytes to bytes, so that valgrind can count what one
//! of them costs: `.ci/instructions` takes the difference of two runs.
//!
//! `instructions` lists the cases, `instructions CASE COUNT` runs one.

#![expect(clippy::print_stdout, reason = "lists the cases")]

use std::hint::black_box;
use std::process::ExitCode;

use kestra_mcp::model::Reply;
use kestra_mcp::protocol::{self, Field, Headers, Incoming, Outcome};
use kestra_mcp::tools::Context;

/// A request, with the headers that HTTP brings.
struct Case {
    name: &'static str,
    body: &'static str,
    headers: Headers<'static>,
}

const fn legacy(name: &'static str, body: &'static str) -> Case {
    let headers = Headers {
        protocol_version: Field::Text("2025-11-25"),
        method: Field::Absent,
        name: Field::Absent,
        trace_parent: Field::Absent,
    };
    Case { name, body, headers }
}

const CASES: &[Case] = &[
    // Next to nothing but decoding and the envelope.
    legacy("ping", r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#),
    legacy("tools/list", r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}"#),
    legacy(
        "task_schema",
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"task_schema","arguments":{"cls":"io.kestra.plugin.aws.s3.Upload"}}}"#,
    ),
    Case {
        name: "task_schema, modern",
        body: r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"task_schema","arguments":{"cls":"io.kestra.plugin.aws.s3.Upload"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"instructions","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}"#,
        headers: Headers {
            protocol_version: Field::Text("2026-07-28"),
            method: Field::Text("tools/call"),
            name: Field::Text("task_schema"),
            trace_parent: Field::Absent,
        },
    },
    legacy(
        "get_blueprint_flow",
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_blueprint_flow","arguments":{"id":1}}}"#,
    ),
    legacy(
        "search",
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"query":"upload a file to s3"}}}"#,
    ),
    legacy(
        "search, a question",
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"query":"how do I send a message to slack when a flow fails"}}}"#,
    ),
    // The dearest words: long, not in the index, near to many that are.
    legacy(
        "search, 32 slips",
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"type":"ALL","query":"snwoflkae kubrentes postgersql trnasform databrcks elastcsearch airbtye salesfroce snwoflkaes kubrentess postgersqls trnasforms databrckss elastcsearchs airbtyes salesfroces xsnwoflkae xkubrentes xpostgersql xtrnasform xdatabrcks xelastcsearch xairbtye xsalesfroce snwoflkaex kubrentesx postgersqlx trnasformx databrcksx elastcsearchx airbtyex salesfrocex more"}}}"#,
    ),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments[..] {
        [] => CASES.iter().for_each(|case| println!("{}", case.name)),
        [name, count] => {
            let case = CASES.iter().find(|case| case.name == name);
            let (Some(case), Ok(count)) = (case, count.parse()) else {
                eprintln!("no case `{name}`, or `{count}` is not a number");
                return ExitCode::FAILURE;
            };
            (0..count).for_each(|_| answer(case));
        }
        _ => {
            eprintln!("usage: instructions [CASE COUNT]");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// All that happens between the body of a request and that of its answer.
fn answer(case: &Case) {
    thread_local! {
        static BUFFERS: std::cell::RefCell<(Reply, Vec<u8>)> = std::cell::RefCell::default();
    }
    BUFFERS.with_borrow_mut(|(reply, bytes)| {
        reply.clear();
        bytes.clear();
        let incoming = Incoming {
            body: black_box(case.body.as_bytes()),
            headers: Some(black_box(case.headers)),
            separator: "",
            tolerant: false,
        };
        let answered = protocol::answer(&Context::default(), &incoming, reply);
        assert_eq!(answered.outcome, Outcome::Reply, "{}", case.name);
        assert_eq!((answered.error, answered.miss), (None, false), "{}", case.name);
        reply.copy_to(bytes);
        black_box(&bytes);
    });
}
