//! Arguments of a call, read in place: names in any spelling, values in any form that
//! can only mean one thing.

use std::borrow::Cow;
use std::fmt;

use arrayvec::ArrayVec;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::miss::Miss;
use super::{Parameter, Takes};
use crate::model::Reply;

/// No tool has more parameters.
const MAX_PARAMETERS: usize = 8;
/// Unknown names that an answer repeats.
const MAX_UNKNOWN: usize = 8;
/// Entries of the longest list that a tool takes.
pub(super) const MAX_LIST: usize = 32;

/// Arguments by parameter.
#[derive(Debug)]
pub(super) struct Arguments<'a> {
    parameters: &'static [Parameter],
    values: [Option<Given<'a>>; MAX_PARAMETERS],
    unknown: ArrayVec<&'a str, MAX_UNKNOWN>,
}

#[derive(Clone, Copy, Debug)]
struct Given<'a> {
    json: &'a str,
    /// By the canonical name, which an alias never overrides.
    canonical: bool,
}

impl<'a> Arguments<'a> {
    /// Reads the JSON text of an object; nothing and `null` are an empty one. `None` if
    /// it is anything else.
    pub(super) fn parse(parameters: &'static [Parameter], json: &'a str) -> Option<Self> {
        let mut arguments =
            Self { parameters, values: [None; MAX_PARAMETERS], unknown: ArrayVec::new() };
        let json = json.trim();
        if json.is_empty() || json == "null" {
            return Some(arguments);
        }
        let mut reader = serde_json::Deserializer::from_str(json);
        reader.deserialize_map(Members(&mut arguments)).ok()?;
        Some(arguments)
    }

    fn take(&mut self, name: &'a str, json: &'a str) {
        let found = self.parameters.iter().enumerate().find_map(|(n, parameter)| {
            if same_name(name, parameter.name) {
                return Some((n, true));
            }
            let alias = parameter.aliases.iter().any(|alias| same_name(name, alias));
            alias.then_some((n, false))
        });
        let Some((n, canonical)) = found else {
            let _ = self.unknown.try_push(name);
            return;
        };
        if json != "null" && self.values[n].is_none_or(|known| canonical && !known.canonical) {
            self.values[n] = Some(Given { json, canonical });
        }
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        let n = self.parameters.iter().position(|parameter| parameter.name == name)?;
        self.values[n].map(|given| given.json)
    }

    /// Hash of everything that a cursor depends on.
    pub(super) fn hash(&self) -> u64 {
        let mut text = super::cursor::Hash::default();
        for (parameter, value) in self.parameters.iter().zip(&self.values) {
            if !matches!(parameter.name, "cursor" | "limit")
                && let Some(given) = value
            {
                text.add(parameter.name.as_bytes());
                text.add(given.json.as_bytes());
            }
        }
        text.finish()
    }

