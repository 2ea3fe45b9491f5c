use kestra_mcp::tools::{TOOLS, Verdict};
use serde_json::{Value, json};

use crate::ask;
use crate::facts::FACTS;

/// Bytes that stay under so many tokens of o200k. `benches/sizes` counts with the real
/// tokenizer: 4.2 bytes a token in definitions of tools, 3.7 at the least in schemas, 3.5
/// in lists, 3.8 in misses.
const DEFINITIONS: usize = 3_000 * 4;
const CAP: usize = 8_000 * 7 / 2;
const MISS: usize = 150 * 19 / 5;

#[track_caller]
fn check(tool: &str, arguments: &Value, expected: Verdict, most: usize) {
    let (text, verdict) = ask::text(tool, arguments);
    assert_eq!(verdict, expected, "{tool} {arguments}: {text}");
    assert!(text.len() <= most, "{} bytes by {tool} {arguments}, {most} at most", text.len());
}

#[test]
fn definitions_of_tools_are_small() {
    let bytes: usize = TOOLS.iter().map(|tool| tool.definition.len()).sum();
    assert!(bytes <= DEFINITIONS, "{bytes} bytes, {DEFINITIONS} at most");
}

#[test]
fn the_longest_answers_stay_under_the_cap() {
    for class in &FACTS.classes {
        for line in class.lines() {
            let call = json!({"cls": class.name, "kestra": line, "all": true});
            check("task_schema", &call, Verdict::Answer, CAP);
        }
    }
    for tool in ["list_plugins", "list_triggers", "versions", "blueprints"] {
        check(tool, &json!({}), Verdict::Answer, CAP);
    }
    check("blueprints", &json!({"limit": 50}), Verdict::Answer, CAP);
    check("plugin_tasks", &json!({"plugin": "plugin-jdbc"}), Verdict::Answer, CAP);
}

#[test]
fn misses_are_short() {
    for class in &FACTS.classes {
        let call = json!({"cls": format!("{}Xq", class.name)});
        check("task_schema", &call, Verdict::Miss, MISS);
    }
    for call in [json!({"plugin": "x".repeat(5_000)}), json!({"plugin": "plugin-awss"})] {
        check("plugin_tasks", &call, Verdict::Miss, MISS);
    }
}
