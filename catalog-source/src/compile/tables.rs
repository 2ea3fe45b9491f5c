//! The tables: rows of numbers, and texts in one store.

use crate::names::Name;
use crate::nodes::NodeTables;
use crate::schema_text::{DefinitionText, SchemaText};
use crate::search::Index;
use crate::store::{Run, Splice, Store, Text};

/// No entry.
pub const NONE: u32 = u32::MAX;
/// Deprecated.
pub const DEPRECATED: u8 = 1;
/// Of the Enterprise Edition.
pub const EE: u8 = 2;
/// Not listed by Kestra.
pub const INTERNAL: u8 = 4;
/// Known by name only.
pub const NAMELESS: u8 = 8;

/// One element.
#[derive(Debug, Default)]
pub struct ElementRow {
    /// Class or name.
    pub name: Text,
    /// Position in [`crate::elements::KINDS`].
    pub kind: u8,
    /// Plugin.
    pub plugin: u32,
    /// Package.
    pub group: u32,
    /// [`DEPRECATED`] and so on.
    pub flags: u8,
    /// One bit for each line that has it.
    pub lines: u8,
    /// What to use instead, or [`NONE`].
    pub successor: u32,
    /// Row of a search.
    pub search_row: Text,
    /// Row of a list.
    pub list_row: Text,
    /// Its schema in each line, or [`NONE`].
    pub schemas: Vec<u32>,
}

/// One schema.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord, Clone)]
pub struct SchemaRow {
    /// Its pieces.
    pub text: SchemaText,
    /// Definitions that its own properties and outputs reach: the first in
    /// [`Tables::definitions`] and how many.
    pub own_definitions: (u32, u32),
    /// Definitions that inherited properties reach besides.
    pub inherited_definitions: (u32, u32),
    /// The smallest fragment, YAML, up to where optional properties can be named.
    pub skeleton: Splice,
    /// Its own optional properties as comments.
    pub own_comments: Splice,
    /// Inherited properties as comments.
    pub inherited_comments: Splice,
    /// The rest of the fragment.
    pub skeleton_end: Splice,
}

/// One plugin.
#[derive(Debug, Default)]
pub struct PluginRow {
    /// Its name.
    pub name: Text,
    /// Bits of [`Tables::categories`].
    pub categories: u32,
    /// Of the Enterprise Edition.
    pub ee: bool,
    /// Row of the list.
    pub list_row: Text,
    /// Row of a search for its name.
    pub search_row: Text,
    /// From `{` to before the total.
    pub head: Text,
    /// Its version as a member: `"plugin-aws":"2.8.2"`, empty where not public.
    pub version_row: Text,
    /// All that is known of its version, as a member.
    pub version_detail: Text,
    /// First package and how many.
    pub groups: (u32, u32),
    /// First element and how many.
    pub elements: (u32, u32),
    /// Repository or [`NONE`].
    pub repository: u32,
    /// The root it came from.
    pub root: u32,
}

/// One package of a plugin.
#[derive(Debug, Default)]
pub struct GroupRow {
    /// Its name.
    pub name: Text,
    /// Its plugin.
    pub plugin: u32,
    /// `{"group":...,"title":...`.
    pub head: Text,
    /// First element and how many.
    pub elements: (u32, u32),
    /// All of it, first over all lines, then for each line.
    pub rows: Vec<Text>,
    /// Number of elements listed, likewise.
    pub totals: Vec<u32>,
}

/// One repository with its releases.
#[derive(Debug, Default)]
pub struct RepositoryRow {
    /// Its name.
    pub name: Text,
    /// `owner/name`.
    pub repository: Text,
    /// First release and how many, newest first.
    pub releases: (u32, u32),
    /// Run of plugins published from it, in [`Tables::repository_plugins`].
    pub plugins: (u32, u32),
}

