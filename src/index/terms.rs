//! The dictionary of terms: whole terms, prefixes, and words with a slip in them.

use arrayvec::ArrayVec;
use fst::raw::{Fst, Node, Output, Transition};

use super::fold::{MAX_WORD, Word};
use super::order::sort_few;

/// Terms that a prefix or a mistyped word may stand for at most.
pub const MAX_NEAR: usize = 12;
/// Letters that are looked for one by one at most.
const MAX_LETTERS: usize = 8;
/// Most slips that are forgiven.
const MAX_SLIPS: usize = 2;

/// Terms that are near to a word: they complete it, or have the same number of slips.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Near {
    /// Their numbers.
    pub terms: ArrayVec<u32, MAX_NEAR>,
    /// Slips between each of them and the word; 0 for a prefix.
    pub slips: u8,
}

/// A dictionary.
#[derive(Clone)]
pub struct Terms<'a>(Fst<&'a [u8]>);

/// What the letters that were read so far lead to.
#[derive(Clone, Copy)]
pub struct Place<'t> {
    node: Node<'t>,
    output: Output,
}

impl Place<'_> {
    /// The number of the term that ends here.
    #[must_use]
    pub fn term(&self) -> Option<u32> {
        let number = || self.output.cat(self.node.final_output()).value() as u32;
        self.node.is_final().then(number)
    }
}

impl<'a> Terms<'a> {
    /// The dictionary in these bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(Fst::new(bytes).expect("the generator wrote the fst; tests verify it"))
    }

    /// The number of a term.
    #[must_use]
    pub fn get(&self, term: &[u8]) -> Option<u32> {
        self.follow(self.start(), term)?.term()
    }

    /// The term of a number; allocates.
    #[must_use]
    pub fn text(&self, term: u32) -> Option<String> {
        String::from_utf8(self.0.get_key(u64::from(term))?).ok()
    }

    /// Where all terms begin.
    #[must_use]
    pub fn start(&self) -> Place<'_> {
        Place { node: self.0.root(), output: Output::zero() }
    }

    /// Where these letters lead to from a place, if a term has them there.
    #[must_use]
    pub fn follow<'t>(&'t self, mut place: Place<'t>, letters: &[u8]) -> Option<Place<'t>> {
        for letter in letters {
            let transition = place.node.transition(place.node.find_input(*letter)?);
            place.output = place.output.cat(transition.out);
            place.node = self.0.node(transition.addr);
        }
        Some(place)
    }

    /// The first terms that start with `prefix`, short ones before long ones as far as
    /// there is room.
    #[must_use]
    pub fn starting_with(&self, prefix: &[u8]) -> Near {
        let mut found = Near::default();
        let Some(place) = self.follow(self.start(), prefix) else { return found };
        // Nearer ends first: the fewer letters are missing, the more likely it is meant.
        for extra in [2, 5, MAX_WORD] {
            found.terms.clear();
            let extra = extra.min(MAX_WORD - prefix.len());
            self.complete(&place, extra, &mut found.terms);
            if found.terms.is_full() {
                break;
            }
        }
        found
    }

    /// Adds the terms below a place that have at most `extra` letters more.
    fn complete(&self, place: &Place<'_>, extra: usize, found: &mut ArrayVec<u32, MAX_NEAR>) {
        if let Some(term) = place.term()
            && found.try_push(term).is_err()
        {
            return;
        }
        if extra == 0 {
            return;
        }
        for transition in place.node.transitions() {
            if found.is_full() {
                return;
            }
            // Phrases are no words that go on.
            if transition.inp != b' ' {
                let node = self.0.node(transition.addr);
                let output = place.output.cat(transition.out);
                self.complete(&Place { node, output }, extra - 1, found);
            }
        }
    }

    /// Terms that differ from `word` by at most `slips` letters, the nearest of them: one
    /// letter more, less, other, or two in the wrong order. The first letter is taken to
    /// be right, or swapped with the second.
    #[must_use]
    pub fn similar(&self, word: &Word, slips: usize) -> Near {
        let mut walk = Slipping::new(self, word.as_bytes(), slips.min(MAX_SLIPS));
        walk.walk(&self.start(), State::new(), 0);
        walk.nearest()
    }

    /// How many places the search for similar terms comes to.
    #[cfg(test)]
    #[must_use]
    pub fn visits(&self, word: &Word, slips: usize) -> usize {
        let mut walk = Slipping::new(self, word.as_bytes(), slips);
        walk.walk(&self.start(), State::new(), 0);
        walk.visited
    }
}

/// How far the letters that were read may have come in a word: bit `n` is set if they
/// may be its first `n` letters.
#[derive(Clone, Copy)]
struct State {
    /// With at most so many slips.
    within: [u64; MAX_SLIPS + 1],
    /// The last letter was the next but one, which the next letter has to follow.
    swapped: [u64; MAX_SLIPS],
}

impl State {
    /// Nothing was read: each slip may have left out a letter.
    fn new() -> Self {
        Self { within: [0b1, 0b11, 0b111], swapped: [0; MAX_SLIPS] }
    }

    /// After one more letter, which the word has where `letter` has a bit. This is the
    /// automaton of the optimal string alignment distance, all its states at once.
    /// Wu, Manber, "Fast Text Searching Allowing Errors", CACM 1992; the swap is ours.
    fn after(self, letter: u64) -> Self {
        let mut next = Self { within: [0; MAX_SLIPS + 1], swapped: [0; MAX_SLIPS] };
        next.within[0] = (self.within[0] & letter) << 1;
        for slips in 1..=MAX_SLIPS {
            let (before, missing) = (self.within[slips - 1], next.within[slips - 1] << 1);
            let (more, other) = (before, before << 1);
            let swap = (self.swapped[slips - 1] & letter) << 2;
            next.within[slips] = (self.within[slips] & letter) << 1 | more | other | missing | swap;
            next.swapped[slips - 1] = before & letter >> 1;
        }
        next
    }
}

