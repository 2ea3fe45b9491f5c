//! What a user asked, as terms.

use arrayvec::ArrayVec;

use super::fold::{Word, stem, words};

/// Terms of the longest query that is looked at; the rest is cut, and the answer says so.
pub(super) const MAX_TERMS: usize = 32;

/// Words that carry no weight in a question.
const STOP: &[&str] = &[
    "a", "an", "and", "any", "are", "as", "at", "be", "by", "can", "do", "does", "each", "for",
    "from", "has", "have", "how", "i", "in", "into", "is", "it", "its", "kestra", "me", "my", "of",
    "on", "or", "that", "the", "there", "this", "to", "use", "using", "want", "we", "what", "when",
    "which", "with", "you", "your",
];

/// A query of at least one term.
#[derive(Clone, Debug)]
pub struct Query {
    /// Stems in the order of the text.
    pub terms: ArrayVec<Word, MAX_TERMS>,
    /// The last word as it was typed, for a prefix; empty if the text goes on after it.
    pub last: Word,
    /// Whether words were left out because there were too many.
    pub cut: bool,
}

impl Query {
    /// The query of a text; `None` if the text has no word that could be found. A text of
    /// stop words alone is searched as it is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut query = Self { terms: ArrayVec::new(), last: Word::default(), cut: false };
        query.collect(text, true);
        if query.terms.is_empty() {
            query.collect(text, false);
        }
        if !text.ends_with(|char: char| char.is_alphanumeric()) {
            query.last = Word::default();
        }
        (!query.terms.is_empty()).then_some(query)
    }

    fn collect(&mut self, text: &str, skip_stop_words: bool) {
        words(text, |word| {
            self.last = word;
            if skip_stop_words && STOP.binary_search(&word.as_str()).is_ok() {
                return;
            }
            let term = stem(word);
            if !self.terms.contains(&term) && self.terms.try_push(term).is_err() {
                self.cut = true;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let query = Query::parse(text);
        let terms: Vec<&str> =
            query.iter().flat_map(|query| query.terms.iter().map(Word::as_str)).collect();
        assert_eq!(terms, expected);
    }

    #[test]
    fn question_words_carry_no_weight() {
        check("How do I use the S3 uploads?", &["s3", "upload"]);
        check("how to", &["how", "to"]);
    }

    #[test]
    fn a_text_without_words_is_no_query() {
        check("  \u{0}?!\" ", &[]);
    }

    #[test]
    fn stop_words_are_sorted_for_the_binary_search() {
        assert!(STOP.is_sorted());
    }
}
