//! The one table of methods, and how a request finds its own.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::era::Era;
use super::error::{Code, Quoted, RpcError};
use super::json::{Text, Value};
use super::jsonrpc::Params;
use super::{Answered, Outcome, completion, lifecycle, prompts, resources, subscriptions, tools};
use crate::model::Reply;
use crate::tools::Context;

/// A request that is to be served.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    pub(super) context: &'a Context,
    pub(super) era: Era,
    /// The id's token.
    pub(super) id: &'a str,
    pub(super) params: &'a Params<'a>,
    /// What stands between two messages of one answer.
    pub(super) separator: &'static str,
}

/// What a handler reports besides the reply.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Done {
    pub(super) tool: Option<&'static str>,
    pub(super) miss: bool,
    pub(super) stream: bool,
}

/// How a request ends.
pub(super) type Handled<'a> = Result<Done, RpcError<'a>>;

/// One method.
#[derive(Debug)]
pub(super) struct Method {
    name: &'static str,
    legacy: bool,
    modern: bool,
    run: for<'a> fn(&Call<'a>, &mut Reply) -> Handled<'a>,
}

/// Every method that is served.
pub(super) const METHODS: &[Method] = &[
    both("tools/call", tools::call),
    both("tools/list", tools::list),
    both("resources/list", resources::list),
    both("resources/templates/list", resources::templates),
    both("resources/read", resources::read),
    both("prompts/list", prompts::list),
    both("prompts/get", prompts::get),
    both("completion/complete", completion::complete),
    Method { name: "initialize", legacy: true, modern: false, run: lifecycle::initialize },
    Method { name: "ping", legacy: true, modern: false, run: lifecycle::ping },
    Method { name: "server/discover", legacy: false, modern: true, run: lifecycle::discover },
    Method {
        name: "subscriptions/listen",
        legacy: false,
        modern: true,
        run: subscriptions::listen,
    },
];

const fn both(name: &'static str, run: for<'a> fn(&Call<'a>, &mut Reply) -> Handled<'a>) -> Method {
    Method { name, legacy: true, modern: true, run }
}

/// Serves one request of a known era.
pub(super) fn dispatch<'a>(
    methods: &'static [Method],
    name: Text<'_>,
    call: &Call<'_>,
    reply: &mut Reply,
) -> Answered<'a> {
    let served = |method: &&Method| match call.era {
        Era::Legacy => method.legacy,
        Era::Modern => method.modern,
    };
    let Some(method) = methods.iter().filter(served).find(|method| name.is(method.name)) else {
        return refuse(&unknown(name, call.era), call, None, reply);
    };
    if call.params.malformed {
        let error = RpcError::params("`params` must be an object");
        return refuse(&error, call, Some(method.name), reply);
    }
    match run(method, call, reply) {
        Ok(done) => Answered {
            method: Some(method.name),
            tool: done.tool,
            miss: done.miss,
            ..Answered::new(if done.stream { Outcome::Stream } else { Outcome::Reply })
        },
        Err(error) => refuse(&error, call, Some(method.name), reply),
    }
}

/// A handler that panics is answered for, and the process lives (J7). The reply may be
/// half written; the error is written over it.
fn run<'a>(method: &Method, call: &Call<'a>, reply: &mut Reply) -> Handled<'a> {
    let ended = catch_unwind(AssertUnwindSafe(|| (method.run)(call, reply)));
    ended.unwrap_or_else(|_| Err(RpcError::new(Code::Internal, "the server failed to answer")))
}

fn refuse<'a>(
    error: &RpcError<'_>,
    call: &Call<'_>,
    method: Option<&'static str>,
    reply: &mut Reply,
) -> Answered<'a> {
    let outcome = error.write(Some(call.id), reply);
    Answered { method, error: Some(error.code as i32), ..Answered::new(outcome) }
}

/// H12: only modern clients can tell a missing method from a missing server by status.
fn unknown(name: Text<'_>, era: Era) -> RpcError<'_> {
    let outcome = match era {
        Era::Legacy => Outcome::Reply,
        Era::Modern => Outcome::MethodNotFound,
    };
    RpcError::new(Code::MethodNotFound, "method not found")
        .about(Quoted::Escaped(name.raw()))
        .with_outcome(outcome)
}

/// Refuses any cursor: the list is one page, so none was ever issued (P1, P2).
pub(super) fn one_page<'a>(call: &Call<'a>) -> Result<(), RpcError<'a>> {
    if call.params.cursor.is_none_or(Value::is_null) {
        return Ok(());
    }
    Err(RpcError::params("unknown `cursor`: this list is one page, leave the cursor out"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::reader::Reader;

    #[test]
    fn a_panic_is_answered_with_the_id() {
        const BROKEN: &[Method] = &[both("x", |_, reply| {
            reply.push_static("half an ans");
            panic!("on purpose")
        })];
        let name = Reader::new(r#""x""#).string().expect("it is a string");
        let call = Call {
            context: &Context::default(),
            era: Era::Legacy,
            id: "7",
            params: &Params::default(),
            separator: "",
        };
        let mut reply = Reply::new();
        let answered = dispatch(BROKEN, name, &call, &mut reply);
        assert_eq!(answered.outcome, Outcome::Reply);
        assert_eq!(
            reply.into_vec(),
            br#"{"jsonrpc":"2.0","id":7,"error":{"code":-32603,"message":"the server failed to answer"}}"#
        );
    }

    #[test]
    fn names_are_unique() {
        for (n, method) in METHODS.iter().enumerate() {
            assert!(METHODS[n + 1..].iter().all(|other| other.name != method.name));
        }
    }
}
