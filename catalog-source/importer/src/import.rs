//! Reads all of a Kestra instance and writes facts or an overlay.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::{Map, Value, json};

use crate::assemble::{Files, Form, assemble};
use crate::base::{Base, Counter};
use crate::capture::{Capture, Store, capture};
use crate::cut::{Cut, cut, cut_properties};
use crate::failure::{Failure, Weight};
use crate::kestra::{Instance, Plugin};
use crate::known::Known;
use crate::pool::{each, lock};
use crate::progress::Bar;
use crate::summary::Summary;
use crate::{CORE, flow, layout, write};

/// Where to and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Folder that is written.
    pub target: PathBuf,
    /// Facts or an overlay.
    pub form: Form,
    /// Requests at a time.
    pub jobs: usize,
    /// The catalog's own folder: it knows classes that Kestra describes, but not lists.
    pub catalog: Option<PathBuf>,
    /// Date to write into `catalog.json`, `YYYY-MM-DD`.
    pub date: String,
}

/// Reads the instance and writes the target.
pub fn import(instance: &Instance, options: &Options) -> Result<Summary, Failure> {
    let mut run = Run {
        instance,
        options,
        known: Known::read(options.catalog.as_deref(), &instance.line()),
        summary: Summary::default(),
    };
    let mut plugins = instance.plugins(&mut run.summary.notes)?;
    run.known.add_unlisted(&mut plugins);
    let store = Store::open(&options.target.join(".importer"), instance)?;
    run.capture(&plugins, &store)?;
    let aliases = run.aliases(&plugins)?;
    let base = base_of(&plugins, &store);
    run.write_plugins(&plugins, &store, &base, &aliases)?;
    run.write_line(&plugins, &base)?;
    // What failed may work the next time: then only that is asked for.
    if run.summary.skipped.is_empty() {
        store.close()?;
    }
    Ok(run.summary)
}

struct Run<'a> {
    instance: &'a Instance,
    options: &'a Options,
    known: Known,
    summary: Summary,
}

