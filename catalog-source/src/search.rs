//! The search index: terms in an fst, postings with scores worked out here.
//!
//! Scores are those of BM25F: each field adds its weight to the frequency of a term, and
//! one saturation is applied to the sum.
//! Robertson, Zaragoza, Taylor, "Simple BM25 Extension to Multiple Weighted Fields",
//! CIKM 2004.

use std::collections::BTreeMap;

use crate::compile::Tables;
use crate::elements::{Catalog, Element};
use crate::facts::{Blog, DocNode};
use crate::flow::Blueprint;
use crate::fold::{stem, words};
use crate::page::sentences;
use crate::read::Sources;

/// Saturation of a term's frequency.
const K1: f64 = 1.2;
/// How much the length of a document counts.
const B: f64 = 0.5;
/// Score units of one point of BM25.
const SCALE: f64 = 14.0;
/// What a synonym is worth beside the word itself.
const SYNONYM: f64 = 0.5;
/// Sentences of a document that can be told apart.
const MAX_SENTENCES: usize = 255;

/// The compiled index. Documents are elements, blueprints, pages and blog posts, in this
/// order, numbered through.
#[derive(Debug, Default)]
pub struct Index {
    /// Term to number.
    pub terms: Vec<u8>,
    /// First posting of each term, and the end of the last.
    pub starts: Vec<u32>,
    /// Document (16 bits), score (8), sentence (8), the document in the upper bits.
    pub postings: Vec<u32>,
    /// First document of each source, and the end of the last.
    pub sources: [u32; 5],
}

/// One document: weighted texts.
struct Document {
    fields: Vec<(f64, String)>,
    /// Sentences that can be snippets; their words count with the last field.
    sentences: Vec<String>,
    /// Factor on all scores.
    prior: f64,
}

/// Compiles the index.
pub fn compile(sources: &Sources, catalog: &Catalog, tables: &Tables) -> Index {
    let elements: Vec<Document> =
        catalog.elements.iter().map(|element| element_document(catalog, element)).collect();
    let mut blueprints: Vec<&Blueprint> =
        sources.blueprints.values().map(|blueprint| &blueprint.value).collect();
    blueprints.sort_by(|a, b| (&b.published, a.number).cmp(&(&a.published, b.number)));
    let titles: BTreeMap<&str, &str> =
        catalog.elements.iter().map(|it| (it.name.as_str(), it.title.as_str())).collect();
    let blueprints: Vec<Document> =
        blueprints.into_iter().map(|it| blueprint_document(it, &titles)).collect();
    let docs: Vec<Document> =
        ordered_docs(sources).into_iter().map(|node| doc_document(sources, node)).collect();
    let blogs: Vec<Document> = ordered_blogs(sources).into_iter().map(blog_document).collect();
    let synonyms = synonyms(&sources.synonyms.value);
    let mut index = Index::default();
    let mut postings: BTreeMap<String, BTreeMap<u32, (f64, u8)>> = BTreeMap::new();
    let mut first = 0;
    for (number, documents) in [elements, blueprints, docs, blogs].into_iter().enumerate() {
        index.sources[number] = first;
        add_source(&documents, first, &synonyms, &mut postings);
        first += documents.len() as u32;
    }
    index.sources[4] = first;
    debug_assert_eq!(tables.elements.len(), index.sources[1] as usize);
    let mut terms = fst::MapBuilder::memory();
    for (number, (term, documents)) in postings.iter().enumerate() {
        terms.insert(term, number as u64).expect("a BTreeMap is sorted");
        index.starts.push(index.postings.len() as u32);
        for (document, (score, sentence)) in documents {
            let score = (score * SCALE).round().clamp(1.0, 255.0) as u32;
            index.postings.push(document << 16 | score << 8 | u32::from(*sentence));
        }
    }
    index.starts.push(index.postings.len() as u32);
    index.terms = terms.into_inner().expect("memory does not fail");
    index
}

type Synonyms = BTreeMap<String, Vec<String>>;

