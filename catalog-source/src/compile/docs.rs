//! Pages of the documentation, in parts of bounded length.

use serde_json::{Value, json};

use super::{DocRow, Tables, snippets};
use crate::json::{escaped, quoted};
use crate::problem::Problem;
use crate::read::Sources;
use crate::schema_text::json_text;
use crate::store::{OFTEN, Text};
use crate::{rows, search};

/// Most bytes of one part of a page, well under 8,000 tokens.
const PAGE_BYTES: usize = 20_000;

/// Adds pages in navigation order, and the root above them.
pub(super) fn compile(sources: &Sources, tables: &mut Tables, problems: &mut Vec<Problem>) {
    for (path, page) in &sources.pages {
        if !sources.docs.iter().any(|node| node.path == *path) {
            let what = "no page of that path in facts/docs-tree.json";
            problems.push(Problem::new(&page.file, 0, what));
        }
        for link in links(&page.value.body) {
            if !sources.docs.iter().any(|node| node.path == link) {
                let line = page.text.lines().position(|line| line.contains(&link));
                let what = format!("link to {link}, which is not in facts/docs-tree.json");
                problems.push(Problem::new(&page.file, line.map_or(0, |n| n + 1), what));
            }
        }
    }
    for texts in [&sources.doc_sentences, &sources.doc_words] {
        for path in texts.value.keys() {
            if !sources.docs.iter().any(|node| node.path == *path) {
                let what = format!("{path} is not in facts/docs-tree.json");
                problems.push(Problem::new(&texts.file, 0, what));
            }
        }
    }
    let ordered = search::ordered_docs(sources);
    let parents: Vec<&str> = ordered.iter().map(|node| parent(&node.path)).collect();
    let mut child_rows: Vec<Text> = Vec::new();
    for node in &ordered {
        let children = parents.iter().filter(|parent| **parent == node.path).count();
        let mut row = serde_json::Map::new();
        row.insert("parsedUrl".into(), json!(node.path));
        row.insert("title".into(), json!(search::doc_title(sources, node)));
        if children > 0 {
            row.insert("children".into(), json!(children));
        }
        child_rows.push(tables.store.text(&escaped(&json_text(&Value::Object(row)))));
    }
    // The root, of which `docs` is the path, has no page of its own.
    let tops: Vec<Text> = (0..ordered.len())
        .filter(|n| !ordered.iter().any(|node| node.path == parents[*n]))
        .map(|n| child_rows[n])
        .collect();
    for (number, node) in ordered.iter().enumerate() {
        let title = search::doc_title(sources, node);
        let own = (0..ordered.len()).filter(|n| parents[*n] == node.path).map(|n| child_rows[n]);
        let own: Vec<Text> = own.collect();
        let store = &mut tables.store;
        let (search_row, search_end) = rows::doc_search_row(node, &title);
        let head = format!("{{\"path\":{},\"title\":{}", quoted(&node.path), quoted(&title));
        let first = tables.pages.len() as u32;
        for page in pages(sources, &node.path, &title) {
            tables.pages.push(store.splice(&escaped(&page), OFTEN));
        }
        tables.docs.push(DocRow {
            path: store.text(&node.path),
            search_row: store.text(&search_row),
            search_end: store.text(&search_end),
            child_row: child_rows[number],
            head: store.text(&escaped(&head)),
            children: store.list(&own),
            pages: (first, tables.pages.len() as u32 - first),
            sentences: store.list_of(snippets(&search::doc_sentences(sources, node))),
        });
    }
    let head = tables.store.text(&escaped("{\"path\":\"docs\",\"title\":\"Documentation\""));
    let children = tables.store.list(&tops);
    let path = tables.store.text("docs");
    tables.docs.push(DocRow { path, head, children, ..DocRow::default() });
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Paths of links to other pages of the documentation.
fn links(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in markdown.match_indices("](docs/") {
        let rest = &markdown[at + 2..];
        let end = rest.find([')', '#', ' ']).unwrap_or(rest.len());
        found.push(rest[..end].trim_end_matches('/').to_owned());
    }
    found
}

/// The text of a page, cut at headings into parts of bounded length. The first line is
/// the title, the last the public address.
fn pages(sources: &Sources, path: &str, title: &str) -> Vec<String> {
    let address = format!("https://kestra.io/{path}");
    let Some(page) = sources.pages.get(path) else {
        let sentence = sources.doc_sentences.value.get(path).map_or("", String::as_str);
        return vec![format!(
            "# {title}\n\n{sentence}\n\nThe full page is not part of this build; read it at its public address.\n\n{address}"
        )];
    };
    let body = &page.value.body;
    let mut parts: Vec<String> = Vec::new();
    let mut part = format!("# {title}\n\n");
    let mut sections = vec![0];
    sections.extend(body.match_indices("\n## ").map(|(at, _)| at + 1));
    sections.push(body.len());
    for pair in sections.windows(2) {
        let section = &body[pair[0]..pair[1]];
        if part.len() + section.len() > PAGE_BYTES && part.len() > title.len() + 4 {
            parts.push(std::mem::take(&mut part));
        }
        part.push_str(section);
    }
    part.push_str("\n\n");
    part.push_str(&address);
    parts.push(part);
    parts
}
