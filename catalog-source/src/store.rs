//! Where text pieces are kept: every distinct piece once, named by its place.

use std::collections::BTreeMap;

use crate::splice::{Part, Windows};

/// A place in the text store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text {
    /// First byte.
    pub start: u32,
    /// Number of bytes.
    pub len: u32,
}

/// A run of the list table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Run {
    /// Position of the first entry.
    pub start: u32,
    /// Number of entries.
    pub len: u32,
    /// Bytes of their texts together.
    pub bytes: u32,
}

/// A text in spans of the store: the position in [`Store::splices`] of two words that say
/// how many bytes it has and how many spans, which follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Splice(pub u32);

/// What a span costs besides its new bytes where a text is sent often: see
/// [`crate::splice`]. With 40 the store is 5 % smaller, but a schema has 65 spans instead of
/// 24; with 120 it has 15, and the store is 9 % larger (`benches/RESULTS.md`).
pub const OFTEN: usize = 80;
/// The same where a text is sent seldom: the entry of the table, and that of what is cut by it.
pub const SELDOM: usize = 16;

/// Texts and lists of texts.
#[derive(Debug, Default)]
pub struct Store {
    /// All texts, one after the other.
    pub text: String,
    /// All lists, one after the other.
    pub lists: Vec<Text>,
    /// Texts in spans: bytes and number of the spans of a text, then the spans.
    pub splices: Vec<Text>,
    known_splices: BTreeMap<String, Splice>,
    new_spans: BTreeMap<String, Text>,
    windows: Windows,
    known: BTreeMap<String, Text>,
    known_lists: BTreeMap<Vec<Text>, Run>,
    ends: BTreeMap<String, Text>,
}

impl Store {
    /// The place of `text`, which is stored if it was not yet.
    pub fn text(&mut self, text: &str) -> Text {
        if text.is_empty() {
            return Text::default();
        }
        let place = self.place_of(text).unwrap_or_else(|| self.append(text));
        self.known.insert(text.to_owned(), place);
        place
    }

    /// Where a text is stored, be it as a part of another.
    fn place_of(&self, text: &str) -> Option<Text> {
        let found = || {
            let start = self.windows.find(self.text.as_bytes(), text.as_bytes())?;
            Some(Text { start, len: text.len() as u32 })
        };
        self.known.get(text).copied().or_else(found)
    }

    fn append(&mut self, text: &str) -> Text {
        let place = Text { start: self.text.len() as u32, len: text.len() as u32 };
        self.text.push_str(text);
        self.windows.update(self.text.as_bytes());
        place
    }

    /// A text as spans of what is stored, which each cost `price`, and of what is added.
    pub fn splice(&mut self, text: &str, price: usize) -> Splice {
        if text.is_empty() {
            return Splice::default();
        }
        if let Some(&known) = self.known_splices.get(text) {
            return known;
        }
        let mut spans: Vec<Text> = Vec::new();
        let mut at = 0;
        for part in self.windows.parse(self.text.as_bytes(), text, price) {
            let span = match part {
                Part::Known(span) => span,
                Part::New(len) => self.new_span(&text[at..at + len]),
            };
            at += span.len as usize;
            match spans.last_mut() {
                Some(last) if last.start + last.len == span.start => last.len += span.len,
                _ => spans.push(span),
            }
        }
        if self.splices.is_empty() {
            self.splices.push(Text::default()); // position 0 is the empty text
        }
        let splice = Splice(self.splices.len() as u32);
        let short: Vec<Text> = spans.into_iter().flat_map(short_spans).collect();
        self.splices.push(Text { start: text.len() as u32, len: short.len() as u32 });
        self.splices.extend(short);
        self.known_splices.insert(text.to_owned(), splice);
        splice
    }

    /// What is between two spans is often the same, and too short to be found.
    fn new_span(&mut self, text: &str) -> Text {
        if let Some(&known) = self.new_spans.get(text) {
            return known;
        }
        let span = self.append(text);
        self.new_spans.insert(text.to_owned(), span);
        span
    }

    /// The spans of a text.
    #[must_use]
    pub fn spans(&self, splice: Splice) -> &[Text] {
        let first = splice.0 as usize;
        let count = self.splices.get(first).map_or(0, |head| head.len as usize);
        self.splices.get(first + 1..first + 1 + count).unwrap_or_default()
    }

