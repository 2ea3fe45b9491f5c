//! What is searched: the documents of each source and their weighted fields.

use std::collections::BTreeMap;

use super::{MAX_SENTENCES, Mechanisms};
use crate::elements::{Catalog, Element};
use crate::facts::{Blog, DocNode};
use crate::flow::Blueprint;
use crate::page::sentences;
use crate::read::Sources;

/// Number of sorts of fields.
pub(super) const FIELDS: usize = 10;

/// The sort of the field that names the document.
pub(super) const NAME: usize = 0;

/// A text of a document.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its sort: lengths are compared among fields of one sort.
    pub slot: usize,
    /// What a word in it is worth.
    pub weight: f64,
    /// The text.
    pub text: String,
}

/// Sentences of a blueprint that say what it is about; the others are details.
const SENTENCES_ABOUT: usize = 4;

/// One document.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its texts.
    pub fields: Vec<Field>,
    /// Sentences that can be snippets; their words count too.
    pub sentences: Vec<String>,
    /// The text that says what it is about: its vector is made from it.
    pub about: String,
    /// Factor on all scores.
    pub prior: f64,
    /// Its kind, if it is an element.
    pub kind: Option<String>,
}

impl Document {
    fn new(fields: Vec<(f64, String)>, sentences: Vec<String>, prior: f64) -> Self {
        let field = |(slot, (weight, text))| Field { slot, weight, text };
        Self {
            fields: fields.into_iter().enumerate().map(field).collect(),
            sentences,
            about: String::new(),
            prior,
            kind: None,
        }
    }
}

/// The documents of all sources: elements, blueprints, pages, blog posts, each in the
/// order of its table.
#[must_use]
pub fn all(sources: &Sources, catalog: &Catalog, mechanisms: Mechanisms) -> [Vec<Document>; 4] {
    let titles: BTreeMap<&str, &str> =
        catalog.elements.iter().map(|it| (it.name.as_str(), it.title.as_str())).collect();
    [
        catalog.elements.iter().map(|it| element_document(catalog, it, mechanisms)).collect(),
        ordered_blueprints(sources).into_iter().map(|it| blueprint_document(it, &titles)).collect(),
        ordered_docs(sources).into_iter().map(|it| doc_document(sources, it)).collect(),
        ordered_blogs(sources).into_iter().map(blog_document).collect(),
    ]
}

fn element_document(catalog: &Catalog, element: &Element, mechanisms: Mechanisms) -> Document {
    let simple = element.name.rsplit('.').next().unwrap_or(&element.name);
    let package = element.group.trim_start_matches("io.kestra.plugin.");
    let plugin = catalog.plugins.iter().find(|it| it.name == element.plugin);
    let mut plugin_words = String::new();
    let mut group_words = String::new();
    if let Some(plugin) = plugin {
        plugin_words = format!("{} {}", plugin.title, plugin.words);
        if let Some(group) = plugin.groups.get(&element.group) {
            group_words = format!("{} {}", group.title, group.words);
        }
    }
    let aliases: Vec<&str> =
        element.aliases.iter().map(|it| it.rsplit('.').next().unwrap_or(it)).collect();
    let words = if mechanisms.words { element.words.clone() } else { String::new() };
    let about = [&element.title, &element.description, &words, &plugin_words];
    let about = about.map(String::as_str).join(" ");
    let fields = vec![
        (3.0, simple.to_owned()),
        (2.5, package.to_owned()),
        (3.0, element.title.clone()),
        (2.0, words),
        (1.0, element.description.clone()),
        (1.0, plugin_words),
        (1.0, group_words),
        (0.8, element.kind.clone()),
        (0.5, property_names(element).join(" ")),
        (1.0, aliases.join(" ")),
    ];
    let mut document = Document::new(fields, Vec::new(), prior(element));
    document.kind = Some(element.kind.clone());
    document.about = about;
    document
}

