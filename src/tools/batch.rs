//! Several classes in one answer of `task_schema`.

use std::borrow::Cow;

use arrayvec::ArrayVec;

use super::Form;
use super::arguments::MAX_LIST;
use super::miss::{Miss, escaped, objects};
use super::schema::{
    Asked, definitions, find, push_old_name, push_skeleton, push_without_definitions,
};
use crate::model::records::{Definition, Schema, Splice};
use crate::model::{Reply, catalog};

/// Several classes in one answer, their definitions once. Allocates: a batch.
pub(super) fn several(
    names: ArrayVec<Cow<'_, str>, MAX_LIST>,
    line: Option<usize>,
    all: bool,
    yaml: bool,
    reply: &mut Reply,
) -> Result<Form, Miss> {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    for name in names {
        match find(name, line) {
            Ok(asked) => found.push(asked),
            Err(miss) => missing.push(miss),
        }
    }
    if found.is_empty() {
        return Err(Miss::new("none of these classes is known")
            .not_found(missing)
            .next("look for words with search"));
    }
    if yaml {
        for asked in &found {
            push_skeleton(asked, all, reply);
        }
        for miss in &missing {
            reply.push_str(&escaped(&format!("# {}\n", miss.json())));
        }
        return Ok(Form::Plain);
    }
    let (count, shared) = fitting(&found, all);
    let left = found.split_off(count);
    reply.push_static(r#"{\"schemas\":["#);
    for (n, asked) in found.iter().enumerate() {
        reply.push_static(if n > 0 { "," } else { "" });
        push_without_definitions(asked.schema, all, reply);
        let special = shared.special(asked, all);
        if !special.is_empty() {
            push_definitions(&special, reply);
        }
        reply.push_splice(asked.schema.end);
        push_old_name(asked, reply);
        reply.push_static("}");
    }
    reply.push_static("]");
    shared.push(reply);
    if !missing.is_empty() {
        reply.push_static(r#",\"notFound\":["#);
        reply.push_str(&escaped(&objects(&missing)));
        reply.push_static("]");
    }
    push_left(&left, reply);
    Ok(Form::Object)
}

/// Most bytes of one answer, escaped, which count for more than as they are read: all
/// batches of ten stay under 8,000 tokens.
const MAX_BYTES: usize = 28_000;

/// Bytes of the schemas of some classes, without definitions.
fn bytes(found: &[Asked<'_>], all: bool) -> usize {
    let of = |schema: &Schema| -> usize {
        let inherited = if all { schema.inherited } else { Splice::default() };
        let properties = length(schema.own) + length(inherited);
        // Each property and output with a comma after it, without the braces that follow.
        let properties = properties + usize::from(properties > 0);
        let outputs = length(schema.outputs).saturating_sub(1);
        let rest = [schema.head, schema.tail_all, schema.end].map(length);
        properties + outputs + rest.iter().sum::<usize>()
    };
    found.iter().map(|asked| of(asked.schema)).sum()
}

fn length(splice: Splice) -> usize {
    catalog::spans(splice).0 as usize
}

/// How many of the classes one answer has room for, one at least, and their definitions.
fn fitting(found: &[Asked<'_>], all: bool) -> (usize, Shared) {
    let mut count = found.len();
    loop {
        let shown = &found[..count];
        let schemas = bytes(shown, all);
        let shared = Shared::of(shown, all, MAX_BYTES.saturating_sub(schemas));
        if count == 1 || schemas + shared.bytes(shown, all) <= MAX_BYTES {
            return (count, shared);
        }
        count -= 1;
    }
}

/// Names the classes that there was no room for.
fn push_left(left: &[Asked<'_>], reply: &mut Reply) {
    for (n, asked) in left.iter().enumerate() {
        reply.push_static(if n == 0 { r#",\"omitted\":[\""# } else { r#",\""# });
        reply.push_text(asked.element.name);
        reply.push_static(r#"\""#);
    }
    if !left.is_empty() {
        reply.push_static(r#"],\"next\":\"call task_schema for those omitted\""#);
    }
}

/// Definitions of several classes, each once, as long as there is room; then the names
/// of the rest.
#[derive(Default)]
struct Shared {
    shown: Vec<&'static Definition>,
    omitted: Vec<&'static str>,
}

impl Shared {
    fn of(found: &[Asked<'_>], all: bool, room: usize) -> Self {
        let mut shared = Self::default();
        let mut bytes = 0;
        for definition in found.iter().flat_map(|asked| wanted(asked, all)) {
            let name = catalog::text(definition.name);
            if shared.knows(name) {
                continue;
            }
            bytes += length(definition.member);
            if bytes > room {
                shared.omitted.push(name);
            } else {
                shared.shown.push(definition);
            }
        }
        shared
    }

    fn knows(&self, name: &str) -> bool {
        let shown = self.shown.iter().any(|known| catalog::text(known.name) == name);
        shown || self.omitted.contains(&name)
    }

    /// Bytes of the definitions, and of the names of those left out.
    fn bytes(&self, found: &[Asked<'_>], all: bool) -> usize {
        let special = found.iter().flat_map(|asked| self.special(asked, all));
        let shown = self.shown.iter().copied().chain(special);
        let names: usize = self.omitted.iter().map(|name| name.len() + 5).sum();
        shown.map(|it| length(it.member) + 1).sum::<usize>() + names
    }

    /// Definitions of a class that have the name of a shared one, but not its content:
    /// they stand in the schema of the class itself.
    fn special(&self, asked: &Asked<'_>, all: bool) -> Vec<&'static Definition> {
        let differs = |it: &Definition| {
            self.shown.iter().any(|shown| shown.name == it.name && shown.member != it.member)
        };
        wanted(asked, all).filter(|it| differs(it)).collect()
    }

    fn push(&self, reply: &mut Reply) {
        if !self.shown.is_empty() {
            push_definitions(&self.shown, reply);
        }
        for (n, name) in self.omitted.iter().enumerate() {
            reply.push_static(if n == 0 { r#",\"definitionsOmitted\":[\""# } else { r#",\""# });
            reply.push_str(name);
            reply.push_static(r#"\""#);
        }
        if !self.omitted.is_empty() {
            reply.push_static("]");
        }
    }
}

/// The definitions of a class that an answer has to show.
fn wanted(asked: &Asked<'_>, all: bool) -> impl Iterator<Item = &'static Definition> {
    let own = asked.schema.own_definitions.1 as usize;
    definitions(asked.schema).take(if all { usize::MAX } else { own })
}

fn push_definitions(definitions: &[&Definition], reply: &mut Reply) {
    for (n, definition) in definitions.iter().enumerate() {
        reply.push_static(if n == 0 { r#",\"definitions\":{"# } else { "," });
        reply.push_splice(definition.member);
    }
    reply.push_static("}");
}
