//! What the words of a query can stand for in one source.

use std::ops::Range;

use super::reading::Reading;
use super::tables::Tables;

/// What can be left out, to see what it adds.
#[derive(Clone, Copy, Debug)]
pub struct Mechanisms {
    /// Phrases of the synonyms.
    pub phrases: bool,
    /// Two words written as one, and one as two.
    pub splits: bool,
    /// The last word may go on.
    pub prefixes: bool,
    /// Slips of the keyboard.
    pub slips: bool,
    /// Words that name a kind lift elements of that kind.
    pub kinds: bool,
    /// Documents that match more of the query come first.
    pub coverage: bool,
    /// Documents that match too little of it are no hits.
    pub threshold: bool,
    /// Documents that cannot become hits any more get no account. This adds speed alone.
    pub skips: bool,
    /// Documents that mean something like it come first.
    pub meaning: bool,
}

impl Mechanisms {
    /// Everything.
    pub const ALL: Self = Self {
        phrases: true,
        splits: true,
        prefixes: true,
        slips: true,
        kinds: true,
        coverage: true,
        threshold: true,
        skips: true,
        meaning: true,
    };
}

/// How a part of a query and a term belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The same word, in any of its forms.
    Word,
    /// Several words that mean something together.
    Phrase,
    /// Two words written as one.
    Joined,
    /// A part of one word.
    Split,
    /// The term goes on after the word.
    Prefix,
    /// Slips in the word.
    Slips(u8),
    /// The word names a kind.
    Kind,
    /// No term.
    Unknown,
}

/// A part of a query and what it stands for. A document is credited with the best of the
/// terms that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sense<'s> {
    /// The words of the query.
    pub words: Range<usize>,
    /// The terms.
    pub terms: &'s [u32],
    /// How words and terms belong together.
    pub how: How,
    /// Sixteenths of the scores that count.
    pub factor: u8,
    /// Weight of the words.
    pub weight: u16,
}

/// Sixteenths of a score that count where a word was completed or corrected.
const PREFIX: u8 = 12;
const ONE_SLIP: u8 = 11;
const TWO_SLIPS: u8 = 9;

/// Calls `each` with everything that words of a query stand for in a source, and returns
/// the weight of the whole query.
pub fn senses(
    reading: &mut Reading<'_>,
    tables: &Tables<'_>,
    source: usize,
    mechanisms: Mechanisms,
    each: impl FnMut(&Sense<'_>),
) -> u32 {
    let mut senses = Senses { reading, tables, source, mechanisms, total: 0, covered: 0, each };
    senses.runs();
    senses.words();
    senses.kinds();
    senses.total
}

struct Senses<'r, 't, 'a, S> {
    reading: &'r mut Reading<'t>,
    tables: &'r Tables<'a>,
    source: usize,
    mechanisms: Mechanisms,
    /// Weight of the words so far.
    total: u32,
    /// Words that a run has made sense of, a bit each.
    covered: u64,
    each: S,
}

