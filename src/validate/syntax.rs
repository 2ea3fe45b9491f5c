//! What is wrong with a text that is not YAML, and where its author should look.
//!
//! A parser complains where it can go no further, which is often a line or two behind
//! the mistake. These rules bring the complaint back to the line that was mistyped.

use super::tree::{Place, SyntaxError};

/// Explains the parser's complaint. `last` is where the last value that could be read
/// began.
pub(super) fn explain(text: &str, at: Place, last: Place, info: &str) -> SyntaxError {
    let line = |number: u32| text.lines().nth(number.max(1) as usize - 1).unwrap_or_default();
    let error = |line: u32, what: &str| SyntaxError {
        at: if line == at.line { at } else { Place { line, column: first_column(text, line) } },
        what: what.to_owned(),
        passes: false,
    };
    if let Some(tabbed) = (at.line..=at.line + 1).find(|number| begins_with_tab(line(*number)))
        && info.contains("tab")
    {
        return error(tabbed, "a tab cannot indent: use spaces");
    }
    if info.contains("unknown anchor") {
        // Kestra reads an alias as a text; only where that text cannot be right is it wrong.
        let names_something =
            ["type:", "id:"].iter().any(|it| content(line(at.line)).starts_with(it));
        let what = "an alias without an anchor: put quotes around a value that begins with `*`";
        return SyntaxError { passes: !names_something, ..error(at.line, what) };
    }
    if info.contains("simple key") {
        let guilty = (last.line..=at.line).find(|number| is_without_colon(line(*number)));
        return error(
            guilty.unwrap_or(at.line),
            "expected `key: value`, with a space after the colon",
        );
    }
    if at.line > last.line && opens_more_than_it_closes(line(last.line)) {
        return error(last.line, "a bracket is opened and not closed");
    }
    if info.contains("mapping values are not allowed") {
        if at.line > last.line && is_without_colon(line(last.line)) {
            return error(last.line, "expected `key: value`, with a space after the colon");
        }
        let what = "a `:` where no key can be: is the indentation right, or are quotes missing?";
        return error(at.line, what);
    }
    if info.contains("quoted scalar") || info.contains("unexpected end of stream") {
        let guilty =
            if line(last.line).matches(['"', '\'']).count() % 2 == 1 { last.line } else { at.line };
        return error(guilty, "a quote is opened and not closed");
    }
    if info.contains("unexpected character") {
        let character = line(at.line).chars().nth(at.column.max(1) as usize - 1).unwrap_or(' ');
        let what = format!("a value cannot begin with `{character}`: put quotes around it");
        return error(at.line, &what);
    }
    if info.contains("did not find expected") {
        return error(at.line, "the indentation does not fit the lines above");
    }
    error(at.line, info)
}

/// The line without its indentation and the mark of a list item.
fn content(line: &str) -> &str {
    let line = line.trim();
    line.strip_prefix("- ").unwrap_or(line).trim_start()
}

fn is_without_colon(line: &str) -> bool {
    let line = content(line);
    !(line.is_empty() || line.starts_with('#') || line.ends_with(':') || line.contains(": "))
}

fn begins_with_tab(line: &str) -> bool {
    line.trim_start_matches(' ').starts_with('\t')
}

fn opens_more_than_it_closes(line: &str) -> bool {
    let count = |brackets: [char; 2]| line.matches(brackets).count();
    count(['[', '{']) > count([']', '}'])
}

fn first_column(text: &str, number: u32) -> u32 {
    let line = text.lines().nth(number.max(1) as usize - 1).unwrap_or_default();
    line.chars().take_while(|it| it.is_whitespace()).count() as u32 + 1
}
