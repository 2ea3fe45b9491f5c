//! Plugins, their packages, the repositories that publish them and their releases.

use serde_json::{Value, json};

use super::{GroupRow, NONE, PluginRow, ReleaseRow, RepositoryRow, Tables, bits};
use crate::elements::{Catalog, Element, KINDS, Plugin};
use crate::json::{escaped, quoted};
use crate::read::Sources;
use crate::rows::{self, PLURALS, packed_version, standing};
use crate::schema_text::json_text;

/// Adds repositories with their releases.
pub(super) fn repositories(sources: &Sources, catalog: &Catalog, tables: &mut Tables) {
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

/// Adds plugins and their packages.
pub(super) fn compile(sources: &Sources, catalog: &Catalog, lines: &[String], tables: &mut Tables) {
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
