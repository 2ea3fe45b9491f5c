//! Views into JSON that [`Reader`] checked: nothing is built and nothing is copied.

use super::reader::{Reader, unicode_escape};

/// The kinds of JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    Text,
    Number,
    Literal,
}

/// One value of a text that was checked, without the space around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'a> {
    raw: &'a str,
    /// Whether it is a string with escapes.
    has_escapes: bool,
}

/// The inside of a string of a text that was checked, still escaped.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a> {
    raw: &'a str,
    has_escapes: bool,
}

impl<'a> Value<'a> {
    /// A view of a text that is one value.
    pub(super) fn new(text: &'a str) -> Self {
        Self { raw: text, has_escapes: text.starts_with('"') && text.contains('\\') }
    }

    /// A view of a string, which `text` is the inside of.
    pub(super) fn of_text(raw: &'a str, text: Text<'a>) -> Self {
        Self { raw, has_escapes: text.has_escapes }
    }

    pub(super) fn kind(self) -> Kind {
        match self.raw.as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::Text,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            _ => Kind::Literal,
        }
    }

    /// The JSON text of the value.
    pub(super) fn raw(self) -> &'a str {
        self.raw
    }

    pub(super) fn is_null(self) -> bool {
        self.raw == "null"
    }

    pub(super) fn is_object(self) -> bool {
        self.kind() == Kind::Object
    }

    /// The string that the value is, if it is one.
    pub(super) fn text(self) -> Option<Text<'a>> {
        let inside = self.raw.strip_prefix('"')?.strip_suffix('"')?;
        Some(Text::new(inside, self.has_escapes))
    }

    /// The members of an object, in order; nothing for any other kind.
    pub(super) fn members(self) -> Members<'a> {
        let rest = if self.is_object() { &self.raw[1..] } else { "" };
        Members { reader: Reader::new(rest) }
    }
}

/// Members of an object that was checked.
#[derive(Debug)]
pub(super) struct Members<'a> {
    reader: Reader<'a>,
}

impl<'a> Iterator for Members<'a> {
    type Item = (Text<'a>, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let reader = &mut self.reader;
        reader.eat(b',');
        let name = reader.string().ok()?;
        reader.expect(b':').ok()?;
        Some((name, reader.skip()))
    }
}

impl<'a> Text<'a> {
    /// A view of what stands between two quotes.
    pub(super) fn new(inside: &'a str, has_escapes: bool) -> Self {
        Self { raw: inside, has_escapes }
    }

    /// The string as it was sent: fit to stand inside a JSON string.
    pub(super) fn raw(self) -> &'a str {
        self.raw
    }

    /// The characters that the string means.
    pub(super) fn chars(self) -> impl Iterator<Item = char> + 'a {
        let mut rest = self.raw;
        std::iter::from_fn(move || {
            let first = rest.chars().next()?;
            let (decoded, len) =
                if first == '\\' { unescaped(rest.as_bytes()) } else { (first, first.len_utf8()) };
            rest = rest.get(len..).unwrap_or("");
            Some(decoded)
        })
    }

    pub(super) fn is(self, other: &str) -> bool {
        if self.has_escapes { self.chars().eq(other.chars()) } else { self.raw == other }
    }

    /// The string without escapes, written to `buffer` only if it has any. `None` if it
    /// does not fit: longer than any name that is known.
    pub(super) fn plain<'b, const N: usize>(
        self,
        buffer: &'b mut arrayvec::ArrayString<N>,
    ) -> Option<&'b str>
    where
        'a: 'b,
    {
        if !self.has_escapes {
            return Some(self.raw);
        }
        for character in self.chars() {
            buffer.try_push(character).ok()?;
        }
        Some(buffer)
    }
}

/// The character of the escape at the start of `bytes`, and its length.
fn unescaped(bytes: &[u8]) -> (char, usize) {
    let character = match bytes.get(1) {
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode_escape(bytes).unwrap_or((char::REPLACEMENT_CHARACTER, 6)),
        Some(other) => char::from(*other),
        None => char::REPLACEMENT_CHARACTER,
    };
    (character, 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::reader::MAX_DEPTH;

    #[test]
    fn views_members_in_order() {
        let text = r#" {"a" : [1,{"x":"]}"}] , "b\n":"}\"" ,"c":-1.0 }"#;
        let value = Reader::new(text).value(MAX_DEPTH).expect("it is JSON");
        let members: Vec<_> =
            value.members().map(|(name, value)| (name.raw(), value.raw())).collect();
        assert_eq!(members, [("a", r#"[1,{"x":"]}"}]"#), ("b\\n", r#""}\"""#), ("c", "-1.0")]);
    }

    #[test]
    fn compares_what_strings_mean() {
        let value = Reader::new(r#""p\u0069n\u0067\ud83d\ude00\/""#).value(1).expect("it is JSON");
        let text = value.text().expect("it is a string");
        assert!(text.is("ping😀/"));
        assert!(!text.is("ping"));
        assert_eq!(text.plain(&mut arrayvec::ArrayString::<16>::new()), Some("ping😀/"));
        assert_eq!(text.plain(&mut arrayvec::ArrayString::<4>::new()), None);
    }
}
