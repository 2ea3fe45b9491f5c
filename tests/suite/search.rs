use kestra_mcp::index::{Query, Source, explain};
use kestra_mcp::tools::Verdict;
use serde_json::{Value, json};

use crate::ask;

const TYPES: [&str; 5] = ["PLUGINS", "DOCS", "BLUEPRINTS", "BLOGS", "ALL"];

/// Texts that nobody types in earnest.
fn hostile() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "\t\n",
        "?!\"'`",
        "\u{0}",
        "\u{0}\u{1}\u{7f}\u{85}",
        "\u{202e}3s",
        "\u{feff}",
        "\u{200b}s3\u{200b}",
        "the",
        "how do I",
        "what is the",
        "a",
        "\"s3 upload",
        "s3 upload\"",
        "'s3' (upload",
        "[[[",
        "}}{{",
        "{{ secret('A') }}",
        "\\",
        "\\u0000",
        "%00",
        "кафка",
        "数据库 上传",
        "한국어",
        "العربية",
        "हिन्दी",
        "🚀🚀",
        "🚀 kafka",
        "👩‍👩‍👧‍👦",
        "cafe\u{301}",
        "e\u{301}\u{302}\u{303}",
        "\u{301}",
        "ǅ",
        "ß",
        "İstanbul",
        "ﬁle",
        "x".repeat(31).as_str(),
        "..",
        "/",
        "://",
        "https://",
        "io.kestra.plugin.",
        ".".repeat(500).as_str(),
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("upload files to s3 ".repeat(600));
    texts.push("x".repeat(10_240));
    texts.push("数".repeat(3_500));
    texts.push("\u{301}".repeat(5_000));
    texts.push("qzx wvj kpf ".repeat(900));
    texts.push((0..900).map(|n| format!("unknownword{n}")).collect::<Vec<_>>().join(" "));
    texts.push("\"".repeat(10_240));
    texts
}

#[test]
fn any_text_gets_hits_or_says_what_to_do() {
    for text in hostile() {
        for of in TYPES {
            let arguments = json!({"query": text, "type": of});
            let (answer, verdict) = ask::text("search", &arguments);
            let answer: Value = serde_json::from_str(&answer)
                .unwrap_or_else(|error| panic!("{arguments}: {error}"));
            if verdict == Verdict::Miss {
                assert!(answer["error"].is_string() && answer["next"].is_string(), "{arguments}");
            } else {
                let results = answer["results"].as_array().expect("results").len();
                let total = answer["total"].as_u64().expect("a total") as usize;
                assert_eq!(results, total.min(10), "{arguments}");
                assert_eq!(answer["searched"].is_string(), total == 0, "{arguments}");
            }
        }
    }
}

/// What a query costs is what its words are taken for: none may stand for much.
#[test]
fn no_text_makes_much_work() {
    for text in hostile() {
        let Some(query) = Query::parse(&text) else { continue };
        for source in Source::ALL {
            let taken = explain(&query, source, &[]).taken;
            let terms: usize = taken.iter().map(|it| it.terms.len()).sum();
            assert!(query.words.len() <= 32 && taken.len() <= 120 && terms <= 400, "{text}");
        }
    }
}

#[test]
fn words_that_are_left_out_are_said_to_be() {
    let note = |text: String| ask::json("search", &json!({"query": text}))["note"].clone();
    assert!(note("kafka ".repeat(33)).as_str().is_some_and(|note| note.contains("32 words")));
    assert_eq!(note("kafka ".repeat(32)), Value::Null);
}

/// The hits of a text, by name.
fn hits(text: &str) -> Vec<Value> {
    let answer = ask::json("search", &json!({"query": text}));
    let results = answer["results"].as_array().expect("results");
    results.iter().map(|hit| hit["type"].clone()).collect()
}

#[test]
fn what_is_no_word_changes_nothing() {
    let plain = hits("kafka trigger ");
    assert!(!plain.is_empty());
    for text in [
        "\"kafka trigger",
        "kafka trigger\"",
        "(kafka) [trigger",
        "🚀 kafka 🎉 trigger!",
        "\u{0}kafka\u{1}trigger\u{7f}",
        "KAFKA  Trigger?",
        "ka\u{301}fka tri\u{308}gger ",
        "what is the kafka trigger, please? ",
    ] {
        assert_eq!(hits(text), plain, "{text}");
    }
}

