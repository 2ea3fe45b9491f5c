//! HTTP: accepts connections, admits requests, and maps outcomes to statuses.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body as _, Incoming};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::{HttpService, service_fn};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};

use super::body::{Answer, Collected, collect, drain, with_reply};
use super::pulse::{self, Felt, Pulse};
use super::reject::Reject;
use super::{InWork, Server};
use crate::model::Reply;
use crate::protocol::{self, Field, Headers, Outcome};

const PROTOCOL_VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
const MCP_METHOD: HeaderName = HeaderName::from_static("mcp-method");
const MCP_NAME: HeaderName = HeaderName::from_static("mcp-name");
const TRACE_PARENT: HeaderName = HeaderName::from_static("traceparent");
const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const EVENT_STREAM: HeaderValue = HeaderValue::from_static("text/event-stream");
const PLAIN: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// Frame of a server-sent event (H16). There is no `id:`, which would make clients
/// come back with a GET.
const EVENT: &str = "event: message\ndata: ";
const END_OF_EVENT: &str = "\n\n";
const BETWEEN_EVENTS: &str = "\n\nevent: message\ndata: ";

/// What browsers may send besides the harmless headers (H3).
const CORS_HEADERS: HeaderValue = HeaderValue::from_static(
    "content-type, authorization, mcp-protocol-version, mcp-method, mcp-name, mcp-session-id, \
     last-event-id, traceparent, tracestate, baggage",
);

/// Serves until `stop` is ready, then lets open requests finish.
pub async fn serve(listener: TcpListener, server: Arc<Server>, stop: impl Future<Output = ()>) {
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => accept(stream, &server, &connections),
                Err(error) => pause_after(&error).await,
            },
            () = &mut stop => break,
        }
    }
    drop(listener);
    let grace = server.limits.grace;
    if tokio::time::timeout(grace, connections.shutdown()).await.is_err() {
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
fn accept(stream: TcpStream, server: &Arc<Server>, connections: &GracefulShutdown) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!("no TCP_NODELAY: {error}");
    }
    let pulse = Pulse::new();
    let limits = server.limits;
    let service = service(Arc::clone(server), Arc::clone(&pulse));
    let connection = http1::Builder::new()
        // Clients that close their side after sending still get the answer.
        .half_close(true)
        .serve_connection(TokioIo::new(Felt::new(stream, Arc::clone(&pulse))), service);
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        match pulse::watch(connection, &pulse, &limits).await {
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::debug!("a connection ended early: {error}"),
            None => tracing::debug!("a connection was silent for too long"),
        }
    });
}

/// What hyper calls for each request of a connection.
fn service(
    server: Arc<Server>,
    pulse: Arc<Pulse>,
) -> impl HttpService<Incoming, ResBody = Answer, Error = Infallible, Future: Send> {
    service_fn(move |request| {
        let (server, pulse) = (Arc::clone(&server), Arc::clone(&pulse));
        async move {
            pulse.begin_request();
            let response = handle(&server, request).await;
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
    let admitted = admit(server, &head.method, head.uri.path(), &head.uri, &headers);
    let (origin, route) = match admitted {
        Ok(admitted) => admitted,
        Err(reject) => return refuse(reject, None, headers),
    };
    match route {
        Route::Health => health(&head.method, headers),
        Route::Preflight => preflight(origin, headers),
        Route::Mcp => match receive(server, &headers, body).await {
            Ok((collected, _place)) => with_reply(|reply| {
                let outcome = call(server, &headers, &collected, reply);
                respond(outcome, reply, origin, headers)
            }),
            Err(reject) => refuse(reject, origin, headers),
        },
    }
}

/// Where an admitted request goes.
enum Route {
    Mcp,
    Preflight,
    Health,
}

/// Host, Origin, path, method, type and size, in that order; the first failure answers.
fn admit(
    server: &Server,
    method: &Method,
    path: &str,
    target: &hyper::Uri,
    headers: &HeaderMap,
) -> Result<(Option<HeaderValue>, Route), Reject> {
    if matches!(path, "/health" | "/health/live" | "/health/ready") {
        // Probes name whatever host they reached, and there is nothing to protect.
        let asked = *method == Method::GET || *method == Method::HEAD;
        return if asked { Ok((None, Route::Health)) } else { Err(Reject::Method) };
    }
    server.admission.check_host(headers, target)?;
    let origin = server.admission.check_origin(headers)?;
    if !matches!(path, "/mcp" | "/mcp/" | "/v1/mcp" | "/v1/mcp/") {
        return Err(Reject::Path);
    }
    if *method == Method::OPTIONS {
        return Ok((origin, Route::Preflight));
    }
    if *method != Method::POST {
        return Err(Reject::Method);
    }
    check_media_type(headers, origin.is_some())?;
    Ok((origin, Route::Mcp))
}

/// H7: any other type could be posted by any page without a preflight.
fn check_media_type(headers: &HeaderMap, from_page: bool) -> Result<(), Reject> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return if from_page { Err(Reject::MediaType) } else { Ok(()) };
    };
    let value = value.to_str().map_err(|_| Reject::MediaType)?;
    let essence = value.split(';').next().unwrap_or("").trim();
    if essence.eq_ignore_ascii_case("application/json") { Ok(()) } else { Err(Reject::MediaType) }
}

/// Reads the body in time, if there is a place among the requests in work.
async fn receive<'a>(
    server: &'a Server,
    headers: &HeaderMap,
    body: Incoming,
) -> Result<(Collected, InWork<'a>), Reject> {
    let place = server.begin().ok_or(Reject::TooMany)?;
    let limits = &server.limits;
    let read = tokio::time::timeout(limits.body_timeout, read(headers, body, limits.body)).await;
    Ok((read.map_err(|_| Reject::TooSlow)??, place))
}

