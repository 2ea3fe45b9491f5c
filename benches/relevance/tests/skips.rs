//! Skipping documents that cannot become hits changes no hit.

use search_report::engine::{Corpus, Switches, own_catalog};

#[test]
fn what_is_skipped_is_no_hit() {
    let corpus = Corpus::read(&[own_catalog()]).expect("the catalog is sound");
    let engine = corpus.index(Switches::ALL.built);
    let with = Switches::ALL.run;
    let mut without = with;
    without.skips = false;
    let documents = corpus.documents();
    let texts = documents.iter().flatten().step_by(7).flat_map(|document| {
        // Titles are short, descriptions as long as questions.
        document.fields.iter().map(|field| &field.text).filter(|text| text.len() < 120)
    });
    let mut hits = 0;
    for text in texts {
        for source in 0..4 {
            let expected = engine.search(source, text, without);
            assert_eq!(engine.search(source, text, with), expected, "{source} {text}");
            hits += expected.1;
        }
    }
    assert!(hits > 10_000, "{hits} hits are too few to tell");
}
