//! Blueprints of others, as overlays state them: a front matter and the flow.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use saphyr::{LoadableYamlNode, Yaml};
use serde_json::Value;

use crate::clean::clean;
use crate::client::Client;
use crate::failure::{Failure, Weight};
use crate::summary::Summary;
use crate::write;

/// Tags that the catalog knows.
const TAGS: [&str; 8] =
    ["AI", "Business", "Cloud", "Core", "Data", "Getting Started", "Infrastructure", "System"];

/// The tag of a blueprint that has none of these.
const OTHER_TAG: &str = "Core";

/// Numbers of imported blueprints begin here: the catalog's own stay below.
const FIRST_NUMBER: u32 = 1_000_000;

/// One blueprint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blueprint {
    /// Its id, the name of its file.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it does.
    pub description: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Needs the Enterprise Edition.
    pub ee: bool,
    /// Day of publication, `YYYY-MM-DD`.
    pub published: String,
    /// The flow.
    pub flow: String,
}

/// Reads blueprints from a folder, a `.jsonl` file or an instance and writes an overlay.
pub fn import(
    path: &str,
    client: impl Fn() -> Result<Client, Failure>,
    tenant: Option<&str>,
    target: &Path,
    date: &str,
) -> Result<Summary, Failure> {
    let mut summary = Summary::default();
    let blueprints = if path.starts_with("http://") || path.starts_with("https://") {
        from_instance(&client()?, tenant, date, &mut summary)?
    } else if Path::new(path).extension().is_some_and(|it| it == "jsonl") {
        from_lines(Path::new(path), &mut summary)?
    } else {
        from_folder(Path::new(path), date, &mut summary)?
    };
    let numbers = numbers(blueprints.keys());
    for (id, blueprint) in &blueprints {
        let text = blueprint.text(numbers[id], &mut summary.notes);
        let file = target.join("blueprints").join(format!("{id}.yaml"));
        summary.file(write::changed(&file, &text)?);
    }
    summary.counts.push(("blueprints", blueprints.len()));
    Ok(summary)
}

/// Numbers that depend on the id alone, so that the next import gives the same; where
/// two ids meet, the later by name takes the next that is free.
fn numbers<'a>(ids: impl Iterator<Item = &'a String>) -> BTreeMap<String, u32> {
    let mut taken = BTreeMap::new();
    let mut numbers = BTreeMap::new();
    for id in ids {
        let hash = id
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let mut number = FIRST_NUMBER + hash % 900_000_000;
        while taken.insert(number, id).is_some() {
            number += 1;
        }
        numbers.insert(id.clone(), number);
    }
    numbers
}

/// Lines of JSON, as the public blueprints are exported.
fn from_lines(path: &Path, summary: &mut Summary) -> Result<BTreeMap<String, Blueprint>, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::of_file(path, &error))?;
    let mut found = BTreeMap::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let place = format!("{}:{}", path.display(), number + 1);
        let row: Value = match serde_json::from_str(line) {
            Ok(row) => row,
            Err(error) => {
                summary.skipped.push(Failure::new(place, error.to_string(), "mend the line"));
                continue;
            }
        };
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let blueprint = Blueprint {
            id: text("id"),
            title: text("title"),
            description: text("description"),
            tags: strings(&row["tags"]),
            ee: row["ee"].as_bool().unwrap_or_default(),
            published: text("publishedAt").chars().take(10).collect(),
            flow: text("flow"),
        };
        keep(blueprint, place, &mut found, summary);
    }
    Ok(found)
}

/// A folder of YAML files whose `extend:` block says what the flow does not.
fn from_folder(
    folder: &Path,
    date: &str,
    summary: &mut Summary,
) -> Result<BTreeMap<String, Blueprint>, Failure> {
    let mut files = Vec::new();
    yaml_files(folder, &mut files)?;
    files.sort();
    let mut found = BTreeMap::new();
    for file in files {
        let place = file.display().to_string();
        match fs::read_to_string(&file) {
            Ok(text) => match from_yaml(&file, &text, date) {
                Ok(Some(blueprint)) => keep(blueprint, place, &mut found, summary),
                Ok(None) => summary.notes.push(Failure::new(
                    place,
                    "has no `extend:` block: not a blueprint",
                    "add one with `title` and `description`",
                )),
                Err(failure) => summary.skipped.push(failure),
            },
            Err(error) => summary.skipped.push(Failure::of_file(&file, &error)),
        }
    }
    Ok(found)
}

