//! Scores: BM25F, worked out for every term of every document.
//!
//! Each field adds its weight to the frequency of a term, less in longer fields, and one
//! saturation is applied to the sum.
//! Robertson, Zaragoza, Taylor, "Simple BM25 Extension to Multiple Weighted Fields",
//! CIKM 2004.

use std::collections::BTreeMap;

use super::documents::{Document, FIELDS, NAME};
use super::synonyms::{Synonyms, windows};
use super::{MAX_SENTENCES, Mechanisms};
use crate::fold::{Word, is_stop_word, joined, stem, words};

/// Saturation of a term's frequency.
const K1: f64 = 1.2;
/// How much the length of a field counts.
const B: f64 = 0.5;
/// Score units of one point of BM25: the rarest term in the best field stays under 255.
const SCALE: f64 = 14.0;
/// What a synonym is worth beside the word itself.
const SYNONYM: f64 = 0.6;
/// Highest frequency that a synonym takes over.
const MAX_SYNONYM: f64 = 4.0;
/// Share of a field's weight that a name written as one word has besides its parts.
const JOINED: f64 = 0.5;
/// Weight of a word in a sentence that can be a snippet.
const SENTENCE: f64 = 0.4;

/// Term, document -> score and best sentence.
pub(super) type Postings = BTreeMap<String, BTreeMap<u32, (u8, u8)>>;

/// Term -> how much it tells in each source, in steps of a sixteenth.
pub(super) type Weights = BTreeMap<String, [u8; 4]>;

/// Terms of one document: weighted frequency and best sentence.
type Terms = BTreeMap<String, (f64, u8)>;

/// The weight of a term that none of `count` documents has.
pub(super) fn unknown(count: usize) -> u8 {
    weight(idf(count as f64, 0.0))
}

/// How much a term tells that `with` of `count` documents have.
fn idf(count: f64, with: f64) -> f64 {
    (1.0 + (count - with + 0.5) / (with + 0.5)).ln()
}

/// An idf as a weight.
fn weight(idf: f64) -> u8 {
    (idf * 16.0).round().clamp(1.0, 255.0) as u8
}

/// Adds the documents of a source, the first of which has the number `first`.
pub(super) fn add_source(
    source: usize,
    documents: &[Document],
    first: u32,
    synonyms: &Synonyms,
    mechanisms: Mechanisms,
    (postings, weights): (&mut Postings, &mut Weights),
) {
    let averages = average_lengths(documents);
    let terms: Vec<Terms> = documents
        .iter()
        .map(|document| document_terms(document, &averages, synonyms, mechanisms))
        .collect();
    let mut documents_with: BTreeMap<&str, u32> = BTreeMap::new();
    for term in terms.iter().flat_map(BTreeMap::keys) {
        *documents_with.entry(term).or_default() += 1;
    }
    let count = documents.len() as f64;
    for (term, with) in &documents_with {
        let idf = idf(count, f64::from(*with));
        weights.entry((*term).to_owned()).or_default()[source] = weight(idf);
    }
    for (number, terms) in terms.iter().enumerate() {
        for (term, (frequency, sentence)) in terms {
            let idf = idf(count, f64::from(documents_with[term.as_str()]));
            let prior = if mechanisms.priors { documents[number].prior } else { 1.0 };
            let score = idf * frequency * (K1 + 1.0) / (frequency + K1) * prior;
            let score = (score * SCALE).round().clamp(1.0, 255.0) as u8;
            let documents = postings.entry(term.clone()).or_default();
            documents.insert(first + number as u32, (score, *sentence));
        }
    }
}

/// Length of each field over all documents that have it.
fn average_lengths(documents: &[Document]) -> [f64; FIELDS] {
    let mut sums = [(0.0, 0.0); FIELDS];
    for field in documents.iter().flat_map(|document| &document.fields) {
        let mut length = 0.0;
        words(&field.text, |_| length += 1.0);
        if length > 0.0 {
            sums[field.slot].0 += length;
            sums[field.slot].1 += 1.0;
        }
    }
    sums.map(|(sum, count): (f64, f64)| f64::max(1.0, sum / f64::max(1.0, count)))
}

fn document_terms(
    document: &Document,
    averages: &[f64; FIELDS],
    synonyms: &Synonyms,
    mechanisms: Mechanisms,
) -> Terms {
    let mut terms = Terms::new();
    for field in &document.fields {
        let stems = stems(&field.text);
        let norm = 1.0 - B + B * stems.len() as f64 / averages[field.slot];
        add_text(&field.text, &stems, field.weight / norm, 0, synonyms, &mut terms);
        if field.slot == NAME {
            // `If`, `ForEach`: stop words are found by those who ask for nothing else.
            let stops = stems.iter().filter(|it| is_stop_word(it.as_bytes()));
            stops.for_each(|it| add(&mut terms, it.as_str(), field.weight / norm, 0));
        }
    }
    for (number, sentence) in document.sentences.iter().take(MAX_SENTENCES).enumerate() {
        add_text(sentence, &stems(sentence), SENTENCE, number as u8, synonyms, &mut terms);
    }
    if mechanisms.synonyms {
        add_synonyms(synonyms, &mut terms);
    }
    if let Some(kind) = &document.kind {
        terms.insert(format!("={kind}"), (1.0, 0));
    }
    terms
}

fn stems(text: &str) -> Vec<Word> {
    let mut stems = Vec::new();
    words(text, |word| stems.push(stem(word)));
    stems
}

fn add_text(
    text: &str,
    stems: &[Word],
    weight: f64,
    sentence: u8,
    synonyms: &Synonyms,
    terms: &mut Terms,
) {
    let telling = stems.iter().filter(|it| !is_stop_word(it.as_bytes()));
    telling.for_each(|it| add(terms, it.as_str(), weight, sentence));
    joined(text, |word| add(terms, stem(word).as_str(), weight * JOINED, sentence));
    windows(stems, |phrase| {
        if synonyms.has_phrase(phrase) {
            add(terms, phrase, weight, sentence);
        }
    });
}

fn add(terms: &mut Terms, term: &str, weight: f64, sentence: u8) {
    terms.entry(term.to_owned()).or_insert((0.0, sentence)).0 += weight;
}

/// Terms that queries may say instead. A term that the document has already keeps its
/// own frequency.
fn add_synonyms(synonyms: &Synonyms, terms: &mut Terms) {
    let mut added = Terms::new();
    for (term, (frequency, sentence)) in terms.iter() {
        let frequency = frequency.min(MAX_SYNONYM) * SYNONYM;
        for other in synonyms.finding(term) {
            let entry = added.entry(other.clone()).or_insert((0.0, *sentence));
            entry.0 = f64::max(entry.0, frequency);
        }
    }
    for (term, (frequency, sentence)) in added {
        let entry = terms.entry(term).or_insert((0.0, sentence));
        entry.0 = f64::max(entry.0, frequency);
    }
}
