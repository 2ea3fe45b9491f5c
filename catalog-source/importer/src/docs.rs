//! Pages of a documentation checkout, as overlays state them: numbered folders become
//! paths, components become Markdown, includes are put in.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use saphyr::{LoadableYamlNode, Yaml};
use serde_json::{Value, json};

use crate::clean::clean;
use crate::failure::Failure;
use crate::layout;
use crate::summary::Summary;
use crate::write;

/// Includes within includes that are followed.
const MAX_DEPTH: usize = 4;

/// Longest description that is made from a page's first paragraph.
const DESCRIPTION: usize = 160;

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Page {
    title: String,
    description: String,
    body: String,
    order: Vec<i64>,
}

/// Reads a folder of pages and writes an overlay: the pages, and the tree of them.
pub fn import(folder: &Path, target: &Path) -> Result<Summary, Failure> {
    let mut summary = Summary::default();
    let mut files = Vec::new();
    markdown_files(folder, &mut files)?;
    files.sort();
    let mut pages: BTreeMap<String, Page> = BTreeMap::new();
    for file in files {
        let relative = file.strip_prefix(folder).unwrap_or(&file);
        let (path, order) = path_of(relative);
        match read(folder, &file) {
            Ok(page) if page.body.is_empty() => {
                let what = "has no text besides its front matter: left out";
                summary.notes.push(Failure::new(file.display().to_string(), what, "write some"));
            }
            Ok(page) => drop(pages.insert(path, Page { order, ..page })),
            Err(failure) => summary.skipped.push(failure),
        }
    }
    for (path, page) in &pages {
        let file = target.join(format!("{path}.md"));
        summary.file(write::changed(&file, &page.text())?);
    }
    let rows: Vec<String> =
        tree(&pages).iter().map(|row| format!(" {}", layout::line(row))).collect();
    let tree = format!("[\n{}\n]\n", rows.join(",\n"));
    summary.file(write::changed(&target.join("facts/docs-tree.json"), &tree)?);
    summary.counts.push(("pages", pages.len()));
    Ok(summary)
}

/// The rows of `facts/docs-tree.json` for these pages, in navigation order.
fn tree(pages: &BTreeMap<String, Page>) -> Vec<Value> {
    let mut rows: Vec<(&Vec<i64>, &String, &Page)> =
        pages.iter().map(|(path, page)| (&page.order, path, page)).collect();
    rows.sort_by_key(|(order, path, _)| (*order, *path));
    rows.into_iter()
        .map(|(order, path, page)| json!({"path": path, "order": order, "title": page.title}))
        .collect()
}

fn markdown_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = fs::read_dir(folder).map_err(|error| Failure::of_file(folder, &error))?;
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        // Names that begin so are parts of pages and the like, not pages.
        if name.starts_with(['.', '_']) || name == "node_modules" {
            continue;
        }
        if path.is_dir() {
            markdown_files(&path, files)?;
        } else if path.extension().is_some_and(|it| it == "md" || it == "mdx") {
            files.push(path);
        }
    }
    Ok(())
}

/// `05.concepts/2.secret/index.md` is `docs/concepts/secret`, at 5, 2.
fn path_of(relative: &Path) -> (String, Vec<i64>) {
    let mut path = vec!["docs".to_owned()];
    let mut order = Vec::new();
    let stem = relative.with_extension("");
    for part in stem.components() {
        let part = part.as_os_str().to_string_lossy().to_lowercase();
        if matches!(part.as_str(), "index" | "readme" | "content" | "docs") {
            continue;
        }
        let (number, name) = match part.split_once('.') {
            Some((number, name)) if number.bytes().all(|it| it.is_ascii_digit()) => {
                (number.parse().unwrap_or_default(), name.to_owned())
            }
            _ => (i64::from(u16::MAX), part),
        };
        order.push(number);
        path.push(name.replace(' ', "-"));
    }
    (path.join("/"), order)
}

fn read(folder: &Path, file: &Path) -> Result<Page, Failure> {
    let text = fs::read_to_string(file).map_err(|error| Failure::of_file(file, &error))?;
    let text = text.replace("\r\n", "\n");
    let (front, body) = split(&text);
    let broken = |error: String| {
        Failure::new(file.display().to_string(), error, "mend the front matter: it must be YAML")
    };
    let documents = Yaml::load_from_str(front).map_err(|error| broken(error.to_string()))?;
    let said = |name: &str| -> String {
        let value = documents.first().and_then(|front| front.as_mapping_get(name));
        value.and_then(Yaml::as_str).unwrap_or_default().to_owned()
    };
    let body = plain(&include(folder, file, body, 0));
    let heading = body.lines().find_map(|line| line.strip_prefix("# ")).map(str::to_owned);
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let title = [said("title"), heading.unwrap_or_default(), name];
    let title = title.into_iter().find(|title| !title.trim().is_empty()).unwrap_or_default();
    let body = without_heading(&body).trim().to_owned();
    let description = said("description");
    let description =
        if description.is_empty() { first_sentence(&body, &title) } else { description };
    Ok(Page {
        title: one_line(&title),
        description: one_line(&description),
        body,
        order: Vec::new(),
    })
}

