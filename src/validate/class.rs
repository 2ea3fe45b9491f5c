//! Values that name a class in `type`.

use std::collections::BTreeSet;

use super::check::{Checker, Mode, Named, severity};
use super::report::Severity;
use super::suggest;
use super::text;
use super::tree::{Data, Id, Member, Place};
use crate::index;
use crate::model::catalog::{self, ELEMENTS, KINDS, LINE_NAMES, LINES};
use crate::model::nodes::{self, Class};
use crate::model::records::{Element, NONE};

impl Checker<'_> {
    /// Checks a value whose `type` names a class of one of some kinds.
    pub(super) fn class(&mut self, kinds: u32, id: Id, at: Place, mode: Mode) {
        let whole = kinds & (kind_bit("task") | kind_bit("trigger")) != 0;
        if !matches!(self.tree.value(id).data, Data::Map(_)) {
            let text = self.tree.text(id).is_some_and(|it| it.contains("{{"));
            // The older line reads a text here as nothing.
            if whole || !text && self.line == 0 {
                let what = format!("expected a {} with its `type`", kind_names(kinds));
                self.say(severity(!mode.lenient), at, what, Vec::new());
            }
            return;
        }
        let members = self.tree.members(id);
        let Some(kind) = self.tree.member(id, "type") else {
            if !members.iter().any(|it| it.key == "<<") {
                let what = format!("missing `type`: the class of the {}", kind_names(kinds));
                self.say_of("type", severity(!mode.lenient), at, what, Vec::new());
            }
            return;
        };
        // The rules of a nested plugin are not looked at when the flow is saved.
        let mode = Mode { rules: mode.rules && whole, ..mode };
        let name = self.tree.text(kind.value).unwrap_or_default();
        if matches!(self.tree.value(kind.value).data, Data::Alias) || name.contains("{{") {
            return;
        }
        match nodes::class(name, self.line) {
            Some(class) => self.class_found(class, kinds, id, at, mode),
            None => self.no_class(name, kinds, kind.at, mode),
        }
    }

    fn class_found(&mut self, class: Class, kinds: u32, id: Id, at: Place, mode: Mode) {
        let element = class.element;
        let name = catalog::text(element.name);
        let Some(kind) = self.tree.member(id, "type") else { return };
        if kinds & 1 << element.kind.0 == 0 {
            let is = KINDS[element.kind.0 as usize];
            let what = format!("{name} is a {is}, not a {}", kind_names(kinds));
            return self.say_of("type", severity(!mode.lenient), kind.at, what, Vec::new());
        }
        if element.ee() {
            let what =
                format!("{name} is of the Enterprise Edition; its properties are not checked");
            return self.say_of("type", Severity::Warning, kind.at, what, Vec::new());
        }
        if class.old {
            let what = format!("an old name of {name}");
            self.say_of("type", Severity::Warning, kind.at, what, vec![name.to_owned()]);
        } else if element.deprecated() {
            let (what, near) = match successor(element) {
                Some(new) => (format!("{name} is deprecated: use {new}"), vec![new.to_owned()]),
                None => (format!("{name} is deprecated"), Vec::new()),
            };
            self.say_of("type", Severity::Warning, kind.at, what, near);
        }
        self.remember(element, id);
        for member in self.tree.members(id) {
            self.class_member(class, name, member, mode);
        }
        let given = self.given_by_defaults(name);
        let properties = class.properties().filter(|it| !given.iter().any(|name| name == it.name));
        self.missing(properties, id, at, mode, name);
        self.rules_of_class(name, id, mode);
    }

    fn class_member(&mut self, class: Class, name: &str, member: &Member<'_>, mode: Mode) {
        let key = &*member.key;
        if key == "type" || key == "<<" {
            return;
        }
        let Some(property) = class.property(key) else {
            if self.report.is_full(severity(!mode.lenient)) {
                self.report.dropped += 1;
                return;
            }
            let what = format!("unknown property `{key}` of {name}");
            let what = match self.elsewhere(class, key) {
                Some(there) => format!("{what}: {there}"),
                None => what,
            };
            let known = class.properties().filter(|it| !it.node.hidden());
            let near = suggest::nearest(key, known.map(|it| it.name));
            return self.say_of(key, severity(!mode.lenient), member.at, what, near);
        };
        if property.deprecated {
            let what = format!("`{key}` of {name} is deprecated");
            self.say_of(key, Severity::Warning, member.at, what, Vec::new());
        }
        self.at_member(key, |it| it.value(property.node, member.value, member.at, mode));
    }

    /// What to do about a property that another line has.
    fn elsewhere(&self, class: Class, key: &str) -> Option<String> {
        let name = catalog::text(class.element.name);
        let lines = (0..LINES).filter(|line| *line != self.line);
        let mut having = lines
            .filter(|line| nodes::class(name, *line).is_some_and(|it| it.property(key).is_some()));
        let line = LINE_NAMES[having.next()?];
        let here = LINE_NAMES[self.line];
        let advice = match key {
            "preconditions" if class.property("dependsOn").is_some() => {
                "; name the flows to wait for in `dependsOn`"
            }
            "conditions" | "preconditions" if class.property("when").is_some() => {
                "; write the condition as an expression in `when`"
            }
            "workerGroup" if class.property("workerSelector").is_some() => "; use `workerSelector`",
            _ => "",
        };
        Some(format!("Kestra {line} has it, {here} does not{advice}"))
    }

    fn no_class(&mut self, name: &str, kinds: u32, at: Place, mode: Mode) {
        let here = LINE_NAMES[self.line];
        let severity = severity(!mode.lenient);
        if self.report.is_full(severity) {
            self.report.dropped += 1;
            return;
        }
        let known = index::class(name)
            .map(|it| &ELEMENTS[it.at])
            .filter(|it| kinds & 1 << it.kind.0 != 0 && !it.nameless());
        let (what, near) = match known {
            Some(element) if !element.is_in(Some(self.line)) => {
                let there: Vec<&str> = (0..LINES)
                    .filter(|it| element.is_in(Some(*it)))
                    .map(|it| LINE_NAMES[it])
                    .collect();
                let what =
                    format!("Kestra {here} has no class {name}, {} has", there.join(" and "));
                match successor(element) {
                    Some(new) => (format!("{what}: use {new}"), vec![new.to_owned()]),
                    None => (what, Vec::new()),
                }
            }
            Some(element) => {
                let new = catalog::text(element.name);
                (format!("no class `{name}`: write {new}"), vec![new.to_owned()])
            }
            None => (format!("no class `{name}`"), suggest::classes(name, kinds, self.line)),
        };
        self.say_of("type", severity, at, what, near);
    }

    fn remember(&mut self, element: &Element, id: Id) {
        let Some(member) = self.tree.member(id, "id") else { return };
        let Some(text) = self.tree.text(member.value) else { return };
        let named = Named { id: text.to_owned(), at: member.at, path: format!("{}.id", self.path) };
        match KINDS[element.kind.0 as usize] {
            "task" => self.tasks.push(named),
            "trigger" => self.triggers.push(named),
            _ => {}
        }
    }

    /// Rules that some classes have beyond their schema.
    fn rules_of_class(&mut self, name: &str, id: Id, mode: Mode) {
        match name {
            "io.kestra.plugin.core.trigger.Schedule" => self.cron(id, mode),
            "io.kestra.plugin.core.flow.Dag" => self.dag(id, mode),
            _ => {}
        }
    }

    fn cron(&mut self, id: Id, mode: Mode) {
        let Some(member) = self.tree.member(id, "cron") else { return };
        let Some(cron) = self.tree.text(member.value).filter(|it| !it.contains("{{")) else {
            return;
        };
        let seconds = self.tree.member_text(id, "withSeconds").is_some_and(|it| it != "false");
        if let Some(mistake) = text::cron_mistake(cron, seconds) {
            let what = format!("`{cron}` is no cron expression: {mistake}");
            self.say_of("cron", severity(mode.rules), member.at, what, Vec::new());
        }
    }

    /// What a task of a graph depends on must be a task of the graph.
    fn dag(&mut self, id: Id, mode: Mode) {
        let Some(tasks) = self.tree.member(id, "tasks") else { return };
        let tree = self.tree;
        let items = tree.items(tasks.value);
        let mut ids = BTreeSet::new();
        let id = |item: &Id| tree.member_text(tree.member(*item, "task")?.value, "id");
        ids.extend(items.iter().filter_map(id));
        for (number, &item) in items.iter().enumerate() {
            let Some(member) = tree.member(item, "dependsOn") else { continue };
            for &name in tree.items(member.value) {
                let Some(name) = tree.text(name).filter(|it| !ids.contains(it)) else { continue };
                let what = format!("`{name}` is no task of this graph");
                let near = suggest::nearest(name, ids.iter().copied());
                let path = format!("tasks[{number}].dependsOn");
                self.say_of(&path, severity(mode.rules), member.at, what, near);
            }
        }
    }
}

/// What does a class's job today.
pub(super) fn successor(element: &Element) -> Option<&'static str> {
    let row = (element.successor != NONE).then(|| ELEMENTS.get(element.successor as usize));
    row.flatten().map(|it| catalog::text(it.name))
}

fn kind_bit(kind: &str) -> u32 {
    KINDS.iter().position(|it| *it == kind).map_or(0, |n| 1 << n)
}

fn kind_names(kinds: u32) -> String {
    let names = KINDS.iter().enumerate().filter(|(n, _)| kinds & 1 << n != 0);
    let names: Vec<&str> = names.map(|(_, name)| *name).collect();
    names.join(" or ")
}
