//! The dictionary of terms: whole terms, prefixes, and words with a slip in them.

use arrayvec::ArrayVec;
use fst::raw::{Fst, Node, Output};

use super::fold::{MAX_WORD, Word};

/// Terms that a prefix or a mistyped word may stand for at most.
pub const MAX_NEAR: usize = 12;
/// Most slips that are forgiven.
const MAX_SLIPS: usize = 2;

/// A term that is near to a word.
#[derive(Clone, Copy, Debug)]
pub struct Near {
    /// Its number.
    pub term: u32,
    /// Slips between the two; 0 for a prefix.
    pub slips: u8,
    /// The term.
    pub text: Word,
}

/// Terms near to a word.
pub type Nears = ArrayVec<Near, MAX_NEAR>;

/// A dictionary.
#[derive(Clone)]
pub struct Terms<'a>(Fst<&'a [u8]>);

impl<'a> Terms<'a> {
    /// The dictionary in these bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(Fst::new(bytes).expect("the generator wrote the fst; tests verify it"))
    }

    /// The number of a term.
    #[must_use]
    pub fn get(&self, term: &str) -> Option<u32> {
        self.0.get(term).map(|number| number.value() as u32)
    }

    /// The first terms that start with `prefix`, short ones before long ones as far as
    /// there is room.
    #[must_use]
    pub fn starting_with(&self, prefix: &str) -> Nears {
        let mut node = self.0.root();
        let mut output = Output::zero();
        for byte in prefix.bytes() {
            let Some(at) = node.find_input(byte) else { return Nears::new() };
            let transition = node.transition(at);
            output = output.cat(transition.out);
            node = self.0.node(transition.addr);
        }
        // Nearer ends first: the fewer letters are missing, the more likely it is meant.
        let mut found = Nears::new();
        for extra in [2, 5, MAX_WORD] {
            found.clear();
            let text = Word::new(prefix);
            let mut walk = Completing { terms: &self.0, text, extra, found: &mut found };
            walk.walk(&node, output, 0);
            if found.is_full() {
                break;
            }
        }
        found
    }

    /// Terms that differ from `word` by at most `slips` letters, nearest first: one
    /// letter more, less, other, or two in the wrong order. The first letter is taken to
    /// be right, or swapped with the second.
    #[must_use]
    pub fn similar(&self, word: Word, slips: usize) -> Nears {
        let mut walk = Slipping::new(&self.0, word, slips.min(MAX_SLIPS));
        walk.walk(&self.0.root(), Output::zero(), 0);
        let mut found = walk.found;
        found.sort_unstable_by_key(|near| (near.slips, near.term));
        if let Some(least) = found.first().map(|near| near.slips) {
            found.retain(|near| near.slips == least);
        }
        found
    }
}

/// A walk over the terms below a prefix.
struct Completing<'w, 'a> {
    terms: &'w Fst<&'a [u8]>,
    text: Word,
    /// Letters that may follow the prefix.
    extra: usize,
    found: &'w mut Nears,
}

impl Completing<'_, '_> {
    fn walk(&mut self, node: &Node<'_>, output: Output, depth: usize) {
        if node.is_final() {
            let term = output.cat(node.final_output()).value() as u32;
            if self.found.try_push(Near { term, slips: 0, text: self.text }).is_err() {
                return;
            }
        }
        if depth == self.extra {
            return;
        }
        for at in 0..node.len() {
            let transition = node.transition(at);
            // Phrases are no words that go on.
            if self.found.is_full() || transition.inp == b' ' {
                continue;
            }
            let before = self.text;
            if self.text.push_byte(transition.inp) {
                let next = self.terms.node(transition.addr);
                self.walk(&next, output.cat(transition.out), depth + 1);
            }
            self.text = before;
        }
    }
}

/// Longest path of the walk: a word and the letters that may be too many.
const DEPTH: usize = MAX_WORD + MAX_SLIPS + 1;
/// More than any bound.
const FAR: u8 = 100;

/// A walk over all terms within some slips of a word. Row by row it is the table of
/// the optimal string alignment distance, of which only the band that can stay within the
/// bound is filled.
struct Slipping<'w, 'a> {
    terms: &'w Fst<&'a [u8]>,
    word: Word,
    slips: usize,
    rows: [[u8; MAX_WORD + 1]; DEPTH + 1],
    path: [u8; DEPTH],
    found: Nears,
}

impl<'w, 'a> Slipping<'w, 'a> {
    fn new(terms: &'w Fst<&'a [u8]>, word: Word, slips: usize) -> Self {
        let mut rows = [[FAR; MAX_WORD + 1]; DEPTH + 1];
        for (at, cell) in rows[0].iter_mut().enumerate().take(slips + 1) {
            *cell = at as u8;
        }
        Self { terms, word, slips, rows, path: [0; DEPTH], found: Nears::new() }
    }

