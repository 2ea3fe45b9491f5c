//! Makes the files of one plugin from what was captured of its classes.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::base::Base;
use crate::capture::Capture;
use crate::clean::clean;
use crate::cut::{Cut, cut, cut_properties, names_of, shortest};
use crate::kestra::{Listed, Plugin};

/// What the result is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Facts for `catalog-source`: no sentence at all.
    Facts,
    /// An overlay: facts and the texts of the instance.
    Overlay {
        /// Leave properties that Kestra does not describe to the catalog's own texts.
        fill: bool,
    },
}

/// The files of one plugin.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// `facts/plugins/<plugin>.json`.
    pub facts: Value,
    /// `texts/<plugin>.json`.
    pub texts: Value,
    /// `examples/<class>.yaml` by class.
    pub examples: BTreeMap<String, String>,
    /// Defaults that facts leave out: place and characters.
    pub dropped_defaults: Vec<(String, usize)>,
}

/// Makes the files of one plugin. `captured` answers what is known of a class;
/// `aliases` gives the classes' old names.
pub fn assemble(
    plugin: &Plugin,
    artifact: &str,
    form: Form,
    base: &Base,
    captured: &dyn Fn(&str) -> Option<Capture>,
    aliases: &BTreeMap<String, Vec<String>>,
) -> Files {
    let mut maker =
        Maker { form, base, definitions: Definitions::default(), files: Files::default() };
    let mut classes = Map::new();
    let mut texts = Map::new();
    for listed in &plugin.classes {
        let Some(capture) = captured(&listed.class) else { continue };
        let none = Vec::new();
        let names = aliases.get(&listed.class).unwrap_or(&none);
        let (facts, text) = maker.class(plugin, listed, &capture, names);
        classes.insert(listed.class.clone(), facts);
        texts.insert(listed.class.clone(), text);
    }
    let Maker { definitions, mut files, .. } = maker;
    files.facts = artifact_facts(plugin, artifact, &classes, &definitions.facts);
    let described = definitions
        .texts
        .iter()
        .map(|(key, texts)| (key.clone(), definition_text(&definitions.facts[key], texts, form)));
    files.texts = artifact_texts(plugin, &texts, &described.collect());
    files
}

fn artifact_facts(
    plugin: &Plugin,
    artifact: &str,
    classes: &Map<String, Value>,
    definitions: &BTreeMap<String, Value>,
) -> Value {
    let mut manifest = Map::new();
    manifest.insert("X-Kestra-Group".into(), json!(plugin.group));
    if plugin.name != crate::CORE {
        manifest.insert("X-Kestra-Name".into(), json!(plugin.name));
    }
    let subgroups: Map<String, Value> = plugin
        .subgroups
        .iter()
        .map(|it| (it.package.clone(), json!({"categories": it.categories})))
        .collect();
    let mut aliases = plugin.aliases.clone();
    aliases.sort();
    json!({
        "artifact": artifact,
        "manifest": manifest,
        "group": plugin.group,
        "categories": plugin.categories,
        "aliases": aliases,
        "subGroups": subgroups,
        "classes": classes,
        "definitions": definitions,
    })
}

fn artifact_texts(
    plugin: &Plugin,
    classes: &Map<String, Value>,
    definitions: &BTreeMap<String, Value>,
) -> Value {
    let group = |title: &str, description: &str| {
        let mut text = Map::new();
        for (member, value) in [("title", title), ("description", description)] {
            if !value.is_empty() {
                text.insert(member.into(), json!(clean(value).replace('\n', " ").trim()));
            }
        }
        Value::Object(text)
    };
    let subgroups: Map<String, Value> = plugin
        .subgroups
        .iter()
        .map(|it| (it.package.clone(), group(&it.title, &it.description)))
        .collect();
    json!({
        "plugin": group(&plugin.title, &plugin.description),
        "subgroups": subgroups,
        "classes": classes,
        "definitions": definitions,
    })
}

struct Maker<'a> {
    form: Form,
    base: &'a Base,
    definitions: Definitions,
    files: Files,
}

