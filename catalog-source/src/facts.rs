//! The facts as their files state them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// Properties in the order of their file.
pub type Properties = Map<String, Value>;

/// `catalog.json`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CatalogFacts {
    /// Day of the last refresh of the facts, `YYYY-MM-DD`.
    pub date: String,
    /// Release lines of Kestra, newest first; each is a folder of `facts/`.
    pub lines: Vec<String>,
    /// What the catalog promises to hold.
    #[serde(default)]
    pub at_least: AtLeast,
}

/// The least numbers of what is written by hand.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtLeast {
    /// Blueprints.
    #[serde(default)]
    pub blueprints: usize,
    /// Full pages.
    #[serde(default)]
    pub pages: usize,
}

/// One published artifact.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Artifact {
    /// Maven coordinates with version.
    pub artifact: String,
    /// Entries of the jar's manifest.
    pub manifest: BTreeMap<String, String>,
    /// The package of the plugin.
    pub group: String,
    /// Categories, upper case.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Old class names that the plugin answers for.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Packages with their categories.
    #[serde(default)]
    pub sub_groups: BTreeMap<String, SubGroup>,
    /// Classes by name.
    pub classes: BTreeMap<String, Class>,
    /// Definitions that the classes share, `name#2` for a second content of one name.
    #[serde(default)]
    pub definitions: BTreeMap<String, Value>,
}

impl Artifact {
    /// The version part of the coordinates.
    #[must_use]
    pub fn version(&self) -> &str {
        self.artifact.rsplit(':').next().unwrap_or_default()
    }
}

/// What is known of a package.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubGroup {
    /// Categories, upper case.
    #[serde(default)]
    pub categories: Vec<String>,
}

/// One class.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Class {
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// The base class, a key of `base.json`.
    #[serde(default)]
    pub base_class: String,
    /// Package below the group, dots for levels.
    #[serde(default)]
    pub sub_group: Option<String>,
    /// How many examples Kestra has for it.
    #[serde(default)]
    pub examples: u32,
    /// Its own properties.
    #[serde(default)]
    pub properties: Properties,
    /// Required ones among them.
    #[serde(default)]
    pub required: Vec<String>,
    /// Its outputs.
    #[serde(default)]
    pub outputs: Option<Properties>,
    /// Keys of the artifact's definitions that it reaches.
    #[serde(default)]
    pub definitions: Vec<String>,
    /// Its metrics.
    #[serde(default)]
    pub metrics: Vec<Value>,
    /// Old names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Marked as deprecated.
    #[serde(default)]
    pub deprecated: bool,
    /// Not listed by Kestra.
    #[serde(default)]
    pub internal: bool,
    /// Inherited properties that differ from those of the base class.
    #[serde(default)]
    pub inherited_differs: Properties,
}

/// The flow schema.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KestraFlow {
    /// Reference to the flow's definition.
    pub root: Value,
    /// Definitions of Kestra's own model.
    pub definitions: BTreeMap<String, Value>,
}

/// One input type.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Its class.
    pub cls: String,
    /// Its schema.
    pub schema: Value,
    /// Definitions it reaches.
    #[serde(default)]
    pub definitions: Properties,
}

/// One repository and what it publishes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Repository {
    /// Published artifacts.
    pub artifacts: Vec<PublishedArtifact>,
    /// Categories, upper case.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Commit the facts were taken at.
    #[serde(default)]
    pub commit: Option<String>,
    /// Its time.
    #[serde(default)]
    pub committed_at: Option<String>,
    /// Time of the newest release.
    #[serde(default)]
    pub latest_release_at: Option<String>,
    /// Newest version.
    #[serde(default)]
    pub latest_version: Option<String>,
    /// Counts of elements.
    #[serde(default)]
    pub plugins: Value,
    /// `owner/name`.
    pub repository: String,
    /// Packages.
    #[serde(default)]
    pub subgroups: Vec<String>,
    /// A template for plugins, not one that can be installed.
    #[serde(default)]
    pub template: bool,
    /// Artifacts that are not published.
    #[serde(default)]
    pub unpublished: Vec<Value>,
}

/// One artifact of a repository.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PublishedArtifact {
    /// Its name.
    pub artifact_id: String,
    /// Its Maven group.
    #[serde(default)]
    pub group_id: Option<String>,
    /// Manifest entries.
    #[serde(default)]
    pub manifest: Value,
    /// Folder in the repository.
    #[serde(default)]
    pub subproject: Option<String>,
}

/// Releases of a repository, newest first.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepositoryReleases {
    /// `owner/name`.
    pub repository: String,
    /// The releases.
    pub releases: Vec<Release>,
}

