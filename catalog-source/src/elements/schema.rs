//! What a class takes and gives in one line: its properties, and the definitions that they
//! reach.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Schema;
use super::describe::{Describe, Key, described};
use crate::facts::{Artifact, Class};
use crate::read::LineFacts;
use crate::texts::put_description;

impl Describe<'_> {
    /// The schema of a class of `artifact` in a line.
    pub(super) fn schema(
        &self,
        name: &str,
        class: &Class,
        plugin: &str,
        artifact: &Artifact,
        line: &LineFacts,
    ) -> Schema {
        let own = |property: &str, schema: &Value| {
            self.property(plugin, Some((name, false)), None, property, schema)
        };
        let output = |property: &str, schema: &Value| {
            self.property(plugin, Some((name, true)), None, property, schema)
        };
        let from_base = |property: &str, schema: &Value| {
            self.inherited(plugin, name, &class.base_class, property)
                .or_else(|| own(property, schema))
        };
        let mut inherited = line.base.get(&class.base_class).cloned().unwrap_or_default();
        for (property, schema) in &class.inherited_differs {
            inherited.insert(property.clone(), schema.clone());
        }
        inherited.retain(|property, _| !class.properties.contains_key(property));
        let outputs = class.outputs.clone().unwrap_or_default();
        // `#2` and the like: a second content of one name, told apart only in the facts.
        let variants: BTreeMap<&str, &str> =
            class.definitions.iter().map(|key| (base_name(key), key.as_str())).collect();
        let find = |reference: &str| -> Option<(Key<'_>, &Value)> {
            if let Some((name, definition)) = line.inherited.get_key_value(reference) {
                return Some((Key::Inherited(name), definition));
            }
            let key = variants.get(reference).copied().unwrap_or(reference);
            if let Some((key, definition)) = artifact.definitions.get_key_value(key) {
                return Some((Key::Plugin(key), definition));
            }
            // Reached from inherited properties only: Kestra's own model.
            let model =
                |suffix: &str| line.flow.definitions.get_key_value(&format!("{reference}{suffix}"));
            let found = model("").or_else(|| model("-2")).or_else(|| model("-1"));
            found.map(|(key, definition)| (Key::Plugin(key), definition))
        };
        let own_roots = class.properties.values().chain(outputs.values());
        let definitions = self.reachable(plugin, own_roots, &BTreeSet::new(), &|reference| {
            let key = variants.get(reference).copied()?;
            let definition =
                artifact.definitions.get(key).or_else(|| self.shared.get(key).copied());
            definition.map(|definition| (Key::Plugin(key), definition))
        });
        let known: BTreeSet<String> = definitions.iter().map(|(name, _)| name.clone()).collect();
        // What Kestra defines only beside the inherited properties, own ones may name too.
        let mut named = BTreeSet::new();
        class.properties.values().for_each(|schema| references(schema, &mut named));
        named.retain(|name| line.inherited.contains_key(name));
        let named: Vec<Value> = named.iter().map(|name| json!({"$ref": name})).collect();
        let roots = inherited.values().chain(&named);
        let inherited_definitions = self.reachable(plugin, roots, &known, &find);
        Schema {
            own: described(&class.properties, own),
            inherited: described(&inherited, from_base),
            required: class.required.clone(),
            outputs: described(&outputs, output),
            definitions,
            inherited_definitions,
            metrics: self.metrics(plugin, name, class),
        }
    }

    fn metrics(&self, plugin: &str, name: &str, class: &Class) -> Vec<Value> {
        let text = |metric: &Value| {
            let metric = metric["name"].as_str()?;
            self.class_texts(plugin, name).find_map(|text| text.metrics.get(metric))
        };
        let mut metrics = class.metrics.clone();
        for metric in &mut metrics {
            if let Some(text) = text(metric) {
                put_description(metric, text);
            }
        }
        metrics
    }

    /// Definitions reached from `roots`, breadth first, so that the nearest come first;
    /// those of one depth by name.
    fn reachable<'v, 'r>(
        &self,
        plugin: &str,
        roots: impl Iterator<Item = &'r Value>,
        known: &BTreeSet<String>,
        find: &dyn Fn(&str) -> Option<(Key<'v>, &'v Value)>,
    ) -> Vec<(String, Value)> {
        let mut found: Vec<(String, Value)> = Vec::new();
        let mut seen = known.clone();
        let mut level = BTreeSet::new();
        roots.for_each(|root| references(root, &mut level));
        while !level.is_empty() {
            let mut next = BTreeSet::new();
            for name in std::mem::take(&mut level) {
                if !seen.insert(name.clone()) {
                    continue;
                }
                if let Some((key, definition)) = find(&name) {
                    references(definition, &mut next);
                    let described = self.imported(plugin, key, definition);
                    let described =
                        described.unwrap_or_else(|| self.definition(plugin, &name, definition));
                    found.push((name.clone(), described));
                }
            }
            level = next;
        }
        found
    }
}

/// Names that the references of a schema give.
fn references(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                let name = reference.rsplit('/').next().unwrap_or_default();
                found.insert(name.to_owned());
            }
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

fn base_name(key: &str) -> &str {
    key.split_once('#').map_or(key, |(name, _)| name)
}
