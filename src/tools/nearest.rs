//! What a user may have meant.

use std::borrow::Cow;
use std::collections::BinaryHeap;

use super::miss::{MAX_NEAREST, Miss, repeated};
use crate::index::{Documents, Filter, Page, Query, Source, search};
use crate::model::catalog;
use crate::model::records::Element;
use crate::validate::successors_first;

/// Names of the nearest classes that `accept` lets through.
pub(super) fn classes(name: &str, accept: &dyn Fn(&Element) -> bool) -> Vec<Cow<'static, str>> {
    let accept = |element: &Element| !element.internal() && accept(element);
    let mut by_letters =
        catalog::ELEMENTS.iter().filter(|it| accept(it)).map(|it| catalog::text(it.name));
    let mut found = near(name, &mut by_letters, |known| known.rsplit('.').next().unwrap_or(known));
    for hit in hits(name, Source::Elements, &|at| accept(&catalog::ELEMENTS[at])) {
        push(&mut found, catalog::text(catalog::ELEMENTS[hit].name));
    }
    successors_first(&mut found);
    found
}

/// Names of the nearest plugins.
pub(super) fn plugins(name: &str) -> Vec<Cow<'static, str>> {
    let mut by_letters = catalog::PLUGINS.iter().map(|it| catalog::text(it.name));
    let mut found = near(name, &mut by_letters, |known| known.trim_start_matches("plugin-"));
    for hit in hits(name, Source::Elements, &|_| true) {
        let plugin = catalog::ELEMENTS[hit].plugin as usize;
        push(&mut found, catalog::text(catalog::PLUGINS[plugin].name));
    }
    found
}

/// Slugs of the nearest blueprints.
pub(super) fn blueprints(name: &str) -> Vec<Cow<'static, str>> {
    let mut by_letters = catalog::BLUEPRINTS.iter().map(|it| catalog::text(it.id));
    let mut found = near(name, &mut by_letters, |known| known);
    for hit in hits(name, Source::Blueprints, &|_| true) {
        push(&mut found, catalog::text(catalog::BLUEPRINTS[hit].id));
    }
    found
}

/// Paths of the nearest pages.
pub(super) fn docs(path: &str) -> Vec<Cow<'static, str>> {
    let mut by_letters = catalog::DOCS.iter().map(|it| catalog::text(it.path));
    let mut found = near(path, &mut by_letters, |known| known.rsplit('/').next().unwrap_or(known));
    for hit in hits(path, Source::Docs, &|_| true) {
        push(&mut found, catalog::text(catalog::DOCS[hit].path));
    }
    found
}

/// The miss of a name that nothing has.
pub(super) fn unknown(what: &str, name: &str, near: Vec<Cow<'static, str>>, tool: &str) -> Miss {
    let none = near.is_empty();
    Miss::new(format!("no {what} `{}`", repeated(name))).did_you_mean(near).next(if none {
        format!("look for words with {tool}")
    } else {
        format!("call again with one of these, or look for words with {tool}")
    })
}

/// Names whose last part is few edits away from that of `name`, nearest first: as a whole
/// if more than the last part was given.
fn near(
    name: &str,
    names: &mut dyn Iterator<Item = &'static str>,
    part: fn(&str) -> &str,
) -> Vec<Cow<'static, str>> {
    let wanted: String = part(name.trim_end_matches('/')).to_lowercase().chars().take(64).collect();
    let whole: String = name.to_lowercase().chars().take(128).collect();
    let is_whole = wanted.len() < whole.len();
    let most = (wanted.chars().count() / 3).clamp(1, 3);
    let found: BinaryHeap<(usize, usize, &'static str)> = names
        .filter_map(|known| {
            let distance = strsim::levenshtein(&wanted, &part(known).to_lowercase());
            let far = || strsim::levenshtein(&whole, &known.to_lowercase());
            (distance <= most).then(|| {
                let far = far();
                (if is_whole { distance + far } else { distance }, far, known)
            })
        })
        .collect();
    found
        .into_sorted_vec()
        .into_iter()
        .take(MAX_NEAREST)
        .map(|(_, _, known)| Cow::Borrowed(known))
        .collect()
}

fn hits(text: &str, source: Source, accept: &dyn Fn(usize) -> bool) -> Vec<usize> {
    let Some(query) = Query::parse(text) else { return Vec::new() };
    let page = Page { skip: 0, limit: MAX_NEAREST };
    let accepted = Documents::of(source.len(), accept);
    let found = search(&query, &[source], Filter::ALL.with(source, &accepted), page);
    found.hits.iter().map(|hit| hit.at).collect()
}

fn push(found: &mut Vec<Cow<'static, str>>, name: &'static str) {
    if found.len() < MAX_NEAREST && !found.iter().any(|known| known == name) {
        found.push(Cow::Borrowed(name));
    }
}
