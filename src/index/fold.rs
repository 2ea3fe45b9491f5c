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
#[derive(Clone, Copy, Debug)]
pub struct Word {
    bytes: [u8; MAX_WORD],
    len: u8,
}

impl PartialEq for Word {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Word {}

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

    /// The word of some letters of one that is folded already, all of them ASCII.
    #[must_use]
    pub fn of_ascii(letters: &[u8]) -> Self {
        let mut word = Self::default();
        letters.iter().for_each(|letter| {
            word.push_byte(*letter);
        });
        word
    }

    /// The word of a text of letters and digits, folded.
    #[must_use]
    pub fn new_folded(text: &str) -> Self {
        let mut word = Self::default();
        let letters = text.chars().flat_map(char::to_lowercase).filter(|char| !is_mark(*char));
        letters.for_each(|char| word.push(unaccented(char)));
        word
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only whole characters are pushed, so this is always UTF-8.
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// Its text, without the check that makes it a `str`.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// True if there is no letter.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn push(&mut self, char: char) {
        if char.is_ascii() {
            self.push_byte(char as u8);
            return;
        }
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
    pub fn with(mut self, next: &Self) -> Self {
        let (len, more) = (usize::from(self.len), usize::from(next.len));
        if len + more <= MAX_WORD {
            self.bytes[len..len + more].copy_from_slice(next.as_bytes());
            self.len += next.len;
        } else {
            next.as_str().chars().for_each(|char| self.push(char));
        }
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
    match char {
        'a'..='z' => Class::Lower,
        'A'..='Z' => Class::Upper,
        '0'..='9' => Class::Digit,
        '\0'..='\x7f' => Class::Other,
        _ if char.is_uppercase() => Class::Upper,
        _ if char.is_alphabetic() => Class::Lower,
        _ => Class::Other,
    }
}

/// Splits a text into folded words: at everything that is neither letter nor digit,
/// and between `aB`, `ABc` (before the `B`). Digits stay with the letters before
/// them (`s3`, `log4j`).
pub fn words(text: &str, mut each: impl FnMut(Word)) {
    let mut word = Word::default();
    let mut before = Class::Other;
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        if is_mark(char) {
            continue;
        }
        let now = class(char);
        let border = match (before, now) {
            (_, Class::Other) | (Class::Lower | Class::Digit, Class::Upper) => true,
            (Class::Upper, Class::Upper) => {
                chars.clone().next().is_some_and(|next| class(next) == Class::Lower)
            }
            _ => false,
        };
        if border && !word.is_empty() {
            each(std::mem::take(&mut word));
        }
        if char.is_ascii() {
            if now != Class::Other {
                word.push_byte(char.to_ascii_lowercase() as u8);
            }
        } else if now != Class::Other {
            let letters = char.to_lowercase().filter(|letter| !is_mark(*letter));
            letters.for_each(|letter| word.push(unaccented(letter)));
        }
        before = now;
    }
    if !word.is_empty() {
        each(word);
    }
}

/// An accent of its own, as decomposed text has them: it goes with the letter before it.
fn is_mark(char: char) -> bool {
    matches!(char, '\u{300}'..='\u{36f}')
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

/// Words that carry no weight in a query.
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

/// Longest of them.
const LONGEST_STOP: usize = 10;

/// Whether a word is one of those that carry no weight in a query. They count within
/// phrases (`every day`) nevertheless.
#[must_use]
pub fn is_stop_word(word: &[u8]) -> bool {
    let mut slot = stop_slot(word);
    while word.len() <= LONGEST_STOP && STOP_SLOTS[slot] != 0 {
        if STOP[usize::from(STOP_SLOTS[slot]) - 1].as_bytes() == word {
            return true;
        }
        slot = (slot + 1) % STOP_SLOTS.len();
    }
    false
}

/// Position of each stop word plus one, at the slot of its hash or after it; 0 is empty.
static STOP_SLOTS: [u8; 512] = {
    let mut slots = [0; 512];
    let mut at = 0;
    while at < STOP.len() {
        let mut slot = stop_slot(STOP[at].as_bytes());
        while slots[slot] != 0 {
            slot = (slot + 1) % slots.len();
        }
        at += 1;
        slots[slot] = at as u8;
    }
    slots
};

/// The slot where a stop word would be found. Longer words have some slot.
const fn stop_slot(word: &[u8]) -> usize {
    let mut hash = word.len() as u32;
    let mut at = 0;
    while at < word.len() && at < LONGEST_STOP {
        hash = (hash ^ word[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    (hash >> 16) as usize % 512
}

/// The stem of an English word, by the steps of Porter's algorithm that bring together
/// plurals, `-ed`, `-ing`, `-ion` and `-ate`. Both sides stem, so a stem need not be a
/// word.
/// <https://tartarus.org/martin/PorterStemmer/def.txt>
#[must_use]
pub fn stem(word: Word) -> Word {
    let text = word.as_bytes();
    if text.len() < 4 || text.iter().any(|byte| !byte.is_ascii() || byte.is_ascii_digit()) {
        return word;
    }
    let whole = word;
    let mut word = word;
    if text[text.len() - 1] == b's' {
        if let Some(len) = before(&word, b"sses") {
            word.truncate(len + 2);
        } else if let Some(len) = before(&word, b"ies") {
            word.truncate(len + 1);
            return word;
        } else if !matches!(text[text.len() - 2], b's' | b'u' | b'i') {
            word.truncate(text.len() - 1);
        }
    }
    let doubled = without_participle(&mut word);
    if let Some(len) = before(&word, b"ion")
        && len >= 4
        && matches!(word.bytes[len - 1], b's' | b't')
    {
        word.truncate(len);
    } else if let Some(len) = before(&word, b"e")
        && len >= 3
    {
        // `-e` goes too, so that `cache`, `caches` and `caching` meet.
        word.truncate(len);
    }
    if let Some(len) = before(&word, b"at")
        && len >= 4
        && !doubled
        && !whole.as_bytes().ends_with(b"at") // `format` is not a form of `form`
        && !whole.as_bytes().ends_with(b"ats")
    {
        word.truncate(len);
    }
    if let Some(len) = before(&word, b"ific") {
        // `notification` meets `notify`.
        word.truncate(len + 3);
    }
    y_to_i(word)
}

/// Length of a word before a suffix that it has.
fn before(word: &Word, suffix: &[u8]) -> Option<usize> {
    word.as_bytes().strip_suffix(suffix).map(<[u8]>::len)
}

/// Takes `-ing` and `-ed` off. True if a doubled letter was made single (`running`).
fn without_participle(word: &mut Word) -> bool {
    for suffix in [&b"ing"[..], b"ed"] {
        if let Some(len) = before(word, suffix)
            && len >= 3
            && word.bytes[..len].iter().copied().any(is_vowel)
        {
            word.truncate(len);
            let last = word.bytes[len - 1];
            let doubled = last == word.bytes[len - 2] && !is_vowel(last) && !b"lsz".contains(&last);
            if len > 3 && doubled {
                word.truncate(len - 1);
                return true;
            }
            break;
        }
    }
    false
}

fn y_to_i(mut word: Word) -> Word {
    if let Some(len) = before(&word, b"y")
        && len >= 2
        && !is_vowel(word.bytes[len - 1])
    {
        word.bytes[len] = b'i';
    }
    word
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
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
        check("Cafe\u{301}s re\u{301}sume\u{301}", &["cafes", "resume"]);
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
    fn stop_words_are_found_and_nothing_else() {
        for word in STOP {
            assert!(word.len() <= LONGEST_STOP && is_stop_word(word.as_bytes()), "{word}");
            assert!(!is_stop_word(format!("{word}x").as_bytes()), "{word}");
        }
        for word in ["", "upload", "everythings", "kestraserver", "кто"] {
            assert!(!is_stop_word(word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn words_are_equal_by_their_letters_alone() {
        let mut cut = Word::new("caches");
        cut.truncate(4);
        assert_eq!(cut, Word::new("cach"));
        assert_ne!(cut, Word::new("cash"));
    }

    #[test]
    fn cuts_long_words() {
        check(&"a".repeat(100), &[&"a".repeat(MAX_WORD)]);
    }
}
