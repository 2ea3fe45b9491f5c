//! Which hosts are served and which pages may ask (H5, H6).

use std::net::IpAddr;

use hyper::http::uri::Authority;

use super::reject::Reject;
use crate::protocol::Field;

const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Hosts and origins that are let in.
#[derive(Clone, Debug)]
pub struct Admission {
    /// `None` where every host is served.
    hosts: Option<Vec<String>>,
    origins: Vec<String>,
}

impl Admission {
    /// Rules for a server bound to `address`. On a loopback address only its names and
    /// `hosts` are served; on any other every host is, unless `hosts` says which. `*`
    /// stands for all.
    #[must_use]
    pub fn new(address: IpAddr, mut hosts: Vec<String>, origins: Vec<String>) -> Self {
        let open = hosts.iter().any(|host| host == "*");
        let restricted = !open && (address.is_loopback() || !hosts.is_empty());
        hosts.extend(LOOPBACK.map(String::from));
        hosts.push(match address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        });
        Self { hosts: restricted.then_some(hosts), origins }
    }

    /// The host of a request: of the header, and of the target where it has one.
    pub(super) fn check_host(
        &self,
        host: Field<'_>,
        target: Option<&Authority>,
    ) -> Result<(), Reject> {
        let Field::Text(host) = host else {
            return Err(Reject::BadHost);
        };
        self.check_authority(host)?;
        target.map_or(Ok(()), |authority| self.check_authority(authority.as_str()))
    }

    fn check_authority(&self, authority: &str) -> Result<(), Reject> {
        let host = host_of(authority).ok_or(Reject::BadHost)?;
        let Some(hosts) = &self.hosts else {
            return Ok(());
        };
        let served = hosts
            .iter()
            .any(|known| known.eq_ignore_ascii_case(host) || known.eq_ignore_ascii_case(authority));
        if served { Ok(()) } else { Err(Reject::Host) }
    }

    /// The origin of a request, which has none if it comes from no page.
    pub(super) fn check_origin(&self, origin: Field<'_>) -> Result<(), Reject> {
        match origin {
            Field::Absent => Ok(()),
            Field::Text(origin) if self.is_allowed(origin) => Ok(()),
            _ => Err(Reject::Origin),
        }
    }

    fn is_allowed(&self, origin: &str) -> bool {
        let listed = |known: &String| known == "*" || known.eq_ignore_ascii_case(origin);
        let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        authority.and_then(host_of).is_some_and(is_loopback) || self.origins.iter().any(listed)
    }
}

fn is_loopback(host: &str) -> bool {
    LOOPBACK.iter().any(|known| known.eq_ignore_ascii_case(host))
}

/// The host in `host[:port]`, brackets of an IPv6 address kept.
fn host_of(authority: &str) -> Option<&str> {
    let end = if authority.starts_with('[') {
        authority.find(']')? + 1
    } else {
        authority.bytes().position(|byte| byte == b':').unwrap_or(authority.len())
    };
    let (host, rest) = authority.split_at(end);
    let port = rest.strip_prefix(':').unwrap_or(rest);
    let well_formed = !host.is_empty()
        && port.len() <= 5
        && port.bytes().all(|digit| digit.is_ascii_digit())
        && !host.bytes().any(|byte| matches!(byte, b'@' | b'/' | b',' | b' '));
    well_formed.then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission(address: [u8; 4], hosts: &[&str]) -> Admission {
        let hosts = hosts.iter().map(ToString::to_string).collect();
        Admission::new(IpAddr::from(address), hosts, vec!["https://app.example".into()])
    }

    #[track_caller]
    fn check_host(admission: &Admission, host: &str, expected: Result<(), Reject>) {
        assert_eq!(admission.check_host(Field::Text(host), None), expected, "{host}");
    }

    #[test]
    fn a_loopback_server_serves_loopback_names() {
        let local = admission([127, 0, 0, 1], &["mcp.example"]);
        for host in ["localhost", "LOCALHOST:1", "127.0.0.1:8080", "[::1]:9", "mcp.example:443"] {
            check_host(&local, host, Ok(()));
        }
        for host in ["evil.example", "127.0.0.1.evil.example", "localhost.", "[::2]", "::1"] {
            let found = local.check_authority(host);
            assert!(matches!(found, Err(Reject::Host | Reject::BadHost)), "{host}");
        }
        for host in ["", "localhost:x", "a@localhost", "[::1", "localhost:123456"] {
            check_host(&local, host, Err(Reject::BadHost));
        }
    }

    #[test]
    fn an_open_server_serves_every_host_unless_told() {
        check_host(&admission([0, 0, 0, 0], &[]), "kestra.example", Ok(()));
        let named = admission([0, 0, 0, 0], &["kestra.example:8080"]);
        check_host(&named, "kestra.example:8080", Ok(()));
        check_host(&named, "kestra.example:8081", Err(Reject::Host));
        check_host(&admission([127, 0, 0, 1], &["*"]), "any.example", Ok(()));
    }

    #[test]
    fn the_target_is_checked_too() {
        let local = admission([127, 0, 0, 1], &[]);
        let target = Authority::from_static("evil.example");
        assert_eq!(local.check_host(Field::Text("localhost"), Some(&target)), Err(Reject::Host));
        for host in [Field::Absent, Field::Repeated, Field::Unreadable] {
            assert_eq!(local.check_host(host, None), Err(Reject::BadHost), "{host:?}");
        }
    }

    #[test]
    fn pages_of_loopback_hosts_and_listed_ones_may_ask() {
        let local = admission([127, 0, 0, 1], &[]);
        let origin = |value: &'static str| local.check_origin(Field::Text(value));
        for value in
            ["http://localhost:3000", "https://127.0.0.1", "http://[::1]:1", "https://app.example"]
        {
            assert!(origin(value).is_ok(), "{value}");
        }
        for value in ["null", "http://evil.example", "http://localhost.evil.example", "file://", ""]
        {
            assert_eq!(origin(value), Err(Reject::Origin), "{value}");
        }
        assert_eq!(local.check_origin(Field::Absent), Ok(()));
        for repeated in [Field::Repeated, Field::Unreadable] {
            assert_eq!(local.check_origin(repeated), Err(Reject::Origin), "{repeated:?}");
        }
    }
}
