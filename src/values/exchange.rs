//! Exact counts over permutations: what equal streams tell by where they stand, whatever their law.
//!
//! * **Runs.** Runs repeat one experiment, so that under the null hypothesis all streams of all runs are
//!   exchangeable: the probability that every class of equal streams lies within one run is a count of
//!   arrangements, for any law and any dependence within a stream.
//! * **Index.** Streams of one run are exchangeable. A bet at each stream that it equals the one `d` before
//!   is a test martingale, given which classes there are (J. Ville, Étude critique de la notion de
//!   collectif, 1939; Shafer, Shen, Vereshchagin, Vovk, Test martingales, Bayes factors and p-values,
//!   Stat. Sci. 26 (2011), doi:10.1214/10-STS347): its final value exceeds 1/α with probability at most α.

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

/// Bits against chance having put every class of equal streams among `named` workers of each run, which were
/// named before: the streams of a run are exchangeable, whatever the run has in common. Whoever calls has seen
/// that no class holds a stream of another worker, or of two runs.
pub(super) fn among_named(classes: &[u32], run: &[u32], named: usize) -> f64 {
    let mut left: Vec<(usize, usize)> = Vec::new();
    for &run in run {
        left.resize(left.len().max(run as usize + 1), (0, named));
        left[run as usize].0 += 1;
    }
    let mut bits = 0.0;
    for group in groups_of(classes) {
        let (all, named) = &mut left[run[group[0]] as usize];
        let size = group.len();
        bits += log2_binomial(*all, size) - log2_binomial(*named, size);
        (*all, *named) = (*all - size, named.saturating_sub(size));
    }
    bits.max(0.0)
}

