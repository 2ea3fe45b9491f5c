//! A catalog compiled on the spot, and search in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use catalog_source::elements::{Catalog, assemble};
use catalog_source::read::{Root, Sources, read};
use catalog_source::search::{
    Document, Index, Mechanisms as Built, compile_without, documents, index, ordered_blueprints,
    ordered_docs,
};

use crate::index::lexicon::Lexicon;
use crate::index::meaning::Rows;
use crate::index::page;
use crate::index::query::Query;
use crate::index::rank::{self, Collector, Scratch};
use crate::index::reading::{Guesses, Reading};
use crate::index::sense::{Mechanisms, Sense, senses};
use crate::index::tables::Tables;
use crate::index::terms::Terms;

/// What may be left out, on both sides.
#[derive(Clone, Copy, Debug)]
pub struct Switches {
    /// When the index is compiled.
    pub built: Built,
    /// When a query is answered.
    pub run: Mechanisms,
}

impl Switches {
    /// Everything.
    pub const ALL: Self = Self { built: Built::ALL, run: Mechanisms::ALL };
}

/// The sources of a catalog, read once.
#[derive(Debug)]
pub struct Corpus {
    sources: Sources,
    catalog: Catalog,
    /// Names of the documents of each source.
    pub names: [Vec<String>; 4],
    aliases: BTreeMap<String, String>,
}

impl Corpus {
    /// Reads the folders; the first problem is the error.
    pub fn read(folders: &[PathBuf]) -> Result<Self, String> {
        let root = |path: &PathBuf| Root { name: String::new(), path: path.clone() };
        let roots: Vec<Root> = folders.iter().map(root).collect();
        let mut problems = Vec::new();
        let sources = read(&roots, &mut problems);
        let catalog = assemble(&sources, &mut problems);
        if let Some(problem) = problems.first() {
            return Err(format!("{} problems, the first: {problem}", problems.len()));
        }
        let names = [
            catalog.elements.iter().map(|it| it.name.clone()).collect(),
            ordered_blueprints(&sources).iter().map(|it| it.id.clone()).collect(),
            ordered_docs(&sources).iter().map(|it| it.path.clone()).collect(),
            Vec::new(),
        ];
        let aliases = catalog.elements.iter().flat_map(|element| {
            element.aliases.iter().map(|alias| (alias.clone(), element.name.clone()))
        });
        let aliases = aliases.collect();
        Ok(Self { sources, catalog, names, aliases })
    }

    /// The name that a name stands for, if it is one of the catalog's.
    pub fn resolve(&self, source: usize, name: &str) -> Option<&str> {
        let known = |name: &str| self.names[source].iter().find(|it| it.as_str() == name);
        let found = known(name).or_else(|| known(self.aliases.get(name)?));
        found.map(String::as_str)
    }

    /// What is searched, by source.
    #[must_use]
    pub fn documents(&self) -> [Vec<Document>; 4] {
        documents(&self.sources, &self.catalog, Built::ALL)
    }

    /// The index of documents, with the synonyms of the catalog.
    #[must_use]
    pub fn index_of(&self, documents: &[Vec<Document>; 4]) -> Engine {
        Engine::new(&index(
            documents,
            &self.sources.synonyms.value,
            &self.sources.pieces,
            Built::ALL,
        ))
    }

    /// Compiles the index.
    #[must_use]
    pub fn index(&self, built: Built) -> Engine {
        Engine::new(&compile_without(&self.sources, &self.catalog, built))
    }
}

/// A compiled index.
#[derive(Debug)]
pub struct Engine {
    index: Index,
    lexicon: Vec<u8>,
    others: Vec<u8>,
    starts: Vec<u8>,
    postings: Vec<u8>,
    weights: Vec<u8>,
}

