//! Reads the source folders into owned values. Unknown members are refused; every
//! problem of a run is collected.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::facts::{
    Artifact, Blog, CatalogFacts, DocNode, EnterpriseElement, Input, KestraFlow, Properties,
    Renames, Repository, RepositoryReleases,
};
use crate::flow::{Blueprint, read_blueprint};
use crate::nodes::ServerFacts;
use crate::page::{Page, read_page};
use crate::problem::Problem;
use crate::texts::{EnterpriseText, Glossary, PluginTexts};

/// A folder of sources. The first is the catalog's own; each later one is laid over
/// those before it.
#[derive(Clone, Debug)]
pub struct Root {
    /// Name that answers and the manifest show; empty for the catalog's own.
    pub name: String,
    /// The folder.
    pub path: PathBuf,
}

/// A value and the file it came from.
#[derive(Clone, Debug)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// The file, relative to its root.
    pub file: PathBuf,
    /// Text of the file, for line numbers.
    pub text: String,
    /// Position of the root in the list of roots.
    pub root: usize,
}

/// Kestra itself, in one release line.
#[derive(Debug)]
pub struct LineFacts {
    /// The line's name, such as `2.0`.
    pub name: String,
    /// Its classes.
    pub core: Sourced<Artifact>,
    /// Properties that every class of a base class has.
    pub base: BTreeMap<String, Properties>,
    /// The flow schema.
    pub flow: KestraFlow,
    /// The input types.
    pub inputs: BTreeMap<String, Input>,
}

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Sources {
    /// The roots, in order.
    pub roots: Vec<Root>,
    /// Date and lines of the catalog.
    pub catalog: CatalogFacts,
    /// Kestra's release lines, newest first.
    pub lines: Vec<LineFacts>,
    /// Plugins by artifact name.
    pub plugins: BTreeMap<String, Sourced<Artifact>>,
    /// Repositories by name.
    pub repositories: BTreeMap<String, Repository>,
    /// Release history by repository.
    pub releases: BTreeMap<String, RepositoryReleases>,
    /// Elements of the Enterprise Edition.
    pub enterprise: Vec<EnterpriseElement>,
    /// Old names and successors.
    pub renames: Sourced<Renames>,
    /// What servers do that no schema tells.
    pub server: Sourced<ServerFacts>,
    /// The tree of documentation pages, in navigation order.
    pub docs: Vec<DocNode>,
    /// Blog posts.
    pub blogs: Vec<Blog>,
    /// Texts by plugin; those of later roots after those they overlay.
    pub texts: BTreeMap<String, Vec<Sourced<PluginTexts>>>,
    /// Texts that hold in many plugins.
    pub glossary: Sourced<Glossary>,
    /// Texts of Enterprise elements.
    pub enterprise_texts: Sourced<BTreeMap<String, EnterpriseText>>,
    /// One sentence for each page of the documentation.
    pub doc_sentences: Sourced<BTreeMap<String, String>>,
    /// Examples by class.
    pub examples: BTreeMap<String, Sourced<String>>,
    /// Blueprints by id.
    pub blueprints: BTreeMap<String, Sourced<Blueprint>>,
    /// Full pages by path.
    pub pages: BTreeMap<String, Sourced<Page>>,
    /// Groups of words with one meaning, line by line.
    pub synonyms: Sourced<String>,
}

impl<T: Default> Default for Sourced<T> {
    fn default() -> Self {
        Self { value: T::default(), file: PathBuf::new(), text: String::new(), root: 0 }
    }
}

/// Reads all roots. Problems are added to `problems`; what could be read is returned.
pub fn read(roots: &[Root], problems: &mut Vec<Problem>) -> Sources {
    let mut sources = Sources { roots: roots.to_vec(), ..Sources::default() };
    for (root, Root { path, .. }) in roots.iter().enumerate() {
        Reader { root, path, problems }.read(&mut sources);
    }
    if sources.lines.is_empty() {
        problems.push(Problem::new(
            Path::new("catalog.json"),
            0,
            "no release line of Kestra could be read: `lines` must name a folder of facts/",
        ));
    }
    sources
}

