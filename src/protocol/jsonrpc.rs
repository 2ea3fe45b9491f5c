//! One message, or a batch, decoded in place: every row of section 7.

use arrayvec::ArrayString;

use super::era::Meta;
use super::error::{Code, RpcError};
use super::json::{Kind, Text, Value};
use super::reader::{Fault, MAX_DEPTH, Reader};

/// Elements that a batch may have (J5).
const MAX_BATCH: usize = 100;
/// Longer names of members mean nothing here.
pub(super) const MAX_MEMBER: usize = 64;

/// What a body holds.
#[derive(Debug)]
pub(super) enum Body<'a> {
    One,
    Batch(Batch<'a>),
    /// JSON, but neither an object nor an array.
    Scalar,
}

/// The members of one message, as they were found.
#[derive(Debug, Default)]
pub(super) struct Message<'a> {
    id: Member<'a>,
    version: Member<'a>,
    method: Member<'a>,
    has_params: bool,
    params: Params<'a>,
    has_outcome: bool,
    params_repeated: bool,
    params_too_deep: bool,
    not_an_object: bool,
}

/// A member that may be absent (J2: which is not the same as null) or repeated.
#[derive(Clone, Copy, Debug, Default)]
enum Member<'a> {
    #[default]
    Absent,
    Once(Value<'a>),
    Repeated,
}

/// A message of the right shape.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape<'m, 'a> {
    Request { id: &'a str, method: Text<'a>, params: &'m Params<'a> },
    Notification { params: &'m Params<'a> },
    Response,
}

/// Parameters by name. Where one is given twice, the last counts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Params<'a> {
    /// Neither absent, null nor an object.
    pub(super) malformed: bool,
    /// `_meta`, and those of its members that mean something.
    pub(super) meta: Option<Value<'a>>,
    pub(super) claims: Meta<'a>,
    pub(super) name: Option<Value<'a>>,
    pub(super) arguments: Option<Value<'a>>,
    pub(super) uri: Option<Value<'a>>,
    pub(super) cursor: Option<Value<'a>>,
    pub(super) reference: Option<Value<'a>>,
    pub(super) argument: Option<Value<'a>>,
    pub(super) protocol_version: Option<Value<'a>>,
    pub(super) notifications: Option<Value<'a>>,
}

/// A refusal and the id that it answers, where one could be read.
pub(super) type Refusal<'a> = (Option<&'a str>, RpcError<'a>);

/// Decodes a whole body. If it is one message, that is read into `message`, which is large to
/// move.
pub(super) fn decode<'a>(
    bytes: &'a [u8],
    message: &mut Message<'a>,
) -> Result<Body<'a>, RpcError<'a>> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| RpcError::bad_request(Code::Parse, "the message is not UTF-8"))?;
    body(text, message).map_err(|fault| {
        RpcError::bad_request(
            Code::Parse,
            match fault {
                Fault::Syntax => "the message is not valid JSON",
                Fault::TooDeep => "the message is nested deeper than 128 levels",
            },
        )
    })
}

fn body<'a>(text: &'a str, message: &mut Message<'a>) -> Result<Body<'a>, Fault> {
    let mut reader = Reader::new(text);
    let body = match reader.peek() {
        Some(b'{') => {
            message.read(&mut reader, MAX_DEPTH)?;
            Body::One
        }
        Some(b'[') => Body::Batch(Batch::read(&mut reader)?),
        _ => {
            reader.value(MAX_DEPTH)?;
            Body::Scalar
        }
    };
    reader.end()?;
    Ok(body)
}

/// A batch whose text was checked.
#[derive(Debug)]
pub(super) struct Batch<'a> {
    /// The array from after its bracket.
    rest: &'a str,
    /// How many elements it has.
    pub(super) len: usize,
}

impl<'a> Batch<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let rest = reader.rest_after_bracket();
        let mut len = 0;
        reader.expect(b'[')?;
        if reader.eat(b']') {
            return Ok(Self { rest, len });
        }
        loop {
            Message::default().read(reader, MAX_DEPTH - 1)?;
            len += 1;
            if !reader.eat(b',') {
                reader.expect(b']')?;
                return Ok(Self { rest, len });
            }
        }
    }

    /// What is wrong with the batch as a whole.
    pub(super) fn fault(&self) -> Option<&'static str> {
        match self.len {
            0 => Some("a batch must not be empty"),
            1..=MAX_BATCH => None,
            _ => Some("a batch may have at most 100 messages"),
        }
    }

    /// The elements, each decoded again.
    pub(super) fn messages(&self) -> impl Iterator<Item = Message<'a>> {
        let mut reader = Reader::new(self.rest);
        (0..self.len).map_while(move |_| {
            reader.eat(b',');
            let mut message = Message::default();
            message.read(&mut reader, MAX_DEPTH - 1).ok()?;
            Some(message)
        })
    }
}

impl<'a> Message<'a> {
    /// Reads one message, or any other value, which is a message of no shape.
    fn read(&mut self, reader: &mut Reader<'a>, depth: u32) -> Result<(), Fault> {
        if reader.peek() != Some(b'{') {
            reader.value(depth)?;
            self.not_an_object = true;
            return Ok(());
        }
        reader.members(depth, |reader, name, depth| self.member(name, reader, depth))
    }

    fn member(&mut self, name: Text<'a>, reader: &mut Reader<'a>, depth: u32) -> Result<(), Fault> {
        match name.plain(&mut ArrayString::<MAX_MEMBER>::new()) {
            Some("id") => {
                let number = matches!(reader.peek(), Some(b'-' | b'0'..=b'9'));
                self.id.set(if number { reader.any_number()? } else { reader.value(depth)? });
            }
            Some("method") => self.method.set(reader.value(depth)?),
            Some("params") => self.read_params(reader, depth)?,
            Some("jsonrpc") => self.version.set(reader.value(depth)?),
            other => {
                reader.value(depth)?;
                self.has_outcome |= matches!(other, Some("result" | "error"));
            }
        }
        Ok(())
    }

