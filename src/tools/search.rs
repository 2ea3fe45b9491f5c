//! `search` and `search_docs`.

use std::borrow::Cow;

use super::arguments::{Arguments, missing};
use super::cursor;
use super::miss::Miss;
use super::parameters::{CURSOR, LIMIT, QUERY};
use super::{Context, Form, Parameter, Takes, Tool, definition};
use crate::index::{self, Documents, Filter, Hit, Page, PluginTarget, Query, Results, Source};
use crate::model::records::Run;
use crate::model::{Reply, Text, catalog};

pub(super) const SEARCH: Tool = Tool {
    name: "search",
    definition: definition!(
        "search",
        "Search the catalog",
        "Find Kestra plugin classes (tasks, triggers, task runners, ...), blueprints, docs pages or blog posts by words. Start here when you do not know the exact class. Returns the best matches first.",
        r#"{"query":{"type":"string","description":"words, or a class, plugin or id"},"type":{"type":"string","enum":["PLUGINS","DOCS","BLUEPRINTS","BLOGS","ALL"],"default":"PLUGINS"},"limit":{"type":"integer","minimum":1,"maximum":50,"default":10},"cursor":{"type":"string"}},"required":["query"]"#
    ),
    parameters: &[Parameter { required: true, ..QUERY }, TYPE, LIMIT, CURSOR],
    run: search,
};

pub(super) const SEARCH_DOCS: Tool = Tool {
    name: "search_docs",
    definition: definition!(
        "search_docs",
        "Search the documentation",
        "Find pages of the Kestra documentation by words: flow syntax, inputs, triggers, expressions, configuration, migration. Read a result with get_doc.",
        r#"{"query":{"type":"string"},"limit":{"type":"integer","minimum":1,"maximum":50,"default":10},"cursor":{"type":"string"}},"required":["query"]"#
    ),
    parameters: &[Parameter { required: true, ..QUERY }, LIMIT, CURSOR],
    run: search_docs,
};

const TYPE: Parameter = Parameter {
    name: "type",
    aliases: &["types", "source", "kind"],
    takes: Takes::Text,
    required: false,
    help: "What to look for: PLUGINS (default), DOCS, BLUEPRINTS, BLOGS or ALL",
};

const DEFAULT_LIMIT: usize = 10;
const MAX_LIMIT: usize = 50;

fn search(context: &Context, arguments: &Arguments<'_>, reply: &mut Reply) -> Result<Form, Miss> {
    let sources = sources(arguments)?;
    find(context, "search", arguments, sources, reply)
}

fn search_docs(
    context: &Context,
    arguments: &Arguments<'_>,
    reply: &mut Reply,
) -> Result<Form, Miss> {
    find(context, "search_docs", arguments, &[Source::Docs], reply)
}

pub(super) fn sources(arguments: &Arguments<'_>) -> Result<&'static [Source], Miss> {
    const TYPES: [(&str, &[Source]); 5] = [
        ("PLUGIN", &[Source::Elements]),
        ("DOC", &[Source::Docs]),
        ("BLUEPRINT", &[Source::Blueprints]),
        ("BLOG", &[Source::Blogs]),
        ("ALL", &Source::ALL),
    ];
    let Some(given) = arguments.text("type")? else { return Ok(TYPES[0].1) };
    let wanted = given.trim_end_matches(['s', 'S']);
    let found = TYPES.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    found.map(|(_, sources)| *sources).ok_or_else(|| {
        Miss::new(format!("no type `{}`", super::miss::repeated(&given)))
            .allowed("types", ["PLUGINS", "DOCS", "BLUEPRINTS", "BLOGS", "ALL"])
            .next("give one of these, or leave `type` out for PLUGINS")
    })
}

/// What a query names exactly.
#[derive(Clone, Copy)]
pub(super) enum Exact {
    Hit(Source, usize),
    Plugin(usize),
}

/// What a call asks for.
pub(super) struct Ask<'a> {
    /// The text that is looked for.
    pub(super) text: Cow<'a, str>,
    sources: &'static [Source],
    limit: usize,
    skip: usize,
    /// What the text names exactly, which is the first hit.
    exact: Option<Exact>,
}

impl<'a> Ask<'a> {
    pub(super) fn read(
        tool: &str,
        arguments: &Arguments<'a>,
        sources: &'static [Source],
    ) -> Result<Self, Miss> {
        let text = arguments.text("query")?;
        let text = text.ok_or_else(|| missing("query", "\"upload a file to s3\""))?;
        let limit = arguments.number("limit", MAX_LIMIT)?.unwrap_or(DEFAULT_LIMIT);
        let skip = cursor::position(tool, arguments)?;
        let exact = exact(&text, sources);
        Ok(Self { text, sources, limit, skip, exact })
    }

    /// Hits before those of the words.
    fn before(&self) -> usize {
        usize::from(self.exact.is_some())
    }

    /// What the text names exactly, on the page that shows it.
    pub(super) fn first(&self) -> Option<Exact> {
        self.exact.filter(|_| self.skip == 0)
    }

    /// The hits of the words on this page, and how many there are on all.
    pub(super) fn hits(&self, context: &Context, query: &Query) -> Results {
        let before = self.before();
        let page = Page {
            skip: self.skip.saturating_sub(before),
            limit: self.limit - usize::from(before > self.skip),
        };
        let filter = Filter::ALL.with(Source::Elements, listed(context));
        let Some(Exact::Hit(source, at)) = self.exact else {
            return index::search(query, self.sources, filter, page);
        };
        let others = filter.of(source).without(at);
        index::search(query, self.sources, filter.with(source, &others), page)
    }
}