/// Front matter and body.
fn split(text: &str) -> (&str, &str) {
    let Some(rest) = text.strip_prefix("---\n") else { return ("", text) };
    match rest.find("\n---\n") {
        Some(end) => (&rest[..end], &rest[end + 5..]),
        None => ("", text),
    }
}

/// Puts in what `::include{file="..."}` and the like name; looks beside the page, then
/// from the root of the checkout.
fn include(folder: &Path, file: &Path, body: &str, depth: usize) -> String {
    let mut out = String::with_capacity(body.len());
    for line in body.lines() {
        let named = included(line).filter(|_| depth < MAX_DEPTH);
        let text = named.and_then(|name| {
            let beside = file.parent().unwrap_or(folder).join(name);
            let found = [beside, folder.join(name.trim_start_matches('/'))];
            // What lies outside the checkout is not part of it.
            found.into_iter().find_map(|path| {
                let inside = path.canonicalize().ok()?.starts_with(folder.canonicalize().ok()?);
                inside.then(|| fs::read_to_string(&path).ok().map(|text| (path, text)))?
            })
        });
        match text {
            Some((path, text)) => out.push_str(&include(folder, &path, split(&text).1, depth + 1)),
            None => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

fn included(line: &str) -> Option<&str> {
    let line = line.trim();
    let rest = line.strip_prefix("::include{").or_else(|| line.strip_prefix(":::include{"))?;
    let at = ["file=\"", "path=\"", "src=\""].iter().find_map(|it| Some(rest.split_once(it)?.1))?;
    at.split('"').next()
}

/// Markdown without components: `::alert{type="info"}` becomes a quotation, others go
/// and what they hold stays. Code is left alone.
fn plain(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let (mut code, mut quote) = (false, false);
    let mut text = String::new();
    for line in body.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            flush(&mut text, &mut out);
            code = !code;
        } else if !code && trimmed.starts_with("::") {
            let name = trimmed.trim_start_matches(':');
            quote = name.starts_with("alert");
            continue;
        } else if !code && (trimmed.starts_with("import ") || trimmed.starts_with("export ")) {
            continue;
        } else if !code {
            text.push_str(if quote && !trimmed.is_empty() { "> " } else { "" });
            text.push_str(line);
            text.push('\n');
            continue;
        }
        out.push_str(line);
        out.push('\n');
    }
    flush(&mut text, &mut out);
    out
}

fn flush(text: &mut String, out: &mut String) {
    out.push_str(&clean(text));
    text.clear();
}

/// The answer puts the title before the page: it is not said twice.
fn without_heading(body: &str) -> String {
    let trimmed = body.trim_start();
    match trimmed.strip_prefix("# ") {
        Some(rest) => rest.split_once('\n').map_or("", |(_, rest)| rest).to_owned(),
        None => trimmed.to_owned(),
    }
}

fn first_sentence(body: &str, title: &str) -> String {
    let line = body.lines().map(str::trim).find(|line| {
        line.chars().next().is_some_and(char::is_alphanumeric) && !line.starts_with("import ")
    });
    let line = line.unwrap_or(title);
    line.chars().take(DESCRIPTION).collect()
}

fn one_line(text: &str) -> String {
    clean(text).replace('"', "'").split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Page {
    fn text(&self) -> String {
        format!(
            "---\ntitle: {}\ndescription: {}\n---\n{}\n",
            self.title, self.description, self.body
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_path(file: &str, path: &str, order: &[i64]) {
        assert_eq!(path_of(Path::new(file)), (path.to_owned(), order.to_vec()));
    }

    #[test]
    fn numbers_are_order() {
        check_path("05.concepts/2.secret.md", "docs/concepts/secret", &[5, 2]);
        check_path("05.concepts/index.md", "docs/concepts", &[5]);
        check_path("index.md", "docs", &[]);
    }

    #[test]
    fn components_become_markdown() {
        let body = "A\n::alert{type=\"info\"}\nMind it.\n::\nB\n```yaml\n::x\n<b>\n```\n<b>C</b>\n";
        assert_eq!(plain(body), "A\n> Mind it.\nB\n```yaml\n::x\n<b>\n```\nC\n");
    }

    #[test]
    fn a_page_is_read_with_its_includes() {
        let folder = tempfile::tempdir().expect("a folder");
        let write =
            |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
        write("_part.md", "Shared text.\n");
        write(
            "1.a.md",
            "---\ntitle: \"A: b\"\n---\n# A\n\nFirst words here.\n::include{file=\"_part.md\"}\n::include{file=\"../../etc/passwd\"}\n",
        );
        let target = tempfile::tempdir().expect("a folder");
        let summary = import(folder.path(), target.path()).expect("an import");
        assert_eq!(summary.counts, [("pages", 1)]);
        let page = fs::read_to_string(target.path().join("docs/a.md")).expect("written");
        let want = "---\ntitle: A: b\ndescription: First words here.\n---\nFirst words here.\nShared text.\n";
        assert!(page.starts_with(want), "{page}");
        assert!(!page.contains("root:"), "{page}");
        let tree = fs::read_to_string(target.path().join("facts/docs-tree.json")).expect("written");
        assert_eq!(tree, "[\n {\"path\": \"docs/a\", \"order\": [1], \"title\": \"A: b\"}\n]\n");
    }
}
