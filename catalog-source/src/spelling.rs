//! Spelling: every plain word of a text stands in `spelling/words.txt`, or is a name
//! that the facts give.
//!
//! The list holds the words that the texts use and a person has read, no more: a new
//! word shows in review, be it new or misspelled.

use std::collections::BTreeSet;

use crate::problem::Problem;
use crate::read::{Sourced, Sources};

/// Where the list stands.
pub const FILE: &str = "spelling/words.txt";

/// Checks the spelling of the catalog's own texts.
pub fn check(sources: &Sources, problems: &mut Vec<Problem>) {
    let known: BTreeSet<&str> = sources.spelling.lines().collect();
    each_word(sources, |word, file, line| {
        if !known.contains(word) {
            let what = format!("`{word}` is not in {FILE}: correct it, or add it there");
            problems.push(Problem::new(file, line, what));
        }
    });
}

/// Every word that the texts use, for the list.
#[must_use]
pub fn words(sources: &Sources) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    each_word(sources, |word, _, _| {
        found.insert(word.to_owned());
    });
    found
}

/// Calls `each` with the words of all texts, their files and lines.
fn each_word(sources: &Sources, mut each: impl FnMut(&str, &std::path::Path, usize)) {
    let own = |root: usize| root == 0;
    for texts in sources.texts.values().flatten().filter(|it| own(it.root)) {
        json_words(texts, &mut each);
    }
    json_words(&sources.glossary, &mut each);
    json_words(&sources.enterprise_texts, &mut each);
    json_words(&sources.doc_sentences, &mut each);
    for blueprint in sources.blueprints.values().filter(|it| own(it.root)) {
        let front = blueprint.text.split("\n---\n").next().unwrap_or_default();
        for (number, line) in front.lines().enumerate() {
            if let Some(text) = front_matter_text(line) {
                line_words(text, |word| each(word, &blueprint.file, number + 1));
            }
        }
    }
    for page in sources.pages.values().filter(|it| own(it.root)) {
        page_words(page, &mut each);
    }
}

/// The value of a front matter line that is a sentence.
fn front_matter_text(line: &str) -> Option<&str> {
    line.strip_prefix("title:").or_else(|| line.strip_prefix("description:"))
}

/// Words of the values of a JSON file that is written with one member a line.
fn json_words<T>(texts: &Sourced<T>, each: &mut impl FnMut(&str, &std::path::Path, usize)) {
    for (number, line) in texts.text.lines().enumerate() {
        let Some((key, value)) = line.split_once("\": \"") else { continue };
        // Search words may be slang, nicknames and slips; a replacement is a class.
        if !matches!(key.trim().trim_matches('"'), "words" | "replacedBy") {
            line_words(&value.replace("\\n", " "), |word| each(word, &texts.file, number + 1));
        }
    }
}

/// Words of a page: code, addresses and the words of its front matter are left out.
fn page_words<T>(page: &Sourced<T>, each: &mut impl FnMut(&str, &std::path::Path, usize)) {
    let mut code = false;
    for (number, line) in page.text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            code = !code;
        }
        if !code && !line.starts_with("words:") {
            line_words(line, |word| each(word, &page.file, number + 1));
        }
    }
}

/// The plain words of a line: what stands in backticks, in an address or a path, and
/// what has digits or capitals inside is a name and not a word.
fn line_words(line: &str, mut each: impl FnMut(&str)) {
    for (n, part) in line.split('`').enumerate() {
        if n % 2 == 1 {
            continue;
        }
        for token in part.split([' ', ',', ';', '(', '[', '"', '|', '\u{2013}', '\u{2014}']) {
            // `](docs/a/b)` is the address of a link.
            let token = token.trim_end_matches(['.', ':', '!', '?', ')', ']']);
            if token.contains(['/', '@', '_', '{', '}', '=', '<', '>', '$', '\\', '.', ':']) {
                continue;
            }
            for word in token.split(['-', '*', ')', ']']) {
                let word = word.trim_end_matches("'s").trim_matches('\'');
                let mut chars = word.chars();
                let first = chars.next().is_some_and(|char| char.is_ascii_alphabetic());
                if first
                    && word.len() > 1
                    && chars.all(|char| char.is_ascii_lowercase() || char == '\'')
                {
                    each(&word.to_ascii_lowercase());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        let mut found = Vec::new();
        line_words(line, |word| found.push(word.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn names_are_no_words() {
        check("Reads `bucket` of BigQuery, e.g. S3 or k8s.", &["reads", "of", "or"]);
        check("See https://kestra.io/docs and docs/a/b.", &["see", "and"]);
        check(
            "[Secrets](docs/concepts/secret) aren't read-only",
            &["secrets", "aren't", "read", "only"],
        );
        check("Kestra's own", &["kestra", "own"]);
    }
}
