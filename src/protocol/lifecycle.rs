//! `initialize`, `server/discover` and `ping`: what the server says about itself.

use super::envelope::{self, Cache};
use super::era::Era;
use super::json::Value;
use super::methods::{Call, Done, Handled};
use super::version::{NEWEST_LEGACY, Revision, SUPPORTED};
use crate::model::Reply;

/// What a client's model should know before it calls anything. Under 1,200 bytes: it
/// is part of every conversation.
macro_rules! instructions {
    () => {
        "Offline reference for writing Kestra flows: every plugin class with its exact schema, \
         blueprints, release versions and documentation, for the Kestra lines 2.0 and 1.3. \
         To write a flow: 1. `search` by what should happen, to find classes (`type: \
         BLUEPRINTS` finds whole example flows, `get_blueprint_flow` reads one). 2. \
         `task_schema` of each class before using it; use only properties that it lists, \
         never guess one. 3. `validate_flow` on the finished YAML and repair what it reports. \
         `list_plugins`, `plugin_tasks` and the `list_*` tools are complete: what they do not \
         name does not exist. `search_docs` and `get_doc` explain concepts and expressions. \
         `versions` and `plugin_versions` tell which plugin release runs on which Kestra. \
         Pass `kestra: 1.3` where the user runs that line. A list with `nextCursor` goes on: \
         call again with `cursor`. An error names the nearest right names: try one of them."
    };
}

/// Exactly what is served (L7).
macro_rules! capabilities {
    () => {
        r#""capabilities":{"tools":{},"resources":{},"prompts":{},"completions":{}}"#
    };
}

const ABOUT: &str = concat!(
    r#"","#,
    capabilities!(),
    r#","serverInfo":{"name":"kestra-mcp","title":"Kestra catalog","version":""#,
    env!("CARGO_PKG_VERSION"),
    r#"","description":"Plugins, schemas, blueprints and documentation of the Kestra workflow orchestrator"},"instructions":""#,
    instructions!(),
    "\""
);

const DISCOVERED: &str =
    concat!(",", capabilities!(), r#","instructions":""#, instructions!(), "\"");

/// L1: a legacy version is agreed to, anything else is offered the newest of them.
pub(super) fn initialize<'a>(call: &Call<'a>, reply: &mut Reply) -> Handled<'a> {
    let asked = call.params.protocol_version.and_then(Value::text);
    let known = asked.and_then(|asked| Revision::parse(|name| asked.is(name)));
    let version = known.filter(|revision| !revision.is_modern());
    envelope::open(call.id, call.era, r#""protocolVersion":""#, reply);
    reply.push_static(version.map_or(NEWEST_LEGACY, Revision::name));
    reply.push_static(ABOUT);
    envelope::close(call.era, Cache::Unsaid, reply);
    Ok(Done::default())
}

/// L5: all versions, and what `initialize` says but for the version.
pub(super) fn discover<'a>(call: &Call<'a>, reply: &mut Reply) -> Handled<'a> {
    envelope::open(call.id, call.era, r#""supportedVersions":"#, reply);
    reply.push_static(SUPPORTED);
    reply.push_static(DISCOVERED);
    envelope::close(call.era, Cache::Kept, reply);
    Ok(Done::default())
}

/// L10: exactly `{}`.
pub(super) fn ping<'a>(call: &Call<'a>, reply: &mut Reply) -> Handled<'a> {
    envelope::open(call.id, Era::Legacy, "", reply);
    envelope::close(Era::Legacy, Cache::Unsaid, reply);
    Ok(Done::default())
}

#[cfg(test)]
mod tests {
    #[test]
    fn instructions_are_short_and_need_no_escapes() {
        let text = instructions!();
        assert!(text.len() < 1200, "{} bytes", text.len());
        assert!(!text.contains(['"', '\\', '\n']));
    }
}
