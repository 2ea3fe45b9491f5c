//! Measures of ranked answers.

use std::collections::BTreeMap;

/// Sums over some questions.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    /// Questions with an answer.
    pub count: usize,
    /// Reciprocal rank of the first good answer among ten.
    pub mrr: f64,
    /// Normalised discounted cumulative gain of ten.
    pub ndcg: f64,
    /// Share of the good answers among ten.
    pub recall: f64,
    /// Questions without an answer, and how many of them had no hit.
    pub negative: (usize, usize),
}

impl Sums {
    /// Adds one question: names that were found, best first, and what would be right.
    pub fn add(&mut self, found: &[&str], relevant: &BTreeMap<String, u32>) {
        if relevant.is_empty() {
            self.negative.0 += 1;
            self.negative.1 += usize::from(found.is_empty());
            return;
        }
        let grade = |name: &&str| relevant.get(*name).copied().unwrap_or(0);
        let gain = |(at, grade): (usize, u32)| {
            (f64::from(1_u32 << grade) - 1.0) / (at as f64 + 2.0).log2()
        };
        let grades: Vec<u32> = found.iter().take(10).map(grade).collect();
        let mut best: Vec<u32> = relevant.values().copied().collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        let ideal: f64 = best.iter().copied().take(10).enumerate().map(gain).sum();
        self.count += 1;
        if let Some(first) = grades.iter().position(|grade| *grade > 0) {
            self.mrr += 1.0 / (first as f64 + 1.0);
        }
        self.ndcg += grades.iter().copied().enumerate().map(gain).sum::<f64>() / ideal;
        let good = grades.iter().filter(|grade| **grade > 0).count();
        self.recall += good as f64 / relevant.len().min(10) as f64;
    }

    /// MRR, nDCG and recall.
    #[must_use]
    pub fn means(&self) -> [f64; 3] {
        [self.mrr, self.ndcg, self.recall].map(|sum| sum / self.count.max(1) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: &[&str], mrr: f64, recall: f64) {
        let relevant = BTreeMap::from([("good".to_owned(), 3), ("fair".to_owned(), 1)]);
        let mut sums = Sums::default();
        sums.add(found, &relevant);
        let means = sums.means();
        assert!((means[0] - mrr).abs() < 1e-9, "{means:?}");
        assert!((means[2] - recall).abs() < 1e-9, "{means:?}");
    }

    #[test]
    fn counts_the_first_good_answer() {
        check(&["good", "fair"], 1.0, 1.0);
        check(&["bad", "fair"], 0.5, 0.5);
        check(&["bad"], 0.0, 0.0);
    }

    #[test]
    fn the_best_order_has_the_gain_one() {
        let relevant = BTreeMap::from([("good".to_owned(), 3), ("fair".to_owned(), 1)]);
        let mut sums = Sums::default();
        sums.add(&["good", "fair"], &relevant);
        assert!((sums.means()[1] - 1.0).abs() < 1e-9);
    }
}
