//! What Kestra's servers do that no schema tells: `facts/server.json`.

use serde::Deserialize;

use crate::facts::Properties;

/// `facts/server.json`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerFacts {
    /// Properties that servers take though the schema of the class lacks them.
    pub accepted: Vec<Accepted>,
    /// Properties, `class.property`, that are plain fields though they look like those
    /// that are read when the task runs.
    pub typed: Vec<String>,
    /// Required properties, of every class or `class.property`, that servers do without:
    /// their default is in no schema, or the public examples of the class leave them out.
    pub defaulted: Vec<String>,
}

/// One rule of what is accepted; it holds where all of its conditions do.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// For this class.
    #[serde(default)]
    class: Option<String>,
    /// For classes of this base class.
    #[serde(default)]
    base: Option<String>,
    /// For classes that have this property.
    #[serde(default)]
    having: Option<String>,
    /// In this line.
    #[serde(default)]
    line: Option<String>,
    /// The properties.
    also: Vec<String>,
}

impl ServerFacts {
    /// Whether servers do without a property that a class requires.
    pub(super) fn is_defaulted(&self, class: &str, property: &str) -> bool {
        self.defaulted.iter().any(|it| {
            let of_class = it.strip_prefix(class).and_then(|it| it.strip_prefix('.'));
            it == property || of_class == Some(property)
        })
    }

    /// Further properties that servers take for a class.
    pub(super) fn also(
        &self,
        class: &str,
        base: &str,
        line: &str,
        properties: &Properties,
    ) -> Vec<&str> {
        let holds = |rule: &&Accepted| {
            let is = |wanted: &Option<String>, value: &str| {
                wanted.as_ref().is_none_or(|wanted| wanted == value)
            };
            let has = rule.having.as_ref().is_none_or(|name| properties.contains_key(name));
            is(&rule.class, class) && is(&rule.base, base) && is(&rule.line, line) && has
        };
        let rules = self.accepted.iter().filter(holds);
        rules.flat_map(|rule| rule.also.iter().map(String::as_str)).collect()
    }
}
