//! The elements of the catalog: facts of all lines and texts, brought together.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::facts::{Artifact, Class, EnterpriseElement, Properties};
use crate::problem::{Problem, line_of};
use crate::read::{LineFacts, Sourced, Sources};
use crate::texts::{Descriptions, GroupText, PluginTexts};

/// One element: a class, or something of the Enterprise Edition that is known by
/// name only.
#[derive(Debug, Default)]
pub struct Element {
    /// Class, or name where the class is not public.
    pub name: String,
    /// Whether `name` is a class.
    pub is_class: bool,
    /// Its kind.
    pub kind: String,
    /// Its plugin; a key of [`Catalog::plugins`].
    pub plugin: String,
    /// Its package.
    pub group: String,
    /// Its title.
    pub title: String,
    /// Whether the title was made from the class name because none is written.
    pub title_made: bool,
    /// What it does.
    pub description: String,
    /// Search words.
    pub words: String,
    /// Marked as deprecated.
    pub deprecated: bool,
    /// Of the Enterprise Edition.
    pub ee: bool,
    /// Not listed by Kestra.
    pub internal: bool,
    /// What does its job today, for deprecated and dropped ones.
    pub successor: Option<String>,
    /// Old names.
    pub aliases: Vec<String>,
    /// One entry for each line of the catalog, `None` where the line lacks it.
    pub schemas: Vec<Option<Schema>>,
    /// Further members of an Enterprise element.
    pub extra: Vec<(&'static str, String)>,
    /// Its example, a flow.
    pub example: Option<String>,
    /// Root that its facts came from.
    pub root: usize,
}

/// What a class takes and gives in one line, descriptions included.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// Own properties.
    pub own: Properties,
    /// Properties that it has from its base class.
    pub inherited: Properties,
    /// Required ones of its own.
    pub required: Vec<String>,
    /// Outputs.
    pub outputs: Properties,
    /// Definitions reached from its own properties and outputs, nearest first.
    pub definitions: Vec<(String, Value)>,
    /// Definitions reached from the inherited properties besides.
    pub inherited_definitions: Vec<(String, Value)>,
    /// Metrics.
    pub metrics: Vec<Value>,
}

/// One plugin.
#[derive(Debug, Default)]
pub struct Plugin {
    /// Its name, that of the artifact.
    pub name: String,
    /// Its title.
    pub title: String,
    /// One line.
    pub description: String,
    /// Search words.
    pub words: String,
    /// Its package, empty where not public.
    pub group: String,
    /// Its version, empty where not public.
    pub version: String,
    /// Categories.
    pub categories: Vec<String>,
    /// The repository that publishes it.
    pub repository: Option<String>,
    /// All of it is of the Enterprise Edition.
    pub ee: bool,
    /// Texts of its packages.
    pub groups: BTreeMap<String, GroupText>,
    /// Root that it came from.
    pub root: usize,
}

/// Elements and plugins, sorted: order is output.
#[derive(Debug, Default)]
pub struct Catalog {
    /// By plugin (core first), package, kind, name.
    pub elements: Vec<Element>,
    /// Core first, then by name.
    pub plugins: Vec<Plugin>,
}

/// Name of the plugin that Kestra's own classes belong to.
pub const CORE: &str = "core";
/// Name of the plugin that elements of every Enterprise server belong to.
const CORE_EE: &str = "core-ee";

