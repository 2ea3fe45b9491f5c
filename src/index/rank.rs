//! Ranking: the scores of what a query stands for are added up, document by document.
//!
//! Integers in arrays that the caller lends: nothing is allocated here.

use std::cmp::Reverse;

use arrayvec::ArrayVec;

use super::meaning::{Meaning, Sum};
use super::query::MAX_TERMS;
use super::reading::{MAX_RUNS, Reading};
use super::sense::{How, Mechanisms, Sense, senses};
use super::tables::{Postings, Tables};
use super::terms::MAX_NEAR;

/// 256ths of the query's weight that a hit must match, and that a hit must match which is
/// [`NEAR`] in meaning.
const THRESHOLD: u32 = 115;
const NEAR_THRESHOLD: u32 = 90;
/// Six tenths of the nearness of vectors that are the same.
const NEAR: u32 = 127 * 127 * 6 / 10;
/// No two vectors are nearer: their length is 127, and each of 64 numbers is rounded.
const NEAREST: u32 = 131 * 131;
/// 1024ths of the nearness that are added to a score: 299 where both mean the same, about
/// what one rare word in the title adds.
const MEANING: u32 = 19;
/// 256ths of the score that a document keeps without matching anything; the rest grows
/// with what it matches.
const BASE: u64 = 64;
/// 256ths by which the kind that a query names is lifted.
const LIFT: u64 = 320;

/// Arrays to work in, filled with zeros, with an entry or a bit for every document of
/// the source at least.
#[derive(Debug)]
pub struct Scratch<'s> {
    /// Of each document the weight of what it matches in the upper half, its score in the
    /// lower one. [`super::reading::MAX_RUNS`] keeps both from running over.
    pub accounts: &'s mut [u32],
    /// Documents that have an account, in the order in which they got it.
    pub candidates: &'s mut [u32],
    /// The best score among the terms of one sense.
    pub best: &'s mut [u8],
    /// Documents of a kind that the query names.
    pub lifted: &'s mut [u64],
}

/// Senses of the longest query: its runs, and two halves of each word.
const MAX_SENSES: usize = MAX_RUNS + 2 * MAX_TERMS;

/// What is counted of a sense.
#[derive(Clone, Debug)]
struct Counted {
    terms: ArrayVec<u32, MAX_NEAR>,
    /// Sixteenths of the scores of the terms.
    factor: u32,
    /// Weight of what a document matches that has one of them.
    matched: u32,
}

/// Calls `each` with the documents of a source that match a query, in any order.
pub fn rank(
    reading: &mut Reading<'_>,
    tables: &Tables<'_>,
    source: usize,
    mechanisms: Mechanisms,
    scratch: Scratch<'_>,
    each: impl FnMut(&Found<'_>),
) {
    let mut counted = ArrayVec::<Counted, MAX_SENSES>::new();
    let Scratch { accounts, candidates, best, lifted } = scratch;
    let (mut sum, unread) = (reading.sum, reading.unread);
    let total = senses(reading, tables, source, mechanisms, |sense| match sense.how {
        How::Unknown => {}
        How::Kind => lift(tables.postings(sense.terms[0], source), lifted),
        _ => {
            add_guessed(tables, unread, sense, &mut sum);
            counted.push(Counted::new(sense));
        }
    });
    let formula = Formula::new(total, mechanisms);
    // What weighs most first: after it, documents that have only the rest are no hits.
    let mut by_weight = ArrayVec::<u32, MAX_SENSES>::new();
    by_weight.extend((0..).zip(&counted).map(|(at, it)| it.matched << 8 | at));
    by_weight.sort_unstable_by_key(|it| Reverse(*it));
    let mut rest: u32 = counted.iter().map(|it| it.matched).sum();
    let mut accounts = Accounts { accounts, candidates, count: 0 };
    for at in by_weight {
        let sense = &counted[(at & 0xff) as usize];
        let is_enough = !mechanisms.skips || rest >= formula.least_near >> 16;
        rest -= sense.matched;
        match sense.terms[..] {
            [term] => {
                let postings = tables.postings(term, source);
                if is_enough {
                    accounts.open(&postings, sense);
                } else {
                    accounts.add(&postings, sense);
                }
            }
            _ => {
                let postings = sense.terms.iter().map(|term| tables.postings(*term, source));
                accounts.add_best(postings, sense, best, is_enough);
            }
        }
    }
    let nearing = Nearing {
        tables,
        meaning: Meaning::new(sum).filter(|_| mechanisms.meaning),
        first: tables.sources[source],
        at_once: !mechanisms.skips,
    };
    accounts.ranked(&formula, &nearing, lifted, each);
}

/// Adds what a word means that is taken for others because nothing is known of itself.
pub fn add_guessed(tables: &Tables<'_>, unread: u64, sense: &Sense<'_>, sum: &mut Sum) {
    let guessed = matches!(sense.how, How::Prefix | How::Slips(_) | How::Split);
    if guessed && unread >> sense.words.start & 1 == 1 {
        sum.add_mean(&tables.rows, sense.terms.iter().map(|term| *term as usize));
    }
}

/// A document that matches a query. How near it is in meaning is worked out when it counts.
#[derive(Clone, Copy, Debug)]
pub struct Found<'r> {
    /// Position in its source.
    pub at: usize,
    /// Its score but for its meaning.
    words: u32,
    /// What its meaning adds, if that was needed before.
    meaning: Option<u32>,
    nearing: &'r Nearing<'r>,
}

