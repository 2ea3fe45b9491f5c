//! The search index: terms in an fst, postings with scores worked out here.

mod documents;
mod pieces;
mod postings;
mod synonyms;
mod vectors;

use std::collections::BTreeMap;

use crate::compile::Tables;
use crate::elements::Catalog;
use crate::fold::{Word, followed};
use crate::lexicon::{Entry, table};
use crate::problem::Problem;
use crate::read::Sources;
use crate::tables::is_common;

pub use documents::{
    Document, Field, all as documents, blueprint_sentences, doc_sentences, doc_title,
    ordered_blogs, ordered_blueprints, ordered_docs,
};
pub use pieces::Pieces;
use postings::{Postings, Weights};
pub use synonyms::Synonyms;
use vectors::meanings;

/// Sentences of a document that can be told apart: 7 bits of a posting.
pub const MAX_SENTENCES: usize = 128;
/// Documents that can be told apart: 17 bits of a posting.
pub const MAX_DOCUMENTS: usize = 1 << 17;

/// The compiled index. Documents are elements, blueprints, pages and blog posts, in this
/// order, numbered through.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Term to number.
    pub terms: Vec<u8>,
    /// The same as a hash table, see `lexicon`.
    pub lexicon: Vec<u64>,
    /// Where the postings of each term in each source start, and the end of the last.
    pub starts: Vec<u32>,
    /// Document of the source (17 bits), score (8), sentence (7), the document in the upper
    /// bits; scores of common terms, see `tables`.
    pub postings: Vec<u32>,
    /// How much each term tells in each source, in sixteenths; 0 where no document of the
    /// source has it.
    pub weights: Vec<[u8; 4]>,
    /// How much a word tells that no document of the source has.
    pub unknown: [u8; 4],
    /// First document of each source, and the end of the last.
    pub sources: [u32; 5],
    /// What each term means and then what other words do, see `meaning`.
    pub rows: Vec<u8>,
    /// The rows of other words, a hash table.
    pub others: Vec<u64>,
    /// The vectors of all documents.
    pub vectors: Vec<u8>,
}

/// What can be left out, to see what it adds.
#[derive(Clone, Copy, Debug)]
pub struct Mechanisms {
    /// Synonyms.
    pub synonyms: bool,
    /// Search words written for elements.
    pub words: bool,
    /// Deprecated and inner elements are worth less.
    pub priors: bool,
}

impl Mechanisms {
    /// Everything.
    pub const ALL: Self = Self { synonyms: true, words: true, priors: true };
}

/// Compiles the index.
#[must_use]
pub fn compile(
    sources: &Sources,
    catalog: &Catalog,
    tables: &Tables,
    problems: &mut Vec<Problem>,
) -> Index {
    let documents = documents::all(sources, catalog, Mechanisms::ALL);
    debug_assert_eq!(tables.elements.len(), documents[0].len());
    let count: usize = documents.iter().map(Vec::len).sum();
    if count > MAX_DOCUMENTS {
        let what = format!(
            "{count} classes, blueprints, pages and posts: search tells {MAX_DOCUMENTS} apart; \
             widen the document in `search::Index::postings`"
        );
        problems.push(Problem::new("catalog.json".as_ref(), 0, what));
        return Index::default();
    }
    index(&documents, &sources.synonyms.value, &sources.pieces, Mechanisms::ALL)
}

/// The documents of the sources and their index, without some mechanisms.
#[must_use]
pub fn compile_without(sources: &Sources, catalog: &Catalog, mechanisms: Mechanisms) -> Index {
    let documents = documents::all(sources, catalog, mechanisms);
    index(&documents, &sources.synonyms.value, &sources.pieces, mechanisms)
}

/// The index of documents.
#[must_use]
pub fn index(
    documents: &[Vec<Document>; 4],
    synonyms: &str,
    pieces: &Pieces,
    mechanisms: Mechanisms,
) -> Index {
    let synonyms = Synonyms::read(synonyms);
    let mut index = Index::default();
    let (mut postings, mut weights) = (Postings::new(), Weights::new());
    let mut first = 0;
    for (source, documents) in documents.iter().enumerate() {
        index.sources[source] = first;
        index.unknown[source] = postings::unknown(documents.len());
        let into = (&mut postings, &mut weights);
        postings::add_source(source, documents, first, &synonyms, mechanisms, into);
        first += documents.len() as u32;
    }
    index.sources[4] = first;
    debug_assert!(first as usize <= MAX_DOCUMENTS, "checked when the catalog is compiled");
    let mut terms = fst::MapBuilder::memory();
    for (number, (term, documents)) in postings.iter().enumerate() {
        terms.insert(term, number as u64).expect("a BTreeMap is sorted");
        index.weights.push(weights[term]);
        for range in index.sources.windows(2) {
            index.starts.push(index.postings.len() as u32);
            let (first, count) = (range[0], (range[1] - range[0]) as usize);
            let mut scores = vec![0; count.next_multiple_of(4)];
            let with = documents.range(range[0]..range[1]);
            for (document, (score, sentence)) in with.clone() {
                let at = document - first;
                index.postings.push(at << 15 | u32::from(*score) << 7 | u32::from(*sentence));
                scores[at as usize] = *score;
            }
            if count > 0 && is_common(with.count(), count) {
                let (packed, _) = scores.as_chunks();
                index.postings.extend(packed.iter().map(|it| u32::from_le_bytes(*it)));
            }
        }
    }
    index.starts.push(index.postings.len() as u32);
    index.terms = terms.into_inner().expect("memory does not fail");
    index.lexicon = lexicon(postings.keys().map(String::as_str));
    let meanings = meanings(pieces, documents, postings.keys().map(String::as_str));
    (index.rows, index.others, index.vectors) = (meanings.rows, meanings.others, meanings.vectors);
    index
}

/// The hash table of terms, which are numbered in their order.
fn lexicon<'t>(terms: impl Iterator<Item = &'t str>) -> Vec<u64> {
    let mut entries: BTreeMap<u64, Entry> = BTreeMap::new();
    for (number, term) in (0..).zip(terms) {
        let mut words = term.split(' ').map(|word| Word::new(word).hash());
        let first = words.next().expect("a split text has a first part");
        let hash = words.fold(first, followed);
        if hash != first {
            entries.entry(first).or_default().begins = true;
        }
        let taken = entries.entry(hash).or_default().term.replace(number);
        assert_eq!(taken, None, "`{term}` has the hash of another term: change `fold::word`");
    }
    let entries: Vec<(u64, Entry)> = entries.into_iter().collect();
    table(&entries).expect("hashes of terms differ in 40 bits: change `fold::word`")
}
