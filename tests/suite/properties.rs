use std::fs;
use std::path::Path;

use kestra_mcp::model::Reply;
use kestra_mcp::protocol::{Field, Headers, Incoming, Outcome, answer};
use kestra_mcp::tools::Context;
use proptest::prelude::*;
use serde_json::Value;

/// Answers `body` and checks what holds for every answer.
fn check(body: &[u8], headers: Option<Headers<'_>>) {
    let incoming = Incoming { body, headers, separator: "\n", tolerant: false };
    let mut reply = Reply::new();
    let outcome = answer(&Context::default(), &incoming, &mut reply).outcome;
    let text = String::from_utf8(reply.into_vec()).expect("replies are UTF-8");
    assert_eq!(outcome == Outcome::Accepted, text.is_empty(), "{outcome:?} {text}");
    for line in text.lines() {
        // Not a Value: an id is echoed even if it is a number that no double holds.
        serde_json::from_str::<serde::de::IgnoredAny>(line)
            .unwrap_or_else(|error| panic!("{error} in {line}"));
    }
}

fn headers(version: &'static str) -> Option<Headers<'static>> {
    Some(Headers { protocol_version: Field::Text(version), ..Headers::default() })
}

/// Pieces that messages are made of: put together at random they come near the grammar.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u",
    "d800",
    "null",
    "true",
    "-",
    "1",
    "1.5",
    "1e9",
    " ",
    "\"jsonrpc\":\"2.0\"",
    "\"id\":1",
    "\"id\":null",
    "\"method\":\"tools/call\"",
    "\"method\":\"ping\"",
    "\"params\":{",
    "\"name\":\"search\"",
    "\"arguments\":{",
    "\"_meta\":{",
    "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"",
    "é",
    "\u{0}",
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_get_an_answer_or_none(body in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&body, None);
        check(&body, headers("2026-07-28"));
    }

    #[test]
    fn near_messages_get_an_answer_or_none(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)
    ) {
        let body = pieces.concat();
        check(body.as_bytes(), None);
        check(body.as_bytes(), headers("2025-11-25"));
        check(body.as_bytes(), headers("2026-07-28"));
    }

    #[test]
    fn cut_messages_get_an_answer_or_none(cut in 0_usize..160, flip in 0_usize..160, with: u8) {
        let whole = r#"[{"jsonrpc":"2.0","id":"a\n\u00e9","method":"tools/call","params":{"name":"search","arguments":{"query":"s3 \ud83d\ude00","limit":1e1}}},{"jsonrpc":"2.0"}]"#;
        let mut body = whole.as_bytes().to_vec();
        let at = flip % body.len();
        body[at] = with;
        check(&body, None);
        body.truncate(cut);
        check(&body, None);
    }

    /// What the decoder takes, a general parser takes, and the other way round.
    #[test]
    fn the_decoder_agrees_with_serde_json(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..12)
    ) {
        let body = format!("{{\"x\":{}}}", pieces.concat());
        let incoming = Incoming { body: body.as_bytes(), headers: None, separator: "", tolerant: false };
        let mut reply = Reply::new();
        let answered = answer(&Context::default(), &incoming, &mut reply);
        let is_json = serde_json::from_str::<Value>(&body).is_ok();
        prop_assert_eq!(answered.error != Some(-32700), is_json, "{}", body);
    }
}

#[test]
fn depth_is_bounded_and_costs_no_stack() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for levels in [100, 127, 128, 129, 1000, 200_000] {
            let nested = open.repeat(levels) + "1" + &close.repeat(levels);
            check(nested.as_bytes(), None);
            check(open.repeat(levels).as_bytes(), None);
            let params =
                format!(r#"{{"jsonrpc":"2.0","id":1,"method":"ping","params":{{"a":{nested}}}}}"#);
            check(params.as_bytes(), None);
        }
    }
}

/// The inputs that the fuzz targets keep: the first byte of those for HTTP bodies is not
/// part of the body.
#[test]
fn the_fuzz_corpus_is_answered() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    for (target, skip) in [("http_body", 1), ("stdio_lines", 0)] {
        let folder = corpus.join(target);
        let inputs: Vec<_> = fs::read_dir(&folder).expect("it is there").collect();
        assert!(inputs.len() > 50, "{} inputs in {}", inputs.len(), folder.display());
        for input in inputs {
            let bytes = fs::read(input.expect("readable").path()).expect("readable");
            for line in bytes[skip..].split(|byte| *byte == b'\n') {
                check(line, None);
                check(line, headers("2026-07-28"));
            }
        }
    }
}
