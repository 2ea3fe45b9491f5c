//! What a Kestra instance answers, whichever version it has: 0.20 lists classes as
//! plain strings, 1.x as objects, 2.0 in pages.

use serde_json::{Map, Value};

use crate::client::Client;
use crate::failure::{Failure, Weight};

/// Pages of the list are asked for in this size: one page for every Kestra there is.
const PAGE: usize = 1000;

/// Members of a plugin that list classes, and the kind of these.
const KINDS: [(&str, &str); 15] = [
    ("tasks", "task"),
    ("triggers", "trigger"),
    ("conditions", "condition"),
    ("storages", "storage"),
    ("secrets", "secretManager"),
    ("taskRunners", "taskRunner"),
    ("apps", "app"),
    ("appBlocks", "appBlock"),
    ("charts", "chart"),
    ("dataFilters", "dataFilter"),
    ("dataFiltersKPI", "dataFilterKPI"),
    ("logExporters", "logExporter"),
    ("additionalPlugins", "additionalPlugin"),
    ("fileRenderers", "fileRenderer"),
    ("assets", "asset"),
];

/// The kind of classes in a list that is not known: one that no other list holds.
const OTHER: &str = "additionalPlugin";

/// A running Kestra, or an API that answers like one.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The way to it.
    pub client: Client,
    /// What stands before `/plugins`: `/api/v1`, or the same with a tenant.
    pub prefix: String,
    /// Its version, `2.0.0`.
    pub version: String,
    /// Changes with its set of plugins, where it says so.
    pub plugins_hash: String,
}

/// One plugin as the list has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plugin {
    /// Its name, that of the artifact.
    pub name: String,
    /// Its title.
    pub title: String,
    /// One line.
    pub description: String,
    /// Its package.
    pub group: String,
    /// Its version; empty where the server does not say.
    pub version: String,
    /// Its categories.
    pub categories: Vec<String>,
    /// Old class names that it answers for.
    pub aliases: Vec<String>,
    /// Its classes, sorted by name.
    pub classes: Vec<Listed>,
    /// Its packages, sorted by name.
    pub subgroups: Vec<Subgroup>,
}

/// One class of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Its name.
    pub class: String,
    /// Its kind.
    pub kind: String,
    /// Marked as deprecated.
    pub deprecated: bool,
    /// Known by name only: the server describes it, but does not list it.
    pub unlisted: bool,
    /// Not for use in flows.
    pub internal: bool,
}

/// One package of a plugin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subgroup {
    /// The package.
    pub package: String,
    /// Its title.
    pub title: String,
    /// One line.
    pub description: String,
    /// Its categories.
    pub categories: Vec<String>,
}

impl Instance {
    /// Finds out where a Kestra has its API and which version it is. `version` is taken
    /// where the server does not say.
    pub fn connect(
        client: Client,
        tenant: Option<&str>,
        version: Option<&str>,
    ) -> Result<Self, Failure> {
        let configs = configs(&client, tenant)?;
        let said = configs.get("version").and_then(Value::as_str).unwrap_or_default();
        let version = version.unwrap_or(said).trim_start_matches('v').to_owned();
        if line_of(&version).is_none() {
            let remedy = "give --kestra-version, such as 2.0.0";
            let what = format!("does not say which version of Kestra it is (`{version}`)");
            return Err(
                Failure::new(client.url("/api/v1/configs"), what, remedy).weighing(Weight::All)
            );
        }
        let hash = configs.get("pluginsHash").map(Value::to_string).unwrap_or_default();
        let prefix = "/api/v1".to_owned();
        let mut instance = Self { client, prefix, version, plugins_hash: hash };
        instance.find_prefix(tenant)?;
        Ok(instance)
    }

    /// An API without `/configs` and without a version to ask for.
    #[must_use]
    pub fn at(client: Client, prefix: &str, version: &str) -> Self {
        Self {
            client,
            prefix: prefix.to_owned(),
            version: version.to_owned(),
            plugins_hash: String::new(),
        }
    }

    /// No version so far has a tenant in its plugin paths; one that does is served too.
    fn find_prefix(&mut self, tenant: Option<&str>) -> Result<(), Failure> {
        let first = self.client.json(&format!("{}/plugins?size=1", self.prefix));
        match (first, tenant) {
            (Ok(_), _) => Ok(()),
            (Err(failure), Some(tenant)) if failure.what.starts_with("404") => {
                let prefix = format!("/api/v1/{tenant}");
                self.client.json(&format!("{prefix}/plugins?size=1")).map_err(not_kestra)?;
                self.prefix = prefix;
                Ok(())
            }
            (Err(failure), _) => Err(not_kestra(failure)),
        }
    }

