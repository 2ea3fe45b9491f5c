//! Ranking: what each word of a query can stand for, and the scores of its postings
//! added up, document by document.
//!
//! Integers in arrays that the caller lends: nothing is allocated here.

use super::fold::{Word, is_stop_word, stem};
use super::query::{Asked, MAX_TERMS, Query};
use super::tables::Tables;
use super::terms::Terms;

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
    };
}

/// What is known of one document while a query is worked on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Account {
    /// Scores so far.
    score: u16,
    /// Weight of the words that matched so far.
    matched: u16,
    /// The part of the query that was counted last, and what it counted.
    part: u8,
    part_score: u8,
    part_matched: u16,
    /// Best single score, and the sentence it comes from.
    best: u8,
    sentence: u8,
    /// Of a kind that the query names.
    lifted: bool,
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

/// One thing that a part of a query stands for.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The part, counted from 1.
    pub part: u8,
    /// The term.
    pub text: Word,
    /// Its number, if there is one.
    pub term: Option<u32>,
    /// How the two belong together.
    pub how: How,
    /// Sixteenths of its scores that count.
    pub factor: u8,
    /// Weight that it matches.
    pub weight: u16,
}

/// A document that was found, and its score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// Position in its source.
    pub at: usize,
    /// Score, comparable between sources.
    pub score: u16,
    /// The sentence that matched best.
    pub sentence: u8,
}

/// Sixteenths of a score that count where a word was completed or corrected.
const PREFIX: u8 = 12;
const ONE_SLIP: u8 = 11;
const TWO_SLIPS: u8 = 9;
/// Letters from which on one and two slips are forgiven.
const ONE_SLIP_FROM: usize = 4;
const TWO_SLIPS_FROM: usize = 8;
/// Shortest word that is completed, and shortest half of a word that is split.
const PREFIX_FROM: usize = 2;
const HALF_FROM: usize = 3;
/// Shortest word that two words without weight are joined to.
const JOINED_STOPS_FROM: usize = 7;
/// Longest phrase, in words.
const MAX_PHRASE: usize = 4;
/// 256ths of the query's weight that a hit must match.
const THRESHOLD: u32 = 115;
/// 256ths of the score that a document keeps without matching anything; the rest grows
/// with what it matches.
const BASE: u32 = 64;
/// 256ths by which the kind that a query names is lifted.
const LIFT: u32 = 320;

/// Words that name a kind, as stems.
const KINDS: &[(&str, &str)] = &[
    ("condit", "=condition"),
    ("internal storag", "=storage"),
    ("log exporter", "=logExporter"),
    ("runner", "=taskRunner"),
    ("secret backend", "=secretManager"),
    ("secret manager", "=secretManager"),
    ("storag backend", "=storage"),
    ("trigger", "=trigger"),
];

/// One query on one source of an index.
pub struct Ranking<'q, 'a, S> {
    tables: &'q Tables<'a>,
    terms: Terms<'a>,
    query: &'q Query,
    source: usize,
    mechanisms: Mechanisms,
    accounts: &'q mut [Account],
    part: u8,
    /// Weight of all words.
    total: u32,
    /// Words that a phrase or a joined word has made sense of.
    covered: [bool; MAX_TERMS],
    step: S,
}

impl<'q, 'a, S: FnMut(Step)> Ranking<'q, 'a, S> {
    /// Works the query out. `accounts` has an entry for every document of the source, all
    /// empty. `step` hears of everything that words were taken for.
    pub fn new(
        tables: &'q Tables<'a>,
        query: &'q Query,
        source: usize,
        mechanisms: Mechanisms,
        accounts: &'q mut [Account],
        step: S,
    ) -> Self {
        let terms = Terms::new(tables.terms);
        let covered = [false; MAX_TERMS];
        let mut ranking = Self {
            tables,
            terms,
            query,
            source,
            mechanisms,
            accounts,
            part: 0,
            total: 0,
            covered,
            step,
        };
        ranking.phrases();
        ranking.words();
        ranking.kinds();
        ranking
    }

