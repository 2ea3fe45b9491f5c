//! A mebibyte of anything ends in a report, with bounded memory. A binary with one test:
//! what is counted is the whole program's.

use kestra_mcp::validate::{MAX_BYTES, Severity, validate};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// What one text may cost, in MiB.
const MOST: f32 = 64.0;

fn filled(part: &str) -> String {
    part.repeat(MAX_BYTES / part.len())
}

/// Texts, whether one of their errors must be found, and why they are hostile.
fn texts() -> Vec<(&'static str, bool, String)> {
    let head = "id: a\nnamespace: b\ntasks:\n";
    let task = "  - {id: t, type: io.kestra.plugin.core.log.Log, message: x}\n";
    let with_head = |part: &str| {
        let mut text = head.to_owned();
        text.push_str(&part.repeat((MAX_BYTES - head.len()) / part.len()));
        text
    };
    let mut laughs = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (old, new) in ('a'..'y').zip('b'..'z') {
        laughs += &format!("{new}: &{new} [{}]\n", format!("*{old}, ").repeat(9));
    }
    let mut deep = String::new();
    for depth in 0..1_000 {
        deep += &format!("{}a:\n", " ".repeat(depth));
    }
    vec![
        ("lists in lists", true, filled("[")),
        ("maps in maps", true, filled("{a: ")),
        ("blocks in blocks", true, deep),
        ("dashes in dashes", true, filled("- ")),
        ("keys without end", true, filled("? ")),
        ("aliases of aliases", true, laughs),
        ("anchors", true, filled("- &a a\n")),
        ("short items", true, filled("- a\n")),
        ("tabs", true, filled("\t")),
        ("duplicate keys", true, filled("a: 1\n")),
        ("tags", true, filled("!!x ")),
        ("directives", true, filled("%TAG ! tag:a,2000:\n")),
        ("documents", true, filled("---\n")),
        ("documents with content", true, filled("---\na: 1\n")),
        ("quotes", true, filled("\"")),
        ("an open quote", true, format!("a: \"{}", filled("x"))[..MAX_BYTES].to_owned()),
        ("one key", true, filled("x")),
        ("a long value", true, format!("id: {}", filled("x"))[..MAX_BYTES].to_owned()),
        ("a long block", true, format!("a: |\n{}", filled("  x\n"))[..MAX_BYTES].to_owned()),
        ("escapes", true, format!("a: \"{}", filled("\\x41"))[..MAX_BYTES].to_owned()),
        ("no characters", true, filled("\u{0}")),
        ("marks of order", true, filled("\u{feff}")),
        ("carriage returns", true, filled("\r")),
        ("comments", true, filled("#\n")),
        ("unknown classes", true, with_head("  - {id: t, type: io.kestra.X}\n")),
        ("many tasks", true, with_head(task)),
        ("quotes in expressions", true, with_head("  - \"{{ ' }}{{ ' }}{{ ' }}\"\n")),
        ("one text of expressions", true, format!("a: \"{}\"", "{{ a ' }}".repeat(110_000))),
        ("many references", true, with_head("  - {id: t, type: a.B, m: '{{ inputs.abc }}'}\n")),
        ("a long class", true, format!("{head}  - {{id: t, type: {}}}", "ö".repeat(400_000))),
        ("a long property", true, format!("{}: 1\n", "ö".repeat(400))),
        ("unknown properties", true, with_head(&format!("  - {{{}}}\n", "ab: 1, ".repeat(2000)))),
        ("expressions", true, with_head("  - {id: t, type: a.B, m: '{{ a | b }}'}\n")),
        ("open expressions", true, with_head("  - '{{ {{ {{ {{ {{ {{ {{ {{'\n")),
        ("long names", true, with_head(&format!("  - {}: 1\n", "k".repeat(4000)))),
        ("too long", true, format!("{}x", filled("x"))),
        ("emoji", true, filled("😀: 😀\n")),
    ]
}

#[test]
fn hostile_texts_end_in_a_report_of_bounded_size() {
    let whole = texts();
    // The same under the limits of depth and number, so that all of it is read.
    let parts: Vec<_> = whole
        .iter()
        .map(|(what, refused, text)| {
            let len = (0..=text.len() / 8).rev().find(|it| text.is_char_boundary(*it));
            (*what, *refused, text[..len.unwrap_or_default()].to_owned())
        })
        .collect();
    for (what, refused, text) in whole.into_iter().chain(parts) {
        ALLOCATOR.reset_peak_usage();
        let before = ALLOCATOR.current_usage_as_mb();
        let report = validate(&text, 0);
        let used = ALLOCATOR.peak_usage_as_mb() - before;
        let count = report.findings.len();
        assert!(used < MOST, "{what}: {used} MiB");
        assert!(count <= 200, "{what}: {count} findings");
        let error = report.of(Severity::Error).next().is_some();
        assert_eq!(error, refused, "{what}");
        let longest = report.findings.iter().map(|it| it.message.len() + it.path.len()).max();
        assert!(longest.unwrap_or_default() < 2_100, "{what}");
    }
}

#[test]
fn line_ends_and_marks_of_order_change_nothing() {
    let flow = "id: a\nnamespace: b\ntasks:\n  - id: t\n    type: io.kestra.plugin.core.log.Log\n    messag: x\n";
    let plain = validate(flow, 0);
    assert_eq!(plain.findings[1].at.line, 6);
    for other in [flow.replace('\n', "\r\n"), format!("\u{feff}{flow}"), format!("---\n{flow}")] {
        let report = validate(&other, 0);
        assert_eq!(report.findings.len(), plain.findings.len(), "{other:?}");
    }
}
