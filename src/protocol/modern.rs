//! What a request of the modern era must carry (section 3).

use super::Headers;
use super::era::{Claim, Meta, missing_envelope, unsupported};
use super::error::{Code, Data, Quoted, RpcError};
use super::header::{Field, means};
use super::json::{Text, Value};
use super::jsonrpc::Params;
use super::version::MODERN;

/// The eight levels of syslog (M8).
const LOG_LEVELS: [&str; 8] =
    ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

/// Checks a request that claims the modern era, or a version that is not served.
pub(super) fn check<'a>(
    method: Text<'a>,
    params: &Params<'a>,
    meta: &Meta<'a>,
    headers: Option<&Headers<'a>>,
    tolerant: bool,
) -> Result<(), RpcError<'a>> {
    let version = match meta.claim() {
        Claim::Served(_) => None,
        Claim::Unserved(version) => Some(version),
        Claim::NotText | Claim::None => return Err(malformed_version()),
    };
    if let Some(headers) = headers {
        check_version_header(headers, version, tolerant)?;
    }
    if let Some(version) = version {
        // Before the rest of the envelope, which a later revision may have changed (M2).
        return Err(unsupported(Quoted::Escaped(version.raw())));
    }
    if !meta.capabilities.is_some_and(Value::is_object) {
        return Err(malformed_capabilities(params, meta));
    }
    if let Some(headers) = headers {
        check_method_header(headers, method)?;
        check_name_header(headers, method, params)?;
    }
    check_log_level(meta)
}

fn malformed_version<'a>() -> RpcError<'a> {
    RpcError::bad_request(
        Code::InvalidParams,
        "`io.modelcontextprotocol/protocolVersion` must be a string",
    )
    .with_data(Data::Keys(r#"["io.modelcontextprotocol/protocolVersion"]"#))
}

fn malformed_capabilities<'a>(params: &Params<'a>, meta: &Meta<'a>) -> RpcError<'a> {
    if meta.version.is_none() {
        return missing_envelope(params, meta);
    }
    let text = if meta.capabilities.is_none() {
        "`params._meta` lacks `io.modelcontextprotocol/clientCapabilities`"
    } else {
        "`io.modelcontextprotocol/clientCapabilities` must be an object"
    };
    RpcError::bad_request(Code::InvalidParams, text)
        .with_data(Data::Keys(r#"["io.modelcontextprotocol/clientCapabilities"]"#))
}

/// M3. `version` is the claimed version where it is not the one that is served.
fn check_version_header<'a>(
    headers: &Headers<'a>,
    version: Option<Text<'a>>,
    tolerant: bool,
) -> Result<(), RpcError<'a>> {
    let text = match headers.protocol_version {
        Field::Text(header) if version.map_or(header == MODERN, |text| text.is(header)) => {
            return Ok(());
        }
        // O2: some connectors put an older version there.
        Field::Text(header) if tolerant && version.is_none() && is_legacy(header) => return Ok(()),
        Field::Text(_) => "header MCP-Protocol-Version differs from `_meta`",
        Field::Absent => "header MCP-Protocol-Version is missing",
        Field::Repeated => "header MCP-Protocol-Version is given more than once",
        Field::Unreadable => "header MCP-Protocol-Version holds bytes that are not visible ASCII",
    };
    Err(RpcError::bad_request(Code::HeaderMismatch, text))
}

fn is_legacy(version: &str) -> bool {
    super::version::Revision::parse(|name| name == version).is_some_and(|known| !known.is_modern())
}

/// M4.
fn check_method_header<'a>(headers: &Headers<'a>, method: Text<'a>) -> Result<(), RpcError<'a>> {
    let text = match headers.method {
        Field::Text(header) if method.is(header) => return Ok(()),
        Field::Text(_) => "header Mcp-Method differs from `method`",
        Field::Absent => "header Mcp-Method is missing",
        Field::Repeated => "header Mcp-Method is given more than once",
        Field::Unreadable => "header Mcp-Method holds bytes that are not visible ASCII",
    };
    Err(RpcError::bad_request(Code::HeaderMismatch, text))
}

/// M7. Where the body lacks the name, the method itself says so.
fn check_name_header<'a>(
    headers: &Headers<'a>,
    method: Text<'a>,
    params: &Params<'a>,
) -> Result<(), RpcError<'a>> {
    let named = if method.is("tools/call") || method.is("prompts/get") {
        params.name
    } else if method.is("resources/read") {
        params.uri
    } else {
        return Ok(());
    };
    let Some(name) = named.and_then(Value::text) else {
        return Ok(());
    };
    let text = match headers.name {
        Field::Text(header) if means(header, name) => return Ok(()),
        Field::Text(_) => "header Mcp-Name differs from the name or uri in `params`",
        Field::Absent => "header Mcp-Name is missing",
        Field::Repeated => "header Mcp-Name is given more than once",
        Field::Unreadable => "header Mcp-Name holds bytes that are not visible ASCII",
    };
    Err(RpcError::bad_request(Code::HeaderMismatch, text))
}

/// M8. A level has no other effect: no log messages are sent.
fn check_log_level<'a>(meta: &Meta<'a>) -> Result<(), RpcError<'a>> {
    let known = |level: Value<'_>| {
        level.text().is_some_and(|level| LOG_LEVELS.iter().any(|known| level.is(known)))
    };
    if meta.log_level.is_none_or(known) {
        return Ok(());
    }
    Err(RpcError::bad_request(
        Code::InvalidParams,
        "`io.modelcontextprotocol/logLevel` must be one of debug, info, notice, warning, error, critical, alert, emergency",
    )
    .with_data(Data::Keys(r#"["io.modelcontextprotocol/logLevel"]"#)))
}
