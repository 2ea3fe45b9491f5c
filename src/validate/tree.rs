//! A flow's YAML as a tree with positions, bounded in depth and size.

use std::borrow::Cow;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span};

/// Containers in containers. Kestra's own flows stay under 30.
const MAX_DEPTH: usize = 100;
/// Values of one flow: read in 60 ms at most. The largest public flow has 400.
const MAX_VALUES: usize = 50_000;

/// A place in the text, both from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line.
    pub line: u32,
    /// Column, in characters.
    pub column: u32,
}

impl Place {
    fn of(marker: Marker) -> Self {
        Self { line: marker.line() as u32, column: marker.col() as u32 + 1 }
    }
}

/// Position of a value in [`Tree::values`].
pub(super) type Id = usize;

/// One value.
#[derive(Debug)]
pub(super) struct Value<'a> {
    /// Where it begins.
    pub(super) at: Place,
    /// What it is.
    pub(super) data: Data<'a>,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Data<'a> {
    /// A text, a number, a boolean or nothing.
    Scalar {
        /// The text.
        text: Cow<'a, str>,
        /// Neither quoted nor a block, so that `true` and `1` are no text.
        plain: bool,
        /// A block after `|`, whose lines stand as they are.
        block: bool,
    },
    /// A list.
    List(Vec<Id>),
    /// A map.
    Map(Vec<Member<'a>>),
    /// A copy of another value, about which nothing is said.
    Alias,
}

/// One member of a map.
#[derive(Debug)]
pub(super) struct Member<'a> {
    /// Its key.
    pub(super) key: Cow<'a, str>,
    /// Where the key stands.
    pub(super) at: Place,
    /// Its value.
    pub(super) value: Id,
}

/// All values of a text.
#[derive(Debug, Default)]
pub(super) struct Tree<'a> {
    values: Vec<Value<'a>>,
    /// Further documents follow the first.
    pub(super) more: Option<Place>,
}

/// Why a text could not be read.
#[derive(Debug)]
pub(super) struct SyntaxError {
    pub(super) at: Place,
    pub(super) what: String,
    /// Kestra's reader takes it; nothing behind it was read.
    pub(super) passes: bool,
}

impl<'a> Tree<'a> {
    /// Reads the first document. `None` if there is none.
    pub(super) fn read(text: &'a str) -> Result<Option<(Self, Id)>, SyntaxError> {
        Reader {
            parser: Parser::new_from_str(text),
            text,
            tree: Tree::default(),
            open: Vec::new(),
            last: Place { line: 1, column: 1 },
        }
        .read()
    }

    pub(super) fn value(&self, id: Id) -> &Value<'a> {
        &self.values[id]
    }

    /// The members of a map, or nothing.
    pub(super) fn members(&self, id: Id) -> &[Member<'a>] {
        match &self.values[id].data {
            Data::Map(members) => members,
            _ => &[],
        }
    }

    /// The items of a list, or nothing.
    pub(super) fn items(&self, id: Id) -> &[Id] {
        match &self.values[id].data {
            Data::List(items) => items,
            _ => &[],
        }
    }

    /// The last member of that name: of two, Kestra takes the later.
    pub(super) fn member(&self, id: Id, key: &str) -> Option<&Member<'a>> {
        self.members(id).iter().rev().find(|it| it.key == key)
    }

    /// The text of a scalar.
    pub(super) fn text(&self, id: Id) -> Option<&str> {
        match &self.values[id].data {
            Data::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The text of a member that is a scalar.
    pub(super) fn member_text(&self, id: Id, key: &str) -> Option<&str> {
        self.text(self.member(id, key)?.value)
    }

    /// Whether the value is nothing at all. A value that is not written is none of
    /// these: Kestra reads it as an empty text.
    pub(super) fn is_null(&self, id: Id) -> bool {
        matches!(&self.values[id].data, Data::Scalar { text, plain: true, .. }
            if matches!(&**text, "~" | "null" | "Null" | "NULL"))
    }

    /// Whether the value is not written.
    pub(super) fn is_empty(&self, id: Id) -> bool {
        matches!(&self.values[id].data, Data::Scalar { text, plain: true, .. } if text.is_empty())
    }
}

/// A container that is being read.
enum Open<'a> {
    List(Id, Vec<Id>),
    Map(Id, Vec<Member<'a>>, Option<(Cow<'a, str>, Place)>),
}

