//! Blueprints: a front matter and a flow in one YAML file.

use std::path::Path;

use saphyr::{LoadableYamlNode, Yaml};

use crate::problem::Problem;

/// Tags that a blueprint may have.
pub const TAGS: [&str; 8] =
    ["AI", "Business", "Cloud", "Core", "Data", "Getting Started", "Infrastructure", "System"];

/// One blueprint.
#[derive(Clone, Debug, Default)]
pub struct Blueprint {
    /// Name of its file.
    pub id: String,
    /// Number that stays its own for ever.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// What it does.
    pub description: String,
    /// Search words.
    pub words: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Day of publication.
    pub published: String,
    /// Needs the Enterprise Edition.
    pub ee: bool,
    /// The only line it runs on.
    pub kestra: Option<String>,
    /// The flow as it is answered.
    pub flow: String,
    /// Classes that it names, in order.
    pub classes: Vec<String>,
}

/// Reads one blueprint; problems are reported with their lines.
pub fn read_blueprint(
    id: &str,
    text: &str,
    file: &Path,
    problems: &mut Vec<Problem>,
) -> Option<Blueprint> {
    let Some((front, flow)) = split_front_matter(text) else {
        let what = "must begin with a front matter between two lines `---`";
        problems.push(Problem::new(file, 1, what));
        return None;
    };
    let mut blueprint =
        Blueprint { id: id.to_owned(), flow: flow.to_owned(), ..Blueprint::default() };
    let mut at = |key: &str, what: String| {
        let line = front.lines().position(|line| line.starts_with(key)).map_or(1, |n| n + 2);
        problems.push(Problem::new(file, line, what));
    };
    let members = match Yaml::load_from_str(front) {
        Ok(documents) => {
            if let Some(Yaml::Mapping(members)) = documents.into_iter().next() {
                members
            } else {
                at("", "the front matter must be a mapping".into());
                return None;
            }
        }
        Err(error) => {
            at("", format!("the front matter is not YAML: {error}"));
            return None;
        }
    };
    for (key, value) in &members {
        let key = key.as_str().unwrap_or_default();
        let text = || value.as_str().unwrap_or_default().to_owned();
        match key {
            "title" => blueprint.title = text(),
            "description" => blueprint.description = text().trim().replace('\n', " "),
            "words" => blueprint.words = text(),
            "published" => blueprint.published = text(),
            "kestra" => blueprint.kestra = Some(text()),
            "ee" => blueprint.ee = value.as_bool().unwrap_or_default(),
            "blueprintId" => {
                blueprint.number =
                    value.as_integer().and_then(|n| u32::try_from(n).ok()).unwrap_or_default();
            }
            "tags" => {
                let tags = value.as_sequence().into_iter().flatten();
                blueprint.tags = tags.filter_map(|tag| tag.as_str().map(str::to_owned)).collect();
            }
            other => at(other, format!("unknown member `{other}` in the front matter")),
        }
    }
    for (key, missing) in [
        ("title", blueprint.title.is_empty()),
        ("description", blueprint.description.is_empty()),
        ("published", blueprint.published.len() != 10),
        ("blueprintId", blueprint.number == 0),
        ("tags", blueprint.tags.is_empty()),
    ] {
        if missing {
            at(key, format!("`{key}` is missing from the front matter or is of the wrong form"));
        }
    }
    for tag in blueprint.tags.iter().filter(|tag| !TAGS.contains(&tag.as_str())) {
        at("tags", format!("unknown tag `{tag}`: use one of {}", TAGS.join(", ")));
    }
    match Yaml::load_from_str(flow) {
        Ok(documents) => documents.iter().for_each(|node| classes(node, &mut blueprint.classes)),
        Err(error) => at("---", format!("the flow is not YAML: {error}")),
    }
    Some(blueprint)
}

/// Front matter and rest of a text that begins with `---`.
#[must_use]
pub fn split_front_matter(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("---\n")?;
    let end = rest.find("\n---\n")?;
    Some((&rest[..=end], &rest[end + 5..]))
}

/// Classes that a flow names.
pub fn classes_of(flow: &str) -> Result<Vec<String>, String> {
    let documents = Yaml::load_from_str(flow).map_err(|error| error.to_string())?;
    let mut found = Vec::new();
    documents.iter().for_each(|node| classes(node, &mut found));
    Ok(found)
}

/// Values of `type` that are class names, in order, each once.
fn classes(node: &Yaml<'_>, found: &mut Vec<String>) {
    match node {
        Yaml::Mapping(members) => {
            for (key, value) in members {
                if key.as_str() == Some("type")
                    && let Some(class) = value.as_str()
                    && class.contains('.')
                    && !class.contains(' ')
                    && !found.iter().any(|known| known == class)
                {
                    found.push(class.to_owned());
                }
                classes(value, found);
            }
        }
        Yaml::Sequence(items) => items.iter().for_each(|item| classes(item, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "---\ntitle: Say hello\ndescription: Says hello.\ntags: [Core]\nblueprintId: 7\npublished: 2026-01-02\n---\nid: hello\nnamespace: company.team\ntasks:\n  - id: log\n    type: io.kestra.plugin.core.log.Log\n    message: hello\n";

    #[test]
    fn keeps_the_flow_and_names_its_classes() {
        let mut problems = Vec::new();
        let blueprint =
            read_blueprint("hello", GOOD, Path::new("hello.yaml"), &mut problems).expect("read");
        assert_eq!(problems, []);
        assert!(blueprint.flow.starts_with("id: hello\n"));
        assert_eq!(blueprint.classes, ["io.kestra.plugin.core.log.Log"]);
        assert_eq!((blueprint.number, blueprint.published.as_str()), (7, "2026-01-02"));
    }

    #[test]
    fn reports_the_line_of_a_wrong_tag() {
        let mut problems = Vec::new();
        let text = GOOD.replace("[Core]", "[Cor]");
        read_blueprint("hello", &text, Path::new("hello.yaml"), &mut problems);
        let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("hello.yaml:4: unknown tag `Cor`"), "{found:?}");
    }
}
