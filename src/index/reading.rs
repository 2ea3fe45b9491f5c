//! What the words of a query are in the dictionary, whatever is searched: each is looked
//! up once.

use std::ops::Range;

use arrayvec::ArrayVec;

use super::fold::{MAX_WORD, Word, followed, is_stop_word, stem};
use super::lexicon::Lexicon;
use super::meaning::Sum;
use super::query::{MAX_TERMS, Query};
use super::tables::Tables;
use super::terms::{Near, Terms};

/// Runs of words that are looked at; with more, sums of weights might not fit.
pub const MAX_RUNS: usize = 48;
/// Kinds that a query may name.
const MAX_KINDS: usize = 8;
/// Longest phrase, in words.
const MAX_PHRASE: usize = 4;
/// Shortest word that two words without weight are joined to.
const JOINED_STOPS_FROM: usize = 7;
/// Shortest word that is completed, and shortest half of a word that is split.
const PREFIX_FROM: usize = 2;
const HALF_FROM: usize = 4;
/// Letters from which on one and two slips are forgiven.
const ONE_SLIP_FROM: usize = 4;
const TWO_SLIPS_FROM: usize = 8;

/// Words that name a kind, one or two, as stems.
const KINDS: &[(&[u8], &[u8], &[u8])] = &[
    (b"condit", b"", b"=condition"),
    (b"internal", b"storag", b"=storage"),
    (b"log", b"exporter", b"=logExporter"),
    (b"runner", b"", b"=taskRunner"),
    (b"secret", b"backend", b"=secretManager"),
    (b"secret", b"manager", b"=secretManager"),
    (b"storag", b"backend", b"=storage"),
    (b"trigger", b"", b"=trigger"),
];

/// Words that stand beside each other and are one term.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    first: u8,
    count: u8,
    /// Whether the term is the words written as one, without blanks between them.
    pub joined: bool,
    /// The term.
    pub term: u32,
}

impl Run {
    fn new(words: Range<usize>, term: u32, joined: bool) -> Self {
        Self { first: words.start as u8, count: words.len() as u8, joined, term }
    }

    /// The words.
    #[must_use]
    pub fn words(&self) -> Range<usize> {
        usize::from(self.first)..usize::from(self.first + self.count)
    }
}

/// The two terms that a word may be.
pub type Halves = (u32, u32);

/// What a word that a source does not have may have been meant for. Each part is worked
/// out when a source asks for it.
#[derive(Debug, Default)]
struct Guess {
    word: usize,
    completed: Option<Near>,
    halves: Option<ArrayVec<Halves, MAX_WORD>>,
    corrected: Option<Near>,
}

/// Words that are guessed at in one query. Nobody makes more slips, and each costs as much
/// as a plain query.
const MAX_GUESSES: usize = 8;

/// Room for what is guessed; too large to be moved for every query.
#[derive(Debug, Default)]
pub struct Guesses(ArrayVec<Guess, MAX_GUESSES>);

/// A query and what its words are.
pub struct Reading<'t> {
    /// The query.
    pub query: &'t Query,
    /// The term of each word's stem.
    pub terms: ArrayVec<Option<u32>, MAX_TERMS>,
    /// Runs of words that are a term, by their first word.
    pub runs: ArrayVec<Run, MAX_RUNS>,
    /// Words that name a kind, and the term of the kind.
    pub kinds: ArrayVec<Run, MAX_KINDS>,
    /// What the words mean of which that is known.
    pub sum: Sum,
    /// The other words, a bit each.
    pub unread: u64,
    lexicon: Lexicon<'t>,
    dictionary: &'t Terms<'t>,
    guesses: &'t mut Guesses,
}

impl<'t> Reading<'t> {
    /// Looks the words of a query up in a dictionary, and what they mean.
    #[must_use]
    pub fn new(
        query: &'t Query,
        tables: &Tables<'t>,
        dictionary: &'t Terms<'t>,
        guesses: &'t mut Guesses,
    ) -> Self {
        let mut reading = Self {
            query,
            terms: ArrayVec::new(),
            runs: ArrayVec::new(),
            kinds: ArrayVec::new(),
            sum: Sum::default(),
            unread: 0,
            lexicon: tables.lexicon,
            dictionary,
            guesses,
        };
        for at in 0..query.words.len() {
            reading.word(at);
            reading.meaning(at, tables);
        }
        reading
    }

    /// Looks up a word, and the runs and kinds that begin with it.
    fn word(&mut self, at: usize) {
        let entry = self.lexicon.find(self.query.words[at].hash);
        self.terms.push(entry.term);
        if entry.begins {
            self.phrases(at);
        }
        self.joined(at);
        self.kind(at);
    }

