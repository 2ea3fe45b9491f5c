use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::OnceLock;
use std::time::Duration;

use kestra_mcp::tools::Context;
use kestra_mcp::transport::{Admission, Limits, Seat, Server, http};
use serde_json::Value;
use tokio::net::TcpListener;

/// A server that lives as long as the suite.
pub(crate) fn shared_server() -> SocketAddr {
    static SERVER: OnceLock<SocketAddr> = OnceLock::new();
    *SERVER.get_or_init(|| start(Limits::default(), false))
}

/// Starts a server of its own on a free port; it ends with the process.
pub(crate) fn start(limits: Limits, tolerant: bool) -> SocketAddr {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime starts");
        runtime.block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
            let address = listener.local_addr().expect("it is bound");
            sender.send(address).expect("the test waits");
            let server = Box::leak(Box::new(server(limits, tolerant)));
            let seat = Seat::for_threads(1).remove(0);
            http::serve(listener, seat, server, std::future::pending()).await;
        });
    });
    receiver.recv().expect("the server starts")
}

/// What every connection of a test server shares.
pub(crate) fn server(limits: Limits, tolerant: bool) -> Server {
    let admission = Admission::new([127, 0, 0, 1].into(), Vec::new(), Vec::new());
    Server::new(Context::default(), limits, admission, tolerant)
}

/// A connection to a test server. Reading gives up after ten seconds, so that a server
/// that does not answer fails the test and does not hang it.
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("it is not zero");
    stream.set_nodelay(true).expect("it is a TCP socket");
    stream
}

/// A response, read by its Content-Length.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known == name);
        values.next().map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("bodies are UTF-8")
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {:?}", self.text()))
    }
}

/// Reads one response from a connection. `None` if it was closed before one began.
pub(crate) fn read_response(stream: &mut TcpStream) -> Option<Response> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ if head.is_empty() => return None,
            other => panic!("{other:?} after {:?}", String::from_utf8_lossy(&head)),
        }
    }
    let head = String::from_utf8(head).expect("heads are ASCII");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let mut response =
        Response { status: status.expect("a status line"), headers, body: Vec::new() };
    let length = response.header("content-length").map_or(0, |n| n.parse().expect("a number"));
    response.body.resize(length, 0);
    stream.read_exact(&mut response.body).expect("the body is as long as it says");
    Some(response)
}

/// A POST of `body` to the endpoint.
pub(crate) fn post(headers: &str, body: &str) -> Vec<u8> {
    format!(
        "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Sends bytes and reads one response.
pub(crate) fn exchange(stream: &mut TcpStream, request: &[u8]) -> Response {
    stream.write_all(request).expect("the server reads");
    read_response(stream).expect("the server answers")
}
