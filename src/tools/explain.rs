//! `search --explain` of the command line: why the hits of a search are what they are.

use serde_json::Value;

use super::arguments::Arguments;
use super::search::{Ask, Exact, SEARCH, sources};
use super::{Context, NotAnObject};
use crate::index::{Explanation, Hit, Query, Results, Source, explain};
use crate::model::catalog;

/// A search and why it found what it found.
#[derive(Debug)]
pub struct Explained {
    /// What was looked for.
    pub text: String,
    /// What the text names exactly: the first hit, whatever the words say.
    pub exact: Option<String>,
    /// The hits of the words, best first.
    pub hits: Vec<ExplainedHit>,
    /// How many hits of the words there are on all pages.
    pub total: usize,
    /// How the words are read in each source that was searched.
    pub sources: Vec<(Source, Explanation)>,
    /// Whether words were left out because there were too many.
    pub cut: bool,
}

/// One hit.
#[derive(Debug)]
pub struct ExplainedHit {
    /// Class, id, path or title.
    pub name: String,
    /// Position of its source in [`Explained::sources`].
    pub source: usize,
    /// Its position among the documents that the source's explanation is about.
    pub document: usize,
    /// Its score.
    pub score: u16,
}

/// Explains the search of these arguments. `None` if the tool has no hits to explain: what
/// it answers says why.
pub fn explained(context: &Context, arguments: &str) -> Result<Option<Explained>, NotAnObject> {
    let arguments = Arguments::parse(SEARCH.parameters, arguments).ok_or(NotAnObject)?;
    let asked = sources(&arguments);
    let asked = asked.and_then(|of| Ok((of, Ask::read(SEARCH.name, &arguments, of)?)));
    let Ok((of, ask)) = asked else { return Ok(None) };
    let Some(query) = Query::parse(&ask.text) else { return Ok(None) };
    let Results { hits, total } = ask.hits(context, &query);
    let own = |source: Source| hits.iter().filter(move |hit| hit.source == source);
    let explained = |source: &Source| {
        let documents: Vec<usize> = own(*source).map(|hit| hit.at).collect();
        (*source, explain(&query, *source, &documents))
    };
    let hit = |hit: &Hit| ExplainedHit {
        name: name(hit.source, hit.at),
        source: of.iter().position(|it| *it == hit.source).unwrap_or_default(),
        document: own(hit.source).position(|it| it.at == hit.at).unwrap_or_default(),
        score: hit.score,
    };
    Ok(Some(Explained {
        text: ask.text.clone().into_owned(),
        exact: ask.first().map(|exact| match exact {
            Exact::Hit(source, at) => name(source, at),
            Exact::Plugin(at) => catalog::text(catalog::PLUGINS[at].name).to_owned(),
        }),
        hits: hits.iter().map(hit).collect(),
        total,
        sources: of.iter().map(explained).collect(),
        cut: query.cut,
    }))
}

/// What a document is called by.
fn name(source: Source, at: usize) -> String {
    match source {
        Source::Elements => catalog::text(catalog::ELEMENTS[at].name).to_owned(),
        Source::Blueprints => catalog::text(catalog::BLUEPRINTS[at].id).to_owned(),
        Source::Docs => catalog::text(catalog::DOCS[at].path).to_owned(),
        // Only the row of a post is kept: JSON, escaped as the inside of a string.
        Source::Blogs => {
            let row = format!("\"{}\"", catalog::text(catalog::BLOGS[at]));
            let row: String = serde_json::from_str(&row).unwrap_or_default();
            let row: Value = serde_json::from_str(&row).unwrap_or_default();
            row["title"].as_str().unwrap_or("a blog post").to_owned()
        }
    }
}
