//! A search explained, as tables for people.

use std::fmt::Write;

use kestra_mcp::index::sense::How;
use kestra_mcp::index::{Explanation, Source, Taken};
use kestra_mcp::tools::{Explained, ExplainedHit};

const TAKES_ALL: &str = "a String takes all";

/// What the words were taken for, then the hits and what they got for each word.
pub(crate) fn render(explained: &Explained) -> String {
    let mut out = String::new();
    let shown = explained.hits.len();
    writeln!(out, "{}: {shown} of {} hits", explained.text, explained.total).expect(TAKES_ALL);
    if explained.cut {
        out.push_str("only the first 32 words were looked for\n");
    }
    let named = explained.sources.len() > 1;
    for (source, explanation) in &explained.sources {
        words(*source, explanation, &mut out);
    }
    out.push_str("\nrank  score  hit\n");
    if let Some(exact) = &explained.exact {
        writeln!(out, "   =         {exact}\n               the query is its name")
            .expect(TAKES_ALL);
    }
    for (rank, hit) in explained.hits.iter().enumerate() {
        let (source, explanation) = &explained.sources[hit.source];
        let of = if named { format!("{}: ", name(*source)) } else { String::new() };
        writeln!(out, "{:>4}  {:>5}  {of}{}", rank + 1, hit.score, hit.name).expect(TAKES_ALL);
        writeln!(out, "               {}", points(hit, explanation)).expect(TAKES_ALL);
    }
    out
}

/// The table of what words were taken for in a source.
fn words(source: Source, explanation: &Explanation, out: &mut String) {
    let heading = ["words", "taken for", "how", "points count", "weight"].map(str::to_owned);
    let rows: Vec<[String; 5]> =
        std::iter::once(heading).chain(explanation.taken.iter().map(row)).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or_default()
    };
    let widths: [usize; 5] = std::array::from_fn(width);
    let weight = sixteenths(explanation.total);
    writeln!(out, "\n{}, weight of the query {weight}", name(source)).expect(TAKES_ALL);
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        writeln!(out, "  {}", line.trim_end()).expect(TAKES_ALL);
    }
}

fn row(taken: &Taken) -> [String; 5] {
    let (how, counts) = match taken.how {
        How::Word => ("word".to_owned(), true),
        How::Phrase => ("phrase".to_owned(), true),
        How::Joined => ("written as one word".to_owned(), true),
        How::Split => ("part of a word".to_owned(), true),
        How::Prefix => ("start of a word".to_owned(), true),
        How::Slips(1) => ("1 slip".to_owned(), true),
        How::Slips(slips) => (format!("{slips} slips"), true),
        How::Kind => ("names a kind".to_owned(), false),
        How::Unknown => ("not in the index".to_owned(), false),
    };
    let percent = u32::from(taken.factor) * 100 / 16;
    [
        taken.words.clone(),
        taken.terms.join(", "),
        how,
        if counts { format!("{percent} %") } else { String::new() },
        if taken.how == How::Kind { String::new() } else { sixteenths(taken.weight.into()) },
    ]
}

/// What a hit got for each of the words, how much of the query it matches, and what it got
/// for being near in meaning.
fn points(hit: &ExplainedHit, explanation: &Explanation) -> String {
    let of = |taken: &Taken| taken.scores[hit.document];
    let points = explanation.taken.iter().filter_map(|taken| {
        let points = of(taken).filter(|_| taken.how != How::Kind)?;
        Some(format!("{} {points}", taken.words))
    });
    let points = points.collect::<Vec<_>>().join(" + ");
    let matched = explanation.taken.iter().filter(|taken| of(taken).is_some());
    let matched = matched.map(|taken| u32::from(taken.weight) * u32::from(taken.factor) / 16);
    let matched = (matched.sum::<u32>() * 100 / explanation.total.max(1)).min(100);
    let kind = explanation.taken.iter().find(|taken| taken.how == How::Kind && of(taken).is_some());
    let kind = kind.map(|taken| format!(", of the kind: {}", taken.words)).unwrap_or_default();
    let meaning = explanation.meanings[hit.document];
    format!("{points}, {matched} % of the weight{kind}, meaning {meaning}")
}

/// Sixteenths with one digit.
fn sixteenths(weight: u32) -> String {
    format!("{}.{}", weight / 16, weight % 16 * 10 / 16)
}

fn name(source: Source) -> &'static str {
    match source {
        Source::Elements => "classes",
        Source::Blueprints => "blueprints",
        Source::Docs => "docs",
        Source::Blogs => "blog",
    }
}
