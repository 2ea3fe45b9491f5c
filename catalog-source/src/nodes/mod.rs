//! Compact schema nodes for the validator: per line, what a flow and each class take.
//!
//! Kestra reads a flow in two steps. Plain fields are read when the flow is saved: a
//! wrong type or value there refuses the flow. Fields of `Property<...>` are read when
//! the task runs: anything passes before, so their nodes are marked lenient.

pub mod encode;
mod scope;
mod server;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::elements::{Catalog, KINDS};
use crate::facts::{Artifact, Class, Properties};
use crate::read::{LineFacts, Sources};
use crate::store::Store;
use encode::{FORMAT_SHIFT, FORMATS, Node, Words, mark, part, property, types};
use scope::Scope;
pub use server::ServerFacts;

/// What the program reads.
#[derive(Debug, Default)]
pub struct NodeTables {
    /// All words.
    pub words: Vec<u32>,
    /// Node of the flow, for each line.
    pub flows: Vec<u32>,
    /// Rows of classes for each line, where they begin and how many: name, element, own
    /// node, node of the base class, whether it is an old name.
    pub classes: Vec<(u32, u32)>,
    /// Places of the definitions.
    pub definitions: (u32, u32),
}

/// Class names of Kestra's model that stand for every class of a kind.
const WHOLE_KINDS: [(&str, &str); 2] = [
    ("io.kestra.core.models.tasks.Task", "task"),
    ("io.kestra.core.models.conditions.Condition", "condition"),
];

const FLOW: &str = "io.kestra.core.models.flows.Flow";

/// Compiles all nodes. `place` is where an element stands.
pub fn compile(
    sources: &Sources,
    catalog: &Catalog,
    place: &BTreeMap<&str, u32>,
    store: &mut Store,
) -> NodeTables {
    let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
    let kind_bit = |kind: &str| KINDS.iter().position(|it| *it == kind).map_or(0, |n| 1 << n);
    for element in catalog.elements.iter().filter(|it| it.is_class) {
        kinds.insert(&element.name, kind_bit(&element.kind));
    }
    for (name, kind) in WHOLE_KINDS {
        kinds.insert(name, kind_bit(kind));
    }
    let mut builder = Builder {
        kinds,
        server: &sources.server.value,
        store,
        words: Words::default(),
        definitions: BTreeMap::new(),
        bodies: Vec::new(),
    };
    let mut tables = NodeTables::default();
    for line in &sources.lines {
        tables.flows.push(builder.flow(line));
        tables.classes.push(builder.classes(sources, catalog, place, line));
    }
    let count = builder.bodies.len() as u32;
    let bodies = std::mem::take(&mut builder.bodies);
    tables.definitions = (builder.words.place(bodies), count);
    tables.words = builder.words.words;
    tables
}

struct Builder<'a> {
    kinds: BTreeMap<&'a str, u32>,
    server: &'a ServerFacts,
    store: &'a mut Store,
    words: Words,
    /// Number of each definition by the key that its scope gives it.
    definitions: BTreeMap<String, u32>,
    /// Nodes of the definitions by number.
    bodies: Vec<u32>,
}

/// One row of the table of classes.
struct ClassRow {
    name: String,
    element: u32,
    own: u32,
    base: u32,
    old: bool,
}

