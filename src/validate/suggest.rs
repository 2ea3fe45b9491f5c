//! What a mistyped name may have meant.

use std::borrow::Cow;
use std::collections::BinaryHeap;

use crate::index;
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
    let found = found.into_sorted_vec().into_iter().take(MOST);
    let mut found: Vec<_> = found.map(|(_, known)| Cow::Borrowed(known)).collect();
    successors_first(&mut found);
    found.into_iter().map(Cow::into_owned).collect()
}

/// Puts a superseded class behind its successor, where both are suggested: who writes a
/// name that neither has, wants the class that stays.
pub fn successors_first(names: &mut [Cow<'static, str>]) {
    for at in 0..names.len() {
        let Some(class) = index::class(&names[at]) else { continue };
        let successor = ELEMENTS[class.at].successor as usize;
        let Some(successor) = ELEMENTS.get(successor).map(|it| catalog::text(it.name)) else {
            continue;
        };
        if let Some(later) = (at + 1..names.len()).find(|&later| names[later] == successor) {
            names.swap(at, later);
        }
    }
}
