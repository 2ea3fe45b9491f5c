//! The rows of the compiled tables. They hold numbers only: offsets instead of
//! pointers, so that nothing is relocated when the program starts.

use super::catalog::LINES;

/// A place in the text store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// First byte.
    pub start: u32,
    /// Number of bytes.
    pub len: u32,
}

/// Consecutive entries of the list table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// Position of the first.
    pub start: u32,
    /// How many.
    pub len: u32,
    /// Bytes of their texts together.
    pub bytes: u32,
}

/// A text in spans of the store: a position in the table of splices, 0 for the empty text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Splice(pub u32);

/// First row and how many, in another table.
pub type Rows = (u32, u32);

/// No entry.
pub const NONE: u32 = u32::MAX;

/// A kind of element: a position in [`super::catalog::KINDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind(pub u8);

/// One element: a class, or something of the Enterprise Edition known by name only.
#[derive(Debug)]
pub struct Element {
    /// Class or name.
    pub name: Text,
    /// Its kind.
    pub kind: Kind,
    /// Position of its plugin.
    pub plugin: u32,
    /// Position of its package.
    pub group: u32,
    /// Bits, read by the methods below.
    pub flags: u8,
    /// One bit for each line that has it.
    pub lines: u8,
    /// Position of what to use instead, or [`NONE`].
    pub successor: u32,
    /// Its row in a search.
    pub search_row: Text,
    /// Its row in a list.
    pub list_row: Text,
    /// Its schema in each line, or [`NONE`].
    pub schemas: [u32; LINES],
}

impl Element {
    /// Marked as deprecated.
    #[must_use]
    pub fn deprecated(&self) -> bool {
        self.flags & 1 != 0
    }

    /// Of the Enterprise Edition.
    #[must_use]
    pub fn ee(&self) -> bool {
        self.flags & 2 != 0
    }

    /// Not listed by Kestra.
    #[must_use]
    pub const fn internal(&self) -> bool {
        self.flags & 4 != 0
    }

    /// Known by name only.
    #[must_use]
    pub fn nameless(&self) -> bool {
        self.flags & 8 != 0
    }

    /// Whether a line has it; any line if none is asked for.
    #[must_use]
    pub const fn is_in(&self, line: Option<usize>) -> bool {
        match line {
            Some(line) => self.lines & (1 << line) != 0,
            None => true,
        }
    }
}

/// Pieces of the schema of a class in one line, in the order in which they are sent.
#[derive(Debug)]
pub struct Schema {
    /// From `{` to the opening of the properties.
    pub head: Splice,
    /// Own properties.
    pub own: Splice,
    /// Inherited properties, with a comma before them if there are own ones.
    pub inherited: Splice,
    /// From the end of the properties to the opening of the outputs, if there are any.
    pub tail: Splice,
    /// The same with what the base class requires.
    pub tail_all: Splice,
    /// Outputs, if there are any, and the end of their schema.
    pub outputs: Splice,
    /// Names of the outputs, separated by commas.
    pub output_names: Text,
    /// Member with the definitions reached from its own properties and outputs, as many as
    /// an answer shows, and member that names the rest.
    pub definitions: Splice,
    /// The same with those that inherited properties reach.
    pub definitions_all: Splice,
    /// Metrics and example, without the closing brace.
    pub end: Splice,
    /// All definitions reached from its own properties and outputs, nearest first.
    pub own_definitions: Rows,
    /// Definitions reached from inherited properties besides.
    pub inherited_definitions: Rows,
    /// The smallest flow fragment, YAML, up to where optional properties can be named.
    pub skeleton: Splice,
    /// Its own optional properties as comments.
    pub own_comments: Splice,
    /// Inherited properties as comments.
    pub inherited_comments: Splice,
    /// The rest of the fragment.
    pub skeleton_end: Splice,
}

