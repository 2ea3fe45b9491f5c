//! Sorting few numbers. The sort of the standard library takes 5 to 9 KB of code for each
//! type, because it is made for many.

/// Sorts some ten items.
pub(super) fn sort_few<T: Copy + Ord>(items: &mut [T]) {
    for end in 1..items.len() {
        let item = items[end];
        let mut at = end;
        while at > 0 && items[at - 1] > item {
            items[at] = items[at - 1];
            at -= 1;
        }
        items[at] = item;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library(items in prop::collection::vec(0..20_u8, 0..40)) {
            let (mut ours, mut theirs) = (items.clone(), items);
            sort_few(&mut ours);
            theirs.sort_unstable();
            prop_assert_eq!(ours, theirs);
        }
    }
}
