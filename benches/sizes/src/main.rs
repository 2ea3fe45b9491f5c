//! Prints how long answers are, in tokens of o200k, over the whole catalog, and fails
//! where one is over its limit.
//!
//! ```console
//! $ cargo run --release -p sizes
//! ```

#![expect(clippy::print_stdout, reason = "a report")]

use std::process::ExitCode;

use kestra_mcp::model::{Reply, catalog};
use kestra_mcp::tools::{self, Context, TOOLS, Verdict};
use serde_json::{Value, json};

/// Rule 4 of the contract: the median of default answers, the longest answer, a miss.
const MEDIAN: usize = 2_000;
const CAP: usize = 8_000;
const MISS: usize = 150;
/// All definitions of tools together.
const DEFINITIONS: usize = 3_000;

/// Lengths of the answers to calls of one sort.
struct Row {
    name: String,
    lengths: Vec<(usize, usize, String)>,
    limit: Limit,
}

/// What rows of calls must stay under.
#[derive(Clone, Copy, PartialEq)]
enum Limit {
    /// Default answers: median and cap.
    Default,
    /// Answers with options, and lists that are complete by contract: the cap.
    Cap,
    /// A limit of their own.
    Own(usize),
}

fn main() -> ExitCode {
    let mut rows = vec![definitions()];
    rows.extend(answers());
    rows.push(misses());
    let mut over = Vec::new();
    println!("{:34}{:>7}{:>8}{:>8}{:>8}{:>7}", "calls", "number", "median", "p95", "most", "bytes");
    for row in &mut rows {
        row.lengths.sort();
        row.print(&mut over);
    }
    for line in &over {
        println!("over: {line}");
    }
    if over.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

impl Row {
    fn new(name: &str, limit: Limit) -> Self {
        Self { name: name.to_owned(), lengths: Vec::new(), limit }
    }

    fn call(&mut self, tool: &str, arguments: &Value, expected: Verdict) {
        let text = call(tool, arguments, expected);
        self.lengths.push((tokens(&text), text.len(), format!("{tool} {arguments}")));
    }

    fn print(&self, over: &mut Vec<String>) {
        let at = |part: usize| self.lengths[(self.lengths.len() - 1) * part / 100].0;
        let bytes: usize = self.lengths.iter().map(|(_, bytes, _)| bytes).sum();
        let tokens: usize = self.lengths.iter().map(|(tokens, ..)| tokens).sum();
        println!(
            "{:34}{:>7}{:>8}{:>8}{:>8}{:>7.2}",
            self.name,
            self.lengths.len(),
            at(50),
            at(95),
            at(100),
            bytes as f64 / tokens as f64
        );
        if self.limit == Limit::Default && at(50) > MEDIAN {
            over.push(format!("{}: median {} tokens, {MEDIAN} at most", self.name, at(50)));
        }
        let limit = if let Limit::Own(limit) = self.limit { limit } else { CAP };
        for (tokens, bytes, call) in self.lengths.iter().filter(|it| it.0 > limit) {
            over.push(format!("{tokens} tokens, {bytes} bytes, {limit} at most: {call}"));
        }
    }
}

fn tokens(text: &str) -> usize {
    bpe_openai::o200k_base().count(text)
}

/// The text that a client shows its model.
fn call(tool: &str, arguments: &Value, expected: Verdict) -> String {
    let known = tools::find(tool).expect("the table has it");
    let mut reply = Reply::new();
    let verdict = known.call(&Context::default(), &arguments.to_string(), &mut reply);
    assert_eq!(verdict, Ok(expected), "{tool} {arguments}");
    let mut quoted = vec![b'"'];
    quoted.extend(reply.into_vec());
    quoted.push(b'"');
    serde_json::from_slice(&quoted).expect("answers are escaped")
}

fn definitions() -> Row {
    let list: Vec<&str> = TOOLS.iter().map(|tool| tool.definition).collect();
    let list = format!("[{}]", list.join(","));
    let mut row = Row::new("tools/list", Limit::Own(DEFINITIONS));
    row.lengths.push((tokens(&list), list.len(), "tools/list".to_owned()));
    for tool in TOOLS {
        println!("{:5} tokens in the definition of {}", tokens(tool.definition), tool.name);
    }
    row
}

fn names(completions: usize) -> Vec<&'static str> {
    catalog::entries(catalog::COMPLETIONS[completions]).map(catalog::text).collect()
}

