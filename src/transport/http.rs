//! HTTP: accepts connections, admits requests, and maps outcomes to statuses.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use hyper::body::{Body as _, Incoming};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::http::uri::Authority;
use hyper::service::{HttpService, service_fn};
use hyper::{Method, Request, Response, StatusCode};
use tokio::net::{TcpListener, TcpStream};

use super::body::{Answer, Collected, collect, drain, with_reply};
use super::form::{BETWEEN_EVENTS, Form};
use super::head::Said;
use super::pulse::Pulse;
use super::reject::Reject;
use super::share::{Open, Seat};
use super::stop::Stopping;
use super::{Server, connection};
use crate::model::Reply;
use crate::protocol::{self, Field, Outcome};

const PLAIN: &str = "text/plain; charset=utf-8";

/// What browsers may send besides the harmless headers (H3).
const CORS_HEADERS: HeaderValue = HeaderValue::from_static(
    "content-type, authorization, mcp-protocol-version, mcp-method, mcp-name, mcp-session-id, \
     last-event-id, traceparent, tracestate, baggage",
);

/// Serves until `stop` is ready, then lets open requests finish. `seat` is of this thread.
pub async fn serve(
    listener: TcpListener,
    mut seat: Seat,
    server: &'static Server,
    stop: impl Future<Output = ()>,
) {
    let connections = Stopping::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    if let Some(kept) = seat.place(stream) {
                        accept(kept, server, &connections);
                    }
                }
                Err(error) => pause_after(&error).await,
            },
            Some(given) = seat.given() => accept(given, server, &connections),
            () = &mut stop => break,
        }
    }
    drop(listener);
    let grace = server.limits.grace;
    if tokio::time::timeout(grace, connections.stop()).await.is_err() {
        tracing::warn!("some connections did not finish within {grace:?}");
    }
}

/// A failed accept is the client's trouble, unless descriptors ran out: then trying
/// again at once would only turn in circles.
async fn pause_after(error: &io::Error) {
    tracing::warn!("a connection could not be accepted: {error}");
    tokio::time::sleep(Duration::from_millis(50)).await;
}

/// Starts serving one connection.
fn accept((stream, open): (TcpStream, Open), server: &'static Server, connections: &Stopping) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!("no TCP_NODELAY: {error}");
    }
    let stop = connections.subscribe();
    tokio::spawn(async move {
        connection::serve(stream, server, stop).await;
        drop(open);
    });
}

/// What hyper calls for each request of a connection.
pub(super) fn service(
    server: &'static Server,
    pulse: Arc<Pulse>,
) -> impl HttpService<Incoming, ResBody = Answer, Error = Infallible, Future: Send> {
    service_fn(move |request| {
        let pulse = Arc::clone(&pulse);
        async move {
            pulse.begin_request();
            let response = handle(server, request).await;
            pulse.end_request();
            Ok::<_, Infallible>(response)
        }
    })
}

/// Answers one request. The header map of the request becomes that of the response:
/// the connection then needs no new one.
async fn handle(server: &Server, request: Request<Incoming>) -> Response<Answer> {
    let (head, body) = request.into_parts();
    let headers = head.headers;
    let said = Said::by(headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())));
    let admitted = admit(server, &head.method, head.uri.path(), head.uri.authority(), &said);
    let origin = headers.get(header::ORIGIN).cloned();
    let route = match admitted {
        Ok(route) => route,
        // A page that may ask gets to read why it was refused (H3): clients in browsers
        // take a 405 to their GET for what it is, but a response kept from them for a fault.
        Err(reject) => return refuse(reject, origin.filter(|_| reject.is_for_page()), headers),
    };
    if route == Route::Health {
        return health(&head.method, headers);
    }
    if route == Route::Preflight {
        return preflight(origin, headers);
    }
    match receive(server, said.expects, body).await {
        Ok(collected) => {
            let answered = with_reply(|reply| answer(server, &said, &collected, reply));
            respond(answered, origin, headers)
        }
        Err(reject) => refuse(reject, origin, headers),
    }
}

/// Where an admitted request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Route {
    Mcp,
    Preflight,
    Health,
}

/// Whether messages are posted to a path.
pub(super) fn is_endpoint(path: &str) -> bool {
    matches!(path, "/mcp" | "/mcp/" | "/v1/mcp" | "/v1/mcp/")
}

/// Host, Origin, path, method, type and size, in that order; the first failure answers.
fn admit(
    server: &Server,
    method: &Method,
    path: &str,
    target: Option<&Authority>,
    said: &Said<'_>,
) -> Result<Route, Reject> {
    if matches!(path, "/health" | "/health/live" | "/health/ready") {
        // Probes name whatever host they reached, and there is nothing to protect.
        let asked = *method == Method::GET || *method == Method::HEAD;
        return if asked { Ok(Route::Health) } else { Err(Reject::HealthMethod) };
    }
    server.admission.check_host(said.host, target)?;
    server.admission.check_origin(said.origin)?;
    if !is_endpoint(path) {
        return Err(Reject::Path);
    }
    if *method == Method::OPTIONS {
        return Ok(Route::Preflight);
    }
    if *method != Method::POST {
        return Err(Reject::Method);
    }
    // H7: any other type could be posted by any page without a preflight.
    let from_page = said.origin != Field::Absent;
    if said.is_json().unwrap_or(!from_page) { Ok(Route::Mcp) } else { Err(Reject::MediaType) }
}

