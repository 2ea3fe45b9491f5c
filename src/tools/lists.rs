//! The typed lists: triggers, task runners, storages, secret managers, log exporters.

use super::arguments::Arguments;
use super::cursor;
use super::miss::Miss;
use super::nearest;
use super::parameters::{CURSOR, KESTRA, LIMIT, PLUGIN, QUERY};
use super::{Context, Form, Parameter, Tool, definition, line};
use crate::index::{self, PluginTarget, Query, Source};
use crate::model::records::{Element, Kind};
use crate::model::{Reply, catalog};

macro_rules! typed_list {
    ($tool:ident, $name:literal, $title:literal, $description:literal, $kind:literal) => {
        pub(super) const $tool: Tool = Tool {
            name: $name,
            definition: definition!(
                $name,
                $title,
                $description,
                r#"{"query":{"type":"string"},"plugin":{"type":"string"},"kestra":{"type":"string"},"limit":{"type":"integer","minimum":1},"cursor":{"type":"string"}}"#
            ),
            parameters: PARAMETERS,
            run: |context, arguments, reply| list($name, $kind, context, arguments, reply),
        };
    };
}

const PARAMETERS: &[Parameter] = &[QUERY, PLUGIN, KESTRA, LIMIT, CURSOR];

typed_list!(
    LIST_TRIGGERS,
    "list_triggers",
    "List triggers",
    "List every trigger class of Kestra (schedule, webhook, flow, file, queue, database, realtime) with a one-line title, by plugin. The list is complete.",
    "trigger"
);
typed_list!(
    LIST_TASK_RUNNERS,
    "list_task_runners",
    "List task runners",
    "List every task runner: where scripts and commands can run (process, Docker, Kubernetes, cloud batch services). The list is complete; Enterprise ones are named in `ee`.",
    "taskRunner"
);
typed_list!(
    LIST_STORAGES,
    "list_storages",
    "List internal storages",
    "List every backend that Kestra's internal storage can use (local, S3, GCS, Azure, MinIO, ...), with class or configuration type. The list is complete.",
    "storage"
);
typed_list!(
    LIST_SECRET_MANAGERS,
    "list_secret_managers",
    "List secret managers",
    "List every external secret manager that Kestra Enterprise can read secrets from (Vault, AWS, Azure, Google, ...), with its configuration type. The list is complete.",
    "secretManager"
);
typed_list!(
    LIST_LOG_EXPORTERS,
    "list_log_exporters",
    "List log exporters",
    "List every log exporter: where the Enterprise log shipper tasks can send logs (Datadog, Splunk, OpenTelemetry, S3, ...). The list is complete.",
    "logExporter"
);

/// Longer lists are grouped by plugin.
const GROUPED_FROM: usize = 41;
/// Rows of the longest page: all there are.
const MAX_LIMIT: usize = 1_000;

