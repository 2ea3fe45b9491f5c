//! Compiles what was read into sorted tables of numbers and one store of texts.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::elements::{Catalog, Element, KINDS, Plugin, Schema};
use crate::json::{escaped, quoted};
use crate::names::{How, Name, Names, suffixes};
use crate::nodes::{self, NodeTables};
use crate::page::clipped;
use crate::problem::Problem;
use crate::read::Sources;
use crate::rows::{self, PLURALS, packed_version, standing};
use crate::schema_text::{self, SchemaText, json_text};
use crate::search::{self, Index};
use crate::skeleton::Skeletons;
use crate::store::{Run, Store, Text};

/// No entry.
pub const NONE: u32 = u32::MAX;
/// Deprecated.
pub const DEPRECATED: u8 = 1;
/// Of the Enterprise Edition.
pub const EE: u8 = 2;
/// Not listed by Kestra.
pub const INTERNAL: u8 = 4;
/// Known by name only.
pub const NAMELESS: u8 = 8;

/// One element.
#[derive(Debug, Default)]
pub struct ElementRow {
    /// Class or name.
    pub name: Text,
    /// Position in [`KINDS`].
    pub kind: u8,
    /// Plugin.
    pub plugin: u32,
    /// Package.
    pub group: u32,
    /// [`DEPRECATED`] and so on.
    pub flags: u8,
    /// One bit for each line that has it.
    pub lines: u8,
    /// What to use instead, or [`NONE`].
    pub successor: u32,
    /// Row of a search.
    pub search_row: Text,
    /// Row of a list.
    pub list_row: Text,
    /// Its schema in each line, or [`NONE`].
    pub schemas: Vec<u32>,
}

/// One schema.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord, Clone)]
pub struct SchemaRow {
    /// Its pieces.
    pub text: SchemaText,
    /// The smallest fragment, YAML.
    pub skeleton: Text,
    /// The same with optional properties.
    pub skeleton_all: Text,
}

/// One plugin.
#[derive(Debug, Default)]
pub struct PluginRow {
    /// Its name.
    pub name: Text,
    /// Bits of [`Tables::categories`].
    pub categories: u32,
    /// Of the Enterprise Edition.
    pub ee: bool,
    /// Row of the list.
    pub list_row: Text,
    /// Row of a search for its name.
    pub search_row: Text,
    /// From `{` to before the total.
    pub head: Text,
    /// Its version as a member: `"plugin-aws":"2.8.2"`, empty where not public.
    pub version_row: Text,
    /// All that is known of its version, as a member.
    pub version_detail: Text,
    /// First package and how many.
    pub groups: (u32, u32),
    /// First element and how many.
    pub elements: (u32, u32),
    /// Repository or [`NONE`].
    pub repository: u32,
    /// The root it came from.
    pub root: u32,
}

/// One package of a plugin.
#[derive(Debug, Default)]
pub struct GroupRow {
    /// Its name.
    pub name: Text,
    /// Its plugin.
    pub plugin: u32,
    /// `{"group":...,"title":...`.
    pub head: Text,
    /// First element and how many.
    pub elements: (u32, u32),
    /// All of it, first over all lines, then for each line.
    pub rows: Vec<Text>,
    /// Number of elements listed, likewise.
    pub totals: Vec<u32>,
}

/// One repository with its releases.
#[derive(Debug, Default)]
pub struct RepositoryRow {
    /// Its name.
    pub name: Text,
    /// `owner/name`.
    pub repository: Text,
    /// First release and how many, newest first.
    pub releases: (u32, u32),
    /// Run of plugins published from it, in [`Tables::repository_plugins`].
    pub plugins: (u32, u32),
}

/// One blueprint.
#[derive(Debug, Default)]
pub struct BlueprintRow {
    /// Its id.
    pub id: Text,
    /// Its number.
    pub number: u32,
    /// Bits of [`crate::flow::TAGS`].
    pub tags: u32,
    /// Of the Enterprise Edition.
    pub ee: bool,
    /// Row of the list.
    pub list_row: Text,
    /// Row of a search up to the snippet.
    pub search_row: Text,
    /// Row of a search after the snippet.
    pub search_end: Text,
    /// The flow.
    pub flow: Text,
    /// Run of its classes in [`Tables::blueprint_classes`].
    pub classes: (u32, u32),
    /// Sentences that can be snippets.
    pub sentences: Run,
}

