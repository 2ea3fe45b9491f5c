//! Expressions: their form, and references to what the flow does not have. Kestra looks
//! at them when the flow runs, so everything here is a warning.

mod names;
mod scan;

use std::collections::{BTreeMap, BTreeSet};

use super::check::Checker;
use super::report::Severity;
use super::suggest;
use super::tree::{Data, Id, Place};
use crate::model::catalog::{self, SCHEMAS};
use crate::model::nodes;
use crate::model::records::NONE;
use names::{FILTERS, FUNCTIONS, REMOVED};
use scan::{Found, What, scan};

/// What expressions of a flow can refer to.
#[derive(Debug, Default)]
struct Scope {
    /// Ids, and what stands before the first dot of one.
    inputs: BTreeSet<String>,
    variables: BTreeSet<String>,
    /// Tasks may set further variables.
    sets_variables: bool,
    /// Class of each task by its id.
    tasks: BTreeMap<String, String>,
    triggered: bool,
}

/// What a flow that another one starts reads of the other.
const OF_PARENT: [&str; 4] = ["executionId", "namespace", "flowId", "flowRevision"];

impl Checker<'_> {
    /// Every expression of the flow.
    pub(super) fn expressions(&mut self, root: Id) {
        let mut scope = Scope::default();
        let ids = |key: &str| {
            let items = self.tree.member(root, key).map(|it| self.tree.items(it.value));
            let ids = items.into_iter().flatten();
            let named = |id: &Id| {
                self.tree.member_text(*id, "id").or_else(|| self.tree.member_text(*id, "name"))
            };
            ids.filter_map(named).map(str::to_owned).collect::<Vec<_>>()
        };
        scope.inputs.extend(ids("inputs"));
        let groups = scope.inputs.iter().filter_map(|it| it.split_once('.'));
        let groups: Vec<String> = groups.map(|(group, _)| group.to_owned()).collect();
        scope.inputs.extend(groups);
        scope.triggered = !ids("triggers").is_empty();
        let variables = self.tree.member(root, "variables").map(|it| self.tree.members(it.value));
        scope.variables.extend(variables.into_iter().flatten().map(|it| it.key.to_string()));
        self.tasks_below(root, &mut scope);
        self.walk(root, self.tree.value(root).at, &scope);
    }

    /// Everything with an id and a class, wherever it stands.
    fn tasks_below(&self, id: Id, scope: &mut Scope) {
        if let Some(class) = self.tree.member_text(id, "type")
            && let Some(name) = self.tree.member_text(id, "id")
        {
            scope.sets_variables |= class.ends_with(".SetVariables");
            scope.tasks.insert(name.to_owned(), class.to_owned());
        }
        self.tree.items(id).iter().for_each(|it| self.tasks_below(*it, scope));
        self.tree.members(id).iter().for_each(|it| self.tasks_below(it.value, scope));
    }

    fn walk(&mut self, id: Id, at: Place, scope: &Scope) {
        let tree = self.tree;
        match &tree.value(id).data {
            Data::Scalar { text, block, .. } if text.contains("{{") || text.contains("{%") => {
                for found in scan(text) {
                    let at = place(text, *block, tree.value(id).at, at, found.at);
                    self.expression(&found, at, scope);
                }
            }
            Data::List(items) => {
                for (number, &item) in items.iter().enumerate() {
                    let at = tree.value(item).at;
                    self.at_item(number, |it| it.walk(item, at, scope));
                }
            }
            Data::Map(members) => {
                for member in members {
                    self.at_member(&member.key, |it| it.walk(member.value, member.at, scope));
                }
            }
            _ => {}
        }
    }

    fn expression(&mut self, found: &Found<'_>, at: Place, scope: &Scope) {
        if self.report.is_full(Severity::Warning) {
            self.report.dropped += 1;
            return;
        }
        let newest = self.line == 0;
        let (what, near) = match &found.what {
            What::Open(mark) => (format!("`{mark}` is not closed"), Vec::new()),
            What::Empty => ("there is nothing between `{{` and `}}`".to_owned(), Vec::new()),
            What::Filter(name) | What::Function(name) if newest && removed(name).is_some() => {
                let new = removed(name).unwrap_or_default();
                (format!("`{name}` is no longer there: use `{new}`"), vec![new.to_owned()])
            }
            What::Filter(name) if !FILTERS.contains(name) => {
                (format!("unknown filter `{name}`"), suggest::nearest(name, FILTERS.into_iter()))
            }
            What::Function(name) if !FUNCTIONS.contains(name) => {
                let near = suggest::nearest(name, FUNCTIONS.into_iter());
                (format!("unknown function `{name}`"), near)
            }
            What::Reference(root, steps) => match self.reference(root, steps, scope) {
                Some(mistake) => mistake,
                None => return,
            },
            _ => return,
        };
        self.say(Severity::Warning, at, what, near);
    }

    /// What is wrong with a reference.
    fn reference(
        &self,
        root: &str,
        steps: &[&str],
        scope: &Scope,
    ) -> Option<(String, Vec<String>)> {
        let first = *steps.first()?;
        match root {
            "inputs" => {
                let near = || suggest::nearest(first, scope.inputs.iter().map(String::as_str));
                (!scope.inputs.contains(first))
                    .then(|| (format!("the flow has no input `{first}`"), near()))
            }
            "vars" if !scope.sets_variables => {
                let near = || suggest::nearest(first, scope.variables.iter().map(String::as_str));
                (!scope.variables.contains(first))
                    .then(|| (format!("the flow has no variable `{first}`"), near()))
            }
            // In a trigger these are the outputs of the flow that it waits for.
            "outputs" if self.path.starts_with("triggers") => None,
            "outputs" => {
                if let Some(class) = scope.tasks.get(first) {
                    return self.output(first, class, steps.get(1)?);
                }
                let near = suggest::nearest(first, scope.tasks.keys().map(String::as_str));
                Some((format!("the flow has no task `{first}`"), near))
            }
            "trigger" if !scope.triggered && !OF_PARENT.contains(&first) => {
                Some((format!("the flow has no trigger that gives `{first}`"), Vec::new()))
            }
            _ => None,
        }
    }

    /// Whether a class gives an output of that name, where its outputs are known.
    fn output(&self, task: &str, class: &str, name: &str) -> Option<(String, Vec<String>)> {
        let class = nodes::class(class, self.line)?;
        let schema = class.element.schemas.get(self.line).filter(|it| **it != NONE)?;
        let names = catalog::text(SCHEMAS.get(*schema as usize)?.output_names);
        let names: Vec<&str> = names.split(',').filter(|name| !name.is_empty()).collect();
        if names.is_empty() || names.contains(&name) || class.own.property("tasks").is_some() {
            return None;
        }
        let near = suggest::nearest(name, names.iter().copied());
        let class = catalog::text(class.element.name);
        Some((format!("`{task}` has no output `{name}`: {class} gives {}", names.join(", ")), near))
    }
}

fn removed(name: &str) -> Option<&'static str> {
    REMOVED.iter().find(|(old, _)| *old == name).map(|(_, new)| *new)
}

/// Where a byte of a scalar stands in the flow. A block begins on its first line and
/// keeps its line feeds; other texts are taken for one line, whose key is a
/// better place than a guess.
fn place(text: &str, block: bool, value: Place, key: Place, byte: usize) -> Place {
    if !block {
        return if value.line == key.line { value } else { key };
    }
    let lines = text[..byte].matches('\n').count() as u32;
    Place { line: value.line + lines, column: 1 }
}