    /// Nesting that is too deep inside params alone leaves the rest readable.
    fn read_params(&mut self, reader: &mut Reader<'a>, depth: u32) -> Result<(), Fault> {
        reader.peek();
        let start = reader.mark();
        if self.has_params {
            self.params_repeated = true;
            self.params = Params::default();
        }
        self.has_params = true;
        match self.params.read(reader, depth) {
            Err(Fault::TooDeep) => {
                reader.reset(start);
                reader.skip();
                self.params_too_deep = true;
                Ok(())
            }
            read => read,
        }
    }

    /// Sorts the message, or says what is wrong with it.
    pub(super) fn shape(&self) -> Result<Shape<'_, 'a>, Refusal<'a>> {
        let id = self.id();
        let readable = id.ok().flatten();
        let refuse = |text| Err((readable, RpcError::bad_request(Code::InvalidRequest, text)));
        if self.not_an_object {
            return refuse("a message must be an object");
        }
        let mut members = [&self.id, &self.version, &self.method].into_iter();
        if self.params_repeated || members.any(|member| matches!(member, Member::Repeated)) {
            return refuse("`id`, `method`, `params` and `jsonrpc` may be given only once");
        }
        if !self.version.value().and_then(Value::text).is_some_and(|version| version.is("2.0")) {
            return refuse("`jsonrpc` must be `2.0`");
        }
        let Some(method) = self.method.value() else {
            if self.has_outcome {
                return Ok(Shape::Response);
            }
            return refuse("`method` is missing");
        };
        let Some(method) = method.text() else {
            return refuse("`method` must be a string");
        };
        let Ok(id) = id else {
            return refuse("`id` must be a string or an integer");
        };
        if self.params_too_deep {
            let text = "`params` is nested deeper than 128 levels";
            return Err((id, RpcError::bad_request(Code::InvalidParams, text)));
        }
        let params = &self.params;
        Ok(match id {
            Some(id) => Shape::Request { id, method, params },
            None => Shape::Notification { params },
        })
    }

    /// The id's token, `None` if absent, an error if it is none that may be echoed.
    fn id(&self) -> Result<Option<&'a str>, ()> {
        match self.id {
            Member::Absent => Ok(None),
            Member::Once(id) if is_id(id) => Ok(Some(id.raw())),
            _ => Err(()),
        }
    }
}

impl<'a> Member<'a> {
    fn set(&mut self, value: Value<'a>) {
        *self = if matches!(self, Self::Absent) { Self::Once(value) } else { Self::Repeated };
    }

    fn value(self) -> Option<Value<'a>> {
        if let Self::Once(value) = self { Some(value) } else { None }
    }
}

impl<'a> Params<'a> {
    fn read(&mut self, reader: &mut Reader<'a>, depth: u32) -> Result<(), Fault> {
        if reader.peek() != Some(b'{') {
            self.malformed = !reader.value(depth)?.is_null();
            return Ok(());
        }
        reader.members(depth, |reader, name, depth| self.member(name, reader, depth))
    }

    fn member(&mut self, name: Text<'a>, reader: &mut Reader<'a>, depth: u32) -> Result<(), Fault> {
        let mut ignored = None;
        let slot = match name.plain(&mut ArrayString::<MAX_MEMBER>::new()) {
            Some("_meta") => {
                let meta = Meta::read(reader, depth)?;
                (self.meta, self.claims) = (Some(meta.0), meta.1);
                return Ok(());
            }
            Some("name") => &mut self.name,
            Some("arguments") => &mut self.arguments,
            Some("uri") => &mut self.uri,
            Some("cursor") => &mut self.cursor,
            Some("ref") => &mut self.reference,
            Some("argument") => &mut self.argument,
            Some("protocolVersion") => &mut self.protocol_version,
            Some("notifications") => &mut self.notifications,
            _ => &mut ignored,
        };
        *slot = Some(reader.value(depth)?);
        Ok(())
    }
}

/// Strings and whole numbers are ids, whatever their size and spelling (J1).
fn is_id(id: Value<'_>) -> bool {
    match id.kind() {
        Kind::Text => true,
        Kind::Number => is_whole(id.raw()),
        _ => false,
    }
}

/// Whether a number token means a whole number: `1.0` and `10e-1` do, `1.5` does not.
fn is_whole(token: &str) -> bool {
    let token = token.trim_start_matches('-');
    if token.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let (mantissa, exponent) = token.split_once(['e', 'E']).unwrap_or((token, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let size = exponent.trim_start_matches(['+', '-']).trim_start_matches('0');
    // No body has as many digits as an exponent that does not fit says.
    let size = if size.is_empty() { 0 } else { size.parse().unwrap_or(usize::MAX) };
    if whole.bytes().chain(fraction.bytes()).all(|digit| digit == b'0') {
        return true;
    }
    if exponent.starts_with('-') {
        let zeros = whole.len() - whole.trim_end_matches('0').len();
        return fraction.is_empty() && size <= zeros;
    }
    size >= fraction.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_whole_numbers_of_any_spelling() {
        for token in ["0", "-0", "1.0", "1e400", "15e1", "1.5e1", "10e-1", "0e-9", "1e-0", "0.0"] {
            assert!(is_whole(token), "{token}");
        }
        for token in ["1.5", "1e-1", "1.5e0", "10e-2", "1.05e1", "1e-99999999999999999999"] {
            assert!(!is_whole(token), "{token}");
        }
    }
}
