//! Makes imported text safe to hand to a model: no HTML, no comments, nothing invisible.
//!
//! Only tags of HTML are taken out: `List<String>` and `<your-bucket>` are text. Code
//! between backticks is left as it is, for `<br>` there is what the author shows.

/// Tags that are taken out. Anything else between angle brackets is text.
const TAGS: [&str; 36] = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "center",
    "code",
    "details",
    "div",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "hr",
    "i",
    "iframe",
    "img",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "script",
    "small",
    "span",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "u",
    "ul",
    "video",
];

/// The text without HTML tags, comments, zero-width and control characters.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut link: Option<String> = None;
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        if char == '`' {
            let code = code_span(rest);
            out.extend(code.chars().filter(|char| visible(*char)));
            rest = &rest[code.len()..];
        } else if let Some(after) = comment(rest) {
            rest = after;
        } else if let Some((tag, after)) = tag(rest) {
            replace_tag(tag, &mut link, &mut out);
            rest = after;
        } else {
            if visible(char) {
                out.push(char);
            }
            rest = &rest[char.len_utf8()..];
        }
    }
    out
}

/// A run of backticks up to the same run again; the run alone where it never ends.
fn code_span(text: &str) -> &str {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let fence = &text[..ticks];
    match text[ticks..].find(fence) {
        Some(end) => &text[..ticks + end + ticks],
        None => fence,
    }
}

/// What follows a comment that `text` begins with. One that never ends takes the rest:
/// half a comment is no better than a whole one.
fn comment(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("<!--")?;
    Some(inner.find("-->").map_or("", |end| &inner[end + 3..]))
}

/// The inside of an HTML tag that `text` begins with, and what follows it.
fn tag(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('<')?;
    let end = inner.find('>')?;
    let name = inner[..end].trim_start_matches('/');
    let name = &name[..name.find(|char: char| !char.is_ascii_alphanumeric()).unwrap_or(name.len())];
    let known = TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(name));
    known.then(|| (&inner[..end], &inner[end + 1..]))
}

/// A link becomes Markdown's, a line break a line break, everything else nothing.
fn replace_tag(tag: &str, link: &mut Option<String>, out: &mut String) {
    let lower = tag.to_ascii_lowercase();
    if lower.starts_with("a ") {
        if let Some(target) = attribute(tag, "href") {
            *link = Some(target.to_owned());
            out.push('[');
        }
    } else if lower.trim() == "/a" {
        if let Some(target) = link.take() {
            out.push_str("](");
            out.push_str(&target);
            out.push(')');
        }
    } else if lower.starts_with("br") {
        out.push('\n');
    }
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let at = tag.to_ascii_lowercase().find(&format!("{name}="))? + name.len() + 1;
    let value = &tag[at..];
    let quote = value.chars().next().filter(|char| matches!(char, '"' | '\''))?;
    value[1..].split(quote).next().filter(|target| target.starts_with("http"))
}

/// Line breaks and tabs are kept; other control characters, zero-width characters and
/// the marks that turn the direction of text are not.
fn visible(char: char) -> bool {
    match char {
        '\n' | '\t' => true,
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}'
        | '\u{00ad}'
        | '\u{e0000}'..='\u{e007f}' => false,
        other => !other.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &str) {
        assert_eq!(clean(text), want);
    }

    #[test]
    fn a_link_becomes_markdown() {
        check("See <a href=\"https://x.io/y\">the docs</a>.", "See [the docs](https://x.io/y).");
    }

    #[test]
    fn a_script_link_loses_its_target() {
        check("<a href=\"javascript:x()\">go</a>", "go");
    }

    #[test]
    fn tags_go_and_their_text_stays() {
        check("<b>Bold</b> and <br/>new", "Bold and \nnew");
    }

    #[test]
    fn placeholders_and_generics_stay() {
        check("A List<String> for <your-bucket>, a < b", "A List<String> for <your-bucket>, a < b");
    }

    #[test]
    fn code_stays() {
        check("`<b>` and ```\n<a href=\"x\">\n```", "`<b>` and ```\n<a href=\"x\">\n```");
    }

    #[test]
    fn comments_go() {
        check("a<!-- say nothing -->b<!-- open", "ab");
    }

    #[test]
    fn the_invisible_goes() {
        check("a\u{200b}b\u{0}c\r\nd\u{202e}`e\u{feff}`", "abc\nd`e`");
    }
}