impl Engine {
    /// Search in that index.
    #[must_use]
    pub fn new(index: &Index) -> Self {
        let slots = |slots: &[u64]| slots.iter().flat_map(|it| it.to_le_bytes()).collect();
        let bytes = |numbers: &[u32]| numbers.iter().flat_map(|it| it.to_le_bytes()).collect();
        Self {
            lexicon: slots(&index.lexicon),
            others: slots(&index.others),
            starts: bytes(&index.starts),
            postings: bytes(&index.postings),
            weights: index.weights.concat(),
            index: index.clone(),
        }
    }

    /// Bytes of the tables of words.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.index.terms.len()
            + self.lexicon.len()
            + self.starts.len()
            + self.postings.len()
            + self.weights.len()
    }

    /// Bytes of the rows of words and of the vectors of documents.
    #[must_use]
    pub fn meaning_bytes(&self) -> usize {
        self.others.len() + self.index.rows.len() + self.index.vectors.len()
    }

    /// The tables.
    #[must_use]
    pub fn tables(&self) -> Tables<'_> {
        Tables {
            terms: &self.index.terms,
            lexicon: Lexicon::new(&self.lexicon),
            starts: &self.starts,
            postings: &self.postings,
            weights: &self.weights,
            unknown: self.index.unknown,
            sources: self.index.sources,
            rows: Rows::new(&self.index.rows),
            others: Lexicon::new(&self.others),
            vectors: &self.index.vectors,
        }
    }

    /// Positions and scores of the best documents of a source, best first, and how many
    /// there are.
    #[must_use]
    pub fn search(&self, source: usize, text: &str, run: Mechanisms) -> (Vec<(usize, u16)>, usize) {
        let Some(query) = Query::parse(text) else { return (Vec::new(), 0) };
        let (tables, mut total) = (self.tables(), 0);
        let terms = Terms::new(tables.terms);
        let mut guesses = Guesses::default();
        let mut reading = Reading::new(&query, &tables, &terms, &mut guesses);
        let documents = tables.len(source);
        let keys = page::page::<10>(0, 10, |least| {
            let scratch = Scratch {
                accounts: &mut vec![0; documents],
                candidates: &mut vec![0; documents],
                best: &mut vec![0; documents],
                lifted: &mut vec![0; documents.div_ceil(64)],
            };
            let collector = Collector {
                filter: &vec![u64::MAX; documents.div_ceil(64)],
                least: 0,
                each: &mut |at, score| {
                    least.add(u64::from(u16::MAX - score) << 32 | at as u64);
                    least.bar().map_or(0, |key| u16::MAX - (key >> 32) as u16)
                },
            };
            total = rank::rank(&mut reading, &tables, source, run, scratch, collector);
        });
        let unpacked = |key: &u64| (*key as u32 as usize, u16::MAX - (key >> 32) as u16);
        (keys.iter().map(unpacked).collect(), total)
    }

    /// What the words of a text were taken for, a line each.
    #[must_use]
    pub fn explained(&self, source: usize, text: &str, run: Mechanisms) -> Vec<String> {
        let Some(query) = Query::parse(text) else { return Vec::new() };
        let tables = self.tables();
        let terms = Terms::new(tables.terms);
        let (mut lines, mut guesses) = (Vec::new(), Guesses::default());
        let mut reading = Reading::new(&query, &tables, &terms, &mut guesses);
        senses(&mut reading, &tables, source, run, |sense| {
            lines.push(explained(&query, &terms, sense));
        });
        lines
    }
}

fn explained(query: &Query, terms: &Terms<'_>, sense: &Sense<'_>) -> String {
    let words: Vec<&str> =
        query.words[sense.words.clone()].iter().map(|it| it.word.as_str()).collect();
    let terms: Vec<String> = sense.terms.iter().filter_map(|term| terms.text(*term)).collect();
    let (how, factor, weight) = (sense.how, sense.factor, sense.weight);
    format!("{}: {how:?} {}, {factor}/16 of {weight}", words.join(" "), terms.join(", "))
}

/// The catalog's own folder, from anywhere in the repository.
#[must_use]
pub fn own_catalog() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog-source")
}
