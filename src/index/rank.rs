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
    /// Documents that have an account, in the order in which they got it.
    pub candidates: &'s mut [u64],
    /// The best score among the terms of one sense.
    pub best: &'s mut [u8],
    /// Documents of a kind that the query names.
    pub lifted: &'s mut [u64],
}

/// Senses of the longest query: its runs, and two halves of each word.
const MAX_SENSES: usize = MAX_RUNS + 2 * MAX_TERMS;

/// Who is told of hits.
pub struct Collector<'c> {
    /// Documents that may be hits, a bit each.
    pub filter: &'c [u64],
    /// Least score of a hit that `each` is told of.
    pub least: u16,
    /// Is told position and score of hits, in any order, and says what the least score is
    /// from then on.
    pub each: &'c mut dyn FnMut(usize, u16) -> u16,
}

/// Tells `collector` of the documents of a source that match a query, and returns how many
/// there are.
pub fn rank(
    reading: &mut Reading<'_>,
    tables: &Tables<'_>,
    source: usize,
    mechanisms: Mechanisms,
    scratch: Scratch<'_>,
    collector: Collector<'_>,
) -> usize {
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
    let enough = enough(&mut accounts, &formula, collector.filter);
    let count = collect(enough, &formula, &nearing, kinds.then_some(&*lifted), collector);
    if kinds {
        lifted.fill(0);
    }
    count
}

/// Adds what a word means that is taken for others because nothing is known of itself.
pub fn add_guessed(tables: &Tables<'_>, unread: u64, sense: &Sense<'_>, sum: &mut Sum) {
    let guessed = matches!(sense.how, How::Prefix | How::Slips(_) | How::Split);
    if guessed && unread >> sense.words.start & 1 == 1 {
        sum.add_mean(&tables.rows, sense.terms.iter().map(|term| *term as usize));
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

/// The candidates in the filter that match enough to become hits: their accounts in the upper
/// half, their positions in the lower. Clears all accounts. Nothing branches on what a
/// candidate is, as that can hardly be predicted. Not inlined, as registers are few.
#[expect(clippy::needless_bitwise_bool, reason = "a lazy operator is a branch")]
#[inline(never)]
fn enough<'a>(accounts: &'a mut Accounts<'_>, formula: &Formula, filter: &[u64]) -> &'a [u64] {
    let Accounts { of, candidates, count } = accounts;
    let mut kept = 0;
    for number in 0..*count {
        let at = candidates[number];
        let account = std::mem::take(&mut of[at as usize]);
        let is_wanted = filter[at as usize / 64] >> (at % 64) & 1 == 1;
        candidates[kept] = u64::from(account) << 32 | at;
        // A score may be too small to be anything after it is cut.
        kept += usize::from((account >= formula.least_near) & (account as u16 > 0) & is_wanted);
    }
    &candidates[..kept]
}

/// Tells `collector` of the hits among those that match enough, and returns how many there are.
/// Not inlined, as registers are few.
#[inline(never)]
fn collect(
    enough: &[u64],
    formula: &Formula,
    nearing: &Nearing<'_>,
    lifted: Option<&[u64]>,
    collector: Collector<'_>,
) -> usize {
    // Candidates that match the same words stand together.
    let (mut matched, mut factor) = (0, formula.factor(0));
    let Collector { least, each, .. } = collector;
    let (mut least, mut hits) = (u32::from(least), 0);
    for candidate in enough {
        let (account, at) = ((candidate >> 32) as u32, *candidate as u32 as usize);
        let near = nearing.nearness(at);
        if account < formula.least && near < NEAR {
            continue;
        }
        hits += 1;
        if account >> 16 != matched {
            matched = account >> 16;
            factor = formula.factor(matched);
        }
        let mut words = (u64::from(account & 0xffff) * factor) >> SHIFT;
        if let Some(lifted) = lifted
            && lifted[at / 64] >> (at % 64) & 1 == 1
        {
            words = words * LIFT / 256;
        }
        let score = words as u32 + worth(near);
        if score >= least {
            // A score of 0 would be none.
            least = each(at, score.clamp(1, u16::MAX.into()) as u16).into();
        }
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
