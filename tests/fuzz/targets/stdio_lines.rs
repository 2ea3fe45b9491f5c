//! Any input of the stdio transport: every line of its output is JSON.
#![no_main]

use kestra_mcp::tools::Context;
use kestra_mcp::transport::{Admission, Limits, Server, stdio};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let admission = Admission::new([127, 0, 0, 1].into(), Vec::new(), Vec::new());
    let limits = Limits { body: 4096, ..Limits::default() };
    let server = Server::new(Context::default(), limits, admission, false);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("it starts");
    let mut output = Vec::new();
    runtime
        .block_on(stdio::serve(&server, data, &mut output, std::future::pending()))
        .expect("memory can be read and written");
    assert!(output.is_empty() || output.ends_with(b"\n"));
    for line in output.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        // Not a Value: an id is echoed even if it is a number that no double holds.
        serde_json::from_slice::<serde::de::IgnoredAny>(line).expect("replies are JSON");
    }
});
