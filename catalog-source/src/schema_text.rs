//! The pieces of an answer to `task_schema`.

use serde_json::{Map, Value, json};

use crate::elements::{Element, Schema};
use crate::facts::Properties;
use crate::json::{escaped, quoted};
use crate::store::{OFTEN, Splice, Store, Text};

/// Most bytes of one answer. An o200k token of these answers is 4.1 bytes on average and
/// 3.7 at the least over the whole catalog, so this stays under 8,000 tokens.
pub const MAX_BYTES: usize = 28_000;

/// Pieces of one class in one line, in the order in which they are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SchemaText {
    /// From `{` to the opening of the properties.
    pub head: Splice,
    /// Own properties.
    pub own: Splice,
    /// Inherited properties, with a comma before them if there are own ones.
    pub inherited: Splice,
    /// From the end of the properties to the opening of the outputs, if there are any.
    pub tail: Splice,
    /// The same with what the base class requires.
    pub tail_all: Splice,
    /// Outputs, if there are any, and the end of their schema.
    pub outputs: Splice,
    /// Names of the outputs, separated by commas.
    pub output_names: Text,
    /// Member with the definitions reached from its own properties and outputs, as many as
    /// an answer shows, and member that names the rest.
    pub definitions: Splice,
    /// The same with those that inherited properties reach.
    pub definitions_all: Splice,
    /// Metrics and example, without the closing `}`.
    pub end: Splice,
}

/// One definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DefinitionText {
    /// Its name.
    pub name: Text,
    /// The member that it is.
    pub member: Splice,
}

/// All definitions of one class, nearest first: those reached from its own properties and
/// outputs, then those from inherited properties.
#[must_use]
pub fn definitions(schema: &Schema, store: &mut Store) -> [Vec<DefinitionText>; 2] {
    [&schema.definitions, &schema.inherited_definitions].map(|definitions| {
        let texts = definitions.iter().map(|definition| DefinitionText {
            member: store.splice(&escaped(&pair(definition)), OFTEN),
            name: store.text(&escaped(&definition.0)),
        });
        texts.collect()
    })
}

/// Writes the pieces of a class in one line.
pub fn schema_text(
    element: &Element,
    schema: &Schema,
    members: &[(&str, Value)],
    store: &mut Store,
) -> SchemaText {
    let mut head = Map::new();
    let name = if element.is_class { "type" } else { "name" };
    head.insert(name.into(), json!(element.name));
    head.insert("kind".into(), json!(element.kind));
    head.insert("title".into(), json!(element.title));
    if !element.description.is_empty() {
        head.insert("description".into(), json!(element.description));
    }
    for (key, value) in members {
        head.insert((*key).to_owned(), value.clone());
    }
    let head = json_text(&Value::Object(head));
    let head = format!(
        "{},\"propertiesSchema\":{{\"type\":\"object\",\"properties\":{{",
        &head[..head.len() - 1]
    );
    let own: Vec<String> = schema.own.iter().map(member).collect();
    let inherited: Vec<String> = schema.inherited.iter().map(member).collect();
    let outputs: Vec<String> = schema.outputs.iter().map(member).collect();
    let open = if outputs.is_empty() {
        String::new()
    } else {
        let required = names_required(&schema.outputs);
        let required = if required.is_empty() {
            String::new()
        } else {
            format!("\"required\":{},", json_text(&json!(required)))
        };
        format!(",\"outputsSchema\":{{\"type\":\"object\",{required}\"properties\":{{")
    };
    let required = |base: bool| {
        let mut required = schema.required.clone();
        if base {
            required.extend(names_required(&schema.inherited));
            // Kestra requires the type without stating it as a property.
            required.extend(TYPED.contains(&element.kind.as_str()).then(|| "type".to_owned()));
            required.sort();
            required.dedup();
        }
        if required.is_empty() {
            String::new()
        } else {
            format!(",\"required\":{}", json_text(&json!(required)))
        }
    };
    let tail = format!("}}{}}}{open}", required(false));
    let tail_all = format!("}}{}}}{open}", required(true));
    let definitions: Vec<String> = schema.definitions.iter().map(pair).collect();
    let inherited_definitions: Vec<String> =
        schema.inherited_definitions.iter().map(pair).collect();
    let mut end = String::new();
    if !schema.metrics.is_empty() {
        end = format!(",\"metrics\":{}", json_text(&json!(schema.metrics)));
    }
    if let Some(example) = &element.example {
        end = format!("{end},\"example\":{}", quoted(example));
    }
    let sum = |texts: &[String]| texts.iter().map(|text| text.len() + 1).sum::<usize>();
    let fixed = head.len() + sum(&own) + sum(&outputs) + end.len() + 40;
    let names = |definitions: &[(String, Value)]| -> Vec<String> {
        definitions.iter().map(|(name, _)| name.clone()).collect()
    };
    let own_names = names(&schema.definitions);
    let mut all_names = own_names.clone();
    all_names.extend(names(&schema.inherited_definitions));
    let mut all_definitions = definitions.clone();
    all_definitions.extend(inherited_definitions.iter().cloned());
    let (shown, omitted) = fitting(fixed + tail.len(), &definitions, &own_names);
    let (shown_all, omitted_all) =
        fitting(fixed + tail_all.len() + sum(&inherited), &all_definitions, &all_names);
    let before = if own.is_empty() || inherited.is_empty() { "" } else { "," };
    let inherited = format!("{before}{}", inherited.join(","));
    let close = if outputs.is_empty() { "" } else { "}}" };
    let outputs = format!("{}{close}", outputs.join(","));
    let output_names: Vec<&str> = schema.outputs.keys().map(String::as_str).collect();
    let mut splice = |text: &str| store.splice(&escaped(text), OFTEN);
    // In the order in which an answer has them: what is new then lies together.
    SchemaText {
        head: splice(&head),
        own: splice(&own.join(",")),
        tail: splice(&tail),
        outputs: splice(&outputs),
        definitions: splice(&member_of(&definitions[..shown], &omitted)),
        end: splice(&end),
        inherited: splice(&inherited),
        tail_all: splice(&tail_all),
        definitions_all: splice(&member_of(&all_definitions[..shown_all], &omitted_all)),
        output_names: store.text(&escaped(&output_names.join(","))),
    }
}

