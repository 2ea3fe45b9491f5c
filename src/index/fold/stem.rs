//! Words to stems.

use super::Word;

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
        && matches!(word.as_bytes()[len - 1], b's' | b't')
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
            && word.as_bytes()[..len].iter().copied().any(is_vowel)
        {
            word.truncate(len);
            let last = word.as_bytes()[len - 1];
            let doubled =
                last == word.as_bytes()[len - 2] && !is_vowel(last) && !b"lsz".contains(&last);
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
        && !is_vowel(word.as_bytes()[len - 1])
    {
        word.replace(len, b'i');
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
}
