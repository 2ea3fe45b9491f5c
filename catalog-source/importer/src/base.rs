//! What every class of a kind has from its base class. The API does not name base
//! classes: what most classes of a kind inherit is what the base class has.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use crate::assemble::{Form, definition_text};
use crate::capture::Capture;
use crate::cut::{Cut, cut, shortest};

/// The base class of each kind.
const CLASSES: [(&str, &str); 11] = [
    ("task", "io.kestra.core.models.tasks.Task"),
    ("trigger", "io.kestra.core.models.triggers.AbstractTrigger"),
    ("condition", "io.kestra.core.models.conditions.Condition"),
    ("taskRunner", "io.kestra.core.models.tasks.runners.TaskRunner"),
    ("storage", "io.kestra.core.storages.StorageInterface"),
    ("chart", "io.kestra.core.models.dashboards.charts.Chart"),
    ("dataFilter", "io.kestra.core.models.dashboards.DataFilter"),
    ("dataFilterKPI", "io.kestra.core.models.dashboards.DataFilterKPI"),
    ("fileRenderer", "io.kestra.core.preview.FileRenderer"),
    ("asset", "io.kestra.core.models.assets.Asset"),
    ("additionalPlugin", "io.kestra.core.plugins.AdditionalPlugin"),
];

/// Counts what classes inherit.
#[derive(Debug, Default)]
pub struct Counter {
    /// By kind and property: the schemas found, as text, with the number of classes.
    found: BTreeMap<String, BTreeMap<String, HashMap<String, usize>>>,
    definitions: BTreeMap<String, Value>,
}

impl Counter {
    /// Counts one class in.
    pub fn add(&mut self, kind: &str, capture: &Capture) {
        if !capture.inherited.is_empty() {
            let of_kind = self.found.entry(kind.to_owned()).or_default();
            for (name, schema) in &capture.inherited {
                *of_kind.entry(name.clone()).or_default().entry(schema.to_string()).or_default() +=
                    1;
            }
        }
        for (name, definition) in &capture.inherited_definitions {
            if !self.definitions.contains_key(name) {
                self.definitions.insert(name.clone(), definition.clone());
            }
        }
    }

    /// What the base classes have.
    #[must_use]
    pub fn finish(self) -> Base {
        let kinds = self.found.into_iter().map(|(kind, properties)| {
            let properties = properties.into_iter().map(|(name, schemas)| (name, most(&schemas)));
            (kind, properties.collect())
        });
        Base {
            kinds: kinds.collect(),
            definitions: self.definitions.into_iter().map(|(name, it)| (name, cut(&it))).collect(),
        }
    }
}

/// The schema that most classes have; of two that as many have, the first by text.
fn most(schemas: &HashMap<String, usize>) -> Cut {
    let mut schemas: Vec<(&String, &usize)> = schemas.iter().collect();
    schemas.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let text = schemas.first().map_or("{}", |(text, _)| text);
    cut(&serde_json::from_str(text).expect("written from a JSON value"))
}

/// Properties by kind, and the definitions that only these reach.
#[derive(Clone, Debug, Default)]
pub struct Base {
    kinds: BTreeMap<String, BTreeMap<String, Cut>>,
    definitions: BTreeMap<String, Cut>,
}

impl Base {
    /// Name of the base class of a kind; empty for a kind that is not known.
    #[must_use]
    pub fn class_of(kind: &str) -> &'static str {
        CLASSES.iter().find(|(name, _)| *name == kind).map_or("", |(_, class)| class)
    }

    /// What a class inherits that differs from what its base class has.
    #[must_use]
    pub fn differing(&self, kind: &str, inherited: &Map<String, Value>) -> Cut {
        let mut differing = Cut { facts: json!({}), texts: Map::new() };
        let known = self.kinds.get(kind).filter(|_| !Self::class_of(kind).is_empty());
        let mut names: Vec<&String> = inherited.keys().collect();
        names.sort();
        for name in names {
            let Cut { facts, texts } = cut(&inherited[name]);
            let base = known.and_then(|properties| properties.get(name));
            if base.is_none_or(|base| base.texts != texts) {
                differing.texts.insert(name.clone(), Value::Object(texts));
            }
            if base.is_none_or(|base| base.facts != facts) {
                differing.facts[name] = facts;
            }
        }
        differing
    }

    /// `facts/<line>/base.json`.
    #[must_use]
    pub fn facts(&self) -> Value {
        self.by_class(|cut| Some(cut.facts.clone()))
    }

    /// The texts of the same, for `texts/core.json`.
    #[must_use]
    pub fn texts(&self, form: Form) -> Value {
        self.by_class(|cut| match (cut.texts.is_empty(), form) {
            (false, _) => Some(shortest(cut.texts.clone())),
            (true, Form::Overlay { fill: false }) => Some(json!("")),
            (true, _) => None,
        })
    }

    /// `facts/<line>/inherited.json`: definitions that only inherited properties reach.
    #[must_use]
    pub fn definitions(&self) -> Value {
        self.definitions.iter().map(|(name, cut)| (name.clone(), cut.facts.clone())).collect()
    }

    /// The texts of the same.
    #[must_use]
    pub fn definition_texts(&self, form: Form) -> Value {
        let text = |cut: &Cut| definition_text(&cut.facts, &json!(cut.texts), form);
        self.definitions.iter().map(|(name, cut)| (name.clone(), text(cut))).collect()
    }

    fn by_class(&self, of: impl Fn(&Cut) -> Option<Value>) -> Value {
        let mut classes = BTreeMap::new();
        for (kind, properties) in &self.kinds {
            let class = Self::class_of(kind);
            if class.is_empty() {
                continue;
            }
            let properties: Map<String, Value> = properties
                .iter()
                .filter_map(|(name, cut)| Some((name.clone(), of(cut)?)))
                .collect();
            classes.insert(class, Value::Object(properties));
        }
        json!(classes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_is_what_most_have() {
        let capture = |value: Value| Capture {
            inherited: Map::from_iter([("id".to_owned(), value)]),
            ..Capture::default()
        };
        let mut counter = Counter::default();
        let odd = capture(json!({"type": "number"}));
        counter.add("task", &odd);
        counter.add("task", &capture(json!({"type": "string", "title": "Id"})));
        counter.add("task", &capture(json!({"type": "string", "title": "Id"})));
        let base = counter.finish();
        let want = json!({"io.kestra.core.models.tasks.Task": {"id": {"type": "string"}}});
        assert_eq!(base.facts(), want);
        assert_eq!(base.differing("task", &odd.inherited).facts, json!({"id": {"type": "number"}}));
    }
}
