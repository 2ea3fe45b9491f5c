//! Which era a message belongs to (section 1). Each message is judged on its own (E1).

use arrayvec::ArrayString;

use super::Headers;
use super::error::{Code, Data, Quoted, RpcError};
use super::header::Field;
use super::json::{Text, Value};
use super::jsonrpc::{MAX_MEMBER, Params};
use super::reader::{Fault, Reader};
use super::version::Revision;

/// The two ways of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Era {
    /// `initialize` and the revisions that it can agree on.
    Legacy,
    /// 2026-07-28: every request carries its own `_meta`.
    Modern,
}

/// The version that a request claims in `params._meta` (E2).
#[derive(Clone, Copy, Debug)]
pub(super) enum Claim<'a> {
    None,
    Served(Revision),
    Unserved(Text<'a>),
    NotText,
}

/// The members of `params._meta` that mean something here.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Meta<'a> {
    pub(super) version: Option<Value<'a>>,
    pub(super) capabilities: Option<Value<'a>>,
    pub(super) log_level: Option<Value<'a>>,
    pub(super) trace_parent: Option<Value<'a>>,
}

impl<'a> Meta<'a> {
    /// Reads the value of `_meta`, whatever it is. Where a member is given twice, the last
    /// counts.
    pub(super) fn read(reader: &mut Reader<'a>, depth: u32) -> Result<(Value<'a>, Self), Fault> {
        let mut meta = Self::default();
        if reader.peek() != Some(b'{') {
            return Ok((reader.value(depth)?, meta));
        }
        let start = reader.mark();
        reader.members(depth, |reader, name, depth| {
            let mut ignored = None;
            let slot = match name.plain(&mut ArrayString::<MAX_MEMBER>::new()) {
                Some("io.modelcontextprotocol/protocolVersion") => &mut meta.version,
                Some("io.modelcontextprotocol/clientCapabilities") => &mut meta.capabilities,
                Some("io.modelcontextprotocol/logLevel") => &mut meta.log_level,
                Some("traceparent") => &mut meta.trace_parent,
                _ => &mut ignored,
            };
            *slot = Some(reader.value(depth)?);
            Ok(())
        })?;
        Ok((reader.value_from(start), meta))
    }

    pub(super) fn is_claimed(&self) -> bool {
        self.version.is_some()
    }

    /// The version claimed, if it is served.
    pub(super) fn revision(&self) -> Option<Revision> {
        if let Claim::Served(revision) = self.claim() { Some(revision) } else { None }
    }

    pub(super) fn claim(&self) -> Claim<'a> {
        let Some(version) = self.version else {
            return Claim::None;
        };
        let Some(text) = version.text() else {
            return Claim::NotText;
        };
        Revision::parse(|name| text.is(name)).map_or(Claim::Unserved(text), Claim::Served)
    }
}

impl Claim<'_> {
    /// Whether the claim leads to the modern checks (E3).
    pub(super) fn is_modern(self) -> bool {
        match self {
            Self::None => false,
            Self::Served(revision) => revision.is_modern(),
            Self::Unserved(_) | Self::NotText => true,
        }
    }
}

/// The era of a request.
pub(super) fn classify<'a>(
    method: Text<'a>,
    params: &Params<'a>,
    meta: &Meta<'a>,
    headers: Option<&Headers<'a>>,
) -> Result<Era, RpcError<'a>> {
    let claim = meta.claim();
    if method.is("initialize") {
        // E5: only a claim of the modern revision makes it an unknown method there.
        let modern = matches!(claim, Claim::Served(revision) if revision.is_modern());
        return Ok(if modern { Era::Modern } else { Era::Legacy });
    }
    match claim {
        Claim::Served(revision) if !revision.is_modern() => legacy_claim(revision, headers),
        Claim::None => unclaimed(method, params, meta, headers),
        _ => Ok(Era::Modern),
    }
}

/// E4: a legacy version in `_meta` is served as what it is.
fn legacy_claim<'a>(
    revision: Revision,
    headers: Option<&Headers<'a>>,
) -> Result<Era, RpcError<'a>> {
    match headers.map_or(Field::Absent, |headers| headers.protocol_version) {
        Field::Absent => Ok(Era::Legacy),
        Field::Text(version) if version == revision.name() => Ok(Era::Legacy),
        _ => Err(RpcError::bad_request(
            Code::HeaderMismatch,
            "header MCP-Protocol-Version differs from `_meta`",
        )),
    }
}

/// E6 to E9: the header decides where `_meta` says nothing.
fn unclaimed<'a>(
    method: Text<'a>,
    params: &Params<'a>,
    meta: &Meta<'a>,
    headers: Option<&Headers<'a>>,
) -> Result<Era, RpcError<'a>> {
    let stated = stated(headers)?;
    let modern_only = method.is("server/discover") || method.is("subscriptions/listen");
    if stated.is_some_and(Revision::is_modern) || modern_only {
        return Err(missing_envelope(params, meta));
    }
    Ok(Era::Legacy)
}

/// The served version that the header names, `None` if there is no header. A version
/// that is not served is refused, with whatever was sent under it (E8).
pub(super) fn stated<'a>(headers: Option<&Headers<'a>>) -> Result<Option<Revision>, RpcError<'a>> {
    match headers.map_or(Field::Absent, |headers| headers.protocol_version) {
        Field::Absent => Ok(None),
        Field::Text(version) => {
            Revision::parse(|name| name == version).map(Some).ok_or_else(|| {
                let requested = Quoted::Plain(version);
                unsupported(requested)
            })
        }
        Field::Repeated => Err(RpcError::bad_request(
            Code::HeaderMismatch,
            "header MCP-Protocol-Version is given more than once",
        )),
        Field::Unreadable => Err(RpcError::bad_request(
            Code::HeaderMismatch,
            "header MCP-Protocol-Version holds bytes that are not visible ASCII",
        )),
    }
}

/// -32022 and what to ask for instead (M5).
pub(super) fn unsupported(requested: Quoted<'_>) -> RpcError<'_> {
    RpcError::bad_request(Code::UnsupportedVersion, "protocol version is not supported")
        .about(requested)
        .with_data(Data::Versions(requested))
}

/// E6, E9, M1: names the keys of `params._meta` that a modern request needs.
pub(super) fn missing_envelope<'a>(params: &Params<'a>, meta: &Meta<'a>) -> RpcError<'a> {
    if params.meta.is_some_and(|meta| !meta.is_object()) {
        return RpcError::bad_request(Code::InvalidParams, "`params._meta` must be an object")
            .with_data(Data::Keys(r#"["_meta"]"#));
    }
    if meta.capabilities.is_some_and(Value::is_object) {
        return RpcError::bad_request(
            Code::InvalidParams,
            "`params._meta` lacks `io.modelcontextprotocol/protocolVersion`",
        )
        .with_data(Data::Keys(r#"["io.modelcontextprotocol/protocolVersion"]"#));
    }
    RpcError::bad_request(
        Code::InvalidParams,
        "`params._meta` lacks `io.modelcontextprotocol/protocolVersion` and `io.modelcontextprotocol/clientCapabilities`",
    )
    .with_data(Data::Keys(
        r#"["io.modelcontextprotocol/protocolVersion","io.modelcontextprotocol/clientCapabilities"]"#,
    ))
}
