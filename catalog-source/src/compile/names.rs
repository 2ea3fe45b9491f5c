//! Every name that a call may use, to what it names.

use super::{TARGET_SHIFT, Tables};
use crate::elements::Catalog;
use crate::names::{How, Names, suffixes};
use crate::problem::Problem;
use crate::read::Sources;
use crate::store::Store;

/// Adds names and lists of names for completion.
pub(super) fn compile(
    sources: &Sources,
    catalog: &Catalog,
    tables: &mut Tables,
    problems: &mut Vec<Problem>,
) {
    let mut finish = |names: Names, store: &mut Store| match names.finish(store) {
        Ok(names) => names,
        Err(what) => {
            problems.push(Problem::new("catalog.json".as_ref(), 0, what));
            Default::default()
        }
    };
    tables.class_names = finish(classes(catalog), &mut tables.store);
    tables.plugin_names = finish(plugins(catalog, tables), &mut tables.store);
    tables.blueprint_names = finish(blueprints(tables), &mut tables.store);
    tables.doc_names = finish(docs(tables), &mut tables.store);
    completions(sources, catalog, tables);
}

fn classes(catalog: &Catalog) -> Names {
    let mut classes = Names::default();
    for (number, element) in catalog.elements.iter().enumerate() {
        let number = number as u32;
        classes.add(&element.name, number, How::Own);
        for alias in &element.aliases {
            classes.add(alias, number, How::Old);
        }
        if element.is_class && !element.internal {
            suffixes(&element.name).for_each(|short| classes.add(short, number, How::Short));
        }
        for (key, value) in &element.extra {
            if *key == "configType" {
                classes.add(value, number, How::Short);
            }
        }
    }
    classes
}

fn plugins(catalog: &Catalog, tables: &Tables) -> Names {
    let mut plugins = Names::default();
    // An Enterprise plugin and its open-source twin share short names: the latter, which
    // everybody can use, comes first and gets them.
    let numbered = || catalog.plugins.iter().enumerate();
    for (number, plugin) in numbered().filter(|it| !it.1.ee).chain(numbered().filter(|it| it.1.ee))
    {
        let number = number as u32;
        plugins.add(&plugin.name, number, How::Own);
        plugins.add(&plugin.group, number, How::Own);
        plugins.add(&plugin.title, number, How::Old);
        plugins.add(plugin.name.trim_start_matches("plugin-"), number, How::Old);
    }
    for (number, group) in tables.groups.iter().enumerate() {
        let target = 1 << TARGET_SHIFT | number as u32;
        let name = tables.store.get(group.name).to_owned();
        plugins.add(&name, target, How::Old);
        suffixes(&name).for_each(|short| plugins.add(short, target, How::Short));
    }
    // The product alone means the plugin for its SQL, not the one for its changes.
    for (number, plugin) in numbered() {
        if let Some(product) = plugin.name.strip_prefix("plugin-jdbc-") {
            plugins.add(product, number as u32, How::Old);
        }
    }
    for (number, repository) in tables.repositories.iter().enumerate() {
        let target = 2 << TARGET_SHIFT | number as u32;
        plugins.add(tables.store.get(repository.name), target, How::Old);
        plugins.add(tables.store.get(repository.repository), target, How::Old);
        let short = tables.store.get(repository.name).trim_start_matches("plugin-");
        plugins.add(short, target, How::Short);
    }
    plugins
}

fn blueprints(tables: &Tables) -> Names {
    let mut blueprints = Names::default();
    for (number, blueprint) in tables.blueprints.iter().enumerate() {
        blueprints.add(tables.store.get(blueprint.id), number as u32, How::Own);
        blueprints.add(&blueprint.number.to_string(), number as u32, How::Own);
    }
    blueprints
}

fn docs(tables: &Tables) -> Names {
    let mut docs = Names::default();
    for (number, doc) in tables.docs.iter().enumerate() {
        let path = tables.store.get(doc.path);
        docs.add(path.strip_prefix("docs/").unwrap_or(path), number as u32, How::Own);
    }
    docs
}

/// Names for completion, sorted.
fn completions(sources: &Sources, catalog: &Catalog, tables: &mut Tables) {
    let store = &mut tables.store;
    let mut sorted = |mut names: Vec<String>| {
        names.sort_by_key(|name| (name.to_ascii_lowercase(), name.clone()));
        names.dedup();
        store.list_of(&names)
    };
    let classes = catalog.elements.iter().filter(|it| it.is_class && !it.internal);
    tables.completions = vec![
        sorted(classes.map(|it| it.name.clone()).collect()),
        sorted(catalog.plugins.iter().map(|it| it.name.clone()).collect()),
        sorted(sources.blueprints.keys().cloned().collect()),
        sorted(sources.docs.iter().map(|it| it.path.clone()).collect()),
        sorted(sources.lines.iter().map(|it| it.name.clone()).collect()),
    ];
}
