//! The rows of lists and searches.

use serde_json::{Map, Value, json};

use crate::elements::{Element, Plugin};
use crate::facts::{Blog, DocNode, Release};
use crate::flow::Blueprint;
use crate::json::escaped;
use crate::page::clipped;
use crate::schema_text::json_text;

/// Longest snippet or short description, in characters.
pub const SNIPPET: usize = 160;

/// Names under which lists show the kinds of [`crate::elements::KINDS`].
pub const PLURALS: [&str; 15] = [
    "tasks",
    "triggers",
    "conditions",
    "taskRunners",
    "storages",
    "secretManagers",
    "logExporters",
    "charts",
    "dataFilters",
    "dataFiltersKPI",
    "fileRenderers",
    "assets",
    "additionalPlugins",
    "apps",
    "appBlocks",
];

/// Where an element stands among the lines.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// It is missing from the newest line: the newest that has it.
    pub only: Option<String>,
    /// It is missing from an older line: the oldest that has it.
    pub since: Option<String>,
}

/// Where an element stands; `lines` are newest first.
pub fn standing(element: &Element, lines: &[String]) -> Standing {
    let has: Vec<bool> = element.schemas.iter().map(Option::is_some).collect();
    let newest = has.iter().position(|has| *has);
    let oldest = has.iter().rposition(|has| *has);
    Standing {
        only: newest.filter(|at| *at > 0).map(|at| lines[at].clone()),
        since: oldest
            .filter(|at| *at + 1 < lines.len() && newest == Some(0))
            .map(|at| lines[at].clone()),
    }
}

/// Row of a search for plugins.
#[must_use]
pub fn search_row(element: &Element, standing: &Standing) -> String {
    let mut row = Map::new();
    row.insert(if element.is_class { "type" } else { "name" }.into(), json!(element.name));
    row.insert("kind".into(), json!(element.kind));
    row.insert("title".into(), json!(element.title));
    row.insert("plugin".into(), json!(element.plugin));
    if element.ee {
        row.insert("ee".into(), json!(true));
    }
    if element.deprecated {
        row.insert("deprecated".into(), json!(true));
    }
    if let Some(only) = &standing.only {
        row.insert("only".into(), json!(only));
    }
    if let Some(since) = &standing.since {
        row.insert("since".into(), json!(since));
    }
    if let Some(successor) = &element.successor {
        row.insert("use".into(), json!(successor));
    }
    escaped(&json_text(&Value::Object(row)))
}

/// Row of a list from class to one line.
#[must_use]
pub fn list_row(element: &Element, standing: &Standing) -> String {
    let mut text = element.title.clone();
    let mut notes = Vec::new();
    if let Some(only) = &standing.only {
        notes.push(format!("only {only}"));
    }
    if let Some(since) = &standing.since {
        notes.push(format!("since {since}"));
    }
    if element.deprecated {
        notes.push("deprecated".to_owned());
    }
    if let Some(successor) = &element.successor {
        notes.push(format!("use {successor}"));
    }
    if !notes.is_empty() {
        text = format!("{text} ({})", notes.join("; "));
    }
    escaped(&format!("{}:{}", json!(element.name), json!(text)))
}

/// Row of an element that is chosen by a configuration value and has no public class.
#[must_use]
pub fn configured_row(element: &Element) -> String {
    let mut row = Map::new();
    row.insert("name".into(), json!(element.name));
    for (key, value) in &element.extra {
        row.insert((*key).into(), json!(value));
    }
    let description =
        if element.description.is_empty() { &element.title } else { &element.description };
    row.insert("description".into(), json!(clipped(description, SNIPPET)));
    row.insert("ee".into(), json!(true));
    escaped(&json_text(&Value::Object(row)))
}

/// Row of the list of plugins.
#[must_use]
pub fn plugin_row(plugin: &Plugin, counts: &[usize; 15]) -> String {
    let mut row = Map::new();
    row.insert("name".into(), json!(plugin.name));
    row.insert("title".into(), json!(plugin.title));
    if !plugin.categories.is_empty() {
        row.insert("categories".into(), json!(plugin.categories));
    }
    for (plural, count) in PLURALS.iter().zip(counts) {
        if *count > 0 {
            row.insert((*plural).into(), json!(count));
        }
    }
    if plugin.ee {
        row.insert("ee".into(), json!(true));
    }
    escaped(&json_text(&Value::Object(row)))
}

