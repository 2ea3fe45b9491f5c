//! Values against schema nodes.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::report::{Finding, Report, Severity};
use super::suggest;
use super::text;
use super::tree::{Data, Id, Place, Tree};
use crate::model::nodes::{self, Format, Node, Property, types};

/// How strictly Kestra looks at a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mode {
    /// It is read when the task runs: nothing in it refuses the flow.
    pub(super) lenient: bool,
    /// The rules of its content (required, least, pattern) are checked when the flow is
    /// saved, not its types alone.
    pub(super) rules: bool,
}

/// One task, trigger or input that the flow names.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) id: String,
    pub(super) at: Place,
    pub(super) path: String,
}

/// Walks a flow.
pub(super) struct Checker<'t> {
    pub(super) tree: &'t Tree<'t>,
    pub(super) line: usize,
    pub(super) report: &'t mut Report,
    pub(super) path: String,
    pub(super) tasks: Vec<Named>,
    pub(super) triggers: Vec<Named>,
    /// Types of the flow's plugin defaults and the properties that they give.
    pub(super) defaults: Vec<(String, Vec<String>)>,
}

impl<'t> Checker<'t> {
    pub(super) fn new(tree: &'t Tree<'t>, line: usize, report: &'t mut Report) -> Self {
        Self {
            tree,
            line,
            report,
            path: String::new(),
            tasks: Vec::new(),
            triggers: Vec::new(),
            defaults: Vec::new(),
        }
    }

    /// Adds a finding about the value at the current path.
    pub(super) fn say(
        &mut self,
        severity: Severity,
        at: Place,
        message: String,
        did_you_mean: Vec<String>,
    ) {
        let path = self.path.clone();
        self.report.push(Finding { severity, at, path, message, did_you_mean });
    }

    /// The same for a member of the value at the current path.
    pub(super) fn say_of(
        &mut self,
        key: &str,
        severity: Severity,
        at: Place,
        message: String,
        did_you_mean: Vec<String>,
    ) {
        self.at_member(key, |it| it.say(severity, at, message, did_you_mean));
    }

    /// Does something one step further down a map.
    pub(super) fn at_member(&mut self, key: &str, then: impl FnOnce(&mut Self)) {
        let len = self.path.len();
        if len > 0 {
            self.path.push('.');
        }
        self.path.push_str(&key[..key.floor_char_boundary(100)]);
        then(self);
        self.path.truncate(len);
    }

    /// Does something one step further down a list.
    pub(super) fn at_item(&mut self, number: usize, then: impl FnOnce(&mut Self)) {
        let len = self.path.len();
        write!(self.path, "[{number}]").expect("a String takes all");
        then(self);
        self.path.truncate(len);
    }

    /// Checks a value. `at` is where its key stands, for a list item the item.
    pub(super) fn value(&mut self, node: Node, id: Id, at: Place, mode: Mode) {
        let mode = Mode { lenient: mode.lenient || node.lenient(), ..mode };
        if self.tree.is_null(id) || matches!(self.tree.value(id).data, Data::Alias) {
            return;
        }
        if self.tree.is_empty(id) && node.types() & types::STRING == 0 {
            return;
        }
        if let Some(kinds) = node.class_kinds() {
            return self.class(kinds, id, at, mode);
        }
        if let Some(definition) = node.definition() {
            // What a definition holds is looked at when the flow is saved, save in the
            // older line, which stops there.
            return self.value(definition, id, at, mode);
        }
        if node.alternatives().len() > 0 {
            return self.alternatives(node, id, at, mode);
        }
        if !self.type_fits(node, id) {
            return self.wrong_type(node, at, mode);
        }
        match &self.tree.value(id).data {
            Data::Scalar { text, .. } => self.scalar(node, text, at, mode),
            Data::List(items) => {
                if items.is_empty() && node.some_items() {
                    self.broken_rule(at, mode, "must not be empty");
                }
                let Some(node) = node.items() else { return };
                for (number, &item) in items.iter().enumerate() {
                    let at = self.tree.value(item).at;
                    self.at_item(number, |it| it.value(node, item, at, mode));
                }
            }
            Data::Map(_) if node.names_properties() => self.object(node, id, at, mode),
            Data::Map(members) => {
                let Some(node) = node.map_values() else { return };
                // Kestra does not look at the rules of what stands in a map.
                let mode = Mode { rules: false, ..mode };
                for member in members {
                    self.at_member(&member.key, |it| {
                        it.value(node, member.value, member.at, mode);
                    });
                }
            }
            Data::Alias => {}
        }
    }

    /// Whether the value has a type that Kestra can turn into the one wanted.
    fn type_fits(&self, node: Node, id: Id) -> bool {
        let wanted = node.types();
        if wanted == 0 {
            return true;
        }
        match &self.tree.value(id).data {
            Data::Alias => true,
            Data::List(_) => wanted & types::ARRAY != 0,
            Data::Map(_) => wanted & types::OBJECT != 0,
            Data::Scalar { text, plain, .. } => {
                wanted & types::STRING != 0
                    || text.contains("{{")
                    || (text.is_empty() && !plain)
                    || (wanted & types::INTEGER != 0 && text::is_integer(text, *plain))
                    || (wanted & types::NUMBER != 0 && text::is_number(text))
                    || (wanted & types::BOOLEAN != 0
                        && (text::is_boolean(text) || *plain && text::is_integer(text, true)))
            }
        }
    }