impl Found<'_> {
    /// The highest score that it may have.
    #[must_use]
    pub fn most(&self) -> u16 {
        let most = if self.nearing.meaning.is_some() { worth(NEAREST) } else { 0 };
        clamped(self.words + self.meaning.unwrap_or(most))
    }

    /// Its score.
    #[must_use]
    pub fn score(&self) -> u16 {
        let meaning = || worth(self.nearing.nearness(self.at));
        clamped(self.words + self.meaning.unwrap_or_else(meaning))
    }
}

fn clamped(score: u32) -> u16 {
    score.clamp(1, u16::MAX.into()) as u16
}

/// How near documents are to a query.
#[derive(Clone, Copy, Debug)]
struct Nearing<'r> {
    tables: &'r Tables<'r>,
    meaning: Option<Meaning>,
    /// The first document of the source.
    first: u32,
    /// Whether it is worked out for all documents, wanted or not.
    at_once: bool,
}

impl Nearing<'_> {
    fn nearness(&self, at: usize) -> u32 {
        let at = self.first as usize + at;
        self.meaning.as_ref().map_or(0, |it| it.nearness(self.tables.vectors, at))
    }
}

impl Counted {
    fn new(sense: &Sense<'_>) -> Self {
        let factor = u32::from(sense.factor);
        let terms = sense.terms.iter().copied().collect();
        // An account is never 0 then, whatever its score.
        Self { terms, factor, matched: (u32::from(sense.weight) * factor / 16).max(1) }
    }

    /// What a posting of this score adds to an account.
    fn credit(&self, score: u8) -> u32 {
        (self.matched << 16) + u32::from(score) * self.factor / 16
    }
}

/// Marks the documents of a kind.
fn lift(postings: Postings<'_>, lifted: &mut [u64]) {
    for posting in postings.iter() {
        let at = posting.document as usize;
        lifted[at / 64] |= 1 << (at % 64);
    }
}

/// Accounts of documents.
struct Accounts<'s> {
    accounts: &'s mut [u32],
    candidates: &'s mut [u32],
    /// How many candidates there are.
    count: usize,
}

impl Accounts<'_> {
    /// Counts the postings of a sense.
    fn open(&mut self, postings: &Postings<'_>, sense: &Counted) {
        for posting in postings.iter() {
            let at = posting.document as usize;
            self.enter(at);
            self.accounts[at] += sense.credit(posting.score);
        }
    }

    /// Notes a document as a candidate if it has no account.
    fn enter(&mut self, at: usize) {
        // Written each time and counted if it is new: that is cheaper than a branch. When
        // all documents are candidates, there is no place left, and no new one.
        if let Some(place) = self.candidates.get_mut(self.count) {
            *place = at as u32;
        }
        self.count += usize::from(self.accounts[at] == 0);
    }

    /// Counts the postings of a sense, of documents that have an account.
    fn add(&mut self, postings: &Postings<'_>, sense: &Counted) {
        if let Some(scores) = postings.scores
            && self.count < postings.len()
        {
            for at in &self.candidates[..self.count] {
                let score = scores[*at as usize];
                if score > 0 {
                    self.accounts[*at as usize] += sense.credit(score);
                }
            }
            return;
        }
        for posting in postings.iter() {
            let account = &mut self.accounts[posting.document as usize];
            if *account > 0 {
                *account += sense.credit(posting.score);
            }
        }
    }

    /// Counts the postings of a sense of several terms, of which a document is credited with
    /// the best; of all documents, or of those that have an account.
    fn add_best<'p>(
        &mut self,
        postings: impl Iterator<Item = Postings<'p>> + Clone,
        sense: &Counted,
        best: &mut [u8],
        all: bool,
    ) {
        for posting in postings.clone().flat_map(|it| it.iter()) {
            let at = posting.document as usize;
            best[at] = best[at].max(posting.score);
        }
        for posting in postings.flat_map(|it| it.iter()) {
            let at = posting.document as usize;
            let score = std::mem::take(&mut best[at]);
            if score > 0 && (all || self.accounts[at] > 0) {
                self.enter(at);
                self.accounts[at] += sense.credit(score);
            }
        }
    }

    fn ranked(
        &self,
        formula: &Formula,
        nearing: &Nearing<'_>,
        lifted: &[u64],
        mut each: impl FnMut(&Found<'_>),
    ) {
        for at in &self.candidates[..self.count] {
            let at = *at as usize;
            let account = self.accounts[at];
            // A score may be too small to be anything after it is cut.
            if account < formula.least_near || account & 0xffff == 0 {
                continue;
            }
            let is_hit = account >= formula.least;
            let near = (!is_hit || nearing.at_once).then(|| nearing.nearness(at));
            if is_hit || near >= Some(NEAR) {
                let words = formula.score(account, lifted[at / 64] >> (at % 64) & 1 == 1);
                each(&Found { at, words, meaning: near.map(worth), nearing });
            }
        }
    }
}

