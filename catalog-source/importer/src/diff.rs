//! Compares what a Kestra has with what a catalog folder says: the drift report.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::CORE;
use crate::assemble::Form;
use crate::failure::{Failure, Weight};
use crate::import::{Options, import};
use crate::kestra::Instance;
use crate::summary::Summary;

/// What is compared of one class.
type Class = Value;

/// Classes of one folder or instance, by plugin and name.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    plugins: BTreeMap<String, BTreeMap<String, Class>>,
    versions: BTreeMap<String, String>,
}

/// How a Kestra differs from a catalog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// Classes that only Kestra has.
    pub added: Vec<String>,
    /// Classes that only the catalog has.
    pub removed: Vec<String>,
    /// Classes of both, with what differs.
    pub changed: BTreeMap<String, Vec<String>>,
    /// Plugins with two versions: the catalog's and Kestra's.
    pub versions: BTreeMap<String, (String, String)>,
}

impl Facts {
    /// Reads catalog folders, later ones laid over earlier ones, for one line of Kestra.
    pub fn read(folders: &[PathBuf], line: &str) -> Result<Self, Failure> {
        let mut facts = Self::default();
        for folder in folders {
            facts.add(folder, line)?;
        }
        if facts.plugins.is_empty() {
            let places: Vec<String> = folders.iter().map(|it| it.display().to_string()).collect();
            let remedy = "give the folder that holds `facts/` with --against";
            let what = format!("holds no facts of Kestra {line}");
            return Err(Failure::new(places.join(", "), what, remedy).weighing(Weight::All));
        }
        Ok(facts)
    }

    fn add(&mut self, folder: &Path, line: &str) -> Result<(), Failure> {
        let core = folder.join(format!("facts/{line}/core.json"));
        let mut files = vec![(CORE.to_owned(), core)];
        let plugins = folder.join("facts/plugins");
        for entry in fs::read_dir(&plugins).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if path.extension().is_some_and(|it| it == "json") {
                files.push((name, path));
            }
        }
        for (name, path) in files.into_iter().filter(|(_, path)| path.exists()) {
            let text = fs::read_to_string(&path).map_err(|it| Failure::of_file(&path, &it))?;
            let facts: Value = serde_json::from_str(&text).map_err(|error| {
                let place = path.display().to_string();
                Failure::new(place, error.to_string(), "import it again").weighing(Weight::All)
            })?;
            self.plugin(name, &facts);
        }
        Ok(())
    }

    fn plugin(&mut self, name: String, facts: &Value) {
        let definitions = &facts["definitions"];
        let classes = facts["classes"].as_object().into_iter().flatten();
        let classes = classes.map(|(class, facts)| (class.clone(), whole(facts, definitions)));
        let version = facts["artifact"].as_str().and_then(|it| it.rsplit(':').next());
        self.versions.insert(name.clone(), version.unwrap_or_default().to_owned());
        self.plugins.insert(name, classes.collect());
    }

    fn class_names(&self) -> BTreeMap<&str, (&str, &Class)> {
        let all = self.plugins.iter();
        all.flat_map(|(plugin, classes)| {
            classes.iter().map(|(name, class)| (name.as_str(), (plugin.as_str(), class)))
        })
        .collect()
    }
}

/// A class with its definitions in place of their keys: numbers behind `#` are given by
/// order and mean nothing.
fn whole(facts: &Value, definitions: &Value) -> Value {
    let mut class = facts.clone();
    let keys = facts["definitions"].as_array().into_iter().flatten().filter_map(Value::as_str);
    class["definitions"] = keys
        .map(|key| {
            let name = key.split('#').next().unwrap_or(key);
            (name.to_owned(), definitions[key].clone())
        })
        .collect();
    class
}

/// Reads an instance and compares it with catalog folders.
pub fn of_instance(
    instance: &Instance,
    against: &[PathBuf],
    installed_only: bool,
    jobs: usize,
) -> Result<(Drift, Summary), Failure> {
    let catalog = Facts::read(against, &instance.line())?;
    let target = std::env::temp_dir().join(format!("kestra-drift-{}", std::process::id()));
    let options = Options {
        target: target.clone(),
        form: Form::Facts,
        jobs,
        catalog: against.first().cloned(),
        date: String::new(),
    };
    let summary = import(instance, &options);
    let kestra = summary.and_then(|summary| {
        Ok((Facts::read(std::slice::from_ref(&target), &instance.line())?, summary))
    });
    // The folder is of this run alone, whatever came of it.
    let _ = fs::remove_dir_all(&target);
    let (kestra, summary) = kestra?;
    Ok((compare(&catalog, &kestra, installed_only), summary))
}

