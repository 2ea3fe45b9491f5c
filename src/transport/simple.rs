//! Simple requests: those that MCP clients send all the time.
//!
//! A POST to the endpoint of HTTP/1.1 that declares its length and nothing that changes
//! how it is framed or answered. They are answered without hyper, which takes more
//! instructions for a request than most tools (`benches/RESULTS.md`). What is not simple
//! beyond doubt, or not right, is left to hyper: there is one place that refuses.

use std::mem::MaybeUninit;

use httparse::{Header, Status};

use super::Server;
use super::head::Said;
use crate::protocol::Field;

/// Longest request that is simple.
pub(super) const MOST: usize = 32 << 10;
/// Headers that a simple request has at most.
const MOST_HEADERS: usize = 32;

/// What received bytes are, if not a simple request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Else {
    /// The beginning of what may become one.
    Part,
    /// Something else.
    Other,
}

/// A simple request.
#[derive(Debug)]
pub(super) struct Simple<'a> {
    pub(super) said: Said<'a>,
    pub(super) body: &'a [u8],
    /// Bytes of the head and the body.
    pub(super) len: usize,
}

impl<'a> Simple<'a> {
    /// Looks at bytes as they were received. More may follow the request.
    pub(super) fn parse(bytes: &'a [u8], server: &Server) -> Result<Self, Else> {
        let mut headers = [const { MaybeUninit::uninit() }; MOST_HEADERS];
        let mut request = httparse::Request::new(&mut []);
        let head = match request.parse_with_uninit_headers(bytes, &mut headers) {
            Ok(Status::Complete(head)) => head,
            Ok(Status::Partial) if bytes.len() < MOST => return Err(Else::Part),
            Ok(Status::Partial) | Err(_) => return Err(Else::Other),
        };
        let (Some("POST"), Some(path), Some(1)) = (request.method, request.path, request.version)
        else {
            return Err(Else::Other);
        };
        let said = Said::by(request.headers.iter().map(|&Header { name, value }| (name, value)));
        let is_admitted = super::http::is_endpoint(path)
            && !said.changes_framing
            && said.origin == Field::Absent
            && server.admission.check_host(said.host, None).is_ok()
            && said.is_json() != Some(false);
        let Some(length) = said.length().filter(|_| is_admitted) else { return Err(Else::Other) };
        let limit = server.limits.body.min(MOST - head.min(MOST));
        if length > limit {
            return Err(Else::Other);
        }
        let body = bytes.get(head..head + length).ok_or(Else::Part)?;
        Ok(Self { said, body, len: head + length })
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use proptest::prelude::*;

    use super::super::{Admission, Limits};
    use super::*;
    use crate::tools::Context;

    fn server() -> Server {
        let admission = Admission::new(Ipv4Addr::LOCALHOST.into(), Vec::new(), Vec::new());
        Server::new(Context::default(), Limits::default(), admission, false)
    }

    fn request(headers: &str) -> String {
        format!("POST /mcp HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n{{}}")
    }

    #[track_caller]
    fn check(request: &str, expected: &str) {
        let found = match Simple::parse(request.as_bytes(), &server()) {
            Ok(simple) => {
                assert_eq!(simple.len, request.len());
                "whole"
            }
            Err(Else::Part) => "part",
            Err(Else::Other) => "other",
        };
        assert_eq!(found, expected, "{request:?}");
    }

    #[test]
    fn a_request_that_declares_its_length_is_simple() {
        for headers in [
            "Content-Length: 2",
            "content-length:2\r\nConnection: keep-alive",
            "CONTENT-LENGTH: 2\r\ncontent-type: application/json; charset=utf-8",
            "content-length: 2\r\naccept: text/event-stream\r\nte: trailers",
        ] {
            check(&request(headers), "whole");
        }
    }

    #[test]
    fn every_beginning_of_it_may_become_one() {
        let whole = request("content-length: 2");
        for end in 1..whole.len() {
            check(&whole[..end], "part");
        }
    }

    #[test]
    fn what_is_framed_or_answered_otherwise_is_not() {
        for headers in [
            "x: y",
            "content-length: 2\r\ncontent-length: 2",
            "content-length: +2",
            "content-length: 2, 2",
            "content-length:",
            "content-length: 99999999999999999999999",
            "content-length: 40000",
            "content-length: 2\r\ntransfer-encoding: chunked",
            "content-length: 2\r\nTransfer-Encoding: identity",
            "content-length: 2\r\nexpect: 100-continue",
            "content-length: 2\r\nconnection: close",
            "content-length: 2\r\nconnection: keep-alive, upgrade",
            "content-length: 2\r\nupgrade: h2c",
            "content-length: 2\r\norigin: http://localhost",
            "content-length: 2\r\ncontent-type: text/plain",
            "content-length: 2\r\nhost: localhost",
            "content-length: 2\r\n folded: x",
            "content-length: 2\r\nno colon",
        ] {
            check(&request(headers), "other");
        }
        check(&request("content-length: 2").replace("POST", "GET"), "other");
        check(&request("content-length: 2").replace("/mcp", "/health"), "other");
        check(&request("content-length: 2").replace("/mcp", "http://localhost/mcp"), "other");
        check(&request("content-length: 2").replace("/1.1", "/1.0"), "other");
        check(&request("content-length: 2").replace("localhost", "evil.example"), "other");
        let many = "a: b\r\n".repeat(MOST_HEADERS) + "content-length: 2";
        check(&request(&many), "other");
    }

    #[test]
    fn the_next_request_is_not_part_of_it() {
        let whole = request("content-length: 2");
        let two = whole.repeat(2);
        let server = server();
        let simple = Simple::parse(two.as_bytes(), &server).expect("it is whole");
        assert_eq!((simple.body, simple.len), (&b"{}"[..], whole.len()));
    }

    proptest! {
        #[test]
        fn nothing_that_is_received_breaks_it(
            start in prop_oneof![Just(""), Just("POST /mcp HTTP/1.1\r\nhost: localhost\r\n")],
            rest in prop::collection::vec(
                prop_oneof!["[ -~]{0,8}", Just("\r\n".to_owned()), Just("content-length: ".to_owned()),
                    "[0-9]{1,3}", "\\PC"], 0..12),
        ) {
            let bytes = [start.to_owned(), rest.concat()].concat().into_bytes();
            if let Ok(simple) = Simple::parse(&bytes, &server()) {
                prop_assert!(simple.len <= bytes.len());
                prop_assert!(bytes[..simple.len].ends_with(simple.body));
            }
        }
    }
}
