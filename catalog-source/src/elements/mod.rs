//! The elements of the catalog: facts of all lines and texts, brought together.

mod checks; // texts that fit no fact
mod describe; // which text describes what
mod enterprise; // elements known from public pages
mod plugins; // plugins, with what their elements bring
mod schema; // what a class takes and gives in a line

use std::collections::BTreeMap;

use serde_json::Value;

use self::checks::{check_enterprise_texts, check_texts};
use self::describe::Describe;
use crate::facts::Properties;
use crate::problem::{Problem, line_of};
use crate::read::{Sourced, Sources};
use crate::texts::GroupText;

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

/// Elements by name, until they are sorted.
type Elements = BTreeMap<String, Element>;

/// Brings facts and texts together. Texts that fit no fact are problems.
pub fn assemble(sources: &Sources, problems: &mut Vec<Problem>) -> Catalog {
    let describe = Describe::new(sources);
    let mut elements = Elements::new();
    add_core(sources, &describe, &mut elements);
    add_plugins(sources, &describe, &mut elements, problems);
    add_enterprise(sources, &describe, &mut elements);
    rename(sources, &mut elements, problems);
    check_successors(sources, &mut elements, problems);
    add_examples(sources, &mut elements, problems);
    check_texts(sources, &elements, problems);
    check_enterprise_texts(sources, problems);
    let mut elements: Vec<Element> = elements.into_values().collect();
    let plugins = describe.plugins(&elements);
    sort(&mut elements, &plugins);
    Catalog { elements, plugins }
}

/// Kestra's own classes, each with what every line says of it.
fn add_core(sources: &Sources, describe: &Describe<'_>, elements: &mut Elements) {
    for (index, line) in sources.lines.iter().enumerate() {
        for (name, class) in &line.core.value.classes {
            let element = elements
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
}

fn add_plugins(
    sources: &Sources,
    describe: &Describe<'_>,
    elements: &mut Elements,
    problems: &mut Vec<Problem>,
) {
    for (plugin, artifact) in &sources.plugins {
        for (name, class) in &artifact.value.classes {
            let mut element = describe.element(name, class, plugin, artifact);
            for (index, line) in sources.lines.iter().enumerate() {
                element.schemas[index] =
                    Some(describe.schema(name, class, plugin, &artifact.value, line));
            }
            element.aliases.clone_from(&class.aliases);
            let other = elements.get(name).map(|other| other.root);
            // In the newer facts of an overlay a class may have moved.
            if other.is_some_and(|root| root > artifact.root) {
                continue;
            }
            elements.insert(name.clone(), element);
            if other == Some(artifact.root) {
                let what = format!("class {name} is in another plugin's facts too: keep one");
                problems.push(Problem::new(&artifact.file, line_of(&artifact.text, name), what));
            }
        }
    }
}

fn add_enterprise(sources: &Sources, describe: &Describe<'_>, elements: &mut Elements) {
    for element in &sources.enterprise {
        let element = describe.enterprise(element);
        match elements.get_mut(&element.name) {
            // What an Enterprise server says of it is more than what is public.
            Some(known) if known.root > 0 => known.ee = true,
            _ => drop(elements.insert(element.name.clone(), element)),
        }
    }
}

/// Whether there is no overlay. Below one the catalog's own sources may speak of what its
/// Kestra lacks.
fn alone(sources: &Sources) -> bool {
    sources.roots.len() < 2
}

/// Successors and old names.
fn rename(sources: &Sources, elements: &mut Elements, problems: &mut Vec<Problem>) {
    let renames = &sources.renames;
    for (old, new) in &renames.value.successors {
        match elements.get_mut(old) {
            Some(element) => element.successor = Some(new.clone()),
            None if !alone(sources) => {}
            None => problems.push(unknown(renames, old, "is not in the facts: remove it")),
        }
    }
    for (old, new) in &renames.value.renamed {
        match elements.get_mut(new) {
            Some(element) => element.aliases.push(old.clone()),
            None if !alone(sources) => {}
            None => problems.push(unknown(renames, new, "is not in the facts")),
        }
    }
}

fn check_successors(sources: &Sources, elements: &mut Elements, problems: &mut Vec<Problem>) {
    let missing: Vec<(String, String)> = elements
        .values()
        .filter_map(|element| Some((element.name.clone(), element.successor.clone()?)))
        .filter(|(_, successor)| !elements.contains_key(successor))
        .collect();
    for (name, successor) in missing {
        if let (false, Some(element)) = (alone(sources), elements.get_mut(&name)) {
            element.successor = None;
            continue;
        }
        let what = format!("{name} is said to be replaced by {successor}, which is not a class");
        problems.push(Problem::new("texts".as_ref(), 0, what));
    }
}

fn add_examples(sources: &Sources, elements: &mut Elements, problems: &mut Vec<Problem>) {
    for (class, example) in &sources.examples {
        match elements.get_mut(class) {
            Some(element) => element.example = Some(example.value.clone()),
            None if !alone(sources) && example.root == 0 => {}
            None => problems.push(Problem::new(&example.file, 0, "no class of that name")),
        }
    }
}

fn sort(elements: &mut [Element], plugins: &[Plugin]) {
    let place: BTreeMap<&str, usize> =
        plugins.iter().enumerate().map(|(n, plugin)| (plugin.name.as_str(), n)).collect();
    elements.sort_by(|a, b| {
        let key = |element: &Element| {
            let kind = KINDS.iter().position(|kind| *kind == element.kind).unwrap_or(KINDS.len());
            (place[element.plugin.as_str()], element.group.clone(), kind, element.name.clone())
        };
        key(a).cmp(&key(b))
    });
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

/// The numbers of a version, for comparison.
pub(crate) fn version_key(version: &str) -> Vec<u32> {
    let numbers = version.trim_start_matches(['v', '[', '(']).split(['.', '-', ',']);
    numbers.map_while(|part| part.parse().ok()).collect()
}

/// The package of a class.
pub(crate) fn package(class: &str) -> &str {
    class.rsplit_once('.').map_or("", |(package, _)| package)
}
