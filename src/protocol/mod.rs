//! JSON-RPC and the two protocol eras: bytes in, a [`Reply`] and an [`Outcome`] out.
//!
//! No socket and no status is known here. [`answer`] decodes a message in place
//! ([`jsonrpc`]), tells its era ([`era`]), checks what the modern era asks for
//! ([`modern`]) and finds the method's handler ([`methods`]), which writes the reply.

mod completion;
mod envelope;
mod era;
mod error;
mod header;
mod json;
mod jsonrpc;
mod lifecycle;
pub mod manifest;
mod methods;
mod modern;
mod prompts;
mod reader;
mod resources;
mod subscriptions;
mod tools;
mod trace;
mod version;

use bytes::Buf;

use crate::model::Reply;
use crate::tools::Context;
use era::{Era, Meta};
use error::{Code, RpcError};
pub use header::{Field, Headers};
use json::Text;
use jsonrpc::{Batch, Body, Message, Params, Shape};
use methods::{Call, METHODS};
pub use version::Revision;

/// What the transport received.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// One message, or a batch.
    pub body: &'a [u8],
    /// `None` where the transport has no headers (S3).
    pub headers: Option<Headers<'a>>,
    /// What stands between two messages of one answer.
    pub separator: &'static str,
    /// Whether a legacy version header over a modern body is let pass (O2).
    pub tolerant: bool,
}

/// What the transport has to do with the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Send it.
    Reply,
    /// There is none: only notifications and responses came.
    Accepted,
    /// Send it, the message could not be served.
    BadRequest,
    /// Send it, a modern request named a method that is not served.
    MethodNotFound,
    /// Send it as a stream of messages.
    Stream,
}

/// What became of a message, for logs and metrics.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// What the transport has to do.
    pub outcome: Outcome,
    /// The id's token.
    pub id: Option<&'a str>,
    /// The revision that the request was served under, as far as it said.
    pub revision: Option<Revision>,
    /// The method, if it is one that is served.
    pub method: Option<&'static str>,
    /// The tool that was called.
    pub tool: Option<&'static str>,
    /// The code of the error that was answered.
    pub error: Option<i32>,
    /// Whether the tool found nothing to answer with.
    pub miss: bool,
    /// The span that the request belongs to (X1).
    pub trace_parent: Option<&'a str>,
}

impl Answered<'_> {
    const fn new(outcome: Outcome) -> Self {
        Self {
            outcome,
            id: None,
            revision: None,
            method: None,
            tool: None,
            error: None,
            miss: false,
            trace_parent: None,
        }
    }
}

/// Answers one message or batch. `reply` must be empty.
pub fn answer<'a>(context: &Context, incoming: &Incoming<'a>, reply: &mut Reply) -> Answered<'a> {
    let mut message = Message::default();
    let body = jsonrpc::decode(incoming.body, &mut message);
    let answered = body.and_then(|body| match body {
        Body::One => Ok(one(context, incoming, &message, reply)),
        Body::Batch(batch) => many(context, incoming, &batch, reply),
        Body::Scalar => Err(invalid("a message must be an object")),
    });
    answered.unwrap_or_else(|error| refused(&error, None, reply))
}

/// Answers one message.
fn one<'a>(
    context: &Context,
    incoming: &Incoming<'a>,
    message: &Message<'a>,
    reply: &mut Reply,
) -> Answered<'a> {
    match message.shape() {
        Err((id, error)) => refused(&error, id, reply),
        Ok(Shape::Request { id, method, params }) => {
            request(context, incoming, (id, method, params), reply)
        }
        Ok(Shape::Notification { params }) => match era::stated(incoming.headers.as_ref()) {
            Err(error) if !params.claims.is_claimed() => refused(&error, None, reply),
            _ => Answered::new(Outcome::Accepted),
        },
        Ok(Shape::Response) => match era::stated(incoming.headers.as_ref()) {
            Err(error) => refused(&error, None, reply),
            // H11: modern clients must not send them.
            Ok(Some(revision)) if revision.is_modern() => {
                refused(&invalid("a response was posted, but no request was sent"), None, reply)
            }
            Ok(_) => Answered::new(Outcome::Accepted),
        },
    }
}

