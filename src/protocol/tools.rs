//! `tools/list` and `tools/call`: the envelope around what [`crate::tools`] writes.

use arrayvec::ArrayString;

use super::envelope::{self, Cache};
use super::era::Era;
use super::error::{Quoted, RpcError};
use super::json::{Text, Value};
use super::methods::{Call, Done, Handled, one_page};
use crate::model::Reply;
use crate::tools::{self, Tool, Verdict};

/// Names of tools and prompts are shorter.
pub(super) const MAX_NAME: usize = 128;

/// Every tool, in one page and one order (P2, T11).
pub(super) fn list<'a>(call: &Call<'a>, reply: &mut Reply) -> Handled<'a> {
    one_page(call)?;
    envelope::open(call.id, call.era, r#""tools":["#, reply);
    reply.push_static(tools::definitions());
    reply.push_static("]");
    envelope::close(call.era, Cache::Kept, reply);
    Ok(Done::default())
}

/// Calls one tool. An unknown name is a protocol error (T1), arguments that do not do
/// are the tool's own answer (T3).
pub(super) fn call<'a>(call: &Call<'a>, reply: &mut Reply) -> Handled<'a> {
    let name = required_name(call)?;
    let tool = find(name).ok_or_else(|| {
        RpcError::params("unknown tool; tools/list names them all")
            .about(Quoted::Escaped(name.raw()))
    })?;
    let arguments = call.params.arguments.map_or("", Value::raw);
    envelope::open(call.id, call.era, r#""content":[{"type":"text","text":""#, reply);
    let verdict = tool
        .call(call.context, arguments, reply)
        .map_err(|_| RpcError::params("`arguments` must be an object"))?;
    close(verdict, call.era, reply);
    Ok(Done { tool: Some(tool.name), miss: verdict == Verdict::Miss, stream: false })
}

/// The `name` that `tools/call` and `prompts/get` cannot do without.
pub(super) fn required_name<'a>(call: &Call<'a>) -> Result<Text<'a>, RpcError<'a>> {
    let name = call.params.name.and_then(Value::text);
    name.ok_or(RpcError::params("`name` is missing or not a string"))
}

fn find(name: Text<'_>) -> Option<&'static Tool> {
    tools::find(name.plain(&mut ArrayString::<MAX_NAME>::new())?)
}

fn close(verdict: Verdict, era: Era, reply: &mut Reply) {
    match verdict {
        Verdict::Answer => {
            reply.push_static(r#""}]"#);
            envelope::close_answer(era, reply);
        }
        Verdict::Miss => {
            reply.push_static(r#""}],"isError":true"#);
            envelope::close(era, Cache::Unsaid, reply);
        }
    }
}
