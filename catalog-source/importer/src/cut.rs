//! Cuts a schema that Kestra answers into its facts and its texts.
//!
//! Facts are what the catalog's `facts/` hold: no sentence, members and properties in a
//! fixed order, so that the same schema gives the same bytes whichever server answered.
//! Texts are a tree that mirrors the schema and holds the sentences at their places.

use serde_json::{Map, Value};

use crate::clean::clean;

/// Members that hold sentences.
const TEXT_MEMBERS: [&str; 3] = ["title", "description", "markdownDescription"];

/// Members whose value is data of the schema's author, not a schema.
const DATA_MEMBERS: [&str; 3] = ["default", "const", "enum"];

/// A default of that many characters or more is text in all but name: the longest of
/// the others has 160, the one above it is a whole configuration file.
const LONG_DEFAULT: usize = 200;

/// Members in the order in which facts state them; others follow as they came.
const ORDER: [&str; 24] = [
    "type",
    "$ref",
    "allOf",
    "anyOf",
    "const",
    "enum",
    "format",
    "required",
    "additionalProperties",
    "items",
    "default",
    "minLength",
    "minimum",
    "maxLength",
    "maximum",
    "pattern",
    "$deprecated",
    "properties",
    "$dynamic",
    "$group",
    "$internalStorageURI",
    "$language",
    "$secret",
    "$required",
];

/// A schema, cut in two.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cut {
    /// The schema without sentences.
    pub facts: Value,
    /// The sentences at their places; empty where there is none.
    pub texts: Map<String, Value>,
}

/// Cuts one schema: of a property, an output or a definition.
#[must_use]
pub fn cut(schema: &Value) -> Cut {
    match schema {
        Value::Object(members) => cut_object(members),
        Value::Array(items) => {
            let mut cuts = Cut::default();
            let mut facts = Vec::with_capacity(items.len());
            for (position, item) in items.iter().enumerate() {
                facts.push(take(cut(item), &position.to_string(), &mut cuts.texts));
            }
            Cut { facts: Value::Array(facts), ..cuts }
        }
        other => Cut { facts: other.clone(), texts: Map::new() },
    }
}

/// Cuts a map from names to schemas; required ones come first, the rest by name.
#[must_use]
pub fn cut_properties(properties: &Map<String, Value>, required: &[&str]) -> Cut {
    let mut names: Vec<&String> = properties.keys().collect();
    names.sort_by_key(|name| {
        let needed = properties[*name]["$required"] == Value::Bool(true);
        (!needed && !required.contains(&name.as_str()), *name)
    });
    let mut texts = Map::new();
    let facts = names
        .into_iter()
        .map(|name| (name.clone(), take(cut(&properties[name]), name, &mut texts)))
        .collect();
    Cut { facts: Value::Object(facts), texts }
}

/// Names of a `required` member, sorted: servers differ in their order.
#[must_use]
pub fn names_of(required: &Value) -> Vec<&str> {
    let mut names: Vec<&str> =
        required.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    names.sort_unstable();
    names
}

fn cut_object(members: &Map<String, Value>) -> Cut {
    let mut texts = Map::new();
    let mut facts = Map::new();
    let known = ORDER.iter().filter_map(|key| members.get_key_value(*key));
    let others = members.iter().filter(|(key, _)| !ORDER.contains(&key.as_str()));
    for (key, value) in known.chain(others) {
        match key.as_str() {
            "$schema" => {}
            "$examples" => {
                texts.insert(key.clone(), value.clone());
            }
            name if TEXT_MEMBERS.contains(&name) => {
                if let Some(text) = value.as_str() {
                    texts.insert(key.clone(), Value::String(clean(text)));
                }
            }
            "default" if value.to_string().len() >= LONG_DEFAULT => {
                texts.insert(key.clone(), value.clone());
            }
            name if DATA_MEMBERS.contains(&name) => {
                facts.insert(key.clone(), sorted(value));
            }
            "required" if value.is_array() => {
                facts.insert(key.clone(), names_of(value).into_iter().map(Value::from).collect());
            }
            "properties" if value.is_object() => {
                let properties = value.as_object().expect("checked by the guard");
                let required = members.get("required").map(names_of).unwrap_or_default();
                let cuts = cut_properties(properties, &required);
                facts.insert(key.clone(), take(cuts, key, &mut texts));
            }
            _ => {
                facts.insert(key.clone(), take(cut(value), key, &mut texts));
            }
        }
    }
    Cut { facts: Value::Object(facts), texts }
}

/// Objects by name: where they come from maps of Java, their order changes by the run.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            members.into_iter().map(|(name, value)| (name.clone(), sorted(value))).collect()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

/// Puts the texts of a part under its name and hands out its facts.
fn take(part: Cut, name: &str, texts: &mut Map<String, Value>) -> Value {
    if !part.texts.is_empty() {
        texts.insert(name.to_owned(), Value::Object(part.texts));
    }
    part.facts
}

/// The shortest way to write the texts of a property: a plain string where there is
/// only a description.
#[must_use]
pub fn shortest(mut texts: Map<String, Value>) -> Value {
    match (texts.len(), texts.get("description")) {
        (1, Some(Value::String(_))) => texts.remove("description").unwrap_or_default(),
        _ => Value::Object(texts),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(schema: &Value, facts: &str, texts: &Value) {
        let cut = cut(schema);
        assert_eq!(cut.facts.to_string(), facts);
        assert_eq!(&Value::Object(cut.texts), texts);
    }

    #[test]
    fn keeps_facts_and_texts_apart() {
        check(
            &json!({"$dynamic": true, "title": "A", "type": "string", "description": "B"}),
            r#"{"type":"string","$dynamic":true}"#,
            &json!({"title": "A", "description": "B"}),
        );
    }

    #[test]
    fn a_property_may_be_called_title() {
        check(
            &json!({"properties": {"title": {"type": "string", "title": "The title"}}}),
            r#"{"properties":{"title":{"type":"string"}}}"#,
            &json!({"properties": {"title": {"title": "The title"}}}),
        );
    }

    #[test]
    fn nested_texts_keep_their_place() {
        check(
            &json!({"anyOf": [{"type": "string"}, {"type": "number", "title": "N"}]}),
            r#"{"anyOf":[{"type":"string"},{"type":"number"}]}"#,
            &json!({"anyOf": {"1": {"title": "N"}}}),
        );
    }

    #[test]
    fn required_properties_come_first() {
        check(
            &json!({"required": ["z", "c"], "properties": {"a": {}, "b": {"$required": true}, "c": {}, "z": {}}}),
            r#"{"required":["c","z"],"properties":{"b":{"$required":true},"c":{},"z":{},"a":{}}}"#,
            &json!({}),
        );
    }

    #[test]
    fn a_default_that_is_an_object_is_left_alone() {
        check(&json!({"default": {"title": "x"}}), r#"{"default":{"title":"x"}}"#, &json!({}));
    }

    #[test]
    fn a_long_default_is_text() {
        let long = "x".repeat(LONG_DEFAULT);
        check(&json!({"default": long}), "{}", &json!({"default": long}));
    }

    #[test]
    fn only_a_description_is_a_string() {
        let texts = cut(&json!({"description": "B"})).texts;
        assert_eq!(shortest(texts), json!("B"));
    }
}