/// What a nearness adds to the score of a document.
#[must_use]
pub fn worth(near: u32) -> u32 {
    near * MEANING / 1024
}

/// What becomes of an account.
#[derive(Clone, Copy, Debug)]
struct Formula {
    /// The least account of a hit, and of one that is near in meaning.
    least: u32,
    least_near: u32,
    coverage: bool,
    /// Divides by the weight of the query.
    inverse: u64,
}

impl Formula {
    /// `total` is the weight of the query.
    fn new(total: u32, mechanisms: Mechanisms) -> Self {
        let total = total.max(1);
        // A hit matches THRESHOLD / 256 of the total, rounded down like all of this.
        let least = |part: u32| {
            let least = if mechanisms.threshold { (part * total).div_ceil(256) } else { 0 };
            least.min(0xffff) << 16
        };
        Self {
            least: least(THRESHOLD),
            least_near: least(NEAR_THRESHOLD),
            coverage: mechanisms.coverage,
            inverse: inverse(total),
        }
    }

    /// The score of an account, but for what its meaning adds.
    fn score(&self, account: u32, lifted: bool) -> u32 {
        let share = |part: u32| (u64::from(part) * 256 * self.inverse) >> SHIFT;
        let mut score = share(account & 0xffff);
        if self.coverage {
            let matched = share(account >> 16).min(256);
            score = score * (BASE * 256 + (256 - BASE) * matched) / 65536;
        }
        if lifted {
            score = score * LIFT / 256;
        }
        score.min(u64::from(u16::MAX)) as u32
    }
}

/// Bits behind the point of an inverse.
const SHIFT: u32 = 40;

/// What to multiply by and shift instead of dividing by `divisor`, which has 16 bits. It is
/// exact for numbers of 24 bits: the inverse is too large by less than one part in 2^40.
/// Granlund, Montgomery, "Division by Invariant Integers using Multiplication", PLDI 1994.
fn inverse(divisor: u32) -> u64 {
    (1 << SHIFT) / u64::from(divisor) + 1
}

/// Keys that are kept at once.
const KEPT: usize = 512;

/// The least of many keys, those of one page after some others.
#[derive(Debug)]
pub struct Least {
    /// In order.
    keys: ArrayVec<u64, KEPT>,
    kept: usize,
    /// The last key of earlier pages.
    after: Option<u64>,
}

impl Least {
    /// Whether a key would be kept. Once it would not, no greater one is.
    #[must_use]
    pub fn takes(&self, key: u64) -> bool {
        self.keys.len() < self.kept || self.keys.last().is_some_and(|last| *last > key)
    }

    /// Takes a key into account.
    pub fn add(&mut self, key: u64) {
        if !self.takes(key) || self.after.is_some_and(|after| key <= after) {
            return;
        }
        if self.keys.len() == self.kept {
            self.keys.pop();
        }
        // Few keys are among the least for long, so few are moved.
        self.keys.push(key);
        let mut at = self.keys.len() - 1;
        while at > 0 && self.keys[at - 1] > key {
            self.keys.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// The keys of a page, the least first. `all` adds every key; far pages take several turns
/// of it.
pub fn page<const MOST: usize>(
    mut skip: usize,
    limit: usize,
    mut all: impl FnMut(&mut Least),
) -> ArrayVec<u64, MOST> {
    let limit = limit.min(MOST);
    let mut after = None;
    loop {
        let last = skip + limit <= KEPT;
        let kept = if last { skip + limit } else { skip.min(KEPT) };
        let mut least = Least { keys: ArrayVec::new(), kept, after };
        all(&mut least);
        let keys = &least.keys;
        if last {
            return keys.iter().skip(skip).copied().collect();
        }
        let Some(key) = keys.last().filter(|_| keys.len() == kept) else {
            return ArrayVec::new();
        };
        (skip, after) = (skip - keys.len(), Some(*key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_a_slice_of_the_order() {
        let keys: Vec<u64> = (0..1_400).map(|n| n * 37 % 1_400).collect();
        for (skip, limit) in
            [(0, 10), (10, 10), (95, 10), (500, 50), (1_300, 50), (1_390, 50), (1_400, 10), (0, 0)]
        {
            let expected: Vec<u64> = (0..1_400).skip(skip).take(limit).collect();
            let page: ArrayVec<u64, 50> =
                page(skip, limit, |least| keys.iter().for_each(|key| least.add(*key)));
            assert_eq!(page.as_slice(), expected, "{skip} {limit}");
        }
    }

    #[test]
    fn the_inverse_divides() {
        for divisor in (1..=65_535).step_by(7).chain([2, 3, 255, 256, 257, 65_534, 65_535]) {
            for number in (0..1 << 24).step_by(65_521).chain([(1 << 24) - 1, (1 << 24) - 256]) {
                let multiplied = (number * inverse(divisor)) >> SHIFT;
                assert_eq!(multiplied, number / u64::from(divisor), "{number} / {divisor}");
            }
        }
    }
}
