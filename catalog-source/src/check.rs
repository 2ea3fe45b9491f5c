//! Rules for the catalog's own texts: everything has one, none is too long, none says
//! nothing. What an overlay brings is as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::elements::{CORE, Catalog, Element, Plugin, Schema};
use crate::problem::{Problem, line_of};
use crate::read::Sources;

/// Longest title of a class, in characters.
const TITLE: usize = 60;
/// Longest description of a class.
const DESCRIPTION: usize = 420;
/// Longest description of a property, an output or a definition.
const PROPERTY: usize = 140;
/// Longest description of a plugin or a package.
const PLUGIN: usize = 160;

/// Checks all texts of the catalog. Under an overlay texts of both are mixed, and those
/// of the catalog were checked when it was built alone.
pub fn check(sources: &Sources, catalog: &Catalog, problems: &mut Vec<Problem>) {
    if sources.roots.len() > 1 {
        return;
    }
    let mut check = Check { sources, problems };
    for element in &catalog.elements {
        check.element(element);
    }
    check.titles(catalog);
    for plugin in &catalog.plugins {
        check.plugin(plugin, catalog);
    }
    check.examples(catalog);
    check.counts();
}

struct Check<'a> {
    sources: &'a Sources,
    problems: &'a mut Vec<Problem>,
}

impl Check<'_> {
    /// A problem with the texts of an element or a plugin.
    fn say(&mut self, plugin: &str, name: &str, what: String) {
        let (file, line) = self.place(plugin, name);
        self.problems.push(Problem::new(&file, line, what));
    }

    /// Where a text of that name stands or should stand.
    fn place(&self, plugin: &str, name: &str) -> (PathBuf, usize) {
        let enterprise = &self.sources.enterprise_texts;
        if enterprise.value.contains_key(name) {
            return (enterprise.file.clone(), line_of(&enterprise.text, name));
        }
        let texts = self.sources.texts.get(plugin).and_then(|all| all.first());
        match texts {
            Some(texts) => (texts.file.clone(), line_of(&texts.text, name)),
            None => (Path::new("texts").join(format!("{plugin}.json")), 0),
        }
    }

    fn element(&mut self, element: &Element) {
        let (plugin, name) = (element.plugin.as_str(), element.name.as_str());
        let mut say = |what: String| self.say(plugin, name, format!("{name}: {what}"));
        if element.title_made {
            say("has no title: write one".into());
        }
        if element.description.is_empty() {
            say("has no description: write one to three sentences".into());
        }
        if element.words.is_empty() {
            say("has no search words: write 3 to 15".into());
        }
        too_long("title", &element.title, TITLE, &mut say);
        too_long("description", &element.description, DESCRIPTION, &mut say);
        let simple = name.rsplit('.').next().unwrap_or(name);
        if repeats(&element.description, &[simple, &element.title]) {
            say("the description only repeats the name: say what it does".into());
        }
        let mut lacks = BTreeSet::new();
        for schema in element.schemas.iter().flatten() {
            properties(schema, &mut lacks);
        }
        lacks.into_iter().for_each(say);
    }

    /// Titles tell things of one kind apart.
    fn titles(&mut self, catalog: &Catalog) {
        let mut seen: BTreeMap<(&str, String), &str> = BTreeMap::new();
        // A class that only an older line has may share the title of its successor's job.
        let own = catalog.elements.iter().filter(|it| !it.internal);
        for element in own {
            let key = (element.kind.as_str(), element.title.to_lowercase());
            if let Some(other) = seen.insert(key, &element.name) {
                let what = format!(
                    "{}: the title `{}` is that of {other} too: tell them apart",
                    element.name, element.title
                );
                self.say(&element.plugin, &element.name, what);
            }
        }
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for plugin in &catalog.plugins {
            if let Some(other) = seen.insert(plugin.title.to_lowercase(), &plugin.name) {
                let what = format!("the title `{}` is that of {other} too", plugin.title);
                self.say(&plugin.name, &plugin.name, what);
            }
        }
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (id, blueprint) in &self.sources.blueprints {
            if let Some(other) = seen.insert(blueprint.value.title.to_lowercase(), id) {
                let what = format!("`title` is that of {other} too: tell them apart");
                self.problems.push(Problem::new(&blueprint.file, 2, what));
            }
        }
    }

    fn plugin(&mut self, plugin: &Plugin, catalog: &Catalog) {
        let name = plugin.name.as_str();
        let mut say = |what: String| self.say(name, "plugin", format!("plugin {name}: {what}"));
        if plugin.description.is_empty() {
            say("has no title and description: write them".into());
        }
        too_long("title", &plugin.title, TITLE, &mut say);
        too_long("description", &plugin.description, PLUGIN, &mut say);
        let own = catalog.elements.iter().filter(|it| it.plugin == name && !it.internal);
        let groups: BTreeSet<&str> = own.map(|it| it.group.as_str()).collect();
        for group in groups.into_iter().filter(|group| *group != plugin.group) {
            // Packages of Enterprise plugins are shown under the plugin's own title.
            if plugin.ee || name == CORE && group.is_empty() {
                continue;
            }
            let text = plugin.groups.get(group);
            if text.is_none_or(|text| text.title.is_empty() || text.description.is_empty()) {
                let what = format!("package {group} has no title or no description: write them");
                self.say(name, group, what);
            }
            if let Some(text) = text {
                let mut say = |what: String| self.say(name, group, format!("{group}: {what}"));
                too_long("title", &text.title, TITLE, &mut say);
                too_long("description", &text.description, PLUGIN, &mut say);
            }
        }
    }

    /// Every class that an example names is in the catalog.
    fn examples(&mut self, catalog: &Catalog) {
        let known: BTreeSet<&str> = catalog.elements.iter().map(|it| it.name.as_str()).collect();
        let aliases = catalog.elements.iter().flat_map(|it| &it.aliases).map(String::as_str);
        let known: BTreeSet<&str> = known.into_iter().chain(aliases).collect();
        for example in self.sources.examples.values() {
            let mut say = |what: String| self.problems.push(Problem::new(&example.file, 0, what));
            match crate::flow::classes_of(&example.value) {
                Ok(classes) => classes
                    .iter()
                    .filter(|class| class.starts_with("io.kestra.plugin."))
                    .filter(|class| !known.contains(class.as_str()))
                    .for_each(|class| say(format!("class {class} is not in the catalog"))),
                Err(error) => say(format!("is not YAML: {error}")),
            }
        }
    }

    /// The catalog holds as much as `catalog.json` promises.
    fn counts(&mut self) {
        let least = &self.sources.catalog.at_least;
        let own = self.sources.blueprints.values().count();
        let pages = self.sources.pages.values().count();
        for (what, count, least) in
            [("blueprints", own, least.blueprints), ("pages", pages, least.pages)]
        {
            if count < least {
                let what = format!("{count} {what}, at least {least} are promised: write more");
                self.problems.push(Problem::new(Path::new("catalog.json"), 0, what));
            }
        }
    }
}

