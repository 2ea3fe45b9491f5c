use std::collections::{BTreeMap, BTreeSet};

use kestra_mcp::index;
use kestra_mcp::model::catalog;
use serde_json::{Map, Value, json};

use crate::ask;
use crate::facts::{Class, FACTS};

/// Every class of every line, as it is and with what it inherits: properties, types,
/// formats, enums, defaults, required, deprecated and dynamic marks, outputs, metrics
/// and definitions. Descriptions are set aside, being no facts.
#[test]
fn schemas_say_what_the_facts_say() {
    let mut differences = Vec::new();
    let mut compared = 0;
    for class in &FACTS.classes {
        for line in class.lines() {
            for all in [false, true] {
                let arguments = json!({"cls": class.name, "kestra": line, "all": all});
                let answer = ask::json("task_schema", &arguments);
                compare(class, line, all, &answer, &mut differences);
                compared += 1;
            }
        }
    }
    assert!(compared > 5_000, "only {compared} schemas were compared");
    let count = differences.len();
    differences.truncate(40);
    assert!(count == 0, "{count} differences:\n{}", differences.join("\n"));
}

fn compare(class: &Class, line: &str, all: bool, answer: &Value, differences: &mut Vec<String>) {
    let mut check = |what: &str, got: Value, expected: Value| {
        if got != expected {
            differences.push(format!(
                "{} {line} all={all} {what}:\n  answered {got}\n  facts    {expected}",
                class.name
            ));
        }
    };
    let schema = &answer["propertiesSchema"];
    let mut properties = class.own();
    let mut required = class.required();
    let mut definitions = class.definitions();
    if all {
        let inherited = class.inherited(line);
        required.extend(class.required_of_base(line));
        properties.extend(inherited);
        for (name, definition) in class.inherited_definitions(line) {
            definitions.entry(name).or_insert(definition);
        }
    }
    check("type", answer["type"].clone(), json!(class.name));
    check("kind", answer["kind"].clone(), json!(class.kind()));
    check("plugin", answer["plugin"].clone(), json!(class.plugin));
    check("deprecated", flag(&answer["deprecated"]), flag(&class.facts["deprecated"]));
    check("properties", undescribed(&schema["properties"]), Value::Object(properties));
    check("required", strings(&schema["required"]), json!(required));
    check(
        "outputs",
        undescribed(&answer["outputsSchema"]["properties"]),
        Value::Object(class.outputs()),
    );
    check("metrics", list(&answer["metrics"]), list(&class.facts["metrics"]));
    let answered = answered_definitions(class, line, answer);
    let names = |of: &BTreeMap<String, Value>| json!(of.keys().collect::<Vec<_>>());
    check("names of definitions", names(&answered), names(&definitions));
    for (name, expected) in definitions {
        if let Some(got) = answered.get(&name) {
            check(&format!("definition {name}"), got.clone(), expected);
        }
    }
}

/// The definitions that an answer shows, and those that it names as left out, fetched.
fn answered_definitions(class: &Class, line: &str, answer: &Value) -> BTreeMap<String, Value> {
    let shown = answer["definitions"].as_object().cloned().unwrap_or_default();
    let mut found: BTreeMap<String, Value> = shown.into_iter().collect();
    for name in list(&answer["definitionsOmitted"]).as_array().expect("a list") {
        let name = name.as_str().expect("a name");
        let arguments = json!({"cls": class.name, "kestra": line, "definitions": name});
        let one = ask::json("task_schema", &arguments)["definitions"][name].take();
        assert!(found.insert(name.to_owned(), one).is_none(), "{name} is shown and left out");
    }
    found.into_iter().map(|(name, it)| (name, undescribed_definition(it))).collect()
}

fn undescribed_definition(mut definition: Value) -> Value {
    if let Some(members) = definition.as_object_mut() {
        if members.get("description").is_some_and(Value::is_string) {
            members.remove("description");
        }
        if let Some(properties) = members.get_mut("properties") {
            *properties = undescribed(properties);
        }
    }
    definition
}

/// Properties without their descriptions.
fn undescribed(properties: &Value) -> Value {
    let mut properties = properties.as_object().cloned().unwrap_or_default();
    for schema in properties.values_mut().filter_map(Value::as_object_mut) {
        if schema.get("description").is_some_and(Value::is_string) {
            schema.remove("description");
        }
    }
    Value::Object(properties)
}

