use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use kestra_mcp::transport::{Limits, stdio};
use tokio::io::AsyncWrite;

use crate::support::server;

const PING: &str = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
const PONG: &str = r#"{"jsonrpc":"2.0","id":1,"result":{}}"#;

fn serve(limits: Limits, input: &[u8], output: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("it starts");
    let server = server(limits, false);
    runtime.block_on(stdio::serve(&server, input, output, std::future::pending()))
}

#[track_caller]
fn check(limits: Limits, input: &[u8], expected: &[&str]) {
    let mut output = Vec::new();
    serve(limits, input, &mut output).expect("memory can be read and written");
    let output = String::from_utf8(output).expect("replies are UTF-8");
    assert!(output.is_empty() || output.ends_with('\n'), "S1: every line has its end");
    assert_eq!(output.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn lines_may_end_in_crlf_be_blank_or_have_no_end() {
    let input = format!("{PING}\r\n\n  \r\n{PING}\n{PING}");
    check(Limits::default(), input.as_bytes(), &[PONG, PONG, PONG]);
}

#[test]
fn a_bad_line_does_not_spoil_the_next() {
    let bad =
        r#"{"jsonrpc":"2.0","error":{"code":-32700,"message":"the message is not valid JSON"}}"#;
    let input = format!("{{\n{PING}\n]\n{PING}\n");
    check(Limits::default(), input.as_bytes(), &[bad, PONG, bad, PONG]);
}

#[test]
fn a_line_that_is_too_long_is_passed_over() {
    let limits = Limits { body: 100, ..Limits::default() };
    let bad =
        r#"{"jsonrpc":"2.0","error":{"code":-32700,"message":"the message is not valid JSON"}}"#;
    let long = " ".repeat(500) + PING;
    check(limits, format!("{long}\n{PING}\n{long}").as_bytes(), &[bad, PONG, bad]);
}

#[test]
fn eras_do_not_stick() {
    let meta = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;
    let discover =
        format!(r#"{{"jsonrpc":"2.0","id":2,"method":"server/discover","params":{{{meta}}}}}"#);
    let initialize = r#"{"jsonrpc":"2.0","id":3,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#;
    let mut output = Vec::new();
    let input = format!("{discover}\n{initialize}\n{discover}\n{PING}\n");
    serve(Limits::default(), input.as_bytes(), &mut output).expect("memory can be written");
    let output = String::from_utf8(output).expect("replies are UTF-8");
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(lines[0], lines[2]);
    assert!(lines[0].contains("supportedVersions"), "{}", lines[0]);
    assert!(lines[1].contains(r#""protocolVersion":"2025-11-25""#), "{}", lines[1]);
    assert_eq!(lines[3], PONG);
}

/// A pipe whose reader has gone.
struct Gone;

impl AsyncWrite for Gone {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[test]
fn a_reader_that_has_gone_ends_it_quietly() {
    serve(Limits::default(), PING.as_bytes(), &mut Gone).expect("that is no failure");
}

#[test]
fn every_reply_stays_below_what_clients_buffer() {
    let list = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    let mut output = Vec::new();
    serve(Limits::default(), list.as_bytes(), &mut output).expect("memory can be written");
    assert!(output.len() < 10 << 20, "S7: {} bytes", output.len());
}
