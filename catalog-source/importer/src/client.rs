//! Asks a server for JSON: credentials, time limits, retries, and what every odd answer
//! means. Knows nothing of Kestra's paths.

use std::io::Read;
use std::str::Utf8Error;
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;
use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body};

use crate::failure::{Failure, Weight};

/// The longest answer that is taken whole. A class has 0.1 MB, the list of a Kestra
/// with every plugin 3 MB; flow schemas are streamed and not bound by this.
const MAX_BODY: u64 = 256 << 20;

/// Longest wait that a server may ask for with `Retry-After`.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// How to prove who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// Not at all.
    #[default]
    None,
    /// User name and password.
    Basic(String, String),
    /// An API token.
    Token(String),
}

/// Time limits and tries.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Longest time for one answer.
    pub timeout: Duration,
    /// Tries after the first one.
    pub retries: u32,
    /// Wait before the second try; doubles with each further one.
    pub backoff: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { timeout: Duration::from_mins(2), retries: 3, backoff: Duration::from_millis(500) }
    }
}

/// Asks one server.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    base: String,
    authorization: Option<String>,
    patience: Patience,
}

impl Client {
    /// A client for the server at `base`, an address without a path or with a prefix.
    pub fn new(base: &str, credentials: &Credentials, patience: Patience) -> Result<Self, Failure> {
        if !base.starts_with("http://") && !base.starts_with("https://") {
            let remedy = "give the whole address, such as http://localhost:8080";
            return Err(
                Failure::new(base, "is not an http or https address", remedy).weighing(Weight::All)
            );
        }
        let config = Agent::config_builder()
            .timeout_global(Some(patience.timeout))
            .timeout_connect(Some(patience.timeout.min(Duration::from_secs(10))))
            .http_status_as_error(false)
            .user_agent(concat!("kestra-mcp-importer/", env!("CARGO_PKG_VERSION")))
            .build();
        let authorization = match credentials {
            Credentials::None => None,
            Credentials::Basic(user, password) => {
                Some(format!("Basic {}", base64(format!("{user}:{password}").as_bytes())))
            }
            Credentials::Token(token) => Some(format!("Bearer {token}")),
        };
        let base = base.trim_end_matches('/').to_owned();
        Ok(Self { agent: config.into(), base, authorization, patience })
    }

    /// The address of a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The JSON at a path.
    pub fn json(&self, path: &str) -> Result<Value, Failure> {
        self.read(path, |url, mut response| {
            let limit = response.body_mut().with_config().limit(MAX_BODY);
            let bytes = limit.read_to_vec().map_err(|error| broken(url, &error.to_string()))?;
            parse(url, &bytes)
        })
    }

    /// The text at a path.
    pub fn text(&self, path: &str) -> Result<String, Failure> {
        self.read(path, |url, mut response| {
            let limit = response.body_mut().with_config().limit(MAX_BODY);
            let bytes = limit.read_to_vec().map_err(|error| broken(url, &error.to_string()))?;
            String::from_utf8(bytes).map_err(|error| not_utf8(url, error.utf8_error()))
        })
    }

    /// Hands the body at a path to `take` as it arrives.
    pub fn stream<T>(
        &self,
        path: &str,
        mut take: impl FnMut(&mut dyn Read) -> Result<T, serde_json::Error>,
    ) -> Result<T, Failure> {
        self.read(path, |url, mut response| {
            let mut reader = response.body_mut().with_config().limit(u64::MAX).reader();
            take(&mut reader).map_err(|error| {
                if error.is_io() || error.is_eof() {
                    broken(url, &error.to_string())
                } else {
                    not_json(url, &error.to_string())
                }
            })
        })
    }

