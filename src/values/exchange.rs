//! Exact counts over permutations: what equal streams tell by where they stand, whatever their law.
//!
//! * **Runs.** Runs repeat one experiment, so that under the null hypothesis all streams of all runs are
//!   exchangeable: the probability that every class of equal streams lies within one run is a count of
//!   arrangements, for any law and any dependence within a stream.
//! * **Index.** Streams of one run are exchangeable. A bet at each stream that it equals the one `d` before
//!   is a test martingale, given which classes there are (J. Ville, Étude critique de la notion de
//!   collectif, 1939; Shafer, Shen, Vereshchagin, Vovk, Test martingales, Bayes factors and p-values,
//!   Stat. Sci. 26 (2011), doi:10.1214/10-STS347): its final value exceeds 1/α with probability at most α.
//! * **Sizes.** If streams are W independent draws from any law, they all fall into groups of exactly m > 1
//!   with probability at most √(2πW)·e^(1/12W)·exp(−W(1 − g_m)), g_m = max over λ of ln(1 + λ^m/m!)/λ:
//!   Poissonise, bound each value's factor e^(−v)(1 + v^m/m!), and pay for the Poisson total being W.

use statrs::function::{factorial::ln_binomial, gamma::ln_gamma};

use super::numbers::groups_of;

const LN_2: f64 = std::f64::consts::LN_2;
/// Distances at which a stream may be like an earlier one.
const DISTANCES: usize = 16;
/// Shares of the capital that are bet.
const STAKES: [f64; 4] = [0.05, 0.2, 0.5, 0.8];

fn log2_binomial(n: usize, k: usize) -> f64 {
    ln_binomial(n as u64, k as u64) / LN_2
}

/// Bits against chance having put every class of equal streams into one run. 0 where a class spans runs,
/// or there is one run.
pub(super) fn within_runs(classes: &[u32], run: &[u32]) -> f64 {
    let runs = run.iter().max().map_or(0, |&last| last as usize + 1);
    let groups = groups_of(classes);
    let spans = |group: &Vec<usize>| group.iter().any(|&at| run[at] != run[group[0]]);
    if runs < 2 || groups.iter().any(spans) {
        return 0.0;
    }
    let mut sizes = vec![0; runs];
    run.iter().for_each(|&run| sizes[run as usize] += 1);
    let widest = sizes.iter().copied().max().unwrap_or(0);
    let (mut bits, mut left, mut full) = (0.0, classes.len(), 0);
    // The first of the groups may stand in R·C(W, m) sets of places of the C(RW, m) that there are, and so
    // on with the places that are left; a run that one group fills is no longer free.
    for size in groups.iter().map(Vec::len) {
        let free = if size == widest { runs - full } else { runs };
        let ways = log2_binomial(widest, size) + (free.max(1) as f64).log2();
        bits += (log2_binomial(left, size) - ways).max(0.0);
        left -= size;
        full += usize::from(size == widest);
    }
    bits
}

/// Bits against chance having put equal streams so regularly by their index in the run, all bets paid for.
pub(super) fn by_index(classes: &[u32], run: &[u32]) -> f64 {
    let tried = (DISTANCES * STAKES.len()) as f64;
    let wealth = |distance: usize, stake: f64| {
        let mut bits = 0.0;
        let mut start = 0;
        while start < classes.len() {
            let end = start
                + run[start..]
                    .iter()
                    .take_while(|&&r| r == run[start])
                    .count();
            bits += bet(&classes[start..end], distance, stake);
            start = end;
        }
        bits
    };
    let all = (1..=DISTANCES).flat_map(|distance| STAKES.map(|stake| wealth(distance, stake)));
    (all.fold(0.0, f64::max) - tried.log2()).max(0.0)
}

/// log2 of the final capital in one run: stream i is of the class of stream i − d with the probability that
/// the streams left over leave to it.
fn bet(classes: &[u32], distance: usize, stake: f64) -> f64 {
    let mut left = std::collections::HashMap::new();
    classes
        .iter()
        .for_each(|&class| *left.entry(class).or_insert(0u32) += 1);
    let mut bits = 0.0;
    for (at, class) in classes.iter().enumerate() {
        let of = (classes.len() - at) as f64;
        if at >= distance {
            let wanted = classes[at - distance];
            let chance = f64::from(left[&wanted]) / of;
            if chance > 0.0 && chance < 1.0 {
                let gain = if *class == wanted {
                    stake / chance
                } else {
                    0.0
                };
                bits += (gain + 1.0 - stake).log2();
            }
        }
        *left.get_mut(class).expect("counted above") -= 1;
    }
    bits
}

/// Bits against independent streams all falling into groups of one size above 1.
pub(super) fn regular_sizes(classes: &[u32]) -> f64 {
    let groups = groups_of(classes);
    let grouped: usize = groups.iter().map(Vec::len).sum();
    let (Some(largest), Some(smallest)) = (groups.first(), groups.last()) else {
        return 0.0;
    };
    let size = largest.len();
    if groups.len() < 2 || size != smallest.len() || grouped != classes.len() {
        return 0.0;
    }
    let streams = classes.len() as f64;
    let paid = (2.0 * std::f64::consts::PI * streams).log2() / 2.0 + 1.0 / (12.0 * streams * LN_2);
    // The size was not named beforehand.
    (streams * (1.0 - best_factor(size)) / LN_2 - paid - streams.log2()).max(0.0)
}

