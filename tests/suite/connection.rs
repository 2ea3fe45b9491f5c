//! Simple requests are answered without hyper, all others by it; nobody is to tell.

use std::io::Write;
use std::time::Duration;

use kestra_mcp::transport::{Limits, Seat, http};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Response, connect, exchange, post, read_response, server, shared_server};

const PING: &str = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
const PONG: &str = r#"{"jsonrpc":"2.0","id":1,"result":{}}"#;
const SCHEMA: &str = r#"{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"task_schema","arguments":{"cls":"io.kestra.plugin.aws.s3.Upload"}}}"#;

/// A request that is never simple.
fn chunked(headers: &str, body: &str) -> Vec<u8> {
    format!(
        "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n{headers}transfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
        body.len()
    )
    .into_bytes()
}

/// Status, headers without the time, and body.
fn parts(mut response: Response) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let headers = response.headers.len();
    response.headers.retain(|(name, _)| name != "date");
    assert_eq!(response.headers.len() + 1, headers, "every response has one date");
    response.headers.sort();
    (response.status, response.headers, response.body)
}

#[test]
fn simple_requests_are_answered_as_all_others() {
    let list = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    let initialized = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    let batch = format!("[{PING},{initialized},{PING}]");
    let modern = |method: &str| {
        format!(
            r#"{{"jsonrpc":"2.0","id":2,"method":"{method}","params":{{"_meta":{{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{{}}}}}}}}"#
        )
    };
    let (discover, unknown) = (modern("server/discover"), modern("no/method"));
    let of = |method: &str| format!("mcp-protocol-version: 2026-07-28\r\nmcp-method: {method}\r\n");
    for (headers, body, status) in [
        ("", PING, 200),
        ("", list, 200),
        ("", SCHEMA, 200),
        ("", initialized, 202),
        ("mcp-protocol-version: 2025-03-26\r\n", &batch, 200),
        ("", "{", 400),
        ("", "", 400),
        ("", r#"{"jsonrpc":"2.0","id":1,"method":"no/method"}"#, 200),
        ("accept: text/event-stream\r\n", PING, 200),
        ("accept: text/event-stream\r\n", initialized, 202),
        (&of("server/discover"), &discover, 200),
        (&of("ping"), &discover, 400),
        (&of("no/method"), &unknown, 404),
        ("accept-encoding: gzip\r\n", SCHEMA, 200),
    ] {
        let simple = exchange(&mut connect(shared_server()), &post(headers, body));
        let other = exchange(&mut connect(shared_server()), &chunked(headers, body));
        let simple = parts(simple);
        assert_eq!(simple.0, status, "{headers}{body}");
        assert_eq!(simple, parts(other), "{headers}{body}");
    }
}

#[test]
fn other_requests_may_follow_simple_ones_at_once() {
    let mut stream = connect(shared_server());
    let requests = [post("", PING), post("", SCHEMA), chunked("", PING), post("", PING)];
    stream.write_all(&requests.concat()).expect("the server reads");
    for expected in [Some(PONG), None, Some(PONG), Some(PONG)] {
        let response = read_response(&mut stream).expect("all are answered");
        assert!(expected.is_none_or(|expected| response.text() == expected));
    }
}

#[test]
fn the_rest_of_a_simple_request_may_be_late() {
    let whole = post("", PING);
    for cut in [10, whole.len() - 5] {
        let mut stream = connect(shared_server());
        for _ in 0..2 {
            stream.write_all(&whole[..cut]).expect("the server reads");
            std::thread::sleep(Duration::from_millis(700));
            assert_eq!(exchange(&mut stream, &whole[cut..]).text(), PONG, "cut at {cut}");
        }
    }
}

#[test]
fn a_client_that_reads_late_gets_every_byte() {
    let count = 400;
    let mut stream = connect(shared_server());
    let mut writer = stream.try_clone().expect("it is open");
    // More than sockets hold, so that the server has to wait with half an answer sent.
    let sender = std::thread::spawn(move || {
        for _ in 0..count {
            writer.write_all(&post("", SCHEMA)).expect("the server reads again some time");
        }
    });
    std::thread::sleep(Duration::from_millis(300));
    let first = read_response(&mut stream).expect("an answer").body;
    assert!(first.len() > 8_000);
    for _ in 1..count {
        assert_eq!(read_response(&mut stream).expect("an answer").body, first);
    }
    sender.join().expect("all was sent");
}

#[test]
fn half_a_request_is_answered_as_half_a_request() {
    let mut stream = connect(shared_server());
    let whole = post("", PING);
    stream.write_all(&whole[..whole.len() - 1]).expect("the server reads");
    stream.shutdown(std::net::Shutdown::Write).expect("it is open");
    assert!(read_response(&mut stream).is_none_or(|response| response.status == 400));
}

/// A server that stops when the sender is used, and the task that ends with it.
async fn start_that_stops()
-> (std::net::SocketAddr, tokio::sync::oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let limits = Limits { grace: Duration::from_secs(10), ..Limits::default() };
    let server = Box::leak(Box::new(server(limits, false)));
    let seat = Seat::for_threads(1).remove(0);
    let served = tokio::spawn(http::serve(listener, seat, server, async {
        let _ = stopped.await;
    }));
    (address, stop, served)
}

#[tokio::test]
async fn a_request_whose_rest_is_late_is_answered_by_a_server_that_stops() {
    let (address, stop, served) = start_that_stops().await;
    let whole = post("", PING);
    let mut streams = Vec::new();
    for _ in 0..8 {
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        stream.write_all(&whole[..whole.len() - 5]).await.expect("the server reads");
        streams.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    stop.send(()).expect("it serves");
    tokio::time::sleep(Duration::from_millis(700)).await;
    for mut stream in streams {
        stream.write_all(&whole[whole.len() - 5..]).await.expect("the server reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("an answer");
        assert!(answer.ends_with(PONG.as_bytes()), "{}", String::from_utf8_lossy(&answer));
    }
    served.await.expect("it ends before the grace does");
}

#[tokio::test]
async fn a_server_that_stops_closes_what_is_idle_and_answers_the_rest() {
    let (address, stop, served) = start_that_stops().await;
    let mut buffer = [0; 4096];
    let (mut idle, mut other, mut half) = (
        TcpStream::connect(address).await.expect("it listens"),
        TcpStream::connect(address).await.expect("it listens"),
        TcpStream::connect(address).await.expect("it listens"),
    );
    idle.write_all(&post("", PING)).await.expect("the server reads");
    assert_ne!(idle.read(&mut buffer).await.expect("an answer"), 0);
    other.write_all(&chunked("", PING)).await.expect("the server reads");
    assert_ne!(other.read(&mut buffer).await.expect("an answer"), 0);
    let whole = post("", PING);
    half.write_all(&whole[..whole.len() - 5]).await.expect("the server reads");
    tokio::time::sleep(Duration::from_millis(50)).await;
    stop.send(()).expect("it serves");
    assert_eq!(idle.read(&mut buffer).await.expect("it is closed in order"), 0);
    assert_eq!(other.read(&mut buffer).await.expect("it is closed in order"), 0);
    half.write_all(&whole[whole.len() - 5..]).await.expect("the server reads");
    let read = half.read(&mut buffer).await.expect("an answer");
    assert!(buffer[..read].ends_with(PONG.as_bytes()));
    served.await.expect("it ends before the grace does");
    TcpStream::connect(address).await.expect_err("nobody listens any more");
}
