//! `task_schema`.

use std::borrow::Cow;
use std::collections::BinaryHeap;

use super::arguments::Arguments;
use super::miss::{Miss, repeated};
use super::parameters::KESTRA;
use super::{Context, Form, Parameter, Takes, Tool, definition, line};
use super::{batch, nearest};
use crate::index;
use crate::model::records::{Definition, Element, NONE, Schema, Splice};
use crate::model::{Reply, catalog};

pub(super) const TASK_SCHEMA: Tool = Tool {
    name: "task_schema",
    definition: definition!(
        "task_schema",
        "Get the schema of a class",
        "Properties, types, defaults, required marks, outputs and an example of one Kestra class of any kind (task, trigger, task runner, ...). Call it before writing a class into a flow; use only properties it returns. Several classes with commas.",
        r#"{"cls":{"type":"string","description":"class, e.g. io.kestra.plugin.core.log.Log; at most 10"},"all":{"type":"boolean","description":"also inherited properties (retry, timeout, ...)","default":false},"kestra":{"type":"string","description":"Kestra version, e.g. 1.3"},"format":{"type":"string","enum":["json","yaml"],"description":"yaml: a skeleton to fill in"},"definitions":{"type":"string","description":"name of one definition to fetch"}},"required":["cls"]"#
    ),
    parameters: &[CLS, ALL, KESTRA, FORMAT, DEFINITIONS],
    run: task_schema,
};

const CLS: Parameter = Parameter {
    name: "cls",
    aliases: &["class", "classname", "type", "task", "tasktype", "fqcn", "name", "classes"],
    takes: Takes::List,
    required: true,
    help: "Class; several with commas",
};
const ALL: Parameter = Parameter {
    name: "all",
    aliases: &[],
    takes: Takes::Flag,
    required: false,
    help: "Also the properties inherited from the base class",
};
const FORMAT: Parameter = Parameter {
    name: "format",
    aliases: &[],
    takes: Takes::Text,
    required: false,
    help: "json (default), or yaml for a skeleton to fill in",
};
const DEFINITIONS: Parameter = Parameter {
    name: "definitions",
    aliases: &["definition"],
    takes: Takes::Text,
    required: false,
    help: "Name of one definition to fetch",
};

/// Classes of one call.
const MAX_CLASSES: usize = 10;

/// One class that was asked for and found.
pub(super) struct Asked<'a> {
    pub(super) element: &'static Element,
    pub(super) schema: &'static Schema,
    /// Its position among all schemas.
    number: u32,
    /// The old name by which it was called.
    old_name: Option<Cow<'a, str>>,
}

/// What was asked for besides the classes.
struct Wanted<'a> {
    line: Option<usize>,
    all: bool,
    yaml: bool,
    definition: Option<Cow<'a, str>>,
}

impl<'a> Wanted<'a> {
    fn of(context: &Context, arguments: &Arguments<'a>) -> Result<Self, Miss> {
        Ok(Self {
            line: line(context, arguments)?,
            all: arguments.flag("all")?,
            yaml: yaml(arguments)?,
            definition: arguments.text("definitions")?,
        })
    }
}

fn task_schema(
    context: &Context,
    arguments: &Arguments<'_>,
    reply: &mut Reply,
) -> Result<Form, Miss> {
    if let Some(name) = single(arguments) {
        return one(name, &Wanted::of(context, arguments)?, reply);
    }
    let names = arguments.list("cls")?;
    let wanted = Wanted::of(context, arguments)?;
    if names.is_empty() {
        return Err(super::arguments::missing("cls", "\"io.kestra.plugin.core.log.Log\""));
    }
    if names.len() > MAX_CLASSES {
        return Err(Miss::new(format!("`cls` names {} classes", names.len()))
            .next(format!("ask for at most {MAX_CLASSES} in one call")));
    }
    if names.len() > 1 {
        return batch::several(names, wanted.line, wanted.all, wanted.yaml, reply);
    }
    one(names.into_iter().next().unwrap_or_default(), &wanted, reply)
}

/// The name asked for, if it is not a list. One that holds a comma itself, as names of
/// Enterprise elements do, is one name.
fn single<'a>(arguments: &Arguments<'a>) -> Option<Cow<'a, str>> {
    let whole = arguments.text("cls").ok()??;
    let is_one =
        if whole.contains(',') { index::class(&whole).is_some() } else { !whole.starts_with('[') };
    is_one.then_some(whole)
}

fn one(name: Cow<'_, str>, wanted: &Wanted<'_>, reply: &mut Reply) -> Result<Form, Miss> {
    let asked = find(name, wanted.line)?;
    if let Some(definition) = &wanted.definition {
        return push_definition(&asked, definition, reply);
    }
    if wanted.yaml && asked.schema.skeleton == Splice::default() {
        return Err(no_skeleton(asked.element));
    }
    if wanted.yaml {
        push_skeleton(&asked, wanted.all, reply);
        return Ok(Form::Plain);
    }
    if wanted.all {
        push_schema(asked.schema, true, reply);
    } else {
        reply.whole_schema(asked.number, |reply| push_schema(asked.schema, false, reply));
    }
    push_old_name(&asked, reply);
    Ok(Form::Object)
}

fn yaml(arguments: &Arguments<'_>) -> Result<bool, Miss> {
    let Some(format) = arguments.text("format")? else { return Ok(false) };
    let is = |name: &str| format.eq_ignore_ascii_case(name);
    if is("json") {
        return Ok(false);
    }
    if is("yaml") || is("yml") {
        return Ok(true);
    }
    Err(Miss::new(format!("no format `{}`", repeated(&format)))
        .allowed("formats", ["json", "yaml"])
        .next("give one of these, or leave `format` out for json"))
}

