//! HTTP and stdio: the only places that wait, read and write.

mod admission;
mod body;
mod connection;
mod form;
#[cfg(feature = "gzip")]
mod gzip;
mod head;
pub mod http;
mod pulse;
mod reject;
mod share;
mod simple;
pub mod stdio;
mod stop;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::protocol::{Answered, Revision};
use crate::tools::Context;
pub use admission::Admission;
pub use share::Seat;

/// How much one client may ask of the server.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a body, or of a line on stdio (H14).
    pub body: usize,
    /// Requests in work at once (H19): those whose body is not there yet.
    pub concurrency: usize,
    /// From the first byte of a head to its last.
    pub header_timeout: Duration,
    /// From the end of a head to the last byte of its body.
    pub body_timeout: Duration,
    /// Between two requests of a connection.
    pub idle_timeout: Duration,
    /// What open connections get to finish at the end.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // What the Go, Python and Rust SDKs allow.
            body: 4 << 20,
            // Answers take microseconds: so many in work at once means slow senders.
            concurrency: 1024,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_mins(5),
            grace: Duration::from_secs(5),
        }
    }
}

/// What every connection shares.
#[derive(Debug)]
pub struct Server {
    context: Context,
    limits: Limits,
    admission: Admission,
    tolerant: bool,
    in_work: AtomicUsize,
}

/// One request that is waited for; counted until dropped.
#[derive(Debug)]
struct InWork<'a>(&'a AtomicUsize);

impl Server {
    /// A server that answers from `context`. `tolerant` lets a legacy version header
    /// over a modern body pass (O2).
    #[must_use]
    pub fn new(context: Context, limits: Limits, admission: Admission, tolerant: bool) -> Self {
        Self { context, limits, admission, tolerant, in_work: AtomicUsize::new(0) }
    }

    /// Whether a request more may be in work.
    fn has_room(&self) -> bool {
        self.in_work.load(Ordering::Relaxed) < self.limits.concurrency
    }

    /// A place among the requests in work, if one is free. Only those that wait for the
    /// rest of their body take one: the others are answered before the next is looked at,
    /// and a counter that all threads write to would cost them more than anything else
    /// that they share.
    fn begin(&self) -> Option<InWork<'_>> {
        let place = InWork(&self.in_work);
        let before = self.in_work.fetch_add(1, Ordering::Relaxed);
        (before < self.limits.concurrency).then_some(place)
    }
}

impl Drop for InWork<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Logs what became of a message: never what it said (X2).
fn log(answered: &Answered<'_>) {
    tracing::debug!(
        mcp.method.name = answered.method,
        mcp.protocol.version = answered.revision.map(Revision::name),
        jsonrpc.request.id = answered.id,
        gen_ai.tool.name = answered.tool,
        rpc.response.status_code = answered.error,
        error.r#type = answered.miss.then_some("tool_error"),
        traceparent = answered.trace_parent,
        "answered"
    );
}