fn find(
    context: &Context,
    tool: &str,
    arguments: &Arguments<'_>,
    sources: &'static [Source],
    reply: &mut Reply,
) -> Result<Form, Miss> {
    let ask = Ask::read(tool, arguments, sources)?;
    let before = ask.before();
    let mut query = Query::default();
    let found = if query.read(&ask.text) {
        ask.hits(context, &query)
    } else if before > 0 {
        Results::default()
    } else {
        return Err(Miss::new("`query` holds no word that can be looked for")
            .next("give words, for example query: \"upload a file to s3\""));
    };
    let total = found.total + before;
    reply.push_static(r#"{\"total\":"#);
    reply.push_number(total);
    reply.push_static(r#",\"results\":["#);
    let mut rows = Rows { mixed: sources.len() > 1, first: true, reply };
    if let Some(exact) = ask.first() {
        rows.push_exact(exact);
    }
    found.hits.iter().for_each(|hit| rows.push(*hit));
    reply.push_static("]");
    if total == 0 {
        push_searched(sources, reply);
    }
    if query.cut {
        reply.push_static(r#",\"note\":\"only the first 32 words were looked for\""#);
    }
    let shown = ask.skip + found.hits.len() + usize::from(before > ask.skip);
    if shown < total {
        cursor::push_next(shown, tool, arguments, reply);
    }
    Ok(Form::Object)
}

/// Classes that a search may show: internal ones never, and with a line set at start only
/// what that line has.
fn listed(context: &Context) -> &'static Documents {
    &LISTED[context.line.map_or(0, |line| line + 1)]
}

/// Elements that are listed in all lines, and in each.
static LISTED: [Documents; catalog::LINES + 1] = {
    let mut listed = [Documents::NONE; catalog::LINES + 1];
    let mut at = 0;
    while at < catalog::ELEMENTS.len() {
        let mut line = 0;
        while line <= catalog::LINES && !catalog::ELEMENTS[at].internal() {
            if line == 0 || catalog::ELEMENTS[at].is_in(Some(line - 1)) {
                listed[line].add(at);
            }
            line += 1;
        }
        at += 1;
    }
    listed
};

fn exact(text: &str, sources: &[Source]) -> Option<Exact> {
    sources.iter().find_map(|source| match source {
        Source::Elements => index::class(text)
            .map(|found| Exact::Hit(Source::Elements, found.at))
            .or_else(|| match index::plugin_itself(text)? {
                PluginTarget::Plugin(at) => Some(Exact::Plugin(at)),
                PluginTarget::Group(_) | PluginTarget::Repository(_) => None,
            }),
        Source::Blueprints => index::blueprint(text).map(|at| Exact::Hit(Source::Blueprints, at)),
        // A path has a slash; one word is a topic, not a page.
        Source::Docs if text.contains('/') => {
            let at = index::doc(text)?;
            (at < Source::Docs.len()).then_some(Exact::Hit(Source::Docs, at))
        }
        Source::Docs | Source::Blogs => None,
    })
}

struct Rows<'r> {
    mixed: bool,
    first: bool,
    reply: &'r mut Reply,
}

impl Rows<'_> {
    fn push_exact(&mut self, exact: Exact) {
        match exact {
            Exact::Hit(source, at) => self.push(Hit { source, at, score: 0, sentence: 0 }),
            Exact::Plugin(at) => self.row(Source::Elements, catalog::PLUGINS[at].search_row),
        }
    }

    fn push(&mut self, hit: Hit) {
        match hit.source {
            Source::Elements => self.row(hit.source, catalog::ELEMENTS[hit.at].search_row),
            Source::Blogs => self.row(hit.source, catalog::BLOGS[hit.at]),
            Source::Blueprints => {
                let blueprint = &catalog::BLUEPRINTS[hit.at];
                self.row(hit.source, blueprint.search_row);
                self.snippet(blueprint.sentences, hit.sentence, blueprint.search_end);
            }
            Source::Docs => {
                let doc = &catalog::DOCS[hit.at];
                self.row(hit.source, doc.search_row);
                self.snippet(doc.sentences, hit.sentence, doc.search_end);
            }
        }
    }

    /// A row without what stands before it; in a mixed list it says where it is from.
    fn row(&mut self, source: Source, row: Text) {
        if !std::mem::take(&mut self.first) {
            self.reply.push_static(",");
        }
        if !self.mixed {
            self.reply.push_text(row);
            return;
        }
        self.reply.push_static(match source {
            Source::Elements => r#"{\"source\":\"PLUGINS\","#,
            Source::Blueprints => r#"{\"source\":\"BLUEPRINTS\","#,
            Source::Docs => r#"{\"source\":\"DOCS\","#,
            Source::Blogs => r#"{\"source\":\"BLOGS\","#,
        });
        self.reply.push_text(Text { start: row.start + 1, len: row.len - 1 });
    }

    fn snippet(&mut self, sentences: Run, sentence: u8, end: Text) {
        let at = u32::from(sentence).min(sentences.len.saturating_sub(1));
        if sentences.len > 0 {
            self.reply.push_text(catalog::list(sentences.start + at));
        }
        self.reply.push_text(end);
    }
}

/// Says what was looked through, where nothing was found.
fn push_searched(sources: &[Source], reply: &mut Reply) {
    reply.push_static(r#",\"searched\":\""#);
    for (n, source) in sources.iter().enumerate() {
        if n > 0 {
            reply.push_static(", ");
        }
        reply.push_number(source.len());
        reply.push_static(match source {
            Source::Elements => " classes",
            Source::Blueprints => " blueprints",
            Source::Docs => " docs pages",
            Source::Blogs => " blog posts",
        });
    }
    reply.push_static(r#"\""#);
}
