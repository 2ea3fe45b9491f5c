//! The usual way: the official Rust SDK on axum, stateless, answering in JSON.
//!
//! `sdk ADDRESS FILE`: FILE holds the JSON-RPC answer to replay. The result of a tool
//! call is its text, the result of `tools/list` its tools.

use std::error::Error;
use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ErrorData, RoleServer, ServerHandler};

#[derive(Clone)]
struct Replay {
    text: Arc<str>,
    tools: Arc<[Tool]>,
}

impl ServerHandler for Replay {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn call_tool(
        &self,
        _: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        Ok(CallToolResult::success(vec![ContentBlock::text(&*self.text)]).into())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(self.tools.to_vec()))
    }
}

fn tools(listed: Option<&serde_json::Value>) -> serde_json::Result<Vec<Tool>> {
    listed.map_or(Ok(Vec::new()), |tools| serde_json::from_value(tools.clone()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: sdk ADDRESS FILE";
    let listener = tokio::net::TcpListener::bind(arguments.next().ok_or(usage)?).await?;
    let answer: serde_json::Value =
        serde_json::from_slice(&std::fs::read(arguments.next().ok_or(usage)?)?)?;
    let result = &answer["result"];
    let replay = Replay {
        text: result["content"][0]["text"].as_str().unwrap_or_default().into(),
        tools: tools(result.get("tools"))?.into(),
    };
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true);
    let service = StreamableHttpService::new(
        move || Ok(replay.clone()),
        Arc::new(NeverSessionManager::default()),
        config,
    );
    let router = axum::Router::new().nest_service("/mcp", service);
    axum::serve(listener, router).await?;
    Ok(())
}
