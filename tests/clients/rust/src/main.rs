//! The Rust SDK: `client http URL calls.json MODE` or `client stdio BINARY calls.json MODE`.

use std::error::Error;

use rmcp::model::{
    CallToolRequestParams, CallToolResult, GetPromptRequestParams, ProtocolVersion,
    ReadResourceRequestParams,
};
use rmcp::service::{RoleClient, RunningService};
use rmcp::transport::{StreamableHttpClientTransport, TokioChildProcess};
use rmcp::{ClientLifecycleMode, ClientServiceExt};
use serde_json::{Map, Value};
use tokio::process::Command;

type Client = RunningService<RoleClient, ()>;
type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, kind, target, plan, mode] = &arguments[..] else {
        return Err("usage: client http|stdio TARGET calls.json initialize|auto".into());
    };
    let plan: Value = serde_json::from_str(&std::fs::read_to_string(plan)?)?;
    let lifecycle = match mode.as_str() {
        "auto" => ClientLifecycleMode::Auto {
            preferred_versions: vec![ProtocolVersion::V_2026_07_28],
            legacy_version: None,
        },
        _ => ClientLifecycleMode::Initialize,
    };
    let client = if kind == "stdio" {
        let mut command = Command::new(target);
        command.arg("stdio");
        ().serve_with_lifecycle(TokioChildProcess::new(command)?, lifecycle).await?
    } else {
        let transport = StreamableHttpClientTransport::from_uri(target.as_str());
        ().serve_with_lifecycle(transport, lifecycle).await?
    };
    let tools = exercise(&client, &plan).await?;
    client.cancel().await?;
    println!("{tools} tools, {mode}");
    Ok(())
}

fn ensure(ok: bool, what: impl Into<String>) -> Outcome<()> {
    if ok { Ok(()) } else { Err(what.into().into()) }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

async fn exercise(client: &Client, plan: &Value) -> Outcome<usize> {
    let mut calls = Vec::new();
    for tool in client.list_all_tools().await? {
        let planned = plan["calls"].as_array().into_iter().flatten();
        let mine: Vec<&Value> = planned.filter(|call| call["tool"] == *tool.name).collect();
        ensure(!mine.is_empty(), format!("no call for {}", tool.name))?;
        calls.extend(mine);
    }
    ensure(!client.list_all_resources().await?.is_empty(), "no resources")?;
    ensure(!client.list_all_resource_templates().await?.is_empty(), "no templates")?;
    ensure(!client.list_all_prompts().await?.is_empty(), "no prompts")?;

    for call in &calls {
        succeed(client, call).await?;
    }
    let miss = run(client, &plan["miss"]).await?;
    ensure(miss.is_error == Some(true), "the miss is no error")?;
    ensure(text_of(&miss)?.contains("didYouMean"), "the miss teaches nothing")?;
    let unknown = CallToolRequestParams::new(text(&plan["unknownTool"]));
    ensure(client.call_tool(unknown).await.is_err(), "an unknown tool is answered")?;
    let unknown = ReadResourceRequestParams::new(text(&plan["unknownResource"]));
    ensure(client.read_resource(unknown).await.is_err(), "an unknown resource is answered")?;

    let manifest = ReadResourceRequestParams::new(text(&plan["resource"]));
    ensure(!client.read_resource(manifest).await?.contents.is_empty(), "no manifest")?;
    let prompt = GetPromptRequestParams::new(text(&plan["prompt"]["name"]))
        .with_arguments(object(&plan["prompt"]["arguments"]));
    ensure(client.get_prompt(prompt).await?.messages.len() == 1, "not one message")?;
    let blank = &plan["completion"];
    let (uri, name, value) = (text(&blank["uri"]), text(&blank["argument"]), text(&blank["value"]));
    let values = client.complete_resource_simple(uri, name, value).await?;
    ensure(!values.is_empty(), "nothing is completed")?;

    let many = (0..20).map(|n| succeed(client, calls[n % calls.len()]));
    futures::future::try_join_all(many).await?;
    Ok(calls.len())
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

async fn run(client: &Client, call: &Value) -> Outcome<CallToolResult> {
    let params = CallToolRequestParams::new(text(&call["tool"]))
        .with_arguments(object(&call["arguments"]));
    Ok(client.call_tool(params).await?)
}

async fn succeed(client: &Client, call: &Value) -> Outcome<()> {
    let result = run(client, call).await?;
    let text = text_of(&result)?;
    ensure(result.is_error != Some(true), format!("{}: {text}", call["tool"]))
}

fn text_of(result: &CallToolResult) -> Outcome<String> {
    ensure(result.content.len() == 1, "not one block of content")?;
    let text = result.content[0].as_text().ok_or("the block is no text")?;
    Ok(text.text.clone())
}
