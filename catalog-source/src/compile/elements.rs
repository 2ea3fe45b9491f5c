//! Elements and their schemas, and the lists of all elements of a kind.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{DEPRECATED, EE, ElementRow, INTERNAL, KindRow, NAMELESS, NONE, SchemaRow, Tables};
use crate::elements::{Catalog, Element, KINDS, Plugin, Schema};
use crate::json::escaped;
use crate::read::Sources;
use crate::rows::{self, PLURALS, standing};
use crate::schema_text::{self, json_text};
use crate::skeleton::Skeletons;
use crate::store::{OFTEN, SELDOM, Text};

/// Adds elements and their schemas, each schema once.
pub(super) fn compile(
    sources: &Sources,
    catalog: &Catalog,
    lines: &[String],
    place: &BTreeMap<&str, u32>,
    tables: &mut Tables,
) {
    let mut known: BTreeMap<SchemaRow, u32> = BTreeMap::new();
    let mut known_definitions = BTreeMap::new();
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
            let mut schema_row = schema_row(element, schema, &members, &skeletons[line], tables);
            [schema_row.own_definitions, schema_row.inherited_definitions] =
                schema_text::definitions(schema, &mut tables.store).map(|definitions| {
                    *known_definitions.entry(definitions.clone()).or_insert_with(|| {
                        let first = tables.definitions.len() as u32;
                        tables.definitions.extend(&definitions);
                        (first, definitions.len() as u32)
                    })
                });
            let schema = schema_row;
            let id = *known.entry(schema.clone()).or_insert_with(|| {
                tables.schemas.push(schema);
                tables.schemas.len() as u32 - 1
            });
            row.schemas.push(id);
        }
        tables.elements.push(row);
    }
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
    let text = schema_text::schema_text(element, schema, members, &mut tables.store);
    let skeleton = skeletons.skeleton(element, schema);
    let mut yaml = |text: &str| tables.store.splice(&escaped(text), SELDOM);
    SchemaRow {
        text,
        skeleton: yaml(&skeleton.before),
        own_comments: yaml(&skeleton.own),
        inherited_comments: yaml(&skeleton.inherited),
        skeleton_end: yaml(&skeleton.after),
        ..SchemaRow::default()
    }
}

/// Lists are complete by default, so they are written here whole.
/// Adds the lists of all elements of a kind.
pub(super) fn kinds(catalog: &Catalog, tables: &mut Tables) {
    let rows: Vec<Text> = tables.plugins.iter().map(|plugin| plugin.list_row).collect();
    let versions = tables.plugins.iter().map(|plugin| plugin.version_row);
    let versions: Vec<Text> = versions.filter(|row| row.len > 0).collect();
    tables.plugin_lists = [rows, versions].map(|rows| {
        let rows: Vec<&str> = rows.iter().map(|row| tables.store.get(*row)).collect();
        let joined = rows.join(",");
        tables.store.splice(&joined, 4 * OFTEN)
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