/// A walk over all terms within some slips of a word.
struct Slipping<'w, 'a> {
    terms: &'w Terms<'a>,
    word: &'w [u8],
    /// Where the word has a letter.
    letters: [u64; 256],
    slips: usize,
    visited: usize,
    found: ArrayVec<(u8, u32), MAX_NEAR>,
}

impl<'w, 'a> Slipping<'w, 'a> {
    fn new(terms: &'w Terms<'a>, word: &'w [u8], slips: usize) -> Self {
        let mut letters = [0; 256];
        for (at, letter) in word.iter().enumerate() {
            letters[usize::from(*letter)] |= 1 << at;
        }
        Self { terms, word, letters, slips, visited: 0, found: ArrayVec::new() }
    }

    fn walk(&mut self, place: &Place<'_>, state: State, depth: usize) {
        self.visited += 1;
        if let Some(term) = place.term() {
            self.reached(state, term);
        }
        if let Some(letters) = self.only(state) {
            for letter in letters {
                if let Some(at) = place.node.find_input(letter) {
                    self.step(place, place.node.transition(at), state, depth);
                }
            }
            return;
        }
        for transition in place.node.transitions() {
            let letter = transition.inp;
            if letter != b' ' && (depth > 0 || self.word.iter().take(2).any(|it| *it == letter)) {
                self.step(place, transition, state, depth);
            }
        }
    }

    fn step(&mut self, place: &Place<'_>, transition: Transition, state: State, depth: usize) {
        let next = state.after(self.letters[usize::from(transition.inp)]);
        if next.within[self.slips] & ((2 << self.word.len()) - 1) != 0 {
            let node = self.terms.0.node(transition.addr);
            let output = place.output.cat(transition.out);
            self.walk(&Place { node, output }, next, depth + 1);
        }
    }

    /// The letters that may come next where every slip was made already, in order.
    fn only(&self, state: State) -> Option<ArrayVec<u8, MAX_LETTERS>> {
        if self.slips == 0 || state.within[self.slips - 1] != 0 {
            return None;
        }
        let mut places = state.within[self.slips] | state.swapped[self.slips - 1];
        let mut letters = ArrayVec::new();
        while places != 0 {
            if let Some(letter) = self.word.get(places.trailing_zeros() as usize) {
                letters.try_push(*letter).ok()?;
            }
            places &= places - 1;
        }
        sort_few(&mut letters);
        let mut last = None;
        letters.retain(|letter| last.replace(*letter) != Some(*letter));
        Some(letters)
    }

    /// Keeps a term if the word may end there.
    fn reached(&mut self, state: State, term: u32) {
        let whole = |within: &u64| within >> self.word.len() & 1 == 1;
        let Some(slips) = state.within.iter().position(whole) else { return };
        let near = (slips as u8, term);
        if slips <= self.slips
            && self.found.try_push(near).is_err()
            && let Some(worst) = self.found.iter_mut().max_by_key(|it| it.0)
            && worst.0 > near.0
        {
            *worst = near;
        }
    }

    /// Those of the fewest slips.
    fn nearest(mut self) -> Near {
        sort_few(&mut self.found);
        let slips = self.found.first().map_or(0, |it| it.0);
        let nearest = self.found.iter().take_while(|it| it.0 == slips);
        Near { terms: nearest.map(|it| it.1).collect(), slips }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    fn texts(terms: &Terms<'_>, near: &Near) -> Vec<String> {
        near.terms.iter().map(|term| terms.text(*term).expect("a term")).collect()
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
        let found = terms.similar(&Word::new(word), slips);
        assert_eq!(texts(&terms, &found), expected);
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

    /// The distance as it is defined, without regard to the first letter.
    fn distance(a: &[u8], b: &[u8]) -> usize {
        let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                if i == 0 || j == 0 {
                    rows[i][j] = i + j;
                    continue;
                }
                let other = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut least = other.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(rows[i - 2][j - 2] + 1);
                }
                rows[i][j] = least;
            }
        }
        rows[a.len()][b.len()]
    }

    proptest! {
        #[test]
        fn slips_are_the_distance(word in "[abc]{2,8}", term in "[abc]{1,8}") {
            let near = distance(word.as_bytes(), term.as_bytes());
            let same_start = word.as_bytes()[..2].contains(&term.as_bytes()[0]);
            let bytes = dictionary(&[&term]);
            let found = Terms::new(&bytes).similar(&Word::new(&word), 2);
            let expected = (near <= 2 && same_start).then_some(near as u8);
            prop_assert_eq!(found.terms.first().map(|_| found.slips), expected);
        }
    }

    #[test]
    fn completes_prefixes_the_nearest_end_first() {
        let bytes = dictionary(&["kube", "kubectl", "kubernet", "kubernet pod", "kuma"]);
        let terms = Terms::new(&bytes);
        let texts = |prefix: &[u8]| texts(&terms, &terms.starting_with(prefix));
        assert_eq!(texts(b"kube"), ["kube", "kubectl", "kubernet"]);
        assert_eq!(texts(b"kubernetx"), [] as [&str; 0]);
    }
}
