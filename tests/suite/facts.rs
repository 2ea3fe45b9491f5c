use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

/// The release lines, newest first.
pub(crate) const LINES: [&str; 2] = ["2.0", "1.3"];

/// One class as a facts file states it, and where.
pub(crate) struct Class {
    pub(crate) name: String,
    pub(crate) plugin: String,
    /// The line, for classes of Kestra itself; those of plugins are in all lines.
    pub(crate) line: Option<&'static str>,
    pub(crate) facts: Value,
    /// Definitions of the artifact.
    definitions: &'static Value,
}

/// Everything in `facts/` that the suite compares with.
pub(crate) struct Facts {
    pub(crate) classes: Vec<Class>,
    pub(crate) enterprise: Vec<Value>,
    pub(crate) releases: Value,
    pub(crate) artifacts: Value,
    pub(crate) docs: Vec<Value>,
    /// Version of each published plugin, and of Kestra as `core`.
    pub(crate) versions: BTreeMap<String, String>,
    base: BTreeMap<&'static str, Value>,
    model: BTreeMap<&'static str, &'static Value>,
    inherited: BTreeMap<&'static str, Value>,
}

pub(crate) static FACTS: LazyLock<Facts> = LazyLock::new(Facts::read);

/// A path in `catalog-source/`.
pub(crate) fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog-source").join(path)
}