/// Compares. With `installed_only` a plugin that Kestra does not have is no drift.
#[must_use]
pub fn compare(catalog: &Facts, kestra: &Facts, installed_only: bool) -> Drift {
    let mut drift = Drift::default();
    let (old, new) = (catalog.class_names(), kestra.class_names());
    let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    for name in names {
        match (old.get(name), new.get(name)) {
            (None, Some(_)) => drift.added.push(name.to_owned()),
            (Some((plugin, _)), None) => {
                if !installed_only || kestra.plugins.contains_key(*plugin) {
                    drift.removed.push(name.to_owned());
                }
            }
            (Some((_, old)), Some((_, new))) => {
                let changes = changes(old, new);
                if !changes.is_empty() {
                    drift.changed.insert(name.to_owned(), changes);
                }
            }
            (None, None) => {}
        }
    }
    for (plugin, new) in &kestra.versions {
        let old = catalog.versions.get(plugin).filter(|old| *old != new);
        if let Some(old) = old {
            drift.versions.insert(plugin.clone(), (old.clone(), new.clone()));
        }
    }
    drift
}

/// What differs between two states of a class.
fn changes(old: &Class, new: &Class) -> Vec<String> {
    let mut found = Vec::new();
    for (part, what) in
        [("properties", "property"), ("outputs", "output"), ("definitions", "definition")]
    {
        let names = |class: &Class| -> BTreeSet<String> {
            class[part].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
        };
        for name in names(old).union(&names(new)) {
            match (old[part].get(name), new[part].get(name)) {
                (None, _) => found.push(format!("{what} {name} added")),
                (_, None) => found.push(format!("{what} {name} removed")),
                (old, new) if old != new => found.push(format!("{what} {name} changed")),
                _ => {}
            }
        }
    }
    for part in ["type", "required", "deprecated", "metrics", "inheritedDiffers", "aliases"] {
        if old.get(part) != new.get(part) {
            found.push(format!("{part} changed"));
        }
    }
    found
}

impl Drift {
    /// Whether Kestra and catalog say the same.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }

    /// The report for programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let versions: BTreeMap<&String, Value> = self
            .versions
            .iter()
            .map(|(plugin, (old, new))| (plugin, json!({"catalog": old, "kestra": new})))
            .collect();
        json!({
            "drift": !self.is_none(),
            "added": self.added,
            "removed": self.removed,
            "changed": self.changed,
            "versions": versions,
        })
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (plugin, (old, new)) in &self.versions {
            writeln!(f, "version {plugin}: catalog {old}, Kestra {new}")?;
        }
        for (what, classes) in [("added", &self.added), ("removed", &self.removed)] {
            for class in classes {
                writeln!(f, "{what} {class}")?;
            }
        }
        for (class, changes) in &self.changed {
            writeln!(f, "changed {class}: {}", changes.join(", "))?;
        }
        let (added, removed, changed) = (self.added.len(), self.removed.len(), self.changed.len());
        writeln!(f, "{added} classes added, {removed} removed, {changed} changed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(classes: &Value, definitions: &Value) -> Facts {
        let mut facts = Facts::default();
        let file = json!({"artifact": "g:p:1", "classes": classes, "definitions": definitions});
        facts.plugin("p".into(), &file);
        facts
    }

    #[test]
    fn names_what_changed() {
        let old = facts(
            &json!({"a.A": {"properties": {"x": {}, "y": {"type": "string"}}}, "a.B": {}}),
            &json!({}),
        );
        let new = facts(&json!({"a.A": {"properties": {"y": {}, "z": {}}}, "a.C": {}}), &json!({}));
        let drift = compare(&old, &new, false);
        assert_eq!(drift.added, ["a.C"]);
        assert_eq!(drift.removed, ["a.B"]);
        let changes = ["property x removed", "property y changed", "property z added"];
        assert_eq!(drift.changed["a.A"], changes);
    }

    #[test]
    fn the_number_of_a_definition_means_nothing() {
        let definition = json!({"type": "object"});
        let old = facts(&json!({"a.A": {"definitions": ["d#2"]}}), &json!({"d#2": definition}));
        let new = facts(&json!({"a.A": {"definitions": ["d"]}}), &json!({"d": definition}));
        assert!(compare(&old, &new, false).is_none());
    }

    #[test]
    fn plugins_that_are_not_installed_need_not_count() {
        let old = facts(&json!({"a.A": {}}), &json!({}));
        assert_eq!(compare(&old, &Facts::default(), false).removed, ["a.A"]);
        assert!(compare(&old, &Facts::default(), true).is_none());
    }
}
