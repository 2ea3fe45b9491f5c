//! What is imported from a Kestra and laid over the catalog is what that Kestra says,
//! texts included.

use std::collections::BTreeMap;
use std::path::Path;

use catalog_importer::clean::clean;
use catalog_source::elements::{Catalog, Schema};
use serde_json::{Map, Value, json};

use crate::recordings::{Recording, by_class, shared};
use crate::support::{instance, laid_over, overlay};

/// The catalog with an import of the recording laid over it.
fn imported(recording: &str, version: &'static str, target: &Path) -> Option<Catalog> {
    let mock = Recording::read(&shared(recording)?, version).start();
    let summary = overlay(&instance(&mock), target);
    assert!(summary.skipped.is_empty(), "{summary}");
    Some(laid_over(target).1)
}

/// A recorded schema as it is answered: texts cleaned, lists whose order changes by the
/// run sorted, `$schema` left out.
fn normal(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| *name != "$schema")
            .map(|(name, value)| (name.clone(), text_or(name, value)))
            .collect(),
        Value::Array(items) => items.iter().map(normal).collect(),
        other => other.clone(),
    }
}

fn text_or(name: &str, value: &Value) -> Value {
    match (name, value) {
        ("title" | "description" | "markdownDescription", Value::String(text)) => {
            json!(clean(text))
        }
        ("required", Value::Array(names)) => {
            let mut names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
            names.sort_unstable();
            json!(names)
        }
        ("default" | "const" | "enum" | "$examples", value) => value.clone(),
        (_, value) => normal(value),
    }
}

fn object(value: &Value) -> Map<String, Value> {
    normal(value).as_object().cloned().unwrap_or_default()
}

/// The definitions that properties and outputs reach. Three classes come with others
/// besides: the catalog leaves out what nothing refers to.
fn reached(schema: &Value) -> Map<String, Value> {
    let definitions = object(&schema["definitions"]);
    let mut found = Map::new();
    let mut next = Vec::new();
    references(&schema["properties"]["properties"], &mut next);
    references(&schema["outputs"], &mut next);
    while let Some(name) = next.pop() {
        if let Some(definition) = definitions.get(&name).filter(|_| !found.contains_key(&name)) {
            references(definition, &mut next);
            found.insert(name, definition.clone());
        }
    }
    found
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                found.push(reference.rsplit('/').next().unwrap_or_default().to_owned());
            }
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// What differs between what the catalog says of a class and what was recorded.
fn differences(schema: &Schema, own: &Value, all: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut check = |what: &str, want: &Map<String, Value>, got: &Map<String, Value>| {
        for name in want.keys().chain(got.keys().filter(|name| !want.contains_key(*name))) {
            if want.get(name) != got.get(name) {
                found.push(format!(
                    "{what} {name}: want {:?} got {:?}",
                    want.get(name),
                    got.get(name)
                ));
            }
        }
    };
    let definitions =
        |list: &[(String, Value)]| list.iter().cloned().collect::<Map<String, Value>>();
    check("property", &object(&own["properties"]["properties"]), &schema.own);
    check("output", &object(&own["outputs"]["properties"]), &schema.outputs);
    check("definition", &reached(own), &definitions(&schema.definitions));
    let less = |mut all: Map<String, Value>, own: &Value| {
        let own = own.as_object().cloned().unwrap_or_default();
        all.retain(|name, _| !own.contains_key(name));
        all
    };
    let inherited =
        less(object(&all["properties"]["properties"]), &own["properties"]["properties"]);
    check("inherited", &inherited, &schema.inherited);
    let further = less(reached(all), &json!(reached(own)));
    check("inherited definition", &further, &definitions(&schema.inherited_definitions));
    found
}

fn check(recording: &str, version: &'static str, line: usize, kinds: impl Fn(&str) -> bool) {
    let target = tempfile::tempdir().expect("a folder");
    let Some(catalog) = imported(recording, version, target.path()) else { return };
    let folder = shared(recording).expect("it was there");
    let own = by_class(&folder.join("schemas.jsonl.gz"));
    let all = by_class(&folder.join("schemas-all.jsonl.gz"));
    let elements: BTreeMap<&str, _> =
        catalog.elements.iter().map(|element| (element.name.as_str(), element)).collect();
    let mut found = Vec::new();
    for (class, row) in own.iter().filter(|(class, _)| kinds(class)) {
        let element = elements[class.as_str()];
        let said = &row["schema"]["properties"];
        for (what, got) in [("title", &element.title), ("description", &element.description)] {
            let want = said[what].as_str().map(clean);
            let want = want.as_deref().map(|text| if what == "title" { text.trim() } else { text });
            if want.is_some_and(|want| want != got) {
                found.push(format!("{class} {what}: want {want:?} got {got:?}"));
            }
        }
        let schema = element.schemas[line].as_ref().expect("the line has the class");
        let differing = differences(schema, &row["schema"], &all[class]["schema"]);
        found.extend(differing.into_iter().map(|it| format!("{class} {it}")));
    }
    let shown: Vec<String> =
        found.iter().take(8).map(|it| it.chars().take(900).collect()).collect();
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), shown.join("\n"));
}

#[test]
fn the_schemas_of_2_0_are_answered_as_recorded() {
    check("recordings", "2.0.0", 0, |_| true);
}