#[test]
fn only_stop_words_are_looked_for_as_words() {
    assert_eq!(hits("if")[0], "io.kestra.plugin.core.flow.If");
}

/// Which sources the first `limit` hits of a search in all sources come from.
fn first_sources(text: &str, limit: usize) -> Vec<String> {
    let all = ask::json("search", &json!({"query": text, "type": "ALL", "limit": limit}));
    let results = all["results"].as_array().expect("results");
    results.iter().filter_map(|hit| hit["source"].as_str().map(str::to_owned)).collect()
}

#[test]
fn no_source_crowds_out_another() {
    for text in ["upload s3", "google cloud storage", "slack notification", "schedule", "subflow"] {
        let sources = first_sources(text, 5);
        for of in ["PLUGINS", "DOCS", "BLUEPRINTS"] {
            assert!(sources.iter().any(|it| it == of), "{text}: {of} is not among {sources:?}");
        }
    }
}

#[test]
fn pages_of_all_sources_join_without_a_gap() {
    let page = |limit: usize, cursor: Value| {
        let arguments = json!({"query": "kafka", "type": "ALL", "limit": limit, "cursor": cursor});
        ask::json("search", &arguments)
    };
    let whole = page(40, Value::Null);
    let mut joined = Vec::new();
    let mut cursor = Value::Null;
    for _ in 0..20 {
        let part = page(2, cursor);
        joined.extend(part["results"].as_array().expect("results").clone());
        cursor = part["nextCursor"].clone();
    }
    assert_eq!(&joined, whole["results"].as_array().expect("results"));
}

#[test]
fn the_total_of_all_is_the_sum_of_the_sources() {
    for text in ["kafka", "send a slack message", "cron schedule"] {
        let total =
            |of: &str| ask::json("search", &json!({"query": text, "type": of}))["total"].as_u64();
        let sum: Option<u64> = TYPES[..4].iter().map(|of| total(of)).sum();
        assert_eq!(total("ALL"), sum, "{text}");
    }
}

/// The blueprints of a call, all pages of it.
fn blueprints(arguments: Value) -> Vec<String> {
    let mut arguments = arguments;
    let mut ids = Vec::new();
    loop {
        let page = ask::json("blueprints", &arguments);
        let found = page["blueprints"].as_array().expect("blueprints");
        ids.extend(found.iter().filter_map(|it| it["id"].as_str().map(str::to_owned)));
        let Some(cursor) = page["nextCursor"].as_str() else { return ids };
        arguments["cursor"] = cursor.into();
    }
}

#[test]
fn filters_and_words_leave_what_both_leave() {
    let words = blueprints(json!({"query": "kafka"}));
    let typed = blueprints(json!({"types": "io.kestra.plugin.kafka.Produce"}));
    let both = blueprints(json!({"query": "kafka", "types": "io.kestra.plugin.kafka.Produce"}));
    let expected: Vec<String> = words.iter().filter(|id| typed.contains(id)).cloned().collect();
    assert!(!expected.is_empty() && expected.len() < words.len(), "{words:?} {typed:?}");
    assert_eq!(both, expected);

    let names = |arguments: Value| {
        let triggers = ask::json("list_triggers", &arguments);
        let mut names = Vec::new();
        collect(&triggers["triggers"], &mut names);
        names
    };
    let words = names(json!({"query": "s3"}));
    let own = names(json!({"plugin": "plugin-aws"}));
    let both = names(json!({"query": "s3", "plugin": "plugin-aws"}));
    let expected: Vec<String> = own.iter().filter(|it| words.contains(it)).cloned().collect();
    assert!(!expected.is_empty() && expected.len() < own.len(), "{words:?} {own:?}");
    assert_eq!(both, expected);
}

/// Class names of a list, grouped or not.
fn collect(list: &Value, names: &mut Vec<String>) {
    for (name, value) in list.as_object().into_iter().flatten() {
        if value.is_object() {
            collect(value, names);
        } else {
            names.push(name.clone());
        }
    }
}
