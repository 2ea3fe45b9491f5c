//! Documentation pages: a front matter and Markdown.

use std::path::Path;

use crate::flow::split_front_matter;
use crate::problem::Problem;

/// One full page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Title, where it is not that of the documentation tree.
    pub title: Option<String>,
    /// One sentence.
    pub description: String,
    /// Search words.
    pub words: String,
    /// Markdown without the title.
    pub body: String,
}

/// Reads one page. The front matter is `key: value` lines, one line a value.
pub fn read_page(text: &str, file: &Path, problems: &mut Vec<Problem>) -> Option<Page> {
    let Some((front, body)) = split_front_matter(text) else {
        let what = "must begin with a front matter between two lines `---`";
        problems.push(Problem::new(file, 1, what));
        return None;
    };
    let mut page = Page { body: body.trim().to_owned(), ..Page::default() };
    for (number, line) in front.lines().enumerate() {
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.trim().trim_matches('"').to_owned();
        match key.trim() {
            "title" => page.title = Some(value),
            "description" => page.description = value,
            "words" => page.words = value,
            "" => {}
            other => {
                let what = format!("unknown member `{other}`: use title, description or words");
                problems.push(Problem::new(file, number + 2, what));
            }
        }
    }
    if page.description.is_empty() {
        problems.push(Problem::new(file, 1, "`description` is missing from the front matter"));
    }
    if page.body.is_empty() {
        problems.push(Problem::new(file, 1, "the page has no text"));
    }
    Some(page)
}

/// The sentences of a Markdown text that can stand as a snippet: code, tables and
/// headings left out, markup removed.
#[must_use]
pub fn sentences(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut code = false;
    let mut paragraph = String::new();
    for line in markdown.lines().chain([""]) {
        let line = line.trim();
        if line.starts_with("```") {
            code = !code;
            continue;
        }
        let ends = line.is_empty() || line.starts_with(['#', '|', '-', '*', '>', ':']);
        if ends && !paragraph.is_empty() {
            split_sentences(&plain(&paragraph), &mut found);
            paragraph.clear();
        }
        if !code && !line.is_empty() && !line.starts_with(['#', '|', ':']) {
            paragraph.push_str(line.trim_start_matches(['-', '*', '>', ' ']));
            paragraph.push(' ');
        }
    }
    found
}

/// Text without the marks of links, emphasis and code.
fn plain(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some(open) = rest.find('[') {
        out.push_str(&rest[..open]);
        let inner = &rest[open + 1..];
        match (inner.find("]("), inner.find(')')) {
            (Some(close), Some(end)) if close < end => {
                out.push_str(&inner[..close]);
                rest = &inner[end + 1..];
            }
            _ => {
                out.push('[');
                rest = inner;
            }
        }
    }
    out.push_str(rest);
    out.replace("**", "").replace('`', "")
}

fn split_sentences(paragraph: &str, found: &mut Vec<String>) {
    let mut start = 0;
    for (at, _) in paragraph.match_indices(". ") {
        push_sentence(&paragraph[start..=at], found);
        start = at + 2;
    }
    push_sentence(&paragraph[start..], found);
}

fn push_sentence(sentence: &str, found: &mut Vec<String>) {
    let sentence = sentence.trim();
    if sentence.len() >= 20 {
        found.push(sentence.to_owned());
    }
}

/// At most `limit` characters, cut at a word with an ellipsis.
#[must_use]
pub fn clipped(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let cut: String = text.chars().take(limit - 1).collect();
    let cut = cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head);
    format!("{}…", cut.trim_end_matches([',', ';', ':', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_sentences_outside_code_and_tables() {
        let text = "# Title\n\nA first sentence about [secrets](docs/x). And a `second` one here.\n\n```yaml\nid: not this line at all\n```\n\n| a | table row that is long |\n- a list item that says something\n";
        assert_eq!(
            sentences(text),
            [
                "A first sentence about secrets.",
                "And a second one here.",
                "a list item that says something"
            ]
        );
    }

    #[test]
    fn clips_at_a_word() {
        assert_eq!(clipped("one two three", 9), "one two…");
        assert_eq!(clipped("one", 9), "one");
    }
}
