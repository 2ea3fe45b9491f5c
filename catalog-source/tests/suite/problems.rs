use crate::support::{Copy, compile, tiny};

/// The problems of a catalog, as `build.rs` prints them.
fn problems(copy: &Copy) -> Vec<String> {
    let problems = compile(copy.path()).expect_err("the catalog is wrong");
    problems.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn check(file: &str, from: &str, to: &str, expected: &str) {
    // Tests run side by side; each needs a folder of its own.
    let name: String = format!("{file} {to}").chars().filter(char::is_ascii_alphanumeric).collect();
    let copy = Copy::new(&name);
    copy.replace(file, from, to);
    let found = problems(&copy);
    assert!(found.iter().any(|problem| problem.starts_with(expected)), "{expected} in {found:#?}");
}

#[test]
fn a_right_catalog_has_none() {
    assert_eq!(compile(&tiny()).err(), None);
}

#[test]
fn what_is_no_json_stops_with_its_place() {
    check(
        "texts/plugin-tiny.json",
        "\"words\": \"box\"",
        "\"words\": box",
        "texts/plugin-tiny.json:5: expected value (column ",
    );
    check(
        "facts/plugins/plugin-tiny.json",
        "\"type\": \"trigger\"",
        "\"type\": \"trigger\", \"colour\": 1",
        "facts/plugins/plugin-tiny.json:",
    );
}

#[test]
fn texts_must_fit_the_facts() {
    check(
        "texts/plugin-tiny.json",
        "\"from\": \"File to copy.\"",
        "\"form\": \"File to copy.\"",
        "texts/plugin-tiny.json:15: io.kestra.plugin.tiny.box.Upload: describes `form`, which the class does not have: remove it",
    );
    check(
        "texts/core.json",
        "\"io.kestra.plugin.core.log.Log\"",
        "\"io.kestra.plugin.core.log.Logg\"",
        "texts/core.json:15: io.kestra.plugin.core.log.Logg is not a class of this plugin",
    );
}

#[test]
fn every_text_must_be_there() {
    let upload = "texts/plugin-tiny.json:15: io.kestra.plugin.tiny.box.Upload: ";
    for (from, to, expected) in [
        ("\"title\": \"Put a file into a box\",", "", "has no title: write one"),
        (
            "\"Copies a file and returns where it lies now.\"",
            "\"\"",
            "has no description: write one to three sentences",
        ),
        ("\"words\": \"send store save\",", "", "has no search words: write 3 to 15"),
        (
            "\"uri\": \"Where the file lies.\"",
            "",
            "output `uri` has no description: write one here or in glossary.json",
        ),
        (
            "\"key\": \"Name in the box.\"",
            "",
            "property `key` of definition io.kestra.plugin.tiny.box.Upload-Target has no description",
        ),
        (
            "Copies a file and returns where it lies now.",
            "Upload: this task puts the file into the box.",
            "the description only repeats the name: say what it does",
        ),
    ] {
        check("texts/plugin-tiny.json", from, to, &format!("{upload}{expected}"));
    }
    check(
        "texts/glossary.json",
        "\"timeout\": \"Longest time the task may run.\"",
        "\"time\": \"Longest time the task may run.\"",
        "texts/core.json:15: io.kestra.plugin.core.log.Log: inherited property `timeout` has no description",
    );
    check(
        "texts/plugin-tiny.json",
        "\"description\": \"Files in boxes.\",",
        "",
        "texts/plugin-tiny.json:8: package io.kestra.plugin.tiny.box has no title or no description",
    );
    check(
        "texts/plugin-tiny.json",
        "\"description\": \"Move files in and out of tiny boxes.\",",
        "",
        "texts/plugin-tiny.json:2: plugin plugin-tiny: has no title and description",
    );
}

#[test]
fn no_text_may_be_too_long() {
    let long = "box ".repeat(36);
    check(
        "texts/plugin-tiny.json",
        "File to copy.",
        &long,
        "texts/plugin-tiny.json:15: io.kestra.plugin.tiny.box.Upload: the description of property `from` has 144 characters, 140 at most: shorten it",
    );
    check(
        "texts/plugin-tiny.json",
        "Put a file into a box",
        &long[..64],
        "texts/plugin-tiny.json:15: io.kestra.plugin.tiny.box.Upload: the title has 64 characters, 60 at most",
    );
}

#[test]
fn titles_tell_things_apart() {
    check(
        "texts/plugin-tiny.json",
        "Put a file into a box",
        "Write to the log",
        "texts/plugin-tiny.json:15: io.kestra.plugin.tiny.box.Upload: the title `Write to the log` is that of io.kestra.plugin.core.log.Log too",
    );
}

#[test]
fn a_misspelled_word_is_told() {
    check(
        "texts/plugin-tiny.json",
        "Where the file lies.",
        "Where the flie lies.",
        "texts/plugin-tiny.json:24: `flie` is not in spelling/words.txt: correct it, or add it there",
    );
}

#[test]
fn flows_and_pages_name_what_exists() {
    check(
        "blueprints/fill-a-box.yaml",
        "tiny.box.Upload",
        "tiny.box.Uplaod",
        "blueprints/fill-a-box.yaml: class io.kestra.plugin.tiny.box.Uplaod is not in the catalog",
    );
    check(
        "blueprints/fill-a-box.yaml",
        "blueprintId: 1",
        "blueprintId: one",
        "blueprints/fill-a-box.yaml:5: `blueprintId` is missing",
    );
    check(
        "examples/io.kestra.plugin.core.log.Log.yaml",
        "core.log.Log",
        "core.log.Lgo",
        "examples/io.kestra.plugin.core.log.Log.yaml: class io.kestra.plugin.core.log.Lgo is not",
    );
    check(
        "docs/concepts/secret.md",
        "(docs/concepts)",
        "(docs/concept)",
        "docs/concepts/secret.md:5: link to docs/concept, which is not in facts/docs-tree.json",
    );
    check(
        "search/docs.json",
        "docs/concepts/secret",
        "docs/concepts/secrets",
        "search/docs.json: docs/concepts/secrets is not in facts/docs-tree.json",
    );
    check(
        "search/vectors/pieces.txt",
        "box",
        "boxes\nfast",
        "search/vectors/pieces.txt: 5 pieces need 320 bytes in rows.bin, which has 256",
    );
    check(
        "search/vectors/pieces.txt",
        "box",
        "fill",
        "search/vectors/pieces.txt:3: `file` is not sorted",
    );
}

#[test]
fn what_is_promised_must_be_there() {
    check(
        "catalog.json",
        "\"date\"",
        "\"atLeast\": {\"blueprints\": 2}, \"date\"",
        "catalog.json: 1 blueprints, at least 2 are promised: write more",
    );
}

#[test]
fn two_blueprints_cannot_have_one_number() {
    let copy = Copy::new("two-numbers");
    let text = std::fs::read_to_string(tiny().join("blueprints/fill-a-box.yaml")).expect("there");
    copy.write("blueprints/fill-again.yaml", &text.replace("Fill a box", "Fill boxes"));
    let found = problems(&copy);
    assert!(found.iter().any(|it| it.contains("blueprintId 1 is taken by")), "{found:#?}");
}

#[test]
fn all_problems_come_in_one_run() {
    let copy = Copy::new("all");
    copy.replace("texts/plugin-tiny.json", "File to copy.", "Flie to copy.")
        .replace("texts/core.json", "\"words\": \"print echo\",", "")
        .replace("docs/concepts/secret.md", "(docs/concepts)", "(docs/nowhere)")
        .replace("blueprints/fill-a-box.yaml", "tiny.box.Upload", "tiny.box.Download");
    let found = problems(&copy);
    assert_eq!(found.len(), 4, "{found:#?}");
    let copy = Copy::new("all-unreadable");
    copy.write("texts/core.json", "{")
        .write("facts/blogs.json", "[")
        .write("facts/renames.json", "");
    assert_eq!(problems(&copy).len(), 3);
}
