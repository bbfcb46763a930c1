//! Medians of timings, with intervals that assume nothing of their distribution.

use super::throughput::Measurement;

impl Measurement {
    /// The median of the samples with its 95 % interval from order statistics: between the k-th
    /// smallest and the k-th largest sample, k the largest with P(Binomial(n, ½) < k) ≤ 2.5 %. (H. A.
    /// David and H. N. Nagaraja 2003, "Order Statistics", 3rd ed., section 7.1.) Fewer than 6 samples
    /// have no such k: the interval is their range.
    ///
    /// # Panics
    /// When there are no samples.
    pub fn of(unit: &str, samples: Vec<f64>) -> Self {
        let mut sorted = samples.clone();
        sorted.sort_by(f64::total_cmp);
        let count = sorted.len();
        let median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2.0;
        let k = tail_count(count).max(1);
        Self {
            unit: unit.to_owned(),
            median,
            interval: (sorted[k - 1], sorted[count - k]),
            samples,
        }
    }
}

/// The median of some numbers.
pub(crate) fn median(samples: &[f64]) -> f64 {
    Measurement::of("", samples.to_vec()).median
}

/// The largest k with P(Binomial(n, ½) < k) ≤ 2.5 %.
fn tail_count(count: usize) -> usize {
    let mut term = 0.5_f64.powi(count as i32);
    let mut below = 0.0;
    for k in 0..count {
        below += term;
        if below > 0.025 {
            return k;
        }
        term *= (count - k) as f64 / (k + 1) as f64;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tail_counts_are_those_of_published_tables() {
        // The sign test's two-sided 5 % critical values plus one, e.g. Dixon and Mood 1946, table 1.
        for (count, k) in [
            (5, 0),
            (6, 1),
            (8, 1),
            (9, 2),
            (12, 3),
            (15, 4),
            (20, 6),
            (25, 8),
        ] {
            assert_eq!(tail_count(count), k, "{count}");
        }
    }

    #[test]
    fn medians_and_intervals() {
        let odd = Measurement::of("ns", vec![3.0, 1.0, 2.0]);
        assert_eq!((odd.median, odd.interval), (2.0, (1.0, 3.0)));
        assert_eq!(odd.samples, [3.0, 1.0, 2.0]);
        let fifteen = Measurement::of("ns", (1..=15).rev().map(f64::from).collect());
        assert_eq!((fifteen.median, fifteen.interval), (8.0, (4.0, 12.0)));
        assert_eq!(median(&[1.0, 2.0]), 1.5);
    }
}