/// Reads the body in time, if there is a place among the requests in work. Only a body
/// that is not there yet takes a place and a timer.
async fn receive(server: &Server, expects: bool, body: Incoming) -> Result<Collected, Reject> {
    if !server.has_room() {
        return Err(Reject::TooMany);
    }
    let limits = &server.limits;
    let mut read = pin!(read(expects, body, limits.body));
    if let Poll::Ready(read) = poll_fn(|context| Poll::Ready(read.as_mut().poll(context))).await {
        return read;
    }
    let _place = server.begin().ok_or(Reject::TooMany)?;
    tokio::time::timeout(limits.body_timeout, read).await.map_err(|_| Reject::TooSlow)?
}

/// Reads the body. One that is too large is read past, unless the client waits to be
/// told before it sends.
async fn read(expects: bool, mut body: Incoming, limit: usize) -> Result<Collected, Reject> {
    let read = if body.size_hint().lower() > limit as u64 {
        Err(Reject::TooLarge)
    } else {
        collect(&mut body, limit).await
    };
    if matches!(read, Err(Reject::TooLarge)) && !expects {
        drain(body).await;
    }
    read
}

/// The step into the protocol, and the one place that logs what became of it.
pub(super) fn call(server: &Server, said: &Said<'_>, body: &[u8], reply: &mut Reply) -> Outcome {
    let incoming = protocol::Incoming {
        body,
        headers: Some(said.protocol),
        separator: BETWEEN_EVENTS,
        tolerant: server.tolerant,
    };
    let answered = protocol::answer(&server.context, &incoming, reply);
    super::log(&answered);
    match answered.outcome {
        Outcome::Reply if said.takes_only_events() => Outcome::Stream,
        outcome => outcome,
    }
}

/// The form and the body of what a request gets.
fn answer(server: &Server, said: &Said<'_>, body: &Collected, reply: &mut Reply) -> (Form, Answer) {
    let outcome = call(server, said, body.bytes(), reply);
    #[cfg(feature = "gzip")]
    if outcome == Outcome::Reply
        && said.takes_gzip
        && let Some(body) = Answer::gzipped(reply)
    {
        return (Form::in_gzip(), body);
    }
    let form = Form::of(outcome);
    let body = form.frame.map_or_else(Answer::empty, |frame| Answer::new(frame, reply));
    (form, body)
}

/// Turns what the protocol said into a response.
fn respond(
    (form, body): (Form, Answer),
    origin: Option<HeaderValue>,
    headers: HeaderMap,
) -> Response<Answer> {
    let mut response = response(form.status, body, origin, headers);
    for (name, value) in form.headers.list {
        let (name, value) = (HeaderName::from_static(name), HeaderValue::from_static(value));
        response.headers_mut().append(name, value);
    }
    response
}

fn refuse(reject: Reject, origin: Option<HeaderValue>, headers: HeaderMap) -> Response<Answer> {
    tracing::debug!(status = reject.status().as_u16(), "refused: {}", reject.text().trim_end());
    let body = Answer::text(reject.text());
    let mut response = response(reject.status(), body, origin, headers);
    let headers = response.headers_mut();
    if !reject.text().is_empty() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PLAIN));
    }
    if let Some(methods) = reject.allowed_methods() {
        headers.insert(header::ALLOW, HeaderValue::from_static(methods));
    }
    if reject == Reject::TooMany {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    if reject.closes() {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// H3: tells a browser that an allowed page may post.
fn preflight(origin: Option<HeaderValue>, headers: HeaderMap) -> Response<Answer> {
    let mut response = response(StatusCode::NO_CONTENT, Answer::empty(), origin, headers);
    let headers = response.headers_mut();
    headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
    if headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        let methods = HeaderValue::from_static("POST");
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, CORS_HEADERS);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    }
    response
}

/// Live and ready are one: the catalog is part of the program.
fn health(method: &Method, headers: HeaderMap) -> Response<Answer> {
    let answer = with_reply(|reply| {
        protocol::manifest::write_health(reply);
        Answer::new(["", ""], reply)
    });
    let length = answer.size_hint().lower();
    let body = if *method == Method::HEAD { Answer::empty() } else { answer };
    let mut response = response(StatusCode::OK, body, None, headers);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if *method == Method::HEAD {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}

/// A response with the headers that all have.
fn response(
    status: StatusCode,
    body: Answer,
    origin: Option<HeaderValue>,
    mut headers: HeaderMap,
) -> Response<Answer> {
    headers.clear();
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::VARY, HeaderValue::from_static("origin"));
    }
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
