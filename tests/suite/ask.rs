use kestra_mcp::model::Reply;
use kestra_mcp::tools::{self, Context, Verdict};
use serde_json::Value;

/// The text of an answer, as a client reads it, and how the call ended.
#[track_caller]
pub(crate) fn text(tool: &str, arguments: &Value) -> (String, Verdict) {
    let known = tools::find(tool).unwrap_or_else(|| panic!("no tool {tool}"));
    let mut reply = Reply::new();
    let verdict = known
        .call(&Context::default(), &arguments.to_string(), &mut reply)
        .expect("the arguments are an object");
    let mut quoted = vec![b'"'];
    quoted.extend(reply.into_vec());
    quoted.push(b'"');
    let text = serde_json::from_slice(&quoted)
        .unwrap_or_else(|error| panic!("{tool} {arguments} is not escaped: {error}"));
    (text, verdict)
}

/// An answer in JSON; panics on a miss, on what is not JSON, and on empty members.
#[track_caller]
pub(crate) fn json(tool: &str, arguments: &Value) -> Value {
    let (text, verdict) = text(tool, arguments);
    assert_eq!(verdict, Verdict::Answer, "{tool} {arguments}: {text}");
    serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{tool} {arguments}: {error} in {text}"))
}

/// An answer that is not JSON; panics on a miss.
#[track_caller]
pub(crate) fn plain(tool: &str, arguments: &Value) -> String {
    let (text, verdict) = text(tool, arguments);
    assert_eq!(verdict, Verdict::Answer, "{tool} {arguments}: {text}");
    text
}