/// Brings facts and texts together. Texts that fit no fact are problems.
pub fn assemble(sources: &Sources, problems: &mut Vec<Problem>) -> Catalog {
    let describe = Describe::new(sources);
    let mut catalog = Catalog::default();
    let mut classes: BTreeMap<String, Element> = BTreeMap::new();
    for (index, line) in sources.lines.iter().enumerate() {
        for (name, class) in &line.core.value.classes {
            let element = classes
                .entry(name.clone())
                .or_insert_with(|| describe.element(name, class, CORE, &line.core));
            element.schemas[index] =
                Some(describe.schema(name, class, CORE, &line.core.value, line));
            for alias in &class.aliases {
                if !element.aliases.contains(alias) {
                    element.aliases.push(alias.clone());
                }
            }
        }
    }
    for (plugin, artifact) in &sources.plugins {
        for (name, class) in &artifact.value.classes {
            let mut element = describe.element(name, class, plugin, artifact);
            for (index, line) in sources.lines.iter().enumerate() {
                element.schemas[index] =
                    Some(describe.schema(name, class, plugin, &artifact.value, line));
            }
            element.aliases.clone_from(&class.aliases);
            if classes.insert(name.clone(), element).is_some() {
                let what = format!("class {name} is in another plugin's facts too: keep one");
                problems.push(Problem::new(&artifact.file, line_of(&artifact.text, name), what));
            }
        }
    }
    for element in &sources.enterprise {
        let element = describe.enterprise(element);
        classes.insert(element.name.clone(), element);
    }
    for (old, new) in &sources.renames.value.successors {
        match classes.get_mut(old) {
            Some(element) => element.successor = Some(new.clone()),
            None => problems.push(unknown(&sources.renames, old, "is not in the facts: remove it")),
        }
    }
    for (old, new) in &sources.renames.value.renamed {
        match classes.get_mut(new) {
            Some(element) => element.aliases.push(old.clone()),
            None => problems.push(unknown(&sources.renames, new, "is not in the facts")),
        }
    }
    let missing: Vec<(String, String)> = classes
        .values()
        .filter_map(|element| Some((element.name.clone(), element.successor.clone()?)))
        .filter(|(_, successor)| !classes.contains_key(successor))
        .collect();
    for (name, successor) in missing {
        let what = format!("{name} is said to be replaced by {successor}, which is not a class");
        problems.push(Problem::new("texts".as_ref(), 0, what));
    }
    for (class, example) in &sources.examples {
        match classes.get_mut(class) {
            Some(element) => element.example = Some(example.value.clone()),
            None => problems.push(Problem::new(&example.file, 0, "no class of that name")),
        }
    }
    check_texts(sources, &classes, problems);
    check_enterprise_texts(sources, problems);
    catalog.elements = classes.into_values().collect();
    catalog.plugins = describe.plugins(&catalog.elements);
    let place: BTreeMap<&str, usize> =
        catalog.plugins.iter().enumerate().map(|(n, plugin)| (plugin.name.as_str(), n)).collect();
    catalog.elements.sort_by(|a, b| {
        let key = |element: &Element| {
            let kind = KINDS.iter().position(|kind| *kind == element.kind).unwrap_or(KINDS.len());
            (place[element.plugin.as_str()], element.group.clone(), kind, element.name.clone())
        };
        key(a).cmp(&key(b))
    });
    catalog
}

/// Kinds in the order in which lists show them.
pub const KINDS: [&str; 15] = [
    "task",
    "trigger",
    "condition",
    "taskRunner",
    "storage",
    "secretManager",
    "logExporter",
    "chart",
    "dataFilter",
    "dataFilterKPI",
    "fileRenderer",
    "asset",
    "additionalPlugin",
    "app",
    "appBlock",
];

fn unknown<T>(source: &Sourced<T>, name: &str, what: &str) -> Problem {
    Problem::new(&source.file, line_of(&source.text, name), format!("{name} {what}"))
}

/// Looks up descriptions.
struct Describe<'a> {
    sources: &'a Sources,
    /// Definitions by name, over all artifacts, for those that several share.
    shared: BTreeMap<&'a str, &'a Value>,
}

impl<'a> Describe<'a> {
    fn new(sources: &'a Sources) -> Self {
        let mut shared = BTreeMap::new();
        let artifacts = sources.lines.iter().map(|line| &line.core).chain(sources.plugins.values());
        for artifact in artifacts {
            for (name, definition) in &artifact.value.definitions {
                shared.entry(name.as_str()).or_insert(definition);
            }
        }
        Self { sources, shared }
    }