impl Maker<'_> {
    /// Facts and texts of one class.
    fn class(
        &mut self,
        plugin: &Plugin,
        listed: &Listed,
        capture: &Capture,
        aliases: &[String],
    ) -> (Value, Value) {
        let schema = &capture.schema;
        let own = properties(schema);
        let outputs = properties(&capture.outputs);
        let inherited = self.base.differing(&listed.kind, &capture.inherited);
        let definitions = self.definitions.add(self.form, &capture.definitions);
        self.note_dropped(&listed.class, &own, &capture.schema);
        let examples = schema["$examples"].as_array();
        let mut facts = Map::new();
        let mut always = |name: &str, value: Value| facts.insert(name.to_owned(), value);
        always("type", json!(listed.kind));
        always("baseClass", json!(Base::class_of(&listed.kind)));
        always("subGroup", json!(sub_group(&plugin.group, &listed.class)));
        let deprecated = listed.deprecated || schema["$deprecated"] == json!(true);
        put(&mut facts, "deprecated", json!(deprecated));
        put(&mut facts, "aliases", json!(aliases));
        put(&mut facts, "internal", json!(listed.internal));
        facts.insert("examples".into(), json!(examples.map_or(0, Vec::len)));
        put(&mut facts, "metrics", metrics(&schema["$metrics"]));
        facts.insert("properties".into(), own.facts);
        put(&mut facts, "inheritedDiffers", inherited.facts);
        put(&mut facts, "required", json!(names_of(&schema["required"])));
        put(&mut facts, "outputs", outputs.facts);
        put(&mut facts, "definitions", json!(definitions));
        if let Some(code) = examples.and_then(|all| all.first()).and_then(|it| it["code"].as_str())
        {
            self.files.examples.insert(listed.class.clone(), code.to_owned());
        }
        let texts = self.class_texts(capture, own.texts, inherited.texts, outputs.texts);
        (Value::Object(facts), texts)
    }

    fn class_texts(
        &self,
        capture: &Capture,
        own: Map<String, Value>,
        inherited: Map<String, Value>,
        outputs: Map<String, Value>,
    ) -> Value {
        let mut text = Map::new();
        let said = |member: &str| capture.schema[member].as_str().map(clean);
        if let Some(title) = said("title") {
            text.insert("title".into(), json!(title.trim()));
        }
        text.insert("description".into(), json!(said("description").unwrap_or_default()));
        let mut properties = complete(&capture.schema["properties"], own, self.form);
        let hidden = |text: Value| match short(text) {
            Value::Object(none) if none.is_empty() => json!(""),
            text => text,
        };
        properties.extend(inherited.into_iter().map(|(name, text)| (name, hidden(text))));
        text.insert("properties".into(), Value::Object(properties));
        let outputs = complete(&capture.outputs["properties"], outputs, self.form);
        text.insert("outputs".into(), Value::Object(outputs));
        let metrics = metric_texts(&capture.schema["$metrics"]);
        if !metrics.is_empty() {
            text.insert("metrics".into(), Value::Object(metrics));
        }
        if self.form == (Form::Overlay { fill: true }) {
            text.retain(|_, value| !is_empty(value));
        }
        Value::Object(text)
    }

    fn note_dropped(&mut self, class: &str, own: &Cut, schema: &Value) {
        for (name, text) in &own.texts {
            if text.get("default").is_some() {
                let default = schema["properties"][name]["default"].to_string();
                let place = format!("{class}.{name}");
                self.files.dropped_defaults.push((place, default.chars().count() - 2));
            }
        }
    }
}

fn properties(schema: &Value) -> Cut {
    match &schema["properties"] {
        Value::Object(properties) => cut_properties(properties, &[]),
        _ => Cut { facts: json!({}), texts: Map::new() },
    }
}

fn short(text: Value) -> Value {
    match text {
        Value::Object(members) => shortest(members),
        other => other,
    }
}

/// Facts do not state what is not there.
fn put(facts: &mut Map<String, Value>, name: &str, value: Value) {
    if !is_empty(&value) {
        facts.insert(name.to_owned(), value);
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::String(text) => text.is_empty(),
        Value::Bool(yes) => !yes,
        Value::Null => true,
        Value::Number(_) => false,
    }
}

/// The package of a class below that of its plugin, dots for levels.
fn sub_group(group: &str, class: &str) -> Option<String> {
    let package = class.rsplit_once('.').map_or("", |(package, _)| package);
    Some(package.strip_prefix(group)?.strip_prefix('.')?.to_owned())
}

