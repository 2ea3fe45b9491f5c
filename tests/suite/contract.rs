use serde_json::{Value, json};

use crate::support::{connect, exchange, post, shared_server};

/// The result of a request; panics on an error.
#[track_caller]
fn result(method: &str, params: &Value) -> Value {
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    let answer = exchange(&mut connect(shared_server()), &post("", &message.to_string())).json();
    assert!(answer.get("error").is_none(), "{method} {params}: {answer}");
    answer["result"].clone()
}

fn tools() -> Vec<Value> {
    let tools = result("tools/list", &json!({}))["tools"].take();
    tools.as_array().expect("tools is an array").clone()
}

fn assert_no_nulls(value: &Value, at: &str) {
    match value {
        Value::Null => panic!("null in {at}"),
        Value::Array(elements) => elements.iter().for_each(|element| assert_no_nulls(element, at)),
        Value::Object(members) => members.values().for_each(|member| assert_no_nulls(member, at)),
        _ => {}
    }
}

/// T10, T11: what hosts and the conformance suite take for a name.
#[test]
fn names_of_tools_are_short_plain_and_unique() {
    let mut seen = Vec::new();
    for tool in tools() {
        let name = tool["name"].as_str().expect("a name is a string").to_owned();
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        assert!((1..=40).contains(&name.len()) && name.bytes().all(plain), "{name}");
        assert!(tool["description"].as_str().is_some_and(|text| !text.is_empty()), "{name}");
        assert!(!seen.contains(&name), "{name} is listed twice");
        seen.push(name);
    }
}

/// R1, T9, M11: schemas that every client takes.
#[test]
fn input_schemas_are_plain_objects() {
    for tool in tools() {
        let schema = &tool["inputSchema"];
        assert_eq!(schema["type"], "object", "{tool}");
        let properties = schema["properties"].as_object().expect("properties are always there");
        assert!(properties.values().all(Value::is_object), "{tool}");
        for keyword in ["oneOf", "anyOf", "allOf", "not", "if", "$ref", "$defs", "definitions"] {
            assert!(schema.get(keyword).is_none(), "{keyword} in {tool}");
        }
        if let Some(required) = schema.get("required") {
            let required = required.as_array().expect("required is a list");
            assert!(!required.is_empty(), "{tool}");
            assert!(
                required.iter().all(|name| properties.contains_key(name.as_str().unwrap_or("")))
            );
        }
        assert!(!tool.to_string().contains("x-mcp-header"), "{tool}");
    }
}

/// R6.
#[test]
fn tools_are_annotated_as_harmless() {
    for tool in tools() {
        let hints = &tool["annotations"];
        for (hint, value) in [
            ("readOnlyHint", true),
            ("destructiveHint", false),
            ("idempotentHint", true),
            ("openWorldHint", false),
        ] {
            assert_eq!(hints[hint], value, "{hint} of {tool}");
        }
        assert!(tool["title"].is_string(), "{tool}");
        assert_eq!(hints["title"], tool["title"], "{tool}");
    }
}

/// O1, T5 to T8: text alone, in one block, in every case.
#[test]
fn answers_are_one_block_of_text() {
    for tool in tools() {
        assert!(tool.get("outputSchema").is_none(), "{tool}");
        for arguments in [json!({}), json!({"no_such_argument": 1}), Value::Null] {
            let call = json!({"name": tool["name"], "arguments": arguments});
            let result = result("tools/call", &call);
            assert!(result.get("structuredContent").is_none(), "{call}");
            let content = result["content"].as_array().expect("content is a list");
            assert_eq!(content.len(), 1, "{call}");
            assert_eq!(content[0]["type"], "text", "{call}");
            assert!(content[0]["text"].as_str().is_some_and(|text| !text.is_empty()), "{call}");
            let miss = result["isError"] == true;
            assert_eq!(miss, result["_meta"].is_null(), "a miss names no catalog: {result}");
        }
    }
}

/// T3: what is wrong with arguments is for the model to read, not for the client.
#[test]
fn bad_arguments_are_never_a_protocol_error() {
    for tool in tools() {
        let properties = tool["inputSchema"]["properties"].as_object().expect("they are there");
        for wrong in [json!({}), json!([]), json!(-1), json!(true), json!("\u{0}"), json!([[]])] {
            let arguments: Value =
                properties.keys().map(|key| (key.clone(), wrong.clone())).collect();
            result("tools/call", &json!({"name": tool["name"], "arguments": arguments}));
        }
    }
}

/// R2: clients with strict schemas drop a whole reply for one null.
#[test]
fn nothing_is_null() {
    for method in ["tools/list", "resources/list", "resources/templates/list", "prompts/list"] {
        assert_no_nulls(&result(method, &json!({})), method);
    }
    assert_no_nulls(&result("initialize", &json!({"protocolVersion": "2025-11-25"})), "initialize");
}

/// P1 to P3: what a list hands out as a cursor it takes; anything else it refuses.
#[test]
fn cursors_of_tools_are_checked() {
    for tool in tools() {
        if tool["inputSchema"]["properties"].get("cursor").is_some() {
            let call =
                json!({"name": tool["name"], "arguments": {"query": "aws", "cursor": "bm9wZQ"}});
            assert_eq!(result("tools/call", &call)["isError"], true, "{call}");
        }
    }
}

/// Each class that is not found says what is near, whether another was found or not.
#[test]
fn a_batch_says_what_is_near_to_each_class_that_is_missing() {
    for found in ["", ",io.kestra.plugin.core.log.Log"] {
        let classes = format!("io.kestra.plugin.aws.s3.Uploads,Zzzzqqqq{found}");
        let arguments = json!({"cls": classes});
        let call = json!({"name": "task_schema", "arguments": arguments});
        let result = result("tools/call", &call);
        assert_eq!(result["isError"] == true, found.is_empty(), "{result}");
        let text = result["content"][0]["text"].as_str().expect("a text");
        let answer: Value = serde_json::from_str(text).expect("it is JSON");
        let near = &answer["notFound"][0]["didYouMean"];
        assert_eq!(near[0], "io.kestra.plugin.aws.s3.Upload", "{answer}");
        assert!(answer["notFound"][1]["error"].is_string(), "{answer}");
    }
}