/// One blueprint.
#[derive(Debug, Default)]
pub struct BlueprintRow {
    /// Its id.
    pub id: Text,
    /// Its number.
    pub number: u32,
    /// Bits of [`crate::flow::TAGS`].
    pub tags: u32,
    /// Of the Enterprise Edition.
    pub ee: bool,
    /// Row of the list.
    pub list_row: Text,
    /// Row of a search up to the snippet.
    pub search_row: Text,
    /// Row of a search after the snippet.
    pub search_end: Text,
    /// The flow.
    pub flow: Splice,
    /// Run of its classes in [`Tables::blueprint_classes`].
    pub classes: (u32, u32),
    /// Sentences that can be snippets.
    pub sentences: Run,
}

/// One page.
#[derive(Debug, Default)]
pub struct DocRow {
    /// Its path.
    pub path: Text,
    /// Row of a search up to the snippet.
    pub search_row: Text,
    /// Row of a search after the snippet.
    pub search_end: Text,
    /// Row of the list of its parent's children.
    pub child_row: Text,
    /// `{"path":...,"title":...`.
    pub head: Text,
    /// Rows of its children.
    pub children: Run,
    /// Its text, in pages of bounded length: the first in [`Tables::pages`] and how many.
    pub pages: (u32, u32),
    /// Sentences that can be snippets.
    pub sentences: Run,
}

/// One release.
#[derive(Debug, Default)]
pub struct ReleaseRow {
    /// Its row.
    pub row: Text,
    /// Least Kestra it runs on, packed.
    pub kestra: u32,
}

/// All elements of one kind, as a list shows them.
#[derive(Debug, Default)]
pub struct KindRow {
    /// How many, over all lines, then for each line.
    pub totals: Vec<u32>,
    /// The members that list them, likewise.
    pub rows: Vec<Text>,
}

/// All tables.
#[derive(Debug, Default)]
pub struct Tables {
    /// Texts and lists.
    pub store: Store,
    /// Date of the facts.
    pub date: String,
    /// Lines, newest first, and the version that each was taken from.
    pub lines: Vec<(String, String)>,
    /// Categories in order.
    pub categories: Vec<String>,
    /// Elements.
    pub elements: Vec<ElementRow>,
    /// Schemas.
    pub schemas: Vec<SchemaRow>,
    /// Definitions of schemas.
    pub definitions: Vec<DefinitionText>,
    /// Plugins.
    pub plugins: Vec<PluginRow>,
    /// Packages.
    pub groups: Vec<GroupRow>,
    /// Repositories.
    pub repositories: Vec<RepositoryRow>,
    /// Plugins of repositories.
    pub repository_plugins: Vec<u32>,
    /// Releases.
    pub releases: Vec<ReleaseRow>,
    /// Blueprints, newest first.
    pub blueprints: Vec<BlueprintRow>,
    /// Classes of blueprints, each an element.
    pub blueprint_classes: Vec<u32>,
    /// Pages in navigation order.
    pub docs: Vec<DocRow>,
    /// Texts of pages in parts.
    pub pages: Vec<Splice>,
    /// Blog posts, newest first.
    pub blogs: Vec<Text>,
    /// Lists of all elements of a kind.
    pub kinds: Vec<KindRow>,
    /// Rows of all plugins, and of those with a version.
    pub plugin_lists: [Splice; 2],
    /// Names of classes.
    pub class_names: (Vec<Name>, Vec<u64>),
    /// Names of plugins (0), packages (1) and repositories (2), the sort in the upper bits.
    pub plugin_names: (Vec<Name>, Vec<u64>),
    /// Names of blueprints.
    pub blueprint_names: (Vec<Name>, Vec<u64>),
    /// Names of pages.
    pub doc_names: (Vec<Name>, Vec<u64>),
    /// Names for completion, sorted, one list for each sort of name.
    pub completions: Vec<Run>,
    /// Schema nodes for the validator.
    pub nodes: NodeTables,
    /// The search index.
    pub index: Index,
    /// The roots: name, hash and what is of them.
    pub roots: Vec<RootRow>,
}

/// Sorts of targets in [`Tables::plugin_names`].
pub const TARGET_SHIFT: u32 = 16;

/// Where the catalog comes from: its own folder and each overlay.
#[derive(Debug)]
pub struct RootRow {
    /// Its name; empty for the catalog's own.
    pub name: String,
    /// Short hash of its files.
    pub hash: String,
    /// How much of each is of it.
    pub counts: [(&'static str, usize); 4],
}
