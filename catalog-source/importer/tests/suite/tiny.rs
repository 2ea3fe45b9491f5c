//! A Kestra with two plugins and three classes, written here, so that tests of what
//! goes wrong need no recording.

use serde_json::{Value, json};

use crate::mock::{Mock, Reply, Request};

pub(crate) const SEND: &str = "org.acme.mail.Send";
pub(crate) const FETCH: &str = "org.acme.mail.Fetch";
pub(crate) const LOG: &str = "io.kestra.plugin.core.log.Log";

/// A server that answers `odd` where that says something, and else as Kestra does.
pub(crate) fn start(odd: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static) -> Mock {
    Mock::start(move |request| odd(request).unwrap_or_else(|| answer(request)))
}

/// Whether a request asks for a class.
pub(crate) fn asks_for(request: &Request, class: &str) -> bool {
    request.path.ends_with(&format!("/plugins/{class}"))
}

/// The plugin API below another prefix only.
pub(crate) fn answer_below(request: &Request, prefix: &str) -> Option<Reply> {
    match request.path.strip_prefix(prefix) {
        Some(rest) => Some(answer(&Request { path: format!("/api/v1{rest}"), ..request.clone() })),
        None if request.path.ends_with("/configs") => None,
        None => Some(Reply::error(404, "Not Found", &request.path)),
    }
}

fn answer(request: &Request) -> Reply {
    let Some(path) = request.path.strip_prefix("/api/v1/") else {
        return Reply::error(404, "Not Found", &request.path);
    };
    match path {
        "configs" => Reply::json(json!({"version": "2.0.1"}).to_string()),
        "plugins" => Reply::json(json!({"results": plugins(), "total": 2}).to_string()),
        "plugins/groups/subgroups" | "plugins/inputs" => Reply::json("[]"),
        "plugins/schemas/flow" => Reply::json(flow().to_string()),
        _ => match path.strip_prefix("plugins/") {
            Some(SEND | FETCH | LOG) => {
                let all = request.query.get("all").is_some_and(|all| all == "true");
                Reply::json(class(all).to_string())
            }
            _ => Reply::error(404, "Not Found: Class 'x' doesn't exists ", &request.path),
        },
    }
}

fn plugins() -> Value {
    json!([
        {"name": "core", "title": "core", "group": "io.kestra.plugin.core", "tasks": [{"cls": LOG}]},
        {"name": "plugin-mail", "title": "Mail", "group": "org.acme.mail", "version": "1.2.3",
         "manifest": {"X-Kestra-Name": "plugin-mail"}, "categories": ["BUSINESS"],
         "tasks": [{"cls": SEND}, {"cls": FETCH, "deprecated": true}]}
    ])
}

fn class(all: bool) -> Value {
    let mut properties = json!({"to": {"type": "string", "title": "Receiver", "$required": true}});
    let mut definitions = json!({});
    if all {
        properties["id"] = json!({"type": "string", "$required": true});
        properties["cache"] = json!({"$ref": "#/$defs/io.kestra.Cache"});
        definitions["io.kestra.Cache"] = json!({"type": "object", "title": "A cache"});
    }
    json!({"markdown": "", "schema": {
        "properties": {"title": "Send a mail", "required": ["to"], "properties": properties,
            "$examples": [{"full": true, "lang": "yaml", "code": "id: x"}]},
        "outputs": {"properties": {"id": {"type": "string"}}},
        "definitions": definitions}})
}

fn flow() -> Value {
    json!({"$ref": "#/definitions/io.kestra.core.models.flows.Flow", "definitions": {
        "io.kestra.core.models.flows.Flow": {"type": "object", "required": ["id"]},
        "org.acme.mail.Send-1": {"type": "object"}}})
}
