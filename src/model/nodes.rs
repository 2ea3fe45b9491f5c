//! Schema nodes for the validator, as `catalog-source/src/nodes/encode.rs` wrote them.
//!
//! Every read is checked against the end of the table: a place outside of it is the node
//! that takes anything.

use super::Text;
use super::catalog::{self, CLASS_ROWS, DEFINITION_NODES, ELEMENTS, FLOW_NODES};
use super::records::Element;

static WORDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/nodes.bin"));

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
    /// All of them.
    pub const ALL: u32 = (1 << 6) - 1;
}

/// Form of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// None in particular.
    Any,
    /// `PT5M`.
    Duration,
    /// Date and time.
    DateTime,
    /// Date.
    Date,
    /// Time of day.
    Time,
    /// Address.
    Uri,
}

const LENIENT: u32 = 1 << 10;
const SECRET: u32 = 1 << 11;
const NOT_EMPTY: u32 = 1 << 12;
const SOME_ITEMS: u32 = 1 << 13;
const ABSENT: u32 = 1 << 14;
const HIDDEN: u32 = 1 << 15;

/// Bits of the parts and how many words each has, in order.
const PARTS: [(u32, u32); 12] = [
    (ENUM, 2),
    (CONST, 1),
    (ITEMS, 1),
    (VALUES, 1),
    (PROPERTIES, 3),
    (ANY, 2),
    (CLASS, 1),
    (MINIMUM, 1),
    (MAXIMUM, 1),
    (PATTERN, 1),
    (REFERENCE, 1),
    (LONGEST, 1),
];
const ENUM: u32 = 1 << 16;
const CONST: u32 = 1 << 17;
const ITEMS: u32 = 1 << 18;
const VALUES: u32 = 1 << 19;
const PROPERTIES: u32 = 1 << 20;
const ANY: u32 = 1 << 21;
const CLASS: u32 = 1 << 22;
const MINIMUM: u32 = 1 << 23;
const MAXIMUM: u32 = 1 << 24;
const PATTERN: u32 = 1 << 25;
const REFERENCE: u32 = 1 << 26;
const LONGEST: u32 = 1 << 27;

const REQUIRED: u32 = 1 << 31;
const DEPRECATED: u32 = 1 << 30;

/// One node: a place in the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Node(u32);

/// One property of a node.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub node: Node,
    /// It must be given.
    pub required: bool,
    /// It is on its way out.
    pub deprecated: bool,
}

/// A class as a line has it.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    /// Its element.
    pub element: &'static Element,
    /// Its own properties.
    pub own: Node,
    /// Those of its base class.
    pub base: Node,
    /// It was called by an old name.
    pub old: bool,
}

/// The flow in a line.
#[must_use]
pub fn flow(line: usize) -> Node {
    Node(FLOW_NODES.get(line).copied().unwrap_or_default())
}

/// The class of exactly that name in a line.
#[must_use]
pub fn class(name: &str, line: usize) -> Option<Class> {
    const ROW: u32 = 5;
    let &(first, count) = CLASS_ROWS.get(line)?;
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        let row = first + middle * ROW;
        match text(word(row)).cmp(name) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
            std::cmp::Ordering::Equal => {
                return Some(Class {
                    element: ELEMENTS.get(word(row + 1) as usize)?,
                    own: Node(word(row + 2)),
                    base: Node(word(row + 3)),
                    old: word(row + 4) != 0,
                });
            }
        }
    }
    None
}

impl Class {
    /// The property of that name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<Property> {
        let base = self.base.property(name);
        if base.is_some_and(|it| it.node.absent()) {
            return None;
        }
        self.own.property(name).or(base)
    }

    /// All properties, its own first.
    pub fn properties(&self) -> impl Iterator<Item = Property> {
        let base = self.base;
        let own = self.own.properties();
        let own = own.filter(move |it| !base.property(it.name).is_some_and(|it| it.node.absent()));
        own.chain(self.base.properties().filter(|it| !it.node.absent()))
    }
}

impl Node {
    fn head(self) -> u32 {
        word(self.0)
    }

    /// Where the words of a part begin.
    fn part(self, wanted: u32) -> Option<u32> {
        let head = self.head();
        if head & wanted == 0 {
            return None;
        }
        let before = PARTS.iter().take_while(|(bit, _)| *bit != wanted);
        Some(
            self.0 + 1 + before.filter(|(bit, _)| head & bit != 0).map(|(_, len)| len).sum::<u32>(),
        )
    }

    /// Types that it takes; none is any.
    #[must_use]
    pub fn types(self) -> u32 {
        self.head() & types::ALL
    }

    /// Its value is read when the task runs: Kestra takes anything before.
    #[must_use]
    pub fn lenient(self) -> bool {
        self.head() & LENIENT != 0
    }

