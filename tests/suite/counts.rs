use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::ask;
use crate::facts::{FACTS, LINES, stems};

/// Kinds and the member under which lists show them.
const PLURALS: [(&str, &str); 15] = [
    ("task", "tasks"),
    ("trigger", "triggers"),
    ("condition", "conditions"),
    ("taskRunner", "taskRunners"),
    ("storage", "storages"),
    ("secretManager", "secretManagers"),
    ("logExporter", "logExporters"),
    ("chart", "charts"),
    ("dataFilter", "dataFilters"),
    ("dataFilterKPI", "dataFiltersKPI"),
    ("fileRenderer", "fileRenderers"),
    ("asset", "assets"),
    ("additionalPlugin", "additionalPlugins"),
    ("app", "apps"),
    ("appBlock", "appBlocks"),
];

fn plural(kind: &str) -> &'static str {
    let known = PLURALS.iter().find(|(known, _)| *known == kind);
    known.unwrap_or_else(|| panic!("no plural of {kind}")).1
}

/// Elements of a plugin by member, as a set of names.
type ByKind = BTreeMap<&'static str, BTreeSet<String>>;

/// What the facts list for each plugin.
fn expected(line: Option<&str>) -> BTreeMap<String, ByKind> {
    let mut plugins: BTreeMap<String, ByKind> = BTreeMap::new();
    for (plugin, name, kind) in FACTS.listed(line) {
        plugins.entry(plugin).or_default().entry(plural(&kind)).or_default().insert(name);
    }
    plugins
}

#[test]
fn list_plugins_counts_what_the_facts_count() {
    let answer = ask::json("list_plugins", &json!({}));
    let rows = answer["plugins"].as_array().expect("a list");
    let mut expected = expected(None);
    for plugin in FACTS.versions.keys() {
        expected.entry(plugin.clone()).or_default();
    }
    assert_eq!(answer["total"], expected.len());
    assert_eq!(rows.len(), expected.len());
    for row in rows {
        let name = row["name"].as_str().expect("a name");
        let kinds = expected.remove(name).unwrap_or_else(|| panic!("no plugin {name} in facts"));
        for (_, plural) in PLURALS {
            let count = kinds.get(plural).map_or(0, BTreeSet::len);
            assert_eq!(row[plural].as_u64().unwrap_or(0), count as u64, "{name} {plural}");
        }
    }
}

#[test]
fn plugin_tasks_lists_what_the_facts_list() {
    for line in [None, Some(LINES[0]), Some(LINES[1])] {
        for (plugin, kinds) in expected(line) {
            let mut arguments = json!({"plugin": plugin});
            if let Some(line) = line {
                arguments["kestra"] = json!(line);
            }
            let answer = ask::json("plugin_tasks", &arguments);
            let total: usize = kinds.values().map(BTreeSet::len).sum();
            assert_eq!(answer["total"], total, "{plugin} {line:?}");
            assert_eq!(by_kind(&answer), kinds, "{plugin} {line:?}");
        }
    }
}

/// The names that an answer of `plugin_tasks` lists.
fn by_kind(answer: &Value) -> ByKind {
    let mut found = ByKind::new();
    for group in answer["subgroups"].as_array().expect("a list") {
        for (_, plural) in PLURALS {
            let Some(listed) = group.get(plural) else { continue };
            found.entry(plural).or_default().extend(names(listed));
        }
    }
    found
}

/// Names of a map from class to title, of rows, or of a map of maps by plugin.
fn names(listed: &Value) -> Vec<String> {
    match listed {
        Value::Object(members) => members
            .iter()
            .flat_map(
                |(name, title)| if title.is_string() { vec![name.clone()] } else { names(title) },
            )
            .collect(),
        Value::Array(rows) => {
            rows.iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
        }
        other => panic!("not a list: {other}"),
    }
}

#[test]
fn typed_lists_list_what_the_facts_list() {
    for (tool, kind) in [
        ("list_triggers", "trigger"),
        ("list_task_runners", "taskRunner"),
        ("list_storages", "storage"),
        ("list_secret_managers", "secretManager"),
        ("list_log_exporters", "logExporter"),
    ] {
        for line in [None, Some(LINES[0]), Some(LINES[1])] {
            let arguments = line.map_or(json!({}), |line| json!({"kestra": line}));
            let answer = ask::json(tool, &arguments);
            let listed = FACTS.listed(line);
            let of_kind = listed.iter().filter(|(_, _, known)| known == kind);
            let expected: BTreeSet<String> = of_kind.map(|(_, name, _)| name.clone()).collect();
            let mut found = names(&answer[plural(kind)]);
            found.extend(answer.get("others").map(names).unwrap_or_default());
            assert_eq!(answer["total"], found.len(), "{tool} {line:?}");
            assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected, "{tool} {line:?}");
        }
    }
}

#[test]
fn versions_are_those_of_the_facts() {
    let answer = ask::json("versions", &json!({}));
    let plugins: BTreeMap<String, String> =
        serde_json::from_value(answer["plugins"].clone()).expect("a map");
    assert_eq!(plugins, FACTS.versions);
}

#[test]
fn release_histories_are_those_of_the_facts() {
    let artifacts = FACTS.artifacts.as_object().expect("a map");
    let mut seen = 0;
    for (name, history) in FACTS.releases.as_object().expect("a map") {
        let releases = history["releases"].as_array().expect("a list");
        let rows: Vec<Value> = releases.iter().map(row).collect();
        let published = artifacts[name]["artifacts"].as_array().expect("a list");
        let published = published.iter().map(|it| it["artifactId"].as_str().expect("a name"));
        // A superseded repository publishes under names that now belong to another one.
        let template = artifacts[name]["template"] == true;
        let own = published.filter(|artifact| artifact == name && !template);
        for plugin in own.chain([history["repository"].as_str().expect("owner/name")]) {
            let answer = ask::json("plugin_versions", &json!({"plugin": plugin}));
            assert_eq!(answer["repository"], history["repository"], "{plugin}");
            assert_eq!(answer["total"], rows.len(), "{plugin}");
            assert_eq!(answer["releases"], json!(rows), "{plugin}");
            seen += 1;
        }
    }
    assert!(seen > 147, "{seen} histories");
}

/// A release as the answer shows it.
fn row(release: &Value) -> Value {
    let day = &release["publishedAt"].as_str().expect("a time")[..10];
    let kestra = release["kestraVersion"].as_str().unwrap_or_default();
    let mut row = vec![release["version"].clone(), json!(day), json!(kestra)];
    if release["prerelease"] == true {
        row.push(json!("pre-release"));
    }
    Value::Array(row)
}

#[test]
fn every_blueprint_file_is_listed() {
    let answer = ask::json("blueprints", &json!({"limit": 50}));
    assert_eq!(answer["total"], stems("blueprints").len());
}

/// Every page of the tree is reached from the sections, each once.
#[test]
fn every_page_of_the_tree_is_listed_under_its_parent() {
    let mut found = Vec::new();
    let mut open = vec!["docs".to_owned()];
    while let Some(path) = open.pop() {
        let answer = ask::json("list_doc_children", &json!({"path": path}));
        let children = answer["children"].as_array().expect("a list");
        assert_eq!(answer["total"], children.len(), "{path}");
        for child in children {
            let child_path = child["parsedUrl"].as_str().expect("a path").to_owned();
            found.push(child_path.clone());
            open.push(child_path);
        }
    }
    found.sort();
    let mut expected: Vec<String> =
        FACTS.docs.iter().map(|page| page["path"].as_str().expect("a path").to_owned()).collect();
    expected.sort();
    expected.dedup();
    assert_eq!(found, expected);
}