/// The class of a name and its schema in the line asked for; without one, in the newest
/// line that has it.
pub(super) fn find(name: Cow<'_, str>, line: Option<usize>) -> Result<Asked<'_>, Miss> {
    let Some(found) = index::class(&name) else {
        let near = nearest::classes(&name, &|_| true);
        return Err(nearest::unknown("class", &name, near, "search"));
    };
    let element = &catalog::ELEMENTS[found.at];
    let schema = match line {
        Some(line) => element.schemas[line],
        None => element.schemas.iter().copied().find(|it| *it != NONE).unwrap_or(NONE),
    };
    if schema == NONE {
        return Err(not_in_line(element, line));
    }
    let old_name = found.renamed.then_some(name);
    Ok(Asked { element, schema: &catalog::SCHEMAS[schema as usize], number: schema, old_name })
}

fn not_in_line(element: &Element, line: Option<usize>) -> Miss {
    let name = catalog::text(element.name);
    let line = line.map_or("", |line| catalog::LINE_NAMES[line]);
    let has = element.schemas.iter().position(|it| *it != NONE);
    let has = has.map_or("no line", |line| catalog::LINE_NAMES[line]);
    let miss = Miss::new(format!("Kestra {line} has no class `{name}`; Kestra {has} has it"));
    if element.successor == NONE {
        return miss.next("look for another class with search");
    }
    let successor = catalog::text(catalog::ELEMENTS[element.successor as usize].name);
    miss.did_you_mean([successor]).next(format!("use {successor} in its place"))
}

fn push_schema(schema: &Schema, all: bool, reply: &mut Reply) {
    push_without_definitions(schema, all, reply);
    reply.push_splice(if all { schema.definitions_all } else { schema.definitions });
    reply.push_splice(schema.end);
}

pub(super) fn push_without_definitions(schema: &Schema, all: bool, reply: &mut Reply) {
    reply.push_splice(schema.head);
    reply.push_splice(schema.own);
    if all {
        reply.push_splice(schema.inherited);
    }
    reply.push_splice(if all { schema.tail_all } else { schema.tail });
    reply.push_splice(schema.outputs);
}

pub(super) fn push_old_name(asked: &Asked<'_>, reply: &mut Reply) {
    if let Some(old_name) = &asked.old_name {
        reply.push_static(r#",\"renamedFrom\":\""#);
        // A name of a class: letters, digits, dots; as it was typed.
        reply.push_str(old_name.trim_matches(|char: char| !char.is_ascii_alphanumeric()));
        reply.push_static(r#"\""#);
    }
}

/// What has no class cannot stand in a flow.
fn no_skeleton(element: &Element) -> Miss {
    let name = catalog::text(element.name);
    Miss::new(format!("`{name}` is chosen in Kestra's configuration and has no place in a flow"))
        .next("call task_schema without `format` for what is known of it")
}

pub(super) fn push_skeleton(asked: &Asked<'_>, all: bool, reply: &mut Reply) {
    let schema = asked.schema;
    reply.push_splice(schema.skeleton);
    if all {
        reply.push_splice(schema.own_comments);
        reply.push_splice(schema.inherited_comments);
    }
    reply.push_splice(schema.skeleton_end);
}

/// All definitions of a class, also those that an answer leaves out.
pub(super) fn definitions(schema: &Schema) -> impl Iterator<Item = &'static Definition> {
    let of = |rows| catalog::rows(&catalog::DEFINITIONS, rows).iter();
    of(schema.own_definitions).chain(of(schema.inherited_definitions))
}

fn push_definition(asked: &Asked<'_>, wanted: &str, reply: &mut Reply) -> Result<Form, Miss> {
    let wanted = wanted.rsplit('/').next().unwrap_or(wanted);
    let named = |same: &dyn Fn(&str) -> bool| {
        definitions(asked.schema).find(|it| same(catalog::text(it.name)))
    };
    let found = named(&|name| name.eq_ignore_ascii_case(wanted))
        .or_else(|| named(&|name| name.rsplit('.').next() == Some(wanted)));
    let Some(definition) = found else {
        let class = catalog::text(asked.element.name);
        let next = "give the name of a definition that the schema refers to";
        let miss = Miss::new(format!("{class} reaches no definition `{}`", repeated(wanted)));
        return Err(miss.did_you_mean(closest(wanted, asked.schema)).next(next));
    };
    reply.push_static(r#"{\"type\":\""#);
    reply.push_text(asked.element.name);
    reply.push_static(r#"\",\"definitions\":{"#);
    reply.push_splice(definition.member);
    reply.push_static("}");
    Ok(Form::Object)
}

/// Names of the definitions of a schema, nearest first.
fn closest(wanted: &str, schema: &'static Schema) -> impl Iterator<Item = &'static str> {
    let part = |name: &str| name.rsplit(['.', '-']).next().unwrap_or(name).to_lowercase();
    let distance = |name: &str| strsim::levenshtein(&part(name), &part(wanted));
    let names = definitions(schema).map(|it| catalog::text(it.name)).enumerate();
    let by_distance: BinaryHeap<_> = names.map(|(at, name)| (distance(name), at, name)).collect();
    by_distance.into_sorted_vec().into_iter().map(|(_, _, name)| name)
}
