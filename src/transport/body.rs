//! Bodies: how a request's is collected and what a response's is made of.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::buf::Chain;
use bytes::{Buf, Bytes};
use hyper::body::{Body, Frame, Incoming, SizeHint};

use super::reject::Reject;
use crate::model::Reply;

/// A reply, with the frame of a server-sent event around it if it is one.
type Framed = Chain<Chain<&'static [u8], Reply>, &'static [u8]>;

/// The whole of a response in one piece, so that its length is known before.
#[derive(Debug)]
pub(super) struct Answer(Option<Framed>);

impl Answer {
    pub(super) fn empty() -> Self {
        Self(None)
    }

    pub(super) fn text(text: &'static str) -> Self {
        let mut reply = Reply::new();
        reply.push_static(text);
        Self::new("", reply, "")
    }

    pub(super) fn new(before: &'static str, reply: Reply, after: &'static str) -> Self {
        let framed = before.as_bytes().chain(reply).chain(after.as_bytes());
        Self(framed.has_remaining().then_some(framed))
    }
}

impl Body for Answer {
    type Data = Framed;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Framed>, Infallible>>> {
        Poll::Ready(self.0.take().map(|framed| Ok(Frame::data(framed))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.as_ref().map_or(0, Buf::remaining) as u64)
    }
}

/// The body of a request: borrowed from the connection where it came in one piece.
#[derive(Debug)]
pub(super) enum Collected {
    Whole(Bytes),
    Joined(Vec<u8>),
}

impl Collected {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Whole(bytes) => bytes,
            Self::Joined(bytes) => bytes,
        }
    }
}

/// Reads a body of at most `limit` bytes.
pub(super) async fn collect(body: &mut Incoming, limit: usize) -> Result<Collected, Reject> {
    let first = next(body).await?.unwrap_or_default();
    if first.len() > limit {
        return Err(Reject::TooLarge);
    }
    if body.is_end_stream() {
        return Ok(Collected::Whole(first));
    }
    let Some(second) = next(body).await? else {
        return Ok(Collected::Whole(first));
    };
    let mut joined = first.to_vec();
    let mut more = Some(second);
    while let Some(bytes) = more {
        if joined.len() + bytes.len() > limit {
            return Err(Reject::TooLarge);
        }
        joined.extend_from_slice(&bytes);
        more = next(body).await?;
    }
    Ok(Collected::Joined(joined))
}

/// Bytes of a body that is too large that are still read, so that a client that sends
/// everything before it listens gets to hear why.
const MAX_DRAINED: usize = 64 << 20;

/// Reads and forgets the rest of a body.
pub(super) async fn drain(mut body: Incoming) {
    let mut drained = 0;
    while let Ok(Some(bytes)) = next(&mut body).await {
        drained += bytes.len();
        if drained > MAX_DRAINED {
            return;
        }
    }
}

/// The next bytes of a body; trailers are passed over.
async fn next(body: &mut Incoming) -> Result<Option<Bytes>, Reject> {
    loop {
        let frame = std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await;
        match frame {
            None => return Ok(None),
            Some(Err(_)) => return Err(Reject::Broken),
            Some(Ok(frame)) => {
                if let Ok(bytes) = frame.into_data() {
                    return Ok(Some(bytes));
                }
            }
        }
    }
}