    fn walk(&mut self, node: &Node<'_>, output: Output, depth: usize) {
        let len = self.word.as_str().len();
        if node.is_final() && depth > 0 && usize::from(self.rows[depth][len]) <= self.slips {
            self.found(
                output.cat(node.final_output()).value() as u32,
                depth,
                self.rows[depth][len],
            );
        }
        if depth == DEPTH || depth > len + self.slips {
            return;
        }
        for at in 0..node.len() {
            let transition = node.transition(at);
            if transition.inp == b' ' || (depth == 0 && !self.may_start(transition.inp)) {
                continue;
            }
            self.path[depth] = transition.inp;
            if self.fill(depth + 1) {
                let next = self.terms.node(transition.addr);
                self.walk(&next, output.cat(transition.out), depth + 1);
            }
        }
    }

    fn may_start(&self, byte: u8) -> bool {
        self.word.as_str().as_bytes().iter().take(2).any(|it| *it == byte)
    }

    /// Fills a row. False if nothing below it can be near enough.
    fn fill(&mut self, row: usize) -> bool {
        let word = self.word.as_str().as_bytes();
        let byte = self.path[row - 1];
        let mut least = FAR;
        self.rows[row] = [FAR; MAX_WORD + 1];
        if row <= self.slips {
            self.rows[row][0] = row as u8;
            least = row as u8;
        }
        let from = row.saturating_sub(self.slips).max(1);
        for at in from..=(row + self.slips).min(word.len()) {
            let other = u8::from(word[at - 1] != byte);
            let mut cell = (self.rows[row - 1][at - 1] + other)
                .min(self.rows[row - 1][at] + 1)
                .min(self.rows[row][at - 1] + 1);
            if row > 1 && at > 1 && word[at - 2] == byte && word[at - 1] == self.path[row - 2] {
                cell = cell.min(self.rows[row - 2][at - 2] + 1);
            }
            self.rows[row][at] = cell;
            least = least.min(cell);
        }
        usize::from(least) <= self.slips
    }

    fn found(&mut self, term: u32, depth: usize, slips: u8) {
        let text = Word::new(std::str::from_utf8(&self.path[..depth]).unwrap_or_default());
        let near = Near { term, slips, text };
        if self.found.try_push(near).is_err()
            && let Some(worst) = self.found.iter_mut().max_by_key(|it| it.slips)
            && worst.slips > slips
        {
            *worst = near;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dictionary(terms: &[&str]) -> Vec<u8> {
        let mut builder = fst::MapBuilder::memory();
        let mut sorted = terms.to_vec();
        sorted.sort_unstable();
        for (number, term) in sorted.iter().enumerate() {
            builder.insert(term, number as u64).expect("sorted");
        }
        builder.into_inner().expect("memory")
    }

    #[track_caller]
    fn check_similar(word: &str, slips: usize, expected: &[&str]) {
        let bytes = dictionary(&[
            "kafka",
            "kafak sink",
            "kubernet",
            "postgresql",
            "schedul",
            "snowflak",
            "sql",
        ]);
        let terms = Terms::new(&bytes);
        let found = terms.similar(Word::new(word), slips);
        let texts: Vec<&str> = found.iter().map(|near| near.text.as_str()).collect();
        assert_eq!(texts, expected);
    }

    #[test]
    fn forgives_slips_within_the_bound() {
        check_similar("kafak", 1, &["kafka"]);
        check_similar("akfka", 1, &["kafka"]);
        check_similar("kubrenets", 2, &["kubernet"]);
        check_similar("scheduel", 1, &["schedul"]);
        check_similar("postgressql", 1, &["postgresql"]);
        check_similar("snwflke", 1, &[]);
        check_similar("zzzz", 2, &[]);
    }

    #[test]
    fn the_longest_word_fits() {
        check_similar(&"k".repeat(MAX_WORD), 2, &[]);
    }

    #[test]
    fn completes_prefixes_the_nearest_end_first() {
        let bytes = dictionary(&["kube", "kubectl", "kubernet", "kubernet pod", "kuma"]);
        let terms = Terms::new(&bytes);
        let texts = |prefix: &str| -> Vec<String> {
            terms.starting_with(prefix).iter().map(|it| it.text.as_str().to_owned()).collect()
        };
        assert_eq!(texts("kube"), ["kube", "kubectl", "kubernet"]);
        assert_eq!(texts("kubernetx"), [] as [&str; 0]);
    }
}