fn flag(value: &Value) -> Value {
    json!(value == &json!(true))
}

fn list(value: &Value) -> Value {
    if value.is_null() { json!([]) } else { value.clone() }
}

/// A list of names as a set: the order of `required` says nothing.
fn strings(value: &Value) -> Value {
    let list = value.as_array().cloned().unwrap_or_default();
    json!(list.iter().filter_map(Value::as_str).collect::<BTreeSet<_>>())
}

/// What is known of Enterprise elements: names of properties, required marks, enums,
/// defaults; and nothing besides.
#[test]
fn enterprise_elements_say_what_is_public_and_no_more() {
    for element in &FACTS.enterprise {
        let name = element["cls"].as_str().or(element["name"].as_str()).expect("a name");
        let answer = ask::json("task_schema", &json!({"cls": name}));
        assert_eq!(answer["ee"], true, "{name}");
        assert_eq!(answer["kind"], element["kind"], "{name}");
        assert_eq!(answer["type"], element["cls"], "{name}: a class is never invented");
        let properties = undescribed(&answer["propertiesSchema"]["properties"]);
        let known = element["properties"].as_array().cloned().unwrap_or_default();
        assert_eq!(properties.as_object().map_or(0, Map::len), known.len(), "{name}");
        for property in known {
            let property_name = property["name"].as_str().expect("a name");
            let schema = &properties[property_name];
            assert!(schema.is_object(), "{name} {property_name}");
            assert_eq!(schema.get("default"), property.get("default"), "{name} {property_name}");
            let values = element["enums"].get(property_name);
            assert_eq!(schema.get("enum"), values, "{name} {property_name}");
            assert_eq!(schema.get("$required"), property.get("required"), "{name}");
        }
    }
}

/// Several classes in one call say what each says alone.
#[test]
fn a_batch_says_what_its_classes_say() {
    let classes: Vec<&Class> = FACTS.classes.iter().filter(|it| it.line != Some("1.3")).collect();
    let mut shown = 0;
    for batch in classes.chunks(10) {
        let names: Vec<&str> = batch.iter().map(|class| class.name.as_str()).collect();
        let answer = ask::json("task_schema", &json!({"cls": names, "kestra": "2.0"}));
        let schemas = answer["schemas"].as_array().expect("a list");
        let omitted = list(&answer["omitted"]);
        let omitted = omitted.as_array().expect("a list").iter().filter_map(Value::as_str);
        assert!(names[schemas.len()..].iter().copied().eq(omitted), "none is lost: {names:?}");
        shown += schemas.len();
        for (name, schema) in names.iter().zip(schemas) {
            let mut schema = schema.clone();
            let special = schema.as_object_mut().expect("an object").remove("definitions");
            let special = special.unwrap_or_default();
            let mut alone = ask::json("task_schema", &json!({"cls": name, "kestra": "2.0"}));
            let members = alone.as_object_mut().expect("an object");
            let definitions = members.remove("definitions").unwrap_or_default();
            members.remove("definitionsOmitted");
            assert_eq!(schema, alone, "{name}");
            for (definition, content) in definitions.as_object().cloned().unwrap_or_default() {
                let omitted = list(&answer["definitionsOmitted"]);
                let omitted = omitted.as_array().expect("a list");
                if !omitted.contains(&json!(definition)) {
                    let shared = &answer["definitions"][&definition];
                    let answered = special.get(&definition).unwrap_or(shared);
                    assert_eq!(*answered, content, "{name}: {definition}");
                }
            }
        }
    }
    assert!(shown > classes.len() / 2, "{shown} of {} shown", classes.len());
}

#[test]
fn the_term_index_verifies() {
    let terms = fst::raw::Fst::new(catalog::TERMS).expect("build.rs wrote an fst");
    terms.verify().expect("its checksum is right");
    assert!(terms.len() > 1_000, "{} terms", terms.len());
    let last = terms.len() as u32;
    let postings = (0..4).map(|source| index::tables().postings(last - 1, source).len());
    assert!(postings.sum::<usize>() > 0, "the last term has a posting");
}