impl Builder<'_> {
    fn flow(&mut self, line: &LineFacts) -> u32 {
        let Some(flow) = line.flow.definitions.get(FLOW) else { return 0 };
        let mut flow = flow.clone();
        if let Some(properties) = flow["properties"].as_object_mut() {
            // The flow itself has no field that is read later.
            properties.values_mut().for_each(without_dynamic);
            for name in self.server.also(FLOW, "", &line.name, &Map::new()) {
                properties.insert(name.to_owned(), Value::from(HIDDEN_SCHEMA));
            }
        }
        self.node(&flow, &Scope::of_line(line))
    }

    fn classes(
        &mut self,
        sources: &Sources,
        catalog: &Catalog,
        place: &BTreeMap<&str, u32>,
        line: &LineFacts,
    ) -> (u32, u32) {
        let newest = &sources.lines[0];
        let mut rows = Vec::new();
        let plugins = sources.plugins.values().map(|artifact| &artifact.value);
        for artifact in std::iter::once(&line.core.value).chain(plugins) {
            for (name, class) in &artifact.classes {
                let own = self.class(name, class, artifact, line);
                let base = self.base(&class.base_class, line, newest);
                let element = place[name.as_str()];
                let row = |name: &str, old| ClassRow { name: name.into(), element, own, base, old };
                rows.push(row(name, false));
                rows.extend(class.aliases.iter().map(|alias| row(alias, true)));
            }
        }
        for element in catalog.elements.iter().filter(|it| it.ee && it.is_class) {
            rows.push(ClassRow {
                name: element.name.clone(),
                element: place[element.name.as_str()],
                own: 0,
                base: 0,
                old: false,
            });
        }
        rows.sort_by(|a, b| (&a.name, a.old).cmp(&(&b.name, b.old)));
        rows.dedup_by(|b, a| a.name == b.name);
        let count = rows.len() as u32;
        let mut words = Vec::new();
        for row in rows {
            let name = self.word(&row.name);
            words.extend([name, row.element, row.own, row.base, u32::from(row.old)]);
        }
        (self.words.place(words), count)
    }

    fn class(
        &mut self,
        class_name: &str,
        class: &Class,
        artifact: &Artifact,
        line: &LineFacts,
    ) -> u32 {
        let scope = Scope::of_class(class, artifact, line);
        let mut properties = class.inherited_differs.clone();
        properties.extend(class.properties.clone());
        let mut required = class.required.clone();
        required.retain(|name| {
            let schema = properties.get(name).map(|it| scope.merged(it)).unwrap_or_default();
            !has_default(&schema) && !self.server.is_defaulted(class_name, name)
        });
        for typed in &self.server.typed {
            if let Some(property) =
                typed.strip_prefix(class_name).and_then(|it| it.strip_prefix('.'))
                && let Some(schema) = properties.get_mut(property)
            {
                without_dynamic(schema);
            }
        }
        let hidden = self.server.also(class_name, &class.base_class, &line.name, &properties);
        for name in hidden {
            properties.entry(name).or_insert_with(|| Value::from(HIDDEN_SCHEMA));
        }
        self.object(&properties, &required, &scope)
    }

    /// What a class has from its base class in a line. A plugin's facts were taken with
    /// the newest line: what every class of a base had there and has not here is marked.
    fn base(&mut self, base: &str, line: &LineFacts, newest: &LineFacts) -> u32 {
        let Some(inherited) = line.base.get(base) else { return 0 };
        let common = common_properties(base, line);
        let mut properties = inherited.clone();
        for (name, schema) in &common {
            properties.entry(name.clone()).or_insert_with(|| schema.clone());
        }
        let newest_common = common_properties(base, newest);
        let newest_base = newest.base.get(base).into_iter().flatten().map(|(name, _)| name);
        for name in newest_common.keys().chain(newest_base) {
            if !properties.contains_key(name) {
                properties.insert(name.clone(), Value::from(ABSENT_SCHEMA));
            }
        }
        let required: Vec<String> = inherited
            .iter()
            .filter(|(_, schema)| schema["$required"] == Value::Bool(true))
            .map(|(name, _)| name.clone())
            .collect();
        self.object(&properties, &required, &Scope::of_line(line))
    }

    fn object(&mut self, properties: &Properties, required: &[String], scope: &Scope<'_>) -> u32 {
        let mut node = Node { head: types::OBJECT, ..Node::default() };
        self.properties(&mut node, properties, required, scope);
        self.words.node(&node)
    }

    fn properties(
        &mut self,
        node: &mut Node,
        properties: &Properties,
        required: &[String],
        scope: &Scope<'_>,
    ) {
        let mut entries: BTreeMap<&str, u32> = BTreeMap::new();
        for (name, schema) in properties {
            let mut word = self.node(schema, scope);
            if required.contains(name) {
                word |= property::REQUIRED;
            }
            if schema["$deprecated"] == Value::Bool(true) || schema["$deprecated"] == "true" {
                word |= property::DEPRECATED;
            }
            entries.insert(name, word);
        }
        let names = self.store.list_of(entries.keys());
        let words = self.words.place(entries.values().copied().collect());
        node.parts.insert(part::PROPERTIES, vec![names.start, names.len, words]);
    }

    /// The place of a node.
    fn node(&mut self, schema: &Value, scope: &Scope<'_>) -> u32 {
        if schema == ABSENT_SCHEMA {
            return self.words.node(&Node { head: mark::ABSENT, ..Node::default() });
        }
        if schema == HIDDEN_SCHEMA {
            return self.words.node(&Node { head: mark::HIDDEN, ..Node::default() });
        }
        let merged = scope.merged(schema);
        let schema = &merged;
        if let Some(name) = schema["$ref"].as_str().map(last_part) {
            return self.reference(name, schema, scope);
        }
        let mut node = Node { head: head(schema), ..Node::default() };
        if node.head & TYPES == 0 {
            self.alternatives(&mut node, schema, scope);
        }
        self.values(&mut node, schema);
        if let Some(items) = schema.get("items") {
            let items = self.node(items, scope);
            node.parts.insert(part::ITEMS, vec![items]);
        }
        if let Some(values) = schema.get("additionalProperties").filter(|it| it.is_object()) {
            let values = self.node(values, scope);
            node.parts.insert(part::VALUES, vec![values]);
        }
        if let Some(properties) = schema["properties"].as_object() {
            let required: Vec<String> = schema["required"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|it| it.as_str().map(str::to_owned))
                .filter(|name| {
                    !properties.get(name).is_some_and(|it| has_default(&scope.merged(it)))
                })
                .collect();
            self.properties(&mut node, properties, &required, scope);
        }
        self.words.node(&node)
    }

    fn reference(&mut self, name: &str, schema: &Value, scope: &Scope<'_>) -> u32 {
        let lenient = if schema["$dynamic"] == Value::Bool(true) { mark::LENIENT } else { 0 };
        let mut node = Node { head: lenient, ..Node::default() };
        if let Some(&kinds) = self.kinds.get(name) {
            node.head |= types::OBJECT;
            node.parts.insert(part::CLASS, vec![kinds]);
            return self.words.node(&node);
        }
        let Some((key, definition)) = scope.find(name) else { return 0 };
        let number = if let Some(&known) = self.definitions.get(&key) {
            known
        } else {
            let number = self.bodies.len() as u32;
            self.definitions.insert(key, number);
            self.bodies.push(0);
            let definition = self.with_accepted(name, definition, scope);
            self.bodies[number as usize] = self.node(&definition, scope);
            number
        };
        node.parts.insert(part::REFERENCE, vec![number]);
        self.words.node(&node)
    }

    /// A definition with what servers take besides.
    fn with_accepted(&self, name: &str, definition: &Value, scope: &Scope<'_>) -> Value {
        let name = name.trim_end_matches("-1").trim_end_matches("-2");
        let mut merged = scope.merged(definition);
        if let Some(properties) = merged["properties"].as_object_mut() {
            for also in self.server.also(name, "", "", properties) {
                properties.entry(also).or_insert_with(|| Value::from(HIDDEN_SCHEMA));
            }
        }
        merged
    }

    fn alternatives(&mut self, node: &mut Node, schema: &Value, scope: &Scope<'_>) {
        let Some(alternatives) = schema["anyOf"].as_array() else { return };
        if alternatives.iter().any(|it| it["$dynamic"] == Value::Bool(true)) {
            node.head |= mark::LENIENT;
        }
        let names = alternatives.iter().map(|it| it["$ref"].as_str().map(last_part));
        let kinds: Option<Vec<u32>> = names.map(|name| self.kinds.get(name?).copied()).collect();
        if let Some(kinds) = kinds {
            node.head |= types::OBJECT;
            node.parts.insert(part::CLASS, vec![kinds.into_iter().fold(0, |a, b| a | b)]);
            return;
        }
        let nodes: Vec<u32> = alternatives.iter().map(|it| self.node(it, scope)).collect();
        let count = nodes.len() as u32;
        let at = self.words.place(nodes);
        node.parts.insert(part::ANY, vec![at, count]);
    }

    /// What a single value must be.
    fn values(&mut self, node: &mut Node, schema: &Value) {
        if let Some(values) = schema["enum"].as_array() {
            let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            let run = self.store.list_of(values);
            node.parts.insert(part::ENUM, vec![run.start, run.len]);
        }
        if let Some(value) = schema["const"].as_str() {
            let word = self.word(value);
            node.parts.insert(part::CONST, vec![word]);
        }
        let number = |key: &str| schema[key].as_i64().and_then(|n| i32::try_from(n).ok());
        if let Some(least) = number("minimum") {
            node.parts.insert(part::MINIMUM, vec![least.cast_unsigned()]);
        }
        if let Some(greatest) = number("maximum") {
            node.parts.insert(part::MAXIMUM, vec![greatest.cast_unsigned()]);
        }
        if let Some(longest) = number("maxLength") {
            node.parts.insert(part::LONGEST, vec![longest.cast_unsigned()]);
        }
        if let Some(pattern) = schema["pattern"].as_str() {
            let word = self.word(pattern);
            node.parts.insert(part::PATTERN, vec![word]);
        }
    }

    /// Position of one text in the list table.
    fn word(&mut self, text: &str) -> u32 {
        self.store.list_of([text]).start
    }
}

