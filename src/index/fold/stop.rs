//! Words that carry no weight in a query.

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
