//! `list_plugins` and `plugin_tasks`.

use arrayvec::ArrayVec;

use super::arguments::Arguments;
use super::cursor;
use super::miss::{Miss, repeated};
use super::nearest;
use super::parameters::{CURSOR, KESTRA, LIMIT, PLUGIN, QUERY};
use super::{Context, Form, Parameter, Takes, Tool, definition, line};
use crate::index::query::MAX_TERMS;
use crate::index::{self, Documents, PluginTarget, Query, Source, fold};
use crate::model::records::{Element, Group, Plugin};
use crate::model::{Reply, catalog};

pub(super) const LIST_PLUGINS: Tool = Tool {
    name: "list_plugins",
    definition: definition!(
        "list_plugins",
        "List plugins",
        "List all Kestra plugins with categories and counts of tasks, triggers and other elements. The list is complete: what is not in it does not exist. Narrow it by category or words.",
        r#"{"category":{"type":"string","description":"AI, ALERTING, BUSINESS, CLOUD, CORE, DATA, INFRASTRUCTURE"},"query":{"type":"string"},"limit":{"type":"integer","minimum":1},"cursor":{"type":"string"}}"#
    ),
    parameters: &[CATEGORY, QUERY, LIMIT, CURSOR],
    run: list_plugins,
};

pub(super) const PLUGIN_TASKS: Tool = Tool {
    name: "plugin_tasks",
    definition: definition!(
        "plugin_tasks",
        "List a plugin's classes",
        "List every class of one plugin or package (tasks, triggers, conditions, task runners, ...) with a one-line title, grouped by package. Then call task_schema for the one you need.",
        r#"{"plugin":{"type":"string","description":"name, package, repository, title or a class, e.g. plugin-aws or io.kestra.plugin.aws.s3"},"query":{"type":"string"},"kestra":{"type":"string","description":"Kestra version, e.g. 1.3"}},"required":["plugin"]"#
    ),
    parameters: &[Parameter { required: true, ..PLUGIN }, QUERY, KESTRA],
    run: plugin_tasks,
};

const CATEGORY: Parameter = Parameter {
    name: "category",
    aliases: &["categories"],
    takes: Takes::List,
    required: false,
    help: "Category, such as CLOUD; several with commas",
};

/// Plugins of the longest page: all there are.
const MAX_LIMIT: usize = 1_000;