/// Bits of the types in a first word.
const TYPES: u32 = (1 << FORMAT_SHIFT) - 1;

/// Stands for a property that a line does not have.
const ABSENT_SCHEMA: &str = "absent";

/// Stands for a property that servers take and no schema names.
const HIDDEN_SCHEMA: &str = "hidden";

/// Types, format and marks.
fn head(schema: &Value) -> u32 {
    let mut head = match schema["type"].as_str() {
        Some("string") => types::STRING,
        Some("integer") => types::INTEGER,
        Some("number") => types::NUMBER,
        Some("boolean") => types::BOOLEAN,
        Some("array") => types::ARRAY,
        Some("object") => types::OBJECT,
        _ => 0,
    };
    // A number or a boolean that is read later takes text too: without that alternative
    // it is a plain field.
    let plain = types::INTEGER | types::NUMBER | types::BOOLEAN;
    if schema["$dynamic"] == Value::Bool(true) && head & plain == 0 {
        head |= mark::LENIENT;
    }
    if schema["$secret"] == Value::Bool(true) {
        head |= mark::SECRET;
    }
    if schema["minLength"].as_u64().is_some_and(|least| least > 0) {
        head |= mark::NOT_EMPTY;
    }
    if schema["minItems"].as_u64().is_some_and(|least| least > 0) {
        head |= mark::SOME_ITEMS;
    }
    let format = schema["format"].as_str().unwrap_or_default();
    let format = FORMATS.iter().position(|known| *known == format).unwrap_or_default();
    head | (format as u32) << FORMAT_SHIFT
}

/// Properties that every class of a base class has for its own in a line.
fn common_properties(base: &str, line: &LineFacts) -> Properties {
    let mut classes =
        line.core.value.classes.values().filter(|it| it.base_class == base && !it.internal);
    let Some(first) = classes.next() else { return Properties::new() };
    let mut common = first.properties.clone();
    for class in classes {
        common.retain(|name, _| class.properties.contains_key(name));
    }
    common
}

fn has_default(schema: &Value) -> bool {
    let alternatives = schema["anyOf"].as_array();
    schema.get("default").is_some() || alternatives.into_iter().flatten().any(has_default)
}

fn last_part(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or_default()
}

/// Takes the mark away that a value is read later, from the value and its items.
fn without_dynamic(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else { return };
    members.remove("$dynamic");
    if let Some(items) = members.get_mut("items") {
        without_dynamic(items);
    }
    for key in ["allOf", "anyOf"] {
        let alternatives = members.get_mut(key).and_then(Value::as_array_mut);
        alternatives.into_iter().flatten().for_each(without_dynamic);
    }
}