/// Name, type and unit of each metric; Kestra writes an empty unit where there is none.
fn metrics(list: &Value) -> Value {
    let items = list.as_array().into_iter().flatten();
    items
        .map(|metric| {
            let members = metric.as_object().into_iter().flatten();
            members
                .filter(|(name, value)| *name != "description" && !is_empty(value))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect::<Map<String, Value>>()
        })
        .map(Value::Object)
        .collect()
}

fn metric_texts(list: &Value) -> Map<String, Value> {
    let items = list.as_array().into_iter().flatten();
    items
        .filter_map(|metric| {
            let text = metric["description"].as_str().filter(|text| !text.is_empty())?;
            Some((metric["name"].as_str()?.to_owned(), json!(clean(text))))
        })
        .collect()
}

/// The texts of a definition as overlays state them: title, description, those of its
/// properties, and what is said further in.
pub(crate) fn definition_text(facts: &Value, texts: &Value, form: Form) -> Value {
    let mut text = Map::new();
    let mut nested = Map::new();
    let mut properties = Map::new();
    for (member, said) in texts.as_object().into_iter().flatten() {
        match member.as_str() {
            "title" | "description" => drop(text.insert(member.clone(), said.clone())),
            "properties" => properties = said.as_object().cloned().unwrap_or_default(),
            _ => drop(nested.insert(member.clone(), said.clone())),
        }
    }
    let properties = complete(&facts["properties"], properties, form);
    put(&mut text, "properties", Value::Object(properties));
    put(&mut text, "nested", Value::Object(nested));
    Value::Object(text)
}

/// The texts of all properties; an empty one for those that Kestra does not describe,
/// so that what is answered is what this Kestra says and nothing else.
fn complete(properties: &Value, mut texts: Map<String, Value>, form: Form) -> Map<String, Value> {
    let names = properties.as_object().into_iter().flatten().map(|(name, _)| name);
    names
        .filter_map(|name| match texts.remove(name) {
            Some(text) => Some((name.clone(), short(text))),
            None if form == (Form::Overlay { fill: false }) => Some((name.clone(), json!(""))),
            None => None,
        })
        .collect()
}

/// Definitions of a plugin: each content once, a second content of one name as `name#2`.
#[derive(Debug, Default)]
struct Definitions {
    facts: BTreeMap<String, Value>,
    texts: BTreeMap<String, Value>,
}

impl Definitions {
    /// Adds those of one class; answers their keys.
    fn add(&mut self, form: Form, definitions: &Map<String, Value>) -> Vec<String> {
        let mut names: Vec<&String> = definitions.keys().collect();
        names.sort();
        names.into_iter().map(|name| self.add_one(form, name, &definitions[name])).collect()
    }

    fn add_one(&mut self, form: Form, name: &str, definition: &Value) -> String {
        let Cut { facts, texts } = cut(definition);
        let texts = Value::Object(texts);
        for number in 1.. {
            let key = if number == 1 { name.to_owned() } else { format!("{name}#{number}") };
            match self.facts.get(&key) {
                None => {
                    self.facts.insert(key.clone(), facts);
                    self.texts.insert(key.clone(), texts);
                    return key;
                }
                // Without texts, contents that differ in sentences only are one.
                Some(known)
                    if *known == facts && (form == Form::Facts || self.texts[&key] == texts) =>
                {
                    return key;
                }
                Some(_) => {}
            }
        }
        unreachable!("the loop ends at the first free number")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_content_gets_a_number() {
        let mut definitions = Definitions::default();
        let mut add = |form, value: Value| definitions.add_one(form, "d", &value);
        assert_eq!(add(Form::Facts, json!({"type": "string", "title": "a"})), "d");
        assert_eq!(add(Form::Facts, json!({"type": "string", "title": "b"})), "d");
        assert_eq!(
            add(Form::Overlay { fill: false }, json!({"type": "string", "title": "b"})),
            "d#2"
        );
        assert_eq!(add(Form::Facts, json!({"type": "number"})), "d#3");
    }

    #[test]
    fn a_sub_group_is_below_the_group() {
        assert_eq!(sub_group("io.x", "io.x.s3.Upload").as_deref(), Some("s3"));
        assert_eq!(sub_group("io.x", "io.x.Upload"), None);
        assert_eq!(sub_group("io.x", "io.xs.Upload"), None);
    }
}