/// One page.
#[derive(Debug, Default)]
pub struct DocRow {
    /// Its path.
    pub path: Text,
    /// Row of a search up to the snippet.
    pub search_row: Text,
    /// Row of a search after the snippet.
    pub search_end: Text,
    /// Row of the list of its parent's children.
    pub child_row: Text,
    /// `{"path":...,"title":...`.
    pub head: Text,
    /// Rows of its children.
    pub children: Run,
    /// Its text, in pages of bounded length.
    pub pages: Run,
    /// Sentences that can be snippets.
    pub sentences: Run,
}

/// One release.
#[derive(Debug, Default)]
pub struct ReleaseRow {
    /// Its row.
    pub row: Text,
    /// Least Kestra it runs on, packed.
    pub kestra: u32,
}

/// All elements of one kind, as a list shows them.
#[derive(Debug, Default)]
pub struct KindRow {
    /// How many, over all lines, then for each line.
    pub totals: Vec<u32>,
    /// The members that list them, likewise.
    pub rows: Vec<Text>,
}

/// All tables.
#[derive(Debug, Default)]
pub struct Tables {
    /// Texts and lists.
    pub store: Store,
    /// Date of the facts.
    pub date: String,
    /// Lines, newest first, and the version that each was taken from.
    pub lines: Vec<(String, String)>,
    /// Categories in order.
    pub categories: Vec<String>,
    /// Elements.
    pub elements: Vec<ElementRow>,
    /// Schemas.
    pub schemas: Vec<SchemaRow>,
    /// Plugins.
    pub plugins: Vec<PluginRow>,
    /// Packages.
    pub groups: Vec<GroupRow>,
    /// Repositories.
    pub repositories: Vec<RepositoryRow>,
    /// Plugins of repositories.
    pub repository_plugins: Vec<u32>,
    /// Releases.
    pub releases: Vec<ReleaseRow>,
    /// Blueprints, newest first.
    pub blueprints: Vec<BlueprintRow>,
    /// Classes of blueprints, each an element.
    pub blueprint_classes: Vec<u32>,
    /// Pages in navigation order.
    pub docs: Vec<DocRow>,
    /// Blog posts, newest first.
    pub blogs: Vec<Text>,
    /// Lists of all elements of a kind.
    pub kinds: Vec<KindRow>,
    /// Rows of all plugins, and of those with a version.
    pub plugin_lists: [Run; 2],
    /// Names of classes.
    pub class_names: (Vec<Name>, Vec<u64>),
    /// Names of plugins (0), packages (1) and repositories (2), the sort in the upper bits.
    pub plugin_names: (Vec<Name>, Vec<u64>),
    /// Names of blueprints.
    pub blueprint_names: (Vec<Name>, Vec<u64>),
    /// Names of pages.
    pub doc_names: (Vec<Name>, Vec<u64>),
    /// Names for completion, sorted, one list for each sort of name.
    pub completions: Vec<Run>,
    /// Schema nodes for the validator.
    pub nodes: NodeTables,
    /// The search index.
    pub index: Index,
    /// The roots: name, hash and what is of them.
    pub roots: Vec<RootRow>,
}

/// Sorts of targets in [`Tables::plugin_names`].
pub const TARGET_SHIFT: u32 = 16;

/// Compiles the catalog.
pub fn compile(sources: &Sources, catalog: &Catalog, problems: &mut Vec<Problem>) -> Tables {
    let mut tables = Tables {
        date: sources.catalog.date.clone(),
        lines: sources
            .lines
            .iter()
            .map(|line| (line.name.clone(), line.core.value.version().to_owned()))
            .collect(),
        roots: roots(sources, catalog),
        ..Tables::default()
    };
    let lines: Vec<String> = tables.lines.iter().map(|(name, _)| name.clone()).collect();
    let place: BTreeMap<&str, u32> =
        catalog.elements.iter().enumerate().map(|(n, it)| (it.name.as_str(), n as u32)).collect();
    for plugin in &catalog.plugins {
        for category in &plugin.categories {
            if !tables.categories.contains(category) {
                tables.categories.push(category.clone());
            }
        }
    }
    tables.categories.sort();
    repositories(sources, catalog, &mut tables);
    plugins_and_groups(sources, catalog, &lines, &mut tables);
    elements(sources, catalog, &lines, &place, &mut tables);
    tables.nodes = nodes::compile(sources, catalog, &place, &mut tables.store);
    kinds(catalog, &mut tables);
    blueprints(sources, &place, &mut tables, problems);
    docs(sources, &mut tables, problems);
    blogs(sources, &mut tables);
    names(sources, catalog, &mut tables, problems);
    tables.index = search::compile(sources, catalog, &tables, problems);
    tables
}

