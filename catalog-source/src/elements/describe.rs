//! Descriptions: which text of which file is that of an element, a property, a definition.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{CORE, Element, package};
use crate::facts::{Artifact, Class, Properties};
use crate::read::{Sourced, Sources};
use crate::texts::{
    ClassText, DefinitionText, Described, Descriptions, PluginTexts, put_description, put_tree,
};

/// What is found to say of a property.
#[derive(Clone, Copy)]
pub(super) enum Words<'a> {
    /// A description.
    Plain(&'a str),
    /// All of its texts.
    Tree(&'a Described),
}

impl<'a> Words<'a> {
    pub(super) fn of(text: &'a Described) -> Self {
        Self::Tree(text)
    }
}

/// Where the texts of a definition are looked for.
#[derive(Clone, Copy)]
pub(super) enum Key<'a> {
    /// Among those of the plugin, under this key of the facts.
    Plugin(&'a str),
    /// Among those that only inherited properties reach.
    Inherited(&'a str),
}

/// Looks up descriptions.
pub(super) struct Describe<'a> {
    pub(super) sources: &'a Sources,
    /// Definitions by name, over all artifacts, for those that several share.
    pub(super) shared: BTreeMap<&'a str, &'a Value>,
}

impl<'a> Describe<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        let mut shared = BTreeMap::new();
        let artifacts = sources.lines.iter().map(|line| &line.core).chain(sources.plugins.values());
        for artifact in artifacts {
            for (name, definition) in &artifact.value.definitions {
                shared.entry(name.as_str()).or_insert(definition);
            }
        }
        Self { sources, shared }
    }

    pub(super) fn texts(
        &self,
        plugin: &str,
    ) -> impl DoubleEndedIterator<Item = &'a Sourced<PluginTexts>> {
        self.sources.texts.get(plugin).into_iter().flatten()
    }

    pub(super) fn element(
        &self,
        name: &str,
        class: &Class,
        plugin: &str,
        from: &Sourced<Artifact>,
    ) -> Element {
        let all: Vec<&ClassText> =
            self.texts(plugin).rev().filter_map(|texts| texts.value.classes.get(name)).collect();
        let text = all.first().copied();
        let title = all.iter().map(|text| text.title.clone()).find(|title| !title.is_empty());
        let title = title.unwrap_or_default();
        // Words for the search hold whoever wrote the sentences.
        let words: Vec<&str> = all.iter().map(|text| text.words.as_str()).collect();
        Element {
            name: name.to_owned(),
            is_class: true,
            kind: class.kind.clone(),
            plugin: plugin.to_owned(),
            group: package(name).to_owned(),
            title_made: title.is_empty(),
            title: if title.is_empty() { title_from(name) } else { title },
            description: text.map(|text| text.description.clone()).unwrap_or_default(),
            words: words.join(" ").trim().to_owned(),
            deprecated: class.deprecated,
            internal: class.internal,
            successor: all.iter().find_map(|text| text.replaced_by.clone()),
            schemas: vec![None; self.sources.lines.len()],
            root: from.root,
            ..Element::default()
        }
    }

    /// A definition that an overlay describes: it says all there is to say.
    pub(super) fn imported(&self, plugin: &str, key: Key<'_>, definition: &Value) -> Option<Value> {
        let of = |texts: &'a Sourced<PluginTexts>| match key {
            Key::Inherited(name) => texts.value.inherited.get(name),
            Key::Plugin(key) => texts.value.definitions.get(key),
        };
        let owner = if matches!(key, Key::Inherited(_)) { CORE } else { plugin };
        let text = self.overlay_texts(owner).find_map(of)?;
        let mut definition = definition.clone();
        put_definition(&mut definition, text);
        Some(definition)
    }

    /// Texts of overlays, the last one first.
    fn overlay_texts(&self, plugin: &str) -> impl Iterator<Item = &'a Sourced<PluginTexts>> {
        self.texts(plugin).rev().filter(|texts| texts.root > 0)
    }

    /// What an overlay says of a property that a class has from its base class.
    pub(super) fn inherited(
        &self,
        plugin: &str,
        class: &str,
        base: &str,
        property: &str,
    ) -> Option<Words<'a>> {
        let special = self.overlay_texts(plugin).find_map(|texts| {
            texts.value.classes.get(class).and_then(|text| text.properties.get(property))
        });
        let of_base =
            || self.overlay_texts(CORE).find_map(|texts| texts.value.base.get(base)?.get(property));
        special.or_else(of_base).map(Words::of)
    }

    pub(super) fn definition(&self, plugin: &str, name: &str, definition: &Value) -> Value {
        let mut definition = definition.clone();
        let Some(members) = definition.as_object_mut() else { return definition };
        if let Some(properties) = members.get("properties").and_then(Value::as_object) {
            let described = described(properties, |property, schema| {
                self.property(plugin, None, Some(name), property, schema)
            });
            members.insert("properties".into(), Value::Object(described));
        }
        // The texts of a definition that is a class itself are those of the class.
        let text = self
            .definition_texts(plugin, name)
            .map(|text| text.description.as_str())
            .find(|text| !text.is_empty())
            .or_else(|| self.class_texts(plugin, name).next().map(|text| text.title.as_str()));
        if let Some(text) = text {
            members.insert("description".into(), json!(text));
        }
        definition
    }

    fn definition_texts(
        &self,
        plugin: &str,
        name: &str,
    ) -> impl Iterator<Item = &'a DefinitionText> {
        let name = name.trim_end_matches("-1").trim_end_matches("-2").to_owned();
        let core = name.clone();
        let glossary = self.sources.glossary.value.definitions.get(&name);
        self.texts(plugin)
            .rev()
            .filter_map(move |texts| texts.value.definitions.get(&name))
            .chain(self.texts(CORE).filter_map(move |texts| texts.value.definitions.get(&core)))
            .chain(glossary)
    }

    pub(super) fn class_texts(
        &self,
        plugin: &str,
        name: &str,
    ) -> impl Iterator<Item = &'a ClassText> {
        let all = self.texts(plugin).rev().chain(self.texts(CORE));
        all.filter_map(move |texts| texts.value.classes.get(name))
    }

    /// A description: that of the class or definition, of the plugin, of the glossary.
    pub(super) fn property(
        &self,
        plugin: &str,
        class: Option<(&str, bool)>,
        definition: Option<&str>,
        property: &str,
        schema: &Value,
    ) -> Option<Words<'a>> {
        let output = class.is_some_and(|(_, output)| output);
        let of = |properties: &'a Descriptions| properties.get(property).map(Words::of);
        if let Some(name) = class.map(|(name, _)| name).or(definition) {
            let own = self
                .class_texts(plugin, name)
                .find_map(|text| of(if output { &text.outputs } else { &text.properties }));
            if own.is_some() {
                return own;
            }
        }
        if let Some(name) = definition {
            let own = self.definition_texts(plugin, name).find_map(|text| of(&text.properties));
            if own.is_some() {
                return own;
            }
        }
        let wide = self.texts(plugin).rev().find_map(|texts| {
            of(if output { &texts.value.outputs } else { &texts.value.properties })
        });
        let glossary = &self.sources.glossary.value;
        let general = |output: bool| {
            let map = if output { &glossary.outputs } else { &glossary.properties };
            map.get(property).and_then(|general| general.for_schema(schema)).map(Words::Plain)
        };
        wide.or_else(|| general(output)).or_else(|| {
            // An object that a definition describes may be an output: its members are then
            // described as outputs are.
            definition.and_then(|_| {
                general(true)
                    .or_else(|| self.texts(plugin).find_map(|texts| of(&texts.value.outputs)))
            })
        })
    }
}

