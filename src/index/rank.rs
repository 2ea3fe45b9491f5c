//! Ranking: the scores of what a query stands for are added up, document by document.
//!
//! Integers in arrays that the caller lends: nothing is allocated here.

use arrayvec::ArrayVec;

use super::accounts::{Accounts, Counted};
use super::meaning::{BYTES, Meaning, Sum, vectors};
use super::order::sort_few;
use super::query::MAX_TERMS;
use super::reading::{MAX_RUNS, Reading};
use super::sense::{How, Mechanisms, Sense, senses};
use super::tables::{Postings, Tables};

/// 256ths of the query's weight that a hit must match, and that a hit must match which is
/// [`NEAR`] in meaning.
const THRESHOLD: u32 = 115;
const NEAR_THRESHOLD: u32 = 90;
/// Six tenths of the nearness of vectors that are the same.
const NEAR: u32 = 127 * 127 * 6 / 10;
/// No two vectors are nearer: their length is 127, and each of 64 numbers is rounded.
const NEAREST: u32 = 131 * 131;
/// What meaning adds at most.
const MOST: u32 = worth(NEAREST);
/// 1024ths of the nearness that are added to a score: 299 where both mean the same, about
/// what one rare word in the title adds.
const MEANING: u32 = 19;
/// 256ths of the score that a document keeps without matching anything; the rest grows
/// with what it matches.
const BASE: u64 = 64;
/// 256ths by which the kind that a query names is lifted.
const LIFT: u64 = 320;

/// Arrays to work in, with an entry or a bit for every document of the source at least. They
/// are lent filled with zeros and left so, but for `candidates`.
#[derive(Debug)]
pub struct Scratch<'s> {
    /// Of each document the weight of what it matches in the upper half, its score in the
    /// lower one. [`super::reading::MAX_RUNS`] keeps both from running over.
    pub accounts: &'s mut [u32],
    /// Documents that have an account, in the order in which they got it; then the hits.
    pub candidates: &'s mut [u64],
    /// The best score among the terms of one sense.
    pub best: &'s mut [u8],
    /// Documents of a kind that the query names.
    pub lifted: &'s mut [u64],
}

/// Senses of the longest query: its runs, and two halves of each word.
const MAX_SENSES: usize = MAX_RUNS + 2 * MAX_TERMS;

/// The documents of a source that match a query and are let through by `accept`, in any
/// order.
pub fn rank<'s>(
    reading: &mut Reading<'_>,
    tables: &Tables<'s>,
    source: usize,
    mechanisms: Mechanisms,
    scratch: Scratch<'s>,
    accept: impl Fn(usize) -> bool,
) -> Hits<'s> {
    let mut counted = ArrayVec::<Counted, MAX_SENSES>::new();
    let Scratch { accounts, candidates, best, lifted } = scratch;
    let (mut sum, unread, mut kinds) = (reading.sum, reading.unread, false);
    let total = senses(reading, tables, source, mechanisms, |sense| match sense.how {
        How::Unknown => {}
        How::Kind => {
            lift(tables.postings(sense.terms[0], source), lifted);
            kinds = true;
        }
        _ => {
            add_guessed(tables, unread, sense, &mut sum);
            counted.push(Counted::new(sense));
        }
    });
    let formula = Formula::new(total, mechanisms);
    // What weighs most first: after it, documents that have only the rest are no hits.
    let mut by_weight = ArrayVec::<u32, MAX_SENSES>::new();
    by_weight.extend((0..).zip(&counted).map(|(at, it)| it.matched << 8 | at));
    sort_few(&mut by_weight);
    let mut rest: u32 = counted.iter().map(|it| it.matched).sum();
    let mut accounts = Accounts { of: accounts, candidates, count: 0 };
    for at in by_weight.into_iter().rev() {
        let sense = &counted[(at & 0xff) as usize];
        let is_enough = !mechanisms.skips || rest >= formula.least_near >> 16;
        rest -= sense.matched;
        if let [term] = sense.terms[..] {
            let postings = tables.postings(term, source);
            if is_enough {
                accounts.open(&postings, sense);
            } else {
                accounts.add(&postings, sense);
            }
        } else {
            let postings = sense.terms.iter().map(|term| tables.postings(*term, source));
            accounts.add_best(postings, sense, best, is_enough);
        }
    }
    let first = tables.sources[source] as usize;
    let nearing = Nearing {
        meaning: Meaning::new(sum).filter(|_| mechanisms.meaning),
        vectors: &vectors(tables.vectors)[first..first + tables.len(source)],
    };
    let count = settle(&mut accounts, &formula, &nearing, kinds.then_some(&*lifted), accept);
    if kinds {
        lifted.fill(0);
    }
    Hits { list: &accounts.candidates[..count], nearing }
}

