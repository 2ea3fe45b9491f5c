//! Placeholders by type.

use serde_json::{Value, json};

use super::Skeletons;
use super::yaml::Yaml;
use crate::elements::{Element, Schema};

/// Definitions in definitions that are followed.
const DEEPEST: usize = 6;

const LOG: &str = "io.kestra.plugin.core.log.Log";
const CONDITION: &str = "io.kestra.plugin.core.condition.Expression";

/// Writes the values of one skeleton.
pub(super) struct Writer<'s> {
    skeletons: &'s Skeletons<'s>,
    /// Log tasks so far: each needs an id of its own.
    logs: usize,
}

impl<'s> Writer<'s> {
    pub(super) fn new(skeletons: &'s Skeletons<'s>) -> Self {
        Self { skeletons, logs: 0 }
    }

    /// A task or trigger, with an id.
    pub(super) fn named(&mut self, element: &Element, schema: &Schema, all: bool) -> Yaml {
        let mut members = vec![id(element)];
        if let Yaml::Map(rest) = self.class(element, schema, all, 0) {
            members.extend(rest);
        }
        Yaml::Map(members)
    }

    /// The smallest task there is.
    pub(super) fn log(&mut self) -> Yaml {
        self.logs += 1;
        let id = if self.logs == 1 { "hello".to_owned() } else { format!("hello_{}", self.logs) };
        Yaml::Map(vec![
            ("id".to_owned(), Yaml::text(&id)),
            ("type".to_owned(), Yaml::text(LOG)),
            ("message".to_owned(), Yaml::text("Hello")),
        ])
    }

    /// A class with what it requires; with `all`, the rest as comments.
    pub(super) fn class(
        &mut self,
        element: &Element,
        schema: &Schema,
        all: bool,
        depth: usize,
    ) -> Yaml {
        let mut members = Vec::new();
        if element.is_class {
            members.push(("type".to_owned(), Yaml::text(&element.name)));
        }
        // Tasks and triggers have theirs already.
        let needs_id = schema.required.iter().any(|it| it == "id")
            || schema.inherited.get("id").is_some_and(|it| it["$required"] == json!(true));
        if needs_id && !matches!(element.kind.as_str(), "task" | "trigger") {
            members.push(id(element));
        }
        let named = |name: &str| matches!(name, "id" | "type");
        let required = |name: &String| schema.required.contains(name);
        for (name, property) in schema.own.iter().filter(|(name, _)| !named(name)) {
            if required(name) && merged(property, schema).get("default").is_none() {
                members.push((name.clone(), self.value(name, property, schema, depth)));
            }
        }
        if all {
            let logs = self.logs;
            for (name, property) in schema.own.iter().chain(&schema.inherited) {
                let written = members.iter().any(|(known, _)| known == name);
                let old = property["$deprecated"] == json!(true);
                if !named(name) && !written && !old {
                    let value = self.value(name, property, schema, depth + 2).flow();
                    members.push((String::new(), Yaml::Comment(format!("{name}: {value}"))));
                }
            }
            self.logs = logs;
        }
        Yaml::Map(members)
    }

    fn value(&mut self, name: &str, property: &Value, schema: &Schema, depth: usize) -> Yaml {
        let property = &merged(property, schema);
        if property["$secret"] == json!(true) {
            return Yaml::text(&format!("{{{{ secret('{}') }}}}", snake(name).to_uppercase()));
        }
        if let Some(default) = property.get("default").filter(|it| !it.is_null()) {
            return Yaml::json(default);
        }
        if let Some(first) = property["enum"].get(0).or_else(|| property.get("const")) {
            return Yaml::json(first);
        }
        if let Some(reference) = reference(property) {
            return self.referred(reference, schema, depth);
        }
        if property["type"].is_null()
            && let Some(first) = property["anyOf"].get(0)
        {
            return self.value(name, first, schema, depth);
        }
        match property["type"].as_str() {
            Some("integer" | "number") => {
                let least = property["minimum"].as_i64().unwrap_or(1).max(1);
                Yaml::json(&json!(least))
            }
            Some("boolean") => Yaml::json(&json!(true)),
            Some("array") => {
                let item = singular(name);
                let items = property.get("items").cloned().unwrap_or_default();
                Yaml::List(vec![self.value(item, &items, schema, depth)])
            }
            Some("object") => self.object(property, schema, depth),
            _ => text(name, property),
        }
    }

