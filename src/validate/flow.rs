//! Rules that hold across a flow.

use std::collections::BTreeMap;

use super::check::{Checker, Named};
use super::report::{Finding, Severity};
use super::tree::Id;
use crate::model::catalog::{LINE_NAMES, LINES};
use crate::model::nodes;

/// Plugin defaults that are heeded; every task is held against each.
const MAX_DEFAULTS: usize = 500;

impl Checker<'_> {
    /// What the flow's plugin defaults give to classes: they fill required properties.
    pub(super) fn read_defaults(&mut self, root: Id) {
        for list in ["pluginDefaults", "taskDefaults"] {
            let Some(member) = self.tree.member(root, list) else { continue };
            for &item in self.tree.items(member.value) {
                let Some(name) = self.tree.member_text(item, "type") else { continue };
                let values = self.tree.member(item, "values");
                let values = values.map(|it| self.tree.members(it.value)).unwrap_or_default();
                if self.defaults.len() >= MAX_DEFAULTS {
                    return;
                }
                let names = values.iter().map(|it| it.key.to_string()).collect();
                self.defaults.push((name.to_owned(), names));
            }
        }
    }

    /// Properties that the defaults give to a class; a default holds for a class or for
    /// all classes of a package.
    pub(super) fn given_by_defaults(&self, class: &str) -> Vec<String> {
        let fits = |name: &str| {
            class
                .strip_prefix(name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || name.ends_with('.'))
        };
        let defaults = self.defaults.iter().filter(|(name, _)| fits(name));
        defaults.flat_map(|(_, names)| names.iter().cloned()).collect()
    }

    /// What to do about a property of the flow itself that another line has.
    pub(super) fn elsewhere_in_flow(&self, key: &str) -> Option<String> {
        let lines = (0..LINES).filter(|line| *line != self.line && self.path.is_empty());
        let mut having = lines.filter(|line| nodes::flow(*line).property(key).is_some());
        let line = LINE_NAMES[having.next()?];
        let here = LINE_NAMES[self.line];
        let advice = match key {
            "pluginDefaults" | "taskDefaults" => "; write the values into each task",
            "listeners" => "; use a Flow trigger in a flow of its own",
            "workerGroup" => "; use `workerSelector`",
            _ => "",
        };
        Some(format!("Kestra {line} has it, {here} does not{advice}"))
    }

    /// After all values: what must be unique.
    pub(super) fn whole_flow(&mut self, root: Id) {
        let tasks = std::mem::take(&mut self.tasks);
        self.unique("task", &tasks);
        let triggers = std::mem::take(&mut self.triggers);
        self.unique("trigger", &triggers);
        let inputs = self.inputs(root);
        self.unique("input", &inputs);
        self.input_settings(root);
        self.expressions(root);
    }

    fn unique(&mut self, what: &str, all: &[Named]) {
        let mut known: BTreeMap<&str, &Named> = BTreeMap::new();
        for named in all {
            let Some(first) = known.get(&*named.id) else {
                known.insert(&named.id, named);
                continue;
            };
            let line = first.at.line;
            self.report.push(Finding {
                severity: Severity::Error,
                at: named.at,
                path: named.path.clone(),
                message: format!("duplicate {what} id `{}`: line {line} has it too", named.id),
                did_you_mean: Vec::new(),
            });
        }
    }

    fn inputs(&self, root: Id) -> Vec<Named> {
        let Some(member) = self.tree.member(root, "inputs") else { return Vec::new() };
        let items = self.tree.items(member.value).iter().enumerate();
        items
            .filter_map(|(number, item)| {
                let id = self.tree.member(*item, "id")?;
                Some(Named {
                    id: self.tree.text(id.value)?.to_owned(),
                    at: id.at,
                    path: format!("inputs[{number}].id"),
                })
            })
            .collect()
    }
}
