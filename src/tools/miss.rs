//! Misses that teach: what was wrong, what is near, what to do next.

use std::borrow::Cow;
use std::fmt::Write;

use crate::model::Reply;

/// Nearest names that a miss shows.
pub(super) const MAX_NEAREST: usize = 5;
/// Longest part of a user's text that a miss repeats, in characters.
const MAX_REPEATED: usize = 80;

/// What was wrong with a call. Written as one JSON object; allocates, being rare.
#[derive(Debug)]
pub(super) struct Miss {
    error: String,
    lists: Vec<(&'static str, Vec<Cow<'static, str>>)>,
    not_found: Vec<Miss>,
    next: Cow<'static, str>,
}

impl Miss {
    pub(super) fn new(error: impl Into<String>) -> Self {
        Self {
            error: error.into(),
            lists: Vec::new(),
            not_found: Vec::new(),
            next: Cow::Borrowed(""),
        }
    }

    /// What to do next.
    pub(super) fn next(mut self, next: impl Into<Cow<'static, str>>) -> Self {
        self.next = next.into();
        self
    }

    /// The nearest names; nothing if there are none.
    pub(super) fn did_you_mean(
        self,
        names: impl IntoIterator<Item = impl Into<Cow<'static, str>>>,
    ) -> Self {
        self.allowed("didYouMean", names.into_iter().take(MAX_NEAREST))
    }

    /// All values that would do.
    pub(super) fn allowed(
        mut self,
        member: &'static str,
        names: impl IntoIterator<Item = impl Into<Cow<'static, str>>>,
    ) -> Self {
        let names: Vec<Cow<'static, str>> = names.into_iter().map(Into::into).collect();
        if !names.is_empty() {
            self.lists.push((member, names));
        }
        self
    }

    /// What was wrong with each part of a call.
    pub(super) fn not_found(mut self, parts: Vec<Self>) -> Self {
        self.not_found = parts;
        self
    }

    /// The JSON object, plain.
    pub(super) fn json(&self) -> String {
        let mut json = format!("{{\"error\":\"{}\"", escaped(&self.error));
        for (member, names) in &self.lists {
            let names: Vec<String> =
                names.iter().map(|name| format!("\"{}\"", escaped(name))).collect();
            write!(json, ",\"{member}\":[{}]", names.join(",")).expect("a String takes all");
        }
        if !self.not_found.is_empty() {
            write!(json, ",\"notFound\":[{}]", objects(&self.not_found))
                .expect("a String takes all");
        }
        if !self.next.is_empty() {
            write!(json, ",\"next\":\"{}\"", escaped(&self.next)).expect("a String takes all");
        }
        json.push('}');
        json
    }

    /// Writes the object as the inside of a JSON string.
    pub(super) fn push(&self, reply: &mut Reply) {
        reply.push_str(&escaped(&self.json()));
    }
}

/// Misses as the elements of a JSON array.
pub(super) fn objects(misses: &[Miss]) -> String {
    let objects: Vec<String> = misses.iter().map(Miss::json).collect();
    objects.join(",")
}

/// A user's text as a miss repeats it: the beginning of it.
pub(super) fn repeated(text: &str) -> Cow<'_, str> {
    if text.chars().count() <= MAX_REPEATED {
        return Cow::Borrowed(text);
    }
    let head: String = text.chars().take(MAX_REPEATED).collect();
    Cow::Owned(head + "…")
}

/// The inside of a JSON string.
pub(super) fn escaped(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_json_object() {
        let miss = Miss::new("no \"x\"").did_you_mean(["a", "b"]).next("try one");
        assert_eq!(miss.json(), r#"{"error":"no \"x\"","didYouMean":["a","b"],"next":"try one"}"#);
    }

    #[test]
    fn repeats_only_the_beginning_of_a_long_text() {
        assert_eq!(repeated(&"x".repeat(1000)).chars().count(), MAX_REPEATED + 1);
    }
}