fn property_names(element: &Element) -> Vec<&str> {
    let schemas = element.schemas.iter().flatten();
    let mut names: Vec<&str> =
        schemas.flat_map(|schema| schema.own.keys().map(String::as_str)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What an element is worth beside others that say the same.
fn prior(element: &Element) -> f64 {
    let mut prior = 1.0;
    if element.deprecated {
        prior *= 0.7;
    }
    if element.internal {
        prior *= 0.3;
    }
    if !matches!(element.kind.as_str(), "task" | "trigger") {
        prior *= 0.85;
    }
    prior
}

fn blueprint_document(blueprint: &Blueprint, titles: &BTreeMap<&str, &str>) -> Document {
    let classes: Vec<String> = blueprint
        .classes
        .iter()
        .map(|class| {
            let title = titles.get(class.as_str()).copied().unwrap_or_default();
            format!("{} {title}", class.trim_start_matches("io.kestra.plugin."))
        })
        .collect();
    let fields = vec![
        (3.0, blueprint.title.clone()),
        (2.0, blueprint.id.clone()),
        (2.0, blueprint.words.clone()),
        (1.0, blueprint.tags.join(" ")),
        (0.5, classes.join(" ")),
        (0.15, blueprint.flow.clone()),
    ];
    let mut document = Document::new(fields, blueprint_sentences(blueprint), 1.0);
    let sentences = document.sentences.iter().take(SENTENCES_ABOUT).map(String::as_str);
    let about = [blueprint.title.as_str()].into_iter().chain(sentences);
    document.about = about.collect::<Vec<_>>().join(" ");
    document
}

/// Sentences of a blueprint that can be snippets.
#[must_use]
pub fn blueprint_sentences(blueprint: &Blueprint) -> Vec<String> {
    let found = sentences(&blueprint.description);
    if found.is_empty() { vec![blueprint.description.clone()] } else { found }
}

fn doc_document(sources: &Sources, node: &DocNode) -> Document {
    let page = sources.pages.get(&node.path).map(|page| &page.value);
    let headings = page.map_or_else(
        || node.headings.join(" "),
        |page| {
            let headings = page.body.lines().filter(|line| line.starts_with('#'));
            headings.collect::<Vec<_>>().join(" ")
        },
    );
    let title = doc_title(sources, node);
    let path = node.path.trim_start_matches("docs/").to_owned();
    let words = doc_words(sources, node);
    let fields = vec![
        (3.0, title.clone()),
        (2.0, path.clone()),
        (2.0, words.clone()),
        (1.0, headings),
        (0.3, page.map(|page| page.body.clone()).unwrap_or_default()),
    ];
    let mut document = Document::new(fields, doc_sentences(sources, node), 1.0);
    let first = document.sentences.first().cloned().unwrap_or_default();
    document.about = [title, path, first, words].join(" ");
    document
}

/// Search words of a page: those that stand with it and those that stand apart.
fn doc_words(sources: &Sources, node: &DocNode) -> String {
    let page = sources.pages.get(&node.path).map(|page| page.value.words.as_str());
    let apart = sources.doc_words.value.get(&node.path).map(String::as_str);
    format!("{} {}", page.unwrap_or_default(), apart.unwrap_or_default())
}

/// Sentences of a page that can be snippets.
#[must_use]
pub fn doc_sentences(sources: &Sources, node: &DocNode) -> Vec<String> {
    let page = sources.pages.get(&node.path).map(|page| &page.value);
    let mut found: Vec<String> = page.map(|page| page.description.clone()).into_iter().collect();
    found.extend(sources.doc_sentences.value.get(&node.path).cloned());
    found.retain(|sentence| !sentence.is_empty());
    if let Some(page) = page {
        found.extend(sentences(&page.body));
    }
    if found.is_empty() {
        found.push(node.title.clone());
    }
    found.truncate(MAX_SENTENCES);
    found
}

/// Title of a page as it is shown: that of the page, of the navigation, of the tree.
#[must_use]
pub fn doc_title(sources: &Sources, node: &DocNode) -> String {
    let page = sources.pages.get(&node.path).and_then(|page| page.value.title.clone());
    page.or_else(|| node.sidebar_title.clone()).unwrap_or_else(|| node.title.clone())
}

/// Blueprints, newest first.
#[must_use]
pub fn ordered_blueprints(sources: &Sources) -> Vec<&Blueprint> {
    let mut ordered: Vec<&Blueprint> = sources.blueprints.values().map(|it| &it.value).collect();
    ordered.sort_by(|a, b| (&b.published, a.number).cmp(&(&a.published, b.number)));
    ordered
}

/// Pages in navigation order.
#[must_use]
pub fn ordered_docs(sources: &Sources) -> Vec<&DocNode> {
    let mut ordered: Vec<&DocNode> = sources.docs.iter().collect();
    // A page whose place is not known stands after its siblings.
    let place = |node: &DocNode| -> Vec<i64> {
        node.order.iter().map(|at| at.unwrap_or(i64::MAX)).collect()
    };
    ordered.sort_by_key(|node| (place(node), &node.path));
    ordered
}

/// Blog posts, newest first; those without a date last.
#[must_use]
pub fn ordered_blogs(sources: &Sources) -> Vec<&Blog> {
    let mut ordered: Vec<&Blog> = sources.blogs.iter().collect();
    let day = |blog: &Blog| blog.date.clone().or_else(|| blog.date_approx.clone());
    ordered.sort_by(|a, b| (day(b), &a.title).cmp(&(day(a), &b.title)));
    ordered
}

fn blog_document(blog: &Blog) -> Document {
    let fields = vec![(2.0, blog.title.clone()), (1.0, blog.slug.clone().unwrap_or_default())];
    let mut document = Document::new(fields, Vec::new(), 1.0);
    document.about.clone_from(&blog.title);
    document
}
