//! How names and words are folded: the same on both sides.
//!
//! The generator mounts this file too (`#[path]`). If the two sides folded
//! differently, look-ups would silently miss.

mod stem;
mod stop;
mod word;

pub use stem::stem;
pub use stop::is_stop_word;
pub use word::{MAX_WORD, Word, followed};

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

/// The kind of a character, for the borders between words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    Digit,
    Other,
}

fn class(char: char) -> Class {
    if let Some(class) = ASCII.get(char as usize) {
        return *class;
    }
    match char {
        _ if char.is_uppercase() => Class::Upper,
        _ if char.is_alphabetic() => Class::Lower,
        _ => Class::Other,
    }
}

/// The classes of the characters of ASCII, which nearly all are.
const ASCII: [Class; 128] = {
    let mut classes = [Class::Other; 128];
    let mut char = 0_u8;
    while char < 128 {
        classes[char as usize] = match char {
            b'a'..=b'z' => Class::Lower,
            b'A'..=b'Z' => Class::Upper,
            b'0'..=b'9' => Class::Digit,
            _ => Class::Other,
        };
        char += 1;
    }
    classes
};

/// Splits a text into folded words: at everything that is neither letter nor digit,
/// and between `aB`, `ABc` (before the `B`). Digits stay with the letters before
/// them (`s3`, `log4j`).
pub fn words(text: &str, mut each: impl FnMut(Word)) {
    let mut word = Word::default();
    let mut before = Class::Other;
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        if !char.is_ascii() && is_mark(char) {
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

    #[test]
    fn a_name_of_several_words_is_one_word_too() {
        let mut found = Vec::new();
        joined("gcp.BigQuery s3 ForEachItem", |word| found.push(word.as_str().to_owned()));
        assert_eq!(found, ["bigquery", "foreachitem"]);
    }

    #[test]
    fn cuts_long_words() {
        check(&"a".repeat(100), &[&"a".repeat(MAX_WORD)]);
    }
}
