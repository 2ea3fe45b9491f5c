use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use kestra_mcp::transport::Limits;

use crate::support::{connect, exchange, post, read_response, shared_server, start};

const PING: &str = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
const PONG: &str = r#"{"jsonrpc":"2.0","id":1,"result":{}}"#;
const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;

fn discover() -> Vec<u8> {
    let body =
        format!(r#"{{"jsonrpc":"2.0","id":2,"method":"server/discover","params":{{{META}}}}}"#);
    post("mcp-protocol-version: 2026-07-28\r\nmcp-method: server/discover\r\n", &body)
}

fn is_closed(stream: &mut TcpStream) -> bool {
    matches!(stream.read(&mut [0]), Ok(0) | Err(_))
}

#[test]
fn eras_do_not_stick_to_a_connection() {
    let mut stream = connect(shared_server());
    for _ in 0..2 {
        assert!(exchange(&mut stream, &discover()).text().contains("supportedVersions"));
        assert_eq!(exchange(&mut stream, &post("", PING)).text(), PONG);
    }
}

#[test]
fn the_list_of_tools_is_the_same_for_everyone() {
    let list = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    let first = exchange(&mut connect(shared_server()), &post("", list)).body;
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let header = format!("mcp-protocol-version: {version}\r\n");
        assert_eq!(exchange(&mut connect(shared_server()), &post(&header, list)).body, first);
    }
}

#[test]
fn requests_sent_at_once_are_answered_in_order() {
    let mut stream = connect(shared_server());
    let ids = 0..50;
    for id in ids.clone() {
        let ping = PING.replace(":1,", &format!(":{id},"));
        stream.write_all(&post("", &ping)).expect("the server reads");
    }
    for id in ids {
        let response = read_response(&mut stream).expect("all are answered");
        assert_eq!(response.text(), PONG.replace(":1,", &format!(":{id},")));
    }
}

#[test]
fn a_body_may_come_in_parts() {
    let whole = post("", PING);
    for cut in [1, 30, whole.len() - PING.len(), whole.len() - 20, whole.len() - 1] {
        let mut stream = connect(shared_server());
        stream.write_all(&whole[..cut]).expect("the server reads");
        std::thread::sleep(Duration::from_millis(20));
        assert_eq!(exchange(&mut stream, &whole[cut..]).text(), PONG, "cut at {cut}");
    }
}

#[test]
fn a_body_may_be_chunked() {
    let (first, second) = PING.split_at(10);
    let request = format!(
        "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n",
        first.len(),
        second.len()
    );
    let mut stream = connect(shared_server());
    assert_eq!(exchange(&mut stream, request.as_bytes()).text(), PONG);
    assert_eq!(exchange(&mut stream, &post("", PING)).text(), PONG, "the connection goes on");
}

#[test]
fn a_chunked_body_with_an_offer_to_upgrade_is_read() {
    let request = format!(
        "POST /mcp HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAEAAEAAAAIAAAAB\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{PING}\r\n0\r\n\r\n",
        PING.len()
    );
    assert_eq!(exchange(&mut connect(shared_server()), request.as_bytes()).text(), PONG);
}

#[test]
fn a_client_may_close_its_side_after_sending() {
    let mut stream = connect(shared_server());
    stream.write_all(&post("", PING)).expect("the server reads");
    stream.shutdown(std::net::Shutdown::Write).expect("it is open");
    assert_eq!(read_response(&mut stream).expect("an answer").text(), PONG);
}

#[test]
fn a_declared_body_that_is_too_large_is_told_so() {
    let address = start(Limits { body: 100_000, ..Limits::default() }, false);
    let mut stream = connect(address);
    let response = exchange(&mut stream, &post("", &" ".repeat(100_001)));
    assert_eq!(response.status, 413);
    assert!(is_closed(&mut stream));
}

#[test]
fn a_body_of_exactly_the_limit_is_read() {
    let address = start(Limits { body: 100_000, ..Limits::default() }, false);
    let body = PING.to_owned() + &" ".repeat(100_000 - PING.len());
    assert_eq!(exchange(&mut connect(address), &post("", &body)).text(), PONG);
}

#[test]
fn a_chunked_body_that_is_too_large_is_told_so() {
    let address = start(Limits { body: 100_000, ..Limits::default() }, false);
    let mut stream = connect(address);
    let head = "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("the server reads");
    let chunk = format!("{:x}\r\n{}\r\n", 60_000, " ".repeat(60_000));
    let request = format!("{chunk}{chunk}0\r\n\r\n");
    assert_eq!(exchange(&mut stream, request.as_bytes()).status, 413);
}

#[test]
fn a_client_that_waits_for_leave_is_told_before_it_sends() {
    let address = start(Limits { body: 100, ..Limits::default() }, false);
    let head = "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nexpect: 100-continue\r\ncontent-length: 1000000\r\n\r\n";
    assert_eq!(exchange(&mut connect(address), head.as_bytes()).status, 413);
}

