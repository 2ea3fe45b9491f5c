//! What terms, other words and documents mean, see `meaning`.
//!
//! All forms of a word that have one stem have one row, the mean of theirs, on both sides:
//! a query looks up one row for each word, whatever pieces it is made of.

use std::collections::BTreeMap;

use super::documents::Document;
use super::pieces::{Pieces, Sum};
use crate::fold::{Word, is_stop_word, joined, stem, words};
use crate::lexicon::{Entry, table};
use crate::meaning::{DIMENSIONS, LENGTH, MAX_FACTOR, ROW_BYTES, packed};

/// How much of a document's prior its vector keeps; the rest is in its scores.
const PRIOR: f64 = 0.3;
/// Shortest word beside those of the catalog that has a row.
const OTHER_FROM: usize = 3;
/// Most such words: those with the longest rows. The shortest move a sum least, and those of
/// this field have grown when the rows were trained on its texts. Of 310 questions five had
/// any such word.
const MAX_OTHERS: usize = 6_000;
/// What the steps of a row are long beside the deviation of its numbers, where these lie
/// like those of a normal distribution and there are sixteen.
/// Max, "Quantizing for Minimum Distortion", IRE Transactions on Information Theory, 1960.
const STEP: f64 = 0.335 / 2.0;

/// The tables of meaning.
#[derive(Clone, Debug, Default)]
pub(super) struct Meanings {
    /// The row of each term, then those of other words.
    pub(super) rows: Vec<u8>,
    /// The rows of other words by the hash of their stem.
    pub(super) others: Vec<u64>,
    /// The vectors of all documents, one after the other.
    pub(super) vectors: Vec<u8>,
}

/// Works the tables out, for terms that are numbered in their order.
pub(super) fn meanings<'t>(
    pieces: &Pieces,
    documents: &[Vec<Document>; 4],
    terms: impl Iterator<Item = &'t str>,
) -> Meanings {
    let mut stems = stem_sums(pieces, documents);
    let vectors = documents.iter().flatten().flat_map(|it| vector(&stems, it)).collect();
    let mut sums: Vec<Option<Sum>> = Vec::new();
    for term in terms {
        let known = stems.remove(term);
        sums.push(known.or_else(|| pieces.sum(term).filter(|_| !term.contains([' ', '=']))));
    }
    stems.retain(|stem, _| {
        stem.len() >= OTHER_FROM && !is_stop_word(stem.as_bytes()) && !has_digit(stem)
    });
    let mut others: Vec<(String, Sum)> = stems.into_iter().collect();
    // Two of one length keep their order.
    others.sort_by(|a, b| length(&b.1).total_cmp(&length(&a.1)));
    others.truncate(MAX_OTHERS);
    let mut entries = Vec::new();
    for (stem, sum) in others {
        let entry = Entry { term: Some(sums.len() as u32), begins: false };
        entries.push((Word::new(&stem).hash(), entry));
        sums.push(Some(sum));
    }
    let others = table(&entries).expect("hashes of words differ in 40 bits: change `fold::word`");
    Meanings { rows: rows(&sums), others, vectors }
}

fn has_digit(word: &str) -> bool {
    word.contains(|it: char| it.is_ascii_digit())
}

/// The mean row of the words of each stem: of those that documents have, as often as they
/// have them, and else of those of the language.
fn stem_sums(pieces: &Pieces, documents: &[Vec<Document>; 4]) -> BTreeMap<String, Sum> {
    let mut forms: BTreeMap<Word, f64> = BTreeMap::new();
    for document in documents.iter().flatten() {
        let texts = document.fields.iter().map(|field| &field.text);
        for text in texts.chain(&document.sentences).chain([&document.about]) {
            words(text, |word| *forms.entry(word).or_default() += 1.0);
            joined(text, |word| *forms.entry(word).or_default() += 1.0);
        }
    }
    let mut stems = mean_sums(pieces, forms.into_iter());
    let language = pieces.words().map(|word| (Word::new(word), 1.0));
    for (stem, sum) in mean_sums(pieces, language) {
        stems.entry(stem).or_insert(sum);
    }
    stems
}

