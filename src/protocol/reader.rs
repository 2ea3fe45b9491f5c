//! JSON checked in one pass from the left.
//!
//! A general parser is not used here because none at hand keeps an id byte for byte, sees
//! a repeated member, refuses a lone surrogate inside a part that is skipped, and does it
//! without allocating (section 7, J1 to J3).

use super::json::{Text, Value};

/// Levels of nesting that are read, as in `serde_json`.
pub(super) const MAX_DEPTH: u32 = 128;

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is not JSON, or holds a number that no double can.
    Syntax,
    /// It is nested deeper than [`MAX_DEPTH`].
    TooDeep,
}

/// Reads a text from the left and checks what it passes.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next byte that is not space, not passed.
    pub(super) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// Passes `byte` if it is next.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Passes `byte`.
    pub(super) fn expect(&mut self, byte: u8) -> Result<(), Fault> {
        if self.eat(byte) { Ok(()) } else { Err(Fault::Syntax) }
    }

    /// Where the reader stands, to come back to.
    pub(super) fn mark(&self) -> usize {
        self.at
    }

    pub(super) fn reset(&mut self, mark: usize) {
        self.at = mark;
    }

    /// What is left after the bracket that is next.
    pub(super) fn rest_after_bracket(&self) -> &'a str {
        self.text.get(self.at + 1..).unwrap_or("")
    }

    /// The value that was passed since `mark`.
    pub(super) fn value_from(&self, mark: usize) -> Value<'a> {
        Value::new(&self.text[mark..self.at])
    }

    /// Nothing but space may be left.
    pub(super) fn end(&mut self) -> Result<(), Fault> {
        if self.peek().is_none() { Ok(()) } else { Err(Fault::Syntax) }
    }

    /// Passes one value that may nest `depth` levels.
    pub(super) fn value(&mut self, depth: u32) -> Result<Value<'a>, Fault> {
        let first = self.peek();
        let start = self.at;
        match first {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => {
                let text = self.string()?;
                return Ok(Value::of_text(&self.text[start..self.at], text));
            }
            Some(b'-' | b'0'..=b'9') => self.finite_number()?,
            _ => self.literal()?,
        }
        Ok(self.value_from(start))
    }

    /// Passes a number of any size: what an id may be (J1).
    pub(super) fn any_number(&mut self) -> Result<Value<'a>, Fault> {
        let start = self.at;
        self.number()?;
        Ok(self.value_from(start))
    }

    /// Passes one value by its brackets alone, for what is refused anyway.
    pub(super) fn skip(&mut self) -> Value<'a> {
        self.peek();
        let start = self.at;
        self.at = skip_value(self.text.as_bytes(), start);
        self.value_from(start)
    }

    /// Passes a string.
    pub(super) fn string(&mut self) -> Result<Text<'a>, Fault> {
        self.expect(b'"')?;
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut has_escapes = false;
        loop {
            self.at += plain_bytes(&bytes[self.at..]);
            match bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                _ => return Err(Fault::Syntax),
            }
            has_escapes = true;
        }
        self.at += 1;
        Ok(Text::new(&self.text[start..self.at - 1], has_escapes))
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let bytes = self.text.as_bytes();
        match bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                let (_, len) = unicode_escape(&bytes[self.at..]).ok_or(Fault::Syntax)?;
                self.at += len;
            }
            _ => return Err(Fault::Syntax),
        }
        Ok(())
    }

    fn object(&mut self, depth: u32) -> Result<(), Fault> {
        self.members(depth, |reader, _, depth| reader.value(depth).map(drop))
    }

    /// Passes an object. `member` is called with the name of each member and the depth
    /// that is left, and has to pass its value.
    pub(super) fn members(
        &mut self,
        depth: u32,
        mut member: impl FnMut(&mut Self, Text<'a>, u32) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let depth = depth.checked_sub(1).ok_or(Fault::TooDeep)?;
        self.expect(b'{')?;
        if self.eat(b'}') {
            return Ok(());
        }
        loop {
            let name = self.string()?;
            self.expect(b':')?;
            member(self, name, depth)?;
            if !self.eat(b',') {
                return self.expect(b'}');
            }
        }
    }

    fn array(&mut self, depth: u32) -> Result<(), Fault> {
        let depth = depth.checked_sub(1).ok_or(Fault::TooDeep)?;
        self.expect(b'[')?;
        if self.eat(b']') {
            return Ok(());
        }
        loop {
            self.value(depth)?;
            if !self.eat(b',') {
                return self.expect(b']');
            }
        }
    }

    fn literal(&mut self) -> Result<(), Fault> {
        let rest = &self.text.as_bytes()[self.at..];
        let word =
            [&b"true"[..], b"false", b"null"].into_iter().find(|word| rest.starts_with(word));
        self.at += word.ok_or(Fault::Syntax)?.len();
        Ok(())
    }

    fn finite_number(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let scaled = self.number()?;
        let token = &self.text[start..self.at];
        // 308 digits always fit a double; only longer or scaled ones need a look.
        if (scaled || token.len() > 308) && !token.parse::<f64>().is_ok_and(f64::is_finite) {
            return Err(Fault::Syntax);
        }
        Ok(())
    }

    /// Passes a number; true if it has an exponent.
    fn number(&mut self) -> Result<bool, Fault> {
        let bytes = self.text.as_bytes();
        self.at += usize::from(bytes.get(self.at) == Some(&b'-'));
        if bytes.get(self.at) == Some(&b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        let scaled = matches!(bytes.get(self.at), Some(b'e' | b'E'));
        if scaled {
            self.at += 1;
            self.at += usize::from(matches!(bytes.get(self.at), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(scaled)
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while self.text.as_bytes().get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(Fault::Syntax) }
    }
}

/// How many bytes come before the first that means something in a string: a quote, a
/// backslash or a control character. Eight bytes are looked at together.
fn plain_bytes(bytes: &[u8]) -> usize {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    // The top bit of each byte that is less than `limit`; above the first such byte the
    // subtraction may borrow, but the first is what counts.
    let less = |word: u64, limit: u64| word.wrapping_sub(EACH * limit) & !word & (EACH << 7);
    let mut at = 0;
    while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*word);
        let quotes = less(word ^ (EACH * u64::from(b'"')), 1);
        let found = less(word, 0x20) | quotes | less(word ^ (EACH * u64::from(b'\\')), 1);
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | ..0x20);
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(special).unwrap_or(rest.len())
}

/// The end of the value that starts at `at`, found by quotes and brackets.
fn skip_value(bytes: &[u8], mut at: usize) -> usize {
    let mut open = 0_usize;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = skip_string(bytes, at),
            b'{' | b'[' => {
                open += 1;
                at += 1;
            }
            b'}' | b']' if open > 0 => {
                open -= 1;
                at += 1;
            }
            b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n' if open == 0 => return at,
            _ => {
                at += 1;
                if open == 0 {
                    continue;
                }
            }
        }
        if open == 0 {
            return at;
        }
    }
    at
}

