//! How names and words are folded: the same on both sides.
//!
//! The generator mounts this file too (`#[path]`). If the two sides folded
//! differently, look-ups would silently miss.

/// FNV-1a, 64 bits, over the bytes of a name with ASCII letters in lower case.
/// Collisions among the names of a catalog are refused when it is compiled; a hit is
/// verified against the name itself.
/// <http://www.isthe.com/chongo/tech/comp/fnv/>
#[must_use]
pub fn name_hash(name: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in name.bytes() {
        hash ^= u64::from(byte.to_ascii_lowercase());
        hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash
}

/// Longest word that is looked at, in bytes; longer ones are cut.
pub const MAX_WORD: usize = 32;

/// A folded word: lower case, without accents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    bytes: [u8; MAX_WORD],
    len: u8,
}

impl Default for Word {
    fn default() -> Self {
        Self { bytes: [0; MAX_WORD], len: 0 }
    }
}

impl Word {
    /// The word of a text that is folded already.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut word = Self::default();
        text.chars().for_each(|char| word.push(char));
        word
    }

    /// The word of a text of letters and digits, folded.
    #[must_use]
    pub fn new_folded(text: &str) -> Self {
        let mut word = Self::default();
        text.chars().flat_map(char::to_lowercase).for_each(|char| word.push(unaccented(char)));
        word
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only whole characters are pushed, so this is always UTF-8.
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or_default()
    }

    /// True if there is no letter.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn push(&mut self, char: char) {
        let len = usize::from(self.len);
        let end = len + char.len_utf8();
        if end <= MAX_WORD {
            char.encode_utf8(&mut self.bytes[len..end]);
            self.len = end as u8;
        }
    }

    /// Adds a byte of a term. False if it does not fit.
    pub fn push_byte(&mut self, byte: u8) -> bool {
        let len = usize::from(self.len);
        if len == MAX_WORD {
            return false;
        }
        self.bytes[len] = byte;
        self.len += 1;
        true
    }

    /// The two words in one.
    #[must_use]
    pub fn with(mut self, next: Self) -> Self {
        next.as_str().chars().for_each(|char| self.push(char));
        self
    }

    /// Cuts the word to its first `len` bytes.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len as u8);
    }
}

/// The kind of a character, for the borders between words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    Digit,
    Other,
}

fn class(char: char) -> Class {
    if char.is_uppercase() {
        Class::Upper
    } else if char.is_alphabetic() {
        Class::Lower
    } else if char.is_ascii_digit() {
        Class::Digit
    } else {
        Class::Other
    }
}

/// Splits a text into folded words: at everything that is neither letter nor digit,
/// and between `aB`, `ABc` (before the `B`). Digits stay with the letters before
/// them (`s3`, `log4j`).
pub fn words(text: &str, mut each: impl FnMut(Word)) {
    let mut word = Word::default();
    let mut before = Class::Other;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let now = class(char);
        let next = chars.peek().map_or(Class::Other, |next| class(*next));
        let border = match (before, now) {
            (_, Class::Other) | (Class::Lower | Class::Digit, Class::Upper) => true,
            (Class::Upper, Class::Upper) => next == Class::Lower,
            _ => false,
        };
        if border && !word.is_empty() {
            each(std::mem::take(&mut word));
        }
        if now != Class::Other {
            for folded in char.to_lowercase() {
                word.push(unaccented(folded));
            }
        }
        before = now;
    }
    if !word.is_empty() {
        each(word);
    }
}

/// The letter without its accent, for the letters of Latin-1.
fn unaccented(char: char) -> char {
    match char {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        other => other,
    }
}

/// Splits a text into folded words like [`words`], and besides gives each run of letters
/// and digits that was split (`PodCreate`) as one word (`podcreate`), so that it is found
/// whichever way it is written.
pub fn joined(text: &str, mut each: impl FnMut(Word)) {
    for run in text.split(|char| class(char) == Class::Other) {
        let mut parts = 0;
        words(run, |_| parts += 1);
        if parts > 1 {
            each(Word::new_folded(run));
        }
    }
}

/// Words that carry no weight in a query, sorted.
const STOP: &[&str] = &[
    "a",
    "about",
    "again",
    "all",
    "also",
    "am",
    "an",
    "and",
    "another",
    "any",
    "anything",
    "are",
    "as",
    "at",
    "available",
    "be",
    "been",
    "being",
    "best",
    "but",
    "by",
    "can",
    "could",
    "did",
    "do",
    "does",
    "doing",
    "done",
    "each",
    "easiest",
    "easily",
    "every",
    "everything",
    "example",
    "examples",
    "exist",
    "exists",
    "for",
    "from",
    "get",
    "gets",
    "getting",
    "give",
    "goes",
    "good",
    "had",
    "has",
    "have",
    "having",
    "help",
    "here",
    "how",
    "i",
    "if",
    "in",
    "instead",
    "into",
    "is",
    "it",
    "its",
    "just",
    "kestra",
    "know",
    "let",
    "like",
    "make",
    "makes",
    "many",
    "may",
    "me",
    "might",
    "more",
    "most",
    "much",
    "must",
    "my",
    "need",
    "needs",
    "no",
    "not",
    "of",
    "off",
    "on",
    "one",
    "only",
    "onto",
    "or",
    "other",
    "our",
    "out",
    "over",
    "own",
    "please",
    "plugin",
    "plugins",
    "possible",
    "quickly",
    "same",
    "shall",
    "should",
    "show",
    "simple",
    "simply",
    "so",
    "some",
    "somehow",
    "someone",
    "something",
    "such",
    "support",
    "supported",
    "supports",
    "take",
    "tell",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "through",
    "to",
    "too",
    "us",
    "use",
    "used",
    "uses",
    "using",
    "via",
    "want",
    "wants",
    "was",
    "way",
    "we",
    "were",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "who",
    "whose",
    "why",
    "will",
    "with",
    "within",
    "without",
    "would",
    "yet",
    "you",
    "your",
];

