//! How connections hear that the server stops.

use tokio::sync::watch;

/// Tells connections to stop, and waits until they have.
#[derive(Debug)]
pub(super) struct Stopping(watch::Sender<bool>);

/// What a connection hears it by; it counts as open until this is dropped.
#[derive(Debug)]
pub(super) struct Stop(watch::Receiver<bool>);

impl Stopping {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    pub(super) fn subscribe(&self) -> Stop {
        Stop(self.0.subscribe())
    }

    /// Ready when no connection is left.
    pub(super) async fn stop(self) {
        self.0.send_replace(true);
        self.0.closed().await;
    }
}

impl Stop {
    /// Ready when the server stops.
    pub(super) async fn heard(&mut self) {
        // An error means that there is no server any more.
        let _ = self.0.wait_for(|stops| *stops).await;
    }
}
