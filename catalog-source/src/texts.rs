//! The texts as their files state them, and how a description is looked up.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::facts::Properties;

/// Descriptions by name.
pub type Descriptions = BTreeMap<String, Described>;

/// What is said of a property: its description, or all of its texts at their places.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
pub enum Described {
    /// Its description; an empty one says that nothing is to be said.
    Plain(String),
    /// A tree that mirrors the schema: `title`, `description` and the like stand where
    /// they belong, other members lead further in, positions of a list by number. This
    /// is how the importer writes texts of a Kestra.
    Tree(Properties),
}

impl Described {
    /// Puts the texts into a schema.
    pub fn put(&self, schema: &mut Value) {
        match self {
            Self::Plain(text) => put_description(schema, text),
            Self::Tree(texts) => put_tree(schema, texts),
        }
    }
}

/// Puts a description into a schema; an empty one is none.
pub fn put_description(schema: &mut Value, text: &str) {
    if let (Some(members), false) = (schema.as_object_mut(), text.is_empty()) {
        members.insert("description".into(), Value::from(text));
    }
}

/// Puts the texts of a tree into a schema. A branch that the schema does not have falls
/// away: the facts say what there is.
pub fn put_tree(schema: &mut Value, texts: &Properties) {
    for (name, text) in texts {
        let inner = match schema {
            Value::Object(members) => members.get_mut(name),
            Value::Array(items) => name.parse().ok().and_then(|at: usize| items.get_mut(at)),
            _ => return,
        };
        match (inner, text) {
            (Some(inner @ (Value::Object(_) | Value::Array(_))), Value::Object(branch)) => {
                put_tree(inner, branch);
            }
            (None, text) if TEXT_MEMBERS.contains(&name.as_str()) => {
                if let Some(members) = schema.as_object_mut() {
                    members.insert(name.clone(), text.clone());
                }
            }
            _ => {}
        }
    }
}

/// Members of a schema that are texts, or as long as one.
const TEXT_MEMBERS: [&str; 5] =
    ["title", "description", "markdownDescription", "$examples", "default"];

/// `texts/<plugin>.json`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PluginTexts {
    /// The plugin itself.
    #[serde(default)]
    pub plugin: GroupText,
    /// Its packages.
    #[serde(default)]
    pub subgroups: BTreeMap<String, GroupText>,
    /// Its classes.
    #[serde(default)]
    pub classes: BTreeMap<String, ClassText>,
    /// Properties that mean the same in all its classes.
    #[serde(default)]
    pub properties: Descriptions,
    /// Outputs that mean the same in all its classes.
    #[serde(default)]
    pub outputs: Descriptions,
    /// Its definitions.
    #[serde(default)]
    pub definitions: BTreeMap<String, DefinitionText>,
    /// Of Kestra itself: what classes have from their base class, by that class.
    #[serde(default)]
    pub base: BTreeMap<String, Descriptions>,
    /// Of Kestra itself: definitions that only inherited properties reach.
    #[serde(default)]
    pub inherited: BTreeMap<String, DefinitionText>,
}

/// Text of a plugin or package.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupText {
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// One line.
    #[serde(default)]
    pub description: String,
    /// Search words.
    #[serde(default)]
    pub words: String,
}

/// Text of a class.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ClassText {
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// What it does.
    #[serde(default)]
    pub description: String,
    /// Search words.
    #[serde(default)]
    pub words: String,
    /// Properties that are special in this class.
    #[serde(default)]
    pub properties: Descriptions,
    /// Outputs that are special in this class.
    #[serde(default)]
    pub outputs: Descriptions,
    /// Its metrics.
    #[serde(default)]
    pub metrics: BTreeMap<String, String>,
    /// What to use instead of a deprecated class.
    #[serde(default)]
    pub replaced_by: Option<String>,
}

/// Text of a definition.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefinitionText {
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// What it is.
    #[serde(default)]
    pub description: String,
    /// Texts further in, as in [`Described::Tree`].
    #[serde(default)]
    pub nested: Properties,
    /// Its properties.
    #[serde(default)]
    pub properties: Descriptions,
}

/// Text of an Enterprise element.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnterpriseText {
    /// Its title.
    pub title: String,
    /// What it does.
    pub description: String,
    /// Search words.
    #[serde(default)]
    pub words: String,
    /// Its properties.
    #[serde(default)]
    pub properties: Descriptions,
}

/// `texts/glossary.json`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Glossary {
    /// Properties.
    #[serde(default)]
    pub properties: BTreeMap<String, General>,
    /// Outputs.
    #[serde(default)]
    pub outputs: BTreeMap<String, General>,
    /// Definitions that several plugins share, and those of Kestra's own model.
    #[serde(default)]
    pub definitions: BTreeMap<String, DefinitionText>,
}

/// A description that holds everywhere, or one for each JSON type. A key such as
/// `boolean|string` means a property that takes both.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum General {
    /// One for all types.
    Always(String),
    /// By `type`; `other` for the rest.
    ByType(BTreeMap<String, String>),
}

impl General {
    /// The description for a property with that schema.
    #[must_use]
    pub fn for_schema(&self, schema: &Value) -> Option<&str> {
        match self {
            Self::Always(text) => Some(text),
            Self::ByType(by_type) => {
                let types = types(schema);
                let all = by_type.iter().find(|(key, _)| {
                    key.contains('|') && key.split('|').collect::<BTreeSet<_>>() == types
                });
                all.map(|(_, text)| text)
                    .or_else(|| types.iter().find_map(|kind| by_type.get(*kind)))
                    .or_else(|| by_type.get("other"))
                    .map(String::as_str)
            }
        }
    }
}

/// JSON types that a schema allows.
fn types(schema: &Value) -> BTreeSet<&str> {
    if let Some(kind) = schema["type"].as_str() {
        return BTreeSet::from([kind]);
    }
    schema["anyOf"].as_array().into_iter().flatten().flat_map(types).collect()
}
