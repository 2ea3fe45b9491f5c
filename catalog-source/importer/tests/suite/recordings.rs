//! The mock server with the recordings behind it. They are third-party text and not
//! part of this repository: tests that need them print that they skip.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use crate::mock::{Mock, Reply, Request};

/// A folder beside the repository, or `None` after saying that the test is skipped.
pub(crate) fn shared(folder: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").join("shared/kestra");
    let path = root.join(folder);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

pub(crate) fn gz(path: &Path) -> Vec<u8> {
    let file = fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).expect("gzip");
    bytes
}

/// Lines of JSON with a member `cls`, by class.
pub(crate) fn by_class(path: &Path) -> BTreeMap<String, Value> {
    let text = String::from_utf8(gz(path)).expect("UTF-8");
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .map(|row| (row["cls"].as_str().expect("a class").to_owned(), row))
        .collect()
}

/// Answers of one recording.
pub(crate) struct Recording {
    version: &'static str,
    list: Vec<Value>,
    subgroups: Vec<u8>,
    own: BTreeMap<String, Value>,
    all: BTreeMap<String, Value>,
    pages: BTreeMap<String, Value>,
    aliases: BTreeMap<String, String>,
    inputs: Value,
    flow: Vec<u8>,
}

impl Recording {
    pub(crate) fn read(folder: &Path, version: &'static str) -> Self {
        let own = by_class(&folder.join("schemas.jsonl.gz"));
        let mut aliases = BTreeMap::new();
        for (class, row) in &own {
            for alias in row["aliases"].as_array().into_iter().flatten() {
                let alias = alias.as_str().expect("a name").to_owned();
                aliases.entry(alias).or_insert_with(|| class.clone());
            }
        }
        let list: Value =
            serde_json::from_slice(&gz(&folder.join("plugins.json.gz"))).expect("JSON");
        Self {
            version,
            list: list.as_array().expect("an array").clone(),
            subgroups: gz(&folder.join("plugins-subgroups.json.gz")),
            own,
            all: by_class(&folder.join("schemas-all.jsonl.gz")),
            pages: by_class(&folder.join("markdown.jsonl.gz")),
            aliases,
            inputs: serde_json::from_slice(&fs::read(folder.join("inputs.json")).expect("inputs"))
                .expect("JSON"),
            flow: gz(&folder.join("flow-schema.json.gz")),
        }
    }

    pub(crate) fn start(self) -> Mock {
        let recording = Arc::new(self);
        Mock::start(move |request| recording.answer(request))
    }

    pub(crate) fn answer(&self, request: &Request) -> Reply {
        let Some(path) = request.path.strip_prefix("/api/v1/") else {
            return Reply::error(404, "Not Found", &request.path);
        };
        let parts: Vec<&str> = path.split('/').collect();
        match parts[..] {
            ["configs"] => Reply::json(
                json!({"version": self.version, "edition": "OSS", "pluginsHash": 7}).to_string(),
            ),
            ["plugins"] => self.page(request),
            ["plugins", "groups", "subgroups"] => Reply::json(self.subgroups.clone()),
            ["plugins", "inputs"] => self.inputs(),
            ["plugins", "inputs", kind] => self.input(kind, &request.path),
            ["plugins", "schemas", "flow"] => Reply::json(self.flow.clone()),
            ["plugins", class] => self.class(class, request),
            _ => Reply::error(404, "Not Found", &request.path),
        }
    }

    /// An array before 2.0, pages since.
    fn page(&self, request: &Request) -> Reply {
        if !self.version.starts_with("2.") {
            return Reply::json(json!(self.list).to_string());
        }
        let number = |name: &str, default: usize| {
            request.query.get(name).and_then(|text| text.parse().ok()).unwrap_or(default)
        };
        let (page, size) = (number("page", 1), number("size", 1000));
        let results: Vec<&Value> = self.list.iter().skip((page - 1) * size).take(size).collect();
        Reply::json(json!({"results": results, "total": self.list.len()}).to_string())
    }

    fn class(&self, class: &str, request: &Request) -> Reply {
        let alias = self.aliases.get(class).filter(|_| !self.own.contains_key(class));
        let name = alias.map_or(class, String::as_str);
        let all = request.query.get("all").is_some_and(|all| all == "true");
        let rows = if all { &self.all } else { &self.own };
        let Some(row) = rows.get(name) else {
            let message = format!("Not Found: Class '{class}' doesn't exists ");
            return Reply::error(404, &message, &request.path);
        };
        let answer = json!({"markdown": self.pages[name]["markdown"], "schema": row["schema"]});
        Reply::json(answer.to_string())
    }

    fn inputs(&self) -> Reply {
        let list = self.inputs.as_array().expect("an array").iter();
        let rows: Vec<Value> =
            list.map(|it| json!({"type": it["type"], "cls": it["cls"]})).collect();
        Reply::json(json!(rows).to_string())
    }

    fn input(&self, kind: &str, path: &str) -> Reply {
        let mut list = self.inputs.as_array().expect("an array").iter();
        match list.find(|it| it["type"] == kind) {
            Some(input) => {
                Reply::json(json!({"markdown": "", "schema": input["schema"]}).to_string())
            }
            None => Reply::error(422, &format!("no input type is called {kind}"), path),
        }
    }
}
