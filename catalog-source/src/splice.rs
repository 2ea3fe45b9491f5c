//! Texts as spans of what is stored already: dictionary coding of the kind of LZ77.
//!
//! A text is cut into spans that are in the store and spans that are new, so that the sum
//! of new bytes and of what the spans themselves cost is least. What a span costs is the
//! caller's to say: at the least its five bytes in the table, more where an answer should be
//! few spans, because each of them is copied by itself.

use crate::store::Text;

/// Bytes that are hashed to find where a text may be.
const WINDOW: usize = 12;
/// Of the store, windows at multiples of this are known: a span is found if it has
/// `WINDOW + STEP - 1` bytes.
const STEP: usize = 4;
/// Places with the same hash that are compared.
const MOST_TRIES: usize = 48;
/// Bits of the hash.
const BITS: u32 = 20;
/// A match of so many bytes is good enough: no better one is looked for inside of it.
const LONG: usize = 512;
/// No place.
const NONE: u32 = u32::MAX;

/// Where windows of bytes are in the store.
#[derive(Debug)]
pub(crate) struct Windows {
    /// Last window of each hash, as a multiple of [`STEP`].
    last: Vec<u32>,
    /// The window with the same hash before each.
    before: Vec<u32>,
}

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// It is in the store.
    Known(Text),
    /// So many bytes that are to be stored.
    New(usize),
}

impl Default for Windows {
    fn default() -> Self {
        Self { last: vec![NONE; 1 << BITS], before: Vec::new() }
    }
}

impl Windows {
    /// Takes up what was added to the store.
    pub(crate) fn update(&mut self, store: &[u8]) {
        loop {
            let at = self.before.len() * STEP;
            let Some(window) = store.get(at..at + WINDOW) else { return };
            let hash = hash(window);
            let number = self.before.len() as u32;
            self.before.push(std::mem::replace(&mut self.last[hash], number));
        }
    }

    /// Where the whole text is in the store, if it is found.
    pub(crate) fn find(&self, store: &[u8], text: &[u8]) -> Option<u32> {
        (0..STEP.min(text.len())).find_map(|ahead| {
            let window = text.get(ahead..ahead + WINDOW)?;
            self.places(window).find_map(|place| {
                let start = place.checked_sub(ahead)?;
                (store.get(start..start + text.len()) == Some(text)).then_some(start as u32)
            })
        })
    }

    /// Parts of a text, where each costs `price` bytes besides the bytes that are new.
    pub(crate) fn parse(&self, store: &[u8], text: &str, price: usize) -> Vec<Part> {
        let matches = self.matches(store, text.as_bytes());
        let count = text.len();
        // What the text costs from a byte on, if a part begins there and if it goes on.
        let mut begin = vec![0; count + 1];
        let mut inside = vec![0; count + 1];
        let mut taken = vec![0; count];
        for at in (0..count).rev() {
            inside[at] = 1 + inside[at + 1];
            if !text.is_char_boundary(at) {
                begin[at] = usize::MAX / 2;
                continue;
            }
            begin[at] = price + inside[at];
            let mut len = matches[at].1;
            while !text.is_char_boundary(at + len) {
                len -= 1;
            }
            if len > 0 && price + begin[at + len] <= begin[at] {
                begin[at] = price + begin[at + len];
                taken[at] = len;
            }
            inside[at] = inside[at].min(begin[at]);
        }
        let mut parts = Vec::new();
        let mut at = 0;
        while at < count {
            if taken[at] > 0 {
                let len = taken[at] as u32;
                parts.push(Part::Known(Text { start: matches[at].0, len }));
                at += taken[at];
                continue;
            }
            // New up to where beginning a part costs no more than going on.
            let end = (at + 1..count).find(|end| taken[*end] > 0 && begin[*end] <= inside[*end]);
            let end = end.unwrap_or(count);
            parts.push(Part::New(end - at));
            at = end;
        }
        parts
    }

    /// The longest span of the store that each byte of a text begins, where and how long.
    fn matches(&self, store: &[u8], text: &[u8]) -> Vec<(u32, usize)> {
        let mut best = vec![(0, 0); text.len()];
        for at in 0..text.len() {
            if at > 0 && best[at - 1].1 > best[at].1 + 1 {
                best[at] = (best[at - 1].0 + 1, best[at - 1].1 - 1);
            }
            if best[at].1 > LONG {
                continue;
            }
            let Some(window) = text.get(at..at + WINDOW) else { continue };
            for place in self.places(window) {
                // Longer than what is known only if it has the byte after that, too.
                let known = best[at].1;
                if known > 0 && store.get(place + known) != text.get(at + known) {
                    continue;
                }
                let len = same(&store[place..], &text[at..]);
                // A span may begin before the window that it was found by.
                for back in 0..STEP.min(at + 1).min(place + 1) {
                    if back > 0 && store[place - back] != text[at - back] {
                        break;
                    }
                    if len >= WINDOW && len + back > best[at - back].1 {
                        best[at - back] = ((place - back) as u32, len + back);
                    }
                }
            }
        }
        best
    }

    fn places(&self, window: &[u8]) -> impl Iterator<Item = usize> {
        let known = |number: u32| (number != NONE).then_some(number);
        let first = known(self.last[hash(window)]);
        let all = std::iter::successors(first, move |it| known(self.before[*it as usize]));
        all.take(MOST_TRIES).map(|number| number as usize * STEP)
    }
}

/// How many bytes two texts begin with alike.
fn same(a: &[u8], b: &[u8]) -> usize {
    let blocks = a.chunks_exact(32).zip(b.chunks_exact(32)).take_while(|(a, b)| a == b).count();
    let from = blocks * 32;
    from + a[from..].iter().zip(&b[from..]).take_while(|(a, b)| a == b).count()
}

fn hash(window: &[u8]) -> usize {
    let hash = window.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    (hash ^ hash >> 32) as usize & ((1 << BITS) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORE: &str = "the quick brown fox jumps over the lazy dog; à la carte, déjà vu";

    fn parts(text: &str, price: usize) -> Vec<Part> {
        let mut windows = Windows::default();
        windows.update(STORE.as_bytes());
        windows.parse(STORE.as_bytes(), text, price)
    }

    fn known(text: &str) -> Part {
        let start = STORE.find(text).expect("it is there") as u32;
        Part::Known(Text { start, len: text.len() as u32 })
    }

    #[test]
    fn takes_what_is_stored() {
        let text = "A quick brown fox jumps and then over the lazy dog;!";
        let expected = [
            Part::New(1),
            known(" quick brown fox jumps "),
            Part::New(8),
            known(" over the lazy dog;"),
            Part::New(1),
        ];
        assert_eq!(parts(text, 6), expected);
        assert_eq!(parts(text, 100), [Part::New(text.len())]);
        assert_eq!(parts(STORE, 6), [known(STORE)]);
    }

    #[test]
    fn cuts_between_characters() {
        // `é` and `è` begin with the same byte.
        assert_eq!(parts("; à la carte, dè", 1), [known("; à la carte, d"), Part::New(2)]);
    }

    #[test]
    fn finds_whole_texts() {
        let mut windows = Windows::default();
        windows.update(STORE.as_bytes());
        for start in 0..8 {
            let text = &STORE.as_bytes()[start..start + 20];
            assert_eq!(windows.find(STORE.as_bytes(), text), Some(start as u32));
        }
        assert_eq!(windows.find(STORE.as_bytes(), b"the quick brown cat"), None);
    }
}
