//! Reads the source folders into owned values. Unknown members are refused; every
//! problem of a run is collected.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::elements::version_key;
use crate::facts::{
    Artifact, Blog, CatalogFacts, DocNode, EnterpriseElement, Input, KestraFlow, Properties,
    Renames, Repository, RepositoryReleases,
};
use crate::flow::{Blueprint, read_blueprint};
use crate::nodes::ServerFacts;
use crate::page::{Page, read_page};
use crate::problem::Problem;
use crate::search::Pieces;
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
    /// Definitions that only inherited properties reach.
    pub inherited: BTreeMap<String, Value>,
}

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Sources {
    /// The roots, in order.
    pub roots: Vec<Root>,
    /// Short hash of what was read of each.
    pub hashes: Vec<String>,
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
    /// Search words of pages.
    pub doc_words: Sourced<BTreeMap<String, String>>,
    /// Examples by class.
    pub examples: BTreeMap<String, Sourced<String>>,
    /// Blueprints by id.
    pub blueprints: BTreeMap<String, Sourced<Blueprint>>,
    /// Full pages by path.
    pub pages: BTreeMap<String, Sourced<Page>>,
    /// Word pieces with a row of numbers each.
    pub pieces: Pieces,
    /// Groups of words with one meaning, line by line.
    pub synonyms: Sourced<String>,
    /// Words that the texts may use, one a line.
    pub spelling: String,
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
        let mut reader = Reader { root, path, problems, hash: Fnv::default() };
        reader.read(&mut sources);
        sources.hashes.push(reader.hash.short());
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
    hash: Fnv,
}