fn read(path: &str) -> Value {
    let text = fs::read_to_string(source(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// File names without extension in a folder of `catalog-source/`, sorted.
pub(crate) fn stems(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(source(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let mut stems: Vec<String> = entries
        .map(|entry| {
            let path = entry.expect("it can be read").path();
            path.file_stem().expect("a file").to_string_lossy().into_owned()
        })
        .collect();
    stems.sort();
    stems
}

impl Facts {
    fn read() -> Self {
        let list = |path: &str| read(path).as_array().expect("a list").clone();
        let mut facts = Self {
            classes: Vec::new(),
            enterprise: list("facts/enterprise.json"),
            releases: read("facts/releases.json"),
            artifacts: read("facts/artifacts.json"),
            docs: list("facts/docs-tree.json"),
            versions: BTreeMap::new(),
            base: BTreeMap::new(),
            model: BTreeMap::new(),
            inherited: BTreeMap::new(),
        };
        for line in LINES.into_iter().rev() {
            facts.base.insert(line, read(&format!("facts/{line}/base.json")));
            facts.inherited.insert(line, read(&format!("facts/{line}/inherited.json")));
            let flow: &Value = Box::leak(Box::new(read(&format!("facts/{line}/flow.json"))));
            facts.model.insert(line, &flow["definitions"]);
            facts.artifact("core", &format!("facts/{line}/core.json"), Some(line));
        }
        for plugin in stems("facts/plugins") {
            facts.artifact(&plugin, &format!("facts/plugins/{plugin}.json"), None);
        }
        facts
    }

    fn artifact(&mut self, plugin: &str, path: &str, line: Option<&'static str>) {
        let artifact: &Value = Box::leak(Box::new(read(path)));
        let coordinates = artifact["artifact"].as_str().expect("coordinates");
        let version = coordinates.rsplit(':').next().expect("a version");
        self.versions.insert(plugin.to_owned(), version.to_owned());
        for (name, facts) in artifact["classes"].as_object().expect("classes") {
            self.classes.push(Class {
                name: name.clone(),
                plugin: plugin.to_owned(),
                line,
                facts: facts.clone(),
                definitions: &artifact["definitions"],
            });
        }
    }

    /// Every class of a line that Kestra lists, as (plugin, class, kind): what lists show.
    /// No line means all lines.
    pub(crate) fn listed(&self, line: Option<&str>) -> BTreeSet<(String, String, String)> {
        let of_line = |class: &&Class| line.is_none() || class.line.is_none() || class.line == line;
        let public = self.classes.iter().filter(of_line).filter(|class| !class.internal());
        let mut listed: BTreeSet<_> = public
            .map(|class| (class.plugin.clone(), class.name.clone(), class.kind().to_owned()))
            .collect();
        for element in &self.enterprise {
            if line.is_some_and(|line| !is_in(element, line)) {
                continue;
            }
            let text = |member: &str| element[member].as_str().map(ToOwned::to_owned);
            let name = text("cls").or_else(|| text("name")).expect("a name");
            let plugin = text("plugin").unwrap_or_else(|| "core-ee".to_owned());
            listed.insert((plugin, name, text("kind").expect("a kind")));
        }
        listed
    }
}

/// Whether an Enterprise element is in a line: not if it came later.
fn is_in(element: &Value, line: &str) -> bool {
    let numbers = |version: &str| -> Vec<u32> {
        version.split(['.', '-']).map_while(|part| part.parse().ok()).collect()
    };
    let Some(since) = element["since"].as_str() else { return true };
    numbers(since) <= numbers(&FACTS_VERSIONS[line])
}

/// The version that each line was taken from.
static FACTS_VERSIONS: LazyLock<BTreeMap<&'static str, String>> = LazyLock::new(|| {
    LINES
        .into_iter()
        .map(|line| {
            let core = read(&format!("facts/{line}/core.json"));
            let coordinates = core["artifact"].as_str().expect("coordinates");
            (line, coordinates.rsplit(':').next().expect("a version").to_owned())
        })
        .collect()
});

impl Class {
    pub(crate) fn kind(&self) -> &str {
        self.facts["type"].as_str().expect("a kind")
    }

    pub(crate) fn internal(&self) -> bool {
        self.facts["internal"] == true
    }

    /// The lines that have the class.
    pub(crate) fn lines(&self) -> Vec<&'static str> {
        self.line.map_or_else(|| LINES.to_vec(), |line| vec![line])
    }

    pub(crate) fn own(&self) -> Map<String, Value> {
        members(&self.facts["properties"])
    }

    pub(crate) fn outputs(&self) -> Map<String, Value> {
        members(&self.facts["outputs"])
    }

    /// What the class has from its base class in a line.
    pub(crate) fn inherited(&self, line: &str) -> Map<String, Value> {
        let base = self.facts["baseClass"].as_str().unwrap_or_default();
        let mut inherited = members(&FACTS.base[line][base]);
        inherited.extend(members(&self.facts["inheritedDiffers"]));
        let own = self.own();
        inherited.retain(|property, _| !own.contains_key(property));
        inherited
    }

    pub(crate) fn required(&self) -> BTreeSet<String> {
        let required = self.facts["required"].as_array().cloned().unwrap_or_default();
        required.iter().map(|name| name.as_str().expect("a name").to_owned()).collect()
    }

    /// Definitions that its own properties and outputs reach.
    pub(crate) fn definitions(&self) -> BTreeMap<String, Value> {
        let roots = self.own().into_iter().chain(self.outputs()).map(|(_, schema)| schema);
        closure(roots, |name| self.listed_definition(name))
    }

    /// Properties that are required when those of the base class are shown too. A base
    /// class that has a `type` requires it, and states it nowhere as a property.
    pub(crate) fn required_of_base(&self, line: &str) -> BTreeSet<String> {
        let inherited = self.inherited(line);
        let required = inherited.into_iter().filter(|(_, schema)| schema["$required"] == true);
        let mut names: BTreeSet<String> = required.map(|(name, _)| name).collect();
        let typed = ["task", "trigger", "condition", "asset", "additionalPlugin"];
        names.extend(typed.contains(&self.kind()).then(|| "type".to_owned()));
        names
    }

    /// Definitions that come with its inherited properties: what these reach, and what own
    /// ones name that is defined nowhere else. Where the class schemas of the line have no
    /// definition it is that of the flow schema, which tells apart one with (`-2`) and
    /// without (`-1`) its `type` member; references to neither mean the first.
    pub(crate) fn inherited_definitions(&self, line: &str) -> BTreeMap<String, Value> {
        let of_line = &FACTS.inherited[line];
        let mut named = Vec::new();
        self.own().values().for_each(|schema| references(schema, &mut named));
        named.retain(|name| of_line.get(name).is_some());
        let named = named.into_iter().map(|name| json!({"$ref": name}));
        let roots = self.inherited(line).into_iter().map(|(_, schema)| schema).chain(named);
        closure(roots, |name| {
            if let Some(definition) = of_line.get(name) {
                return Some(definition.clone());
            }
            let own = self.listed_definition(name).or_else(|| self.definitions.get(name).cloned());
            let model = ["", "-2", "-1"]
                .iter()
                .find_map(|suffix| FACTS.model[line].get(format!("{name}{suffix}")).cloned());
            own.or(model)
        })
    }

    /// A definition by the name that references use, among those that the facts list for
    /// the class; `name#2` is a second content of one name.
    fn listed_definition(&self, name: &str) -> Option<Value> {
        let keys = self.facts["definitions"].as_array()?.iter().filter_map(Value::as_str);
        let key = keys.into_iter().find(|key| key.split('#').next() == Some(name))?;
        self.definitions.get(key).cloned()
    }
}

fn members(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// Everything that references reach from `roots`.
fn closure(
    roots: impl Iterator<Item = Value>,
    find: impl Fn(&str) -> Option<Value>,
) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut open = Vec::new();
    roots.for_each(|root| references(&root, &mut open));
    while let Some(name) = open.pop() {
        if found.contains_key(&name) {
            continue;
        }
        if let Some(definition) = find(&name) {
            references(&definition, &mut open);
            found.insert(name, definition);
        }
    }
    found
}

fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                found.push(reference.rsplit('/').next().expect("never empty").to_owned());
            }
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(elements) => elements.iter().for_each(|element| references(element, found)),
        _ => {}
    }
}
