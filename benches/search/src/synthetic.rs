//! A catalog of many more classes: copies of the real ones under invented vendors.

use std::collections::BTreeMap;

use catalog_source::fold::words;
use catalog_source::search::Document;

/// Position of the field that holds the words of a class's package.
const PACKAGE: usize = 1;

/// At least `count` documents: the real ones, then copies in which the words of the package
/// are replaced wherever they stand, so that verbs stay common and names stay rare.
pub fn grown(real: &[Document], count: usize) -> Vec<Document> {
    (0..count).map(|at| copy(&real[at % real.len()], at / real.len())).collect()
}

fn copy(document: &Document, number: usize) -> Document {
    let mut copy = document.clone();
    if number == 0 {
        return copy;
    }
    let mut names = BTreeMap::new();
    words(&document.fields[PACKAGE].text, |word| {
        names.insert(word.as_str().to_owned(), invented(word.as_str(), number));
    });
    for field in &mut copy.fields {
        let mut text = String::new();
        words(&field.text, |word| {
            let word = word.as_str();
            text.push_str(names.get(word).map_or(word, String::as_str));
            text.push(' ');
        });
        field.text = text;
    }
    copy
}

/// A name that sounds like one.
fn invented(word: &str, number: usize) -> String {
    const SYLLABLES: &[&str] = &[
        "ba", "do", "fi", "gu", "ka", "lo", "mi", "nu", "pa", "ro", "si", "tu", "va", "wo", "xi",
        "zu",
    ];
    let mut hash = word.bytes().fold(number as u64 + 1, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut name = String::new();
    for _ in 0..4 {
        hash = hash.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        name.push_str(SYLLABLES[(hash >> 60) as usize]);
    }
    name
}