    /// Asks until there is an answer or patience ends.
    fn read<T>(
        &self,
        path: &str,
        mut take: impl FnMut(&str, Response<Body>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let url = self.url(path);
        let mut wait = self.patience.backoff;
        for left in (0..=self.patience.retries).rev() {
            let mut asked_for = None;
            let result = self.send(&url).and_then(|response| {
                asked_for = retry_after(&response);
                check_status(&url, response).and_then(|response| take(&url, response))
            });
            match result {
                Err(failure) if failure.weight == Weight::Passing && left > 0 => {
                    sleep(asked_for.unwrap_or(wait));
                    wait *= 2;
                }
                other => return other,
            }
        }
        unreachable!("the last round of the loop returns")
    }

    fn send(&self, url: &str) -> Result<Response<Body>, Failure> {
        let mut request = self.agent.get(url).header("Accept", "application/json");
        if let Some(value) = &self.authorization {
            request = request.header("Authorization", value);
        }
        request.call().map_err(|error| unreachable_server(url, &error))
    }
}

fn unreachable_server(url: &str, error: &ureq::Error) -> Failure {
    let what = match error {
        ureq::Error::Timeout(_) => "no answer in time".to_owned(),
        ureq::Error::HostNotFound => "the host name is unknown".to_owned(),
        other => format!("cannot be reached: {other}"),
    };
    let remedy =
        "is Kestra running, and is the address right? --timeout and --retries give it time";
    Failure::new(url, what, remedy).weighing(Weight::Passing)
}

fn check_status(url: &str, mut response: Response<Body>) -> Result<Response<Body>, Failure> {
    let status = response.status();
    if status.is_success() {
        let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        return if kind.is_some_and(|kind| kind.contains("html")) {
            Err(html(url))
        } else {
            Ok(response)
        };
    }
    let message = message_of(&mut response);
    let what = format!("{} {}{message}", status.as_u16(), status.canonical_reason().unwrap_or(""));
    let (weight, remedy) = match status {
        StatusCode::UNAUTHORIZED => {
            (Weight::All, "give --user and --password, or --token; check that they are right")
        }
        StatusCode::FORBIDDEN => (Weight::All, "this user may not read plugins: use another one"),
        StatusCode::NOT_FOUND => (Weight::One, "this Kestra does not have it"),
        StatusCode::UNPROCESSABLE_ENTITY => {
            (Weight::One, "Kestra cannot describe it: is a library of the plugin missing there?")
        }
        StatusCode::INTERNAL_SERVER_ERROR => {
            (Weight::One, "Kestra failed: its log names the reason")
        }
        StatusCode::TOO_MANY_REQUESTS => (Weight::Passing, "lower --jobs"),
        status if status.is_server_error() => {
            (Weight::Passing, "the server or a proxy before it is overloaded: lower --jobs")
        }
        _ => (Weight::One, "check the address"),
    };
    Err(Failure::new(url, what, remedy).weighing(weight))
}

/// The message that Kestra puts into an error answer, as an addition to the status.
fn message_of(response: &mut Response<Body>) -> String {
    let body = response.body_mut().with_config().limit(64 << 10).read_to_vec().unwrap_or_default();
    let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
    answer["message"].as_str().map(|message| format!(": {}", message.trim())).unwrap_or_default()
}

fn retry_after(response: &Response<Body>) -> Option<Duration> {
    let seconds = response.headers().get("retry-after")?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds).min(MAX_WAIT))
}

fn html(url: &str) -> Failure {
    let remedy = "this is a web page: give the address of Kestra's API, and credentials if a login page stands before it";
    Failure::new(url, "HTML instead of JSON", remedy)
}

fn parse(url: &str, bytes: &[u8]) -> Result<Value, Failure> {
    if bytes.trim_ascii_start().starts_with(b"<") {
        return Err(html(url));
    }
    if let Err(error) = std::str::from_utf8(bytes) {
        return Err(not_utf8(url, error));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        if error.is_eof() {
            broken(url, &format!("the answer ends after {} bytes: {error}", bytes.len()))
        } else {
            not_json(url, &error.to_string())
        }
    })
}

fn not_utf8(url: &str, error: Utf8Error) -> Failure {
    let what = format!("not UTF-8 from byte {} on", error.valid_up_to());
    Failure::new(url, what, "the server must answer UTF-8: is a proxy changing it?")
}

fn broken(url: &str, what: &str) -> Failure {
    let remedy = "the answer was cut off: try again, and look at proxies and time limits";
    Failure::new(url, what, remedy).weighing(Weight::Passing)
}

fn not_json(url: &str, what: &str) -> Failure {
    Failure::new(url, format!("not JSON: {what}"), "is this the address of Kestra's API?")
}

/// Base64 as `Authorization: Basic` wants it; six lines are less than a dependency.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte));
        let word = word << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            let at = (word >> (18 - 6 * digit)) as usize & 63;
            out.push(if digit <= chunk.len() { char::from(DIGITS[at]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads() {
        assert_eq!(base64(b"Aladdin:open sesame"), "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(base64(b"abc"), "YWJj");
        assert_eq!(base64(b"ab"), "YWI=");
    }

    #[test]
    fn an_address_needs_a_scheme() {
        let failure = Client::new("localhost:8080", &Credentials::None, Patience::default())
            .expect_err("no scheme");
        assert!(failure.remedy.contains("http://localhost:8080"), "{failure}");
    }
}
