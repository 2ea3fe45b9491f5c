//! The smallest flow, or fragment of one, that uses a class: required properties with
//! placeholders of their types.

mod place;
mod value;
mod yaml;

use std::collections::BTreeMap;

use crate::elements::{Catalog, Element, Schema};
use value::Writer;
use yaml::Yaml;

/// A skeleton in parts: without the comments it is the smallest fragment.
#[derive(Debug, Default)]
pub struct Skeleton {
    /// What comes before the comments.
    pub before: String,
    /// Its own optional properties as comments.
    pub own: String,
    /// Inherited properties as comments.
    pub inherited: String,
    /// What comes after them.
    pub after: String,
}

/// Writes skeletons for the classes of a line.
pub struct Skeletons<'a> {
    line: usize,
    elements: BTreeMap<&'a str, &'a Element>,
    /// Class that a nested class is used in, and the property.
    hosts: BTreeMap<String, (&'a str, &'a str)>,
}

impl<'a> Skeletons<'a> {
    /// For a line of the catalog.
    #[must_use]
    pub fn new(catalog: &'a Catalog, line: usize) -> Self {
        let classes = catalog.elements.iter().filter(|it| it.is_class);
        let elements = classes.map(|it| (it.name.as_str(), it)).collect();
        Self { line, elements, hosts: place::hosts(catalog, line) }
    }

    /// YAML that names the class and what it requires.
    #[must_use]
    pub fn skeleton(&self, element: &Element, schema: &Schema) -> Skeleton {
        let text = self.flow(element, schema).lines();
        let mut skeleton = Skeleton::default();
        // Comments stand together: those of the class, and no other has any.
        for line in text.split_inclusive('\n') {
            let comment = line.trim_start().strip_prefix("# ");
            let name = comment.and_then(|comment| comment.split(':').next());
            match name {
                Some(name) if schema.own.contains_key(name) => &mut skeleton.own,
                Some(_) => &mut skeleton.inherited,
                None if skeleton.own.is_empty() && skeleton.inherited.is_empty() => {
                    &mut skeleton.before
                }
                None => &mut skeleton.after,
            }
            .push_str(line);
        }
        skeleton
    }

    fn flow(&self, element: &Element, schema: &Schema) -> Yaml {
        let mut writer = Writer::new(self);
        if !element.is_class {
            return writer.class(element, schema, true, 0);
        }
        match element.kind.as_str() {
            "task" => Yaml::List(vec![writer.named(element, schema, true)]),
            "trigger" => {
                let trigger = writer.named(element, schema, true);
                let tasks = Yaml::List(vec![writer.log()]);
                place::flow(tasks, Some(trigger))
            }
            "taskRunner" => {
                let runner = writer.class(element, schema, true, 0);
                place::flow(Yaml::List(vec![place::with_runner(runner)]), None)
            }
            "condition" => {
                let condition = writer.class(element, schema, true, 0);
                let tasks = Yaml::List(vec![writer.log()]);
                place::flow(tasks, Some(place::with_condition(condition)))
            }
            _ => {
                let nested = writer.class(element, schema, true, 0);
                let flow = self.in_host(&element.name, &nested, &mut writer);
                flow.unwrap_or(nested)
            }
        }
    }

    /// A flow with a class that takes the nested one.
    fn in_host(&self, name: &str, nested: &Yaml, writer: &mut Writer<'_>) -> Option<Yaml> {
        let (host, property) = self.hosts.get(name)?;
        let host = self.elements.get(host)?;
        let schema = self.schema(host)?;
        let listed = place::takes_list(schema.own.get(*property)?);
        let Yaml::Map(mut members) = writer.named(host, schema, false) else { return None };
        members.retain(|(key, _)| key != property);
        let value = if listed { Yaml::List(vec![nested.clone()]) } else { nested.clone() };
        members.push(((*property).to_owned(), value));
        let host_task = Yaml::Map(members);
        Some(match host.kind.as_str() {
            "trigger" => place::flow(Yaml::List(vec![writer.log()]), Some(host_task)),
            _ => place::flow(Yaml::List(vec![host_task]), None),
        })
    }

    fn schema(&self, element: &'a Element) -> Option<&'a Schema> {
        element.schemas.get(self.line)?.as_ref()
    }
}
