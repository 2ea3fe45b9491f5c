//! Bodies under any version header. The first byte chooses the header; the rest is the
//! body. Whatever comes, the reply is JSON or nothing.
#![no_main]

use kestra_mcp::model::Reply;
use kestra_mcp::protocol::{Field, Headers, Incoming, Outcome, answer};
use kestra_mcp::tools::Context;
use libfuzzer_sys::fuzz_target;

const VERSIONS: [Field<'static>; 6] = [
    Field::Absent,
    Field::Text("2026-07-28"),
    Field::Text("2025-11-25"),
    Field::Text("2025-03-26"),
    Field::Text("1999-01-01"),
    Field::Repeated,
];

fuzz_target!(|data: &[u8]| {
    let Some((choice, body)) = data.split_first() else { return };
    let headers = Headers {
        protocol_version: VERSIONS[usize::from(*choice) % VERSIONS.len()],
        method: Field::Text("tools/call"),
        name: Field::Text("search"),
        trace_parent: Field::Absent,
    };
    let incoming = Incoming { body, headers: Some(headers), separator: "\n", tolerant: false };
    let mut reply = Reply::new();
    let outcome = answer(&Context::default(), &incoming, &mut reply).outcome;
    let reply = reply.into_vec();
    assert_eq!(outcome == Outcome::Accepted, reply.is_empty());
    for line in reply.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        // Not a Value: an id is echoed even if it is a number that no double holds.
        serde_json::from_slice::<serde::de::IgnoredAny>(line).expect("replies are JSON");
    }
});