    fn wrong_type(&mut self, node: Node, at: Place, mode: Mode) {
        let names = [
            (types::STRING, "a text"),
            (types::INTEGER, "a whole number"),
            (types::NUMBER, "a number"),
            (types::BOOLEAN, "true or false"),
            (types::ARRAY, "a list"),
            (types::OBJECT, "a map"),
        ];
        let wanted = names.iter().filter(|(bit, _)| node.types() & bit != 0);
        let wanted: Vec<&str> = wanted.map(|(_, name)| *name).collect();
        let what = format!("`{}` takes {}", self.name(), wanted.join(" or "));
        self.say(severity(!mode.lenient), at, what, Vec::new());
    }

    /// The last step of the path.
    fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }

    /// A rule of the content is broken.
    pub(super) fn broken_rule(&mut self, at: Place, mode: Mode, what: &str) {
        let what = format!("`{}` {what}", self.name());
        self.say(severity(mode.rules && !mode.lenient), at, what, Vec::new());
    }

    fn scalar(&mut self, node: Node, text: &str, at: Place, mode: Mode) {
        if node.pattern().is_some_and(|it| !text::fits(text, it)) {
            let pattern = node.pattern().unwrap_or_default();
            self.broken_rule(at, mode, &format!("must match {pattern}"));
        }
        if text.contains("{{") {
            return;
        }
        if node.longest().is_some_and(|it| text.chars().count() > it as usize) {
            let most = node.longest().unwrap_or_default();
            self.broken_rule(
                at,
                mode,
                &format!("has {} characters, {most} at most", text.chars().count()),
            );
        }
        if text.is_empty() && node.not_empty() {
            self.broken_rule(at, mode, "must not be empty");
        }
        if let Some(constant) = node.constant().filter(|it| *it != text) {
            let what = format!("`{}` is `{constant}` here, not `{text}`", self.name());
            self.say(Severity::Warning, at, what, vec![constant.to_owned()]);
        }
        if node.values().len() > 0 && !text.is_empty() && !node.values().any(|it| it == text) {
            let all: Vec<&str> = node.values().take(30).collect();
            let what = format!(
                "`{text}` is not a value of `{}`: use one of {}",
                self.name(),
                all.join(", ")
            );
            let near = suggest::nearest(text, node.values());
            self.say(severity(!mode.lenient), at, what, near);
        }
        if node.format() == Format::Duration && !text::is_duration(text) {
            let what = format!("`{text}` is no duration: write it as PT30S, PT5M, PT1H or P1D");
            self.say(severity(!mode.lenient), at, what, Vec::new());
        }
        self.range(node, text, at, mode);
    }

    fn range(&mut self, node: Node, text: &str, at: Place, mode: Mode) {
        let Ok(number) = text.trim().parse::<f64>() else { return };
        if let Some(least) = node.minimum().filter(|it| number < f64::from(*it)) {
            self.broken_rule(at, mode, &format!("must be at least {least}"));
        }
        if let Some(most) = node.maximum().filter(|it| number > f64::from(*it)) {
            self.broken_rule(at, mode, &format!("must be at most {most}"));
        }
    }

    fn alternatives(&mut self, node: Node, id: Id, at: Place, mode: Mode) {
        let resolved = || node.alternatives().map(|it| it.definition().unwrap_or(it));
        // A class needs no telling apart here: its name alone may be right.
        let name = |it: Node| {
            let constant = it.property("type").and_then(|it| it.node.constant());
            constant.filter(|it| !it.contains('.'))
        };
        if resolved().any(|it| name(it).is_some()) && !self.tree.members(id).is_empty() {
            let found = self.tree.member(id, "type").map(|it| (self.tree.text(it.value), it.at));
            let chosen = found.and_then(|(text, _)| resolved().find(|it| name(*it) == text));
            // One alternative may be without a name: it is told by what only it must have.
            let unnamed = resolved().filter(|it| name(*it).is_none() && it.names_properties());
            let own = |it: Property| it.required && !matches!(it.name, "id" | "type");
            let has = |it: Property| self.tree.member(id, it.name).is_some();
            let chosen = chosen.or_else(|| {
                let mut unnamed = unnamed.filter(|it| it.properties().any(|it| own(it) && has(it)));
                unnamed.next()
            });
            if let Some(chosen) = chosen {
                return self.value(chosen, id, at, mode);
            }
            let names: Vec<&str> = resolved().filter_map(name).collect();
            return self.no_such_type(found, &names, at, mode);
        }
        let fitting = resolved().find(|it| match it.class_kinds() {
            Some(_) => !self.tree.members(id).is_empty(),
            None => self.type_fits(*it, id),
        });
        if let Some(chosen) = fitting {
            return self.value(chosen, id, at, mode);
        }
        let what = format!("`{}` cannot be of this type", self.name());
        self.say(severity(!mode.lenient), at, what, Vec::new());
    }

    fn no_such_type(
        &mut self,
        found: Option<(Option<&str>, Place)>,
        names: &[&str],
        at: Place,
        mode: Mode,
    ) {
        let severity = severity(!mode.lenient);
        let all = names.join(", ");
        match found {
            None => {
                let what = format!("missing `type`: one of {all}");
                self.say_of("type", severity, at, what, Vec::new());
            }
            Some((text, at)) => {
                let text = text.unwrap_or_default();
                if !text.contains("{{") {
                    let renamed = RENAMED_TYPES.iter().find(|(old, _)| *old == text);
                    let near = match renamed.filter(|(_, new)| names.contains(new)) {
                        Some((_, new)) => vec![(*new).to_owned()],
                        None => suggest::nearest(text, names.iter().copied()),
                    };
                    let what = format!("no type `{text}`: use one of {all}");
                    self.say_of("type", severity, at, what, near);
                }
            }
        }
    }

    fn object(&mut self, node: Node, id: Id, at: Place, mode: Mode) {
        for member in self.tree.members(id) {
            match node.property(&member.key) {
                Some(property) => {
                    self.at_member(&member.key, |it| {
                        it.value(property.node, member.value, member.at, mode);
                    });
                }
                None if member.key == "<<" => {}
                None if self.report.is_full(severity(!mode.lenient)) => self.report.dropped += 1,
                None => {
                    let mut what = format!("unknown property `{}`", member.key);
                    if let Some(there) = self.elsewhere_in_flow(&member.key) {
                        what = format!("{what}: {there}");
                    }
                    let known = node.properties().filter(|it| !it.node.hidden());
                    // What has an id now was called by a name once, inputs above all.
                    let is_id = member.key == "name"
                        && node.property("id").is_some()
                        && self.tree.member(id, "id").is_none();
                    let near = if is_id {
                        vec!["id".to_owned()]
                    } else {
                        suggest::nearest(&member.key, known.map(|it| it.name))
                    };
                    self.say_of(&member.key, severity(!mode.lenient), member.at, what, near);
                }
            }
        }
        self.missing(node.properties(), id, at, mode, "");
    }

    /// Required properties that are not given, and those given twice.
    pub(super) fn missing(
        &mut self,
        properties: impl Iterator<Item = Property>,
        id: Id,
        at: Place,
        mode: Mode,
        of: &str,
    ) {
        let members = self.tree.members(id);
        if members.iter().any(|it| it.key == "<<") {
            return;
        }
        let mut known = BTreeSet::new();
        for member in members {
            if !known.insert(&*member.key) {
                let what = format!("`{}` is given twice: the later one counts", member.key);
                self.say_of(&member.key, Severity::Warning, member.at, what, Vec::new());
            }
        }
        // An old way to name an input.
        let named = members.iter().any(|it| it.key == "name");
        for property in properties.filter(|it| it.required) {
            if property.name == "id" && named && of.is_empty() {
                continue;
            }
            let given = self.tree.member(id, property.name);
            let list = property.node.types() & types::STRING == 0 && property.node.types() != 0;
            let at = match given {
                Some(member) if self.tree.is_null(member.value) => member.at,
                Some(member) if list && self.tree.is_empty(member.value) => member.at,
                Some(_) => continue,
                None => at,
            };
            let of = if of.is_empty() { String::new() } else { format!(" of {of}") };
            let what = format!("missing required property `{}`{of}", property.name);
            self.say_of(property.name, severity(mode.rules && !mode.lenient), at, what, Vec::new());
        }
    }

    /// One value with a `type`, or a list of such.
    pub(super) fn part(&mut self, root: Id) {
        let mode = Mode { lenient: false, rules: true };
        let items = self.tree.items(root);
        let alone = [root];
        for &item in if items.is_empty() { &alone[..] } else { items } {
            let at = self.tree.value(item).at;
            self.class(u32::MAX, item, at, mode);
        }
    }

    /// The whole flow.
    pub(super) fn flow(&mut self, root: Id) {
        let at = self.tree.value(root).at;
        if !matches!(self.tree.value(root).data, Data::Map(_)) {
            let what = "a flow is a map with id, namespace and tasks".to_owned();
            return self.say(Severity::Error, at, what, Vec::new());
        }
        self.read_defaults(root);
        let mode = Mode { lenient: false, rules: true };
        self.value(nodes::flow(self.line), root, at, mode);
        self.whole_flow(root);
    }
}

/// Types of inputs that the newest line knows by another name.
const RENAMED_TYPES: [(&str, &str); 2] = [("BOOLEAN", "BOOL"), ("ENUM", "SELECT")];

/// An error where Kestra refuses, else a warning.
pub(super) fn severity(refused: bool) -> Severity {
    if refused { Severity::Error } else { Severity::Warning }
}