/// The mean row of the words of each stem.
fn mean_sums(pieces: &Pieces, words: impl Iterator<Item = (Word, f64)>) -> BTreeMap<String, Sum> {
    let mut means: BTreeMap<String, (Sum, f64)> = BTreeMap::new();
    for (word, count) in words {
        let Some(sum) = pieces.sum(word.as_str()) else { continue };
        let mean = means.entry(stem(word).as_str().to_owned());
        let (mean, counted) = mean.or_insert(([0.0; DIMENSIONS], 0.0));
        mean.iter_mut().zip(sum).for_each(|(mean, it)| *mean += it * count);
        *counted += count;
    }
    means.into_iter().map(|(stem, (sum, count))| (stem, sum.map(|it| it / count))).collect()
}

fn vector(stems: &BTreeMap<String, Sum>, document: &Document) -> Vec<u8> {
    let mut sum = [0.0; DIMENSIONS];
    words(&document.about, |word| {
        if let Some(row) = stems.get(stem(word).as_str()) {
            sum.iter_mut().zip(row).for_each(|(sum, it)| *sum += it);
        }
    });
    let worth =
        f64::from(LENGTH) * document.prior.powf(PRIOR) / length(&sum).max(f64::MIN_POSITIVE);
    packed(&sum.map(|it| (it * worth).round() as i16)).to_vec()
}

fn length(sum: &Sum) -> f64 {
    sum.iter().map(|it| it * it).sum::<f64>().sqrt()
}

/// Packs rows; one that is not known is of zeros.
fn rows(sums: &[Option<Sum>]) -> Vec<u8> {
    let greatest = sums.iter().flatten().map(length).fold(f64::MIN_POSITIVE, f64::max);
    // The greatest row has half of the greatest factor, for its numbers may be better
    // matched by longer steps.
    let unit = STEP * greatest / (DIMENSIONS as f64).sqrt() / f64::from(MAX_FACTOR / 2);
    let row = |sum: &Option<Sum>| sum.map_or([0; ROW_BYTES], |sum| row(&sum, unit));
    sums.iter().flat_map(row).collect()
}

/// A row whose steps are a multiple of a unit, the one that comes nearest to its numbers.
fn row(sum: &Sum, unit: f64) -> [u8; ROW_BYTES] {
    let usual = STEP * length(sum) / (DIMENSIONS as f64).sqrt() / unit;
    let (least, most) = ((usual * 0.7) as u8, (usual * 1.6).ceil() as u8);
    let factors = least.max(1)..=most.clamp(1, MAX_FACTOR);
    let packed = factors.map(|factor| {
        let length = f64::from(factor) * unit;
        let bits = sum.map(|it| f64::midpoint(it / length, 15.0).round().clamp(0.0, 15.0));
        let error = |(it, bits): (&f64, &f64)| (it - (bits * 2.0 - 15.0) * length).powi(2);
        (sum.iter().zip(&bits).map(error).sum::<f64>(), factor, bits)
    });
    let (_, factor, bits) =
        packed.min_by(|a, b| a.0.total_cmp(&b.0)).expect("there is at least one factor");
    let mut row = [0; ROW_BYTES];
    row[0] = factor;
    for (at, bits) in bits.iter().enumerate() {
        let half = DIMENSIONS / 2;
        row[1 + at % half] |= (*bits as u8) << (4 * (at / half));
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meaning::{Meaning, Rows};

    /// Numbers that lie like those of rows, of a length.
    fn numbers(seed: u64, length: f64) -> Sum {
        let mut state = seed;
        let sum: Sum = std::array::from_fn(|_| {
            let twelve = (0..12).map(|_| {
                state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
                (state >> 40) as f64 / f64::from(1 << 24)
            });
            twelve.sum::<f64>() - 6.0
        });
        let own = super::length(&sum);
        sum.map(|it| it * length / own)
    }

    #[test]
    fn packed_rows_point_where_they_did() {
        let sums: Vec<Option<Sum>> =
            (1..=40).map(|n| Some(numbers(n, n as f64 * 20.0))).chain([None]).collect();
        let bytes = rows(&sums);
        let packed_rows = Rows::new(&bytes);
        assert_eq!(packed_rows.len(), sums.len());
        for (at, sum) in sums.iter().flatten().enumerate() {
            let mut packed_sum = crate::meaning::Sum::default();
            packed_sum.add(&packed_rows, at);
            let meaning = Meaning::new(packed_sum).expect("not zero");
            let worth = f64::from(LENGTH) / length(sum);
            let vector = packed(&sum.map(|it| (it * worth).round() as i16));
            let near = meaning.nearness(&vector);
            assert!(near > 127 * 127 * 98 / 100, "row {at}: {near}");
        }
    }
}
