//! stdio: one message a line, and nothing else on stdout (section 10).

use std::future::Future;
use std::io;
use std::pin::pin;
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use super::Server;
use crate::model::Reply;
use crate::protocol::{self, Incoming, Outcome};

/// What the reader of the output gets to take the last line when the program is to end: it
/// may never read again.
const PATIENCE: Duration = Duration::from_secs(1);

/// A line of the input, or what came in its place.
#[derive(Debug, PartialEq, Eq)]
enum Line {
    /// `buffer` holds one, without its end.
    Read,
    /// It was longer than the limit and is passed over (S2).
    TooLong,
    /// The input ended.
    End,
}

/// Answers line by line until the input ends, the reader of the output is gone or
/// `stop` is ready. One message is in work at a time, so there is never anything left
/// to cancel or to finish (N5, S4, S5).
pub async fn serve(
    server: &Server,
    mut input: impl AsyncBufRead + Unpin,
    mut output: impl AsyncWrite + Unpin,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let mut stop = pin!(stop);
    let mut buffer = Vec::new();
    let mut reply = Reply::new();
    let mut answer = Vec::new();
    loop {
        let line = tokio::select! {
            line = next_line(&mut input, &mut buffer, server.limits.body) => line?,
            () = &mut stop => return Ok(()),
        };
        let line = match line {
            Line::End => return Ok(()),
            Line::Read => &buffer[..],
            // What is cut off is not JSON, so the protocol says the right thing (S2).
            Line::TooLong => b"{",
        };
        if call(server, line, &mut reply) {
            let mut written = pin!(write(&mut output, &reply, &mut answer));
            let written = tokio::select! {
                biased;
                written = &mut written => written,
                () = &mut stop => {
                    let _ = timeout(PATIENCE, written).await;
                    return Ok(());
                }
            };
            match written {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
                written => written?,
            }
        }
    }
}

/// Writes the reply to one line; false if it gets none.
fn call(server: &Server, line: &[u8], reply: &mut Reply) -> bool {
    if line.trim_ascii().is_empty() {
        return false;
    }
    let incoming =
        Incoming { body: line, headers: None, separator: "\n", tolerant: server.tolerant };
    reply.clear();
    let answered = protocol::answer(&server.context, &incoming, reply);
    super::log(&answered);
    answered.outcome != Outcome::Accepted
}

/// Writes a reply as one line. It is copied to `line` first: each write to stdout is a
/// task of another thread.
async fn write(
    output: &mut (impl AsyncWrite + Unpin),
    reply: &Reply,
    line: &mut Vec<u8>,
) -> io::Result<()> {
    line.clear();
    reply.copy_to(line);
    line.push(b'\n');
    output.write_all(line).await?;
    output.flush().await
}

/// Reads up to the next line feed or the end of the input.
async fn next_line(
    input: &mut (impl AsyncBufRead + Unpin),
    buffer: &mut Vec<u8>,
    limit: usize,
) -> io::Result<Line> {
    buffer.clear();
    let mut too_long = false;
    let mut any = false;
    loop {
        let available = input.fill_buf().await?;
        if available.is_empty() {
            return Ok(match (any, too_long) {
                (false, _) => Line::End,
                (true, true) => Line::TooLong,
                (true, false) => Line::Read,
            });
        }
        any = true;
        let end = available.iter().position(|byte| *byte == b'\n');
        let part = &available[..end.unwrap_or(available.len())];
        too_long |= buffer.len() + part.len() > limit;
        if !too_long {
            buffer.extend_from_slice(part);
        }
        let used = end.map_or(available.len(), |end| end + 1);
        input.consume(used);
        if end.is_some() {
            return Ok(if too_long { Line::TooLong } else { Line::Read });
        }
    }
}
