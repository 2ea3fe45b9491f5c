//! The smallest flow fragment of a class: required properties with placeholders.

use std::fmt::Write;

use serde_json::Value;

use crate::elements::{Element, Schema};

/// YAML that names the class and what it requires; with `all`, the optional properties
/// follow as comments.
#[must_use]
pub fn skeleton(element: &Element, schema: &Schema, all: bool) -> String {
    let simple = element.name.rsplit(['.', '$']).next().unwrap_or(&element.name);
    let mut out = String::new();
    let indent = match element.kind.as_str() {
        "task" | "trigger" => {
            writeln!(out, "- id: {}\n  type: {}", snake(simple), element.name).expect("a String");
            "  "
        }
        _ => {
            writeln!(out, "type: {}", element.name).expect("a String");
            ""
        }
    };
    for (name, property) in &schema.own {
        if name != "id" && name != "type" && schema.required.contains(name) {
            writeln!(out, "{indent}{name}: {}", placeholder(name, property)).expect("a String");
        }
    }
    if all {
        for (name, property) in schema.own.iter().chain(&schema.inherited) {
            if name != "id" && name != "type" && !schema.required.contains(name) {
                writeln!(out, "{indent}# {name}: {}", placeholder(name, property))
                    .expect("a String");
            }
        }
    }
    out
}

/// `MailSend` -> `mail_send`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    crate::fold::words(name, |word| {
        if !out.is_empty() {
            out.push('_');
        }
        out.push_str(word.as_str());
    });
    out
}

fn placeholder(name: &str, property: &Value) -> String {
    if property["$secret"] == Value::Bool(true) {
        let secret: Vec<String> = snake(name).split('_').map(str::to_uppercase).collect();
        return format!("\"{{{{ secret('{}') }}}}\"", secret.join("_"));
    }
    if let Some(default) = property.get("default") {
        return default.to_string();
    }
    if let Some(first) = property["enum"].get(0) {
        return first.as_str().map_or_else(|| first.to_string(), str::to_owned);
    }
    let kind = property["type"].as_str().or_else(|| {
        property["anyOf"].as_array().into_iter().flatten().find_map(|it| it["type"].as_str())
    });
    match (kind, property["format"].as_str()) {
        (Some("string"), Some("duration")) => "PT1M".to_owned(),
        (Some("integer" | "number"), _) => "1".to_owned(),
        (Some("boolean"), _) => "true".to_owned(),
        (Some("array"), _) => "[]".to_owned(),
        (Some("object"), _) => "{}".to_owned(),
        _ => format!("\"{name}\""),
    }
}
