//! When a connection has been silent for too long.
//!
//! hyper has a timeout for heads, but it makes a new timer for each request and counts
//! the wait between two requests as part of the head. Here one timer serves the whole
//! connection and is only moved when it would ring too late.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};

use super::Limits;

/// What a connection is doing. One task owns the connection, so there is nothing to order
/// against: it is atomic only because the task may move to another thread.
#[derive(Debug)]
pub(super) struct Pulse(AtomicU8);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing of a next request has come.
    Idle = 0,
    /// A head has begun.
    Head = 1,
    /// A request is in work, which has its own time limit.
    Busy = 2,
}

/// Added to a phase that was entered since the clock was last looked at.
const NEW: u8 = 4;

impl Pulse {
    /// The pulse of a connection that was just accepted: its first head is due.
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self(AtomicU8::new(Phase::Head as u8 | NEW)))
    }

    /// A head is complete.
    pub(super) fn begin_request(&self) {
        self.enter(Phase::Busy);
    }

    /// The answer is on its way.
    pub(super) fn end_request(&self) {
        self.enter(Phase::Idle);
    }

    /// The beginning of a head, or more of it.
    pub(super) fn bytes_came(&self) {
        if self.phase() == Phase::Idle {
            self.enter(Phase::Head);
        }
    }

    fn enter(&self, phase: Phase) {
        self.0.store(phase as u8 | NEW, Ordering::Relaxed);
    }

    fn phase(&self) -> Phase {
        match self.0.load(Ordering::Relaxed) & !NEW {
            0 => Phase::Idle,
            1 => Phase::Head,
            _ => Phase::Busy,
        }
    }

    /// Whether a phase was entered since this was last asked.
    fn is_new(&self) -> bool {
        let state = self.0.load(Ordering::Relaxed);
        self.0.store(state & !NEW, Ordering::Relaxed);
        state & NEW != 0
    }
}

/// Runs a connection until it ends or its pulse stops; `None` if it was cut off.
///
/// The clock is looked at once each time that the connection had something to do: what it
/// did in between took no time that counts here.
pub(super) async fn watch<F: Future>(
    connection: F,
    pulse: &Pulse,
    limits: &Limits,
) -> Option<F::Output> {
    let mut connection = pin!(connection);
    let mut since = Instant::now();
    let mut timer = pin!(sleep_until(since + limits.header_timeout));
    poll_fn(|context| {
        if let Poll::Ready(ended) = connection.as_mut().poll(context) {
            return Poll::Ready(Some(ended));
        }
        if pulse.is_new() {
            since = Instant::now();
        }
        let deadline = match pulse.phase() {
            Phase::Idle => Some(since + limits.idle_timeout),
            Phase::Head => Some(since + limits.header_timeout),
            Phase::Busy => None,
        };
        if let Some(deadline) = deadline.filter(|deadline| *deadline < timer.deadline()) {
            timer.as_mut().reset(deadline);
        }
        loop {
            ready!(timer.as_mut().poll(context));
            if deadline.is_some_and(|deadline| deadline <= timer.deadline()) {
                return Poll::Ready(None);
            }
            // It rang for an earlier phase.
            let later = deadline.unwrap_or_else(|| Instant::now() + limits.idle_timeout);
            timer.as_mut().reset(later);
        }
    })
    .await
}

/// A stream that tells its pulse when bytes come.
#[derive(Debug)]
pub(super) struct Felt {
    stream: TcpStream,
    /// What was read from it before, to be read again.
    before: Bytes,
    pulse: Arc<Pulse>,
}

impl Felt {
    pub(super) fn new(stream: TcpStream, before: Bytes, pulse: Arc<Pulse>) -> Self {
        Self { stream, before, pulse }
    }
}

impl AsyncRead for Felt {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.before.is_empty() {
            let len = self.before.len().min(buffer.remaining());
            buffer.put_slice(&self.before.split_to(len));
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.pulse.bytes_came();
        }
        read
    }
}

impl AsyncWrite for Felt {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn limits() -> Limits {
        Limits {
            header_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(100),
            ..Limits::default()
        }
    }

    /// Seconds of paused time until a connection that does `work` and then waits is cut.
    async fn cut_after(pulse: Arc<Pulse>, work: impl AsyncFn(&Pulse)) -> u64 {
        let start = Instant::now();
        let connection = async {
            work(&pulse).await;
            std::future::pending::<()>().await;
        };
        assert_eq!(watch(connection, &pulse, &limits()).await, None);
        start.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_never_comes_is_not_waited_for() {
        assert_eq!(cut_after(Pulse::new(), async |_| {}).await, 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_head_is_cut_though_bytes_keep_coming() {
        let slow = async |pulse: &Pulse| {
            pulse.begin_request();
            pulse.end_request();
            for _ in 0..50 {
                tokio::time::sleep(Duration::from_secs(1)).await;
                pulse.bytes_came();
            }
        };
        assert_eq!(cut_after(Pulse::new(), slow).await, 11);
    }

    #[tokio::test(start_paused = true)]
    async fn idle_time_counts_from_the_last_answer() {
        let requests = async |pulse: &Pulse| {
            for _ in 0..3 {
                pulse.bytes_came();
                pulse.begin_request();
                tokio::time::sleep(Duration::from_secs(40)).await;
                pulse.end_request();
            }
        };
        assert_eq!(cut_after(Pulse::new(), requests).await, 220);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_in_work_is_never_cut() {
        let pulse = Pulse::new();
        let long = async {
            pulse.begin_request();
            tokio::time::sleep(Duration::from_secs(5000)).await;
        };
        assert_eq!(watch(long, &pulse, &limits()).await, Some(()));
    }
}
