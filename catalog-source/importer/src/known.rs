//! What the catalog's own facts know and the API does not say: Maven groups, classes
//! that Kestra describes without listing them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::CORE;
use crate::assemble::Form;
use crate::kestra::{Listed, Plugin};

/// Kinds that Kestra 2.0 describes, but leaves out of its list.
const UNLISTED: [&str; 2] = ["asset", "fileRenderer"];

/// What is known of each plugin.
#[derive(Debug, Default)]
pub struct Known {
    plugins: BTreeMap<String, Value>,
    lines: Vec<String>,
}

impl Known {
    /// Reads the facts in a catalog folder. What is not there is not known; the
    /// generator is who complains of broken files.
    #[must_use]
    pub fn read(catalog: Option<&Path>, line: &str) -> Self {
        let Some(catalog) = catalog else { return Self::default() };
        let mut known = Self::default();
        let mut files: Vec<(String, PathBuf)> = fs::read_dir(catalog.join("facts/plugins"))
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                Some((entry.path().file_stem()?.to_str()?.to_owned(), entry.path()))
            })
            .collect();
        files.push((CORE.to_owned(), catalog.join(format!("facts/{line}/core.json"))));
        for (name, file) in files {
            if let Some(facts) = json(&file) {
                known.plugins.insert(name, facts);
            }
        }
        let lines = json(&catalog.join("catalog.json")).unwrap_or_default();
        let lines = lines["lines"].as_array().into_iter().flatten();
        known.lines = lines.filter_map(|line| line.as_str().map(str::to_owned)).collect();
        known
    }

    /// Adds the classes of the listed plugins that the list left out.
    pub fn add_unlisted(&self, plugins: &mut [Plugin]) {
        for plugin in plugins {
            let Some(facts) = self.plugins.get(&plugin.name) else { continue };
            for (class, facts) in facts["classes"].as_object().into_iter().flatten() {
                let kind = facts["type"].as_str().unwrap_or_default();
                let internal = facts["internal"] == Value::Bool(true);
                let listed = plugin.classes.iter().any(|listed| listed.class == *class);
                if !listed && (internal || UNLISTED.contains(&kind)) {
                    plugin.classes.push(Listed {
                        class: class.clone(),
                        kind: kind.to_owned(),
                        unlisted: true,
                        internal,
                        ..Listed::default()
                    });
                }
            }
            plugin.classes.sort();
            plugin.classes.sort_by(|a, b| a.class.cmp(&b.class));
        }
    }

    /// The class of a plugin that an old name is of.
    #[must_use]
    pub fn class_of_alias(&self, plugin: &str, alias: &str) -> Option<&str> {
        let classes = self.plugins.get(plugin)?["classes"].as_object()?;
        let has = |facts: &Value| {
            facts["aliases"].as_array().is_some_and(|names| names.iter().any(|name| name == alias))
        };
        classes.iter().find(|(_, facts)| has(facts)).map(|(class, _)| class.as_str())
    }

    /// Maven coordinates: the group of the known facts, or that which Kestra's own
    /// artifacts of that name have.
    #[must_use]
    pub fn artifact(&self, plugin: &Plugin, kestra: &str) -> String {
        let name = &plugin.name;
        let version = if name == CORE { kestra } else { &plugin.version };
        let known = self.plugins.get(name).and_then(|facts| facts["artifact"].as_str());
        let group = match known.and_then(|artifact| artifact.split(':').next()) {
            Some(group) => group,
            None if name == CORE => "io.kestra",
            None if name.starts_with("storage-") => "io.kestra.storage",
            None if plugin.group.starts_with("io.kestra.") => "io.kestra.plugin",
            None => &plugin.group,
        };
        format!("{group}:{name}:{version}")
    }

    /// Lines of a `catalog.json` that has `line` too, newest first. An overlay states
    /// its own line only.
    #[must_use]
    pub fn lines_with(&self, form: Form, line: &str) -> Vec<String> {
        let mut lines = if form == Form::Facts { self.lines.clone() } else { Vec::new() };
        if !lines.iter().any(|known| known == line) {
            lines.push(line.to_owned());
        }
        let key = |line: &str| -> Vec<u32> {
            line.split('.').map(|part| part.parse().unwrap_or_default()).collect()
        };
        lines.sort_by_key(|line| std::cmp::Reverse(key(line)));
        lines
    }
}

fn json(file: &Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_names_are_known_by_plugin() {
        let folder = tempfile::tempdir().expect("a folder");
        let plugins = folder.path().join("facts/plugins");
        fs::create_dir_all(&plugins).expect("a folder");
        let facts = r#"{"classes": {"a.New": {"aliases": ["a.Old"]}, "a.Other": {}}}"#;
        fs::write(plugins.join("plugin-a.json"), facts).expect("written");
        let known = Known::read(Some(folder.path()), "2.0");
        assert_eq!(known.class_of_alias("plugin-a", "a.Old"), Some("a.New"));
        assert_eq!(known.class_of_alias("plugin-a", "a.Other"), None);
        assert_eq!(known.class_of_alias("plugin-b", "a.Old"), None);
    }
}
