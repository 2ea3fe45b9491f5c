//! A server on loopback that answers as Kestra does, status codes included.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// One answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) kind: &'static str,
    pub(crate) body: Vec<u8>,
    /// Bytes of the body that are sent before the connection is closed.
    pub(crate) cut: Option<usize>,
    pub(crate) delay: Duration,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Reply {
    pub(crate) fn json(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "application/json", body)
    }

    pub(crate) fn new(status: u16, kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        let (body, cut, delay, headers) = (body.into(), None, Duration::ZERO, Vec::new());
        Self { status, kind, body, cut, delay, headers }
    }

    /// An error as Kestra words it.
    pub(crate) fn error(status: u16, message: &str, path: &str) -> Self {
        let body = serde_json::json!({"message": message, "logref": null, "path": null,
            "_links": {"self": {"href": path, "templated": false}}, "_embedded": {}});
        Self::new(status, "application/json", body.to_string())
    }

    /// 401 has no body, in every version.
    pub(crate) fn unauthorized() -> Self {
        let mut reply = Self::new(401, "application/json", "");
        reply.headers.push(("WWW-Authenticate", "Basic".into()));
        reply
    }
}

/// What a request says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) authorization: Option<String>,
}

/// Answers requests until it is dropped.
pub(crate) struct Mock {
    pub(crate) url: String,
    log: Arc<Mutex<Vec<String>>>,
}

impl Mock {
    pub(crate) fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let log = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(answer);
        let requests = Arc::clone(&log);
        // The thread ends with the test process: tests are short, ports are many.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, requests) = (Arc::clone(&answer), Arc::clone(&requests));
                thread::spawn(move || serve(stream, &*answer, &requests));
            }
        });
        Self { url, log }
    }

    /// Paths asked for so far, in order.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.log.lock().expect("no holder panics").clone()
    }
}

fn serve(stream: TcpStream, answer: &dyn Fn(&Request) -> Reply, log: &Mutex<Vec<String>>) {
    let mut writer = stream.try_clone().expect("a socket can be cloned");
    let mut reader = BufReader::new(stream);
    while let Some((target, request)) = read_request(&mut reader) {
        log.lock().expect("no holder panics").push(target);
        let reply = answer(&request);
        thread::sleep(reply.delay);
        if !send(&mut writer, &reply) {
            return;
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<(String, Request)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
    let target = line.split(' ').nth(1)?.to_owned();
    let mut request = Request::default();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => request.authorization = Some(value.trim().to_owned()),
            "content-length" => length = value.trim().parse().unwrap_or(0),
            _ => {}
        }
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink()).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    request.path = path.trim_end_matches('/').replace("%24", "$");
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    request.query = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Some((target, request))
}

fn send(writer: &mut TcpStream, reply: &Reply) -> bool {
    let mut head = format!(
        "HTTP/1.1 {} X\r\nContent-Type: {}\r\nContent-Length: {}\r\n",
        reply.status,
        reply.kind,
        reply.body.len()
    );
    for (name, value) in &reply.headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    head.push_str("\r\n");
    let body = &reply.body[..reply.cut.unwrap_or(reply.body.len())];
    let sent = writer.write_all(head.as_bytes()).and_then(|()| writer.write_all(body));
    sent.is_ok() && reply.cut.is_none()
}