fn list_plugins(_: &Context, arguments: &Arguments<'_>, reply: &mut Reply) -> Result<Form, Miss> {
    let categories = categories(arguments)?;
    let text = arguments.text("query")?;
    let query = text.as_deref().and_then(Query::parse);
    let limit = arguments.number("limit", MAX_LIMIT)?.unwrap_or(MAX_LIMIT);
    let skip = cursor::position("list_plugins", arguments)?;
    let words = Words::of(query.as_ref());
    let wanted = |(at, plugin): &(usize, &Plugin)| {
        (categories == 0 || plugin.categories & categories != 0) && words.matches(*at, plugin)
    };
    let all = || catalog::PLUGINS.iter().enumerate().filter(wanted);
    let total = all().count();
    reply.push_static(r#"{\"total\":"#);
    reply.push_number(total);
    reply.push_static(r#",\"plugins\":["#);
    if total == catalog::PLUGINS.len() && skip == 0 && limit >= total {
        reply.push_splice(catalog::PLUGIN_ROWS);
        reply.push_static("]");
        return Ok(Form::Object);
    }
    all().skip(skip).take(limit).for_each(|(_, plugin)| reply.push_row(plugin.list_row));
    reply.push_static("]");
    if total == 0 {
        reply.push_static(r#",\"searched\":\""#);
        reply.push_number(catalog::PLUGINS.len());
        reply.push_static(r#" plugins\""#);
    }
    if skip + limit < total {
        cursor::push_next(skip + limit, "list_plugins", arguments, reply);
    }
    Ok(Form::Object)
}

/// Bits of the categories asked for; 0 for all.
fn categories(arguments: &Arguments<'_>) -> Result<u32, Miss> {
    let mut bits = 0;
    for given in arguments.list("category")? {
        let known = |name: &&str| name.eq_ignore_ascii_case(&given);
        let at = catalog::CATEGORIES.iter().position(known).ok_or_else(|| {
            Miss::new(format!("no category `{}`", repeated(&given)))
                .allowed("categories", catalog::CATEGORIES)
                .next("give one of these, or leave `category` out")
        })?;
        bits |= 1 << at;
    }
    Ok(bits)
}

/// Which plugins a query means: those whose row says all its words, and if there are
/// none, those with a class that it finds.
struct Words<'q> {
    query: Option<&'q Query>,
    /// One bit for each plugin.
    by_classes: Option<[u64; catalog::PLUGINS.len().div_ceil(64)]>,
}

impl<'q> Words<'q> {
    fn of(query: Option<&'q Query>) -> Self {
        let words = Self { query, by_classes: None };
        let Some(query) = query else { return words };
        if catalog::PLUGINS.iter().any(|plugin| words.says(query, plugin)) {
            return words;
        }
        let mut plugins = [0; catalog::PLUGINS.len().div_ceil(64)];
        for at in index::matching(query, Source::Elements).positions() {
            let plugin = catalog::ELEMENTS[at].plugin as usize;
            plugins[plugin / 64] |= 1 << (plugin % 64);
        }
        Self { query: Some(query), by_classes: Some(plugins) }
    }

    fn matches(&self, at: usize, plugin: &Plugin) -> bool {
        match (self.query, &self.by_classes) {
            (None, _) => true,
            (_, Some(plugins)) => plugins[at / 64] & (1 << (at % 64)) != 0,
            (Some(query), None) => self.says(query, plugin),
        }
    }

    #[expect(clippy::unused_self, reason = "reads as a question to the words")]
    fn says(&self, query: &Query, plugin: &Plugin) -> bool {
        let words = query.weighty().map(|(_, word)| word.stem);
        let mut missing: ArrayVec<fold::Word, MAX_TERMS> = words.collect();
        for text in [plugin.list_row, plugin.head] {
            fold::words(catalog::text(text), |word| {
                let stem = fold::stem(word);
                missing.retain(|term| *term != stem);
            });
        }
        missing.is_empty()
    }
}

/// Rest of the answer for a repository whose plugins are not published (yet).
const NOTHING_PUBLISHED: &str = r#"\",\"total\":0,\"next\":\"no plugin is published from this repository; call search with words for what it would do\""#;

fn plugin_tasks(
    context: &Context,
    arguments: &Arguments<'_>,
    reply: &mut Reply,
) -> Result<Form, Miss> {
    let name = arguments.required("plugin", "\"plugin-aws\"")?;
    let line = line(context, arguments)?;
    let text = arguments.text("query")?;
    let query = text.as_deref().and_then(Query::parse);
    let target = index::plugin(&name).ok_or_else(|| {
        nearest::unknown("plugin", &name, nearest::plugins(&name), "list_plugins")
    })?;
    let wanted = Wanted {
        line,
        matching: query.as_ref().map(|query| index::matching(query, Source::Elements)),
    };
    match target {
        PluginTarget::Plugin(at) => {
            let plugin = &catalog::PLUGINS[at];
            wanted.push(plugin, catalog::rows(&catalog::GROUPS, plugin.groups), reply);
            reply.push_static("]");
        }
        PluginTarget::Group(at) => {
            let group = &catalog::GROUPS[at];
            let plugin = &catalog::PLUGINS[group.plugin as usize];
            wanted.push(plugin, std::slice::from_ref(group), reply);
            reply.push_static("]");
        }
        PluginTarget::Repository(at) => {
            let repository = &catalog::REPOSITORIES[at];
            reply.push_static(r#"{\"repository\":\""#);
            reply.push_text(repository.repository);
            let plugins = catalog::rows(&catalog::REPOSITORY_PLUGINS, repository.plugins);
            if plugins.is_empty() {
                reply.push_static(NOTHING_PUBLISHED);
                return Ok(Form::Object);
            }
            reply.push_static(r#"\",\"plugins\":["#);
            for (n, at) in plugins.iter().enumerate() {
                reply.push_static(if n > 0 { "]}," } else { "" });
                let plugin = &catalog::PLUGINS[*at as usize];
                wanted.push(plugin, catalog::rows(&catalog::GROUPS, plugin.groups), reply);
            }
            reply.push_static("]}]");
        }
    }
    Ok(Form::Object)
}

/// Classes that are asked for.
struct Wanted {
    line: Option<usize>,
    matching: Option<Documents>,
}

impl Wanted {
    /// Writes a plugin with some of its packages, without what closes list and object.
    fn push(&self, plugin: &Plugin, groups: &'static [Group], reply: &mut Reply) {
        reply.push_text(plugin.head);
        reply.push_static(r#",\"total\":"#);
        reply.push_number(groups.iter().map(|group| self.total(group)).sum());
        reply.push_static(r#",\"subgroups\":["#);
        let mut first = true;
        for group in groups.iter().filter(|group| self.total(group) > 0) {
            if self.matching.is_none() {
                // Rows come with their commas and share one span.
                reply.push_row(group.rows[self.column()]);
                continue;
            }
            reply.push_static(if std::mem::take(&mut first) { "" } else { "," });
            self.push_some(group, reply);
        }
    }

    /// Column of the tables that are written for all lines and for each.
    fn column(&self) -> usize {
        self.line.map_or(0, |line| line + 1)
    }

    fn total(&self, group: &Group) -> usize {
        match &self.matching {
            None => group.totals[self.column()] as usize,
            Some(_) => self.elements(group).count(),
        }
    }

    fn elements(&self, group: &Group) -> impl Iterator<Item = &'static Element> {
        let first = group.elements.0 as usize;
        let rows = catalog::rows(&catalog::ELEMENTS, group.elements).iter().enumerate();
        rows.filter(move |(n, element)| {
            !element.internal()
                && element.is_in(self.line)
                && self.matching.as_ref().is_none_or(|matching| matching.has(first + n))
        })
        .map(|(_, element)| element)
    }

    fn push_some(&self, group: &Group, reply: &mut Reply) {
        reply.push_text(group.head);
        let mut kind = None;
        for element in self.elements(group) {
            if kind != Some(element.kind) {
                reply.push_static(if kind.is_some() { "}," } else { "," });
                reply.push_static(r#"\""#);
                reply.push_static(catalog::PLURALS[usize::from(element.kind.0)]);
                reply.push_static(r#"\":{"#);
                kind = Some(element.kind);
            }
            reply.push_row(element.list_row);
        }
        reply.push_static("}}");
    }
}
