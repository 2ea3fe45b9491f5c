//! What the headers of a request say, found in one pass over them.

use hyper::header::{HeaderMap, HeaderValue};

use crate::protocol::{Field, Headers};

/// The headers that mean something here.
#[derive(Debug, Default)]
pub(super) struct Said<'a> {
    pub(super) host: Field<'a>,
    pub(super) origin: Field<'a>,
    /// `Content-Type`; where it is repeated, the first.
    pub(super) media_type: Option<&'a [u8]>,
    /// Whether the client waits to be told before it sends the body.
    pub(super) expects: bool,
    /// What the protocol reads.
    pub(super) protocol: Headers<'a>,
    /// Whether the client takes gzip.
    #[cfg(feature = "gzip")]
    pub(super) takes_gzip: bool,
    takes_events: bool,
    takes_json: bool,
}

impl<'a> Said<'a> {
    pub(super) fn by(headers: &'a HeaderMap) -> Self {
        let mut said = Self::default();
        for (name, value) in headers {
            match name.as_str() {
                "host" => note(&mut said.host, value),
                "origin" => note(&mut said.origin, value),
                "content-type" => {
                    said.media_type.get_or_insert(value.as_bytes());
                }
                "accept" => said.accepts(value.as_bytes()),
                #[cfg(feature = "gzip")]
                "accept-encoding" => said.takes_gzip |= names_gzip(value.as_bytes()),
                "expect" => said.expects = true,
                "mcp-protocol-version" => note(&mut said.protocol.protocol_version, value),
                "mcp-method" => note(&mut said.protocol.method, value),
                "mcp-name" => note(&mut said.protocol.name, value),
                "traceparent" => note(&mut said.protocol.trace_parent, value),
                _ => {}
            }
        }
        said
    }

    fn accepts(&mut self, value: &[u8]) {
        for range in value.split(|byte| *byte == b',') {
            let is = |name: &str| essence(range).eq_ignore_ascii_case(name.as_bytes());
            self.takes_events |= is("text/event-stream");
            self.takes_json |= is("application/json") || is("application/*") || is("*/*");
        }
    }

    /// H8: only a client that takes nothing but events gets its answer as one.
    pub(super) fn takes_only_events(&self) -> bool {
        self.takes_events && !self.takes_json
    }

    /// H7: whether the body is declared as JSON; `None` if it is not declared.
    pub(super) fn is_json(&self) -> Option<bool> {
        self.media_type.map(|value| essence(value).eq_ignore_ascii_case(b"application/json"))
    }
}

/// Whether a list of encodings has gzip, and not to refuse it.
#[cfg(feature = "gzip")]
fn names_gzip(value: &[u8]) -> bool {
    value.split(|byte| *byte == b',').any(|coding| {
        let named = essence(coding).eq_ignore_ascii_case(b"gzip")
            || essence(coding).eq_ignore_ascii_case(b"x-gzip");
        let mut parameters = coding.split(|byte| *byte == b';').skip(1).map(<[u8]>::trim_ascii);
        let is_zero = |weight: &[u8]| {
            let digits = weight.strip_prefix(b"q=").or_else(|| weight.strip_prefix(b"Q="));
            digits.is_some_and(|it| it.iter().all(|digit| matches!(digit, b'0' | b'.')))
        };
        named && !parameters.any(is_zero)
    })
}

/// A media type or range without its parameters.
fn essence(value: &[u8]) -> &[u8] {
    let end = value.iter().position(|byte| *byte == b';').unwrap_or(value.len());
    value[..end].trim_ascii()
}

fn note<'a>(field: &mut Field<'a>, value: &'a HeaderValue) {
    *field = match *field {
        Field::Absent => value.to_str().map_or(Field::Unreadable, Field::Text),
        _ => Field::Repeated,
    };
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderName;

    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let value = HeaderValue::from_bytes(value.as_bytes()).expect("it is a header value");
            headers.append(HeaderName::from_static(name), value);
        }
        headers
    }

    #[test]
    fn only_clients_that_take_nothing_else_get_events() {
        for (accept, expected) in [
            ("text/event-stream", true),
            (" Text/Event-Stream;q=0.9 ,text/html", true),
            ("application/json, text/event-stream", false),
            ("text/event-stream, APPLICATION/JSON;q=0.1", false),
            ("text/event-stream,*/*", false),
            ("text/event-stream, application/*", false),
            ("text/html", false),
            ("", false),
        ] {
            let headers = headers(&[("accept", accept)]);
            assert_eq!(Said::by(&headers).takes_only_events(), expected, "{accept}");
        }
        let both = headers(&[("accept", "text/event-stream"), ("accept", "application/json")]);
        assert!(!Said::by(&both).takes_only_events());
    }

    #[cfg(feature = "gzip")]
    #[test]
    fn gzip_is_taken_unless_refused() {
        for (value, expected) in [
            ("gzip", true),
            ("deflate, GZIP;q=0.5, br", true),
            ("gzip;q=1.0", true),
            ("gzip;q=0", false),
            ("gzip ; q=0.000", false),
            ("br", false),
            ("*", false),
            ("", false),
        ] {
            let headers = headers(&[("accept-encoding", value)]);
            assert_eq!(Said::by(&headers).takes_gzip, expected, "{value}");
        }
    }

    #[test]
    fn sees_what_is_absent_repeated_or_unreadable() {
        let headers = headers(&[
            ("host", "a"),
            ("mcp-name", "b"),
            ("mcp-name", "b"),
            ("mcp-method", "é"),
            ("content-type", "application/JSON ; charset=utf-8"),
        ]);
        let said = Said::by(&headers);
        assert_eq!(said.host, Field::Text("a"));
        assert_eq!(said.origin, Field::Absent);
        assert_eq!(said.protocol.name, Field::Repeated);
        assert_eq!(said.protocol.method, Field::Unreadable);
        assert_eq!(said.is_json(), Some(true));
        assert!(!said.expects);
        assert_eq!(Said::by(&HeaderMap::new()).is_json(), None);
    }
}
