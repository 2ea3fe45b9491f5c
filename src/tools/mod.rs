//! The tools: one table that listing, dispatch, command line and tests read.

use crate::model::Reply;

/// What tools may know besides the catalog.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {}

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
    run: fn(&Context, &str, &mut Reply) -> Verdict,
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
pub const TOOLS: &[Tool] = &[Tool {
    name: "search",
    definition: r#"{"name":"search","title":"Search","description":"Placeholder until the tools land.","inputSchema":{"type":"object","properties":{"query":{"type":"string"}},"required":["query"]},"annotations":{"title":"Search","readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,"openWorldHint":false}}"#,
    parameters: &[],
    run: |_, _, reply| {
        reply.push_static(r#"{\"total\":0,\"results\":[]}"#);
        Verdict::Answer
    },
}];

/// The tool of that name; older names of tools are known too.
#[must_use]
pub fn find(name: &str) -> Option<&'static Tool> {
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
        let arguments = arguments.trim();
        if !(arguments.is_empty() || arguments == "null" || arguments.starts_with('{')) {
            return Err(NotAnObject);
        }
        Ok((self.run)(context, arguments, reply))
    }
}
