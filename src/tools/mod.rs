//! The tools: one table that listing, dispatch, command line and tests read.

mod arguments;
mod batch;
mod cursor;
mod miss;
mod nearest;

mod blueprints;
mod docs;
mod explain;
mod lists;
mod plugins;
mod schema;
mod search;
mod validate_flow;
mod versions;

use crate::model::{Reply, catalog};
use arguments::Arguments;
pub use explain::{Explained, ExplainedHit, explained};
use miss::Miss;

/// What tools may know besides the catalog.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {
    /// The release line that is answered for where a call names none: a position in
    /// [`catalog::LINE_NAMES`]. `None` is the newest, with lists over all lines.
    pub line: Option<usize>,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// One string.
    Text,
    /// A list of strings, or one string with commas.
    List,
    /// A whole number.
    Number,
    /// True or false.
    Flag,
}

/// One parameter of a tool.
#[derive(Debug)]
pub struct Parameter {
    /// The canonical name.
    pub name: &'static str,
    /// Names accepted in its place, folded: lower case, without `_` and `-`.
    pub aliases: &'static [&'static str],
    /// What it takes.
    pub takes: Takes,
    /// Whether the tool answers without it.
    pub required: bool,
    /// One line for the command line's help.
    pub help: &'static str,
}

/// One tool.
#[derive(Debug)]
pub struct Tool {
    /// Its name on the wire.
    pub name: &'static str,
    /// Its entry in the answer to `tools/list`, JSON.
    pub definition: &'static str,
    /// Its parameters, in the order in which the command line takes them.
    pub parameters: &'static [Parameter],
    run: fn(&Context, &Arguments<'_>, &mut Reply) -> Result<Form, Miss>,
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A JSON object whose closing brace is still missing, for what all tools add.
    Object,
    /// YAML or Markdown, complete.
    Plain,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The text answers the call.
    Answer,
    /// The text says what was wrong with the call: `isError: true`.
    Miss,
}

/// The `arguments` of a call are JSON, but not an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnObject;

/// Every tool, in the order in which they are listed.
pub const TOOLS: &[Tool] = &[
    search::SEARCH,
    plugins::LIST_PLUGINS,
    plugins::PLUGIN_TASKS,
    schema::TASK_SCHEMA,
    blueprints::BLUEPRINTS,
    blueprints::GET_BLUEPRINT_FLOW,
    lists::LIST_TRIGGERS,
    lists::LIST_TASK_RUNNERS,
    lists::LIST_STORAGES,
    lists::LIST_SECRET_MANAGERS,
    lists::LIST_LOG_EXPORTERS,
    versions::VERSIONS,
    versions::PLUGIN_VERSIONS,
    search::SEARCH_DOCS,
    docs::GET_DOC,
    docs::LIST_DOC_CHILDREN,
    validate_flow::VALIDATE_FLOW,
];

/// The definitions of all tools, with commas between them: what `tools/list` answers.
#[must_use]
pub fn definitions() -> &'static str {
    static LIST: &str = match std::str::from_utf8(&JOINED) {
        Ok(list) => list,
        Err(_) => panic!("definitions are whole texts"),
    };
    static JOINED: [u8; LENGTH] = joined();
    LIST
}

/// Bytes of all definitions, and a comma after each but the last.
const LENGTH: usize = {
    let (mut length, mut n) = (TOOLS.len() - 1, 0);
    while n < TOOLS.len() {
        length += TOOLS[n].definition.len();
        n += 1;
    }
    length
};

const fn joined() -> [u8; LENGTH] {
    let mut joined = [b','; LENGTH];
    let (mut end, mut n) = (0, 0);
    while n < TOOLS.len() {
        let definition = TOOLS[n].definition.as_bytes();
        let (_, rest) = joined.split_at_mut(end);
        rest.split_at_mut(definition.len()).0.copy_from_slice(definition);
        end += definition.len() + 1;
        n += 1;
    }
    joined
}

/// Other names under which a tool is served.
const OTHER_NAMES: &[(&str, &str)] =
    &[("search_blueprints", "blueprints"), ("list_blueprints", "blueprints")];

/// The tool of that name; other names of tools are known too.
#[must_use]
pub fn find(name: &str) -> Option<&'static Tool> {
    let other = OTHER_NAMES.iter().find(|(other, _)| *other == name);
    let name = other.map_or(name, |(_, name)| name);
    TOOLS.iter().find(|tool| tool.name == name)
}

impl Tool {
    /// Calls the tool. `arguments` is the JSON text of the call's `arguments`, empty
    /// if there were none. What is pushed to `reply` is the content of the text block,
    /// escaped as the inside of a JSON string.
    pub fn call(
        &self,
        context: &Context,
        arguments: &str,
        reply: &mut Reply,
    ) -> Result<Verdict, NotAnObject> {
        let arguments = Arguments::parse(self.parameters, arguments).ok_or(NotAnObject)?;
        Ok(match (self.run)(context, &arguments, reply) {
            Ok(Form::Object) => {
                arguments.push_ignored(reply);
                reply.push_static("}");
                Verdict::Answer
            }
            Ok(Form::Plain) => Verdict::Answer,
            Err(miss) => {
                miss.push(reply);
                Verdict::Miss
            }
        })
    }
}

