//! What is kept of the answers for one class, and the folder that keeps it, so that a
//! run that was cut short goes on where it stopped.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::kestra::{Instance, schema_of};
use crate::write;

/// The parts of a class's two answers that matter; icons and rendered pages are not.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Capture {
    /// The class's schema: properties, required, title, description, examples, metrics.
    pub schema: Value,
    /// The schema of its outputs.
    #[serde(default)]
    pub outputs: Value,
    /// Definitions that these two reach.
    #[serde(default)]
    pub definitions: Map<String, Value>,
    /// Properties that it has from its base class.
    #[serde(default)]
    pub inherited: Map<String, Value>,
    /// Definitions that only these reach.
    #[serde(default)]
    pub inherited_definitions: Map<String, Value>,
}

/// Asks for one class, without and with what it inherits.
pub fn capture(instance: &Instance, class: &str) -> Result<Capture, Failure> {
    let path = instance.class_path(class, false);
    let own = instance.client.json(&path)?;
    let path_all = instance.class_path(class, true);
    let all = instance.client.json(&path_all)?;
    let odd = |path: &str| {
        let what = format!("{class} is described without a schema");
        Failure::new(instance.client.url(path), what, "its plugin is broken there: reinstall it")
    };
    let own = schema_of(own).ok_or_else(|| odd(&path))?;
    let all = schema_of(all).ok_or_else(|| odd(&path_all))?;
    Ok(Capture::new(own, &all))
}

impl Capture {
    /// Of the schema parts of the answers without and with inherited properties.
    #[must_use]
    pub fn new(mut own: Map<String, Value>, all: &Map<String, Value>) -> Self {
        let schema = own.remove("properties").unwrap_or_default();
        let definitions = object(own.remove("definitions"));
        let less = |known: Option<&Map<String, Value>>, all: &Value| -> Map<String, Value> {
            let all = all.as_object().into_iter().flatten();
            all.filter(|(name, _)| known.is_none_or(|known| !known.contains_key(*name)))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        };
        let nothing = Value::Null;
        let all_properties = all.get("properties").unwrap_or(&nothing);
        Self {
            inherited: less(schema["properties"].as_object(), &all_properties["properties"]),
            inherited_definitions: less(
                Some(&definitions),
                all.get("definitions").unwrap_or(&nothing),
            ),
            outputs: own.remove("outputs").unwrap_or_default(),
            schema,
            definitions,
        }
    }
}

fn object(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// A folder of captures of one run against one server.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// Opens the folder; captures of another server, or of the same one with other
    /// plugins, are dropped.
    pub fn open(folder: &Path, instance: &Instance) -> Result<Self, Failure> {
        let mark = format!(
            "{}\n{}\n{}\n",
            instance.client.url(&instance.prefix),
            instance.version,
            instance.plugins_hash
        );
        let file = folder.join("server");
        if fs::read_to_string(&file).is_ok_and(|known| known != mark) {
            fs::remove_dir_all(folder).map_err(|error| Failure::of_file(folder, &error))?;
        }
        write::text(&file, &mark)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// What was captured of a class.
    #[must_use]
    pub fn get(&self, class: &str) -> Option<Capture> {
        // A file that does not read back is as good as none: the class is asked for again.
        serde_json::from_slice(&fs::read(self.file(class)).ok()?).ok()
    }

    /// Whether a class was captured.
    #[must_use]
    pub fn has(&self, class: &str) -> bool {
        self.file(class).exists()
    }

    /// Keeps a capture.
    pub fn put(&self, class: &str, capture: &Capture) -> Result<(), Failure> {
        let text = serde_json::to_value(capture).unwrap_or_default().to_string();
        write::text(&self.file(class), &text)
    }

    /// Removes the folder: everything was written to where it belongs.
    pub fn close(self) -> Result<(), Failure> {
        fs::remove_dir_all(&self.folder).map_err(|error| Failure::of_file(&self.folder, &error))
    }

    fn file(&self, class: &str) -> PathBuf {
        self.folder.join(format!("{class}.json"))
    }
}