fn add_source(
    documents: &[Document],
    first: u32,
    synonyms: &Synonyms,
    postings: &mut BTreeMap<String, BTreeMap<u32, (f64, u8)>>,
) {
    let mut frequencies: Vec<BTreeMap<String, (f64, u8)>> = Vec::new();
    let mut lengths = Vec::new();
    let mut documents_with: BTreeMap<String, u32> = BTreeMap::new();
    for document in documents {
        let mut terms: BTreeMap<String, (f64, u8)> = BTreeMap::new();
        let mut length = 0.0;
        let mut add = |term: &str, weight: f64, sentence: u8| {
            let entry = terms.entry(term.to_owned()).or_insert((0.0, sentence));
            entry.0 += weight;
        };
        for (weight, text) in &document.fields {
            words(text, |word| {
                let term = stem(word);
                add(term.as_str(), *weight, 0);
                length += weight;
            });
        }
        for (number, sentence) in document.sentences.iter().take(MAX_SENTENCES).enumerate() {
            words(sentence, |word| {
                add(stem(word).as_str(), 0.4, number as u8);
                length += 0.4;
            });
        }
        let with_synonyms: Vec<(String, f64, u8)> = terms
            .iter()
            .flat_map(|(term, (weight, sentence))| {
                let others = synonyms.get(term).into_iter().flatten();
                others.map(move |other| (other.clone(), weight.min(3.0) * SYNONYM, *sentence))
            })
            .collect();
        for (term, weight, sentence) in with_synonyms {
            terms.entry(term).or_insert((weight, sentence));
        }
        for term in terms.keys() {
            *documents_with.entry(term.clone()).or_default() += 1;
        }
        frequencies.push(terms);
        lengths.push(length);
    }
    let count = documents.len() as f64;
    let average = lengths.iter().sum::<f64>() / count.max(1.0);
    for (number, terms) in frequencies.into_iter().enumerate() {
        let norm = K1 * (1.0 - B + B * lengths[number] / average);
        for (term, (frequency, sentence)) in terms {
            let with = f64::from(documents_with[&term]);
            let idf = (1.0 + (count - with + 0.5) / (with + 0.5)).ln();
            let score = idf * frequency * (K1 + 1.0) / (frequency + norm) * documents[number].prior;
            postings.entry(term).or_default().insert(first + number as u32, (score, sentence));
        }
    }
}

fn element_document(catalog: &Catalog, element: &Element) -> Document {
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
    let mut properties: Vec<&str> = Vec::new();
    for schema in element.schemas.iter().flatten() {
        properties.extend(schema.own.keys().map(String::as_str));
    }
    properties.sort_unstable();
    properties.dedup();
    let mut fields = vec![
        (3.0, simple.to_owned()),
        (2.5, package.to_owned()),
        (3.0, element.title.clone()),
        (2.0, element.words.clone()),
        (1.0, element.description.clone()),
        (1.0, plugin_words),
        (1.0, group_words),
        (1.0, element.kind.clone()),
        (0.4, properties.join(" ")),
    ];
    fields.extend(
        element
            .aliases
            .iter()
            .map(|alias| (1.0, alias.rsplit('.').next().unwrap_or(alias).to_owned())),
    );
    let mut prior = 1.0;
    if element.deprecated {
        prior *= 0.6;
    }
    if element.internal {
        prior *= 0.2;
    }
    if !matches!(element.kind.as_str(), "task" | "trigger") {
        prior *= 0.9;
    }
    Document { fields, sentences: Vec::new(), prior }
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
    Document { fields, sentences: blueprint_sentences(blueprint), prior: 1.0 }
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
    let fields = vec![
        (3.0, doc_title(sources, node)),
        (2.0, node.path.trim_start_matches("docs/").to_owned()),
        (2.0, page.map(|page| page.words.clone()).unwrap_or_default()),
        (1.0, headings),
        (0.3, page.map(|page| page.body.clone()).unwrap_or_default()),
    ];
    Document { fields, sentences: doc_sentences(sources, node), prior: 1.0 }
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
    Document { fields, sentences: Vec::new(), prior: 1.0 }
}

/// From a term to the terms that also find its documents. `a, b` means each finds the
/// other's; `a > b` means that a query for `a` finds what says `b`. Groups with terms of
/// several words are used word by word where one side has one word.
fn synonyms(text: &str) -> Synonyms {
    let mut all: Synonyms = BTreeMap::new();
    let fold = |term: &str| {
        let mut folded = Vec::new();
        words(term, |word| folded.push(stem(word).as_str().to_owned()));
        folded
    };
    let mut link = |query: &[String], found: &[String]| {
        if let ([query], [found]) = (query, found)
            && query != found
        {
            let others = all.entry(found.clone()).or_default();
            if !others.contains(query) {
                others.push(query.clone());
            }
        }
    };
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let group = |text: &str| -> Vec<Vec<String>> { text.split(',').map(fold).collect() };
        if let Some((queries, found)) = line.split_once('>') {
            let found = group(found);
            for query in group(queries) {
                found.iter().for_each(|found| link(&query, found));
            }
        } else {
            let group = group(line);
            for one in &group {
                group.iter().for_each(|other| link(one, other));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn synonyms_go_both_ways_or_one() {
        let all = synonyms("k8s, kubernetes # nickname\nadf > factory\n");
        assert_eq!(all["k8s"], ["kubernet"].map(|_| stem_of("kubernetes")));
        assert_eq!(all[&stem_of("kubernetes")], ["k8s"]);
        assert_eq!(all[&stem_of("factory")], ["adf"]);
        assert!(!all.contains_key("adf"));
    }

    fn stem_of(word: &str) -> String {
        stem(crate::fold::Word::new(word)).as_str().to_owned()
    }
}