/// max over λ > 0 of ln(1 + λ^m/m!)/λ, a little above it.
fn best_factor(size: usize) -> f64 {
    let of = |rate: f64| {
        (size as f64 * rate.ln() - ln_gamma(size as f64 + 1.0))
            .exp()
            .ln_1p()
            / rate
    };
    let steps = 4000;
    let rate = |step: i32| 3.0 * size as f64 * f64::from(step) / f64::from(steps);
    (1..=steps).map(|step| of(rate(step))).fold(0.0, f64::max) * (1.0 + 1e-5)
}

/// Bits paid for choosing, among all ways to part `streams` into `classes` classes, the one that was seen.
pub(super) fn partitions(streams: usize, classes: usize) -> f64 {
    if classes < 2 || classes >= streams {
        return 0.0;
    }
    let (s, c) = (streams as f64, classes as f64);
    let by_class = s * c.log2() - ln_gamma(c + 1.0) / LN_2;
    let by_pairs = (s - c) * (s * (s - 1.0) / 2.0).log2();
    by_class.min(by_pairs).max(0.0)
}

/// How few runs of `workers` streams put all equal streams of each run within runs with at least `bits`.
pub(crate) fn runs_that_decide(workers: usize, bits: f64) -> Option<usize> {
    (2..=64).find(|&runs| {
        let classes: Vec<u32> = (0..runs * workers)
            .map(|at| (at / workers * workers) as u32)
            .collect();
        let run: Vec<u32> = (0..runs * workers)
            .map(|at| (at / workers) as u32)
            .collect();
        within_runs(&classes, &run) >= bits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R!(W!)^R/(RW)!: the arrangements of all-equal runs among all.
    #[test]
    fn equal_runs_are_counted_exactly() {
        let run = [0, 0, 0, 1, 1, 1];
        let bits = within_runs(&[0, 0, 0, 3, 3, 3], &run);
        // 2·(3!)²/6! = 1/10.
        assert!((bits - 10f64.log2()).abs() < 1e-9, "{bits}");
        assert_eq!(within_runs(&[0, 0, 0, 0, 4, 5], &run), 0.0);
        let (w, r) = (16.0f64, 3.0f64);
        let factorial = |n: f64| ln_gamma(n + 1.0) / LN_2;
        let exact = factorial(r * w) - factorial(r) - r * factorial(w);
        let run: Vec<u32> = (0..48).map(|at| at / 16).collect();
        let classes: Vec<u32> = (0..48).map(|at| at / 16 * 16).collect();
        assert!((within_runs(&classes, &run) - exact).abs() < 1e-6);
    }

    /// All arrangements of one pair among 2 × 3 streams by brute force.
    #[test]
    fn a_pair_within_a_run_is_counted_by_hand() {
        let run = [0, 0, 0, 1, 1, 1];
        let pairs = (0..6).flat_map(|a| (a + 1..6).map(move |b| (a, b)));
        let (all, within) = pairs.fold((0, 0), |(all, within), (a, b)| {
            (all + 1, within + u32::from(run[a] == run[b]))
        });
        let bits = within_runs(&[0, 0, 2, 3, 4, 5], &run);
        let chance = f64::from(within) / f64::from(all);
        assert!((bits + chance.log2()).abs() < 1e-9, "{bits}");
    }

    /// The expectation of the final capital over all orders is 1: no order earns more on the average.
    #[test]
    fn the_bet_is_fair() {
        let mut total = 0.0;
        let mut orders = 0.0;
        let deck = [0u32, 0, 1, 1, 2];
        let mut order = [0usize; 5];
        fn permute(
            deck: &[u32; 5],
            order: &mut [usize; 5],
            at: usize,
            see: &mut impl FnMut(Vec<u32>),
        ) {
            if at == 5 {
                see(order.iter().map(|&i| deck[i]).collect());
                return;
            }
            for next in 0..5 {
                if !order[..at].contains(&next) {
                    order[at] = next;
                    permute(deck, order, at + 1, see);
                }
            }
        }
        permute(&deck, &mut order, 0, &mut |classes| {
            total += bet(&classes, 1, 0.5).exp2();
            orders += 1.0;
        });
        assert!((total / orders - 1.0f64).abs() < 1e-9, "{}", total / orders);
    }

    #[test]
    fn groups_of_two_convict_from_about_75_streams() {
        let pairs = |streams: u32| (0..streams).map(|at| at / 2 * 2).collect::<Vec<u32>>();
        assert!(regular_sizes(&pairs(64)) < 35.0);
        assert!(regular_sizes(&pairs(96)) > 35.0);
        assert_eq!(regular_sizes(&[0, 0, 2, 2, 4]), 0.0);
        // g_2 = 0.569 (max of ln(1 + λ²/2)/λ).
        assert!((best_factor(2) - 0.569).abs() < 1e-3);
    }

    /// The bound against the exact probability on a small case: four draws from the best law of two values.
    #[test]
    fn the_bound_on_sizes_is_one() {
        let exact = 6.0 / 16.0;
        let streams = 4.0f64;
        let paid = (2.0 * std::f64::consts::PI * streams).sqrt() * (1.0 / (12.0 * streams)).exp();
        let bound = paid * (-streams * (1.0 - best_factor(2))).exp();
        assert!(bound >= exact, "{bound} {exact}");
    }

    #[test]
    fn few_runs_of_many_workers_decide() {
        assert_eq!(runs_that_decide(16, 35.0), Some(3));
        assert_eq!(runs_that_decide(2, 35.0), Some(12));
        assert_eq!(runs_that_decide(3, 35.0), Some(7));
    }
}
