//! The release history of the plugins' repositories, from the public releases API.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::failure::{Failure, Weight};
use crate::pool::{each, lock};
use crate::progress::Bar;
use crate::summary::Summary;
use crate::write;

/// Releases on one page, the most that the API gives.
const PAGE: usize = 100;

/// Reads the releases of all repositories that `catalog` knows and writes
/// `facts/releases.json` of `target`. What the API does not say of a release, such as
/// the Kestra it was built against, is kept from before.
pub fn import(
    client: &Client,
    catalog: &Path,
    target: &Path,
    jobs: usize,
    summary: &mut Summary,
) -> Result<(), Failure> {
    let artifacts = json_file(&catalog.join("facts/artifacts.json"))?;
    let file = Path::new("facts/releases.json");
    let before = json_file(&catalog.join(file)).unwrap_or_default();
    let repositories: Vec<(&String, &str)> = artifacts
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(name, it)| Some((name, it["repository"].as_str()?)))
        .collect();
    let found = std::sync::Mutex::new(BTreeMap::new());
    let bar = Bar::new("releases", repositories.len());
    let failures = each(&repositories, jobs, &bar, |(name, repository)| {
        let releases = releases(client, repository, &before[name.as_str()])?;
        let row = json!({"repository": repository, "releases": releases});
        lock(&found).insert((*name).clone(), row);
        Ok(())
    })?;
    summary.skipped.extend(failures);
    let mut all: BTreeMap<String, Value> =
        before.as_object().into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())).collect();
    let found = std::mem::take(&mut *lock(&found));
    summary.counts.push(("repositories", found.len()));
    all.extend(found);
    summary.file(write::changed(&target.join(file), &text(&all))?);
    Ok(())
}

/// All releases of a repository, newest first.
fn releases(client: &Client, repository: &str, before: &Value) -> Result<Vec<Value>, Failure> {
    let mut found = Vec::new();
    for page in 1.. {
        let path = format!("/repos/{repository}/releases?per_page={PAGE}&page={page}");
        let answer = client.json(&path)?;
        let rows = answer.as_array().cloned().unwrap_or_default();
        let last = rows.len() < PAGE;
        let drafts = |row: &Value| row["draft"] == json!(true);
        found.extend(rows.iter().filter(|row| !drafts(row)).filter_map(|row| release(row, before)));
        if last {
            break;
        }
    }
    let key = |row: &Value| row["publishedAt"].as_str().unwrap_or_default().to_owned();
    found.sort_by_key(|row| std::cmp::Reverse(key(row)));
    Ok(found)
}

fn release(row: &Value, before: &Value) -> Option<Value> {
    let tag = row["tag_name"].as_str()?;
    let known = before["releases"].as_array().into_iter().flatten();
    let mut release: Map<String, Value> = known
        .filter_map(Value::as_object)
        .find(|known| known.get("tag").and_then(Value::as_str) == Some(tag))
        .cloned()
        .unwrap_or_default();
    release.insert("prerelease".into(), json!(row["prerelease"] == json!(true)));
    release.insert("publishedAt".into(), row["published_at"].clone());
    release.insert("tag".into(), json!(tag));
    release.insert("version".into(), json!(tag.trim_start_matches('v')));
    Some(Value::Object(release))
}

fn json_file(path: &Path) -> Result<Value, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::of_file(path, &error))?;
    serde_json::from_str(&text).map_err(|error| {
        let place = path.display().to_string();
        Failure::new(place, error.to_string(), "mend the file").weighing(Weight::All)
    })
}

/// One release a line, members by name, as the file is laid out.
fn text(all: &BTreeMap<String, Value>) -> String {
    let repositories: Vec<String> = all
        .iter()
        .map(|(name, it)| {
            let releases = it["releases"].as_array().into_iter().flatten();
            let rows: Vec<String> = releases.map(|row| sorted(row).to_string()).collect();
            let name = Value::from(name.as_str());
            let rows =
                if rows.is_empty() { String::new() } else { format!("\n{}\n", rows.join(",\n")) };
            format!("{name}:{{\n\"releases\":[{rows}],\n\"repository\":{}\n}}", it["repository"])
        })
        .collect();
    format!("{{\n{}\n}}\n", repositories.join(",\n"))
}

fn sorted(row: &Value) -> Value {
    let members = row.as_object().into_iter().flatten();
    let members: BTreeMap<&String, &Value> = members.collect();
    json!(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_api_does_not_say_is_kept() {
        let before = json!({"releases": [{"tag": "v1.2.0", "kestraVersion": "1.3.0"}]});
        let row = json!({"tag_name": "v1.2.0", "published_at": "2026-01-01T00:00:00Z"});
        let release = release(&row, &before).expect("a release");
        assert_eq!(release["kestraVersion"], "1.3.0");
        assert_eq!(release["version"], "1.2.0");
        assert_eq!(release["prerelease"], false);
    }

    #[test]
    fn the_file_of_the_catalog_is_written_as_it_is() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../facts/releases.json");
        let before = fs::read_to_string(file).expect("facts");
        assert_eq!(text(&serde_json::from_str(&before).expect("JSON")), before);
    }
}
