//! Does one thing for many items, several at a time.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::failure::{Failure, Weight};
use crate::progress::Bar;

/// Calls `work` for each item on `jobs` threads. A failure of one item is collected;
/// one that all further items would meet ends the run.
pub fn each<T: Sync>(
    items: &[T],
    jobs: usize,
    bar: &Bar,
    work: impl Fn(&T) -> Result<(), Failure> + Sync,
) -> Result<Vec<Failure>, Failure> {
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, items.len().max(1)) {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let position = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(position) else { break };
                    if let Err(failure) = work(item) {
                        stop.fetch_or(failure.weight == Weight::All, Ordering::Relaxed);
                        lock(&failures).push((position, failure));
                    }
                    bar.step();
                }
            });
        }
    });
    let mut failures = std::mem::take(&mut *lock(&failures));
    // Threads end in any order; a report must not.
    failures.sort_by_key(|(position, _)| *position);
    let failures: Vec<Failure> = failures.into_iter().map(|(_, failure)| failure).collect();
    match failures.iter().find(|failure| failure.weight == Weight::All) {
        Some(failure) => Err(failure.clone()),
        None => Ok(failures),
    }
}

/// A list is whole whether or not a thread that held it panicked.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failing(position: usize, weight: Weight) -> Result<(), Failure> {
        Err(Failure::new(position.to_string(), "fails", "nothing").weighing(weight))
    }

    #[test]
    fn one_failure_loses_one_item() {
        let done = AtomicUsize::new(0);
        let items: Vec<usize> = (0..100).collect();
        let failures = each(&items, 4, &Bar::hidden(), |item| {
            done.fetch_add(1, Ordering::Relaxed);
            if item % 50 == 1 { failing(*item, Weight::One) } else { Ok(()) }
        });
        let places: Vec<String> =
            failures.expect("goes on").into_iter().map(|failure| failure.place).collect();
        assert_eq!(places, ["1", "51"]);
        assert_eq!(done.into_inner(), 100);
    }

    #[test]
    fn a_failure_of_all_ends_the_run() {
        let done = AtomicUsize::new(0);
        let items: Vec<usize> = (0..1000).collect();
        let result = each(&items, 1, &Bar::hidden(), |item| {
            done.fetch_add(1, Ordering::Relaxed);
            if *item == 3 { failing(*item, Weight::All) } else { Ok(()) }
        });
        assert_eq!(result.expect_err("ends").place, "3");
        assert_eq!(done.into_inner(), 4);
    }
}