impl Reader<'_> {
    fn read(&mut self, sources: &mut Sources) {
        self.check_names();
        self.facts(sources);
        self.texts(sources);
        self.spelling(sources);
        for file in self.files("blueprints", "yaml") {
            if let Some(text) = self.text(&file) {
                let id = stem(&file);
                let blueprint = read_blueprint(&id, &text, &self.place(&file), self.problems);
                if let Some(value) = blueprint {
                    sources.blueprints.insert(id, self.sourced(value, &file, text));
                }
            }
        }
        for file in self.tree("docs", "md") {
            if let Some(text) = self.text(&file) {
                let path = file.with_extension("").to_string_lossy().replace('\\', "/");
                if let Some(page) = read_page(&text, &self.place(&file), self.problems) {
                    sources.pages.insert(path, self.sourced(page, &file, text));
                }
            }
        }
        for file in self.files("examples", "yaml") {
            if let Some(text) = self.text(&file) {
                sources
                    .examples
                    .insert(stem(&file), self.sourced(text.clone(), &file, String::new()));
            }
        }
    }

    fn facts(&mut self, sources: &mut Sources) {
        if let Some(catalog) = self.json::<CatalogFacts>("catalog.json") {
            for line in &catalog.value.lines {
                self.line(line, &mut sources.lines);
            }
            sources.lines.sort_by_key(|line| Reverse(version_key(&line.name)));
            if self.root == 0 {
                sources.catalog = catalog.value;
            }
            sources.catalog.lines = sources.lines.iter().map(|line| line.name.clone()).collect();
        }
        for file in self.files("facts/plugins", "json") {
            if let Some(artifact) = self.json::<Artifact>(&file) {
                let known = sources.plugins.remove(&stem(&file));
                sources.plugins.insert(stem(&file), laid_over(known, artifact));
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

    /// Reads one line. An overlay says again what is different in its Kestra; for a line
    /// that only it has, what it does not say is that of the newest line.
    fn line(&mut self, name: &str, lines: &mut Vec<LineFacts>) {
        let core = self.json::<Artifact>(format!("facts/{name}/core.json"));
        let base = self.json(format!("facts/{name}/base.json")).map(|it| it.value);
        let flow = self.json(format!("facts/{name}/flow.json")).map(|it| it.value);
        let inputs = self.json(format!("facts/{name}/inputs.json")).map(|it| it.value);
        let inherited = format!("facts/{name}/inherited.json");
        let inherited = self.path.join(&inherited).exists().then(|| self.json(inherited));
        let inherited = inherited.flatten().map(|it| it.value);
        let at = lines.iter().position(|line| line.name == name);
        let known = at.map(|at| lines.remove(at));
        let Some(core) = core.or_else(|| known.as_ref().map(|line| line.core.clone())) else {
            return;
        };
        let other = known.as_ref().or(lines.first());
        lines.push(LineFacts {
            name: name.to_owned(),
            base: base.or_else(|| other.map(|it| it.base.clone())).unwrap_or_default(),
            flow: flow.or_else(|| other.map(|it| it.flow.clone())).unwrap_or_default(),
            inputs: inputs.or_else(|| other.map(|it| it.inputs.clone())).unwrap_or_default(),
            inherited: inherited
                .or_else(|| other.map(|it| it.inherited.clone()))
                .unwrap_or_default(),
            core: laid_over(known.map(|line| line.core), core),
        });
    }

    fn texts(&mut self, sources: &mut Sources) {
        for file in self.files("texts", "json") {
            match stem(&file).as_str() {
                "glossary" => {
                    if let Some(glossary) = self.json(&file) {
                        lay_glossary(&mut sources.glossary, glossary);
                    }
                }
                "enterprise" => {
                    if let Some(texts) = self.json(&file) {
                        lay_map(&mut sources.enterprise_texts, texts);
                    }
                }
                "docs" => {
                    if let Some(sentences) = self.json(&file) {
                        lay_map(&mut sources.doc_sentences, sentences);
                    }
                }
                plugin => {
                    if let Some(texts) = self.json(&file) {
                        sources.texts.entry(plugin.to_owned()).or_default().push(texts);
                    }
                }
            }
        }
        if self.path.join("search/docs.json").exists()
            && let Some(words) = self.json("search/docs.json")
        {
            lay_map(&mut sources.doc_words, words);
        }
        if self.root == 0 {
            self.pieces(sources);
        }
        let file = Path::new("search/synonyms.txt");
        if self.path.join(file).exists()
            && let Some(text) = self.text(file)
        {
            let text = format!("{}{text}", sources.synonyms.value);
            sources.synonyms = self.sourced(text, file, String::new());
        }
    }

    fn pieces(&mut self, sources: &mut Sources) {
        let (names, rows) =
            (Path::new("search/vectors/pieces.txt"), Path::new("search/vectors/rows.bin"));
        let (Some(pieces), Some(rows)) = (self.text(names), self.bytes(rows)) else { return };
        match Pieces::read(&pieces, rows) {
            Ok(pieces) => sources.pieces = pieces,
            Err((line, what)) => self.problems.push(Problem::new(names, line, what)),
        }
    }

    fn spelling(&mut self, sources: &mut Sources) {
        // An overlay's texts are as they are.
        if self.root == 0 {
            let file = Path::new(crate::spelling::FILE);
            sources.spelling = self.text(file).unwrap_or_default();
        }
    }

    fn sourced<T>(&self, value: T, file: &Path, text: String) -> Sourced<T> {
        Sourced { value, file: self.place(file), text, root: self.root }
    }

    /// How a problem names a file: within the catalog, or with the overlay's folder.
    fn place(&self, file: &Path) -> PathBuf {
        if self.root == 0 { file.to_path_buf() } else { self.path.join(file) }
    }

    /// What an overlay holds beside the known folders would be lost in silence.
    fn check_names(&mut self) {
        let Ok(entries) = fs::read_dir(self.path) else {
            let what = "no such folder: KESTRA_MCP_OVERLAYS must name folders";
            self.problems.push(Problem::new(self.path, 0, what));
            return;
        };
        for entry in entries.flatten().filter(|_| self.root > 0) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if !PARTS.contains(&name.as_str()) && !name.starts_with('.') {
                let what = format!("is not read: use one of {}", PARTS.join(", "));
                self.problems.push(Problem::new(&entry.path(), 0, what));
            }
        }
    }

    fn json<T: DeserializeOwned>(&mut self, file: impl AsRef<Path>) -> Option<Sourced<T>> {
        let file = file.as_ref();
        // An overlay has the files it needs; the catalog's own root has all of them.
        if self.root > 0 && !self.path.join(file).exists() {
            return None;
        }
        let text = self.text(file)?;
        match serde_json::from_str(&text) {
            Ok(value) => Some(self.sourced(value, file, text)),
            Err(error) => {
                let what = error.to_string();
                let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(what, _)| what);
                let what = format!("{what} (column {})", error.column());
                self.problems.push(Problem::new(&self.place(file), error.line(), what));
                None
            }
        }
    }

    fn text(&mut self, file: &Path) -> Option<String> {
        let text = fs::read_to_string(self.path.join(file));
        self.content(file, text)
    }

    fn bytes(&mut self, file: &Path) -> Option<Vec<u8>> {
        let bytes = fs::read(self.path.join(file));
        self.content(file, bytes)
    }

    fn content<T: AsRef<[u8]>>(&mut self, file: &Path, content: io::Result<T>) -> Option<T> {
        match content {
            Ok(content) => {
                self.hash.add(file.to_string_lossy().as_bytes());
                self.hash.add(content.as_ref());
                Some(content)
            }
            Err(error) => {
                self.problems.push(Problem::new(
                    &self.place(file),
                    0,
                    format!("cannot be read: {error}"),
                ));
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

/// What a root holds.
pub const PARTS: [&str; 9] = [
    "catalog.json",
    "facts",
    "texts",
    "examples",
    "blueprints",
    "docs",
    "search",
    "README.md",
    "fingerprints.csv",
];

/// FNV-1a, to tell two states of a folder apart; not for security.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn short(&self) -> String {
        format!("{:08x}", self.0 >> 32)
    }
}

fn lay_glossary(known: &mut Sourced<Glossary>, over: Sourced<Glossary>) {
    if over.root == 0 {
        *known = over;
        return;
    }
    known.value.properties.extend(over.value.properties);
    known.value.outputs.extend(over.value.outputs);
    known.value.definitions.extend(over.value.definitions);
}

fn lay_map<T>(known: &mut Sourced<BTreeMap<String, T>>, over: Sourced<BTreeMap<String, T>>) {
    if over.root == 0 {
        *known = over;
    } else {
        known.value.extend(over.value);
    }
}

/// Kinds that a Kestra describes, but does not list: an import lacks them.
const UNLISTED: [&str; 2] = ["asset", "fileRenderer"];

/// A plugin as an overlay has it, with the classes of the plugin below that a list of
/// Kestra cannot name.
fn laid_over(known: Option<Sourced<Artifact>>, mut over: Sourced<Artifact>) -> Sourced<Artifact> {
    let Some(known) = known else { return over };
    let mut missing = Vec::new();
    for (name, class) in known.value.classes {
        let unlisted = class.internal || UNLISTED.contains(&class.kind.as_str());
        if unlisted && !over.value.classes.contains_key(&name) {
            missing.extend(class.definitions.iter().cloned());
            over.value.classes.insert(name, class);
        }
    }
    for name in missing {
        if let Some(definition) = known.value.definitions.get(&name) {
            over.value.definitions.entry(name).or_insert_with(|| definition.clone());
        }
    }
    over
}

fn stem(file: &Path) -> String {
    file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}
