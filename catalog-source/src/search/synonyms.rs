//! Words that mean the same: `search/synonyms.txt`.

use std::collections::{BTreeMap, BTreeSet};

use crate::fold::{Word, stem, words};

/// Longest term of a group, in words.
pub(super) const MAX_PHRASE: usize = 4;

/// Groups of synonyms, folded. Terms of several words are their stems with a space
/// between.
#[derive(Debug, Default)]
pub struct Synonyms {
    /// From a term of a document to the terms of queries that find it too.
    found_by: BTreeMap<String, Vec<String>>,
    /// Terms of several words that documents are looked through for.
    phrases: BTreeSet<String>,
}

impl Synonyms {
    /// Reads groups, one a line. `a, b`: each finds the other's documents; `a > b`: a
    /// query for `a` finds what says `b`.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut all = Self::default();
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            if let Some((queries, found)) = line.split_once('>') {
                let found = terms(found);
                for query in &terms(queries) {
                    for found in &found {
                        all.link(query, found);
                    }
                }
            } else {
                let group = terms(line);
                for one in &group {
                    for other in &group {
                        all.link(one, other);
                    }
                }
            }
        }
        all
    }

    /// Terms of queries that find a document because it has `term`.
    pub fn finding(&self, term: &str) -> &[String] {
        self.found_by.get(term).map_or(&[], Vec::as_slice)
    }

    /// Whether documents are looked through for that phrase.
    #[must_use]
    pub fn has_phrase(&self, phrase: &str) -> bool {
        self.phrases.contains(phrase)
    }

    fn link(&mut self, query: &str, found: &str) {
        if query == found {
            return;
        }
        if found.contains(' ') {
            self.phrases.insert(found.to_owned());
        }
        let queries = self.found_by.entry(found.to_owned()).or_default();
        if !queries.iter().any(|it| it == query) {
            queries.push(query.to_owned());
        }
    }
}

/// The terms of one side of a group.
fn terms(text: &str) -> Vec<String> {
    text.split(',').map(phrase).filter(|it| !it.is_empty()).collect()
}

fn phrase(text: &str) -> String {
    let mut stems = Vec::new();
    words(text, |word| stems.push(stem(word).as_str().to_owned()));
    stems.truncate(MAX_PHRASE);
    stems.join(" ")
}

/// The phrases of two to [`MAX_PHRASE`] words in a run of stems.
pub(super) fn windows(stems: &[Word], mut each: impl FnMut(&str)) {
    for start in 0..stems.len() {
        let mut phrase = stems[start].as_str().to_owned();
        for next in stems.iter().take(start + MAX_PHRASE).skip(start + 1) {
            phrase.push(' ');
            phrase.push_str(next.as_str());
            each(&phrase);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn synonyms_go_both_ways_or_one() {
        let all = Synonyms::read("k8s, kubernetes # nickname\nadf > factory\n");
        assert_eq!(all.finding(&phrase("kubernetes")), ["k8s"]);
        assert_eq!(all.finding("k8s"), [phrase("kubernetes")]);
        assert_eq!(all.finding(&phrase("factory")), ["adf"]);
        assert!(all.finding("adf").is_empty());
    }

    #[test]
    fn terms_may_have_several_words() {
        let all = Synonyms::read("bucket, object storage");
        let storage = phrase("Object  storages");
        assert_eq!(all.finding("bucket"), [storage.as_str()]);
        assert_eq!(all.finding(&storage), ["bucket"]);
        assert!(all.has_phrase(&storage));
        assert!(!all.has_phrase("bucket"));
    }
}
