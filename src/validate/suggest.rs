//! What a mistyped name may have meant.

use std::collections::BinaryHeap;

use crate::model::catalog::{self, ELEMENTS};

/// Names that a finding suggests.
const MOST: usize = 3;
/// Longest name that is compared; the distance takes the product of both lengths.
const LONGEST: usize = 200;

/// The nearest of some names.
pub(super) fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    if name.len() > LONGEST {
        return Vec::new();
    }
    let wanted = name.to_lowercase();
    let most = (wanted.chars().count() / 3).clamp(1, 3);
    let found: BinaryHeap<(usize, &str)> = names
        .filter_map(|known| {
            let folded = known.to_lowercase();
            let near = strsim::osa_distance(&wanted, &folded);
            let within = folded.len() > 3
                && wanted.len() > 3
                && (folded.contains(&wanted) || wanted.contains(&folded));
            (near <= most || within).then_some((near, known))
        })
        .collect();
    let mut found = found.into_sorted_vec();
    found.dedup();
    found.into_iter().take(MOST).map(|(_, known)| known.to_owned()).collect()
}

/// The nearest classes of some kinds that a line has: of the same simple name first,
/// then by letters.
pub(super) fn classes(name: &str, kinds: u32, line: usize) -> Vec<String> {
    if name.len() > LONGEST {
        return Vec::new();
    }
    let simple = |name: &str| name.rsplit('.').next().unwrap_or_default().to_lowercase();
    let wanted = simple(name);
    let whole = name.to_lowercase();
    let most = (wanted.chars().count() / 3).clamp(1, 3);
    let found: BinaryHeap<(usize, &'static str)> = ELEMENTS
        .iter()
        .filter(|it| {
            it.is_in(Some(line)) && kinds & 1 << it.kind.0 != 0 && !it.nameless() && !it.internal()
        })
        .filter_map(|it| {
            let known = catalog::text(it.name);
            let near = strsim::osa_distance(&wanted, &simple(known));
            (near <= most)
                .then(|| (near + strsim::osa_distance(&whole, &known.to_lowercase()), known))
        })
        .collect();
    found.into_sorted_vec().into_iter().take(MOST).map(|(_, known)| known.to_owned()).collect()
}