/// Row of a search for a plugin by its name.
#[must_use]
pub fn plugin_search_row(plugin: &Plugin) -> String {
    let mut row = Map::new();
    row.insert("kind".into(), json!("plugin"));
    row.insert("title".into(), json!(plugin.title));
    row.insert("plugin".into(), json!(plugin.name));
    if plugin.ee {
        row.insert("ee".into(), json!(true));
    }
    escaped(&json_text(&Value::Object(row)))
}

/// Row of the list of blueprints.
#[must_use]
pub fn blueprint_row(blueprint: &Blueprint) -> String {
    let row = json!({
        "id": blueprint.id,
        "blueprintId": blueprint.number,
        "title": blueprint.title,
        "description": clipped(&blueprint.description, SNIPPET),
        "tags": blueprint.tags,
        "includedTasks": blueprint.classes,
        "ee": blueprint.ee,
    });
    escaped(&json_text(&row))
}

/// Row of a search for blueprints, up to the snippet and after it.
#[must_use]
pub fn blueprint_search_row(blueprint: &Blueprint) -> (String, String) {
    let head = json!({"id": blueprint.id, "title": blueprint.title, "snippet": ""});
    let tail = json!({"tags": blueprint.tags, "ee": blueprint.ee});
    around_snippet(&json_text(&head), &json_text(&tail))
}

/// Row of a search for pages, up to the snippet and after it.
#[must_use]
pub fn doc_search_row(node: &DocNode, title: &str) -> (String, String) {
    let head = json!({"parsedUrl": node.path, "title": title, "snippet": ""});
    around_snippet(&json_text(&head), "{}")
}

/// Cuts `{...,"snippet":""}` before the closing quote, and goes on with the members of
/// `tail`.
fn around_snippet(head: &str, tail: &str) -> (String, String) {
    let head = head.trim_end_matches("\"}");
    let tail = match tail.trim_start_matches('{') {
        "}" => "\"}".to_owned(),
        members => format!("\",{members}"),
    };
    (escaped(&format!("{head}\"").replace(":\"\"", ":\"")), escaped(&tail))
}

/// Row of a search for blog posts.
#[must_use]
pub fn blog_row(blog: &Blog) -> String {
    let mut row = Map::new();
    row.insert("title".into(), json!(blog.title));
    if let Some(slug) = &blog.slug {
        row.insert("url".into(), json!(format!("https://kestra.io/blogs/{slug}")));
    }
    if let Some(date) = &blog.date {
        row.insert("date".into(), json!(date));
    }
    escaped(&json_text(&Value::Object(row)))
}

/// Row of a release history: version, day, least Kestra, and `pre` for a pre-release.
#[must_use]
pub fn release_row(release: &Release) -> String {
    let day = release.published_at.get(..10).unwrap_or_default();
    let kestra = release.kestra_version.as_deref().unwrap_or_default();
    let mut row = vec![json!(release.version), json!(day), json!(kestra)];
    if release.prerelease {
        row.push(json!("pre-release"));
    }
    escaped(&json_text(&Value::Array(row)))
}

/// A version of Kestra as a number that sorts as versions do: 10 bits a part.
#[must_use]
pub fn packed_version(version: &str) -> u32 {
    let key = crate::elements::version_key(version);
    let part = |at: usize| key.get(at).copied().unwrap_or_default().min(1023);
    (part(0) << 20) | (part(1) << 10) | part(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_room_for_a_snippet() {
        let blueprint = Blueprint {
            id: "a".into(),
            title: "T".into(),
            tags: vec!["Data".into()],
            ..Blueprint::default()
        };
        let (head, tail) = blueprint_search_row(&blueprint);
        assert_eq!(head, r#"{\"id\":\"a\",\"title\":\"T\",\"snippet\":\""#);
        assert_eq!(tail, r#"\",\"tags\":[\"Data\"],\"ee\":false}"#);
    }

    #[test]
    fn versions_sort_as_numbers() {
        assert!(packed_version("1.10.0") > packed_version("1.9.9"));
        assert!(packed_version("v2.0.0-rc9") == packed_version("2"));
        assert_eq!(packed_version("[0.24,)"), packed_version("0.24.0"));
    }
}
