//! What HTTP refuses before the protocol sees it.

use hyper::StatusCode;

/// A request that is not answered by the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reject {
    /// `Host` is missing, repeated or no host at all.
    BadHost,
    /// The host is not one of ours (H6).
    Host,
    /// The page that asks is not one of ours (H5).
    Origin,
    /// No such path (H4).
    Path,
    /// Only POST is served (H2).
    Method,
    /// The health of the server is only read.
    HealthMethod,
    /// The body is not declared as JSON (H7).
    MediaType,
    /// The body is longer than the limit (H14).
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// The body ended before its time, or is not framed as it says.
    Broken,
    /// Too many requests are in work (H19).
    TooMany,
}

impl Reject {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::BadHost | Self::Broken => StatusCode::BAD_REQUEST,
            Self::Host | Self::Origin => StatusCode::FORBIDDEN,
            Self::Path => StatusCode::NOT_FOUND,
            Self::Method | Self::HealthMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// One line of plain text: never JSON, which clients would take for an answer (H4).
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::BadHost => "the Host header must be given once and name a host\n",
            Self::Host => "this Host is not served: start the server with --allowed-hosts\n",
            Self::Origin => "this Origin is not allowed: start the server with --allowed-origins\n",
            Self::Path => "not found: the MCP endpoint is /mcp\n",
            Self::Method | Self::HealthMethod => "",
            Self::MediaType => "the Content-Type must be application/json\n",
            Self::TooLarge => "the body is too large: see --max-body\n",
            Self::TooSlow => "the body did not arrive in time\n",
            Self::Broken => "the body could not be read\n",
            Self::TooMany => "too many requests are in work: try again\n",
        }
    }

    /// The methods that are served, where it was another.
    pub(super) fn allowed_methods(self) -> Option<&'static str> {
        match self {
            Self::Method => Some("POST"),
            Self::HealthMethod => Some("GET, HEAD"),
            _ => None,
        }
    }

    /// Whether the page that asks is one of ours, as far as it was looked at.
    pub(super) fn is_for_page(self) -> bool {
        !matches!(self, Self::BadHost | Self::Host | Self::Origin | Self::HealthMethod)
    }

    /// Whether the rest of the connection cannot be trusted to begin with a request.
    pub(super) fn closes(self) -> bool {
        matches!(self, Self::TooLarge | Self::TooSlow | Self::Broken)
    }
}
