//! The floor: hyper 1 as it comes, sending the same bytes to every request.
//!
//! `bare ADDRESS FILE [CONTENT-ENCODING]`

use std::convert::Infallible;
use std::error::Error;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: bare ADDRESS FILE [CONTENT-ENCODING]";
    let listener = TcpListener::bind(arguments.next().ok_or(usage)?).await?;
    let body = Bytes::from(std::fs::read(arguments.next().ok_or(usage)?)?);
    let encoding = arguments.next().map(|name| HeaderValue::from_str(&name)).transpose()?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (body, encoding) = (body.clone(), encoding.clone());
        tokio::spawn(async move {
            let service = service_fn(|request| answer(request, body.clone(), encoding.clone()));
            // A client that goes away is no news.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    body: Bytes,
    encoding: Option<HeaderValue>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    // What is asked is read whole, as any server of this protocol must.
    let _ = request.into_body().collect().await;
    let mut response = Response::new(Full::new(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(encoding) = encoding {
        response.headers_mut().insert(CONTENT_ENCODING, encoding);
    }
    Ok(response)
}