/// The entry of a tool in `tools/list`.
macro_rules! definition {
    ($name:literal, $title:literal, $description:literal, $schema:literal) => {
        concat!(
            r#"{"name":""#,
            $name,
            r#"","title":""#,
            $title,
            r#"","description":""#,
            $description,
            r#"","inputSchema":{"type":"object","properties":"#,
            $schema,
            r#"},"annotations":{"title":""#,
            $title,
            r#"","readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,"openWorldHint":false}}"#
        )
    };
}
use definition;

/// Parameters that several tools have, by section 3 of the contract.
mod parameters {
    use super::{Parameter, Takes};

    pub(super) const QUERY: Parameter = Parameter {
        name: "query",
        aliases: &["q", "search", "text", "keywords", "filter"],
        takes: Takes::Text,
        required: false,
        help: "Words to look for",
    };
    pub(super) const LIMIT: Parameter = Parameter {
        name: "limit",
        aliases: &["size", "pagesize", "maxresults", "topk", "count"],
        takes: Takes::Number,
        required: false,
        help: "Most entries of one answer",
    };
    pub(super) const CURSOR: Parameter = Parameter {
        name: "cursor",
        aliases: &["nextcursor", "pagetoken"],
        takes: Takes::Text,
        required: false,
        help: "`nextCursor` of the answer before, to go on after it",
    };
    pub(super) const PLUGIN: Parameter = Parameter {
        name: "plugin",
        aliases: &["name", "pluginname", "group", "repo", "repository", "subgroup"],
        takes: Takes::Text,
        required: false,
        help: "Plugin: name, package, repository, title, or a class of it",
    };
    pub(super) const KESTRA: Parameter = Parameter {
        name: "kestra",
        aliases: &["kestraversion", "version"],
        takes: Takes::Text,
        required: false,
        help: "Kestra version, such as 1.3 or 2.0.4",
    };
}

/// The line that a call asks for: by its argument, else that of the server.
fn line(context: &Context, arguments: &Arguments<'_>) -> Result<Option<usize>, Miss> {
    let Some(version) = arguments.text("kestra")? else { return Ok(context.line) };
    line_of(&version).map(Some).ok_or_else(|| {
        Miss::new(format!("no catalog for Kestra `{version}`"))
            .allowed("lines", catalog::LINE_NAMES.iter().copied())
            .next("leave `kestra` out, or give one of these lines or a version of it")
    })
}

/// The nearest line that is not newer than a version of Kestra: a position in
/// [`catalog::LINE_NAMES`].
#[must_use]
pub fn line_of(version: &str) -> Option<usize> {
    let number = version_number(version)?;
    // `2` means any 2.x, `1.3` any 1.3.x.
    catalog::LINE_NUMBERS.iter().position(|line| *line <= number)
}

/// A version as one number that sorts as versions do, 10 bits a part.
fn version_number(version: &str) -> Option<u32> {
    let mut number = 0;
    let mut parts = version.trim().trim_start_matches(['v', 'V']).split(['.', '-', '+']);
    for part in 0..3 {
        let value = match parts.next() {
            Some(text) if part == 0 || text.starts_with(|char: char| char.is_ascii_digit()) => {
                text.parse::<u32>().ok()?
            }
            Some(text) if text.eq_ignore_ascii_case("x") || text == "*" => 1023,
            Some(_) | None => 0,
        };
        number = number << 10 | value.min(1023);
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_means_the_nearest_line_that_is_not_newer() {
        let name = |version| line_of(version).map(|line| catalog::LINE_NAMES[line]);
        for (version, line) in [
            ("2.0", Some("2.0")),
            ("2", Some("2.0")),
            ("v2.0.4", Some("2.0")),
            ("2.1.0-SNAPSHOT", Some("2.0")),
            ("1.3", Some("1.3")),
            ("1.3.31", Some("1.3")),
            ("1.9", Some("1.3")),
            ("1.2", None),
            ("newest", None),
        ] {
            assert_eq!(name(version), line, "{version}");
        }
    }

    #[test]
    fn definitions_are_json_and_name_the_parameters() {
        for tool in TOOLS {
            let json: serde_json::Value = serde_json::from_str(tool.definition)
                .unwrap_or_else(|error| panic!("{}: {error}", tool.name));
            assert_eq!(json["name"], tool.name);
            let properties = json["inputSchema"]["properties"].as_object().expect("an object");
            for parameter in tool.parameters {
                assert!(
                    properties.contains_key(parameter.name),
                    "{} {}",
                    tool.name,
                    parameter.name
                );
            }
            assert_eq!(properties.len(), tool.parameters.len(), "{}", tool.name);
            let length = json["description"].as_str().map_or(0, str::len);
            assert!((100..=350).contains(&length), "{}: {length} bytes", tool.name);
        }
    }

    #[test]
    fn names_are_unique_and_legal() {
        for (n, tool) in TOOLS.iter().enumerate() {
            assert!(tool.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
            assert!(TOOLS[..n].iter().all(|other| other.name != tool.name), "{}", tool.name);
        }
    }
}
