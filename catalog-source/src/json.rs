//! JSON text in the two forms in which it is stored.

use std::fmt::Write;

/// A JSON string with its quotes.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// The inside of a JSON string: what stands between its quotes. Answers are JSON (or
/// Markdown, or YAML) inside a JSON string, so every stored piece is in this form.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' || control == '\u{7f}' => {
                write!(out, "\\u{:04x}", control as u32).expect("a String takes all");
            }
            other => out.push(other),
        }
    }
    out
}

/// The inside of a JSON string, unescaped again.
#[must_use]
pub fn unescaped(text: &str) -> String {
    serde_json::from_str(&format!("\"{text}\"")).unwrap_or_default()
}
