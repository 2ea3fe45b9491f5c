//! `validate_flow`.

use std::borrow::Cow;
use std::fmt::Write;

use super::arguments::{Arguments, missing};
use super::miss::{Miss, escaped};
use super::parameters::KESTRA;
use super::{Context, Form, Parameter, Takes, Tool, definition, line};
use crate::model::Reply;
use crate::validate::{Finding, Report, Severity, validate};

pub(super) const VALIDATE_FLOW: Tool = Tool {
    name: "validate_flow",
    definition: definition!(
        "validate_flow",
        "Check a flow",
        "Check a whole Kestra flow (YAML) as a Kestra server would when it is saved: syntax, classes, properties, types, required values, ids, references. Answers errors and warnings with line, column, path and suggestions. Call it before handing over a flow, and again after each correction.",
        r#"{"flow":{"type":"string","description":"the flow's whole YAML"},"kestra":{"type":"string","description":"Kestra version, e.g. 1.3"}},"required":["flow"]"#
    ),
    parameters: &[FLOW, KESTRA],
    run: validate_flow,
};

const FLOW: Parameter = Parameter {
    name: "flow",
    aliases: &["yaml", "source", "content", "flowsource"],
    takes: Takes::Text,
    required: true,
    help: "The flow's YAML; the command `validate` takes files",
};

/// Most bytes of findings in one answer, which keeps it under 8,000 tokens.
const MAX_BYTES: usize = 20_000;

fn validate_flow(
    context: &Context,
    arguments: &Arguments<'_>,
    reply: &mut Reply,
) -> Result<Form, Miss> {
    let line = line(context, arguments)?.unwrap_or(0);
    let flow = arguments.untrimmed("flow")?.unwrap_or(Cow::Borrowed(""));
    if flow.trim().is_empty() {
        return Err(missing("flow", "\"id: hello\\nnamespace: company.team\\ntasks: ...\""));
    }
    reply.push_str(&escaped(&answer(&validate(&flow, line))));
    Ok(Form::Object)
}

/// The answer without its closing brace.
fn answer(report: &Report) -> String {
    let mut json = format!("{{\"valid\":{}", report.is_valid());
    let mut left = report.dropped;
    for (member, severity) in [("errors", Severity::Error), ("warnings", Severity::Warning)] {
        let mut rows = String::new();
        for finding in report.of(severity) {
            let row = row(finding);
            if json.len() + rows.len() + row.len() > MAX_BYTES {
                left += 1;
                continue;
            }
            if !rows.is_empty() {
                rows.push(',');
            }
            rows.push_str(&row);
        }
        if !rows.is_empty() {
            write!(json, ",\"{member}\":[{rows}]").expect("a String takes all");
        }
    }
    if left > 0 {
        write!(json, ",\"more\":{left}").expect("a String takes all");
    }
    json
}

fn row(finding: &Finding) -> String {
    let mut row = format!("{{\"line\":{},\"column\":{}", finding.at.line, finding.at.column);
    if !finding.path.is_empty() {
        write!(row, ",\"path\":\"{}\"", escaped(&finding.path)).expect("a String takes all");
    }
    write!(row, ",\"message\":\"{}\"", escaped(&finding.message)).expect("a String takes all");
    if !finding.did_you_mean.is_empty() {
        let names: Vec<String> =
            finding.did_you_mean.iter().map(|name| format!("\"{}\"", escaped(name))).collect();
        write!(row, ",\"didYouMean\":[{}]", names.join(",")).expect("a String takes all");
    }
    row.push('}');
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOW: &str = "id: a\nnamespace: b\ntasks:\n  - id: t\n    type: io.kestra.plugin.core.log.Log\n    messag: hi\n";

    #[test]
    fn says_where_and_what_was_meant() {
        let answer = answer(&validate(FLOW, 0)) + "}";
        let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
        assert_eq!(answer["valid"], false);
        let error = &answer["errors"][1];
        assert_eq!((&error["line"], &error["column"]), (&6.into(), &5.into()));
        assert_eq!(error["path"], "tasks[0].messag");
        assert_eq!(error["didYouMean"][0], "message");
    }

    #[test]
    fn a_name_in_place_of_an_id_was_meant_as_one() {
        let flow = format!(
            "{}inputs:\n  - name: p\n    type: STRING\n",
            FLOW.replace("messag:", "message:")
        );
        let answer = answer(&validate(&flow, 0)) + "}";
        let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
        assert_eq!(answer["errors"][0]["path"], "inputs[0].name");
        assert_eq!(answer["errors"][0]["didYouMean"], serde_json::json!(["id"]));
    }

    #[test]
    fn a_good_flow_has_nothing_to_say() {
        assert_eq!(answer(&validate(&FLOW.replace("messag:", "message:"), 0)), "{\"valid\":true");
    }

    #[test]
    fn stays_short_and_says_how_much_is_left() {
        let mut flow = FLOW.to_owned();
        for number in 0..300 {
            writeln!(flow, "    unknown{number}: x").expect("a String takes all");
        }
        let answer = answer(&validate(&flow, 0)) + "}";
        assert!(answer.len() < MAX_BYTES + 100);
        let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
        assert!(answer["more"].as_u64().is_some_and(|more| more >= 200));
    }
}
