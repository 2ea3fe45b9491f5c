//! Where a class stands in a flow.

use std::collections::BTreeMap;

use serde_json::Value;

use super::yaml::Yaml;
use crate::elements::Catalog;

/// A flow around tasks and a trigger.
pub(super) fn flow(tasks: Yaml, trigger: Option<Yaml>) -> Yaml {
    let mut members = vec![
        ("id".to_owned(), Yaml::text("my_flow")),
        ("namespace".to_owned(), Yaml::text("company.team")),
        ("tasks".to_owned(), tasks),
    ];
    members.extend(trigger.map(|it| ("triggers".to_owned(), Yaml::List(vec![it]))));
    Yaml::Map(members)
}

/// A task that a runner runs.
pub(super) fn with_runner(runner: Yaml) -> Yaml {
    Yaml::Map(vec![
        ("id".to_owned(), Yaml::text("run")),
        ("type".to_owned(), Yaml::text("io.kestra.plugin.scripts.shell.Commands")),
        ("taskRunner".to_owned(), runner),
        ("commands".to_owned(), Yaml::List(vec![Yaml::text("echo hello")])),
    ])
}

/// A trigger that waits for a condition.
pub(super) fn with_condition(condition: Yaml) -> Yaml {
    Yaml::Map(vec![
        ("id".to_owned(), Yaml::text("schedule")),
        ("type".to_owned(), Yaml::text("io.kestra.plugin.core.trigger.Schedule")),
        ("cron".to_owned(), Yaml::text("0 9 * * *")),
        ("conditions".to_owned(), Yaml::List(vec![condition])),
    ])
}

/// For each class that a property of a task or trigger takes by name, the first class
/// and property that do.
pub(super) fn hosts(catalog: &Catalog, line: usize) -> BTreeMap<String, (&str, &str)> {
    let mut hosts = BTreeMap::new();
    let classes = catalog.elements.iter().filter(|it| it.is_class && !it.deprecated);
    for element in classes.filter(|it| matches!(it.kind.as_str(), "task" | "trigger")) {
        let Some(schema) = element.schemas.get(line).and_then(Option::as_ref) else { continue };
        for (property, schema) in &schema.own {
            for name in named(schema).chain(named(&schema["items"])) {
                hosts.entry(name.to_owned()).or_insert((element.name.as_str(), property.as_str()));
            }
        }
    }
    hosts
}

/// Whether a property takes a list.
pub(super) fn takes_list(schema: &Value) -> bool {
    schema["type"] == "array"
}

/// Names that a schema refers to, itself or by its alternatives.
fn named(schema: &Value) -> impl Iterator<Item = &str> {
    let alternatives = schema["anyOf"].as_array().into_iter().flatten();
    std::iter::once(schema).chain(alternatives).filter_map(super::value::reference)
}
