//! `blueprints` and `get_blueprint_flow`.

use super::arguments::Arguments;
use super::cursor;
use super::miss::{Miss, repeated};
use super::nearest;
use super::parameters::{CURSOR, LIMIT, QUERY};
use super::{Context, Form, Parameter, Takes, Tool, definition};
use crate::index::{self, Documents, Filter, Page, Query, Source};
use crate::model::records::Blueprint;
use crate::model::{Reply, catalog};

pub(super) const BLUEPRINTS: Tool = Tool {
    name: "blueprints",
    definition: definition!(
        "blueprints",
        "Search blueprints",
        "Find complete example flows by words, tags or the classes they use; without arguments the newest. Read one with get_blueprint_flow and adapt it rather than writing a flow from nothing.",
        r#"{"query":{"type":"string"},"tags":{"type":"string","description":"all must match: AI, Business, Cloud, Core, Data, Getting Started, Infrastructure, System"},"types":{"type":"string","description":"classes the flow uses, all must match; several with commas"},"limit":{"type":"integer","minimum":1,"maximum":50,"default":10},"cursor":{"type":"string"}}"#
    ),
    parameters: &[QUERY, TAGS, TYPES, LIMIT, CURSOR],
    run: blueprints,
};

pub(super) const GET_BLUEPRINT_FLOW: Tool = Tool {
    name: "get_blueprint_flow",
    definition: definition!(
        "get_blueprint_flow",
        "Get a blueprint's flow",
        "The whole YAML of one blueprint, ready to paste, comments kept. Takes the id or the blueprintId of a result of blueprints or search.",
        r#"{"id":{"type":"string","description":"id, or blueprintId as a number"}},"required":["id"]"#
    ),
    parameters: &[Parameter {
        name: "id",
        aliases: &["blueprintid", "blueprint", "slug"],
        takes: Takes::Text,
        required: true,
        help: "Id or number of the blueprint",
    }],
    run: get_blueprint_flow,
};

const TAGS: Parameter = Parameter {
    name: "tags",
    aliases: &["tag"],
    takes: Takes::List,
    required: false,
    help: "Tags, all of which must match",
};

const TYPES: Parameter = Parameter {
    name: "types",
    aliases: &["type", "tasks", "tasktypes"],
    takes: Takes::List,
    required: false,
    help: "Classes that the flow uses, all of which must match",
};

const DEFAULT_LIMIT: usize = 10;
const MAX_LIMIT: usize = 50;
/// Classes that one call can ask for.
const MAX_TYPES: usize = super::arguments::MAX_LIST;

fn blueprints(_: &Context, arguments: &Arguments<'_>, reply: &mut Reply) -> Result<Form, Miss> {
    let tags = tags(arguments)?;
    let types = types(arguments)?;
    let text = arguments.text("query")?;
    let query = text.as_deref().and_then(Query::parse);
    let limit = arguments.number("limit", MAX_LIMIT)?.unwrap_or(DEFAULT_LIMIT);
    let skip = cursor::position("blueprints", arguments)?;
    let wanted = |blueprint: &Blueprint| {
        let classes = catalog::rows(&catalog::BLUEPRINT_CLASSES, blueprint.classes);
        blueprint.tags & tags == tags && types.iter().all(|class| classes.contains(class))
    };
    reply.push_static(r#"{\"total\":"#);
    let total = if let Some(query) = &query {
        let page = Page { skip, limit };
        let all = &catalog::BLUEPRINTS;
        let wanted = Documents::of(all.len(), |at| wanted(&all[at]));
        let filter = Filter::ALL.with(Source::Blueprints, &wanted);
        let found = index::search(query, &[Source::Blueprints], filter, page);
        open(found.total, reply);
        found.hits.iter().for_each(|hit| reply.push_row(catalog::BLUEPRINTS[hit.at].list_row));
        found.total
    } else {
        let all = || catalog::BLUEPRINTS.iter().filter(|it| wanted(it));
        let total = all().count();
        open(total, reply);
        all().skip(skip).take(limit).for_each(|it| reply.push_row(it.list_row));
        total
    };
    reply.push_static("]");
    if total == 0 {
        reply.push_static(r#",\"searched\":\""#);
        reply.push_number(catalog::BLUEPRINTS.len());
        reply.push_static(r#" blueprints\""#);
    }
    if skip + limit < total {
        cursor::push_next(skip + limit, "blueprints", arguments, reply);
    }
    Ok(Form::Object)
}

fn open(total: usize, reply: &mut Reply) {
    reply.push_number(total);
    reply.push_static(r#",\"blueprints\":["#);
}

fn tags(arguments: &Arguments<'_>) -> Result<u32, Miss> {
    let mut bits = 0;
    for given in arguments.list("tags")? {
        let known = |tag: &&str| tag.eq_ignore_ascii_case(&given);
        let at = catalog::TAGS.iter().position(known).ok_or_else(|| {
            Miss::new(format!("no tag `{}`", repeated(&given)))
                .allowed("tags", catalog::TAGS)
                .next("give tags of these, or leave `tags` out")
        })?;
        bits |= 1 << at;
    }
    Ok(bits)
}

fn types(arguments: &Arguments<'_>) -> Result<arrayvec::ArrayVec<u32, MAX_TYPES>, Miss> {
    let mut classes = arrayvec::ArrayVec::new();
    for name in arguments.list("types")? {
        let found = index::class(&name).ok_or_else(|| {
            nearest::unknown("class", &name, nearest::classes(&name, &|_| true), "search")
        })?;
        classes.push(found.at as u32);
    }
    Ok(classes)
}

fn get_blueprint_flow(
    _: &Context,
    arguments: &Arguments<'_>,
    reply: &mut Reply,
) -> Result<Form, Miss> {
    let id = arguments.text("id")?.ok_or_else(|| {
        let example = catalog::BLUEPRINTS.first().map_or("", |it| catalog::text(it.id));
        super::arguments::missing("id", &format!("\"{example}\""))
    })?;
    // Clients that have one type for all numbers write 17 as 17.0.
    let id = id.strip_suffix(".0").unwrap_or(&id);
    let at = index::blueprint(id)
        .ok_or_else(|| nearest::unknown("blueprint", id, nearest::blueprints(id), "blueprints"))?;
    reply.push_splice(catalog::BLUEPRINTS[at].flow);
    Ok(Form::Plain)
}
