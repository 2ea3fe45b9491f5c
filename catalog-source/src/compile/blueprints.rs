//! Blueprints.

use std::collections::BTreeMap;

use super::{BlueprintRow, Tables, bits, snippets};
use crate::json::escaped;
use crate::problem::Problem;
use crate::read::Sources;
use crate::store::OFTEN;
use crate::{rows, search};

/// Adds blueprints, newest first.
pub(super) fn compile(
    sources: &Sources,
    place: &BTreeMap<&str, u32>,
    tables: &mut Tables,
    problems: &mut Vec<Problem>,
) {
    let mut all: Vec<_> = sources.blueprints.values().collect();
    all.sort_by(|a, b| {
        (&b.value.published, a.value.number).cmp(&(&a.value.published, b.value.number))
    });
    let mut numbers: BTreeMap<u32, &str> = BTreeMap::new();
    for blueprint in all {
        let value = &blueprint.value;
        if let Some(other) = numbers.insert(value.number, &value.id) {
            let what = format!("blueprintId {} is taken by {other}: give another", value.number);
            problems.push(Problem::new(&blueprint.file, 1, what));
        }
        let first = tables.blueprint_classes.len() as u32;
        for class in &value.classes {
            if let Some(element) = place.get(class.as_str()) {
                tables.blueprint_classes.push(*element);
            } else if class.starts_with("io.kestra.plugin.")
                && blueprint.root == 0
                && sources.roots.len() < 2
            {
                let what = format!("class {class} is not in the catalog");
                problems.push(Problem::new(&blueprint.file, 0, what));
            }
        }
        let store = &mut tables.store;
        let (search_row, search_end) = rows::blueprint_search_row(value);
        let tags: Vec<String> = crate::flow::TAGS.iter().map(ToString::to_string).collect();
        tables.blueprints.push(BlueprintRow {
            id: store.text(&value.id),
            number: value.number,
            tags: bits(&value.tags, &tags),
            ee: value.ee,
            list_row: store.text(&rows::blueprint_row(value)),
            search_row: store.text(&search_row),
            search_end: store.text(&search_end),
            flow: store.splice(&escaped(&value.flow), OFTEN),
            classes: (first, tables.blueprint_classes.len() as u32 - first),
            sentences: store.list_of(snippets(&search::blueprint_sentences(value))),
        });
    }
}