/// The byte after the string that starts at `at`.
fn skip_string(bytes: &[u8], mut at: usize) -> usize {
    at += 1;
    loop {
        at += plain_bytes(bytes.get(at..).unwrap_or_default());
        match bytes.get(at) {
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return bytes.len(),
        }
    }
}

/// The character of a `\u` escape at the start of `bytes`, and its length: 6, or 12 for
/// a pair of surrogates. `None` for a lone one.
pub(super) fn unicode_escape(bytes: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits
            .iter()
            .try_fold(0_u32, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
    };
    let first = unit(0)?;
    if let Some(character) = char::from_u32(first) {
        return Some((character, 6));
    }
    let second = unit(6)?;
    if !(0xD800..0xDC00).contains(&first) || !(0xDC00..0xE000).contains(&second) {
        return None;
    }
    let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
    Some((char::from_u32(code)?, 12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<(), Fault>) {
        let mut reader = Reader::new(text);
        let found = reader.value(MAX_DEPTH).map(drop).and_then(|()| reader.end());
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn takes_what_is_json() {
        for text in [
            "null",
            " [ ] ",
            "{}",
            r#"{"a":[1,-0,1.5e3,0.0],"b":{"c":"\u00e9\ud83d\ude00\n"}}"#,
            "18446744073709551616",
            "\"\u{7f}é\"",
        ] {
            check(text, Ok(()));
        }
    }

    #[test]
    fn refuses_what_is_not() {
        for text in [
            "",
            "nul",
            "[1,]",
            "{,}",
            "{\"a\"}",
            "{\"a\":1,}",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "NaN",
            "1e400",
            "-1e999",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\ud800x\"",
            "\"\\x\"",
            "\"\t\"",
            "\"",
            "[1 2]",
            "1 1",
            "'a'",
            "{a:1}",
            "\u{feff}1",
            "truee",
        ] {
            check(text, Err(Fault::Syntax));
        }
        check(&"9".repeat(400), Err(Fault::Syntax));
    }

    #[test]
    fn sees_every_byte_that_means_something() {
        for len in 0..20 {
            let mut bytes = vec![b'a'; len];
            assert_eq!(plain_bytes(&bytes), len);
            for at in 0..len {
                for byte in 0..=255 {
                    bytes[at] = byte;
                    let means = matches!(byte, b'"' | b'\\' | ..0x20);
                    assert_eq!(plain_bytes(&bytes), if means { at } else { len }, "{byte} at {at}");
                }
                bytes[at] = 0x80;
            }
        }
    }

    #[test]
    fn counts_levels() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        check(&nested(128), Ok(()));
        check(&nested(129), Err(Fault::TooDeep));
        check(&"[".repeat(100_000), Err(Fault::TooDeep));
    }
}
