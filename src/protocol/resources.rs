//! Resources: the manifest, and by template what the tools answer.

use arrayvec::{ArrayString, ArrayVec};

use super::envelope::{self, Cache};
use super::era::Era;
use super::error::{Code, Data, RpcError};
use super::json::{Text, Value};
use super::manifest;
use super::methods::{Call, Done, Handled, one_page};
use crate::model::Reply;
use crate::tools::{self, Verdict};

/// The longest URI that can name anything.
const MAX_URI: usize = 512;
/// The URI of the manifest.
const MANIFEST: &str = "kestra://catalog";

/// A family of resources: what a tool answers to one argument.
struct Template {
    /// What every URI of the family begins with.
    prefix: &'static str,
    tool: &'static str,
    /// The start of the tool's arguments, up to the value.
    arguments: &'static str,
    mime_type: &'static str,
}

const TEMPLATES: &[Template] = &[
    Template {
        prefix: "kestra://class/",
        tool: "task_schema",
        arguments: r#"{"cls":""#,
        mime_type: "application/json",
    },
    Template {
        prefix: "kestra://plugin/",
        tool: "plugin_tasks",
        arguments: r#"{"plugin":""#,
        mime_type: "application/json",
    },
    Template {
        prefix: "kestra://blueprint/",
        tool: "get_blueprint_flow",
        arguments: r#"{"id":""#,
        mime_type: "application/yaml",
    },
    Template {
        prefix: "kestra://doc/",
        tool: "get_doc",
        arguments: r#"{"parsedUrl":""#,
        mime_type: "text/markdown",
    },
];

const LISTED: &str = r#"[{"uri":"kestra://catalog","name":"catalog","title":"Catalog manifest","description":"Versions, counts, hashes and sources of the compiled catalog","mimeType":"application/json"}]"#;

const LISTED_TEMPLATES: &str = r#"[{"uriTemplate":"kestra://class/{cls}","name":"class","title":"Class schema","description":"Properties, outputs and definitions of one plugin class, as task_schema answers","mimeType":"application/json"},{"uriTemplate":"kestra://plugin/{name}","name":"plugin","title":"Plugin","description":"All classes of one plugin, as plugin_tasks answers","mimeType":"application/json"},{"uriTemplate":"kestra://blueprint/{id}","name":"blueprint","title":"Blueprint","description":"The YAML of one example flow","mimeType":"application/yaml"},{"uriTemplate":"kestra://doc/{+path}","name":"doc","title":"Documentation page","description":"One page of the documentation, in Markdown","mimeType":"text/markdown"}]"#;

/// The one resource that is not behind a template.
pub(super) fn list<'a>(call: &Call<'a>, reply: &mut Reply) -> Handled<'a> {
    page(call, r#""resources":"#, LISTED, reply)
}

/// The families.
pub(super) fn templates<'a>(call: &Call<'a>, reply: &mut Reply) -> Handled<'a> {
    page(call, r#""resourceTemplates":"#, LISTED_TEMPLATES, reply)
}

fn page<'a>(
    call: &Call<'a>,
    member: &'static str,
    listed: &'static str,
    reply: &mut Reply,
) -> Handled<'a> {
    one_page(call)?;
    envelope::open(call.id, call.era, member, reply);
    reply.push_static(listed);
    envelope::close(call.era, Cache::Kept, reply);
    Ok(Done::default())
}

/// Reads one resource.
pub(super) fn read<'a>(call: &Call<'a>, reply: &mut Reply) -> Handled<'a> {
    let uri = call.params.uri.and_then(Value::text);
    let uri = uri.ok_or(RpcError::params("`uri` is missing or not a string"))?;
    let mut buffer = ArrayString::<MAX_URI>::new();
    let plain = uri.plain(&mut buffer).ok_or_else(|| not_found(call, uri))?;
    if plain == MANIFEST {
        open(call, uri, "application/json", reply);
        manifest::write(reply);
    } else {
        let template = TEMPLATES.iter().find(|template| plain.starts_with(template.prefix));
        let template = template.ok_or_else(|| not_found(call, uri))?;
        open(call, uri, template.mime_type, reply);
        template.read(call, plain, reply).ok_or_else(|| not_found(call, uri))?;
    }
    reply.push_static(r#""}]"#);
    envelope::close(call.era, Cache::Kept, reply);
    Ok(Done::default())
}

