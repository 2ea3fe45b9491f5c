//! One connection, from its first byte to its last.
//!
//! Simple requests are answered here, from a buffer that all connections of a thread
//! share: one that is idle holds no buffer. At the first request that is not simple hyper
//! takes over, for the rest of the connection.

use std::cell::RefCell;
use std::error::Error;
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::body::{MOST_PARTS, Piece, keep_buffer, take_buffer, with_reply};
use super::form::Form;
use super::pulse::{self, Felt, Pulse};
use super::simple::{self, Else, Simple};
use super::stop::Stop;
use super::{Server, http};

/// How long the rest of a simple request is waited for. What takes longer is hyper's, which
/// has limits for each part of a request.
const PATIENCE: Duration = Duration::from_millis(500);

thread_local! {
    static INPUT: RefCell<[u8; simple::MOST]> = const { RefCell::new([0; simple::MOST]) };
}

/// Why a connection ended that should not have.
type Broken = Box<dyn Error + Send + Sync>;

/// Serves a connection until it ends, is silent for too long, or the server stops.
pub(super) async fn serve(stream: TcpStream, server: &'static Server, stop: Stop) {
    let pulse = Pulse::new();
    let served = answer_all(stream, server, &pulse, stop);
    match pulse::watch(served, &pulse, &server.limits).await {
        Some(Ok(())) => {}
        Some(Err(error)) => tracing::debug!("a connection ended early: {error}"),
        None => tracing::debug!("a connection was silent for too long"),
    }
}

async fn answer_all(
    mut stream: TcpStream,
    server: &'static Server,
    pulse: &Arc<Pulse>,
    mut stop: Stop,
) -> Result<(), Broken> {
    let mut stops = pin!(stop.heard());
    let mut conversation = Conversation { stream: &mut stream, server, pulse, held: Vec::new() };
    let Some(read) = conversation.run(stops.as_mut()).await? else {
        return Ok(());
    };
    let service = http::service(server, Arc::clone(pulse));
    let felt = Felt::new(stream, Bytes::from(read), Arc::clone(pulse));
    // It is large: connections that never need it should not have room for it.
    let mut connection = Box::pin(
        http1::Builder::new()
            // Clients that close their side after sending still get the answer.
            .half_close(true)
            .serve_connection(TokioIo::new(felt), service),
    );
    tokio::select! {
        // First of all it reads what was handed over: told to stop before, it would take
        // itself for idle, and close.
        biased;
        ended = &mut connection => return Ok(ended?),
        () = stops => connection.as_mut().graceful_shutdown(),
    }
    Ok(connection.await?)
}

/// What to do next with a connection.
enum Step {
    /// Wait for a request.
    Wait,
    /// Wait for the rest of one.
    WaitForRest,
    /// Send a response.
    Send(Piece),
    /// Leave it to hyper.
    HandOver,
    /// It ended.
    End,
}

/// Simple requests and their answers.
struct Conversation<'c> {
    stream: &'c mut TcpStream,
    server: &'static Server,
    pulse: &'c Pulse,
    /// Bytes that were read and not answered: the beginning of a request, or requests that
    /// were sent before the answer to the one before them.
    held: Vec<u8>,
}

impl Conversation<'_> {
    /// Answers requests as long as they are simple. The result is what was read of the
    /// first that is not, `None` if the connection ended.
    async fn run(
        &mut self,
        mut stops: Pin<&mut impl Future<Output = ()>>,
    ) -> io::Result<Option<Vec<u8>>> {
        let mut step = Step::Wait;
        loop {
            step = match step {
                Step::Wait => tokio::select! {
                    biased;
                    step = poll_fn(|context| self.poll_read(context)) => step?,
                    () = &mut stops => Step::End,
                },
                Step::WaitForRest => self.rest().await?,
                Step::Send(piece) => {
                    self.send(piece).await?;
                    if self.held.is_empty() { Step::Wait } else { self.next_of_held() }
                }
                Step::HandOver => {
                    self.pulse.bytes_came();
                    return Ok(Some(std::mem::take(&mut self.held)));
                }
                Step::End => return Ok(None),
            }
        }
    }

    /// Waits for the rest of a request, among those that are in work (H19).
    async fn rest(&mut self) -> io::Result<Step> {
        self.pulse.bytes_came();
        let Some(_place) = self.server.begin() else { return Ok(Step::HandOver) };
        let whole = async {
            loop {
                match poll_fn(|context| self.poll_read(context)).await? {
                    Step::WaitForRest => {}
                    step => return Ok(step),
                }
            }
        };
        tokio::time::timeout(PATIENCE, whole).await.unwrap_or(Ok(Step::HandOver))
    }

    /// Reads what has come, and answers it if it is a simple request.
    fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Step>> {
        INPUT.with_borrow_mut(|input| {
            let mut read = ReadBuf::new(input);
            ready!(Pin::new(&mut *self.stream).poll_read(context, &mut read))?;
            let new = read.filled();
            let step = match (new.is_empty(), self.held.is_empty()) {
                (true, true) => Step::End,
                // hyper knows what to say to half a request.
                (true, false) => Step::HandOver,
                (false, true) => {
                    let (step, used) = self.look(new);
                    if used < new.len() {
                        self.held = take_buffer();
                        self.held.extend_from_slice(&new[used..]);
                    }
                    step
                }
                (false, false) => {
                    self.held.extend_from_slice(new);
                    self.next_of_held()
                }
            };
            Poll::Ready(Ok(step))
        })
    }

    /// Answers the next request of what is held.
    fn next_of_held(&mut self) -> Step {
        let (step, used) = self.look(&self.held);
        self.held.drain(..used);
        if self.held.is_empty() {
            keep_buffer(std::mem::take(&mut self.held));
        }
        step
    }

    /// What to do with bytes, and how many of them are done with.
    fn look(&self, bytes: &[u8]) -> (Step, usize) {
        match Simple::parse(bytes, self.server) {
            Ok(request) if self.server.has_room() => {
                self.pulse.end_request();
                (Step::Send(respond(self.server, &request)), request.len)
            }
            Ok(_) | Err(Else::Other) => (Step::HandOver, 0),
            Err(Else::Part) => (Step::WaitForRest, 0),
        }
    }

    async fn send(&mut self, mut piece: Piece) -> io::Result<()> {
        while piece.has_remaining() {
            let mut slices = [IoSlice::new(&[]); MOST_PARTS];
            let filled = piece.chunks_vectored(&mut slices);
            let slices = &slices[..filled];
            let sent = poll_fn(|context| match slices {
                [one] => Pin::new(&mut *self.stream).poll_write(context, one),
                _ => Pin::new(&mut *self.stream).poll_write_vectored(context, slices),
            });
            let sent = sent.await?;
            piece.advance(sent);
        }
        Ok(())
    }
}

/// The response to a simple request.
fn respond(server: &Server, request: &Simple<'_>) -> Piece {
    with_reply(|reply| {
        let outcome = http::call(server, &request.said, request.body, reply);
        #[cfg(feature = "gzip")]
        if outcome == crate::protocol::Outcome::Reply
            && request.said.takes_gzip
            && let Some(piece) = Piece::response_in_gzip(reply)
        {
            return piece;
        }
        Piece::response(&Form::of(outcome), reply)
    })
}