#[test]
fn slow_clients_are_cut_and_others_served() {
    let limits = Limits {
        header_timeout: Duration::from_secs(1),
        body_timeout: Duration::from_secs(1),
        idle_timeout: Duration::from_secs(2),
        ..Limits::default()
    };
    let address = start(limits, false);
    let whole = post("", PING);
    let mut silent = connect(address);
    let mut slow_head = connect(address);
    slow_head.write_all(&whole[..20]).expect("the server reads");
    let mut slow_body = connect(address);
    slow_body.write_all(&whole[..whole.len() - 5]).expect("the server reads");
    let mut idle = connect(address);
    assert_eq!(exchange(&mut idle, &whole).text(), PONG);
    assert_eq!(read_response(&mut slow_body).expect("it is told").status, 408);
    for stream in [&mut silent, &mut slow_head, &mut slow_body, &mut idle] {
        assert!(is_closed(stream));
    }
    assert_eq!(exchange(&mut connect(address), &whole).text(), PONG);
}

#[test]
fn a_body_has_its_own_time_though_it_comes_byte_by_byte() {
    let limits = Limits { header_timeout: Duration::from_secs(1), ..Limits::default() };
    let mut stream = connect(start(limits, false));
    let whole = post("", PING);
    let (first, rest) = whole.split_at(whole.len() - 8);
    stream.write_all(first).expect("the server reads");
    for byte in rest {
        std::thread::sleep(Duration::from_millis(200));
        stream.write_all(&[*byte]).expect("the server reads");
    }
    assert_eq!(read_response(&mut stream).expect("an answer").text(), PONG);
}

#[test]
fn more_requests_than_allowed_are_told_to_come_again() {
    let address = start(Limits { concurrency: 1, ..Limits::default() }, false);
    let whole = post("", PING);
    let mut first = connect(address);
    first.write_all(&whole[..whole.len() - 1]).expect("the server reads");
    // The first request is in work once its head was read: until then the second is served.
    let refused = (0..500).find_map(|_| {
        let response = exchange(&mut connect(address), &whole);
        std::thread::sleep(Duration::from_millis(10));
        (response.status != 200).then_some(response)
    });
    let refused = refused.expect("the limit is reached");
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(exchange(&mut first, &whole[whole.len() - 1..]).text(), PONG);
    assert_eq!(exchange(&mut connect(address), &whole).text(), PONG, "the place is free again");
}

#[test]
fn an_older_header_over_a_modern_body_is_served_if_asked_for() {
    let address = start(Limits::default(), true);
    let body =
        format!(r#"{{"jsonrpc":"2.0","id":2,"method":"server/discover","params":{{{META}}}}}"#);
    let header =
        |version| format!("mcp-protocol-version: {version}\r\nmcp-method: server/discover\r\n");
    assert_eq!(exchange(&mut connect(address), &post(&header("2025-11-25"), &body)).status, 200);
    assert_eq!(exchange(&mut connect(address), &post(&header("2099-01-01"), &body)).status, 400);
}

#[test]
fn a_client_that_leaves_early_harms_nobody() {
    for cut in [0, 10, 100] {
        let mut stream = connect(shared_server());
        stream.write_all(&post("", PING)[..cut]).expect("the server reads");
    }
    for _ in 0..20 {
        connect(shared_server()).write_all(&post("", PING)).expect("the server reads");
    }
    assert_eq!(exchange(&mut connect(shared_server()), &post("", PING)).text(), PONG);
}

#[test]
fn broken_requests_are_answered_and_the_server_lives() {
    for request in [
        "GET\r\n\r\n",
        "POST /mcp HTTP/9.9\r\n\r\n",
        "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-length: x\r\n\r\n",
        "POST /mcp HTTP/1.1\r\nhost: localhost\r\nbad header\r\n\r\n",
        "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "\u{0}\u{1}\u{2}\r\n\r\n",
    ] {
        let mut stream = connect(shared_server());
        stream.write_all(request.as_bytes()).expect("the server reads");
        let response = read_response(&mut stream).unwrap_or_else(|| panic!("{request:?}"));
        assert_eq!(response.status, 400, "{request:?}");
    }
    assert_eq!(exchange(&mut connect(shared_server()), &post("", PING)).text(), PONG);
}

#[test]
fn the_newest_of_many_answers_is_whole() {
    let list = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    let batch = format!("[{}]", vec![list; 100].join(","));
    let response = exchange(&mut connect(shared_server()), &post("", &batch));
    let answers = response.json();
    let answers = answers.as_array().expect("a batch is answered by an array");
    assert_eq!(answers.len(), 100);
    assert!(answers.iter().all(|answer| answer == &answers[0]));
    let too_many = format!("[{}]", vec![list; 101].join(","));
    assert_eq!(exchange(&mut connect(shared_server()), &post("", &too_many)).status, 400);
}