impl<S: FnMut(&Sense<'_>)> Senses<'_, '_, '_, S> {
    /// Runs of words that mean something together: phrases of the synonyms, names that are
    /// written in one word.
    fn runs(&mut self) {
        for at in 0..self.reading.runs.len() {
            let run = self.reading.runs[at];
            let (how, wanted) = if run.joined {
                (How::Joined, self.mechanisms.splits)
            } else {
                (How::Phrase, self.mechanisms.phrases)
            };
            if wanted && self.is_known(run.term) {
                self.run(run.words(), run.term, how);
            }
        }
    }

    fn run(&mut self, words: Range<usize>, term: u32, how: How) {
        let mut weight = 0;
        for at in words.clone() {
            self.covered |= 1 << at;
            if !self.reading.query.words[at].stop {
                weight += u16::from(self.word_weight(at));
            }
        }
        if weight == 0 {
            weight = self.weight(term).into();
            self.total += u32::from(weight);
        }
        (self.each)(&Sense { words, terms: &[term], how, factor: 16, weight });
    }

    /// What each word that carries weight can stand for.
    fn words(&mut self) {
        let query = self.reading.query;
        for (at, _) in query.weighty() {
            let weight = self.word_weight(at);
            match self.reading.terms[at] {
                Some(term) if self.is_known(term) => {
                    self.total += u32::from(weight);
                    self.sense(at, &[term], How::Word, 16, weight);
                }
                _ if self.covered >> at & 1 == 1 => self.total += u32::from(weight),
                _ => self.unknown(at, weight),
            }
        }
    }

    fn sense(&mut self, at: usize, terms: &[u32], how: How, factor: u8, weight: u8) {
        let words = at..at + 1;
        (self.each)(&Sense { words, terms, how, factor, weight: weight.into() });
    }

    /// A word that no document says: the start of one, two in one, or one with a slip.
    fn unknown(&mut self, at: usize, weight: u8) {
        let last = self.reading.query.open && at + 1 == self.reading.query.words.len();
        if last && self.completed(at, weight) {
            return;
        }
        if self.split(at) || self.corrected(at, weight) {
            return;
        }
        self.total += u32::from(weight);
        self.sense(at, &[], How::Unknown, 0, weight);
    }

    fn completed(&mut self, at: usize, weight: u8) -> bool {
        if !self.mechanisms.prefixes {
            return false;
        }
        let mut near = self.reading.completed(at);
        near.terms.retain(|term| self.is_known(*term));
        if near.terms.is_empty() {
            return false;
        }
        self.total += u32::from(weight);
        self.sense(at, &near.terms, How::Prefix, PREFIX, weight);
        true
    }

    /// Takes a word for two that are known, the split whose rarer half is the most common.
    fn split(&mut self, at: usize) -> bool {
        if !self.mechanisms.splits {
            return false;
        }
        let (tables, source) = (self.tables, self.source);
        let weight = |term: u32| tables.weight(term, source);
        let halves = self.reading.halves(at).iter().copied();
        let known = halves.filter(|(a, b)| weight(*a) > 0 && weight(*b) > 0);
        let Some((a, b)) = known.min_by_key(|(a, b)| weight(*a).max(weight(*b))) else {
            return false;
        };
        for term in [a, b] {
            self.total += u32::from(weight(term));
            self.sense(at, &[term], How::Split, 16, weight(term));
        }
        true
    }

    fn corrected(&mut self, at: usize, weight: u8) -> bool {
        if !self.mechanisms.slips {
            return false;
        }
        let mut near = self.reading.corrected(at);
        near.terms.retain(|term| self.is_known(*term));
        if near.terms.is_empty() {
            return false;
        }
        self.total += u32::from(weight);
        let factor = if near.slips > 1 { TWO_SLIPS } else { ONE_SLIP };
        self.sense(at, &near.terms, How::Slips(near.slips), factor, weight);
        true
    }

    /// Kinds that the query names.
    fn kinds(&mut self) {
        for at in 0..self.reading.kinds.len() {
            let kind = self.reading.kinds[at];
            if self.mechanisms.kinds && self.is_known(kind.term) {
                let (words, terms, how) = (kind.words(), &[kind.term], How::Kind);
                (self.each)(&Sense { words, terms, how, factor: 0, weight: 0 });
            }
        }
    }

    fn is_known(&self, term: u32) -> bool {
        self.weight(term) > 0
    }

    fn weight(&self, term: u32) -> u8 {
        self.tables.weight(term, self.source)
    }

    /// How much a word tells. A word that only documents of other sources say is one of
    /// everyday language, as they are prose; one that none says is a name of something that
    /// the catalog does not have, and what is found without it is hardly what was asked for.
    fn word_weight(&self, at: usize) -> u8 {
        let unknown = self.tables.unknown[self.source];
        match self.reading.terms[at].map(|term| self.weight(term)) {
            Some(0) => unknown / 2,
            Some(weight) => weight,
            None => unknown.saturating_add(unknown / 2),
        }
    }
}
