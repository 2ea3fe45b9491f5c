//! Bodies: how a request's is collected and what a response's is made of.

use std::cell::RefCell;
use std::convert::Infallible;
use std::io::IoSlice;
use std::pin::Pin;
use std::task::{Context, Poll};

use arrayvec::ArrayVec;
use bytes::{Buf, Bytes};
use hyper::body::{Body, Frame, Incoming, SizeHint};

use super::form::Form;
use super::reject::Reject;
use crate::model::{Reply, reply};

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

/// Pieces that are at least so long are not copied.
const LONG: usize = 4 << 10;
/// How many of them a response has room for; more are copied.
const MOST_LONG: usize = 4;
/// Parts of a response at most.
pub(super) const MOST_PARTS: usize = 2 * MOST_LONG + 1;

/// The bytes of a response; the buffer goes back to its thread when dropped.
///
/// Copying a reply costs less than handing its pieces to the kernel: a list has several
/// hundred, each system call takes 64, and each call sends a segment (`benches/RESULTS.md`).
/// But long pieces, such as the rows of a complete list, stay where they are.
#[derive(Debug)]
pub(super) struct Piece {
    bytes: Vec<u8>,
    /// Long pieces, and how many of `bytes` come before each.
    long: ArrayVec<(usize, &'static [u8]), MOST_LONG>,
    remaining: usize,
    /// The part being read (of `bytes` where even, of `long` where odd) and what of it was.
    at: (usize, usize),
}

/// An empty buffer of this thread.
pub(super) fn take_buffer() -> Vec<u8> {
    let kept = BUFFERS.with_borrow_mut(Vec::pop);
    kept.unwrap_or_else(|| Vec::with_capacity(ROOM))
}

/// Gives a buffer back to the thread, for the next who needs one.
pub(super) fn keep_buffer(mut bytes: Vec<u8>) {
    if !(1..=MOST_ROOM).contains(&bytes.capacity()) {
        return;
    }
    bytes.clear();
    // At the end of a thread there may be nothing left to go back to.
    let _ = BUFFERS.try_with(|buffers| {
        let mut buffers = buffers.borrow_mut();
        if buffers.len() < KEPT {
            buffers.push(bytes);
        }
    });
}

impl Piece {
    fn empty() -> Self {
        Self { bytes: take_buffer(), long: ArrayVec::new(), remaining: 0, at: (0, 0) }
    }

    /// A response, head and all.
    pub(super) fn response(form: &Form, reply: &Reply) -> Self {
        let mut piece = Self::empty();
        let length =
            form.frame.map_or(0, |[before, after]| before.len() + reply.remaining() + after.len());
        form.write_head(length, &mut piece.bytes);
        piece.remaining = piece.bytes.len();
        if let Some(frame) = form.frame {
            piece.push_reply(frame, reply);
        }
        piece
    }

    /// A response in gzip, head and all, if that pays.
    #[cfg(feature = "gzip")]
    pub(super) fn response_in_gzip(reply: &Reply) -> Option<Self> {
        let mut piece = Self::gzipped(reply)?;
        let mut head = take_buffer();
        Form::in_gzip().write_head(piece.remaining, &mut head);
        piece.bytes.splice(0..0, head.iter().copied());
        piece.long.iter_mut().for_each(|(before, _)| *before += head.len());
        piece.remaining += head.len();
        keep_buffer(head);
        Some(piece)
    }

    #[cfg(feature = "gzip")]
    fn gzipped(reply: &Reply) -> Option<Self> {
        let parts = super::gzip::Parts::of(reply)?;
        let mut piece = Self::empty();
        parts.write(&mut piece);
        let long: usize = piece.long.iter().map(|(_, bytes)| bytes.len()).sum();
        piece.remaining = piece.bytes.len() + long;
        Some(piece)
    }

    /// Appends a reply and what stands before and after it.
    fn push_reply(&mut self, [before, after]: [&'static str; 2], reply: &Reply) {
        self.bytes.reserve(reply.remaining().min(ROOM));
        self.push_static(before.as_bytes());
        reply.pieces(|part| match part {
            reply::Piece::Static(bytes) => self.push_static(bytes),
            reply::Piece::Own(bytes) => self.push(bytes),
        });
        self.push_static(after.as_bytes());
    }

    /// Appends bytes that live as long as the program.
    fn push_static(&mut self, bytes: &'static [u8]) {
        if bytes.len() < LONG || self.long.try_push((self.bytes.len(), bytes)).is_err() {
            self.bytes.extend_from_slice(bytes);
        }
        self.remaining += bytes.len();
    }

    fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.remaining += bytes.len();
    }

