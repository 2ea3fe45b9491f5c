use std::collections::BTreeSet;

use kestra_mcp::model::catalog;
use kestra_mcp::tools::Verdict;
use serde_json::{Value, json};

use crate::ask;
use crate::facts::FACTS;

fn plugins() -> Vec<Value> {
    ask::json("list_plugins", &json!({}))["plugins"].as_array().expect("a list").clone()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a string: {value}"))
}

/// Names of elements in an answer of `plugin_tasks`: keys of its maps, names of its rows.
fn elements(answer: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for group in answer["subgroups"].as_array().expect("a list") {
        for listed in group.as_object().expect("an object").values() {
            match listed {
                Value::Object(titles) => found.extend(titles.keys().cloned()),
                Value::Array(rows) => {
                    found.extend(rows.iter().map(|row| text(&row["name"]).into()));
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn every_element_of_plugin_tasks_has_a_schema_and_finds_its_plugin() {
    for plugin in plugins() {
        let name = text(&plugin["name"]);
        for element in elements(&ask::json("plugin_tasks", &json!({"plugin": name}))) {
            let schema = ask::json("task_schema", &json!({"cls": element}));
            assert_eq!(schema["plugin"], name, "{element}");
            assert!(schema.get("renamedFrom").is_none(), "{element} is called an old name");
            // What is known by name only is chosen in the configuration, not in a flow.
            if schema.get("type").is_some() {
                let yaml = ask::plain("task_schema", &json!({"cls": element, "format": "yaml"}));
                assert!(!yaml.trim().is_empty(), "{element}");
            }
            let of_class = ask::json("plugin_tasks", &json!({"plugin": element}));
            assert_eq!(of_class["plugin"], name, "{element}");
        }
    }
}

#[test]
fn every_plugin_is_taken_by_every_tool_that_takes_a_plugin() {
    for plugin in plugins() {
        let name = text(&plugin["name"]);
        let tasks = ask::json("plugin_tasks", &json!({"plugin": name}));
        assert_eq!(tasks["plugin"], name);
        let versions = ask::json("versions", &json!({"plugin": name}));
        assert!(versions["plugins"][name].is_object(), "{name}: {versions}");
        let by_title = ask::json("plugin_tasks", &json!({"plugin": plugin["title"]}));
        assert_eq!(by_title["plugin"], name, "by its title {}", plugin["title"]);
        if tasks["group"].is_string() {
            let by_group = ask::json("plugin_tasks", &json!({"plugin": tasks["group"]}));
            assert_eq!(by_group["plugin"], name, "by its group {}", tasks["group"]);
        }
        for list in ["list_triggers", "list_task_runners", "list_storages"] {
            ask::json(list, &json!({"plugin": name}));
        }
        for group in tasks["subgroups"].as_array().expect("a list") {
            let Some(group_name) = group["group"].as_str() else { continue };
            let only = ask::json("plugin_tasks", &json!({"plugin": group_name}));
            // A package that several plugins share means the first of them, and one that a
            // plugin is named by means all of it.
            if only["plugin"] == *name && tasks["group"] != group["group"] {
                assert_eq!(only["subgroups"].as_array().map(Vec::len), Some(1), "{group_name}");
            }
        }
        let (answer, verdict) = ask::text("plugin_versions", &json!({"plugin": name}));
        let published = FACTS.versions.contains_key(name) && name != "core";
        assert_eq!(verdict == Verdict::Answer, published, "{name}: {answer}");
    }
}

/// What people call the cloud plugins is the open-source plugin, not its Enterprise twin.
#[test]
fn short_names_mean_the_open_source_plugin() {
    for plugin in plugins() {
        let name = text(&plugin["name"]);
        let Some(short) = name.strip_prefix("plugin-").filter(|short| !short.starts_with("ee-"))
        else {
            continue;
        };
        let answer = ask::json("plugin_tasks", &json!({"plugin": short}));
        let repository = answer.get("repository").is_some();
        assert!(repository || answer["plugin"] == *name, "{short} means {}", answer["plugin"]);
    }
}

#[test]
fn titles_of_plugins_are_unique() {
    let mut seen = BTreeSet::new();
    for plugin in plugins() {
        let title = text(&plugin["title"]).to_lowercase();
        assert!(seen.insert(title.clone()), "two plugins are called {title}");
    }
}

#[test]
fn every_blueprint_is_found_by_id_and_by_number() {
    let rows = pages("blueprints", &json!({"limit": 7}), "blueprints");
    assert!(rows.len() > 100);
    for row in rows {
        let flow = ask::plain("get_blueprint_flow", &json!({"id": row["id"]}));
        assert!(flow.contains("\ntasks:") || flow.starts_with("tasks:"), "{row}");
        assert!(!flow.starts_with("---"), "{row}: the front matter is no part of the flow");
        for number in [row["blueprintId"].clone(), json!(row["blueprintId"].to_string())] {
            let by_number = ask::plain("get_blueprint_flow", &json!({"blueprintId": number}));
            assert_eq!(by_number, flow, "{row}");
        }
        for class in row["includedTasks"].as_array().expect("a list") {
            ask::json("task_schema", &json!({"cls": class}));
            let with = pages("blueprints", &json!({"types": [class], "limit": 50}), "blueprints");
            assert!(with.iter().any(|other| other["id"] == row["id"]), "{row} by {class}");
        }
    }
}

#[test]
fn every_page_is_read_by_its_path() {
    for page in &FACTS.docs {
        let path = text(&page["path"]);
        let mut arguments = json!({"parsedUrl": path});
        let mut markdown = ask::plain("get_doc", &arguments);
        assert!(markdown.starts_with("# "), "{path}: {markdown}");
        while let Some((_, cursor)) = markdown.rsplit_once(" with cursor ") {
            arguments["cursor"] = json!(cursor);
            markdown = ask::plain("get_doc", &arguments);
        }
        assert_eq!(markdown.lines().last(), Some(format!("https://kestra.io/{path}").as_str()));
        let children = ask::json("list_doc_children", &json!({"path": path}));
        assert_eq!(children["path"], path);
        let by_address = json!({"url": format!("https://kestra.io/{path}#top")});
        ask::plain("get_doc", &by_address);
    }
}

/// All rows of a list, page by page.
fn pages(tool: &str, arguments: &Value, member: &str) -> Vec<Value> {
    let mut arguments = arguments.clone();
    let mut rows = Vec::new();
    loop {
        let answer = ask::json(tool, &arguments);
        rows.extend(answer[member].as_array().expect("a list").iter().cloned());
        let Some(cursor) = answer.get("nextCursor") else {
            assert_eq!(answer["total"], rows.len(), "{tool} {arguments}");
            return rows;
        };
        arguments["cursor"] = cursor.clone();
    }
}

/// Pages of any length, one after the other, are the whole list.
#[test]
fn cursors_continue_exactly() {
    for (tool, arguments, member, most) in [
        ("list_plugins", json!({}), "plugins", 1_000),
        ("list_plugins", json!({"category": "cloud"}), "plugins", 1_000),
        ("plugin_versions", json!({"plugin": "plugin-gcp"}), "releases", 1_000),
        ("plugin_versions", json!({"plugin": "plugin-gcp", "kestra": "1.0"}), "releases", 1_000),
        ("list_secret_managers", json!({}), "secretManagers", 1_000),
        ("blueprints", json!({}), "blueprints", 50),
        ("blueprints", json!({"tags": "Data"}), "blueprints", 50),
        ("search", json!({"query": "s3"}), "results", 50),
        ("search", json!({"query": "upload a file", "type": "ALL"}), "results", 50),
        ("search_docs", json!({"query": "secret"}), "results", 50),
    ] {
        let page = |limit: usize| {
            let mut arguments = arguments.clone();
            arguments["limit"] = json!(limit);
            pages(tool, &arguments, member)
        };
        let whole = page(most);
        assert!(whole.len() > 3, "{tool} {arguments}");
        for limit in [1, 3, 17] {
            assert_eq!(page(limit), whole, "{tool} {arguments} by {limit}");
        }
    }
}

/// Maps from class to title are cut into pages too.
#[test]
fn pages_of_typed_lists_are_the_list() {
    for (tool, member) in [("list_triggers", "triggers"), ("list_task_runners", "taskRunners")] {
        let whole = ask::json(tool, &json!({}));
        let mut arguments = json!({"limit": 13});
        let mut found = Vec::new();
        loop {
            let answer = ask::json(tool, &arguments);
            assert_eq!(answer["total"], whole["total"]);
            leaves(&answer[member], &mut found);
            let Some(cursor) = answer.get("nextCursor") else { break };
            arguments["cursor"] = cursor.clone();
        }
        let mut expected = Vec::new();
        leaves(&whole[member], &mut expected);
        assert_eq!(found, expected, "{tool}");
    }
}

fn leaves(listed: &Value, found: &mut Vec<(String, String)>) {
    for (name, title) in listed.as_object().expect("a map") {
        match title.as_str() {
            Some(title) => found.push((name.clone(), title.to_owned())),
            None => leaves(title, found),
        }
    }
}

/// Every name of every table means something, and what it means exists.
#[test]
fn every_known_name_resolves() {
    for name in &catalog::CLASS_NAMES {
        let name = catalog::text(name.text);
        ask::json("task_schema", &json!({"cls": name}));
    }
    for name in &catalog::PLUGIN_NAMES {
        ask::json("plugin_tasks", &json!({"plugin": catalog::text(name.text)}));
    }
}

/// R2 and rule 1 of the contract: no nulls and no empty members, in any answer.
#[test]
fn answers_hold_nothing_empty() {
    let mut calls = vec![
        ("search", json!({"query": "s3"})),
        ("search", json!({"query": "upload", "type": "ALL", "limit": 50})),
        ("list_plugins", json!({})),
        ("list_plugins", json!({"limit": 5})),
        ("blueprints", json!({"limit": 50})),
        ("list_triggers", json!({})),
        ("list_task_runners", json!({})),
        ("list_storages", json!({})),
        ("list_secret_managers", json!({})),
        ("list_log_exporters", json!({})),
        ("versions", json!({})),
        ("search_docs", json!({"query": "retry", "limit": 50})),
    ];
    for plugin in plugins() {
        calls.push(("plugin_tasks", json!({"plugin": plugin["name"]})));
        calls.push(("versions", json!({"plugin": plugin["name"]})));
    }
    for class in &FACTS.classes {
        calls.push(("task_schema", json!({"cls": class.name})));
    }
    for (tool, arguments) in calls {
        let answer = ask::json(tool, &arguments);
        if let Some(at) = empty(&answer, "") {
            panic!("{tool} {arguments}: {at} is empty");
        }
    }
}

/// Where an answer holds something empty. Inside schemas an empty value is a fact: the
/// default of a property, an element type that may be anything.
fn empty(value: &Value, at: &str) -> Option<String> {
    match value {
        Value::Null => Some(at.to_owned()),
        Value::String(text) => text.is_empty().then(|| at.to_owned()),
        Value::Array(elements) if elements.is_empty() => Some(at.to_owned()),
        Value::Array(elements) => {
            elements.iter().enumerate().find_map(|(n, it)| empty(it, &format!("{at}[{n}]")))
        }
        Value::Object(members) if members.is_empty() && !at.ends_with(".properties") => {
            Some(at.to_owned())
        }
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| !at.contains(".properties.") || *name == "description")
            .find_map(|(name, it)| empty(it, &format!("{at}.{name}"))),
        _ => None,
    }
}

/// A page is found in any case, with all that may stand around its path.
#[test]
fn pages_are_found_in_any_case() {
    let page = ask::plain("get_doc", &json!({"parsedUrl": "docs/concepts/secret"}));
    for path in [
        "DOCS/Concepts/Secret",
        "/Docs/concepts/SECRET.MD",
        "HTTPS://KESTRA.IO/DOCS/CONCEPTS/SECRET",
    ] {
        assert_eq!(ask::plain("get_doc", &json!({"parsedUrl": path})), page, "{path}");
    }
    let children = ask::json("list_doc_children", &json!({"path": "docs/concepts"}));
    assert_eq!(ask::json("list_doc_children", &json!({"path": "Docs/Concepts"})), children);
}

/// Clients that have one type for all numbers send 17 as 17.0.
#[test]
fn a_blueprint_is_found_by_its_number_however_it_is_written() {
    let flow = ask::plain("get_blueprint_flow", &json!({"id": 17}));
    for id in [json!("17"), json!(17.0), json!("17.0")] {
        assert_eq!(ask::plain("get_blueprint_flow", &json!({"id": id})), flow, "{id}");
    }
}

/// The old home of the Slack tasks is nearer by letters, but nobody should go there.
#[test]
fn a_superseded_class_is_suggested_behind_its_successor() {
    let class = "io.kestra.plugin.slack.notifications.SlackIncomingWebhook";
    let first = "io.kestra.plugin.slack.SlackIncomingWebhook";
    let (miss, _) = ask::text("task_schema", &json!({"cls": class}));
    let miss: Value = serde_json::from_str(&miss).expect("JSON");
    assert_eq!(miss["didYouMean"][0], first);
    let task = json!({"id": "send", "type": class, "url": "https://example.com"});
    let flow = json!({"id": "a", "namespace": "b", "tasks": [task]});
    let answer = ask::json("validate_flow", &json!({"flow": flow}));
    assert_eq!(answer["errors"][0]["didYouMean"][0], first);
}

/// The name of a product is that of the plugin most users want.
#[test]
fn a_product_names_the_plugin_that_is_meant() {
    for (name, plugin) in [
        ("postgres", "plugin-jdbc-postgres"),
        ("oracle", "plugin-jdbc-oracle"),
        ("kafka", "plugin-kafka"),
        ("python", "plugin-script-python"),
    ] {
        assert_eq!(ask::json("plugin_tasks", &json!({"plugin": name}))["plugin"], plugin);
    }
}