    /// A string, or a number or truth value as its text; blanks count as nothing.
    pub(super) fn text(&self, name: &str) -> Result<Option<Cow<'a, str>>, Miss> {
        let Some(json) = self.get(name) else { return Ok(None) };
        let text = match json.as_bytes().first() {
            Some(b'"') => string(json),
            Some(b'[') => {
                let mut list = self.list(name)?;
                if list.len() > 1 {
                    return Err(self.wrong(name, "takes one value, not a list"));
                }
                list.pop()
            }
            Some(b'{') => return Err(self.wrong(name, "takes text, not an object")),
            _ => Some(Cow::Borrowed(json)),
        };
        let text = text.map(|text| match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        });
        Ok(text.filter(|text| !text.is_empty()))
    }

    /// A string as it was given, blanks and all; an object as its JSON.
    pub(super) fn untrimmed(&self, name: &str) -> Result<Option<Cow<'a, str>>, Miss> {
        let Some(json) = self.get(name) else { return Ok(None) };
        match json.as_bytes().first() {
            Some(b'"') => Ok(string(json)),
            Some(b'{') => Ok(Some(Cow::Borrowed(json))),
            _ => self.text(name),
        }
    }

    /// The same, where a call makes no sense without it. `example` is one value.
    pub(super) fn required(&self, name: &str, example: &str) -> Result<Cow<'a, str>, Miss> {
        self.text(name)?.ok_or_else(|| missing(name, example))
    }

    /// A list of strings: an array, an array written as a string, or a string with commas.
    pub(super) fn list(&self, name: &str) -> Result<ArrayVec<Cow<'a, str>, MAX_LIST>, Miss> {
        let mut list = ArrayVec::new();
        let Some(json) = self.get(name) else { return Ok(list) };
        let whole = match json.as_bytes().first() {
            Some(b'[') => return self.array(name, json),
            Some(b'{') => return Err(self.wrong(name, "takes a list, not an object")),
            Some(b'"') => string(json).unwrap_or_default(),
            _ => Cow::Borrowed(json),
        };
        if whole.trim_start().starts_with('[')
            && let Ok(values) = serde_json::from_str::<Vec<String>>(&whole)
        {
            for value in values {
                self.add(name, &mut list, Cow::Owned(value))?;
            }
            return Ok(list);
        }
        match whole {
            Cow::Borrowed(text) => {
                for part in text.split(',') {
                    self.add(name, &mut list, Cow::Borrowed(part))?;
                }
            }
            Cow::Owned(text) => {
                for part in text.split(',') {
                    self.add(name, &mut list, Cow::Owned(part.to_owned()))?;
                }
            }
        }
        Ok(list)
    }

    fn array(&self, name: &str, json: &'a str) -> Result<ArrayVec<Cow<'a, str>, MAX_LIST>, Miss> {
        let mut list = ArrayVec::new();
        let mut too_long = false;
        let mut wrong = false;
        let mut reader = serde_json::Deserializer::from_str(json);
        let read = reader.deserialize_seq(Items(&mut |item: &'a str| {
            let value = match item.as_bytes().first() {
                Some(b'"') => string(item).unwrap_or_default(),
                Some(b'[' | b'{') => {
                    wrong = true;
                    return;
                }
                _ => Cow::Borrowed(item),
            };
            if item != "null" && !value.trim().is_empty() {
                too_long |= list.try_push(trimmed(value)).is_err();
            }
        }));
        if wrong || read.is_err() {
            return Err(self.wrong(name, "takes a list of texts"));
        }
        if too_long {
            return Err(self.wrong(name, &format!("takes at most {MAX_LIST} entries")));
        }
        Ok(list)
    }

    fn add(
        &self,
        name: &str,
        list: &mut ArrayVec<Cow<'a, str>, MAX_LIST>,
        value: Cow<'a, str>,
    ) -> Result<(), Miss> {
        if value.trim().is_empty() {
            return Ok(());
        }
        list.try_push(trimmed(value))
            .map_err(|_| self.wrong(name, &format!("takes at most {MAX_LIST} entries")))
    }

    /// A whole number from 1 on, at most `most`: more is `most`.
    pub(super) fn number(&self, name: &str, most: usize) -> Result<Option<usize>, Miss> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let whole = text.strip_suffix(".0").unwrap_or(&text);
        match whole.parse::<u64>() {
            Ok(number) if number > 0 => Ok(Some(usize::try_from(number).unwrap_or(most).min(most))),
            _ => Err(self.wrong(name, &format!("takes a whole number from 1 to {most}"))),
        }
    }

    /// A truth value.
    pub(super) fn flag(&self, name: &str) -> Result<bool, Miss> {
        let Some(text) = self.text(name)? else { return Ok(false) };
        for (word, value) in [
            ("true", true),
            ("1", true),
            ("yes", true),
            ("false", false),
            ("0", false),
            ("no", false),
        ] {
            if text.eq_ignore_ascii_case(word) {
                return Ok(value);
            }
        }
        Err(self.wrong(name, "takes true or false"))
    }

    fn wrong(&self, name: &str, what: &str) -> Miss {
        let takes = self.parameters.iter().find(|it| it.name == name).map(|it| it.takes);
        let example = match takes {
            Some(Takes::Number) => "10",
            Some(Takes::Flag) => "true",
            Some(Takes::List) => "[\"a\",\"b\"]",
            _ => "\"a text\"",
        };
        Miss::new(format!("`{name}` {what}")).next(format!("for example {name}: {example}"))
    }

    /// Names the arguments that no tool of this name takes.
    pub(super) fn push_ignored(&self, reply: &mut Reply) {
        for (n, name) in self.unknown.iter().enumerate() {
            reply.push_static(if n == 0 { r#",\"ignored\":[\""# } else { r#",\""# });
            // Twice inside a string; a name of letters, the usual case, stays as it is.
            if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.$".contains(&byte)) {
                reply.push_str(name);
            } else {
                reply.push_str(&super::miss::escaped(&super::miss::escaped(name)));
            }
            reply.push_static(r#"\""#);
        }
        if !self.unknown.is_empty() {
            reply.push_static("]");
        }
    }
}

/// A call that cannot be answered without an argument.
pub(super) fn missing(name: &str, example: &str) -> Miss {
    Miss::new(format!("`{name}` is missing"))
        .next(format!("give it, for example {name}: {example}"))
}

fn trimmed(value: Cow<'_, str>) -> Cow<'_, str> {
    match value {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// The text of a JSON string, borrowed where nothing is escaped.
fn string(json: &str) -> Option<Cow<'_, str>> {
    let inside = json.strip_prefix('"')?.strip_suffix('"')?;
    if inside.contains('\\') {
        return serde_json::from_str(json).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(inside))
}

/// Whether two names are one: case, `_` and `-` do not count.
fn same_name(given: &str, name: &str) -> bool {
    given == name || letters(given).eq(letters(name))
}

/// The letters of a name that tell it from others.
fn letters(name: &str) -> impl Iterator<Item = u8> + '_ {
    let kept = name.bytes().filter(|byte| !matches!(byte, b'_' | b'-'));
    kept.map(|byte| byte.to_ascii_lowercase())
}

struct Members<'b, 'a>(&'b mut Arguments<'a>);

impl<'a> Visitor<'a> for Members<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut members: M) -> Result<(), M::Error> {
        while let Some(name) = members.next_key::<&'a RawValue>()? {
            let value = members.next_value::<&'a RawValue>()?.get();
            let name = name.get();
            let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
            self.0.take(name.ok_or_else(|| M::Error::custom("a name"))?, value);
        }
        Ok(())
    }
}