/// One definition of schemas.
#[derive(Debug)]
pub struct Definition {
    /// Its name.
    pub name: Text,
    /// The member that it is.
    pub member: Splice,
}

/// One plugin.
#[derive(Debug)]
pub struct Plugin {
    /// Its name.
    pub name: Text,
    /// Bits of [`super::catalog::CATEGORIES`].
    pub categories: u32,
    /// Of the Enterprise Edition.
    pub ee: bool,
    /// Its row in the list of plugins.
    pub list_row: Text,
    /// Its row in a search for its name.
    pub search_row: Text,
    /// From `{` to before the total.
    pub head: Text,
    /// `"plugin-aws":"2.8.2"`, or nothing where the version is not public.
    pub version_row: Text,
    /// `"plugin-aws":{"version":...}`.
    pub version_detail: Text,
    /// Its packages.
    pub groups: Rows,
    /// Its elements.
    pub elements: Rows,
    /// Position of its repository, or [`NONE`].
    pub repository: u32,
    /// The source folder it came from; 0 is the catalog's own.
    pub root: u32,
}

/// One package of a plugin.
#[derive(Debug)]
pub struct Group {
    /// Its name.
    pub name: Text,
    /// Position of its plugin.
    pub plugin: u32,
    /// `{"group":...,"title":...`.
    pub head: Text,
    /// Its elements.
    pub elements: Rows,
    /// All of it, first over all lines, then for each line; empty where it has nothing.
    pub rows: [Text; LINES + 1],
    /// Number of elements listed, likewise.
    pub totals: [u32; LINES + 1],
}

/// One repository.
#[derive(Debug)]
pub struct Repository {
    /// Its name.
    pub name: Text,
    /// `owner/name`.
    pub repository: Text,
    /// Its releases, newest first.
    pub releases: Rows,
    /// Plugins that are published from it.
    pub plugins: Rows,
}

/// One release.
#[derive(Debug)]
pub struct Release {
    /// Its row.
    pub row: Text,
    /// Least version of Kestra that it runs on, packed.
    pub kestra: u32,
}

/// One blueprint.
#[derive(Debug)]
pub struct Blueprint {
    /// Its id.
    pub id: Text,
    /// Its number.
    pub number: u32,
    /// Bits of [`super::catalog::TAGS`].
    pub tags: u32,
    /// Of the Enterprise Edition.
    pub ee: bool,
    /// Its row in the list.
    pub list_row: Text,
    /// Its row in a search, up to the snippet.
    pub search_row: Text,
    /// The rest of that row.
    pub search_end: Text,
    /// The flow, YAML.
    pub flow: Splice,
    /// Its classes.
    pub classes: Rows,
    /// Sentences that can be snippets.
    pub sentences: Run,
}

/// One page of the documentation.
#[derive(Debug)]
pub struct Doc {
    /// Its path.
    pub path: Text,
    /// Its row in a search, up to the snippet.
    pub search_row: Text,
    /// The rest of that row.
    pub search_end: Text,
    /// Its row among its parent's children.
    pub child_row: Text,
    /// `{"path":...,"title":...`.
    pub head: Text,
    /// Rows of its children.
    pub children: Run,
    /// Its text, in parts of bounded length.
    pub pages: Rows,
    /// Sentences that can be snippets.
    pub sentences: Run,
}

/// All elements of one kind, as a list shows them.
#[derive(Debug)]
pub struct KindList {
    /// How many, over all lines, then for each line.
    pub totals: [u32; LINES + 1],
    /// The members that list them, likewise.
    pub rows: [Text; LINES + 1],
}

/// How a name stands to what it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Its own name.
    Own,
    /// An old or other name.
    Old,
    /// A name that is short for it.
    Short,
}

/// One name that a user may say.
#[derive(Debug)]
pub struct Name {
    /// The name as it is written.
    pub text: Text,
    /// What it names.
    pub target: u32,
    /// How.
    pub how: How,
}
