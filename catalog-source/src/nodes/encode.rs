//! Schema nodes as words of 32 bits, each distinct node once.
//!
//! The first word of a node says which parts follow, in the order of [`part`]; the
//! reader in the program (`src/model/nodes.rs`) is the other half of this file.

use std::collections::BTreeMap;

/// JSON types, one bit each.
pub mod types {
    /// Text.
    pub const STRING: u32 = 1;
    /// Whole number.
    pub const INTEGER: u32 = 1 << 1;
    /// Any number.
    pub const NUMBER: u32 = 1 << 2;
    /// True or false.
    pub const BOOLEAN: u32 = 1 << 3;
    /// List.
    pub const ARRAY: u32 = 1 << 4;
    /// Map.
    pub const OBJECT: u32 = 1 << 5;
}

/// Marks of a node, from bit 10 of its first word.
pub mod mark {
    /// Its value is read when the task runs: Kestra takes anything before.
    pub const LENIENT: u32 = 1 << 10;
    /// Its value is a secret.
    pub const SECRET: u32 = 1 << 11;
    /// An empty text is refused.
    pub const NOT_EMPTY: u32 = 1 << 12;
    /// An empty list is refused.
    pub const SOME_ITEMS: u32 = 1 << 13;
    /// The line does not have it, though the base class of another line does.
    pub const ABSENT: u32 = 1 << 14;
    /// Taken by servers, named by no schema.
    pub const HIDDEN: u32 = 1 << 15;
}

/// Parts, from bit 16 of the first word.
pub mod part {
    /// Values: start and length in the list table.
    pub const ENUM: u32 = 1 << 16;
    /// The one value: position in the list table.
    pub const CONST: u32 = 1 << 17;
    /// Node of the items.
    pub const ITEMS: u32 = 1 << 18;
    /// Node of the values of a map with free keys.
    pub const VALUES: u32 = 1 << 19;
    /// Properties: start of the names in the list table, how many, where their words are.
    pub const PROPERTIES: u32 = 1 << 20;
    /// Alternatives: where their words are, how many.
    pub const ANY: u32 = 1 << 21;
    /// Kinds of class that the value's `type` may name, one bit each.
    pub const CLASS: u32 = 1 << 22;
    /// Least number.
    pub const MINIMUM: u32 = 1 << 23;
    /// Greatest number.
    pub const MAXIMUM: u32 = 1 << 24;
    /// Pattern: position in the list table.
    pub const PATTERN: u32 = 1 << 25;
    /// Another node, through the table of definitions.
    pub const REFERENCE: u32 = 1 << 26;
    /// Most characters of a text.
    pub const LONGEST: u32 = 1 << 27;
}

/// Marks on the word of a property.
pub mod property {
    /// It must be given.
    pub const REQUIRED: u32 = 1 << 31;
    /// It is on its way out.
    pub const DEPRECATED: u32 = 1 << 30;
}

/// Shift of the format in the first word.
pub const FORMAT_SHIFT: u32 = 6;

/// Formats by number; 0 is none.
pub const FORMATS: [&str; 6] = ["", "duration", "date-time", "date", "time", "uri"];

/// A node before it is words.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// Types, marks and format.
    pub head: u32,
    /// Parts by their bit, in order.
    pub parts: BTreeMap<u32, Vec<u32>>,
}

/// All words.
#[derive(Debug, Default)]
pub struct Words {
    /// The words.
    pub words: Vec<u32>,
    known: BTreeMap<Vec<u32>, u32>,
}

impl Words {
    /// The place of these words, which are added if they were not yet there.
    pub fn place(&mut self, words: Vec<u32>) -> u32 {
        if self.words.is_empty() {
            // Place 0 is the node that takes anything.
            self.words.push(0);
        }
        if let Some(&place) = self.known.get(&words) {
            return place;
        }
        let place = self.words.len() as u32;
        self.words.extend(&words);
        self.known.insert(words, place);
        place
    }

    /// The place of a node.
    pub fn node(&mut self, node: &Node) -> u32 {
        let mut words = vec![node.head];
        for (bit, part) in &node.parts {
            words[0] |= bit;
            words.extend(part);
        }
        if words == [0] { 0 } else { self.place(words) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_nodes_have_one_place() {
        let mut words = Words::default();
        let text = Node { head: types::STRING, ..Node::default() };
        let list = |items| Node {
            head: types::ARRAY,
            parts: BTreeMap::from([(part::ITEMS, vec![items])]),
        };
        let place = words.node(&text);
        assert_eq!(words.node(&text), place);
        let lists = words.node(&list(place));
        assert_eq!(words.words[lists as usize..], [types::ARRAY | part::ITEMS, place]);
        assert_eq!(words.node(&Node::default()), 0);
    }
}