/// How few runs, in each of which streams fall into these classes, give at least `bits` by this count;
/// `None` where 64 do not.
pub(super) fn runs_that_decide(
    classes: &[u32],
    count: impl Fn(&[u32], &[u32]) -> f64,
    bits: f64,
) -> Option<usize> {
    let workers = classes.len() as u32;
    (2..=64).find(|&runs| {
        let places = || (0..runs as u32).flat_map(|run| (0..workers).map(move |at| (run, at)));
        let all: Vec<u32> = places()
            .map(|(run, at)| run * workers + classes[at as usize])
            .collect();
        let of: Vec<u32> = places().map(|(run, _)| run).collect();
        count(&all, &of) >= bits
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
    fn few_runs_of_many_workers_decide() {
        let all = |workers: usize| runs_that_decide(&vec![0; workers], within_runs, 35.0);
        assert_eq!(all(16), Some(3));
        assert_eq!(all(2), Some(12));
        assert_eq!(all(3), Some(7));
        // One pair among sixteen: by its place in the run, if it was named.
        let mut pair: Vec<u32> = (0..16).collect();
        pair[5] = 3;
        let named = |classes: &[u32], run: &[u32]| among_named(classes, run, 2);
        assert_eq!(runs_that_decide(&pair, named, 35.0), Some(6));
        assert!(runs_that_decide(&pair, within_runs, 35.0) > Some(8));
        let apart: Vec<u32> = (0..16).collect();
        assert_eq!(runs_that_decide(&apart, within_runs, 35.0), None);
    }

    /// Pairs in two runs of five: of those among three named workers there are three of ten, by brute force.
    #[test]
    fn named_workers_are_counted_by_brute_force() {
        let pairs: Vec<(usize, usize)> = (0..5)
            .flat_map(|a| (a + 1..5).map(move |b| (a, b)))
            .collect();
        let named = pairs.iter().filter(|(a, b)| *a < 3 && *b < 3).count();
        assert_eq!((pairs.len(), named), (10, 3));
        let run = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
        let bits = among_named(&[0, 0, 2, 3, 4, 5, 6, 6, 8, 9], &run, 3);
        assert!(
            (bits - 2.0 * (10.0_f64 / 3.0).log2()).abs() < 1e-9,
            "{bits}"
        );
        // Two pairs among four of six: 6·1 of 15·6 ways.
        let bits = among_named(&[0, 0, 2, 2, 4, 5], &[0; 6], 4);
        assert!((bits - 15.0_f64.log2()).abs() < 1e-9, "{bits}");
        assert_eq!(among_named(&[0, 0, 0, 0], &[0; 4], 4), 0.0);
    }

    /// All ways to place a class of three and a class of two among two runs of four, by brute force: the bits
    /// are never more than the count says.
    #[test]
    fn two_groups_within_runs_by_brute_force() {
        let run = [0, 0, 0, 0, 1, 1, 1, 1];
        let within = |set: u32| set & 0x0f == 0 || set & 0xf0 == 0;
        let sets = |size: u32| (0..256_u32).filter(move |set| set.count_ones() == size);
        let (mut all, mut good) = (0.0_f64, 0.0);
        for three in sets(3) {
            for two in sets(2).filter(|two| two & three == 0) {
                all += 1.0;
                good += f64::from(u8::from(within(three) && within(two)));
            }
        }
        let bits = within_runs(&[0, 0, 0, 3, 4, 4, 6, 7], &run);
        assert!(bits > 0.0 && bits <= -(good / all).log2() + 1e-9, "{bits}");
        // 8 of C(8, 3) = 56 sets, then at most 12 of C(5, 2) = 10: no more is claimed.
        assert!((bits - 7f64.log2()).abs() < 1e-9, "{bits}");
        // Three of two runs of four and of a run of two: the widest run counts for all.
        let uneven = within_runs(&[0, 0, 2, 3, 4, 5], &[0, 0, 0, 0, 1, 1]);
        assert!((uneven - (15.0 / 12.0_f64).log2()).abs() < 1e-9, "{uneven}");
    }

    /// Two runs of eight streams that alternate: the capital at distance two, with four fifths at stake, by
    /// hand, less the 64 bets that were tried.
    #[test]
    fn the_best_bet_pays_for_all_that_were_tried() {
        let classes: Vec<u32> = (0..16).map(|at| at / 8 * 8 + at % 2).collect();
        let run: Vec<u32> = (0..16).map(|at| at / 8).collect();
        let capital: f64 = [3.0 / 6.0, 3.0 / 5.0, 2.0 / 4.0, 2.0 / 3.0, 1.0 / 2.0]
            .iter()
            .map(|chance| 0.2 + 0.8 / chance)
            .product();
        let bits = by_index(&classes, &run);
        assert!((bits - (2.0 * capital.log2() - 6.0)).abs() < 1e-9, "{bits}");
    }

    /// All 70 · 70 orders of two classes of four in two runs: no claim of b bits in more than 2^−b of them.
    #[test]
    fn regular_orders_are_as_rare_as_is_said() {
        let run: Vec<u32> = (0..16).map(|at| at / 8).collect();
        let orders: Vec<u32> = (0..256_u32).filter(|set| set.count_ones() == 4).collect();
        let mut claims: Vec<f64> = Vec::new();
        for first in &orders {
            for second in &orders {
                let classes: Vec<u32> = (0..16)
                    .map(|at| {
                        if at < 8 {
                            first >> at & 1
                        } else {
                            2 + (second >> (at - 8) & 1)
                        }
                    })
                    .collect();
                claims.push(by_index(&classes, &run));
            }
        }
        claims.sort_unstable_by(f64::total_cmp);
        for (at, bits) in claims.iter().enumerate() {
            let share = (claims.len() - at) as f64 / claims.len() as f64;
            if at == 0 || claims[at - 1] < *bits {
                assert!(share <= (-bits).exp2() + 1e-12, "{bits}");
            }
        }
        assert!(claims[claims.len() - 1] > 0.5);
    }

    /// Stirling's numbers by their recurrence: no fewer ways to part streams are paid for than there are.
    #[test]
    fn partitions_are_paid_for() {
        let mut ways = vec![1.0];
        for streams in 1..=12_usize {
            let mut next = vec![0.0; streams + 1];
            for (c, count) in ways.iter().enumerate() {
                next[c] += c as f64 * count;
                next[c + 1] += count;
            }
            ways = next;
            for (classes, count) in ways.iter().enumerate().skip(2) {
                let paid = partitions(streams, classes);
                if classes < streams {
                    assert!(paid >= count.log2() - 1e-9, "{streams} {classes}");
                } else {
                    assert_eq!(paid, 0.0);
                }
            }
            assert_eq!(partitions(streams, 1), 0.0);
        }
        // One pair of six streams: 15 ways, exactly.
        assert!((partitions(6, 5) - 15f64.log2()).abs() < 1e-12);
        // Two classes of ten: 2^10 / 2!.
        assert!((partitions(10, 2) - 9.0).abs() < 1e-12);
    }
}