    /// Adds what a word means.
    fn meaning(&mut self, at: usize, tables: &Tables<'_>) {
        let asked = &self.query.words[at];
        if asked.stop {
            return;
        }
        match self.terms[at].or_else(|| tables.others.term(asked.hash)) {
            Some(row) => self.sum.add(&tables.rows, row as usize),
            None => self.unread |= 1 << at,
        }
    }

    /// Phrases that begin with a word.
    fn phrases(&mut self, at: usize) {
        let words = &self.query.words[at..];
        let mut hash = words[0].hash;
        for (last, word) in words.iter().enumerate().take(MAX_PHRASE).skip(1) {
            hash = followed(hash, word.hash);
            if let Some(term) = self.lexicon.term(hash) {
                self.run(Run::new(at..at + last + 1, term, false));
            }
        }
    }

    /// A name written in one word that the query has in two.
    fn joined(&mut self, at: usize) {
        let [first, second, ..] = &self.query.words[at..] else { return };
        let joined = first.word.with(&second.word);
        // `for each` is `foreach`, but `for me` is no form.
        if first.stop && second.stop && joined.as_bytes().len() < JOINED_STOPS_FROM {
            return;
        }
        if let Some(term) = self.lexicon.term(stem(joined).hash()) {
            self.run(Run::new(at..at + 2, term, true));
        }
    }

    fn run(&mut self, run: Run) {
        // What does not fit is beyond what anybody asks.
        let _ = self.runs.try_push(run);
    }

    fn kind(&mut self, at: usize) {
        let stem = |at: usize| self.query.words.get(at).map_or(&[][..], |it| it.stem.as_bytes());
        let (first, second) = (stem(at), stem(at + 1));
        let named =
            |it: &&(&[u8], &[u8], &[u8])| it.0 == first && (it.1.is_empty() || it.1 == second);
        if let Some((_, more, kind)) = KINDS.iter().find(named)
            && let Some(term) = self.lexicon.term(Word::of_ascii(kind).hash())
        {
            let words = at..at + 1 + usize::from(!more.is_empty());
            let _ = self.kinds.try_push(Run::new(words, term, false));
        }
    }

    /// Terms that start with a word.
    pub fn completed(&mut self, at: usize) -> Near {
        let (prefix, dictionary) = (self.query.words[at].word, self.dictionary);
        let Some(guess) = self.guess(at) else { return Near::default() };
        let completed = guess.completed.get_or_insert_with(|| {
            let long = prefix.as_bytes().len() >= PREFIX_FROM;
            if long { dictionary.starting_with(prefix.as_bytes()) } else { Near::default() }
        });
        completed.clone()
    }

    /// Terms that differ from a word by a slip or two.
    pub fn corrected(&mut self, at: usize) -> Near {
        let (asked, dictionary) = (self.query.words[at], self.dictionary);
        let slips = match asked.word.as_bytes().len() {
            letters if letters < ONE_SLIP_FROM => return Near::default(),
            letters if letters < TWO_SLIPS_FROM => 1,
            _ => 2,
        };
        let Some(guess) = self.guess(at) else { return Near::default() };
        guess.corrected.get_or_insert_with(|| dictionary.similar(&asked.stem, slips)).clone()
    }

    /// Pairs of terms that a word is when it is split, by the length of the first.
    pub fn halves(&mut self, at: usize) -> &[Halves] {
        let (word, lexicon) = (self.query.words[at].word, self.lexicon);
        let Some(guess) = self.guess(at) else { return &[] };
        guess.halves.get_or_insert_with(|| halves(lexicon, word.as_bytes()))
    }

    /// What is guessed for a word, if there is room for it.
    fn guess(&mut self, word: usize) -> Option<&mut Guess> {
        let guesses = &mut self.guesses.0;
        let known = guesses.iter().position(|it| it.word == word);
        let at = known.unwrap_or(guesses.len());
        if at == guesses.len() {
            guesses.try_push(Guess { word, ..Guess::default() }).ok()?;
        }
        guesses.get_mut(at)
    }
}

/// Pairs of terms that a word is when it is split.
fn halves(lexicon: Lexicon<'_>, text: &[u8]) -> ArrayVec<Halves, MAX_WORD> {
    if !text.is_ascii() || text.len() < 2 * HALF_FROM {
        return ArrayVec::new();
    }
    let half = |half: &[u8]| {
        let term = lexicon.term(stem(Word::of_ascii(half)).hash());
        term.filter(|_| !is_stop_word(half))
    };
    let halves = |at: usize| Some((half(&text[..at])?, half(&text[at..])?));
    (HALF_FROM..=text.len() - HALF_FROM).filter_map(halves).collect()
}