    /// A part by its number, `None` past the last.
    fn part(&self, number: usize) -> Option<&[u8]> {
        let long = number / 2;
        if !number.is_multiple_of(2) {
            return self.long.get(long).map(|(_, bytes)| *bytes);
        }
        let start = long.checked_sub(1).map_or(0, |before| self.long[before].0);
        match self.long.get(long) {
            Some((end, _)) => Some(&self.bytes[start..*end]),
            None if long == self.long.len() => Some(&self.bytes[start..]),
            None => None,
        }
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        keep_buffer(std::mem::take(&mut self.bytes));
    }
}

impl Buf for Piece {
    fn remaining(&self) -> usize {
        self.remaining
    }

    /// Never empty before the end: `advance` goes on to a part that has bytes, and so does
    /// this at the beginning.
    fn chunk(&self) -> &[u8] {
        let (mut number, mut read) = self.at;
        while let Some(part) = self.part(number) {
            if read < part.len() {
                return &part[read..];
            }
            (number, read) = (number + 1, 0);
        }
        &[]
    }

    fn chunks_vectored<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let (mut number, mut read) = self.at;
        let mut filled = 0;
        while filled < slices.len()
            && let Some(part) = self.part(number)
        {
            if read < part.len() {
                slices[filled] = IoSlice::new(&part[read..]);
                filled += 1;
            }
            (number, read) = (number + 1, 0);
        }
        filled
    }

    fn advance(&mut self, mut count: usize) {
        assert!(count <= self.remaining, "advanced past the end of a response");
        self.remaining -= count;
        while let Some(part) = self.part(self.at.0) {
            let left = part.len() - self.at.1;
            if count < left {
                self.at.1 += count;
                return;
            }
            count -= left;
            self.at = (self.at.0 + 1, 0);
        }
    }
}

#[cfg(feature = "gzip")]
impl super::gzip::Sink for Piece {
    fn push_static(&mut self, bytes: &'static [u8]) {
        Piece::push_static(self, bytes);
    }

    fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
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
        Self::of(|piece| piece.push_static(text.as_bytes()))
    }

    /// A reply and what stands before and after it.
    pub(super) fn new(frame: [&'static str; 2], reply: &Reply) -> Self {
        Self::of(|piece| piece.push_reply(frame, reply))
    }

    /// A reply as gzip, if that pays.
    #[cfg(feature = "gzip")]
    pub(super) fn gzipped(reply: &Reply) -> Option<Self> {
        Piece::gzipped(reply).map(|piece| Self(Some(piece)))
    }

    fn of(write: impl FnOnce(&mut Piece)) -> Self {
        let mut piece = Piece::empty();
        write(&mut piece);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mut piece: Piece, step: usize) -> Vec<u8> {
        let mut all = Vec::new();
        while piece.has_remaining() {
            let chunk = piece.chunk();
            let len = chunk.len().min(step);
            all.extend_from_slice(&chunk[..len]);
            piece.advance(len);
        }
        all
    }

    #[test]
    fn long_pieces_stand_where_they_were_pushed() {
        static LONG_PIECE: [u8; LONG] = [b'x'; LONG];
        for pushed in [0, 1, MOST_LONG, MOST_LONG + 2] {
            for beside in [&b""[..], b"ab"] {
                let fill = || {
                    let mut piece = Piece::empty();
                    piece.push(beside);
                    for _ in 0..pushed {
                        piece.push_static(&LONG_PIECE);
                        piece.push(beside);
                    }
                    piece
                };
                let mut expected = beside.to_vec();
                for _ in 0..pushed {
                    expected.extend_from_slice(&LONG_PIECE);
                    expected.extend_from_slice(beside);
                }
                assert_eq!(fill().remaining(), expected.len());
                for step in [1, LONG - 1, LONG, usize::MAX] {
                    assert_eq!(read(fill(), step), expected, "{pushed} pieces, {step} at a time");
                }
                let mut slices = [IoSlice::new(&[]); 2 * MOST_LONG + 1];
                let piece = fill();
                let filled = piece.chunks_vectored(&mut slices);
                let slices: Vec<&[u8]> = slices[..filled].iter().map(|slice| &**slice).collect();
                assert_eq!(slices.concat(), expected, "{pushed} pieces, as slices");
                assert!(slices.iter().all(|slice| !slice.is_empty()));
            }
        }
    }
}
