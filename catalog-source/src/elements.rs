//! The elements of the catalog: facts of all lines and texts, brought together.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::facts::{Artifact, Class, EnterpriseElement, EnterpriseProperty, Properties};
use crate::problem::{Problem, line_of};
use crate::read::{LineFacts, Sourced, Sources};
use crate::texts::{
    ClassText, DefinitionText, Described, Descriptions, GroupText, PluginTexts, put_description,
    put_tree,
};

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
            let other = classes.get(name).map(|other| other.root);
            // In the newer facts of an overlay a class may have moved.
            if other.is_some_and(|root| root > artifact.root) {
                continue;
            }
            classes.insert(name.clone(), element);
            if other == Some(artifact.root) {
                let what = format!("class {name} is in another plugin's facts too: keep one");
                problems.push(Problem::new(&artifact.file, line_of(&artifact.text, name), what));
            }
        }
    }
    for element in &sources.enterprise {
        let element = describe.enterprise(element);
        match classes.get_mut(&element.name) {
            // What an Enterprise server says of it is more than what is public.
            Some(known) if known.root > 0 => known.ee = true,
            _ => drop(classes.insert(element.name.clone(), element)),
        }
    }
    // Below an overlay the catalog's own sources may speak of what its Kestra lacks.
    let alone = sources.roots.len() < 2;
    for (old, new) in &sources.renames.value.successors {
        match classes.get_mut(old) {
            Some(element) => element.successor = Some(new.clone()),
            None if !alone => {}
            None => problems.push(unknown(&sources.renames, old, "is not in the facts: remove it")),
        }
    }
    for (old, new) in &sources.renames.value.renamed {
        match classes.get_mut(new) {
            Some(element) => element.aliases.push(old.clone()),
            None if !alone => {}
            None => problems.push(unknown(&sources.renames, new, "is not in the facts")),
        }
    }
    let missing: Vec<(String, String)> = classes
        .values()
        .filter_map(|element| Some((element.name.clone(), element.successor.clone()?)))
        .filter(|(_, successor)| !classes.contains_key(successor))
        .collect();
    for (name, successor) in missing {
        if let (false, Some(element)) = (alone, classes.get_mut(&name)) {
            element.successor = None;
            continue;
        }
        let what = format!("{name} is said to be replaced by {successor}, which is not a class");
        problems.push(Problem::new("texts".as_ref(), 0, what));
    }
    for (class, example) in &sources.examples {
        match classes.get_mut(class) {
            Some(element) => element.example = Some(example.value.clone()),
            None if !alone && example.root == 0 => {}
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

/// What is found to say of a property.
#[derive(Clone, Copy)]
enum Words<'a> {
    /// A description.
    Plain(&'a str),
    /// All of its texts.
    Tree(&'a Described),
}

impl<'a> Words<'a> {
    fn of(text: &'a Described) -> Self {
        Self::Tree(text)
    }
}

/// Where the texts of a definition are looked for.
#[derive(Clone, Copy)]
enum Key<'a> {
    /// Among those of the plugin, under this key of the facts.
    Plugin(&'a str),
    /// Among those that only inherited properties reach.
    Inherited(&'a str),
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

    /// A definition that an overlay describes: it says all there is to say.
    fn imported(&self, plugin: &str, key: Key<'_>, definition: &Value) -> Option<Value> {
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
    fn inherited(
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

    fn class_texts(&self, plugin: &str, name: &str) -> impl Iterator<Item = &'a ClassText> {
        let all = self.texts(plugin).rev().chain(self.texts(CORE));
        all.filter_map(move |texts| texts.value.classes.get(name))
    }

    /// A description: that of the class or definition, of the plugin, of the glossary.
    fn property(
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

    fn enterprise(&self, element: &EnterpriseElement) -> Element {
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

/// Texts for what is not in the facts are lost texts.
fn check_texts(
    sources: &Sources,
    classes: &BTreeMap<String, Element>,
    problems: &mut Vec<Problem>,
) {
    for (plugin, all) in &sources.texts {
        for texts in all.iter().filter(|texts| texts.root > 0 || sources.roots.len() < 2) {
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
    // Texts of a Kestra are as long as they are.
    let own = texts.root == 0;
    if own && text.title.chars().count() > 60 {
        say(format!("the title has {} characters, 60 at most", text.title.chars().count()));
    }
    if own && text.description.chars().count() > 420 {
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
