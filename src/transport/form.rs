//! What a response looks like, by what became of the message.

use std::cell::Cell;
use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use httpdate::HttpDate;
use hyper::StatusCode;

use crate::protocol::Outcome;

/// Frame of a server-sent event (H16). There is no `id:`, which would make clients
/// come back with a GET.
const EVENT: [&str; 2] = ["event: message\ndata: ", "\n\n"];
/// What stands between two messages of one answer, which make it a stream.
pub(super) const BETWEEN_EVENTS: &str = "\n\nevent: message\ndata: ";

/// Status, headers and frame of a response.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) status: StatusCode,
    pub(super) headers: &'static Fields,
    /// What stands before and after the reply; `None` if there is no body.
    pub(super) frame: Option<[&'static str; 2]>,
}

/// Headers of a response.
#[derive(Debug)]
pub(super) struct Fields {
    /// Names in lower case, and values.
    pub(super) list: &'static [(&'static str, &'static str)],
    /// The same as they are sent, each after a line break.
    lines: &'static str,
}

macro_rules! fields {
    ($($name:literal: $value:literal),*) => {
        &Fields { list: &[$(($name, $value)),*], lines: concat!($("\r\n", $name, ": ", $value),*) }
    };
}

impl Form {
    pub(super) const fn of(outcome: Outcome) -> Self {
        // H20: what may be kept is said in the body.
        const REPLY: &Fields =
            fields! { "content-type": "application/json", "cache-control": "no-store" };
        const STREAM: &Fields = fields! {
            "content-type": "text/event-stream",
            "cache-control": "no-cache",
            "x-accel-buffering": "no"
        };
        let (status, headers, frame) = match outcome {
            Outcome::Reply => (StatusCode::OK, REPLY, Some(["", ""])),
            Outcome::BadRequest => (StatusCode::BAD_REQUEST, REPLY, Some(["", ""])),
            Outcome::MethodNotFound => (StatusCode::NOT_FOUND, REPLY, Some(["", ""])),
            Outcome::Stream => (StatusCode::OK, STREAM, Some(EVENT)),
            Outcome::Accepted => (StatusCode::ACCEPTED, fields! {}, None),
        };
        Self { status, headers, frame }
    }

    /// That of a reply in gzip.
    #[cfg(feature = "gzip")]
    pub(super) const fn in_gzip() -> Self {
        const HEADERS: &Fields = fields! {
            "content-type": "application/json",
            "cache-control": "no-store",
            "content-encoding": "gzip",
            "vary": "accept-encoding"
        };
        Self { status: StatusCode::OK, headers: HEADERS, frame: Some(["", ""]) }
    }

    /// Appends the head of a response with a body of `length` bytes.
    pub(super) fn write_head(&self, length: usize, out: &mut Vec<u8>) {
        let reason = self.status.canonical_reason().unwrap_or_default();
        for part in ["HTTP/1.1 ", self.status.as_str(), " ", reason, self.headers.lines] {
            out.extend_from_slice(part.as_bytes());
        }
        out.extend_from_slice(b"\r\ncontent-length: ");
        write_number(length, out);
        out.extend_from_slice(b"\r\ndate: ");
        out.extend_from_slice(&date());
        out.extend_from_slice(b"\r\n\r\n");
    }
}

/// Writes a number in decimal.
fn write_number(number: usize, out: &mut Vec<u8>) {
    if number > 9 {
        write_number(number / 10, out);
    }
    out.push(b'0' + (number % 10) as u8);
}

/// Seconds since 1970, and how HTTP writes them.
type Dated = (u64, [u8; 29]);

/// The time of a response. It is written anew once a second.
fn date() -> [u8; 29] {
    thread_local! {
        static LAST: Cell<Dated> = const { Cell::new((u64::MAX, [0; 29])) };
    }
    let now = SystemTime::now();
    let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let (last, mut text) = LAST.get();
    if last != seconds {
        write!(&mut text[..], "{}", HttpDate::from(now)).expect("dates of HTTP have 29 bytes");
        LAST.set((seconds, text));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_one_that_parsers_read() {
        for (outcome, status) in [
            (Outcome::Reply, 200),
            (Outcome::Stream, 200),
            (Outcome::Accepted, 202),
            (Outcome::BadRequest, 400),
            (Outcome::MethodNotFound, 404),
        ] {
            let form = Form::of(outcome);
            let mut head = Vec::new();
            form.write_head(1020, &mut head);
            let mut headers = [httparse::EMPTY_HEADER; 8];
            let mut response = httparse::Response::new(&mut headers);
            let parsed = response.parse(&head).expect("it is a head");
            assert_eq!(parsed, httparse::Status::Complete(head.len()));
            assert_eq!(response.code, Some(status));
            let value = |name: &str| {
                let header = response.headers.iter().find(|header| header.name == name);
                header.map(|header| str::from_utf8(header.value).expect("it is ASCII"))
            };
            assert_eq!(value("content-length"), Some("1020"));
            for (name, expected) in form.headers.list {
                assert_eq!(value(name), Some(*expected));
            }
            let date = value("date").expect("a date");
            let date = httpdate::parse_http_date(date).expect("it is a date of HTTP");
            let age = SystemTime::now().duration_since(date).expect("it is not of the future");
            assert!(age.as_secs() < 60, "{age:?}");
        }
    }

    #[test]
    fn numbers_are_decimal() {
        for number in [0, 7, 10, 1_234_567_890] {
            let mut out = Vec::new();
            write_number(number, &mut out);
            assert_eq!(out, number.to_string().as_bytes());
        }
    }
}
