//! The trace that a request belongs to (X1).

use super::Headers;
use super::era::Meta;
use super::header::Field;
use super::json::{Text, Value};

/// The parent span in W3C form; `_meta` wins over the header. What does not parse is
/// ignored: tracing never fails a request.
pub(super) fn parent<'a>(meta: &Meta<'a>, headers: Option<&Headers<'a>>) -> Option<&'a str> {
    let stated = meta.trace_parent.and_then(Value::text).map(Text::raw).filter(|raw| is_valid(raw));
    stated.or_else(|| match headers?.trace_parent {
        Field::Text(value) if is_valid(value) => Some(value),
        _ => None,
    })
}

/// `00-` and three hexadecimal numbers of 32, 16 and 2 digits; the first two not zero.
fn is_valid(value: &str) -> bool {
    let mut parts = value.split('-');
    let mut next = |digits: usize| {
        parts.next().filter(|part| {
            part.len() == digits && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        })
    };
    let not_zero = |id: &str| id.bytes().any(|digit| digit != b'0');
    let well_formed = next(2) == Some("00")
        && next(32).is_some_and(not_zero)
        && next(16).is_some_and(not_zero)
        && next(2).is_some();
    well_formed && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::is_valid;

    #[test]
    fn follows_the_w3c_form() {
        assert!(is_valid("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        for value in [
            "",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        ] {
            assert!(!is_valid(value), "{value}");
        }
    }
}