    /// Documents that were found, in the order of their numbers.
    pub fn ranked(&self) -> impl Iterator<Item = Ranked> + '_ {
        let total = self.total.max(1);
        let accounts = self.accounts.iter().enumerate();
        accounts.filter(|(_, account)| account.score > 0).filter_map(move |(at, account)| {
            let matched = (u32::from(account.matched) * 256 / total).min(256);
            if self.mechanisms.threshold && matched < THRESHOLD {
                return None;
            }
            let mut score = u32::from(account.score) * 256 / total;
            if self.mechanisms.coverage {
                score = score * (BASE * 256 + (256 - BASE) * matched) / 65536;
            }
            if account.lifted {
                score = score * LIFT / 256;
            }
            let score = score.clamp(1, u32::from(u16::MAX)) as u16;
            Some(Ranked { at, score, sentence: account.sentence })
        })
    }

    /// Runs of words that mean something together: phrases of the synonyms, names that are
    /// written in one word.
    fn phrases(&mut self) {
        let words = &self.query.words;
        for start in 0..words.len() {
            let mut phrase = words[start].stem;
            for end in start + 2..=words.len().min(start + MAX_PHRASE) {
                phrase.push_byte(b' ');
                phrase = phrase.with(words[end - 1].stem);
                if self.mechanisms.phrases {
                    self.phrase(phrase, start..end, How::Phrase);
                }
            }
            if self.mechanisms.splits
                && let Some(next) = words.get(start + 1)
            {
                let joined = words[start].word.with(next.word);
                // `for each` is `foreach`, but `for me` is no form.
                if !(words[start].stop && next.stop) || joined.as_str().len() >= JOINED_STOPS_FROM {
                    self.phrase(stem(joined), start..start + 2, How::Joined);
                }
            }
        }
    }

    fn phrase(&mut self, text: Word, run: std::ops::Range<usize>, how: How) {
        let Some(term) = self.known(text.as_str()) else { return };
        let mut weight = 0;
        for word in &self.query.words[run.clone()] {
            if !word.stop {
                weight += u16::from(self.weight(word.stem.as_str()));
            }
        }
        if weight == 0 {
            weight = self.tables.weight(term, self.source).into();
            self.total += u32::from(weight);
        }
        self.covered[run].fill(true);
        self.part += 1;
        self.count(term, text, how, 16, weight);
    }

    /// What each word that carries weight can stand for.
    fn words(&mut self) {
        for (at, word) in self.query.weighty() {
            self.part += 1;
            let weight = self.weight(word.stem.as_str());
            if let Some(term) = self.known(word.stem.as_str()) {
                self.total += u32::from(weight);
                self.count(term, word.stem, How::Word, 16, weight.into());
            } else if self.covered[at] {
                self.total += u32::from(weight);
            } else {
                self.unknown(at, word, weight);
            }
        }
    }

    /// A word that no document says: the start of one, two in one, or one with a slip.
    fn unknown(&mut self, at: usize, word: &Asked, weight: u8) {
        let last = self.query.open && at + 1 == self.query.words.len();
        if last && self.completed(word, weight) {
            return;
        }
        if self.split(word) || self.corrected(word, weight) {
            return;
        }
        self.total += u32::from(weight);
        let (part, text) = (self.part, word.stem);
        let weight = weight.into();
        (self.step)(Step { part, text, term: None, how: How::Unknown, factor: 0, weight });
    }

    fn completed(&mut self, word: &Asked, weight: u8) -> bool {
        let prefix = word.word.as_str();
        if !self.mechanisms.prefixes || prefix.len() < PREFIX_FROM {
            return false;
        }
        let mut found = false;
        for near in self.terms.starting_with(prefix) {
            if self.tables.weight(near.term, self.source) > 0 {
                found = true;
                self.count(near.term, near.text, How::Prefix, PREFIX, weight.into());
            }
        }
        if found {
            self.total += u32::from(weight);
        }
        found
    }

    /// Takes a word for two that are known, the split whose rarer half is the most common.
    fn split(&mut self, word: &Asked) -> bool {
        let text = word.word.as_str();
        if !self.mechanisms.splits || !text.is_ascii() || text.len() < 2 * HALF_FROM {
            return false;
        }
        let halves = |at: usize| {
            let half = |text: &str| {
                let stem = stem(Word::new(text));
                let known = self.known(stem.as_str()).filter(|_| !is_stop_word(text));
                known.map(|term| (term, stem))
            };
            Some((half(&text[..at])?, half(&text[at..])?))
        };
        let weight = |term: u32| self.tables.weight(term, self.source);
        let best = (HALF_FROM..=text.len() - HALF_FROM)
            .filter_map(halves)
            .min_by_key(|(a, b)| weight(a.0).max(weight(b.0)));
        let Some((a, b)) = best else { return false };
        for (term, text) in [a, b] {
            let weight = self.tables.weight(term, self.source);
            self.total += u32::from(weight);
            self.count(term, text, How::Split, 16, weight.into());
            self.part += 1;
        }
        true
    }

    fn corrected(&mut self, word: &Asked, weight: u8) -> bool {
        let letters = word.word.as_str().len();
        let slips = match letters {
            _ if !self.mechanisms.slips || letters < ONE_SLIP_FROM => return false,
            _ if letters < TWO_SLIPS_FROM => 1,
            _ => 2,
        };
        let mut found = false;
        for near in self.terms.similar(word.stem, slips) {
            if self.tables.weight(near.term, self.source) == 0 {
                continue;
            }
            found = true;
            let factor = if near.slips > 1 { TWO_SLIPS } else { ONE_SLIP };
            self.count(near.term, near.text, How::Slips(near.slips), factor, weight.into());
        }
        if found {
            self.total += u32::from(weight);
        }
        found
    }

    /// Marks the elements of kinds that the query names.
    fn kinds(&mut self) {
        if !self.mechanisms.kinds {
            return;
        }
        let words = &self.query.words;
        for start in 0..words.len() {
            let mut phrase = Word::default();
            for end in start + 1..=words.len().min(start + 2) {
                if end > start + 1 {
                    phrase.push_byte(b' ');
                }
                phrase = phrase.with(words[end - 1].stem);
                let named = KINDS.binary_search_by_key(&phrase.as_str(), |(name, _)| name);
                let Ok(named) = named else { continue };
                self.lift(KINDS[named].1);
            }
        }
    }

    fn lift(&mut self, kind: &str) {
        let Some(term) = self.known(kind) else { return };
        let first = self.tables.sources[self.source];
        for posting in self.tables.postings(term, self.source) {
            self.accounts[(posting.document - first) as usize].lifted = true;
        }
        let (part, text) = (self.part, Word::new(kind));
        (self.step)(Step { part, text, term: Some(term), how: How::Kind, factor: 0, weight: 0 });
    }

    /// Number of a term that documents of the source have.
    fn known(&self, term: &str) -> Option<u32> {
        self.terms.get(term).filter(|term| self.tables.weight(*term, self.source) > 0)
    }

    /// How much a word tells. A word that only documents of other sources say is one of
    /// everyday language, as they are prose; one that none says is a name of something that
    /// the catalog does not have, and what is found without it is hardly what was asked for.
    fn weight(&self, stem: &str) -> u8 {
        let unknown = self.tables.unknown[self.source];
        match self.terms.get(stem).map(|term| self.tables.weight(term, self.source)) {
            Some(0) => unknown / 2,
            Some(weight) => weight,
            None => unknown.saturating_add(unknown / 2),
        }
    }

    /// Counts the postings of a term. Of all that a part can stand for, a document is
    /// credited with the best.
    fn count(&mut self, term: u32, text: Word, how: How, factor: u8, weight: u16) {
        let part = self.part;
        let matched = (u32::from(weight) * u32::from(factor) / 16) as u16;
        let first = self.tables.sources[self.source];
        for posting in self.tables.postings(term, self.source) {
            let score = (u16::from(posting.score) * u16::from(factor) / 16) as u8;
            let account = &mut self.accounts[(posting.document - first) as usize];
            if account.part != part {
                (account.part, account.part_score, account.part_matched) = (part, 0, 0);
            }
            account.score += u16::from(score.saturating_sub(account.part_score));
            account.part_score = account.part_score.max(score);
            account.matched += matched.saturating_sub(account.part_matched);
            account.part_matched = account.part_matched.max(matched);
            if score > account.best {
                (account.best, account.sentence) = (score, posting.sentence);
            }
        }
        (self.step)(Step { part, text, term: Some(term), how, factor, weight });
    }
}

/// The best of what was found, best first: those after the first `skip`. `keys` has room
/// for every document. Returns how many there are.
pub fn page(keys: &mut [u64], skip: usize, limit: usize) -> &[u64] {
    let end = (skip + limit).min(keys.len());
    if end < keys.len() && end > 0 {
        keys.select_nth_unstable(end - 1);
    }
    keys[..end].sort_unstable();
    &keys[skip.min(end)..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_sorted_for_the_binary_search() {
        assert!(KINDS.is_sorted());
    }

    #[test]
    fn a_page_is_a_slice_of_the_order() {
        let keys: Vec<u64> = (0..100).map(|n| n * 37 % 100).collect();
        for (skip, limit) in [(0, 10), (10, 10), (95, 10), (100, 10), (0, 0), (0, 200)] {
            let expected: Vec<u64> = (0..100).skip(skip).take(limit).collect();
            assert_eq!(page(&mut keys.clone(), skip, limit), expected);
        }
    }
}
