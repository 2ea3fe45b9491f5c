//! What the headers of a request say, found in one pass over them.

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
    /// Whether a header says that the message is framed otherwise than by its length, or
    /// that the connection is not to go on as it is.
    pub(super) changes_framing: bool,
    /// What the protocol reads.
    pub(super) protocol: Headers<'a>,
    /// Whether the client takes gzip.
    #[cfg(feature = "gzip")]
    pub(super) takes_gzip: bool,
    length: Field<'a>,
    takes_events: bool,
    takes_json: bool,
}

/// A header that means something here.
#[derive(Clone, Copy)]
enum Header {
    Accept,
    #[cfg(feature = "gzip")]
    AcceptEncoding,
    Connection,
    ContentLength,
    ContentType,
    Expect,
    Host,
    McpMethod,
    McpName,
    Origin,
    ProtocolVersion,
    TraceParent,
    TransferEncoding,
    Upgrade,
}

const NAMES: &[(&str, Header)] = &[
    ("host", Header::Host),
    ("accept", Header::Accept),
    ("content-type", Header::ContentType),
    ("content-length", Header::ContentLength),
    #[cfg(feature = "gzip")]
    ("accept-encoding", Header::AcceptEncoding),
    ("connection", Header::Connection),
    ("mcp-protocol-version", Header::ProtocolVersion),
    ("mcp-method", Header::McpMethod),
    ("mcp-name", Header::McpName),
    ("traceparent", Header::TraceParent),
    ("origin", Header::Origin),
    ("expect", Header::Expect),
    ("upgrade", Header::Upgrade),
    ("transfer-encoding", Header::TransferEncoding),
];

impl<'a> Said<'a> {
    /// What headers say, given as names in any case and values.
    pub(super) fn by(headers: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let mut said = Self::default();
        for (name, value) in headers {
            let is = |known: &&(&str, Header)| {
                known.0.len() == name.len() && known.0.eq_ignore_ascii_case(name)
            };
            let Some((_, name)) = NAMES.iter().find(is) else { continue };
            match name {
                Header::Accept => said.accepts(value),
                #[cfg(feature = "gzip")]
                Header::AcceptEncoding => said.takes_gzip |= names_gzip(value),
                Header::Connection => {
                    said.changes_framing |= !value.eq_ignore_ascii_case(b"keep-alive");
                }
                Header::ContentLength => note(&mut said.length, value),
                Header::ContentType => {
                    said.media_type.get_or_insert(value);
                }
                Header::Expect => (said.expects, said.changes_framing) = (true, true),
                Header::Host => note(&mut said.host, value),
                Header::McpMethod => note(&mut said.protocol.method, value),
                Header::McpName => note(&mut said.protocol.name, value),
                Header::Origin => note(&mut said.origin, value),
                Header::ProtocolVersion => note(&mut said.protocol.protocol_version, value),
                Header::TraceParent => note(&mut said.protocol.trace_parent, value),
                Header::TransferEncoding | Header::Upgrade => said.changes_framing = true,
            }
        }
        said
    }

    /// The length of the body, if it was declared once and is a number.
    pub(super) fn length(&self) -> Option<usize> {
        let Field::Text(digits) = self.length else { return None };
        let all = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse().ok().filter(|_| all)
    }

    fn accepts(&mut self, value: &[u8]) {
        for range in value.split(|byte| *byte == b',') {
            let range = essence(range);
            let is = |name: &str| range.eq_ignore_ascii_case(name.as_bytes());
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

fn note<'a>(field: &mut Field<'a>, value: &'a [u8]) {
    *field = match *field {
        Field::Absent => visible(value).map_or(Field::Unreadable, Field::Text),
        _ => Field::Repeated,
    };
}

/// A value that is visible ASCII, spaces and tabs.
fn visible(value: &[u8]) -> Option<&str> {
    let is_visible = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t');
    str::from_utf8(value).ok().filter(|_| value.iter().all(is_visible))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said<'a>(lines: &'a [(&str, &str)]) -> Said<'a> {
        Said::by(lines.iter().map(|(name, value)| (*name, value.as_bytes())))
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
            assert_eq!(said(&[("accept", accept)]).takes_only_events(), expected, "{accept}");
        }
        let both = [("accept", "text/event-stream"), ("Accept", "application/json")];
        assert!(!said(&both).takes_only_events());
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
            assert_eq!(said(&[("accept-encoding", value)]).takes_gzip, expected, "{value}");
        }
    }

    #[test]
    fn sees_what_is_absent_repeated_or_unreadable() {
        let headers = [
            ("Host", "a"),
            ("mcp-name", "b"),
            ("MCP-Name", "b"),
            ("mcp-method", "é"),
            ("content-type", "application/JSON ; charset=utf-8"),
        ];
        let said = said(&headers);
        assert_eq!(said.host, Field::Text("a"));
        assert_eq!(said.origin, Field::Absent);
        assert_eq!(said.protocol.name, Field::Repeated);
        assert_eq!(said.protocol.method, Field::Unreadable);
        assert_eq!(said.is_json(), Some(true));
        assert!(!said.expects);
        assert_eq!(Said::by([]).is_json(), None);
    }
}