/// Default answers of every tool over everything that it can be asked for.
fn answers() -> Vec<Row> {
    let (classes, plugins, blueprints, docs) = (names(0), names(1), names(2), names(3));
    let mut rows = Vec::new();
    let mut add = |name: &str, tool: &str, calls: Vec<Value>| {
        let complete = ["list_plugins", "list_triggers", "versions"].contains(&name);
        let limit = if complete || name.contains(' ') { Limit::Cap } else { Limit::Default };
        let mut row = Row::new(name, limit);
        calls.iter().for_each(|arguments| row.call(tool, arguments, Verdict::Answer));
        rows.push(row);
    };
    let each = |argument: &str, names: &[&str]| -> Vec<Value> {
        names.iter().map(|name| json!({argument: name})).collect()
    };
    let with = |calls: Vec<Value>, argument: &str, value: &Value| -> Vec<Value> {
        let mut calls = calls;
        for call in &mut calls {
            call[argument] = value.clone();
        }
        calls
    };
    // What people search for is close to titles.
    let titles: Vec<&str> = classes.iter().map(|name| simple(name)).collect();
    add("search", "search", each("query", &titles));
    add("search type=ALL", "search", with(each("query", &titles), "type", &json!("ALL")));
    add("list_plugins", "list_plugins", vec![json!({})]);
    add("plugin_tasks", "plugin_tasks", each("plugin", &plugins));
    add("task_schema", "task_schema", each("cls", &classes));
    add("task_schema all", "task_schema", with(each("cls", &classes), "all", &json!(true)));
    add("task_schema yaml", "task_schema", with(each("cls", &classes), "format", &json!("yaml")));
    let batches = |size| classes.chunks(size).map(|batch| json!({"cls": batch})).collect();
    add("task_schema of 3", "task_schema", batches(3));
    add("task_schema of 10", "task_schema", batches(10));
    add("task_schema of 10, all", "task_schema", with(batches(10), "all", &json!(true)));
    add("search limit=50", "search", with(each("query", &titles), "limit", &json!(50)));
    add("blueprints limit=50", "blueprints", vec![json!({"limit": 50})]);
    add("plugin_tasks of repositories", "plugin_tasks", each("plugin", &["plugin-jdbc"]));
    add("blueprints", "blueprints", vec![json!({})]);
    add("get_blueprint_flow", "get_blueprint_flow", each("id", &blueprints));
    for list in [
        "list_triggers",
        "list_task_runners",
        "list_storages",
        "list_secret_managers",
        "list_log_exporters",
        "versions",
    ] {
        add(list, list, vec![json!({})]);
    }
    let published: Vec<&str> = plugins
        .iter()
        .copied()
        .filter(|name| {
            let mut reply = Reply::new();
            let arguments = json!({"plugin": name}).to_string();
            let tool = tools::find("plugin_versions").expect("the table has it");
            tool.call(&Context::default(), &arguments, &mut reply) == Ok(Verdict::Answer)
        })
        .collect();
    add("plugin_versions", "plugin_versions", each("plugin", &published));
    add("search_docs", "search_docs", each("query", &titles));
    add("get_doc", "get_doc", each("parsedUrl", &docs));
    add("list_doc_children", "list_doc_children", each("path", &docs));
    rows
}

fn simple(class: &str) -> &str {
    class.rsplit('.').next().unwrap_or(class)
}

/// Misses of every sort, with names that are near to known ones.
fn misses() -> Row {
    let mut row = Row::new("misses", Limit::Own(MISS));
    for class in names(0) {
        row.call("task_schema", &json!({"cls": format!("{class}Xq")}), Verdict::Miss);
    }
    for plugin in names(1) {
        row.call("plugin_tasks", &json!({"plugin": format!("{plugin}xq")}), Verdict::Miss);
    }
    for id in names(2) {
        row.call("get_blueprint_flow", &json!({"id": format!("{id}-xq")}), Verdict::Miss);
    }
    for path in names(3) {
        row.call("get_doc", &json!({"parsedUrl": format!("{path}-xq")}), Verdict::Miss);
    }
    for (tool, arguments) in [
        ("task_schema", json!({})),
        ("task_schema", json!({"cls": "a,b,c,d,e,f,g,h,i,j,k"})),
        ("task_schema", json!({"cls": "io.kestra.plugin.core.log.Log", "format": "xml"})),
        ("list_plugins", json!({"category": "CLOUDS"})),
        ("blueprints", json!({"tags": "Datas"})),
        ("search", json!({"query": "a", "type": "THINGS"})),
        ("search", json!({})),
        ("plugin_tasks", json!({"plugin": "x".repeat(5_000)})),
        ("list_triggers", json!({"cursor": "nonsense"})),
    ] {
        row.call(tool, &arguments, Verdict::Miss);
    }
    row
}
