//! Settings of inputs that Kestra checks beyond their schema.

use super::check::{Checker, severity};
use super::report::Severity;
use super::text;
use super::tree::{Id, Place};

impl Checker<'_> {
    /// Defaults must be values of their input's type (the newest line looks at that when
    /// the flow is saved), validators must be regular expressions.
    pub(super) fn input_settings(&mut self, root: Id) {
        let Some(member) = self.tree.member(root, "inputs") else { return };
        for (number, &input) in self.tree.items(member.value).iter().enumerate() {
            self.at_member("inputs", |it| it.at_item(number, |it| it.input(input)));
        }
        self.scheduled(root, member.value);
    }

    /// A schedule starts the flow with no one there to give a value.
    fn scheduled(&mut self, root: Id, inputs: Id) {
        let tree = self.tree;
        let Some(triggers) = tree.member(root, "triggers") else { return };
        let needed = |input: &Id| {
            let optional = tree.member_text(*input, "required") == Some("false");
            let filled = ["defaults", "prefill", "dependsOn", "ref"];
            let filled = filled.iter().any(|it| tree.member(*input, it).is_some());
            (!optional && !filled).then(|| tree.member_text(*input, "id")).flatten()
        };
        let needed: Vec<&str> = tree.items(inputs).iter().filter_map(needed).collect();
        for (number, &trigger) in tree.items(triggers.value).iter().enumerate() {
            let Some(kind) = tree.member(trigger, "type") else { continue };
            if tree.text(kind.value) != Some("io.kestra.plugin.core.trigger.Schedule") {
                continue;
            }
            let given = tree.member(trigger, "inputs").map(|it| tree.members(it.value));
            let given = given.unwrap_or_default();
            let missing: Vec<&str> = needed
                .iter()
                .filter(|it| !given.iter().any(|given| given.key == **it))
                .copied()
                .take(10)
                .collect();
            if !missing.is_empty() {
                let what = format!(
                    "the schedule gives no value for the required input {}: add it to `inputs` of the trigger",
                    missing.join(", ")
                );
                let path = format!("triggers[{number}].inputs");
                self.say_of(&path, Severity::Warning, kind.at, what, Vec::new());
            }
        }
    }

    fn input(&mut self, input: Id) {
        if let Some((validator, at)) = self.setting(input, "validator")
            && let Some(mistake) = text::pattern_mistake(validator)
        {
            let what = format!("`{validator}` is no regular expression: {mistake}");
            self.say_of("validator", Severity::Error, at, what, Vec::new());
        }
        let Some((default, at)) = self.setting(input, "defaults") else { return };
        let kind = self.tree.member_text(input, "type").unwrap_or_default();
        let mistake = if text::input_mistake(kind, default) {
            Some(format!("`{default}` is no value of an input of type {kind}"))
        } else {
            self.out_of_bounds(input, kind, default)
        };
        if let Some(what) = mistake {
            self.say_of("defaults", severity(self.line == 0), at, what, Vec::new());
        }
    }

    fn out_of_bounds(&self, input: Id, kind: &str, default: &str) -> Option<String> {
        if !matches!(kind, "INT" | "FLOAT") {
            return None;
        }
        let number: f64 = default.parse().ok()?;
        let bound = |key: &str| self.tree.member_text(input, key)?.parse::<f64>().ok();
        if let Some(most) = bound("max").filter(|most| number > *most) {
            return Some(format!("the default {number} is above the greatest value, {most}"));
        }
        let least = bound("min").filter(|least| number < *least)?;
        Some(format!("the default {number} is below the least value, {least}"))
    }

    /// A setting that is a text without an expression.
    fn setting(&self, input: Id, key: &str) -> Option<(&str, Place)> {
        let member = self.tree.member(input, key)?;
        let text = self.tree.text(member.value)?;
        let null = self.tree.is_null(member.value) || text.is_empty();
        (!null && !text.contains("{{")).then_some((text, member.at))
    }
}