/// One release.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Release {
    /// Least version of Kestra that it runs on.
    #[serde(default)]
    pub kestra_min: Option<String>,
    /// Version of Kestra that it was built against.
    #[serde(default)]
    pub kestra_version: Option<String>,
    /// Whether it is a pre-release.
    pub prerelease: bool,
    /// Time of publication.
    pub published_at: String,
    /// Git tag.
    pub tag: String,
    /// Version.
    pub version: String,
}

/// One element of the Enterprise Edition.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EnterpriseElement {
    /// Its class, where public.
    pub cls: Option<String>,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The artifact.
    #[serde(default)]
    pub plugin: Option<String>,
    /// Value of the configuration's `type` that chooses it.
    #[serde(default)]
    pub config_type: Option<String>,
    /// Properties known.
    #[serde(default)]
    pub properties: Vec<EnterpriseProperty>,
    /// Version of Kestra that brought it.
    #[serde(default)]
    pub since: Option<String>,
    /// Values of enumerated properties.
    #[serde(default)]
    pub enums: BTreeMap<String, Vec<String>>,
    /// Properties of object-valued properties.
    #[serde(default)]
    pub nested: BTreeMap<String, Vec<EnterpriseProperty>>,
    /// A kind within the kind.
    #[serde(default)]
    pub sub_kind: Option<String>,
    /// Old class names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Stated with reserve.
    #[serde(default)]
    pub uncertain: bool,
    /// Group of policy rules.
    #[serde(default)]
    pub rule_group: Option<String>,
    /// Configuration key.
    #[serde(default)]
    pub config_key: Option<String>,
    /// Version that brought its read-only form.
    #[serde(default)]
    pub read_only_since: Option<String>,
    /// Configuration key of its read-only form.
    #[serde(default)]
    pub read_only_key: Option<String>,
    /// Properties of its read-only form.
    #[serde(default)]
    pub read_only_properties: Value,
    /// Part of the server itself.
    #[serde(default)]
    pub built_in: bool,
    /// Class of its configuration.
    #[serde(default)]
    pub config_class: Option<String>,
    /// Title of its public page.
    #[serde(default)]
    pub title: Option<String>,
}

/// One property of an Enterprise element.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnterpriseProperty {
    /// Its name.
    pub name: String,
    /// Its type, in words.
    #[serde(rename = "type", default)]
    pub kind: Option<String>,
    /// Whether it is required, where known.
    #[serde(default)]
    pub required: Option<bool>,
    /// Its default, where known.
    #[serde(default)]
    pub default: Option<Value>,
}

/// `renames.json`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Renames {
    /// Old name to today's name.
    pub renamed: BTreeMap<String, String>,
    /// A class that a newer line lacks, to the class that does its job there.
    pub successors: BTreeMap<String, String>,
}

/// One page of the documentation tree.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DocNode {
    /// Path, `docs/...`.
    pub path: String,
    /// Position at each level; `null` where it is not known.
    pub order: Vec<Option<i64>>,
    /// Title of the page.
    pub title: String,
    /// Title was made from the path.
    #[serde(default)]
    pub title_derived: bool,
    /// Where the title was found.
    #[serde(default)]
    pub title_source: Option<String>,
    /// Section of the navigation.
    #[serde(default)]
    pub section: Option<String>,
    /// Stated with reserve.
    #[serde(default)]
    pub uncertain: Value,
    /// Shorter title of the navigation.
    #[serde(default)]
    pub sidebar_title: Option<String>,
    /// Headings of the page.
    #[serde(default)]
    pub headings: Vec<String>,
    /// Their levels.
    #[serde(default)]
    pub heading_levels: Vec<u8>,
    /// Not all headings are known.
    #[serde(default)]
    pub headings_partial: Value,
    /// Version that brought what it describes.
    #[serde(default)]
    pub since: Option<String>,
    /// Editions that have what it describes.
    #[serde(default)]
    pub editions: Vec<String>,
}

/// One blog post.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Blog {
    /// Last part of its address, where known.
    #[serde(default)]
    pub slug: Option<String>,
    /// Its title.
    pub title: String,
    /// Title was made from the slug.
    #[serde(default)]
    pub title_derived: bool,
    /// Day of publication.
    #[serde(default)]
    pub date: Option<String>,
    /// Day was taken from the slug.
    #[serde(default)]
    pub date_from_slug: bool,
    /// Month, where the day is not known.
    #[serde(default)]
    pub date_approx: Option<String>,
    /// Where the slug was found.
    #[serde(default)]
    pub slug_source: Option<String>,
    /// Category.
    #[serde(default)]
    pub category: Option<String>,
    /// Older slugs.
    #[serde(default)]
    pub aliases: Value,
}