fn list(
    tool: &'static str,
    kind: &'static str,
    context: &Context,
    arguments: &Arguments<'_>,
    reply: &mut Reply,
) -> Result<Form, Miss> {
    let kind = Kind(catalog::KINDS.iter().position(|known| *known == kind).unwrap_or(0) as u8);
    let line = line(context, arguments)?;
    let plugins = plugins(arguments)?;
    let text = arguments.text("query")?;
    let query = text.as_deref().and_then(Query::parse);
    let limit = arguments.number("limit", MAX_LIMIT)?.unwrap_or(MAX_LIMIT);
    let skip = cursor::position(tool, arguments)?;
    if query.is_none() && plugins.is_none() && skip == 0 && limit == MAX_LIMIT {
        push_all(kind, line, reply);
        return Ok(Form::Object);
    }
    let found = query.as_ref().map(|query| index::matching(query, Source::Elements));
    let of_kind = || {
        let all = catalog::ELEMENTS.iter().enumerate();
        all.filter(|(_, it)| it.kind == kind && !it.internal() && it.is_in(line))
    };
    let wanted = || {
        of_kind()
            .filter(|(at, it)| {
                found.as_ref().is_none_or(|found| found.has(*at))
                    && plugins.is_none_or(|plugins| plugins.has(it))
            })
            .map(|(_, element)| element)
    };
    let total = wanted().count();
    reply.push_static(r#"{\"total\":"#);
    reply.push_number(total);
    let page = || wanted().skip(skip).take(limit);
    push_rows(kind, of_kind().count() >= GROUPED_FROM, page, reply);
    if total == 0 {
        push_searched(kind, of_kind().map(|(_, element)| element), reply);
    }
    if skip + limit < total {
        cursor::push_next(skip + limit, tool, arguments, reply);
    }
    Ok(Form::Object)
}

/// The whole list, as it was written when the catalog was compiled.
fn push_all(kind: Kind, line: Option<usize>, reply: &mut Reply) {
    let list = &catalog::KIND_LISTS[usize::from(kind.0)];
    let column = line.map_or(0, |line| line + 1);
    reply.push_static(r#"{\"total\":"#);
    reply.push_number(list.totals[column] as usize);
    reply.push_text(list.rows[column]);
}

/// Elements of a plugin, a package or the plugins of a repository.
#[derive(Clone, Copy)]
struct Plugins(PluginTarget);

fn plugins(arguments: &Arguments<'_>) -> Result<Option<Plugins>, Miss> {
    let Some(name) = arguments.text("plugin")? else { return Ok(None) };
    let target = index::plugin(&name).ok_or_else(|| {
        nearest::unknown("plugin", &name, nearest::plugins(&name), "list_plugins")
    })?;
    Ok(Some(Plugins(target)))
}

impl Plugins {
    fn has(self, element: &Element) -> bool {
        match self.0 {
            PluginTarget::Plugin(at) => element.plugin as usize == at,
            PluginTarget::Group(at) => element.group as usize == at,
            PluginTarget::Repository(at) => {
                let repository = &catalog::REPOSITORIES[at];
                catalog::rows(&catalog::REPOSITORY_PLUGINS, repository.plugins)
                    .contains(&element.plugin)
            }
        }
    }
}

/// Classes as a map from class to title, by plugin where there are many; then those
/// known by name only, as rows; then the classes that need the Enterprise Edition.
fn push_rows<I: Iterator<Item = &'static Element>>(
    kind: Kind,
    grouped: bool,
    page: impl Fn() -> I,
    reply: &mut Reply,
) {
    let name = catalog::PLURALS[usize::from(kind.0)];
    let nameless = page().any(super::super::model::records::Element::nameless);
    let named = page().any(|it| !it.nameless());
    reply.push_static(r#",\""#);
    reply.push_static(name);
    if nameless && !named {
        reply.push_static(r#"\":["#);
        page().for_each(|element| reply.push_row(element.list_row));
        reply.push_static("]");
        return;
    }
    reply.push_static(r#"\":{"#);
    let mut plugin = None;
    for element in page().filter(|it| !it.nameless()) {
        if grouped && plugin != Some(element.plugin) {
            reply.push_static(if plugin.is_some() { r#"},\""# } else { r#"\""# });
            reply.push_text(catalog::PLUGINS[element.plugin as usize].name);
            reply.push_static(r#"\":{"#);
            plugin = Some(element.plugin);
        }
        reply.push_row(element.list_row);
    }
    reply.push_static(if plugin.is_some() { "}}" } else { "}" });
    if nameless {
        reply.push_static(r#",\"others\":["#);
        page().filter(|it| it.nameless()).for_each(|element| reply.push_row(element.list_row));
        reply.push_static("]");
    }
    if page().any(|it| it.ee() && !it.nameless()) {
        reply.push_static(r#",\"ee\":["#);
        let mut first = true;
        for element in page().filter(|it| it.ee() && !it.nameless()) {
            reply.push_static(if std::mem::take(&mut first) { r#"\""# } else { r#",\""# });
            reply.push_text(element.name);
            reply.push_static(r#"\""#);
        }
        reply.push_static("]");
    }
}

/// Nothing was found: how many were looked through, and all of their names, so that a
/// model stops guessing.
fn push_searched(
    kind: Kind,
    all: impl Iterator<Item = &'static Element> + Clone,
    reply: &mut Reply,
) {
    reply.push_static(r#",\"searched\":\""#);
    reply.push_number(all.clone().count());
    reply.push_static(" ");
    reply.push_static(catalog::PLURALS[usize::from(kind.0)]);
    reply.push_static(r#"\",\"names\":["#);
    let mut first = true;
    for element in all {
        reply.push_static(if std::mem::take(&mut first) { r#"\""# } else { r#",\""# });
        reply.push_text(element.name);
        reply.push_static(r#"\""#);
    }
    reply.push_static("]");
}
