//! What a user asked, as words.

use arrayvec::ArrayVec;

use super::fold::{Word, is_stop_word, stem, words};

/// Words of the longest query that is looked at; the rest is cut, and the answer says so.
pub const MAX_TERMS: usize = 32;

/// One word of a query.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// As it was typed, folded.
    pub word: Word,
    /// Its stem.
    pub stem: Word,
    /// The hash of its stem.
    pub hash: u64,
    /// Carries no weight of its own.
    pub stop: bool,
}

/// A query of at least one word.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Its words in the order of the text.
    pub words: ArrayVec<Asked, MAX_TERMS>,
    /// Whether the text ends within its last word, which may be a prefix then.
    pub open: bool,
    /// Whether words were left out because there were too many.
    pub cut: bool,
}

impl Query {
    /// The query of a text; `None` if the text has no word. In a text of stop words alone
    /// they carry weight.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut query = Self::default();
        query.read(text).then_some(query)
    }

    /// Reads a text into an empty query, which is large to move. False if the text has no word.
    #[must_use]
    pub fn read(&mut self, text: &str) -> bool {
        self.open = text.ends_with(|char: char| char.is_alphanumeric());
        words(text, |word| self.push(word));
        if self.words.iter().all(|word| word.stop) {
            self.words.iter_mut().for_each(|word| word.stop = false);
        }
        !self.words.is_empty()
    }

    fn push(&mut self, word: Word) {
        let repeated = self.words.iter().any(|it| it.word == word && !it.stop);
        let stop = repeated || is_stop_word(word.as_bytes());
        let stem = stem(word);
        if self.words.try_push(Asked { word, stem, hash: stem.hash(), stop }).is_err() {
            self.cut = true;
        }
    }

    /// The words that carry weight.
    pub fn weighty(&self) -> impl Iterator<Item = (usize, &Asked)> {
        self.words.iter().enumerate().filter(|(_, word)| !word.stop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let query = Query::parse(text);
        let stems: Vec<&str> = query
            .iter()
            .flat_map(|query| query.weighty().map(|(_, word)| word.stem.as_str()))
            .collect();
        assert_eq!(stems, expected);
    }

    #[test]
    fn question_words_carry_no_weight() {
        check("How do I use the S3 uploads?", &["s3", "upload"]);
        check("how to", &["how", "to"]);
    }

    #[test]
    fn a_word_counts_once() {
        check("kafka to Kafka", &["kafka"]);
    }

    #[test]
    fn a_text_without_words_is_no_query() {
        check("  \u{0}?!\" ", &[]);
    }

    #[test]
    fn a_long_text_is_cut() {
        let text = "word ".repeat(2_000);
        assert!(Query::parse(&text).expect("it has words").cut);
        assert!(!Query::parse("two words").expect("it has words").cut);
    }

    #[test]
    fn a_text_that_goes_on_after_its_last_word_is_closed() {
        assert!(Query::parse("s3 uplo").expect("words").open);
        assert!(!Query::parse("s3 uplo ").expect("words").open);
    }
}