struct Reader<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    text: &'a str,
    tree: Tree<'a>,
    open: Vec<Open<'a>>,
    /// Where the last value or key began.
    last: Place,
}

impl<'a> Reader<'a> {
    fn read(mut self) -> Result<Option<(Tree<'a>, Id)>, SyntaxError> {
        let mut root = None;
        while let Some(event) = self.parser.next_event() {
            let (event, span) = event.map_err(|error| self.syntax_error(&error))?;
            if root.is_some() && self.open.is_empty() {
                if matches!(event, Event::DocumentStart(_)) {
                    self.tree.more = Some(Place::of(span.start));
                    break;
                }
                continue;
            }
            if let Some(id) = self.event(event, span)? {
                root = Some(id);
            }
        }
        Ok(root.map(|root| (self.tree, root)))
    }

    /// Takes one event; returns the root when it began.
    fn event(&mut self, event: Event<'a>, span: Span) -> Result<Option<Id>, SyntaxError> {
        let at = Place::of(span.start);
        match event {
            Event::Scalar(text, style, ..) => {
                self.last = at;
                if let Some(Open::Map(_, _, key @ None)) = self.open.last_mut() {
                    *key = Some((text, at));
                    return Ok(None);
                }
                let plain = style == ScalarStyle::Plain;
                let block = style == ScalarStyle::Literal;
                self.add(at, Data::Scalar { text, plain, block })
            }
            Event::Alias(_) => {
                if let Some(Open::Map(_, _, key @ None)) = self.open.last_mut() {
                    *key = Some((Cow::Borrowed("*"), at));
                    return Ok(None);
                }
                self.add(at, Data::Alias)
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                self.last = at;
                let map = matches!(event, Event::MappingStart(..));
                if let Some(Open::Map(_, _, None)) = self.open.last() {
                    return Err(key_is_no_text(at, map));
                }
                if self.open.len() >= MAX_DEPTH {
                    return Err(refused(at, &format!("more than {MAX_DEPTH} levels deep")));
                }
                let root = self.add(at, Data::Alias)?;
                let id = self.tree.values.len() - 1;
                self.open.push(if map {
                    Open::Map(id, Vec::new(), None)
                } else {
                    Open::List(id, Vec::new())
                });
                Ok(root)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                match self.open.pop() {
                    Some(Open::List(id, items)) => self.tree.values[id].data = Data::List(items),
                    Some(Open::Map(id, members, _)) => {
                        self.tree.values[id].data = Data::Map(members);
                    }
                    None => {}
                }
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    /// Adds a value to the container that is open.
    fn add(&mut self, at: Place, data: Data<'a>) -> Result<Option<Id>, SyntaxError> {
        let id = self.tree.values.len();
        if id >= MAX_VALUES {
            return Err(refused(at, &format!("more than {MAX_VALUES} values")));
        }
        // The parser puts a value that is not there behind the line break.
        self.tree.values.push(Value { at, data });
        match self.open.last_mut() {
            None => return Ok(Some(id)),
            Some(Open::List(_, items)) => items.push(id),
            Some(Open::Map(_, members, key)) => {
                if let Some((key, at)) = key.take() {
                    members.push(Member { key, at, value: id });
                }
            }
        }
        Ok(None)
    }

    fn syntax_error(&self, error: &ScanError) -> SyntaxError {
        super::syntax::explain(self.text, Place::of(*error.marker()), self.last, error.info())
    }
}

fn refused(at: Place, what: &str) -> SyntaxError {
    SyntaxError { at, what: format!("the flow is {what}: it was not read further"), passes: false }
}

fn key_is_no_text(at: Place, map: bool) -> SyntaxError {
    let what = if map {
        "a key cannot be a map: put quotes around a value that begins with `{{`"
    } else {
        "a key cannot be a list: put quotes around a value that begins with `[`"
    };
    SyntaxError { at, what: what.to_owned(), passes: false }
}
