//! One connection that sends a request and reads its answer, as cheaply as it can.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Failure;

/// A connection that is kept alive.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::new() })
    }

    /// Sends `request` and returns the body of the answer, which must be a 200.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<&[u8], Failure> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the server closed the connection".into());
            }
            if let Some(body) = body_of(&self.buffer)?
                && self.buffer.len() >= body.end
            {
                return Ok(&self.buffer[body]);
            }
        }
    }

    /// Gives the buffer back: ten thousand of them would be the client's memory.
    pub(crate) fn forget(&mut self) {
        self.buffer = Vec::new();
    }
}

/// Where the body of an answer lies once its head is there.
fn body_of(answer: &[u8]) -> Result<Option<std::ops::Range<usize>>, Failure> {
    let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = str::from_utf8(&answer[..end])?;
    if !head.starts_with("HTTP/1.1 200") {
        return Err(format!("not a 200: {}", String::from_utf8_lossy(answer)).into());
    }
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>())
    });
    let length = length.ok_or("an answer without content-length")??;
    Ok(Some(end + 4..end + 4 + length))
}
