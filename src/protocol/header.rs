//! What the HTTP headers of a message say, as far as the protocol cares.

use super::json::Text;

/// The value of a header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field<'a> {
    /// Not sent.
    #[default]
    Absent,
    /// Sent once, visible ASCII, trimmed.
    Text(&'a str),
    /// Sent more than once (M10).
    Repeated,
    /// Sent once, with bytes that are not visible ASCII (M9).
    Unreadable,
}

/// The headers that are read. They have no counterpart on stdio (S3).
#[derive(Clone, Copy, Debug, Default)]
pub struct Headers<'a> {
    /// `MCP-Protocol-Version`.
    pub protocol_version: Field<'a>,
    /// `Mcp-Method`.
    pub method: Field<'a>,
    /// `Mcp-Name`.
    pub name: Field<'a>,
    /// `traceparent`.
    pub trace_parent: Field<'a>,
}

/// Whether a header value means `text`: literally, or as `=?base64?...?=` (M7).
pub(super) fn means(value: &str, text: Text<'_>) -> bool {
    match value.strip_prefix("=?base64?").and_then(|rest| rest.strip_suffix("?=")) {
        Some(encoded) => base64_is(encoded.as_bytes(), text),
        None => text.is(value),
    }
}

/// Whether padded base64 encodes exactly the UTF-8 of `text`. Whatever is wrong with
/// the encoding makes it differ, so there is nothing else to report.
fn base64_is(encoded: &[u8], text: Text<'_>) -> bool {
    if !encoded.len().is_multiple_of(4) {
        return false;
    }
    let padding = encoded.iter().rev().take_while(|byte| **byte == b'=').count();
    if padding > 2 {
        return false;
    }
    let (mut bits, mut held) = (0_u32, 0);
    let mut digits = encoded[..encoded.len() - padding].iter();
    for character in text.chars() {
        for byte in character.encode_utf8(&mut [0; 4]).bytes() {
            while held < 8 {
                let Some(digit) = digits.next().and_then(|digit| sextet(*digit)) else {
                    return false;
                };
                bits = (bits << 6 | digit) & 0xFFFF;
                held += 6;
            }
            held -= 8;
            if (bits >> held) & 0xFF != u32::from(byte) {
                return false;
            }
        }
    }
    // What is left over are less than six bits, all zero.
    digits.next().is_none() && bits & ((1 << held) - 1) == 0 && held == 2 * padding as u32
}

fn sextet(digit: u8) -> Option<u32> {
    Some(u32::from(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::reader::{MAX_DEPTH, Reader};

    #[track_caller]
    fn check(value: &str, json: &str, expected: bool) {
        let text = Reader::new(json).value(MAX_DEPTH).expect("it is JSON");
        assert_eq!(means(value, text.text().expect("it is a string")), expected, "{value} {json}");
    }

    #[test]
    fn literal_values_are_compared_as_they_are() {
        check("search", r#""search""#, true);
        check("search", r#""s\u0065arch""#, true);
        check("Search", r#""search""#, false);
        check("=?BASE64?c2VhcmNo?=", r#""search""#, false);
        check("=?base64?c2VhcmNo", r#""=?base64?c2VhcmNo""#, true);
    }

    #[test]
    fn encoded_values_are_decoded_strictly() {
        check("=?base64?c2VhcmNo?=", r#""search""#, true);
        check("=?base64?w6k=?=", r#""\u00e9""#, true);
        check("=?base64?w6k?=", r#""é""#, false);
        check("=?base64?w6l=?=", r#""é""#, false);
        check("=?base64?YQ==?=", r#""a""#, true);
        check("=?base64?YR==?=", r#""a""#, false);
        check("=?base64?YQ=?=", r#""a""#, false);
        check("=?base64?c2VhcmNoYQ==?=", r#""search""#, false);
        check("=?base64?c2Vh!mNo?=", r#""search""#, false);
        check("=?base64??=", r#""""#, true);
        check("=?base64?====?=", r#""""#, false);
    }
}