    fn object(&mut self, property: &Value, schema: &Schema, depth: usize) -> Yaml {
        if property["properties"].is_object() {
            return self.definition(property, schema, depth);
        }
        let value = match property.get("additionalProperties").filter(|it| it.is_object()) {
            Some(values) => self.value("value", values, schema, depth),
            None => Yaml::text("value"),
        };
        Yaml::Map(vec![("key".to_owned(), value)])
    }

    fn referred(&mut self, name: &str, schema: &Schema, depth: usize) -> Yaml {
        match name {
            "io.kestra.core.models.tasks.Task" => return self.log(),
            "io.kestra.core.models.conditions.Condition" => {
                return Yaml::Map(vec![
                    ("type".to_owned(), Yaml::text(CONDITION)),
                    ("expression".to_owned(), Yaml::text("{{ true }}")),
                ]);
            }
            _ => {}
        }
        if depth >= DEEPEST {
            return Yaml::Map(Vec::new());
        }
        if let Some(element) = self.skeletons.elements.get(name)
            && let Some(schema) = self.skeletons.schema(element)
        {
            return self.class(element, schema, false, depth + 1);
        }
        match definition(name, schema) {
            Some(definition) => self.definition(&merged(definition, schema), schema, depth + 1),
            None => Yaml::Map(Vec::new()),
        }
    }

    /// What a definition requires.
    fn definition(&mut self, definition: &Value, schema: &Schema, depth: usize) -> Yaml {
        let Some(properties) = definition["properties"].as_object() else {
            return self.value("value", definition, schema, depth);
        };
        let required = definition["required"].as_array().into_iter().flatten();
        let required: Vec<&str> = required.filter_map(Value::as_str).collect();
        let needed = properties.iter().filter(|(name, it)| {
            required.contains(&name.as_str()) && merged(it, schema).get("default").is_none()
        });
        let members = needed.map(|(name, it)| (name.clone(), self.value(name, it, schema, depth)));
        Yaml::Map(members.collect())
    }
}

fn id(element: &Element) -> (String, Yaml) {
    let simple = element.name.rsplit(['.', '$']).next().unwrap_or(&element.name);
    ("id".to_owned(), Yaml::text(&snake(simple)))
}

/// The name that a schema refers to.
pub(super) fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str().and_then(|it| it.rsplit('/').next())
}

fn definition<'d>(name: &str, schema: &'d Schema) -> Option<&'d Value> {
    let mut all = schema.definitions.iter().chain(&schema.inherited_definitions);
    all.find(|(known, _)| known == name).map(|(_, definition)| definition)
}

/// A schema with the members of its `allOf`.
fn merged(property: &Value, schema: &Schema) -> Value {
    let Some(parts) = property["allOf"].as_array() else { return property.clone() };
    let mut all = property.as_object().cloned().unwrap_or_default();
    all.remove("allOf");
    let several = parts.iter().filter(|it| it.get("$ref").is_some()).count() > 1
        || parts.iter().any(|it| it.get("properties").is_some());
    for part in parts {
        let part = match reference(part).and_then(|name| definition(name, schema)) {
            Some(definition) if several => merged(definition, schema),
            _ => part.clone(),
        };
        for (key, value) in part.as_object().into_iter().flatten() {
            match (all.get_mut(key), value) {
                (Some(Value::Object(known)), Value::Object(new)) => known.extend(new.clone()),
                (Some(Value::Array(known)), Value::Array(new)) => known.extend(new.clone()),
                _ => {
                    all.insert(key.clone(), value.clone());
                }
            }
        }
    }
    Value::Object(all)
}

/// A text of the form that is wanted.
fn text(name: &str, property: &Value) -> Yaml {
    if property["$internalStorageURI"] == json!(true) {
        return Yaml::text("kestra:///company/team/my_flow/file.txt");
    }
    Yaml::text(match (property["format"].as_str(), name) {
        (Some("duration"), _) => "PT1M",
        (Some("date-time"), _) => "2026-01-01T00:00:00Z",
        (Some("date"), _) => "2026-01-01",
        (Some("time" | "partial-time"), _) => "09:00:00",
        (Some("uri"), _) | (_, "uri" | "url" | "endpoint") => "https://example.com",
        (_, "cron") => "0 9 * * *",
        _ => name,
    })
}

fn singular(name: &str) -> &str {
    name.strip_suffix('s').filter(|it| it.len() > 1).unwrap_or(name)
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