/// Whether a word is one of those that carry no weight in a query. They count within
/// phrases (`every day`) nevertheless.
#[must_use]
pub fn is_stop_word(word: &str) -> bool {
    STOP.binary_search(&word).is_ok()
}

/// The stem of an English word, by the steps of Porter's algorithm that bring together
/// plurals, `-ed`, `-ing`, `-ion` and `-ate`. Both sides stem, so a stem need not be a
/// word.
/// <https://tartarus.org/martin/PorterStemmer/def.txt>
#[must_use]
pub fn stem(word: Word) -> Word {
    let text = word.as_str();
    if !text.is_ascii() || text.len() < 4 || text.bytes().any(|byte| byte.is_ascii_digit()) {
        return word;
    }
    let whole = word;
    let mut word = word;
    if let Some(len) = before(&word, "sses") {
        word.truncate(len + 2);
    } else if let Some(len) = before(&word, "ies") {
        word.truncate(len + 1);
        return y_to_i(word);
    } else if let Some(len) = before(&word, "s")
        && ["ss", "us", "is"].iter().all(|end| before(&word, end).is_none())
    {
        word.truncate(len);
    }
    let doubled = without_participle(&mut word);
    if let Some(len) = before(&word, "ion")
        && len >= 4
        && word.as_str()[..len].ends_with(['s', 't'])
    {
        word.truncate(len);
    } else if let Some(len) = before(&word, "e")
        && len >= 3
    {
        // `-e` goes too, so that `cache`, `caches` and `caching` meet.
        word.truncate(len);
    }
    if let Some(len) = before(&word, "at")
        && len >= 4
        && !doubled
        && !whole.as_str().ends_with("at") // `format` is not a form of `form`
        && !whole.as_str().ends_with("ats")
    {
        word.truncate(len);
    }
    if let Some(len) = before(&word, "ific") {
        // `notification` meets `notify`.
        word.truncate(len + 3);
    }
    y_to_i(word)
}

/// Length of a word before a suffix that it has.
fn before(word: &Word, suffix: &str) -> Option<usize> {
    word.as_str().strip_suffix(suffix).map(str::len)
}

/// Takes `-ing` and `-ed` off. True if a doubled letter was made single (`running`).
fn without_participle(word: &mut Word) -> bool {
    for suffix in ["ing", "ed"] {
        if let Some(len) = before(word, suffix)
            && len >= 3
            && word.as_str()[..len].bytes().any(is_vowel)
        {
            word.truncate(len);
            let stem = word.as_str().as_bytes();
            let last = stem[len - 1];
            if len > 3 && last == stem[len - 2] && !is_vowel(last) && !b"lsz".contains(&last) {
                word.truncate(len - 1);
                return true;
            }
            break;
        }
    }
    false
}

fn y_to_i(word: Word) -> Word {
    match word.as_str().strip_suffix('y') {
        Some(head) if head.len() >= 2 && !head.ends_with(|char: char| is_vowel(char as u8)) => {
            let mut stem = word;
            stem.truncate(head.len());
            stem.push('i');
            stem
        }
        _ => word,
    }
}

fn is_vowel(byte: u8) -> bool {
    b"aeiouy".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        words(text, |word| found.push(word.as_str().to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn splits_class_names() {
        check("io.kestra.plugin.aws.s3.Upload", &["io", "kestra", "plugin", "aws", "s3", "upload"]);
        check("ForEachItem", &["for", "each", "item"]);
        check("HTTPRequest", &["http", "request"]);
        check("moveDirectory", &["move", "directory"]);
    }

    #[test]
    fn folds_case_and_accents() {
        check("S3 UPLOAD", &["s3", "upload"]);
        check("Café-au lait", &["cafe", "au", "lait"]);
    }

    #[track_caller]
    fn check_stem(words: &[&str]) {
        let stems: Vec<String> =
            words.iter().map(|word| stem(Word::new(word)).as_str().to_owned()).collect();
        assert!(stems.windows(2).all(|pair| pair[0] == pair[1]), "{stems:?}");
    }

    #[test]
    fn brings_word_forms_together() {
        check_stem(&["query", "queries"]);
        check_stem(&["cache", "caches", "cached", "caching"]);
        check_stem(&["run", "runs", "running"]);
        check_stem(&["upload", "uploads", "uploaded", "uploading"]);
        check_stem(&["encrypt", "encryption"]);
        check_stem(&["notify", "notification", "notifications", "notifies"]);
        check_stem(&["validate", "validation", "validated", "validating"]);
        check_stem(&["execute", "execution"]);
        check_stem(&["create", "creation", "created"]);
        check_stem(&["format", "formats", "formatting", "formatted"]);
    }

    #[test]
    fn keeps_different_words_apart() {
        for (a, b) in [("format", "form"), ("status", "stat"), ("general", "generate")] {
            assert_ne!(stem(Word::new(a)), stem(Word::new(b)), "{a} {b}");
        }
    }

    #[test]
    fn a_name_of_several_words_is_one_word_too() {
        let mut found = Vec::new();
        joined("gcp.BigQuery s3 ForEachItem", |word| found.push(word.as_str().to_owned()));
        assert_eq!(found, ["bigquery", "foreachitem"]);
    }

    #[test]
    fn stop_words_are_sorted_for_the_binary_search() {
        assert!(STOP.is_sorted());
    }

    #[test]
    fn cuts_long_words() {
        check(&"a".repeat(100), &[&"a".repeat(MAX_WORD)]);
    }
}