/// Where the catalog comes from: its own folder and each overlay.
#[derive(Debug)]
pub struct RootRow {
    /// Its name; empty for the catalog's own.
    pub name: String,
    /// Short hash of its files.
    pub hash: String,
    /// How much of each is of it.
    pub counts: [(&'static str, usize); 4],
}

fn roots(sources: &Sources, catalog: &Catalog) -> Vec<RootRow> {
    let row = |(number, root): (usize, &crate::Root)| RootRow {
        name: root.name.clone(),
        hash: sources.hashes[number].clone(),
        counts: [
            ("plugins", catalog.plugins.iter().filter(|it| it.root == number).count()),
            ("classes", catalog.elements.iter().filter(|it| it.root == number).count()),
            ("blueprints", sources.blueprints.values().filter(|it| it.root == number).count()),
            ("docs", sources.pages.values().filter(|it| it.root == number).count()),
        ],
    };
    sources.roots.iter().enumerate().map(row).collect()
}

fn repositories(sources: &Sources, catalog: &Catalog, tables: &mut Tables) {
    for (name, releases) in &sources.releases {
        let first = tables.releases.len() as u32;
        for release in &releases.releases {
            let row = tables.store.text(&rows::release_row(release));
            let kestra = release.kestra_min.as_deref().or(release.kestra_version.as_deref());
            tables
                .releases
                .push(ReleaseRow { row, kestra: packed_version(kestra.unwrap_or_default()) });
        }
        let plugins = catalog.plugins.iter().enumerate();
        let plugins = plugins.filter(|(_, it)| it.repository.as_ref() == Some(name));
        let first_plugin = tables.repository_plugins.len() as u32;
        tables.repository_plugins.extend(plugins.map(|(n, _)| n as u32));
        tables.repositories.push(RepositoryRow {
            name: tables.store.text(name),
            repository: tables.store.text(&releases.repository),
            releases: (first, releases.releases.len() as u32),
            plugins: (first_plugin, tables.repository_plugins.len() as u32 - first_plugin),
        });
    }
}

fn plugins_and_groups(sources: &Sources, catalog: &Catalog, lines: &[String], tables: &mut Tables) {
    for (number, plugin) in catalog.plugins.iter().enumerate() {
        let first = catalog.elements.iter().position(|it| it.plugin == plugin.name);
        let first = first.unwrap_or_default();
        let count = catalog.elements.iter().filter(|it| it.plugin == plugin.name).count();
        let own = &catalog.elements[first..first + count];
        let first_group = tables.groups.len() as u32;
        let mut at = first;
        while at < first + count {
            let group = &catalog.elements[at].group;
            let len = own[at - first..].iter().take_while(|it| it.group == *group).count();
            let row = group_row(plugin, number as u32, group, at, len, catalog, lines, tables);
            tables.groups.push(row);
            at += len;
        }
        let mut counts = [0; 15];
        for element in own.iter().filter(|it| !it.internal) {
            if let Some(kind) = KINDS.iter().position(|kind| *kind == element.kind) {
                counts[kind] += 1;
            }
        }
        let repository = plugin.repository.as_ref().and_then(|name| {
            sources.releases.keys().position(|known| known == name).map(|n| n as u32)
        });
        let store = &mut tables.store;
        let version_row = if plugin.version.is_empty() {
            String::new()
        } else {
            format!("{}:{}", quoted(&plugin.name), quoted(&plugin.version))
        };
        let row = PluginRow {
            name: store.text(&plugin.name),
            categories: bits(&plugin.categories, &tables.categories),
            ee: plugin.ee,
            list_row: store.text(&rows::plugin_row(plugin, &counts)),
            search_row: store.text(&rows::plugin_search_row(plugin)),
            head: store.text(&escaped(&plugin_head(plugin))),
            version_row: store.text(&escaped(&version_row)),
            version_detail: store.text(&escaped(&version_detail(sources, plugin))),
            groups: (first_group, tables.groups.len() as u32 - first_group),
            elements: (first as u32, count as u32),
            repository: repository.unwrap_or(NONE),
            root: plugin.root as u32,
        };
        tables.plugins.push(row);
    }
}

fn bits(names: &[String], all: &[String]) -> u32 {
    all.iter().enumerate().filter(|(_, it)| names.contains(it)).map(|(n, _)| 1 << n).sum()
}

fn plugin_head(plugin: &Plugin) -> String {
    let mut head =
        format!("{{\"plugin\":{},\"title\":{}", quoted(&plugin.name), quoted(&plugin.title));
    if !plugin.description.is_empty() {
        head += &format!(",\"description\":{}", quoted(&plugin.description));
    }
    if !plugin.version.is_empty() {
        head += &format!(",\"version\":{}", quoted(&plugin.version));
    }
    if !plugin.group.is_empty() {
        head += &format!(",\"group\":{}", quoted(&plugin.group));
    }
    if plugin.ee {
        head += ",\"ee\":true";
    }
    head
}

fn version_detail(sources: &Sources, plugin: &Plugin) -> String {
    let mut detail = serde_json::Map::new();
    if !plugin.version.is_empty() {
        detail.insert("version".into(), json!(plugin.version));
    }
    if !plugin.group.is_empty() {
        detail.insert("group".into(), json!(plugin.group));
    }
    if let Some(history) = plugin.repository.as_ref().and_then(|it| sources.releases.get(it)) {
        detail.insert("repository".into(), json!(history.repository));
        let release = history.releases.iter().find(|it| it.version == plugin.version);
        if let Some(release) = release.or_else(|| history.releases.first()) {
            let day = release.published_at.get(..10).unwrap_or_default();
            detail.insert("released".into(), json!(day));
            if let Some(kestra) = &release.kestra_version {
                detail.insert("kestra".into(), json!(kestra));
            }
        }
    }
    if plugin.ee {
        detail.insert("ee".into(), json!(true));
    }
    format!("{}:{}", quoted(&plugin.name), json_text(&Value::Object(detail)))
}

#[expect(clippy::too_many_arguments, reason = "one caller; a struct would name them twice")]
fn group_row(
    plugin: &Plugin,
    number: u32,
    group: &str,
    first: usize,
    len: usize,
    catalog: &Catalog,
    lines: &[String],
    tables: &mut Tables,
) -> GroupRow {
    let own = &catalog.elements[first..first + len];
    let text = plugin.groups.get(group);
    let title = match text.filter(|text| !text.title.is_empty()) {
        Some(text) => text.title.clone(),
        None if group.is_empty() || group == plugin.group => plugin.title.clone(),
        None => group.rsplit('.').next().unwrap_or(group).to_owned(),
    };
    let mut head = String::from("{");
    if !group.is_empty() {
        head += &format!("\"group\":{},", quoted(group));
    }
    head += &format!("\"title\":{}", quoted(&title));
    let mut rows = Vec::new();
    let mut totals = Vec::new();
    for line in std::iter::once(None).chain((0..lines.len()).map(Some)) {
        let listed: Vec<&Element> = own
            .iter()
            .filter(|it| !it.internal && line.is_none_or(|line| it.schemas[line].is_some()))
            .collect();
        totals.push(listed.len() as u32);
        let mut row = escaped(&head);
        for (kind, plural) in KINDS.iter().zip(PLURALS) {
            let of_kind: Vec<String> = listed
                .iter()
                .filter(|it| it.kind == *kind)
                .map(|it| {
                    // For one line, "only" and "since" say nothing new.
                    let standing = match line {
                        None => standing(it, lines),
                        Some(_) => rows::Standing::default(),
                    };
                    rows::list_row(it, &standing)
                })
                .collect();
            if !of_kind.is_empty() {
                row += &format!(",\\\"{plural}\\\":{{{}}}", of_kind.join(","));
            }
        }
        row.push('}');
        let row = if listed.is_empty() { String::new() } else { row };
        rows.push(tables.store.text(&row));
    }
    GroupRow {
        name: tables.store.text(group),
        plugin: number,
        head: tables.store.text(&escaped(&head)),
        elements: (first as u32, len as u32),
        rows,
        totals,
    }
}

fn elements(
    sources: &Sources,
    catalog: &Catalog,
    lines: &[String],
    place: &BTreeMap<&str, u32>,
    tables: &mut Tables,
) {
    let mut known: BTreeMap<SchemaRow, u32> = BTreeMap::new();
    let skeletons: Vec<Skeletons<'_>> =
        (0..lines.len()).map(|line| Skeletons::new(catalog, line)).collect();
    for (number, element) in catalog.elements.iter().enumerate() {
        let plugin = catalog.plugins.iter().position(|it| it.name == element.plugin);
        let plugin = plugin.unwrap_or_default();
        let group = tables.groups.iter().position(|group| {
            let first = group.elements.0 as usize;
            (first..first + group.elements.1 as usize).contains(&number)
        });
        let standing = standing(element, lines);
        let mut row = ElementRow {
            name: tables.store.text(&element.name),
            kind: KINDS.iter().position(|kind| *kind == element.kind).unwrap_or_default() as u8,
            plugin: plugin as u32,
            group: group.unwrap_or_default() as u32,
            flags: flags(element),
            successor: successor(element, place),
            search_row: tables.store.text(&rows::search_row(element, &standing)),
            ..ElementRow::default()
        };
        let list_row = if element.is_class {
            rows::list_row(element, &standing)
        } else {
            rows::configured_row(element)
        };
        row.list_row = tables.store.text(&list_row);
        for (line, schema) in element.schemas.iter().enumerate() {
            let Some(schema) = schema else {
                row.schemas.push(NONE);
                continue;
            };
            row.lines |= 1 << line;
            let members = members(sources, element, &catalog.plugins[plugin], &standing, line);
            let schema = schema_row(element, schema, &members, &skeletons[line], tables);
            let id = *known.entry(schema.clone()).or_insert_with(|| {
                tables.schemas.push(schema);
                tables.schemas.len() as u32 - 1
            });
            row.schemas.push(id);
        }
        tables.elements.push(row);
    }
}

/// Lists are complete by default, so they are written here whole.
fn kinds(catalog: &Catalog, tables: &mut Tables) {
    let rows: Vec<Text> = tables.plugins.iter().map(|plugin| plugin.list_row).collect();
    let versions = tables.plugins.iter().map(|plugin| plugin.version_row);
    let versions: Vec<Text> = versions.filter(|row| row.len > 0).collect();
    tables.plugin_lists = [rows, versions].map(|rows| {
        let rows: Vec<&str> = rows.iter().map(|row| tables.store.get(*row)).collect();
        let joined = rows.join(",");
        tables.store.list_of([joined])
    });
    for (number, plural) in PLURALS.iter().enumerate() {
        let mut row = KindRow::default();
        // Kinds without a tool that lists them whole.
        if !LISTED.contains(&KINDS[number]) {
            row.totals = vec![0; tables.lines.len() + 1];
            row.rows = vec![Text::default(); tables.lines.len() + 1];
            tables.kinds.push(row);
            continue;
        }
        for column in 0..=tables.lines.len() {
            let listed: Vec<usize> = (0..catalog.elements.len())
                .filter(|at| {
                    let element = &tables.elements[*at];
                    usize::from(element.kind) == number
                        && element.flags & INTERNAL == 0
                        && (column == 0 || element.lines & (1 << (column - 1)) != 0)
                })
                .collect();
            row.totals.push(listed.len() as u32);
            let text = kind_list(plural, &listed, catalog, tables);
            row.rows.push(tables.store.text(&text));
        }
        tables.kinds.push(row);
    }
}

/// Kinds that a tool lists whole.
const LISTED: [&str; 5] = ["trigger", "taskRunner", "storage", "secretManager", "logExporter"];

/// Longer lists are grouped by plugin.
const GROUPED_FROM: usize = 41;

/// Classes as a map from class to title, by plugin where there are many; then those
/// known by name only, as rows; then the classes that need the Enterprise Edition.
fn kind_list(plural: &str, listed: &[usize], catalog: &Catalog, tables: &Tables) -> String {
    let row = |at: usize| tables.store.get(tables.elements[at].list_row);
    let rows = |of: &[usize]| of.iter().map(|at| row(*at)).collect::<Vec<_>>().join(",");
    let (named, nameless): (Vec<usize>, Vec<usize>) =
        listed.iter().partition(|at| catalog.elements[**at].is_class);
    if named.is_empty() && !nameless.is_empty() {
        return format!(",\\\"{plural}\\\":[{}]", rows(&nameless));
    }
    let inside = if listed.len() >= GROUPED_FROM {
        let by_plugin =
            named.chunk_by(|a, b| catalog.elements[*a].plugin == catalog.elements[*b].plugin);
        let groups = by_plugin.map(|group| {
            format!("\\\"{}\\\":{{{}}}", catalog.elements[group[0]].plugin, rows(group))
        });
        groups.collect::<Vec<_>>().join(",")
    } else {
        rows(&named)
    };
    let mut text = format!(",\\\"{plural}\\\":{{{inside}}}");
    if !nameless.is_empty() {
        text += &format!(",\\\"others\\\":[{}]", rows(&nameless));
    }
    let ee = named.iter().filter(|at| catalog.elements[**at].ee);
    let ee: Vec<&str> = ee.map(|at| catalog.elements[*at].name.as_str()).collect();
    if !ee.is_empty() {
        text += &escaped(&format!(",\"ee\":{}", json_text(&json!(ee))));
    }
    text
}

fn flags(element: &Element) -> u8 {
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    flag(element.deprecated, DEPRECATED)
        | flag(element.ee, EE)
        | flag(element.internal, INTERNAL)
        | flag(!element.is_class, NAMELESS)
}

fn successor(element: &Element, place: &BTreeMap<&str, u32>) -> u32 {
    element.successor.as_ref().and_then(|it| place.get(it.as_str()).copied()).unwrap_or(NONE)
}

/// Members that stand between the description and the properties.
fn members(
    sources: &Sources,
    element: &Element,
    plugin: &Plugin,
    standing: &rows::Standing,
    line: usize,
) -> Vec<(&'static str, Value)> {
    let mut members = Vec::new();
    if element.deprecated {
        members.push(("deprecated", json!(true)));
    }
    if let Some(successor) = &element.successor {
        members.push(("use", json!(successor)));
    }
    members.push(("plugin", json!(element.plugin)));
    let version = if element.plugin == crate::elements::CORE {
        sources.lines[line].core.value.version()
    } else {
        &plugin.version
    };
    if !version.is_empty() {
        members.push(("version", json!(version)));
    }
    if element.ee {
        members.push(("ee", json!(true)));
    }
    for (key, value) in &element.extra {
        members.push((key, json!(value)));
    }
    if let Some(only) = &standing.only {
        members.push(("only", json!(only)));
    }
    // An Enterprise element states its own `since`, the exact version.
    if let Some(since) = standing.since.as_ref().filter(|_| !element.ee) {
        members.push(("since", json!(since)));
    }
    let own = element.schemas[line].as_ref();
    let others = element.schemas.iter().zip(&sources.lines).filter(|(schema, _)| {
        schema.as_ref().is_some_and(|schema| own.is_some_and(|own| !same_facts(own, schema)))
    });
    let others: Vec<&str> = others.map(|(_, line)| line.name.as_str()).collect();
    if !others.is_empty() {
        members.push(("differsIn", json!(others)));
    }
    members
}

/// Whether two lines have the same own properties, outputs and definitions.
fn same_facts(a: &Schema, b: &Schema) -> bool {
    a.own == b.own
        && a.outputs == b.outputs
        && a.required == b.required
        && a.definitions == b.definitions
}

fn schema_row(
    element: &Element,
    schema: &Schema,
    members: &[(&str, Value)],
    skeletons: &Skeletons<'_>,
    tables: &mut Tables,
) -> SchemaRow {
    let store = &mut tables.store;
    SchemaRow {
        text: schema_text::schema_text(element, schema, members, store),
        skeleton: store.text(&escaped(&skeletons.skeleton(element, schema, false))),
        skeleton_all: store.text(&escaped(&skeletons.skeleton(element, schema, true))),
    }
}

fn blueprints(
    sources: &Sources,
    place: &BTreeMap<&str, u32>,
    tables: &mut Tables,
    problems: &mut Vec<Problem>,
) {
    let mut all: Vec<_> = sources.blueprints.values().collect();
    all.sort_by(|a, b| {
        (&b.value.published, a.value.number).cmp(&(&a.value.published, b.value.number))
    });
    let mut numbers: BTreeMap<u32, &str> = BTreeMap::new();
    for blueprint in all {
        let value = &blueprint.value;
        if let Some(other) = numbers.insert(value.number, &value.id) {
            let what = format!("blueprintId {} is taken by {other}: give another", value.number);
            problems.push(Problem::new(&blueprint.file, 1, what));
        }
        let first = tables.blueprint_classes.len() as u32;
        for class in &value.classes {
            if let Some(element) = place.get(class.as_str()) {
                tables.blueprint_classes.push(*element);
            } else if class.starts_with("io.kestra.plugin.")
                && blueprint.root == 0
                && sources.roots.len() < 2
            {
                let what = format!("class {class} is not in the catalog");
                problems.push(Problem::new(&blueprint.file, 0, what));
            }
        }
        let store = &mut tables.store;
        let (search_row, search_end) = rows::blueprint_search_row(value);
        let tags: Vec<String> = crate::flow::TAGS.iter().map(ToString::to_string).collect();
        tables.blueprints.push(BlueprintRow {
            id: store.text(&value.id),
            number: value.number,
            tags: bits(&value.tags, &tags),
            ee: value.ee,
            list_row: store.text(&rows::blueprint_row(value)),
            search_row: store.text(&search_row),
            search_end: store.text(&search_end),
            flow: store.text(&escaped(&value.flow)),
            classes: (first, tables.blueprint_classes.len() as u32 - first),
            sentences: store.list_of(snippets(&search::blueprint_sentences(value))),
        });
    }
}

/// Sentences as they stand in a row: JSON strings inside JSON inside a JSON string.
fn snippets(sentences: &[String]) -> Vec<String> {
    sentences.iter().map(|text| escaped(&escaped(&clipped(text, rows::SNIPPET)))).collect()
}

/// Most bytes of one part of a page, well under 8,000 tokens.
const PAGE_BYTES: usize = 20_000;

fn docs(sources: &Sources, tables: &mut Tables, problems: &mut Vec<Problem>) {
    for (path, page) in &sources.pages {
        if !sources.docs.iter().any(|node| node.path == *path) {
            let what = "no page of that path in facts/docs-tree.json";
            problems.push(Problem::new(&page.file, 0, what));
        }
        for link in links(&page.value.body) {
            if !sources.docs.iter().any(|node| node.path == link) {
                let line = page.text.lines().position(|line| line.contains(&link));
                let what = format!("link to {link}, which is not in facts/docs-tree.json");
                problems.push(Problem::new(&page.file, line.map_or(0, |n| n + 1), what));
            }
        }
    }
    for path in sources.doc_sentences.value.keys() {
        if !sources.docs.iter().any(|node| node.path == *path) {
            let file = &sources.doc_sentences.file;
            problems.push(Problem::new(file, 0, format!("{path} is not in facts/docs-tree.json")));
        }
    }
    let ordered = search::ordered_docs(sources);
    let parents: Vec<&str> = ordered.iter().map(|node| parent(&node.path)).collect();
    let mut child_rows: Vec<Text> = Vec::new();
    for node in &ordered {
        let children = parents.iter().filter(|parent| **parent == node.path).count();
        let mut row = serde_json::Map::new();
        row.insert("parsedUrl".into(), json!(node.path));
        row.insert("title".into(), json!(search::doc_title(sources, node)));
        if children > 0 {
            row.insert("children".into(), json!(children));
        }
        child_rows.push(tables.store.text(&escaped(&json_text(&Value::Object(row)))));
    }
    // The root, of which `docs` is the path, has no page of its own.
    let tops: Vec<Text> = (0..ordered.len())
        .filter(|n| !ordered.iter().any(|node| node.path == parents[*n]))
        .map(|n| child_rows[n])
        .collect();
    for (number, node) in ordered.iter().enumerate() {
        let title = search::doc_title(sources, node);
        let own = (0..ordered.len()).filter(|n| parents[*n] == node.path).map(|n| child_rows[n]);
        let own: Vec<Text> = own.collect();
        let store = &mut tables.store;
        let (search_row, search_end) = rows::doc_search_row(node, &title);
        let head = format!("{{\"path\":{},\"title\":{}", quoted(&node.path), quoted(&title));
        let pages = pages(sources, &node.path, &title);
        tables.docs.push(DocRow {
            path: store.text(&node.path),
            search_row: store.text(&search_row),
            search_end: store.text(&search_end),
            child_row: child_rows[number],
            head: store.text(&escaped(&head)),
            children: store.list(&own),
            pages: store.list_of(pages.iter().map(|page| escaped(page))),
            sentences: store.list_of(snippets(&search::doc_sentences(sources, node))),
        });
    }
    let head = tables.store.text(&escaped("{\"path\":\"docs\",\"title\":\"Documentation\""));
    let children = tables.store.list(&tops);
    let path = tables.store.text("docs");
    tables.docs.push(DocRow { path, head, children, ..DocRow::default() });
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Paths of links to other pages of the documentation.
fn links(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in markdown.match_indices("](docs/") {
        let rest = &markdown[at + 2..];
        let end = rest.find([')', '#', ' ']).unwrap_or(rest.len());
        found.push(rest[..end].trim_end_matches('/').to_owned());
    }
    found
}

/// The text of a page, cut at headings into parts of bounded length. The first line is
/// the title, the last the public address.
fn pages(sources: &Sources, path: &str, title: &str) -> Vec<String> {
    let address = format!("https://kestra.io/{path}");
    let Some(page) = sources.pages.get(path) else {
        let sentence = sources.doc_sentences.value.get(path).map_or("", String::as_str);
        return vec![format!(
            "# {title}\n\n{sentence}\n\nThe full page is not part of this build; read it at its public address.\n\n{address}"
        )];
    };
    let body = &page.value.body;
    let mut parts: Vec<String> = Vec::new();
    let mut part = format!("# {title}\n\n");
    let mut sections = vec![0];
    sections.extend(body.match_indices("\n## ").map(|(at, _)| at + 1));
    sections.push(body.len());
    for pair in sections.windows(2) {
        let section = &body[pair[0]..pair[1]];
        if part.len() + section.len() > PAGE_BYTES && part.len() > title.len() + 4 {
            parts.push(std::mem::take(&mut part));
        }
        part.push_str(section);
    }
    part.push_str("\n\n");
    part.push_str(&address);
    parts.push(part);
    parts
}

fn blogs(sources: &Sources, tables: &mut Tables) {
    for blog in search::ordered_blogs(sources) {
        let row = tables.store.text(&rows::blog_row(blog));
        tables.blogs.push(row);
    }
}

fn names(sources: &Sources, catalog: &Catalog, tables: &mut Tables, problems: &mut Vec<Problem>) {
    let mut classes = Names::default();
    for (number, element) in catalog.elements.iter().enumerate() {
        let number = number as u32;
        classes.add(&element.name, number, How::Own);
        for alias in &element.aliases {
            classes.add(alias, number, How::Old);
        }
        if element.is_class && !element.internal {
            suffixes(&element.name).for_each(|short| classes.add(short, number, How::Short));
        }
        for (key, value) in &element.extra {
            if *key == "configType" {
                classes.add(value, number, How::Short);
            }
        }
    }
    let mut plugins = Names::default();
    // An Enterprise plugin and its open-source twin share short names: the latter, which
    // everybody can use, comes first and gets them.
    let numbered = || catalog.plugins.iter().enumerate();
    for (number, plugin) in numbered().filter(|it| !it.1.ee).chain(numbered().filter(|it| it.1.ee))
    {
        let number = number as u32;
        plugins.add(&plugin.name, number, How::Own);
        plugins.add(&plugin.group, number, How::Own);
        plugins.add(&plugin.title, number, How::Old);
        plugins.add(plugin.name.trim_start_matches("plugin-"), number, How::Old);
    }
    for (number, group) in tables.groups.iter().enumerate() {
        let target = 1 << TARGET_SHIFT | number as u32;
        let name = tables.store.get(group.name).to_owned();
        plugins.add(&name, target, How::Old);
        suffixes(&name).for_each(|short| plugins.add(short, target, How::Short));
    }
    for (number, repository) in tables.repositories.iter().enumerate() {
        let target = 2 << TARGET_SHIFT | number as u32;
        plugins.add(tables.store.get(repository.name), target, How::Old);
        plugins.add(tables.store.get(repository.repository), target, How::Old);
        let short = tables.store.get(repository.name).trim_start_matches("plugin-");
        plugins.add(short, target, How::Short);
    }
    let mut blueprints = Names::default();
    for (number, blueprint) in tables.blueprints.iter().enumerate() {
        blueprints.add(tables.store.get(blueprint.id), number as u32, How::Own);
        blueprints.add(&blueprint.number.to_string(), number as u32, How::Own);
    }
    let mut docs = Names::default();
    for (number, doc) in tables.docs.iter().enumerate() {
        let path = tables.store.get(doc.path);
        docs.add(path.strip_prefix("docs/").unwrap_or(path), number as u32, How::Own);
    }
    let mut finish = |names: Names, store: &mut Store| match names.finish(store) {
        Ok(names) => names,
        Err(what) => {
            problems.push(Problem::new("catalog.json".as_ref(), 0, what));
            Default::default()
        }
    };
    tables.class_names = finish(classes, &mut tables.store);
    tables.plugin_names = finish(plugins, &mut tables.store);
    tables.blueprint_names = finish(blueprints, &mut tables.store);
    tables.doc_names = finish(docs, &mut tables.store);
    let store = &mut tables.store;
    let mut sorted = |mut names: Vec<String>| {
        names.sort_by_key(|name| (name.to_ascii_lowercase(), name.clone()));
        names.dedup();
        store.list_of(&names)
    };
    let classes = catalog.elements.iter().filter(|it| it.is_class && !it.internal);
    tables.completions = vec![
        sorted(classes.map(|it| it.name.clone()).collect()),
        sorted(catalog.plugins.iter().map(|it| it.name.clone()).collect()),
        sorted(sources.blueprints.keys().cloned().collect()),
        sorted(sources.docs.iter().map(|it| it.path.clone()).collect()),
        sorted(sources.lines.iter().map(|it| it.name.clone()).collect()),
    ];
}