/// Reads the body. One that is too large is read past, unless the client waits to be
/// told before it sends.
async fn read(headers: &HeaderMap, mut body: Incoming, limit: usize) -> Result<Collected, Reject> {
    let read = if body.size_hint().lower() > limit as u64 {
        Err(Reject::TooLarge)
    } else {
        collect(&mut body, limit).await
    };
    if matches!(read, Err(Reject::TooLarge)) && !headers.contains_key(header::EXPECT) {
        drain(body).await;
    }
    read
}

/// The step into the protocol, and the one place that logs what became of it.
fn call(server: &Server, headers: &HeaderMap, body: &Collected, reply: &mut Reply) -> Outcome {
    let incoming = protocol::Incoming {
        body: body.bytes(),
        headers: Some(Headers {
            protocol_version: field(headers, &PROTOCOL_VERSION),
            method: field(headers, &MCP_METHOD),
            name: field(headers, &MCP_NAME),
            trace_parent: field(headers, &TRACE_PARENT),
        }),
        separator: BETWEEN_EVENTS,
        tolerant: server.tolerant,
    };
    let answered = protocol::answer(&server.context, &incoming, reply);
    super::log(&answered);
    answered.outcome
}

fn field<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Field<'a> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Field::Absent,
        (Some(value), None) => value.to_str().map_or(Field::Unreadable, Field::Text),
        _ => Field::Repeated,
    }
}

/// H8: only a client that takes nothing but events gets its answer as one.
fn takes_only_events(headers: &HeaderMap) -> bool {
    let mut events = false;
    for value in headers.get_all(header::ACCEPT) {
        for range in value.to_str().unwrap_or("").split(',') {
            match range.split(';').next().unwrap_or("").trim() {
                range if range.eq_ignore_ascii_case("text/event-stream") => events = true,
                "" => {}
                range => {
                    let json = ["application/json", "application/*", "*/*"];
                    if json.iter().any(|json| range.eq_ignore_ascii_case(json)) {
                        return false;
                    }
                }
            }
        }
    }
    events
}

/// Turns what the protocol said into a response.
fn respond(
    outcome: Outcome,
    reply: &Reply,
    origin: Option<HeaderValue>,
    headers: HeaderMap,
) -> Response<Answer> {
    let status = match outcome {
        Outcome::Reply | Outcome::Stream => StatusCode::OK,
        Outcome::Accepted => StatusCode::ACCEPTED,
        Outcome::BadRequest => StatusCode::BAD_REQUEST,
        Outcome::MethodNotFound => StatusCode::NOT_FOUND,
    };
    if outcome == Outcome::Accepted {
        return response(status, Answer::empty(), None, origin, headers);
    }
    let as_event =
        outcome == Outcome::Stream || outcome == Outcome::Reply && takes_only_events(&headers);
    if as_event {
        let body = Answer::new(EVENT, reply, END_OF_EVENT);
        let mut response = response(status, body, Some(EVENT_STREAM), origin, headers);
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(ACCEL_BUFFERING, HeaderValue::from_static("no"));
        return response;
    }
    let body = Answer::new("", reply, "");
    let mut response = response(status, body, Some(JSON), origin, headers);
    // H20: what may be kept is said in the body.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn refuse(reject: Reject, origin: Option<HeaderValue>, headers: HeaderMap) -> Response<Answer> {
    tracing::debug!(status = reject.status().as_u16(), "refused: {}", reject.text().trim_end());
    let body = Answer::text(reject.text());
    let media_type = (!reject.text().is_empty()).then_some(PLAIN);
    let mut response = response(reject.status(), body, media_type, origin, headers);
    let headers = response.headers_mut();
    if reject == Reject::Method {
        headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
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
    let mut response = response(StatusCode::NO_CONTENT, Answer::empty(), None, origin, headers);
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
        Answer::new("", reply, "")
    });
    let length = answer.size_hint().lower();
    let body = if *method == Method::HEAD { Answer::empty() } else { answer };
    let mut response = response(StatusCode::OK, body, Some(JSON), None, headers);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if *method == Method::HEAD {
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}

/// A response with the headers that all have.
fn response(
    status: StatusCode,
    body: Answer,
    media_type: Option<HeaderValue>,
    origin: Option<HeaderValue>,
    mut headers: HeaderMap,
) -> Response<Answer> {
    headers.clear();
    if let Some(media_type) = media_type {
        headers.insert(header::CONTENT_TYPE, media_type);
    }
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::VARY, HeaderValue::from_static("origin"));
    }
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
