//! Compiles what was read into sorted tables of numbers and one store of texts.

mod blueprints; // complete flows
mod docs; // pages of the documentation
mod elements; // elements, their schemas, lists of a kind
mod names; // every name that a call may use
mod plugins; // plugins, packages, repositories, releases
mod tables; // what all of them write

use std::collections::BTreeMap;

pub use self::tables::*;
use crate::elements::Catalog;
use crate::json::escaped;
use crate::page::clipped;
use crate::problem::Problem;
use crate::read::Sources;
use crate::{nodes, rows, search};

/// Compiles the catalog.
pub fn compile(sources: &Sources, catalog: &Catalog, problems: &mut Vec<Problem>) -> Tables {
    let mut tables = Tables {
        date: sources.catalog.date.clone(),
        lines: sources
            .lines
            .iter()
            .map(|line| (line.name.clone(), line.core.value.version().to_owned()))
            .collect(),
        roots: roots(sources, catalog),
        ..Tables::default()
    };
    let lines: Vec<String> = tables.lines.iter().map(|(name, _)| name.clone()).collect();
    let place: BTreeMap<&str, u32> =
        catalog.elements.iter().enumerate().map(|(n, it)| (it.name.as_str(), n as u32)).collect();
    for plugin in &catalog.plugins {
        for category in &plugin.categories {
            if !tables.categories.contains(category) {
                tables.categories.push(category.clone());
            }
        }
    }
    tables.categories.sort();
    plugins::repositories(sources, catalog, &mut tables);
    plugins::compile(sources, catalog, &lines, &mut tables);
    elements::compile(sources, catalog, &lines, &place, &mut tables);
    tables.nodes = nodes::compile(sources, catalog, &place, &mut tables.store);
    elements::kinds(catalog, &mut tables);
    blueprints::compile(sources, &place, &mut tables, problems);
    docs::compile(sources, &mut tables, problems);
    blogs(sources, &mut tables);
    names::compile(sources, catalog, &mut tables, problems);
    tables.index = search::compile(sources, catalog, &tables, problems);
    if tables.store.text.len() > MOST_TEXT {
        let what = format!("all texts together have more than {MOST_TEXT} bytes: leave some out");
        problems.push(Problem::new("catalog.json".as_ref(), 0, what));
    }
    tables
}

/// What the places of spans and of entries of lists can name.
const MOST_TEXT: usize = 1 << 24;

fn roots(sources: &Sources, catalog: &Catalog) -> Vec<RootRow> {
    let row = |(number, root): (usize, &crate::Root)| RootRow {
        name: root.name.clone(),
        hash: sources.hashes[number].clone(),
        counts: [
            ("plugins", catalog.plugins.iter().filter(|it| it.root == number).count()),
            ("classes", catalog.elements.iter().filter(|it| it.root == number).count()),
            ("blueprints", sources.blueprints.values().filter(|it| it.root == number).count()),
            ("docs", sources.pages.values().filter(|it| it.root == number).count()),
        ],
    };
    sources.roots.iter().enumerate().map(row).collect()
}

fn bits(names: &[String], all: &[String]) -> u32 {
    all.iter().enumerate().filter(|(_, it)| names.contains(it)).map(|(n, _)| 1 << n).sum()
}

/// Sentences as they stand in a row: JSON strings inside JSON inside a JSON string.
fn snippets(sentences: &[String]) -> Vec<String> {
    sentences.iter().map(|text| escaped(&escaped(&clipped(text, rows::SNIPPET)))).collect()
}

fn blogs(sources: &Sources, tables: &mut Tables) {
    for blog in search::ordered_blogs(sources) {
        let row = tables.store.text(&rows::blog_row(blog));
        tables.blogs.push(row);
    }
}