/// Adds what a word means that is taken for others because nothing is known of itself.
pub fn add_guessed(tables: &Tables<'_>, unread: u64, sense: &Sense<'_>, sum: &mut Sum) {
    let guessed = matches!(sense.how, How::Prefix | How::Slips(_) | How::Split);
    if guessed && unread >> sense.words.start & 1 == 1 {
        sum.add_mean(&tables.rows, sense.terms.iter().map(|term| *term as usize));
    }
}

/// Documents that match a query. How near one is in meaning is worked out when it counts.
#[derive(Clone, Copy, Debug)]
pub struct Hits<'s> {
    /// Of each the score but for its meaning in the upper half, its position in the lower.
    list: &'s [u64],
    nearing: Nearing<'s>,
}

impl<'s> Hits<'s> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True if there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Their positions in the source.
    pub fn positions(&self) -> impl Iterator<Item = usize> + use<'s> {
        self.list.iter().map(|hit| *hit as u32 as usize)
    }

    /// Calls `each` with the position and the score of those whose score is at least `least`,
    /// which is what it says from then on. Not inlined, as registers are few.
    #[inline(never)]
    pub fn reaching(&self, least: u16, mut each: impl FnMut(usize, u16) -> u16) {
        let mut least = u32::from(least);
        let mut scored = |least: &mut u32, at: usize, score: u32| {
            if score >= *least {
                // A score of 0 would be none.
                *least = each(at, score.clamp(1, u16::MAX.into()) as u16).into();
            }
        };
        let hits = self.list.iter().map(|hit| (*hit as u32 as usize, (hit >> 32) as u32));
        let Some(meaning) = &self.nearing.meaning else {
            hits.for_each(|(at, words)| scored(&mut least, at, words));
            return;
        };
        for (at, words) in hits {
            if words + MOST >= least
                && let Some(vector) = self.nearing.vectors.get(at)
            {
                scored(&mut least, at, words + worth(meaning.nearness(vector)));
            }
        }
    }
}

/// How near documents are to a query.
#[derive(Clone, Copy, Debug)]
struct Nearing<'s> {
    meaning: Option<Meaning>,
    /// Those of the source.
    vectors: &'s [[u8; BYTES]],
}

impl Nearing<'_> {
    fn nearness(&self, at: usize) -> u32 {
        let (Some(meaning), Some(vector)) = (&self.meaning, self.vectors.get(at)) else { return 0 };
        meaning.nearness(vector)
    }
}

/// Puts the hits among candidates in their place, clears all accounts, and returns how many
/// hits there are. Not inlined, as registers are few.
#[inline(never)]
fn settle(
    accounts: &mut Accounts<'_>,
    formula: &Formula,
    nearing: &Nearing<'_>,
    lifted: Option<&[u64]>,
    accept: impl Fn(usize) -> bool,
) -> usize {
    // Candidates that match the same words stand together.
    let (mut matched, mut factor) = (0, formula.factor(0));
    let Accounts { of, candidates, count } = accounts;
    let mut hits = 0;
    for number in 0..*count {
        let at = candidates[number] as usize;
        let account = std::mem::take(&mut of[at]);
        let score = account & 0xffff;
        // A score may be too small to be anything after it is cut.
        let is_candidate = account >= formula.least_near && score > 0 && accept(at);
        if !is_candidate || account < formula.least && nearing.nearness(at) < NEAR {
            continue;
        }
        if account >> 16 != matched {
            matched = account >> 16;
            factor = formula.factor(matched);
        }
        let mut words = (u64::from(score) * factor) >> SHIFT;
        if let Some(lifted) = lifted
            && lifted[at / 64] >> (at % 64) & 1 == 1
        {
            words = words * LIFT / 256;
        }
        candidates[hits] = words << 32 | at as u64;
        hits += 1;
    }
    hits
}

/// Marks the documents of a kind.
fn lift(postings: Postings<'_>, lifted: &mut [u64]) {
    for posting in postings.iter() {
        let at = posting.document as usize;
        lifted[at / 64] |= 1 << (at % 64);
    }
}

/// What a nearness adds to the score of a document.
#[must_use]
pub const fn worth(near: u32) -> u32 {
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

    /// What the score of a document that matches so much is multiplied by, before [`SHIFT`]
    /// bits are cut: 256ths of the weight of the query, and of them the part that it keeps.
    fn factor(&self, matched: u32) -> u64 {
        let whole = 256 * self.inverse;
        if !self.coverage {
            return whole;
        }
        let matched = ((u64::from(matched) * whole) >> SHIFT).min(256);
        (whole >> 16) * (BASE * 256 + (256 - BASE) * matched) + (whole & 0xffff)
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

#[cfg(test)]
mod tests {
    use super::*;

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
