//! Where text pieces are kept: every distinct piece once, named by its place.

use std::collections::BTreeMap;

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

/// Texts and lists of texts.
#[derive(Debug, Default)]
pub struct Store {
    /// All texts, one after the other.
    pub text: String,
    /// All lists, one after the other.
    pub lists: Vec<Text>,
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
        if let Some(&known) = self.known.get(text) {
            return known;
        }
        let place = Text { start: self.text.len() as u32, len: text.len() as u32 };
        self.text.push_str(text);
        self.known.insert(text.to_owned(), place);
        place
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
            if follows && !self.known.contains_key(entry) {
                self.text.push(',');
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
}