    /// The release line, `2.0`.
    #[must_use]
    pub fn line(&self) -> String {
        line_of(&self.version).unwrap_or_else(|| self.version.clone())
    }

    /// All plugins, sorted by name; what is odd about them is added to `notes`.
    pub fn plugins(&self, notes: &mut Vec<Failure>) -> Result<Vec<Plugin>, Failure> {
        let path = format!("{}/plugins", self.prefix);
        let url = self.client.url(&path);
        let entries = self.pages(&path)?;
        let mut plugins: Vec<Plugin> =
            entries.iter().filter_map(|entry| plugin(entry, &url, notes)).collect();
        plugins.sort_by(|a, b| a.name.cmp(&b.name));
        merge_same(&mut plugins);
        let path = format!("{}/plugins/groups/subgroups", self.prefix);
        match self.client.json(&path) {
            Ok(subgroups) => add_subgroups(&mut plugins, &items(&subgroups)),
            Err(failure) if failure.weight == Weight::All => return Err(failure),
            Err(failure) => notes.push(failure),
        }
        Ok(plugins)
    }

    /// A list that comes as an array or in pages.
    fn pages(&self, path: &str) -> Result<Vec<Value>, Failure> {
        let mut all = Vec::new();
        for page in 1.. {
            let url = format!("{path}?page={page}&size={PAGE}");
            let answer = self.client.json(&url)?;
            let found = items(&answer);
            let total = answer["total"].as_u64().unwrap_or(0) as usize;
            let empty = found.is_empty();
            all.extend(found);
            if answer.is_array() || empty || all.len() >= total {
                break;
            }
        }
        if all.is_empty() {
            let what = "lists no plugin";
            return Err(Failure::new(
                self.client.url(path),
                what,
                "is this the address of Kestra's API?",
            )
            .weighing(Weight::All));
        }
        Ok(all)
    }

    /// Path of a class.
    #[must_use]
    pub fn class_path(&self, class: &str, inherited: bool) -> String {
        // The class names of Java that a path may not hold as they are: `A$B`.
        let class = class.replace('$', "%24");
        format!("{}/plugins/{class}?all={inherited}", self.prefix)
    }
}

/// `2.0` of `2.0.0-rc1`.
fn line_of(version: &str) -> Option<String> {
    let mut parts = version.split(['.', '-']);
    let (major, minor) = (parts.next()?, parts.next()?);
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (number(major) && number(minor)).then(|| format!("{major}.{minor}"))
}

fn configs(client: &Client, tenant: Option<&str>) -> Result<Value, Failure> {
    let mut paths = vec!["/api/v1/configs".to_owned()];
    paths.extend(tenant.map(|tenant| format!("/api/v1/{tenant}/configs")));
    for path in paths {
        match client.json(&path) {
            Err(failure) if failure.what.starts_with("404") => {}
            other => return other.map_err(not_kestra),
        }
    }
    Ok(Value::Null)
}

/// The first request failed: nothing more can be had.
fn not_kestra(failure: Failure) -> Failure {
    failure.weighing(Weight::All)
}

/// The items of `[...]` or `{"results": [...]}`.
fn items(answer: &Value) -> Vec<Value> {
    let list = answer.get("results").unwrap_or(answer);
    list.as_array().cloned().unwrap_or_default()
}

fn plugin(entry: &Value, url: &str, notes: &mut Vec<Failure>) -> Option<Plugin> {
    let Some(name) = entry["name"].as_str().filter(|name| is_name(name)) else {
        let what = format!("a plugin without a proper name ({}): left out", entry["name"]);
        notes.push(Failure::new(url, what, "its jar has a broken manifest"));
        return None;
    };
    let manifest = &entry["manifest"];
    let version = entry["version"].as_str().or(manifest["X-Kestra-Version"].as_str());
    let mut classes = classes(entry, name, url, notes);
    classes.sort();
    classes.dedup_by(|a, b| a.class == b.class);
    Some(Plugin {
        name: name.to_owned(),
        title: text(entry, "title"),
        description: text(entry, "description"),
        group: text(entry, "group"),
        version: version.unwrap_or_default().to_owned(),
        categories: strings(&entry["categories"]),
        aliases: strings(&entry["aliases"]),
        classes,
        subgroups: Vec::new(),
    })
}

/// Names become file names: nothing that leaves the folder may pass.
fn is_name(name: &str) -> bool {
    let proper = |byte: u8| byte.is_ascii_alphanumeric() || b"._-$".contains(&byte);
    !name.is_empty() && !name.starts_with('.') && name.bytes().all(proper)
}