/// The member with the definitions that are shown, and that which names the rest.
fn member_of(shown: &[String], omitted: &str) -> String {
    if shown.is_empty() {
        return omitted.to_owned();
    }
    format!(",\"definitions\":{{{}}}{omitted}", shown.join(","))
}

/// Kinds whose base class requires `type`.
const TYPED: [&str; 5] = ["task", "trigger", "condition", "asset", "additionalPlugin"];

/// Names of the properties that are required.
fn names_required(properties: &Properties) -> Vec<String> {
    let required = properties.iter().filter(|(_, it)| it["$required"] == json!(true));
    let mut names: Vec<String> = required.map(|(name, _)| name.clone()).collect();
    names.sort();
    names
}

/// How many definitions fit beside `fixed` bytes, and the member that names the rest.
fn fitting(fixed: usize, definitions: &[String], names: &[String]) -> (usize, String) {
    let mut bytes = fixed + definitions.iter().map(|text| text.len() + 1).sum::<usize>();
    let mut shown = definitions.len();
    while bytes > MAX_BYTES && shown > 0 {
        shown -= 1;
        bytes = bytes - definitions[shown].len() - 1 + names[shown].len() + 3;
    }
    let omitted = if shown < names.len() {
        format!(",\"definitionsOmitted\":{}", json_text(&json!(names[shown..])))
    } else {
        String::new()
    };
    (shown, omitted)
}

fn member((name, schema): (&String, &Value)) -> String {
    format!("{}:{}", quoted(name), json_text(schema))
}

fn pair((name, schema): &(String, Value)) -> String {
    member((name, schema))
}

/// Compact JSON.
#[must_use]
pub fn json_text(value: &Value) -> String {
    serde_json::to_string(value).expect("a JSON value can always be written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_and_inherited_properties_may_be_required() {
        let properties = |text: &str| serde_json::from_str(text).expect("JSON");
        let schema = Schema {
            inherited: properties(r#"{"id":{"$required":true},"x":{}}"#),
            outputs: properties(r#"{"b":{"$required":true},"a":{}}"#),
            ..Schema::default()
        };
        let element = Element { kind: "task".into(), ..Element::default() };
        let mut store = Store::default();
        let text = schema_text(&element, &schema, &[], &mut store);
        let open =
            r#",\"outputsSchema\":{\"type\":\"object\",\"required\":[\"b\"],\"properties\":{"#;
        assert_eq!(store.spliced(text.tail), format!("}}}}{open}"));
        let required = r#",\"required\":[\"id\",\"type\"]}"#;
        assert_eq!(store.spliced(text.tail_all), format!("}}{required}{open}"));
    }

    #[test]
    fn drops_the_deepest_definitions_first() {
        let definitions = vec!["x".repeat(10_000), "y".repeat(10_000), "z".repeat(10_000)];
        let names = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
        let (shown, omitted) = fitting(1_000, &definitions, &names);
        assert_eq!(shown, 2);
        assert_eq!(omitted, ",\"definitionsOmitted\":[\"c\"]");
    }

    #[test]
    fn writes_the_pieces_of_a_class() {
        let schema = Schema {
            own: serde_json::from_str(r#"{"bucket":{"type":"string"}}"#).expect("JSON"),
            required: vec!["bucket".into()],
            ..Schema::default()
        };
        let element = Element {
            name: "a.B".into(),
            is_class: true,
            kind: "task".into(),
            title: "Say \"b\"".into(),
            ..Element::default()
        };
        let mut store = Store::default();
        let text = schema_text(&element, &schema, &[("plugin", json!("p"))], &mut store);
        assert_eq!(
            store.spliced(text.head),
            r#"{\"type\":\"a.B\",\"kind\":\"task\",\"title\":\"Say \\\"b\\\"\",\"plugin\":\"p\",\"propertiesSchema\":{\"type\":\"object\",\"properties\":{"#
        );
        assert_eq!(store.spliced(text.tail), r#"},\"required\":[\"bucket\"]}"#);
        assert_eq!(store.spliced(text.own), r#"\"bucket\":{\"type\":\"string\"}"#);
    }
}
