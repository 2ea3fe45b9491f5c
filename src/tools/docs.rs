//! `get_doc` and `list_doc_children`.

use super::arguments::Arguments;
use super::cursor;
use super::miss::Miss;
use super::nearest;
use super::parameters::CURSOR;
use super::{Context, Form, Parameter, Takes, Tool, definition};
use crate::index;
use crate::model::{Reply, catalog};

pub(super) const GET_DOC: Tool = Tool {
    name: "get_doc",
    definition: definition!(
        "get_doc",
        "Read a documentation page",
        "One page of the Kestra documentation as Markdown, by the parsedUrl of a search result, a path or an address. A long page ends with a cursor for its next part.",
        r#"{"parsedUrl":{"type":"string","description":"e.g. docs/concepts/secret"},"cursor":{"type":"string"}},"required":["parsedUrl"]"#
    ),
    parameters: &[
        Parameter { aliases: &["docid", "pathordocid", "url", "path", "prefix", "id"], ..PATH },
        CURSOR,
    ],
    run: get_doc,
};

pub(super) const LIST_DOC_CHILDREN: Tool = Tool {
    name: "list_doc_children",
    definition: definition!(
        "list_doc_children",
        "List documentation pages",
        "Pages directly under a documentation path, in navigation order, with the number of pages under each. Without a path: the sections.",
        r#"{"path":{"type":"string","description":"e.g. docs/workflow-components"}}"#
    ),
    parameters: &[Parameter {
        name: "path",
        aliases: &["docid", "pathordocid", "url", "prefix", "parsedurl", "id"],
        required: false,
        ..PATH
    }],
    run: list_doc_children,
};

const PATH: Parameter = Parameter {
    name: "parsedUrl",
    aliases: &[],
    takes: Takes::Text,
    required: true,
    help: "Path or address of the page",
};

fn get_doc(_: &Context, arguments: &Arguments<'_>, reply: &mut Reply) -> Result<Form, Miss> {
    let path = arguments.required("parsedUrl", "\"docs/concepts/secret\"")?;
    let doc = &catalog::DOCS[find(&path)?];
    let pages = catalog::rows(&catalog::PAGES, doc.pages);
    if pages.is_empty() {
        return Err(Miss::new("`docs` is the list of all pages, not one")
            .next("call list_doc_children for the sections, or search_docs for words"));
    }
    let part = cursor::position("get_doc", arguments)?;
    // A cursor is checked against the call, so the part exists.
    reply.push_splice(pages[part.min(pages.len() - 1)]);
    if part + 1 < pages.len() {
        reply.push_static(r"\n\nThe page goes on: call get_doc again with cursor ");
        reply.push_str(&cursor::text(part + 1, "get_doc", arguments));
    }
    Ok(Form::Plain)
}

fn list_doc_children(
    _: &Context,
    arguments: &Arguments<'_>,
    reply: &mut Reply,
) -> Result<Form, Miss> {
    let path = arguments.text("path")?;
    let doc = match path.as_deref().filter(|path| !is_root(path)) {
        Some(path) => find(path)?,
        None => catalog::DOCS.len() - 1,
    };
    let doc = &catalog::DOCS[doc];
    reply.push_text(doc.head);
    reply.push_static(r#",\"total\":"#);
    reply.push_number(doc.children.len as usize);
    reply.push_static(r#",\"children\":["#);
    reply.push_run(doc.children);
    reply.push_static("]");
    Ok(Form::Object)
}

fn is_root(path: &str) -> bool {
    matches!(path.trim_matches('/'), "" | "docs" | "https://kestra.io" | "https://kestra.io/docs")
}

fn find(path: &str) -> Result<usize, Miss> {
    // `Docs/` and `.MD` around a path are taken off in lower case only.
    index::doc(path)
        .or_else(|| index::doc(&path.to_ascii_lowercase()))
        .ok_or_else(|| nearest::unknown("page", path, nearest::docs(path), "search_docs"))
}