fn open(call: &Call<'_>, uri: Text<'_>, mime_type: &'static str, reply: &mut Reply) {
    envelope::open(call.id, call.era, r#""contents":[{"uri":""#, reply);
    reply.push_str(uri.raw());
    reply.push_static(r#"","mimeType":""#);
    reply.push_static(mime_type);
    reply.push_static(r#"","text":""#);
}

impl Template {
    /// Writes the text of the resource; `None` if there is no such thing.
    fn read(&self, call: &Call<'_>, uri: &str, reply: &mut Reply) -> Option<()> {
        let name = decode(uri.strip_prefix(self.prefix)?)?;
        let mut arguments = ArrayString::<{ MAX_URI + 32 }>::new();
        arguments.try_push_str(self.arguments).ok()?;
        arguments.try_push_str(std::str::from_utf8(&name).ok()?).ok()?;
        arguments.try_push_str(r#""}"#).ok()?;
        let verdict = tools::find(self.tool)?.call(call.context, &arguments, reply).ok()?;
        (verdict == Verdict::Answer).then_some(())
    }
}

/// Undoes percent-encoding. `None` for what no name in the catalog can be: nothing, a
/// path that climbs (R4), or characters that JSON would have to escape.
fn decode(encoded: &str) -> Option<ArrayVec<u8, MAX_URI>> {
    let mut decoded = ArrayVec::new();
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        let byte = if byte == b'%' { hex(rest.next()?)? << 4 | hex(rest.next()?)? } else { byte };
        if byte < 0x20 || matches!(byte, b'"' | b'\\') {
            return None;
        }
        decoded.try_push(byte).ok()?;
    }
    let climbs = decoded.split(|byte| *byte == b'/').any(|segment| segment == b"..");
    (!decoded.is_empty() && !climbs).then_some(decoded)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|digit| digit as u8)
}

/// R3: the code differs by era, the data does not.
fn not_found<'a>(call: &Call<'a>, uri: Text<'a>) -> RpcError<'a> {
    let code = match call.era {
        Era::Legacy => Code::ResourceNotFound,
        Era::Modern => Code::InvalidParams,
    };
    RpcError::new(code, "resource not found; resources/templates/list names what there is")
        .with_data(Data::Uri(uri))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(encoded: &str, expected: Option<&str>) {
        assert_eq!(decode(encoded).as_deref(), expected.map(str::as_bytes), "{encoded}");
    }

    #[test]
    fn undoes_percent_encoding() {
        check("docs%2Fconcepts%2fsecret", Some("docs/concepts/secret"));
        check("a%C3%A9", Some("aé"));
        check("a%2", None);
        check("a%zz", None);
        check("a%22", None);
        check("", None);
    }

    #[test]
    fn never_climbs() {
        check("docs/%2e%2E/x", None);
        check("..", None);
        check("a..b", Some("a..b"));
    }

    #[test]
    fn templates_and_their_list_agree() {
        let listed: Vec<serde_json::Value> =
            serde_json::from_str(LISTED_TEMPLATES).expect("it is JSON");
        for (template, listed) in TEMPLATES.iter().zip(&listed) {
            let uri = listed["uriTemplate"].as_str().expect("every template has one");
            assert!(uri.starts_with(template.prefix), "{uri}");
            assert_eq!(listed["mimeType"], template.mime_type);
        }
        assert_eq!(TEMPLATES.len(), listed.len());
    }
}