/// Answers one request.
fn request<'a>(
    context: &Context,
    incoming: &Incoming<'a>,
    (id, method, params): (&'a str, Text<'a>, &Params<'a>),
    reply: &mut Reply,
) -> Answered<'a> {
    let meta = &params.claims;
    let answered = match admit(incoming, method, params, meta) {
        Ok(era) => {
            let call = Call { context, era, id, params, separator: incoming.separator };
            methods::dispatch(METHODS, method, &call, reply)
        }
        Err(error) => refused(&error, Some(id), reply),
    };
    Answered {
        id: Some(id),
        revision: meta.revision().or(era::stated(incoming.headers.as_ref()).ok().flatten()),
        trace_parent: trace::parent(meta, incoming.headers.as_ref()),
        ..answered
    }
}

/// The era of a request that may be served.
fn admit<'a>(
    incoming: &Incoming<'a>,
    method: Text<'a>,
    params: &Params<'a>,
    meta: &Meta<'a>,
) -> Result<Era, RpcError<'a>> {
    let headers = incoming.headers.as_ref();
    let era = era::classify(method, params, meta, headers)?;
    if era == Era::Modern {
        modern::check(method, params, meta, headers, incoming.tolerant)?;
    }
    Ok(era)
}

/// Answers a batch (J5): each request for itself, in order, in one array.
fn many<'a>(
    context: &Context,
    incoming: &Incoming<'a>,
    batch: &Batch<'a>,
    reply: &mut Reply,
) -> Result<Answered<'a>, RpcError<'a>> {
    let stated = era::stated(incoming.headers.as_ref())?;
    if stated.is_some_and(|revision| !revision.has_batches()) {
        return Err(invalid("this protocol version has no batches: send one message at a time"));
    }
    if let Some(fault) = batch.fault() {
        return Err(invalid(fault));
    }
    if batch.messages().any(|message| claims_modern(&message)) {
        return Err(invalid("protocol version 2026-07-28 has no batches"));
    }
    let mut outcome = Outcome::Accepted;
    for message in batch.messages() {
        let mut element = Reply::new();
        if answer_element(context, incoming, &message, &mut element) != Outcome::Accepted {
            reply.push_static(if outcome == Outcome::Accepted { "[" } else { "," });
            append(element, reply);
            outcome = Outcome::Reply;
        }
    }
    if outcome == Outcome::Reply {
        reply.push_static("]");
    }
    Ok(Answered::new(outcome))
}

fn answer_element<'a>(
    context: &Context,
    incoming: &Incoming<'a>,
    message: &Message<'a>,
    reply: &mut Reply,
) -> Outcome {
    match message.shape() {
        Ok(Shape::Request { id, method, .. }) if method.is("initialize") => {
            invalid("`initialize` must not be part of a batch").write(Some(id), reply)
        }
        _ => one(context, incoming, message, reply).outcome,
    }
}

fn claims_modern(message: &Message<'_>) -> bool {
    match message.shape() {
        Ok(Shape::Request { params, .. } | Shape::Notification { params }) => {
            params.claims.claim().is_modern()
        }
        _ => false,
    }
}

/// Copies one reply behind another: rows and spans of a reply are for one answer.
fn append(mut element: Reply, reply: &mut Reply) {
    while element.has_remaining() {
        let len = element.chunk().len();
        reply.push_bytes(element.chunk());
        element.advance(len);
    }
}

fn invalid<'a>(text: &'static str) -> RpcError<'a> {
    RpcError::bad_request(Code::InvalidRequest, text)
}

fn refused<'a>(error: &RpcError<'_>, id: Option<&'a str>, reply: &mut Reply) -> Answered<'a> {
    let outcome = error.write(id, reply);
    Answered { id, error: Some(error.code as i32), ..Answered::new(outcome) }
}
