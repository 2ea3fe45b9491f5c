//! Where the references of a schema lead.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::last_part;
use crate::facts::{Artifact, Class};
use crate::read::LineFacts;

/// The definitions that a schema can refer to.
pub(super) struct Scope<'a> {
    artifact: Option<&'a Artifact>,
    /// `name` to `name#2`, for what the class reaches.
    variants: BTreeMap<&'a str, &'a str>,
    line: &'a LineFacts,
}

impl<'a> Scope<'a> {
    /// Kestra's own model.
    pub(super) fn of_line(line: &'a LineFacts) -> Self {
        Self { artifact: Some(&line.core.value), variants: BTreeMap::new(), line }
    }

    /// That of a class.
    pub(super) fn of_class(class: &'a Class, artifact: &'a Artifact, line: &'a LineFacts) -> Self {
        let name = |key: &'a String| key.split_once('#').map_or(key.as_str(), |(name, _)| name);
        let variants = class.definitions.iter().map(|key| (name(key), key.as_str())).collect();
        Self { artifact: Some(artifact), variants, line }
    }

    /// The definition of a name, and a key that is its own over all scopes.
    pub(super) fn find(&self, name: &str) -> Option<(String, &'a Value)> {
        let key = self.variants.get(name).copied().unwrap_or(name);
        if let Some(artifact) = self.artifact
            && let Some(definition) = artifact.definitions.get(key)
        {
            return Some((format!("{} {key}", artifact.artifact), definition));
        }
        ["", "-2", "-1"].into_iter().find_map(|suffix| {
            let name = format!("{name}{suffix}");
            let definition = self.line.flow.definitions.get(&name)?;
            Some((format!("{} {name}", self.line.name), definition))
        })
    }

    /// A schema whose `allOf` is brought together: one reference with its marks stays a
    /// reference, more than that becomes one object.
    pub(super) fn merged(&self, schema: &Value) -> Value {
        let Some(members) = schema["allOf"].as_array() else { return schema.clone() };
        let with_content = members.iter().filter(|it| it.get("properties").is_some()).count();
        let references = members.iter().filter(|it| it.get("$ref").is_some()).count();
        let mut merged = Map::new();
        for member in members.iter().chain([schema]) {
            let own = match member["$ref"].as_str().map(last_part) {
                Some(name) if with_content > 0 || references > 1 => {
                    self.find(name).map(|(_, it)| self.merged(it)).unwrap_or_default()
                }
                _ => member.clone(),
            };
            merge(&mut merged, own);
        }
        merged.remove("allOf");
        Value::Object(merged)
    }
}

/// Members of `from` win, properties and required names are added.
fn merge(into: &mut Map<String, Value>, from: Value) {
    let Value::Object(from) = from else { return };
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Object(known)), Value::Object(new)) if key == "properties" => {
                known.extend(new);
            }
            (Some(Value::Array(known)), Value::Array(new)) if key == "required" => {
                known.extend(new);
            }
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}
