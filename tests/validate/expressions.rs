//! Expressions: warnings, at their lines, and no errors.

use kestra_mcp::validate::{Severity, validate};

const HEAD: &str = "id: a\nnamespace: b\ninputs:\n  - id: day\n    type: STRING\nvariables:\n  place: x\ntasks:\n  - id: first\n    type: io.kestra.plugin.core.debug.Return\n    format: x\n  - id: t\n    type: io.kestra.plugin.core.log.Log\n    message: ";

/// The warnings about a message on line 14, as line and text.
#[track_caller]
fn check(message: &str, expected: &[&str]) {
    let report = validate(&format!("{HEAD}{message}\n"), 0);
    assert!(report.is_valid(), "{report:?}");
    let found: Vec<String> =
        report.of(Severity::Warning).map(|it| format!("{} {}", it.at.line, it.message)).collect();
    assert_eq!(found, expected, "{message}");
}

#[test]
fn what_the_flow_has_is_silent() {
    for message in [
        "\"{{ inputs.day }} {{ vars.place }} {{ outputs.first.value }}\"",
        "\"{{ outputs['first'].value | upper }} {{ secret('X') }} {{ flow.id }}\"",
        "\"{{ trigger.executionId ?? 'x' }} {{ execution.startDate | date('yyyy') }}\"",
        "\"{% for x in [1, 2] %}{{ loop.index }}{% endfor %}\"",
        "\"{% raw %}{{ anything goes(here) }}{% endraw %}\"",
        "'{{ {\"a\": 1} | toJson }}'",
    ] {
        check(message, &[]);
    }
}

#[test]
fn what_it_has_not_is_named() {
    check("\"{{ inputs.dya }}\"", &["14 the flow has no input `dya`"]);
    check("\"{{ vars.plac }}\"", &["14 the flow has no variable `plac`"]);
    check("\"{{ outputs.frist.value }}\"", &["14 the flow has no task `frist`"]);
    check("\"{{ trigger.date }}\"", &["14 the flow has no trigger that gives `date`"]);
    check(
        "\"{{ outputs.first.valeu }}\"",
        &["14 `first` has no output `valeu`: io.kestra.plugin.core.debug.Return gives value"],
    );
}

#[test]
fn form_and_names_are_looked_at() {
    check("\"{{ inputs.day | uper }}\"", &["14 unknown filter `uper`"]);
    check("\"{{ secrt('X') }}\"", &["14 unknown function `secrt`"]);
    check("\"{{ json('1') }}\"", &["14 `json` is no longer there: use `fromJson`"]);
    check("\"{{ inputs.day\"", &["14 `{{` is not closed"]);
    check("\"{{ }}\"", &["14 there is nothing between `{{` and `}}`"]);
}

#[test]
fn lines_of_a_block_are_counted() {
    check("|\n      hello\n      {{ inputs.nope }}", &["16 the flow has no input `nope`"]);
}