    /// Its value is a secret.
    #[must_use]
    pub fn secret(self) -> bool {
        self.head() & SECRET != 0
    }

    /// An empty text is refused.
    #[must_use]
    pub fn not_empty(self) -> bool {
        self.head() & NOT_EMPTY != 0
    }

    /// An empty list is refused.
    #[must_use]
    pub fn some_items(self) -> bool {
        self.head() & SOME_ITEMS != 0
    }

    /// Servers take it, no schema names it.
    #[must_use]
    pub fn hidden(self) -> bool {
        self.head() & HIDDEN != 0
    }

    fn absent(self) -> bool {
        self.head() & ABSENT != 0
    }

    /// The form of its text.
    #[must_use]
    pub fn format(self) -> Format {
        match self.head() >> 6 & 15 {
            1 => Format::Duration,
            2 => Format::DateTime,
            3 => Format::Date,
            4 => Format::Time,
            5 => Format::Uri,
            _ => Format::Any,
        }
    }

    /// The values that it takes; empty for any.
    #[must_use]
    pub fn values(self) -> impl ExactSizeIterator<Item = &'static str> {
        let (start, len) = match self.part(ENUM) {
            Some(at) => (word(at), word(at + 1)),
            None => (0, 0),
        };
        (start..start + len).map(text)
    }

    /// The one value that it takes.
    #[must_use]
    pub fn constant(self) -> Option<&'static str> {
        self.part(CONST).map(|at| text(word(at)))
    }

    /// What its items are.
    #[must_use]
    pub fn items(self) -> Option<Self> {
        self.part(ITEMS).map(|at| Self(word(at)))
    }

    /// What the values of a map with free keys are.
    #[must_use]
    pub fn map_values(self) -> Option<Self> {
        self.part(VALUES).map(|at| Self(word(at)))
    }

    /// Whether it names its properties, so that others are unknown.
    #[must_use]
    pub fn names_properties(self) -> bool {
        self.part(PROPERTIES).is_some()
    }

    /// Its properties, in the order of their names.
    #[must_use]
    pub fn properties(self) -> impl ExactSizeIterator<Item = Property> {
        let (names, len, words) = self.property_words();
        (0..len).map(move |n| property(names + n, words + n))
    }

    /// The property of that name.
    #[must_use]
    pub fn property(self, name: &str) -> Option<Property> {
        let (names, len, words) = self.property_words();
        let (mut low, mut high) = (0, len);
        while low < high {
            let middle = low.midpoint(high);
            match text(names + middle).cmp(name) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(property(names + middle, words + middle)),
            }
        }
        None
    }

    fn property_words(self) -> (u32, u32, u32) {
        match self.part(PROPERTIES) {
            Some(at) => (word(at), word(at + 1), word(at + 2)),
            None => (0, 0, 0),
        }
    }

    /// Its alternatives.
    #[must_use]
    pub fn alternatives(self) -> impl ExactSizeIterator<Item = Self> + Clone {
        let (at, len) = match self.part(ANY) {
            Some(at) => (word(at), word(at + 1)),
            None => (0, 0),
        };
        (at..at + len).map(|at| Self(word(at)))
    }

    /// Kinds of class that the value's `type` may name, one bit each.
    #[must_use]
    pub fn class_kinds(self) -> Option<u32> {
        self.part(CLASS).map(word)
    }

    /// Least number.
    #[must_use]
    pub fn minimum(self) -> Option<i32> {
        self.part(MINIMUM).map(|at| word(at).cast_signed())
    }

    /// Greatest number.
    #[must_use]
    pub fn maximum(self) -> Option<i32> {
        self.part(MAXIMUM).map(|at| word(at).cast_signed())
    }

    /// Most characters of its text.
    #[must_use]
    pub fn longest(self) -> Option<u32> {
        self.part(LONGEST).map(word)
    }

    /// Pattern of its text.
    #[must_use]
    pub fn pattern(self) -> Option<&'static str> {
        self.part(PATTERN).map(|at| text(word(at)))
    }

    /// The definition that it refers to.
    #[must_use]
    pub fn definition(self) -> Option<Self> {
        let number = word(self.part(REFERENCE)?);
        let (first, count) = DEFINITION_NODES;
        (number < count).then(|| Self(word(first + number)))
    }
}

fn property(name: u32, at: u32) -> Property {
    let word = word(at);
    Property {
        name: text(name),
        node: Node(word & !(REQUIRED | DEPRECATED)),
        required: word & REQUIRED != 0,
        deprecated: word & DEPRECATED != 0,
    }
}

fn text(position: u32) -> &'static str {
    let place: Text = catalog::list(position);
    catalog::text(place)
}

fn word(at: u32) -> u32 {
    let at = at as usize * 4;
    WORDS.get(at..at + 4).map_or(0, |it| u32::from_le_bytes([it[0], it[1], it[2], it[3]]))
}