struct Items<'b, 'a>(&'b mut dyn FnMut(&'a str));

impl<'a> Visitor<'a> for Items<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<S: serde::de::SeqAccess<'a>>(self, mut items: S) -> Result<(), S::Error> {
        while let Some(item) = items.next_element::<&'a RawValue>()? {
            (self.0)(item.get());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::parameters::{KESTRA, LIMIT, QUERY};
    use super::*;

    static PARAMETERS: &[Parameter] = &[
        QUERY,
        LIMIT,
        KESTRA,
        Parameter {
            name: "tags",
            aliases: &["tag"],
            takes: Takes::List,
            required: false,
            help: "",
        },
        Parameter { name: "all", aliases: &[], takes: Takes::Flag, required: false, help: "" },
    ];

    fn parse(json: &str) -> Arguments<'_> {
        Arguments::parse(PARAMETERS, json).expect("an object")
    }

    #[test]
    fn names_are_known_in_any_spelling() {
        for json in [
            r#"{"query":"a"}"#,
            r#"{"Query":"a"}"#,
            r#"{"q":"a"}"#,
            r#"{"q":"b","query":"a"}"#,
            r#"{"query":"a","KEYWORDS":"b"}"#,
            r#"{"query":null,"text":"a"}"#,
        ] {
            assert_eq!(parse(json).text("query").expect("text").as_deref(), Some("a"), "{json}");
        }
        let version = parse(r#"{"kestra_version":1.3}"#);
        assert_eq!(version.text("kestra").expect("text").as_deref(), Some("1.3"));
    }

    #[test]
    fn values_are_coerced_where_they_mean_one_thing() {
        assert_eq!(parse(r#"{"limit":"10"}"#).number("limit", 50).expect("number"), Some(10));
        assert_eq!(parse(r#"{"limit":10.0}"#).number("limit", 50).expect("number"), Some(10));
        assert_eq!(parse(r#"{"limit":900}"#).number("limit", 50).expect("number"), Some(50));
        assert!(parse(r#"{"limit":0}"#).number("limit", 50).is_err());
        assert!(parse(r#"{"limit":"ten"}"#).number("limit", 50).is_err());
        assert!(parse(r#"{"all":"True"}"#).flag("all").expect("flag"));
        assert!(parse(r#"{"all":"perhaps"}"#).flag("all").is_err());
        for json in [r#"{"tags":"a, b"}"#, r#"{"tag":["a","b"]}"#, r#"{"tags":"[\"a\",\"b\"]"}"#] {
            let list = parse(json).list("tags").expect("list");
            assert_eq!(list.as_slice(), ["a", "b"], "{json}");
        }
    }

    #[test]
    fn only_objects_are_arguments() {
        assert!(Arguments::parse(PARAMETERS, "[]").is_none());
        assert!(Arguments::parse(PARAMETERS, "\"a\"").is_none());
        assert!(Arguments::parse(PARAMETERS, "null").is_some());
        assert!(Arguments::parse(PARAMETERS, "").is_some());
    }

    #[test]
    fn unknown_names_are_told_once() {
        let mut reply = Reply::new();
        parse(r#"{"foo":1,"b\"r":2}"#).push_ignored(&mut reply);
        let text = String::from_utf8(reply.into_vec()).expect("UTF-8");
        let json: String = serde_json::from_str(&format!("\"{{{}}}\"", &text[1..])).expect("text");
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(json["ignored"][0], "foo");
    }
}
