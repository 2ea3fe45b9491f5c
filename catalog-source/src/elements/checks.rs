//! Texts that fit no fact are problems.

use std::collections::BTreeMap;

use super::{CORE, CORE_EE, Element, unknown};
use crate::problem::{Problem, line_of};
use crate::read::{Sourced, Sources};
use crate::texts::{ClassText, PluginTexts};

/// Texts for what is not in the facts are lost texts.
pub(super) fn check_texts(
    sources: &Sources,
    classes: &BTreeMap<String, Element>,
    problems: &mut Vec<Problem>,
) {
    for (plugin, all) in &sources.texts {
        for texts in all.iter().filter(|texts| texts.root > 0 || sources.roots.len() < 2) {
            if plugin != CORE && !sources.plugins.contains_key(plugin) {
                problems.push(Problem::new(&texts.file, 0, "no plugin of that name in facts/"));
                continue;
            }
            for (class, text) in &texts.value.classes {
                match classes.get(class) {
                    Some(element) if element.plugin == *plugin => {
                        check_class_text(texts, class, text, element, problems);
                    }
                    _ => problems.push(unknown(texts, class, "is not a class of this plugin")),
                }
            }
        }
    }
}

pub(super) fn check_enterprise_texts(sources: &Sources, problems: &mut Vec<Problem>) {
    let texts = &sources.enterprise_texts;
    for name in texts.value.keys() {
        let known = sources.enterprise.iter().any(|element| {
            element.cls.as_ref().unwrap_or(&element.name) == name
                || element.plugin.as_deref().unwrap_or(CORE_EE) == name
        });
        if !known {
            problems.push(unknown(texts, name, "is not in facts/enterprise.json: remove it"));
        }
    }
}

fn check_class_text(
    texts: &Sourced<PluginTexts>,
    class: &str,
    text: &ClassText,
    element: &Element,
    problems: &mut Vec<Problem>,
) {
    let line = line_of(&texts.text, class);
    let mut say = |what: String| {
        problems.push(Problem::new(&texts.file, line, format!("{class}: {what}")));
    };
    // Texts of a Kestra are as long as they are.
    let own = texts.root == 0;
    if own && text.title.chars().count() > 60 {
        say(format!("the title has {} characters, 60 at most", text.title.chars().count()));
    }
    if own && text.description.chars().count() > 420 {
        say(format!("the description has {} characters, 420 at most", text.description.len()));
    }
    let has = |property: &str, output: bool| {
        element.schemas.iter().flatten().any(|schema| {
            if output {
                schema.outputs.contains_key(property)
            } else {
                schema.own.contains_key(property) || schema.inherited.contains_key(property)
            }
        })
    };
    for property in text.properties.keys().filter(|property| !has(property, false)) {
        say(format!("describes `{property}`, which the class does not have: remove it"));
    }
    for output in text.outputs.keys().filter(|output| !has(output, true)) {
        say(format!("describes the output `{output}`, which the class does not have: remove it"));
    }
}
