//! Bodies: how a request's is collected and what a response's is made of.

use std::cell::RefCell;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use hyper::body::{Body, Frame, Incoming, SizeHint};

use super::reject::Reject;
use crate::model::Reply;

/// Buffers that a thread keeps. One is in use unless sockets are full.
const KEPT: usize = 8;
/// What a new buffer has room for: the longest answer of most tools.
const ROOM: usize = 32 << 10;
/// Larger buffers are not kept.
const MOST_ROOM: usize = 256 << 10;

thread_local! {
    static REPLY: RefCell<Reply> = RefCell::default();
    static BUFFERS: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// Lends the reply of this thread, empty. It takes 7 KiB, so it is never moved.
pub(super) fn with_reply<T>(write: impl FnOnce(&mut Reply) -> T) -> T {
    REPLY.with_borrow_mut(|reply| {
        reply.clear();
        write(reply)
    })
}

/// The bytes of a response in one piece; the buffer goes back to its thread when dropped.
///
/// Copying a reply costs less than handing its pieces to the kernel: one schema has some
/// fifty, each system call takes 64, and each call sends a segment (`benches/RESULTS.md`).
#[derive(Debug)]
pub(super) struct Piece {
    bytes: Vec<u8>,
    sent: usize,
}

impl Piece {
    fn empty() -> Self {
        let kept = BUFFERS.with_borrow_mut(Vec::pop);
        Self { bytes: kept.unwrap_or_else(|| Vec::with_capacity(ROOM)), sent: 0 }
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.bytes);
        if bytes.capacity() <= MOST_ROOM {
            bytes.clear();
            // At the end of a thread there may be nothing left to go back to.
            let _ = BUFFERS.try_with(|buffers| {
                let mut buffers = buffers.borrow_mut();
                if buffers.len() < KEPT {
                    buffers.push(bytes);
                }
            });
        }
    }
}

impl Buf for Piece {
    fn remaining(&self) -> usize {
        self.bytes.len() - self.sent
    }

    fn chunk(&self) -> &[u8] {
        &self.bytes[self.sent..]
    }

    fn advance(&mut self, count: usize) {
        assert!(count <= self.remaining(), "advanced past the end of a response");
        self.sent += count;
    }
}

/// The whole of a response, so that its length is known before.
#[derive(Debug)]
pub(super) struct Answer(Option<Piece>);

impl Answer {
    pub(super) fn empty() -> Self {
        Self(None)
    }

    pub(super) fn text(text: &'static str) -> Self {
        Self::of(|bytes| bytes.extend_from_slice(text.as_bytes()))
    }

    /// A reply, with the frame of a server-sent event around it if it is one.
    pub(super) fn new(before: &'static str, reply: &Reply, after: &'static str) -> Self {
        Self::of(|bytes| {
            bytes.extend_from_slice(before.as_bytes());
            reply.copy_to(bytes);
            bytes.extend_from_slice(after.as_bytes());
        })
    }

    fn of(write: impl FnOnce(&mut Vec<u8>)) -> Self {
        let mut piece = Piece::empty();
        write(&mut piece.bytes);
        Self(piece.has_remaining().then_some(piece))
    }
}

impl Body for Answer {
    type Data = Piece;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Piece>, Infallible>>> {
        Poll::Ready(self.0.take().map(|piece| Ok(Frame::data(piece))))
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