pub(super) fn described<'t>(
    properties: &Properties,
    text: impl Fn(&str, &Value) -> Option<Words<'t>>,
) -> Properties {
    properties
        .iter()
        .map(|(name, schema)| {
            let text = text(name, schema);
            let mut schema = schema.clone();
            match text {
                Some(Words::Plain(text)) => put_description(&mut schema, text),
                Some(Words::Tree(text)) => text.put(&mut schema),
                None => {}
            }
            (name.clone(), schema)
        })
        .collect()
}

/// A title made from a class name: marked, so that a missing text is found.
fn title_from(class: &str) -> String {
    let simple = class.rsplit('.').next().unwrap_or(class);
    let mut title = String::new();
    for char in simple.chars() {
        if char.is_uppercase() && !title.is_empty() && !title.ends_with(char::is_uppercase) {
            title.push(' ');
        }
        title.push(char);
    }
    title
}

/// Puts the texts of a definition into it.
fn put_definition(definition: &mut Value, text: &DefinitionText) {
    for (member, text) in [("title", &text.title), ("description", &text.description)] {
        if let (Some(members), false) = (definition.as_object_mut(), text.is_empty()) {
            members.insert(member.into(), json!(text));
        }
    }
    for (property, text) in &text.properties {
        if let Some(schema) = definition.get_mut("properties").and_then(|it| it.get_mut(property)) {
            text.put(schema);
        }
    }
    put_tree(definition, &text.nested);
}
