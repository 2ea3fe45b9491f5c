//! What is answered when something is refused.

use super::json::Text;
use super::version::SUPPORTED;
use super::{Outcome, envelope};
use crate::model::Reply;

/// JSON-RPC and MCP error codes that are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    Parse = -32700,
    InvalidRequest = -32600,
    MethodNotFound = -32601,
    InvalidParams = -32602,
    Internal = -32603,
    /// Legacy only (R3, M12).
    ResourceNotFound = -32002,
    HeaderMismatch = -32020,
    UnsupportedVersion = -32022,
}

/// Something of the request that a message repeats.
#[derive(Clone, Copy, Debug)]
pub(super) enum Quoted<'a> {
    Nothing,
    /// The inside of a JSON string, as it was sent.
    Escaped(&'a str),
    /// A header value.
    Plain(&'a str),
}

/// The `data` of an error.
#[derive(Clone, Copy, Debug)]
pub(super) enum Data<'a> {
    None,
    /// The resource that was asked for (R3).
    Uri(Text<'a>),
    /// The versions served, and the one asked for (E8, M5).
    Versions(Quoted<'a>),
    /// Keys that are missing or malformed, a JSON array (M1).
    Keys(&'static str),
}

/// A refusal: everything that its reply says but the id.
#[derive(Clone, Copy, Debug)]
pub(super) struct RpcError<'a> {
    pub(super) code: Code,
    /// One plain sentence without a full stop (J7).
    text: &'static str,
    about: Quoted<'a>,
    data: Data<'a>,
    outcome: Outcome,
}

/// Longer names than this are not repeated in a message.
const MAX_QUOTED: usize = 200;

impl<'a> RpcError<'a> {
    /// An error of a handler: the transport reports success (H13).
    pub(super) const fn new(code: Code, text: &'static str) -> Self {
        Self { code, text, about: Quoted::Nothing, data: Data::None, outcome: Outcome::Reply }
    }

    /// Parameters that do not do.
    pub(super) const fn params(text: &'static str) -> Self {
        Self::new(Code::InvalidParams, text)
    }

    /// A message that cannot be served at all.
    pub(super) const fn bad_request(code: Code, text: &'static str) -> Self {
        Self::new(code, text).with_outcome(Outcome::BadRequest)
    }

    pub(super) const fn with_outcome(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }

    pub(super) const fn about(self, about: Quoted<'a>) -> Self {
        Self { about, ..self }
    }

    pub(super) const fn with_data(self, data: Data<'a>) -> Self {
        Self { data, ..self }
    }

    /// Writes the whole reply over whatever was begun. Without an id that could be
    /// read there is no `id` member (J4).
    pub(super) fn write(&self, id: Option<&str>, reply: &mut Reply) -> Outcome {
        reply.clear();
        envelope::head(id, reply);
        reply.push_static(r#""error":{"code":-"#);
        reply.push_number((self.code as i32).unsigned_abs() as usize);
        reply.push_static(r#","message":""#);
        reply.push_static(self.text);
        if !matches!(self.about, Quoted::Nothing) {
            reply.push_static(": ");
            self.about.write(reply);
        }
        reply.push_static("\"");
        self.data.write(reply);
        reply.push_static("}}");
        self.outcome
    }
}

impl Quoted<'_> {
    fn write(self, reply: &mut Reply) {
        match self {
            Self::Escaped(text) if text.len() <= MAX_QUOTED => reply.push_str(text),
            Self::Plain(text) if text.len() <= MAX_QUOTED => push_escaped(text, reply),
            _ => reply.push_static("(a very long text)"),
        }
    }
}

impl Data<'_> {
    fn write(self, reply: &mut Reply) {
        match self {
            Self::None => {}
            Self::Uri(uri) => {
                reply.push_static(r#","data":{"uri":""#);
                reply.push_str(uri.raw());
                reply.push_static("\"}");
            }
            Self::Versions(requested) => {
                reply.push_static(r#","data":{"supported":"#);
                reply.push_static(SUPPORTED);
                reply.push_static(r#","requested":""#);
                requested.write(reply);
                reply.push_static("\"}");
            }
            Self::Keys(keys) => {
                reply.push_static(r#","data":{"keys":"#);
                reply.push_static(keys);
                reply.push_static("}");
            }
        }
    }
}

/// Writes visible ASCII so that it can stand inside a JSON string.
fn push_escaped(text: &str, reply: &mut Reply) {
    for part in text.split_inclusive(['"', '\\']) {
        let (plain, last) = part.split_at(part.len() - 1);
        reply.push_str(plain);
        if matches!(last, "\"" | "\\") {
            reply.push_static("\\");
        }
        reply.push_str(last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_values_are_escaped() {
        let mut reply = Reply::new();
        push_escaped(r#"a"b\c"#, &mut reply);
        push_escaped("", &mut reply);
        assert_eq!(reply.into_vec(), br#"a\"b\\c"#);
    }
}