impl Run<'_> {
    /// Asks for every class that an earlier run did not leave in the store.
    fn capture(&mut self, plugins: &[Plugin], store: &Store) -> Result<(), Failure> {
        let all: Vec<(&str, bool)> = plugins
            .iter()
            .flat_map(|plugin| &plugin.classes)
            .map(|listed| (listed.class.as_str(), listed.unlisted))
            .collect();
        let wanted: Vec<(&str, bool)> =
            all.iter().copied().filter(|(class, _)| !store.has(class)).collect();
        let bar = Bar::new("classes", wanted.len());
        let failures = each(&wanted, self.options.jobs, &bar, |(class, unlisted)| {
            match capture(self.instance, class) {
                // Known from another Kestra: this one need not have it.
                Err(failure) if *unlisted && failure.weight == Weight::One => Ok(()),
                Err(failure) => Err(failure),
                Ok(capture) => store.put(class, &capture),
            }
        })?;
        self.summary.skipped.extend(failures);
        self.summary.counts.push(("plugins", plugins.len()));
        let captured = all.iter().filter(|(class, _)| store.has(class)).count();
        self.summary.counts.push(("classes", captured));
        self.summary.counts.push(("of them from an earlier run", all.len() - wanted.len()));
        Ok(())
    }

    /// Old class names by class. The list gives them by plugin; whose they are is what
    /// the answer for the old name says.
    fn aliases(&mut self, plugins: &[Plugin]) -> Result<BTreeMap<String, Vec<String>>, Failure> {
        let names: Vec<(&Plugin, &String)> = plugins
            .iter()
            .flat_map(|plugin| plugin.aliases.iter().map(move |alias| (plugin, alias)))
            .collect();
        let found = Mutex::new(BTreeMap::<String, Vec<String>>::new());
        let bar = Bar::new("old names", names.len());
        let failures = each(&names, self.options.jobs, &bar, |(plugin, alias)| {
            let class = self.class_of_alias(plugin, alias)?;
            lock(&found).entry(class).or_default().push((*alias).clone());
            Ok(())
        })?;
        self.summary.notes.extend(failures);
        let mut found = std::mem::take(&mut *lock(&found));
        for names in found.values_mut() {
            names.sort();
        }
        self.summary.counts.push(("old names", found.values().map(Vec::len).sum()));
        Ok(found)
    }

    /// The class of `plugin` that answers for an old name. Where the server says nothing
    /// of use (2.0 has dropped the oldest names, and an old name may be a class of an
    /// old plugin that is installed too) it is the one that the catalog knows, or the class
    /// with the same last part.
    fn class_of_alias(&self, plugin: &Plugin, alias: &str) -> Result<String, Failure> {
        let path = self.instance.class_path(alias, false);
        let of_plugin = |class: &str| plugin.classes.iter().any(|listed| listed.class == class);
        match self.instance.client.json(&path) {
            Ok(answer) => {
                if let Some(class) = class_of(&answer).filter(|class| of_plugin(class)) {
                    return Ok(class.to_owned());
                }
            }
            Err(failure) if failure.weight == Weight::All => return Err(failure),
            Err(_) => {}
        }
        let known = self.known.class_of_alias(&plugin.name, alias);
        if let Some(class) = known.filter(|class| of_plugin(class)) {
            return Ok(class.to_owned());
        }
        let last = |class: &str| class.rsplit('.').next().unwrap_or_default().to_owned();
        let mut same = plugin.classes.iter().filter(|it| last(&it.class) == last(alias));
        if let (Some(listed), None) = (same.next(), same.next()) {
            return Ok(listed.class.clone());
        }
        let what = format!("{} does not say which class the old name is of", plugin.name);
        Err(Failure::new(self.instance.client.url(&path), what, "the name is left out"))
    }

    fn write_plugins(
        &mut self,
        plugins: &[Plugin],
        store: &Store,
        base: &Base,
        aliases: &BTreeMap<String, Vec<String>>,
    ) -> Result<(), Failure> {
        let captured = |class: &str| -> Option<Capture> { store.get(class) };
        let mut dropped = Vec::new();
        for plugin in plugins {
            if !plugin.classes.iter().any(|listed| store.has(&listed.class)) {
                let url = self.instance.client.url(&self.instance.prefix);
                let what = format!("{} has no class that could be read", plugin.name);
                self.summary.notes.push(Failure::new(url, what, "nothing is written for it"));
                continue;
            }
            let artifact = self.known.artifact(plugin, &self.instance.version);
            let form = self.options.form;
            let files = assemble(plugin, &artifact, form, base, &captured, aliases);
            dropped.extend(files.dropped_defaults.iter().cloned());
            self.write_plugin(plugin, &files, base)?;
        }
        if self.options.form == Form::Facts {
            let rows: Vec<Value> = dropped
                .iter()
                .map(|(place, chars)| json!({"where": place, "chars": chars}))
                .collect();
            let lines: Vec<String> =
                rows.iter().map(|row| format!(" {}", layout::line(row))).collect();
            let text = format!("[\n{}\n]\n", lines.join(",\n"));
            self.write("facts/dropped-defaults.json", &text)?;
        }
        Ok(())
    }

    fn write_plugin(&mut self, plugin: &Plugin, files: &Files, base: &Base) -> Result<(), Failure> {
        let name = &plugin.name;
        let path = if name == CORE {
            format!("facts/{}/core.json", self.instance.line())
        } else {
            format!("facts/plugins/{name}.json")
        };
        self.write(&path, &layout::facts(&files.facts))?;
        if self.options.form == Form::Facts {
            return Ok(());
        }
        let mut texts = files.texts.clone();
        if name == CORE {
            texts["base"] = base.texts(self.options.form);
            texts["inherited"] = base.definition_texts(self.options.form);
        }
        self.write(&format!("texts/{name}.json"), &layout::facts(&texts))?;
        for (class, example) in &files.examples {
            self.write(&format!("examples/{class}.yaml"), &with_newline(example))?;
        }
        Ok(())
    }

    /// The files of Kestra itself, but its classes.
    fn write_line(&mut self, plugins: &[Plugin], base: &Base) -> Result<(), Failure> {
        let line = self.instance.line();
        self.write(&format!("facts/{line}/base.json"), &layout::maps(&base.facts()))?;
        let inherited = layout::things(&base.definitions());
        self.write(&format!("facts/{line}/inherited.json"), &inherited)?;
        if let Some(inputs) = self.inputs()? {
            self.write(&format!("facts/{line}/inputs.json"), &layout::things(&inputs))?;
        }
        let classes: BTreeSet<String> =
            plugins.iter().flat_map(|it| &it.classes).map(|it| it.class.clone()).collect();
        let path = format!("{}/plugins/schemas/flow", self.instance.prefix);
        match self.instance.client.stream(&path, |body| flow::read(body, &classes)) {
            Ok(flow) => self.write(&format!("facts/{line}/flow.json"), &layout::facts(&flow))?,
            Err(failure) if failure.weight == Weight::All => return Err(failure),
            Err(failure) => {
                let what = format!("{}: the catalog's own flow schema is used", failure.what);
                self.summary.notes.push(Failure { what, ..failure });
            }
        }
        let lines = self.known.lines_with(self.options.form, &line);
        let catalog = json!({"date": self.options.date, "lines": lines});
        let text = format!(
            "{{\n \"date\": {},\n \"lines\": {}\n}}\n",
            catalog["date"],
            layout::line(&catalog["lines"])
        );
        self.write("catalog.json", &text)
    }

    /// `facts/<line>/inputs.json`; nothing where this Kestra does not describe inputs.
    fn inputs(&mut self) -> Result<Option<Value>, Failure> {
        let path = format!("{}/plugins/inputs", self.instance.prefix);
        let list = match self.instance.client.json(&path) {
            Ok(list) => list,
            Err(failure) if failure.weight == Weight::All => return Err(failure),
            Err(failure) => {
                self.summary.notes.push(failure);
                return Ok(None);
            }
        };
        let mut inputs = Map::new();
        for input in list.as_array().into_iter().flatten() {
            let (Some(kind), Some(class)) = (input["type"].as_str(), input["cls"].as_str()) else {
                continue;
            };
            match self.instance.client.json(&format!("{path}/{kind}")) {
                Ok(answer) => {
                    inputs.insert(kind.to_owned(), input_facts(class, &answer["schema"]));
                }
                Err(failure) => self.summary.skipped.push(failure),
            }
        }
        self.summary.counts.push(("input types", inputs.len()));
        Ok((!inputs.is_empty()).then_some(Value::Object(inputs)))
    }

    fn write(&mut self, path: &str, text: &str) -> Result<(), Failure> {
        let written = write::changed(&self.options.target.join(Path::new(path)), text)?;
        self.summary.file(written);
        Ok(())
    }
}

/// What classes inherit, from one pass over all captures.
fn base_of(plugins: &[Plugin], store: &Store) -> Base {
    let mut counter = Counter::default();
    for listed in plugins.iter().flat_map(|plugin| &plugin.classes) {
        if let Some(capture) = store.get(&listed.class) {
            counter.add(&listed.kind, &capture);
        }
    }
    counter.finish()
}

fn input_facts(class: &str, schema: &Value) -> Value {
    let mut input = json!({"cls": class, "schema": cut(&schema["properties"]).facts});
    let definitions = schema["definitions"].as_object().filter(|it| !it.is_empty());
    if let Some(definitions) = definitions {
        let Cut { facts, .. } = cut_properties(definitions, &[]);
        input["definitions"] = facts;
    }
    input
}

/// The class that an answer describes: its page shows it as `type: "..."`.
fn class_of(answer: &Value) -> Option<&str> {
    let page = answer["markdown"].as_str()?;
    let (_, rest) = page.split_once("```yaml\ntype: \"")?;
    rest.split_once('"').map(|(class, _)| class)
}

fn with_newline(text: &str) -> String {
    format!("{}\n", text.trim_end())
}
