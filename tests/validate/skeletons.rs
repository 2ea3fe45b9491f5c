//! What `task_schema` writes for a class is taken by the validator, for every class.

use kestra_mcp::model::Reply;
use kestra_mcp::model::catalog::{self, ELEMENTS, LINES, SCHEMAS};
use kestra_mcp::model::records::NONE;
use kestra_mcp::validate::{Report, Severity, validate, validate_part};

#[test]
fn every_skeleton_is_valid() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for element in &ELEMENTS {
        for line in 0..LINES {
            if element.schemas[line] == NONE || element.nameless() {
                continue;
            }
            let schema = &SCHEMAS[element.schemas[line] as usize];
            let comments = [schema.own_comments, schema.inherited_comments];
            for comments in [&[][..], &comments[..]] {
                count += 1;
                let mut reply = Reply::new();
                reply.push_splice(schema.skeleton);
                comments.iter().for_each(|comment| reply.push_splice(*comment));
                reply.push_splice(schema.skeleton_end);
                let text = String::from_utf8(reply.into_vec()).expect("spans are UTF-8");
                let text = unescaped(&text);
                let line_name = catalog::LINE_NAMES[line];
                for finding in mistakes(&check(&text, line)) {
                    let name = catalog::text(element.name);
                    wrong.push(format!("{name} {line_name}: {finding}"));
                }
            }
        }
    }
    assert!(count > 5_000, "{count} skeletons");
    let shown = &wrong[..wrong.len().min(60)];
    assert!(wrong.is_empty(), "{} of {count} are wrong:\n{}", wrong.len(), shown.join("\n"));
}

fn unescaped(text: &str) -> String {
    serde_json::from_str(&format!("\"{text}\"")).expect("stored as the inside of a JSON string")
}

/// A whole flow, a list of tasks, or something that stands in no flow.
fn check(text: &str, line: usize) -> Report {
    if text.starts_with("id: my_flow\n") {
        return validate(text, line);
    }
    if !text.starts_with("- ") {
        return validate_part(text, line);
    }
    let tasks = text.replace('\n', "\n  ");
    validate(&format!("id: my_flow\nnamespace: company.team\ntasks:\n  {tasks}"), line)
}

/// Errors, and warnings but for what a class is: old, or of the Enterprise Edition.
fn mistakes(report: &Report) -> Vec<String> {
    let named = |it: &str| it.contains("is deprecated") || it.contains("Enterprise Edition");
    let all = report.findings.iter();
    let counted = all.filter(|it| it.severity == Severity::Error || !named(&it.message));
    counted.map(|it| format!("{}:{} {}", it.at.line, it.path, it.message)).collect()
}
