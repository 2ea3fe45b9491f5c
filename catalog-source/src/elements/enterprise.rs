//! Elements of the Enterprise Edition, as far as they are public.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::describe::{Describe, Words, described};
use super::{CORE_EE, Element, Schema, package, version_key};
use crate::facts::{Artifact, EnterpriseElement, EnterpriseProperty, Properties};
use crate::read::LineFacts;

impl Describe<'_> {
    /// An element that is known from public pages.
    pub(super) fn enterprise(&self, element: &EnterpriseElement) -> Element {
        let name = element.cls.clone().unwrap_or_else(|| element.name.clone());
        let text = self.sources.enterprise_texts.value.get(&name);
        let describe = |key: &str, property: &str, schema: &Value| {
            let special = text.and_then(|text| text.properties.get(key));
            special.map(Words::of).or_else(|| {
                let general = self.sources.glossary.value.properties.get(property);
                general.and_then(|general| general.for_schema(schema)).map(Words::Plain)
            })
        };
        let own = enterprise_properties(&element.properties, &element.enums);
        let own = described(&own, |property, schema| describe(property, property, schema));
        let nested = element.nested.iter().map(|(name, properties)| {
            let members = enterprise_properties(properties, &BTreeMap::new());
            let members = described(&members, |property, schema| {
                describe(&format!("{name}.{property}"), property, schema)
            });
            (name.clone(), json!({"type": "object", "properties": members}))
        });
        let definitions = nested.collect();
        let required = element.properties.iter().filter(|property| property.required == Some(true));
        let required = required.map(|property| property.name.clone()).collect();
        let schema = Schema { own, required, definitions, ..Schema::default() };
        let mut extra = Vec::new();
        let mut say = |key, value: Option<&String>| {
            if let Some(value) = value {
                extra.push((key, value.clone()));
            }
        };
        say("configType", element.config_type.as_ref());
        say("configKey", element.config_key.as_ref());
        say("since", element.since.as_ref());
        let since_new_line = |line: &LineFacts| {
            element.since.as_ref().is_none_or(|since| !newer(since, &line.core.value))
        };
        let schemas =
            self.sources.lines.iter().map(|line| since_new_line(line).then(|| schema.clone()));
        Element {
            is_class: element.cls.is_some(),
            kind: element.kind.clone(),
            plugin: element.plugin.clone().unwrap_or_else(|| CORE_EE.to_owned()),
            group: if element.cls.is_some() { package(&name).to_owned() } else { String::new() },
            title: text.map_or_else(|| element.name.clone(), |text| text.title.clone()),
            title_made: text.is_none(),
            description: text.map(|text| text.description.clone()).unwrap_or_default(),
            words: text.map(|text| text.words.clone()).unwrap_or_default(),
            ee: true,
            aliases: element.aliases.clone(),
            schemas: schemas.collect(),
            extra,
            name,
            ..Element::default()
        }
    }
}

/// Whether a version of Kestra is newer than the line that `core` was taken from.
fn newer(since: &str, core: &Artifact) -> bool {
    version_key(since) > version_key(core.version())
}

/// Properties of an Enterprise element, as far as they are known.
fn enterprise_properties(
    properties: &[EnterpriseProperty],
    enums: &BTreeMap<String, Vec<String>>,
) -> Properties {
    let mut found = Properties::new();
    for property in properties {
        let mut schema = enterprise_type(property.kind.as_deref());
        if let Some(values) = enums.get(&property.name) {
            schema.insert("enum".into(), json!(values));
        }
        if let Some(default) = &property.default {
            schema.insert("default".into(), default.clone());
        }
        if let Some(required) = property.required {
            schema.insert("$required".into(), json!(required));
        }
        found.insert(property.name.clone(), Value::Object(schema));
    }
    found
}

/// JSON schema of a type that the Enterprise facts state in words.
fn enterprise_type(kind: Option<&str>) -> Map<String, Value> {
    let schema = match kind {
        None => json!({}),
        Some(kind @ ("string" | "boolean" | "integer" | "number" | "object" | "array")) => {
            json!({"type": kind})
        }
        Some("duration") => json!({"type": "string", "format": "duration"}),
        Some(kind) if kind.starts_with("array<") => json!({"type": "array"}),
        Some(kind) if kind.starts_with("map<") => json!({"type": "object"}),
        // A type known by its name alone.
        Some(kind) => json!({"$type": kind}),
    };
    match schema {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
