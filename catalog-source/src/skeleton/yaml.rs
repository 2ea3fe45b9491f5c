//! A little YAML, written so that people can go on from it.

use std::fmt::Write;

/// A value to write.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Yaml {
    /// A scalar, in the form in which it is written.
    Scalar(String),
    /// A list.
    List(Vec<Yaml>),
    /// A map.
    Map(Vec<(String, Yaml)>),
    /// Lines of comment, which stand among the members of a map.
    Comment(String),
}

impl Yaml {
    /// A text, quoted where it must be.
    pub(super) fn text(text: &str) -> Self {
        let plain = text.starts_with(|it: char| it.is_ascii_alphabetic())
            && text.chars().all(|it| it.is_ascii_alphanumeric() || "_-./ ".contains(it))
            && !text.ends_with(' ')
            && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
                .iter()
                .any(|it| it.eq_ignore_ascii_case(text));
        Self::Scalar(if plain { text.to_owned() } else { crate::json::quoted(text) })
    }

    /// A JSON value.
    pub(super) fn json(value: &serde_json::Value) -> Self {
        value.as_str().map_or_else(|| Self::Scalar(value.to_string()), Self::text)
    }

    /// The value as lines, the last with its line feed.
    pub(super) fn lines(&self) -> String {
        let mut out = String::new();
        match self {
            Self::Map(members) => write_map(members, 0, &mut out),
            Self::List(items) => write_list(items, 0, &mut out),
            other => writeln!(out, "{}", other.flow()).expect(TAKES_ALL),
        }
        out
    }

    /// The value in one line.
    pub(super) fn flow(&self) -> String {
        match self {
            Self::Scalar(text) => text.clone(),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::flow).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Map(members) => {
                let members: Vec<String> = members
                    .iter()
                    .filter(|(_, value)| !matches!(value, Self::Comment(_)))
                    .map(|(key, value)| format!("{key}: {}", value.flow()))
                    .collect();
                format!("{{{}}}", members.join(", "))
            }
            Self::Comment(_) => String::new(),
        }
    }

    fn is_block(&self) -> bool {
        match self {
            Self::List(items) => !items.is_empty(),
            Self::Map(members) => !members.is_empty(),
            _ => false,
        }
    }
}

const TAKES_ALL: &str = "a String takes all";

fn write_map(members: &[(String, Yaml)], indent: usize, out: &mut String) {
    for (key, value) in members {
        match value {
            Yaml::Comment(text) => writeln!(out, "{:indent$}# {text}", ""),
            value if value.is_block() => writeln!(out, "{:indent$}{key}:", ""),
            value => writeln!(out, "{:indent$}{key}: {}", "", value.flow()),
        }
        .expect(TAKES_ALL);
        match value {
            Yaml::Map(inner) => write_map(inner, indent + 2, out),
            Yaml::List(items) => write_list(items, indent + 2, out),
            _ => {}
        }
    }
}

fn write_list(items: &[Yaml], indent: usize, out: &mut String) {
    for item in items {
        match item {
            Yaml::Map(members) if !members.is_empty() => {
                let mut inner = String::new();
                write_map(members, indent + 2, &mut inner);
                write!(out, "{:indent$}- {}", "", inner.trim_start()).expect(TAKES_ALL);
            }
            other => writeln!(out, "{:indent$}- {}", "", other.flow()).expect(TAKES_ALL),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_blocks() {
        let item = Yaml::Map(vec![
            ("id".into(), Yaml::text("a")),
            ("on".into(), Yaml::List(vec![Yaml::text("true"), Yaml::List(vec![])])),
        ]);
        let value = Yaml::Map(vec![
            ("tasks".into(), Yaml::List(vec![item.clone()])),
            (String::new(), Yaml::Comment("more: 1".into())),
            ("none".into(), Yaml::Map(vec![])),
        ]);
        let text =
            "tasks:\n  - id: a\n    on:\n      - \"true\"\n      - []\n# more: 1\nnone: {}\n";
        assert_eq!(value.lines(), text);
        assert_eq!(item.flow(), "{id: a, on: [\"true\", []]}");
    }
}
