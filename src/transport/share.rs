//! Which thread serves a connection.
//!
//! All threads accept from one socket, and the kernel wakes them in an order of its own:
//! connections that come while nothing else happens all go to the same thread. So a thread
//! that accepts one gives it to the thread that has the fewest, once and for all.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What a thread knows of the others.
#[derive(Debug)]
pub struct Seat {
    threads: Arc<[Thread]>,
    own: usize,
    given: UnboundedReceiver<Given>,
}

#[derive(Debug)]
struct Thread {
    open: AtomicUsize,
    give: UnboundedSender<Given>,
}

/// A connection on its way from one thread to another.
type Given = (std::net::TcpStream, Open);

/// One connection of a thread; counted until dropped.
#[derive(Debug)]
pub(super) struct Open(Arc<[Thread]>, usize);

impl Drop for Open {
    fn drop(&mut self) {
        self.0[self.1].open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Seat {
    /// One for each of as many threads.
    #[must_use]
    pub fn for_threads(count: usize) -> Vec<Self> {
        let (threads, given): (Vec<Thread>, Vec<_>) = (0..count)
            .map(|_| {
                let (give, given) = unbounded_channel();
                (Thread { open: AtomicUsize::new(0), give }, given)
            })
            .unzip();
        let threads: Arc<[Thread]> = threads.into();
        let seat = |(own, given)| Self { threads: Arc::clone(&threads), own, given };
        given.into_iter().enumerate().map(seat).collect()
    }

    /// Keeps a connection that was accepted, or gives it away. It is counted where it goes.
    pub(super) fn place(&self, stream: TcpStream) -> Option<(TcpStream, Open)> {
        let open = |at: &usize| self.threads[*at].open.load(Ordering::Relaxed);
        // Its own comes first: the first of the least is taken.
        let order = (self.own..self.threads.len()).chain(0..self.own);
        let at = order.min_by_key(open).unwrap_or(self.own);
        let counted = self.count(at);
        if at == self.own {
            return Some((stream, counted));
        }
        let given = stream.into_std().ok()?;
        // The count goes along. Nobody takes it only when the program ends.
        let _ = self.threads[at].give.send((given, counted));
        None
    }

    /// The next connection that another thread gave.
    pub(super) async fn given(&mut self) -> Option<(TcpStream, Open)> {
        loop {
            let (stream, open) = self.given.recv().await?;
            if let Ok(stream) = TcpStream::from_std(stream) {
                return Some((stream, open));
            }
        }
    }

    fn count(&self, at: usize) -> Open {
        self.threads[at].open.fetch_add(1, Ordering::Relaxed);
        Open(Arc::clone(&self.threads), at)
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn the_thread_with_the_fewest_connections_gets_the_next() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let mut seats = Seat::for_threads(3);
        let mut kept = Vec::new();
        let mut clients = Vec::new();
        // One thread accepts all.
        for _ in 0..9 {
            clients.push(TcpStream::connect(address).await.expect("it listens"));
            let (stream, _) = listener.accept().await.expect("somebody connects");
            kept.extend(seats[1].place(stream));
        }
        assert_eq!(kept.len(), 3);
        for other in [0, 2] {
            for _ in 0..3 {
                kept.push(seats[other].given().await.expect("others are there"));
            }
        }
        let counts = |seats: &[Seat]| -> Vec<usize> {
            seats[0].threads.iter().map(|it| it.open.load(Ordering::Relaxed)).collect()
        };
        assert_eq!(counts(&seats), [3, 3, 3]);
        drop(kept);
        assert_eq!(counts(&seats), [0, 0, 0]);
    }
}