struct Reader<'a> {
    root: usize,
    path: &'a Path,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn read(&mut self, sources: &mut Sources) {
        self.facts(sources);
        self.texts(sources);
        for file in self.files("blueprints", "yaml") {
            if let Some(text) = self.text(&file) {
                let id = stem(&file);
                let blueprint = read_blueprint(&id, &text, &file, self.problems);
                if let Some(value) = blueprint {
                    sources.blueprints.insert(id, self.sourced(value, file, text));
                }
            }
        }
        for file in self.tree("docs", "md") {
            if let Some(text) = self.text(&file) {
                let path = file.with_extension("").to_string_lossy().replace('\\', "/");
                if let Some(page) = read_page(&text, &file, self.problems) {
                    sources.pages.insert(path, self.sourced(page, file, text));
                }
            }
        }
        for file in self.files("examples", "yaml") {
            if let Some(text) = self.text(&file) {
                sources
                    .examples
                    .insert(stem(&file), self.sourced(text.clone(), file, String::new()));
            }
        }
    }

    fn facts(&mut self, sources: &mut Sources) {
        if let Some(catalog) = self.json::<CatalogFacts>("catalog.json") {
            for line in &catalog.value.lines {
                if let Some(facts) = self.line(line) {
                    sources.lines.push(facts);
                }
            }
            sources.catalog = catalog.value;
        }
        for file in self.files("facts/plugins", "json") {
            if let Some(artifact) = self.json::<Artifact>(&file) {
                sources.plugins.insert(stem(&file), artifact);
            }
        }
        if let Some(all) = self.json::<BTreeMap<String, Repository>>("facts/artifacts.json") {
            sources.repositories.extend(all.value);
        }
        if let Some(all) = self.json::<BTreeMap<String, RepositoryReleases>>("facts/releases.json")
        {
            sources.releases.extend(all.value);
        }
        if let Some(all) = self.json::<Vec<EnterpriseElement>>("facts/enterprise.json") {
            sources.enterprise.extend(all.value);
        }
        if let Some(renames) = self.json::<Renames>("facts/renames.json") {
            sources.renames = renames;
        }
        if let Some(server) = self.json::<ServerFacts>("facts/server.json") {
            sources.server = server;
        }
        if let Some(docs) = self.json::<Vec<DocNode>>("facts/docs-tree.json") {
            for node in docs.value {
                match sources.docs.iter_mut().find(|known| known.path == node.path) {
                    Some(known) => *known = node,
                    None => sources.docs.push(node),
                }
            }
        }
        if let Some(blogs) = self.json::<Vec<Blog>>("facts/blogs.json") {
            sources.blogs.extend(blogs.value);
        }
    }

    fn line(&mut self, name: &str) -> Option<LineFacts> {
        let core = self.json::<Artifact>(format!("facts/{name}/core.json"))?;
        Some(LineFacts {
            name: name.to_owned(),
            core,
            base: self.json(format!("facts/{name}/base.json"))?.value,
            flow: self.json(format!("facts/{name}/flow.json"))?.value,
            inputs: self.json(format!("facts/{name}/inputs.json"))?.value,
        })
    }

    fn texts(&mut self, sources: &mut Sources) {
        for file in self.files("texts", "json") {
            match stem(&file).as_str() {
                "glossary" => {
                    if let Some(glossary) = self.json(&file) {
                        sources.glossary = glossary;
                    }
                }
                "enterprise" => {
                    if let Some(texts) = self.json(&file) {
                        sources.enterprise_texts = texts;
                    }
                }
                "docs" => {
                    if let Some(sentences) = self.json(&file) {
                        sources.doc_sentences = sentences;
                    }
                }
                plugin => {
                    if let Some(texts) = self.json(&file) {
                        sources.texts.entry(plugin.to_owned()).or_default().push(texts);
                    }
                }
            }
        }
        let file = Path::new("search/synonyms.txt");
        if self.path.join(file).exists()
            && let Some(text) = self.text(file)
        {
            sources.synonyms = self.sourced(text, file.to_path_buf(), String::new());
        }
    }

    fn sourced<T>(&self, value: T, file: PathBuf, text: String) -> Sourced<T> {
        Sourced { value, file, text, root: self.root }
    }

    fn json<T: DeserializeOwned>(&mut self, file: impl AsRef<Path>) -> Option<Sourced<T>> {
        let file = file.as_ref();
        // An overlay has the files it needs; the catalog's own root has all of them.
        if self.root > 0 && !self.path.join(file).exists() {
            return None;
        }
        let text = self.text(file)?;
        match serde_json::from_str(&text) {
            Ok(value) => Some(self.sourced(value, file.to_path_buf(), text)),
            Err(error) => {
                let what = error.to_string();
                let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(what, _)| what);
                let what = format!("{what} (column {})", error.column());
                self.problems.push(Problem::new(file, error.line(), what));
                None
            }
        }
    }

    fn text(&mut self, file: &Path) -> Option<String> {
        match fs::read_to_string(self.path.join(file)) {
            Ok(text) => Some(text),
            Err(error) => {
                self.problems.push(Problem::new(file, 0, format!("cannot be read: {error}")));
                None
            }
        }
    }

    /// Files of one folder with that extension, sorted: order is output.
    fn files(&self, folder: &str, extension: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let Ok(entries) = fs::read_dir(self.path.join(folder)) else { return found };
        for entry in entries.flatten() {
            let name = PathBuf::from(entry.file_name());
            if name.extension().is_some_and(|it| it == extension) {
                found.push(Path::new(folder).join(name));
            }
        }
        found.sort();
        found
    }

    /// The same for a folder and all folders in it.
    fn tree(&self, folder: &str, extension: &str) -> Vec<PathBuf> {
        let mut found = self.files(folder, extension);
        let Ok(entries) = fs::read_dir(self.path.join(folder)) else { return found };
        for entry in entries.flatten() {
            if entry.path().is_dir() {
                let inner = format!("{folder}/{}", entry.file_name().to_string_lossy());
                found.extend(self.tree(&inner, extension));
            }
        }
        found.sort();
        found
    }
}

fn stem(file: &Path) -> String {
    file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}
