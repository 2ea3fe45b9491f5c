//! What an expression refers to, and what is wrong with its form.

/// Something in a text with expressions, and the byte at which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub(super) at: usize,
    pub(super) what: What<'a>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What<'a> {
    /// An opening mark without its closing one.
    Open(&'static str),
    /// Nothing between the marks.
    Empty,
    /// `| name`.
    Filter(&'a str),
    /// `name(`.
    Function(&'a str),
    /// `root.first.second`, as far as its steps are plain names.
    Reference(&'a str, Vec<&'a str>),
}

/// Characters of an expression in which quotes and braces are heeded.
const LONGEST: usize = 10_000;
/// Findings of one text: more tell nothing new.
const MOST: usize = 500;

/// Reads a text. Verbatim stretches and comments are skipped.
pub(super) fn scan(text: &str) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((start, open, close)) = next_mark(text, at).filter(|_| found.len() < MOST) {
        let inside = start + 2;
        let end =
            if open == "{#" { text[inside..].find(close) } else { end(&text[inside..], close) };
        let Some(end) = end else {
            found.push(Found { at: start, what: What::Open(open) });
            return found;
        };
        let content = &text[inside..inside + end];
        at = inside + end + close.len();
        let words = content.trim_matches(['-', ' ', '\n', '\t']);
        match open {
            "{{" if words.is_empty() => found.push(Found { at: start, what: What::Empty }),
            "{%" if words == "raw" || words == "verbatim" => {
                let rest = text[at..].find("{%").map(|next| at + next);
                let close =
                    rest.and_then(|_| text[at..].find("endraw").or(text[at..].find("endverbatim")));
                at = close.map_or(text.len(), |next| at + next);
            }
            "{#" => {}
            _ => expression(content, inside, &mut found),
        }
    }
    found
}

/// The next opening mark with the one that closes it.
fn next_mark(text: &str, from: usize) -> Option<(usize, &'static str, &'static str)> {
    let marks = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")];
    let mut at = from;
    loop {
        at += text.get(at..)?.find('{')?;
        if let Some((open, close)) = marks.iter().find(|(open, _)| text[at..].starts_with(open)) {
            return Some((at, open, close));
        }
        at += 1;
    }
}

/// Where the closing mark stands, outside of quotes and of the braces of maps.
fn end(text: &str, close: &str) -> Option<usize> {
    let mut quote = None;
    let mut braces = 0_usize;
    let mut chars = text.char_indices().take(LONGEST);
    while let Some((at, char)) = chars.next() {
        match (quote, char) {
            (Some(_), '\\') => {
                chars.next();
            }
            (Some(open), _) if open == char => quote = None,
            (None, '\'' | '"') => quote = Some(char),
            (None, _) if braces == 0 && text[at..].starts_with(close) => return Some(at),
            (None, '{') => braces += 1,
            (None, '}') => braces = braces.saturating_sub(1),
            _ => {}
        }
    }
    // A lone apostrophe is no reason to doubt the mark.
    text.find(close)
}

/// Reads the inside of one pair of marks, which begins at byte `base`.
fn expression<'a>(text: &'a str, base: usize, found: &mut Vec<Found<'a>>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    // The last character that is no blank, and the last word.
    let (mut before, mut word) = (b' ', "");
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'\'' | b'"') => {
                at = after_quote(bytes, at, quote);
                before = quote;
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                let start = at;
                at += name_len(&text[at..]);
                let name = &text[start..at];
                let called = text[at..].trim_start().starts_with('(');
                let what = match before {
                    b'|' => Some(What::Filter(name)),
                    b'.' => None,
                    _ if called
                        && !KEYWORDS.contains(&name)
                        && word != "is"
                        && word != "macro"
                        && !(word == "not" && text[..start].contains(" is ")) =>
                    {
                        Some(What::Function(name))
                    }
                    _ if called => None,
                    _ => {
                        let (steps, end) = steps(text, at);
                        at = end;
                        (!steps.is_empty()).then_some(What::Reference(name, steps))
                    }
                };
                found.extend(what.map(|what| Found { at: base + start, what }));
                (before, word) = (b'a', name);
            }
            byte => {
                if !byte.is_ascii_whitespace() {
                    before = byte;
                }
                at += 1;
            }
        }
    }
}

/// Words of the language that may stand before a parenthesis.
const KEYWORDS: [&str; 14] = [
    "and", "or", "not", "is", "if", "elseif", "in", "isIn", "contains", "equals", "set", "for",
    "else", "filter",
];

fn name_len(text: &str) -> usize {
    text.find(|it: char| !(it.is_ascii_alphanumeric() || it == '_')).unwrap_or(text.len())
}

fn after_quote(bytes: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// `.name` and `['name']` as far as they go, and the byte behind them.
fn steps(text: &str, mut at: usize) -> (Vec<&str>, usize) {
    let mut steps = Vec::new();
    loop {
        let rest = &text[at..];
        if let Some(step) = rest.strip_prefix('.') {
            let len = name_len(step);
            // A method that is called is no step.
            if len == 0 || step[len..].starts_with('(') {
                return (steps, at);
            }
            steps.push(&step[..len]);
            at += 1 + len;
            continue;
        }
        let quoted = ["['", "[\""].iter().find_map(|open| {
            let inner = rest.strip_prefix(open)?;
            let len = inner.find(&open[1..])?;
            inner[len + 1..].starts_with(']').then_some((&inner[..len], len + 4))
        });
        let Some((step, len)) = quoted else { return (steps, at) };
        steps.push(step);
        at += len;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[What<'_>]) {
        let found: Vec<What<'_>> = scan(text).into_iter().map(|it| it.what).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn finds_references() {
        check("a {{ inputs.x }} b", &[What::Reference("inputs", vec!["x"])]);
        check(
            "{{ outputs['my-task'].uri }}",
            &[What::Reference("outputs", vec!["my-task", "uri"])],
        );
        check(
            "{{ outputs.a[taskrun.value].b }}",
            &[What::Reference("outputs", vec!["a"]), What::Reference("taskrun", vec!["value"])],
        );
        check("{{ 'inputs.x' }} {# inputs.y #}", &[]);
    }

    #[test]
    fn finds_filters_and_functions() {
        check(
            "{{ now() | dateAdd(-1, 'DAYS') }}",
            &[What::Function("now"), What::Filter("dateAdd")],
        );
        check("{{ x is not empty }}{% if (a) and not (b) %}", &[]);
        check("{{ {'a': 1} | toJson }}", &[What::Filter("toJson")]);
        check("{{ x is equalTo(1) }}", &[]);
    }

    #[test]
    fn sees_what_is_not_closed() {
        check("{{ a", &[What::Open("{{")]);
        check("{{ }}", &[What::Empty]);
        check("{% raw %}{{ dbt.x }}{% endraw %}", &[]);
        check("it's {{ a.b }} isn't it", &[What::Reference("a", vec!["b"])]);
    }

    #[test]
    fn takes_any_text() {
        for text in [
            "{{",
            "{%",
            "{{'",
            "{{ é.ü }}",
            "{{ a['",
            "{{ a[\"b }}",
            "}}",
            "{{|}}",
            "{{ a.('x') }}",
            "{% raw %}",
        ] {
            scan(text);
        }
    }
}