    /// The text that the spans make.
    #[must_use]
    pub fn spliced(&self, splice: Splice) -> String {
        self.spans(splice).iter().map(|span| self.get(*span)).collect()
    }

    /// Stores a dotted name, and remembers where its shorter forms lie in it.
    pub fn with_ends(&mut self, name: &str) -> Text {
        let place = self.text(name);
        for short in crate::names::suffixes(name) {
            let start = place.start + place.len - short.len() as u32;
            let end = Text { start, len: short.len() as u32 };
            self.ends.entry(short.to_owned()).or_insert(end);
        }
        place
    }

    /// The place of a text, which may be the end of a name stored by
    /// [`Self::with_ends`].
    pub fn end_of(&mut self, text: &str) -> Text {
        if !self.known.contains_key(text)
            && let Some(end) = self.ends.get(text)
        {
            return *end;
        }
        self.text(text)
    }

    /// The place of a list of texts, which is stored if it was not yet.
    pub fn list(&mut self, entries: &[Text]) -> Run {
        if entries.is_empty() {
            return Run::default();
        }
        if let Some(&known) = self.known_lists.get(entries) {
            return known;
        }
        let run = Run {
            start: self.lists.len() as u32,
            len: entries.len() as u32,
            bytes: entries.iter().map(|text| text.len).sum(),
        };
        self.lists.extend_from_slice(entries);
        self.known_lists.insert(entries.to_vec(), run);
        run
    }

    /// The same from strings. New texts that follow each other are stored with the comma
    /// that an answer puts between them, so that it can copy them in one piece.
    pub fn list_of(&mut self, entries: impl IntoIterator<Item = impl AsRef<str>>) -> Run {
        let mut places: Vec<Text> = Vec::new();
        for entry in entries {
            let entry = entry.as_ref();
            let follows = places.last().is_some_and(|last| self.is_last(*last));
            if follows && self.place_of(entry).is_none() {
                self.append(",");
            }
            places.push(self.text(entry));
        }
        self.list(&places)
    }

    /// Places of all distinct texts, in the order of the texts.
    #[cfg(feature = "gzip")]
    pub(crate) fn known_places(&self) -> impl Iterator<Item = Text> {
        self.known.values().copied()
    }

    /// Whether nothing is stored after a text.
    fn is_last(&self, place: Text) -> bool {
        place.len > 0 && (place.start + place.len) as usize == self.text.len()
    }

    /// The text at a place.
    #[must_use]
    pub fn get(&self, place: Text) -> &str {
        &self.text[place.start as usize..(place.start + place.len) as usize]
    }
}

/// A span in parts whose length fits 16 bits.
fn short_spans(span: Text) -> impl Iterator<Item = Text> {
    const MOST: u32 = 0xffff;
    (0..span.len.div_ceil(MOST)).map(move |n| {
        let start = span.start + n * MOST;
        Text { start, len: MOST.min(span.start + span.len - start) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_each_text_and_list_once() {
        let mut store = Store::default();
        let a = store.text("a");
        assert_eq!(store.text("bc").start, 1);
        assert_eq!(store.text("a"), a);
        let run = store.list_of(["a", "bc"]);
        assert_eq!((run.len, run.bytes), (2, 3));
        assert_eq!(store.list_of(["a", "bc"]), run);
        assert_eq!(store.lists.len(), 2);
        assert_eq!(store.text, "abc");
        store.list_of(["d", "a", "e", "f"]);
        assert_eq!(store.text, "abcde,f");
    }

    #[test]
    fn finds_a_text_in_another() {
        let mut store = Store::default();
        store.text("a text of some length that is stored");
        let part = store.text("text of some length");
        assert_eq!((part.start, store.text.len()), (2, 36));
    }

    #[test]
    fn splices_what_is_stored_with_what_is_new() {
        let mut store = Store::default();
        store.text("a text of some length that is stored");
        let splice = store.splice("another text of some length that is new", 8);
        let spans = store.spans(splice);
        assert_eq!(spans.len(), 3, "{spans:?}");
        assert_eq!(store.spliced(splice), "another text of some length that is new");
        assert_eq!(store.text.len(), 36 + "another".len() + "new".len());
        assert_eq!(store.splice("another text of some length that is new", 8), splice);
        assert_eq!(store.spans(Splice::default()), []);
        let long = store.splice(&"x".repeat(100_000), OFTEN);
        assert_eq!(store.spans(long).len(), 2);
        assert_eq!(store.spliced(long).len(), 100_000);
    }
}