fn classes(entry: &Value, plugin: &str, url: &str, notes: &mut Vec<Failure>) -> Vec<Listed> {
    let mut found = Vec::new();
    for (member, list) in entry.as_object().into_iter().flatten() {
        let known = KINDS.iter().find(|(name, _)| name == member).map(|(_, kind)| *kind);
        let items = list.as_array().into_iter().flatten();
        let before = found.len();
        found.extend(items.filter_map(|item| listed(item, known)));
        found.retain(|it| {
            let proper = is_name(&it.class);
            if !proper {
                let what =
                    format!("{plugin} lists `{}`, which is no class name: left out", it.class);
                notes.push(Failure::new(url, what, "its plugin is broken there: reinstall it"));
            }
            proper
        });
        if known.is_none() && found.len() > before {
            let what = format!("{plugin} lists an unknown kind `{member}`: taken as `{OTHER}`");
            notes.push(Failure::new(url, what, "the importer may be older than this Kestra"));
        }
    }
    found
}

/// A class of a list: an object, or in Kestra 0.20 its name.
fn listed(item: &Value, kind: Option<&str>) -> Option<Listed> {
    let kind_of = || kind.unwrap_or(OTHER).to_owned();
    if let Some(class) = item["cls"].as_str() {
        return Some(Listed {
            class: class.to_owned(),
            kind: kind_of(),
            deprecated: item["deprecated"].as_bool().unwrap_or_default(),
            ..Listed::default()
        });
    }
    // Strings of a member that is not known are not classes: guides, aliases.
    let class = item.as_str().filter(|_| kind.is_some())?;
    Some(Listed { class: class.to_owned(), kind: kind_of(), ..Listed::default() })
}

/// One artifact installed in two versions is listed twice: its classes come together,
/// and the newer entry, which the server puts last, says the rest.
fn merge_same(plugins: &mut Vec<Plugin>) {
    plugins.dedup_by(|later, earlier| {
        let same = later.name == earlier.name;
        if same {
            let classes = std::mem::take(&mut earlier.classes);
            *earlier = std::mem::take(later);
            earlier.classes.extend(classes);
            earlier.classes.sort();
            earlier.classes.dedup_by(|a, b| a.class == b.class);
        }
        same
    });
}

fn add_subgroups(plugins: &mut [Plugin], entries: &[Value]) {
    for entry in entries {
        let (Some(name), Some(package)) = (entry["name"].as_str(), entry["subGroup"].as_str())
        else {
            continue;
        };
        if let Some(plugin) = plugins.iter_mut().find(|plugin| plugin.name == name) {
            plugin.subgroups.push(Subgroup {
                package: package.to_owned(),
                title: text(entry, "title"),
                description: text(entry, "description"),
                categories: strings(&entry["categories"]),
            });
        }
    }
    for plugin in plugins {
        plugin.subgroups.sort_by(|a, b| a.package.cmp(&b.package));
        plugin.subgroups.dedup_by(|a, b| a.package == b.package);
    }
}

fn text(entry: &Value, member: &str) -> String {
    entry[member].as_str().unwrap_or_default().to_owned()
}

fn strings(list: &Value) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// The schema part of a class's answer.
pub(crate) fn schema_of(mut answer: Value) -> Option<Map<String, Value>> {
    match answer.get_mut("schema").map(Value::take) {
        Some(Value::Object(schema)) if schema.contains_key("properties") => Some(schema),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_is_major_and_minor() {
        assert_eq!(line_of("2.0.0-rc1").as_deref(), Some("2.0"));
        assert_eq!(line_of("1.3.19").as_deref(), Some("1.3"));
        assert_eq!(line_of("develop"), None);
    }

    #[track_caller]
    fn check(entry: &Value, classes: &[(&str, &str)], notes: usize) {
        let mut found = Vec::new();
        let plugin = plugin(entry, "u", &mut found).expect("a plugin");
        let listed: Vec<(&str, &str)> =
            plugin.classes.iter().map(|it| (it.class.as_str(), it.kind.as_str())).collect();
        assert_eq!(listed, classes);
        assert_eq!(found.len(), notes, "{found:?}");
    }

    #[test]
    fn classes_are_objects_in_new_versions() {
        check(&json!({"name": "p", "tasks": [{"cls": "a.B"}]}), &[("a.B", "task")], 0);
    }

    #[test]
    fn classes_are_strings_in_old_versions() {
        check(
            &json!({"name": "p", "conditions": ["a.B"], "guides": ["How to"], "aliases": ["x.Y"]}),
            &[("a.B", "condition")],
            0,
        );
    }

    #[test]
    fn a_name_that_leaves_the_folder_is_left_out() {
        check(&json!({"name": "p", "tasks": ["../../x", "a.B"]}), &[("a.B", "task")], 1);
    }

    #[test]
    fn an_unknown_kind_is_kept_and_noted() {
        check(
            &json!({"name": "p", "widgets": [{"cls": "a.W"}]}),
            &[("a.W", "additionalPlugin")],
            1,
        );
    }
}