fn too_long(what: &str, text: &str, most: usize, say: &mut impl FnMut(String)) {
    let length = text.chars().count();
    if length > most {
        say(format!("the {what} has {length} characters, {most} at most: shorten it"));
    }
}

/// What properties, outputs and definitions of a class lack.
fn properties(schema: &Schema, lacks: &mut BTreeSet<String>) {
    for (what, all) in [
        ("property", &schema.own),
        ("inherited property", &schema.inherited),
        ("output", &schema.outputs),
    ] {
        for (name, schema) in all {
            described(&format!("{what} `{name}`"), schema, lacks);
        }
    }
    for (name, definition) in schema.definitions.iter().chain(&schema.inherited_definitions) {
        for (property, schema) in definition["properties"].as_object().into_iter().flatten() {
            described(&format!("property `{property}` of definition {name}"), schema, lacks);
        }
    }
}

fn described(what: &str, schema: &Value, lacks: &mut BTreeSet<String>) {
    let text = schema["description"].as_str().unwrap_or_default();
    if text.is_empty() {
        lacks.insert(format!("{what} has no description: write one here or in glossary.json"));
    }
    let mut say = |what| {
        lacks.insert(what);
    };
    too_long(&format!("description of {what}"), text, PROPERTY, &mut say);
}

/// Words that carry nothing.
const EMPTY_WORDS: [&str; 16] = [
    "a", "an", "the", "this", "task", "trigger", "class", "plugin", "of", "for", "to", "in", "on",
    "with", "is", "that",
];

/// Whether a description has no word besides those of `names`.
fn repeats(description: &str, names: &[&str]) -> bool {
    let stems = |text: &str| -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        crate::fold::words(text, |word| {
            if !EMPTY_WORDS.contains(&word.as_str()) {
                found.insert(crate::fold::stem(word).as_str().to_owned());
            }
        });
        found
    };
    let known: BTreeSet<String> = names.iter().flat_map(|name| stems(name)).collect();
    !description.is_empty() && stems(description).is_subset(&known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_must_say_more_than_the_name() {
        let names = ["UploadFiles", "Upload files to S3"];
        assert!(repeats("This task uploads the files to S3.", &names));
        assert!(!repeats("Writes files to keys of a bucket.", &names));
    }
}