    fn texts(&self, plugin: &str) -> impl DoubleEndedIterator<Item = &'a Sourced<PluginTexts>> {
        self.sources.texts.get(plugin).into_iter().flatten()
    }

    fn element(
        &self,
        name: &str,
        class: &Class,
        plugin: &str,
        from: &Sourced<Artifact>,
    ) -> Element {
        let text = self.texts(plugin).rev().find_map(|texts| texts.value.classes.get(name));
        let title = text.map(|text| text.title.clone()).unwrap_or_default();
        Element {
            name: name.to_owned(),
            is_class: true,
            kind: class.kind.clone(),
            plugin: plugin.to_owned(),
            group: package(name).to_owned(),
            title_made: title.is_empty(),
            title: if title.is_empty() { title_from(name) } else { title },
            description: text.map(|text| text.description.clone()).unwrap_or_default(),
            words: text.map(|text| text.words.clone()).unwrap_or_default(),
            deprecated: class.deprecated,
            internal: class.internal,
            successor: text.and_then(|text| text.replaced_by.clone()),
            schemas: vec![None; self.sources.lines.len()],
            root: from.root,
            ..Element::default()
        }
    }

    fn schema(
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
        let mut inherited = line.base.get(&class.base_class).cloned().unwrap_or_default();
        for (property, schema) in &class.inherited_differs {
            inherited.insert(property.clone(), schema.clone());
        }
        inherited.retain(|property, _| !class.properties.contains_key(property));
        let outputs = class.outputs.clone().unwrap_or_default();
        // `#2` and the like: a second content of one name, told apart only in the facts.
        let variants: BTreeMap<&str, &str> =
            class.definitions.iter().map(|key| (base_name(key), key.as_str())).collect();
        let find = |reference: &str| {
            let key = variants.get(reference).copied().unwrap_or(reference);
            artifact.definitions.get(key).or_else(|| {
                // Reached from inherited properties only: Kestra's own model.
                let model =
                    |suffix: &str| line.flow.definitions.get(&format!("{reference}{suffix}"));
                model("").or_else(|| model("-2")).or_else(|| model("-1"))
            })
        };
        let own_roots = class.properties.values().chain(outputs.values());
        let definitions = self.reachable(plugin, own_roots, &BTreeSet::new(), &|reference| {
            let key = variants.get(reference)?;
            artifact.definitions.get(*key).or_else(|| self.shared.get(key).copied())
        });
        let known: BTreeSet<String> = definitions.iter().map(|(name, _)| name.clone()).collect();
        let inherited_definitions = self.reachable(plugin, inherited.values(), &known, &find);
        Schema {
            own: described(&class.properties, own),
            inherited: described(&inherited, own),
            required: class.required.clone(),
            outputs: described(&outputs, output),
            definitions,
            inherited_definitions,
            metrics: class.metrics.clone(),
        }
    }

    /// Definitions reached from `roots`, breadth first, so that the nearest come first;
    /// those of one depth by name.
    fn reachable<'v>(
        &self,
        plugin: &str,
        roots: impl Iterator<Item = &'v Value>,
        known: &BTreeSet<String>,
        find: &dyn Fn(&str) -> Option<&'v Value>,
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
                if let Some(definition) = find(&name) {
                    references(definition, &mut next);
                    found.push((name.clone(), self.definition(plugin, &name, definition)));
                }
            }
            level = next;
        }
        found
    }

    fn definition(&self, plugin: &str, name: &str, definition: &Value) -> Value {
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
            .or_else(|| self.class_text(plugin, name).map(|text| text.title.as_str()));
        if let Some(text) = text {
            members.insert("description".into(), json!(text));
        }
        definition
    }

    fn definition_texts(
        &self,
        plugin: &str,
        name: &str,
    ) -> impl Iterator<Item = &'a crate::texts::DefinitionText> {
        let name = name.trim_end_matches("-1").trim_end_matches("-2").to_owned();
        let core = name.clone();
        let glossary = self.sources.glossary.value.definitions.get(&name);
        self.texts(plugin)
            .rev()
            .filter_map(move |texts| texts.value.definitions.get(&name))
            .chain(self.texts(CORE).filter_map(move |texts| texts.value.definitions.get(&core)))
            .chain(glossary)
    }

    fn class_text(&self, plugin: &str, name: &str) -> Option<&'a crate::texts::ClassText> {
        self.texts(plugin)
            .rev()
            .chain(self.texts(CORE))
            .find_map(|texts| texts.value.classes.get(name))
    }

    /// A description: that of the class or definition, of the plugin, of the glossary.
    fn property(
        &self,
        plugin: &str,
        class: Option<(&str, bool)>,
        definition: Option<&str>,
        property: &str,
        schema: &Value,
    ) -> Option<&'a str> {
        let output = class.is_some_and(|(_, output)| output);
        let of = |properties: &'a Descriptions| properties.get(property).map(String::as_str);
        let class = class.map(|(name, _)| name).or(definition);
        if let Some(text) = class.and_then(|name| self.class_text(plugin, name)) {
            let own = of(if output { &text.outputs } else { &text.properties });
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
            map.get(property).and_then(|general| general.for_schema(schema))
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

    fn enterprise(&self, element: &EnterpriseElement) -> Element {
        let name = element.cls.clone().unwrap_or_else(|| element.name.clone());
        let text = self.sources.enterprise_texts.value.get(&name);
        let mut own = Properties::new();
        for property in &element.properties {
            let mut schema = enterprise_type(property.kind.as_deref());
            if let Some(values) = element.enums.get(&property.name) {
                schema.insert("enum".into(), json!(values));
            }
            if let Some(default) = &property.default {
                schema.insert("default".into(), default.clone());
            }
            if let Some(required) = property.required {
                schema.insert("$required".into(), json!(required));
            }
            own.insert(property.name.clone(), Value::Object(schema));
        }
        let mut definitions = Vec::new();
        for (nested, properties) in &element.nested {
            let mut members = Map::new();
            for property in properties {
                members.insert(
                    property.name.clone(),
                    Value::Object(enterprise_type(property.kind.as_deref())),
                );
            }
            definitions.push((nested.clone(), json!({"type": "object", "properties": members})));
        }
        let required = element.properties.iter().filter(|property| property.required == Some(true));
        let required = required.map(|property| property.name.clone()).collect();
        let own = described(&own, |property, schema| {
            let special = text.and_then(|text| text.properties.get(property));
            special.map(String::as_str).or_else(|| {
                let general = self.sources.glossary.value.properties.get(property);
                general.and_then(|general| general.for_schema(schema))
            })
        });
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

    fn plugins(&self, elements: &[Element]) -> Vec<Plugin> {
        let mut plugins: BTreeMap<&str, Plugin> = BTreeMap::new();
        let core = self.sources.lines.first().map(|line| (CORE, &line.core));
        let all = self.sources.plugins.iter().map(|(name, artifact)| (name.as_str(), artifact));
        for (name, artifact) in core.into_iter().chain(all) {
            let mut plugin = self.plugin(name);
            plugin.group.clone_from(&artifact.value.group);
            artifact.value.version().clone_into(&mut plugin.version);
            plugin.categories.clone_from(&artifact.value.categories);
            plugin.root = artifact.root;
            plugins.insert(name, plugin);
        }
        for element in elements {
            plugins
                .entry(&element.plugin)
                .or_insert_with(|| Plugin { ee: true, ..self.plugin(&element.plugin) });
        }
        let mut plugins: Vec<Plugin> = plugins.into_values().collect();
        plugins.sort_by(|a, b| (a.name != CORE, &a.name).cmp(&(b.name != CORE, &b.name)));
        plugins
    }

    fn plugin(&self, name: &str) -> Plugin {
        let mut text = GroupText::default();
        let mut groups = BTreeMap::new();
        for texts in self.texts(name) {
            text = texts.value.plugin.clone();
            groups.extend(texts.value.subgroups.clone());
        }
        let repository = self.sources.repositories.iter().find(|(_, repository)| {
            repository.artifacts.iter().any(|artifact| artifact.artifact_id == name)
                && !repository.template
        });
        // Texts of what only the Enterprise Edition has stand together in one file.
        if let Some(ee) = self.sources.enterprise_texts.value.get(name) {
            text.title.clone_from(&ee.title);
            text.description.clone_from(&ee.description);
            text.words.clone_from(&ee.words);
        }
        Plugin {
            name: name.to_owned(),
            title: if text.title.is_empty() { plugin_title(name) } else { text.title },
            description: text.description,
            words: text.words,
            repository: repository.map(|(name, _)| name.clone()),
            groups,
            ..Plugin::default()
        }
    }
}

/// Whether a version of Kestra is newer than the line that `core` was taken from.
fn newer(since: &str, core: &Artifact) -> bool {
    version_key(since) > version_key(core.version())
}

/// The numbers of a version, for comparison.
pub(crate) fn version_key(version: &str) -> Vec<u32> {
    let numbers = version.trim_start_matches(['v', '[', '(']).split(['.', '-', ',']);
    numbers.map_while(|part| part.parse().ok()).collect()
}

fn described<'t>(
    properties: &Properties,
    text: impl Fn(&str, &Value) -> Option<&'t str>,
) -> Properties {
    properties
        .iter()
        .map(|(name, schema)| {
            let text = text(name, schema);
            let mut schema = schema.clone();
            if let (Some(members), Some(text)) = (schema.as_object_mut(), text) {
                members.insert("description".into(), json!(text));
            }
            (name.clone(), schema)
        })
        .collect()
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

/// The package of a class.
pub(crate) fn package(class: &str) -> &str {
    class.rsplit_once('.').map_or("", |(package, _)| package)
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

fn plugin_title(name: &str) -> String {
    name.trim_start_matches("plugin-ee-").trim_start_matches("plugin-").replace('-', " ")
}

/// Texts for what is not in the facts are lost texts.
fn check_texts(
    sources: &Sources,
    classes: &BTreeMap<String, Element>,
    problems: &mut Vec<Problem>,
) {
    for (plugin, all) in &sources.texts {
        for texts in all {
            if plugin != CORE && !sources.plugins.contains_key(plugin) {
                problems.push(Problem::new(&texts.file, 0, "no plugin of that name in facts/"));
                continue;
            }
            for (class, text) in &texts.value.classes {
                match classes.get(class) {
                    Some(element) if element.plugin == *plugin => {
                        check_class_text(texts, class, text, element, problems);
                    }
                    _ => problems.push(unknown(texts, class, "is not a class of this plugin")),
                }
            }
        }
    }
}

fn check_enterprise_texts(sources: &Sources, problems: &mut Vec<Problem>) {
    let texts = &sources.enterprise_texts;
    for name in texts.value.keys() {
        let known = sources.enterprise.iter().any(|element| {
            element.cls.as_ref().unwrap_or(&element.name) == name
                || element.plugin.as_deref().unwrap_or(CORE_EE) == name
        });
        if !known {
            problems.push(unknown(texts, name, "is not in facts/enterprise.json: remove it"));
        }
    }
}

fn check_class_text(
    texts: &Sourced<PluginTexts>,
    class: &str,
    text: &crate::texts::ClassText,
    element: &Element,
    problems: &mut Vec<Problem>,
) {
    let line = line_of(&texts.text, class);
    let mut say = |what: String| {
        problems.push(Problem::new(&texts.file, line, format!("{class}: {what}")));
    };
    if text.title.chars().count() > 60 {
        say(format!("the title has {} characters, 60 at most", text.title.chars().count()));
    }
    if text.description.chars().count() > 420 {
        say(format!("the description has {} characters, 420 at most", text.description.len()));
    }
    let has = |property: &str, output: bool| {
        element.schemas.iter().flatten().any(|schema| {
            if output {
                schema.outputs.contains_key(property)
            } else {
                schema.own.contains_key(property) || schema.inherited.contains_key(property)
            }
        })
    };
    for property in text.properties.keys().filter(|property| !has(property, false)) {
        say(format!("describes `{property}`, which the class does not have: remove it"));
    }
    for output in text.outputs.keys().filter(|output| !has(output, true)) {
        say(format!("describes the output `{output}`, which the class does not have: remove it"));
    }
}