fn yaml_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = fs::read_dir(folder).map_err(|error| Failure::of_file(folder, &error))?;
    for entry in entries.flatten() {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if path.is_dir() && !hidden {
            yaml_files(&path, files)?;
        } else if path.extension().is_some_and(|it| it == "yaml" || it == "yml") && !hidden {
            files.push(path);
        }
    }
    Ok(())
}

/// One file. The `extend:` block is taken out by lines, so that the comments and the
/// layout of the flow stay as they are.
fn from_yaml(file: &Path, text: &str, date: &str) -> Result<Option<Blueprint>, Failure> {
    let broken = |error: String| {
        Failure::new(file.display().to_string(), error, "mend the file: it must be YAML")
    };
    let (flow, extend) = part(text);
    let Some(extend) = extend else { return Ok(None) };
    Yaml::load_from_str(&flow).map_err(|error| broken(error.to_string()))?;
    let documents = Yaml::load_from_str(&extend).map_err(|error| broken(error.to_string()))?;
    let block = documents.first().and_then(|it| it.as_mapping_get("extend"));
    let Some(block) = block else { return Ok(None) };
    let text = |name: &str| block.as_mapping_get(name).and_then(Yaml::as_str).unwrap_or_default();
    let list = |name: &str| -> Vec<String> {
        let items = block.as_mapping_get(name).and_then(Yaml::as_sequence).into_iter().flatten();
        items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    Ok(Some(Blueprint {
        id: file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        title: text("title").to_owned(),
        description: text("description").to_owned(),
        tags: list("tags"),
        ee: block.as_mapping_get("ee").and_then(Yaml::as_bool).unwrap_or_default(),
        published: date.to_owned(),
        flow,
    }))
}

/// The flow, and the lines of its `extend:` block.
fn part(text: &str) -> (String, Option<String>) {
    let (mut flow, mut extend) = (String::new(), String::new());
    let mut inside = false;
    for line in text.lines() {
        let top = line.starts_with(|char: char| !char.is_whitespace() && char != '#');
        if top {
            inside = line.starts_with("extend:");
        }
        let part = if inside { &mut extend } else { &mut flow };
        part.push_str(line);
        part.push('\n');
    }
    (flow.trim().to_owned() + "\n", Some(extend).filter(|it| !it.is_empty()))
}

/// An instance's custom blueprints, where its edition has them, and its flows.
fn from_instance(
    client: &Client,
    tenant: Option<&str>,
    date: &str,
    summary: &mut Summary,
) -> Result<BTreeMap<String, Blueprint>, Failure> {
    let mut found = BTreeMap::new();
    let tenant = tenant.unwrap_or("main");
    let prefixes = [format!("/api/v1/{tenant}"), "/api/v1".to_owned()];
    let mut flows = Err(Failure::new(client.url("/api/v1"), "404", ""));
    for prefix in &prefixes {
        flows = pages(client, &format!("{prefix}/flows/search"));
        match &flows {
            Err(failure) if failure.what.starts_with("404") => {}
            _ => break,
        }
    }
    for row in flows.map_err(|failure| failure.weighing(Weight::All))? {
        let text = |name: &str| row[name].as_str().unwrap_or_default();
        let (id, namespace) = (text("id"), text("namespace"));
        let source = prefixes.iter().find_map(|prefix| {
            let path = format!("{prefix}/flows/{namespace}/{id}?source=true");
            client.json(&path).ok()?["source"].as_str().map(str::to_owned)
        });
        let place = client.url(&format!("{}/flows/{namespace}/{id}", prefixes[0]));
        let Some(flow) = source else {
            summary.skipped.push(Failure::new(place, "has no source", "may this user read it?"));
            continue;
        };
        let described = text("description").lines().next().unwrap_or_default();
        let description = if described.is_empty() {
            format!("Flow `{id}` of namespace `{namespace}`.")
        } else {
            described.to_owned()
        };
        let blueprint = Blueprint {
            id: format!("{namespace}.{id}"),
            title: id.replace(['_', '-'], " "),
            description,
            published: date.to_owned(),
            flow,
            ..Blueprint::default()
        };
        keep(blueprint, place, &mut found, summary);
    }
    Ok(custom(client, &prefixes, found, summary))
}

/// Adds custom blueprints: only the Enterprise Edition has them.
fn custom(
    client: &Client,
    prefixes: &[String],
    mut found: BTreeMap<String, Blueprint>,
    summary: &mut Summary,
) -> BTreeMap<String, Blueprint> {
    for prefix in prefixes {
        let Ok(rows) = pages(client, &format!("{prefix}/blueprints/custom")) else { continue };
        for row in rows {
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            let path = format!("{prefix}/blueprints/custom/{}/source", text("id"));
            let place = client.url(&path);
            let flow = match client.text(&path) {
                Ok(flow) => flow,
                Err(failure) => {
                    summary.skipped.push(failure);
                    continue;
                }
            };
            let blueprint = Blueprint {
                id: text("id"),
                title: text("title"),
                description: text("description"),
                tags: strings(&row["tags"]),
                published: text("publishedAt").chars().take(10).collect(),
                flow,
                ..Blueprint::default()
            };
            keep(blueprint, place, &mut found, summary);
        }
        break;
    }
    found
}

fn pages(client: &Client, path: &str) -> Result<Vec<Value>, Failure> {
    let mut all = Vec::new();
    for page in 1.. {
        let answer = client.json(&format!("{path}?page={page}&size=100"))?;
        let rows = answer["results"].as_array().cloned().unwrap_or_default();
        let total = answer["total"].as_u64().unwrap_or_default() as usize;
        let last = rows.is_empty();
        all.extend(rows);
        if last || all.len() >= total {
            break;
        }
    }
    Ok(all)
}

/// Keeps a blueprint, or says what it lacks.
fn keep(
    blueprint: Blueprint,
    place: String,
    found: &mut BTreeMap<String, Blueprint>,
    summary: &mut Summary,
) {
    let proper = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let id = &blueprint.id;
    let lacks = if id.is_empty() || id.starts_with('.') || !id.bytes().all(proper) {
        format!("`{id}` is no id: use letters, digits, `.`, `_` and `-`")
    } else if blueprint.title.trim().is_empty() {
        "has no title".to_owned()
    } else if blueprint.flow.trim().is_empty() {
        "has no flow".to_owned()
    } else if found.contains_key(id) {
        format!("there is another blueprint `{id}`")
    } else {
        found.insert(id.clone(), blueprint);
        return;
    };
    summary.skipped.push(Failure::new(place, lacks, "mend it and import again"));
}

impl Blueprint {
    /// The file of an overlay.
    fn text(&self, number: u32, notes: &mut Vec<Failure>) -> String {
        let line = |text: &str| Value::from(one_line(text)).to_string();
        let description =
            if self.description.trim().is_empty() { &self.title } else { &self.description };
        let (known, unknown): (Vec<&String>, Vec<&String>) =
            self.tags.iter().partition(|tag| TAGS.contains(&tag.as_str()));
        if !unknown.is_empty() {
            let what = format!("tags {unknown:?} are not among the catalog's: left out");
            notes.push(Failure::new(&self.id, what, "none is needed"));
        }
        let mut tags: Vec<&str> = known.iter().map(|tag| tag.as_str()).collect();
        if tags.is_empty() {
            tags.push(OTHER_TAG);
        }
        let ee = if self.ee { "ee: true\n" } else { "" };
        format!(
            "---\ntitle: {}\ndescription: {}\ntags: [{}]\nblueprintId: {number}\npublished: {}\n{ee}---\n{}\n",
            line(&self.title),
            line(description),
            tags.join(", "),
            if self.published.len() == 10 { &self.published } else { "1970-01-01" },
            self.flow.trim_end()
        )
    }
}

/// A text on one line, for the front matter: JSON's string is YAML's too.
fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn strings(list: &Value) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "id: hello\nnamespace: company.team\n\n# say it\ntasks:\n  - id: a\n\nextend:\n  title: Say hello\n  description: >-\n    A flow\n    that greets.\n  tags:\n    - Core\n    - Odd\n  ee: true\n";

    #[test]
    fn the_extend_block_becomes_a_front_matter() {
        let file = Path::new("x/hello.yaml");
        let blueprint = from_yaml(file, FILE, "2026-11-24").expect("YAML").expect("a blueprint");
        let mut notes = Vec::new();
        let want = "---\ntitle: \"Say hello\"\ndescription: \"A flow that greets.\"\ntags: [Core]\nblueprintId: 7\npublished: 2026-11-24\nee: true\n---\nid: hello\nnamespace: company.team\n\n# say it\ntasks:\n  - id: a\n";
        assert_eq!(blueprint.text(7, &mut notes), want);
        assert_eq!(notes.len(), 1, "the odd tag is named");
    }

    #[test]
    fn a_flow_without_the_block_is_no_blueprint() {
        let found = from_yaml(Path::new("x.yaml"), "id: x\n", "2026-11-24");
        assert_eq!(found.expect("YAML"), None);
    }

    #[test]
    fn numbers_depend_on_the_id_alone() {
        let (a, b) = ("a".to_owned(), "b".to_owned());
        let both = numbers([&a, &b].into_iter());
        assert_eq!(numbers([&b].into_iter())["b"], both["b"]);
        assert_ne!(both["a"], both["b"]);
    }
}
