//! Every name that a user may say, and what it means.

use std::collections::BTreeMap;

use crate::fold::name_hash;
use crate::store::{Store, Text};

/// How a name stands to the thing it names; less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Its own name.
    Own,
    /// An old name that Kestra or the rename table knows.
    Old,
    /// A name that is short for it.
    Short,
}

/// One name.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    /// The name as it is written.
    pub text: Text,
    /// What it names.
    pub target: u32,
    /// How.
    pub how: How,
}

/// Names of one sort: classes, plugins, blueprints or pages.
#[derive(Debug, Default)]
pub struct Names {
    /// By name in lower case: name as written, target and how; `None` where two things
    /// share a short name.
    by_name: BTreeMap<String, Option<(String, u32, How)>>,
}

impl Names {
    /// Adds a name. A better `how` wins; of two things with one short name neither gets
    /// it; of two with one old name the first gets it.
    pub fn add(&mut self, name: &str, target: u32, how: How) {
        if name.is_empty() {
            return;
        }
        let key = name.to_ascii_lowercase();
        let new = (name.to_owned(), target, how);
        match self.by_name.get_mut(&key) {
            None => {
                self.by_name.insert(key, Some(new));
            }
            Some(None) if how != How::Short => {
                self.by_name.insert(key, Some(new));
            }
            Some(None) => {}
            Some(slot @ Some(_)) => {
                let known = slot.as_ref().map(|known| (known.1, known.2));
                match known {
                    Some((_, known)) if how < known => *slot = Some(new),
                    Some((other, How::Short)) if other != target && how == How::Short => {
                        *slot = None;
                    }
                    _ => {}
                }
            }
        }
    }

    /// The names in order, and their hashes. An error names two whose hashes collide.
    pub fn finish(self, store: &mut Store) -> Result<(Vec<Name>, Vec<u64>), String> {
        let mut names = Vec::new();
        let mut hashes: BTreeMap<u64, String> = BTreeMap::new();
        let mut in_order = Vec::new();
        // Short names lie in the full ones, so those are stored first.
        for (name, _, how) in self.by_name.values().flatten() {
            if *how != How::Short {
                store.with_ends(name);
            }
        }
        for (key, entry) in self.by_name {
            let Some((name, target, how)) = entry else { continue };
            let hash = name_hash(&key);
            if let Some(other) = hashes.insert(hash, name.clone()) {
                return Err(format!("`{name}` and `{other}` have one hash: rename one of them"));
            }
            names.push(Name { text: store.end_of(&name), target, how });
            in_order.push(hash);
        }
        Ok((names, in_order))
    }
}

/// Every shorter form of a dotted name: `aws.s3.Upload`, `s3.Upload`, `Upload`.
pub fn suffixes(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('.').map(|(at, _)| &name[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(names: &[Name], store: &Store, name: &str) -> Option<u32> {
        names.iter().find(|known| store.get(known.text) == name).map(|known| known.target)
    }

    #[test]
    fn own_names_win_and_shared_short_names_are_dropped() {
        let mut names = Names::default();
        for (class, id) in [("a.s3.Upload", 1), ("b.gcs.Upload", 2), ("b.gcs.List", 3)] {
            names.add(class, id, How::Own);
            suffixes(class).for_each(|short| names.add(short, id, How::Short));
        }
        names.add("a.s3.Upload", 9, How::Old);
        names.add("old.Upload", 2, How::Old);
        let mut store = Store::default();
        let (names, hashes) = names.finish(&mut store).expect("no collision");
        assert_eq!(names.len(), hashes.len());
        assert_eq!(target(&names, &store, "a.s3.Upload"), Some(1));
        assert_eq!(target(&names, &store, "s3.Upload"), Some(1));
        assert_eq!(target(&names, &store, "List"), Some(3));
        assert_eq!(target(&names, &store, "Upload"), None);
        assert_eq!(target(&names, &store, "old.Upload"), Some(2));
    }
}
