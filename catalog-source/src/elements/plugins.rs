//! Plugins, with what their elements bring.

use std::collections::BTreeMap;

use super::describe::Describe;
use super::{CORE, Element, Plugin};
use crate::texts::GroupText;

impl Describe<'_> {
    /// All plugins: core first, then by name.
    pub(super) fn plugins(&self, elements: &[Element]) -> Vec<Plugin> {
        let mut plugins: BTreeMap<&str, Plugin> = BTreeMap::new();
        let core = self.sources.lines.first().map(|line| (CORE, &line.core));
        let all = self.sources.plugins.iter().map(|(name, artifact)| (name.as_str(), artifact));
        for (name, artifact) in core.into_iter().chain(all) {
            let mut plugin = self.plugin(name);
            plugin.group.clone_from(&artifact.value.group);
            artifact.value.version().clone_into(&mut plugin.version);
            plugin.categories.clone_from(&artifact.value.categories);
            plugin.root = artifact.root;
            plugins.insert(name, plugin);
        }
        for element in elements {
            plugins
                .entry(&element.plugin)
                .or_insert_with(|| Plugin { ee: true, ..self.plugin(&element.plugin) });
        }
        let mut plugins: Vec<Plugin> = plugins.into_values().collect();
        plugins.sort_by(|a, b| (a.name != CORE, &a.name).cmp(&(b.name != CORE, &b.name)));
        plugins
    }

    fn plugin(&self, name: &str) -> Plugin {
        let mut text = GroupText::default();
        let mut groups = BTreeMap::new();
        for texts in self.texts(name) {
            text = texts.value.plugin.clone();
            groups.extend(texts.value.subgroups.clone());
        }
        let repository = self.sources.repositories.iter().find(|(_, repository)| {
            repository.artifacts.iter().any(|artifact| artifact.artifact_id == name)
                && !repository.template
        });
        // Texts of what only the Enterprise Edition has stand together in one file.
        if let Some(ee) = self.sources.enterprise_texts.value.get(name) {
            text.title.clone_from(&ee.title);
            text.description.clone_from(&ee.description);
            text.words.clone_from(&ee.words);
        }
        Plugin {
            name: name.to_owned(),
            title: if text.title.is_empty() { plugin_title(name) } else { text.title },
            description: text.description,
            words: text.words,
            repository: repository.map(|(name, _)| name.clone()),
            groups,
            ..Plugin::default()
        }
    }
}

fn plugin_title(name: &str) -> String {
    name.trim_start_matches("plugin-ee-").trim_start_matches("plugin-").replace('-', " ")
}
