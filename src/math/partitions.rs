//! How likely chance deals few seeds out to tasks so regularly: laws of set partitions.

use statrs::function::{factorial::ln_binomial, gamma::ln_gamma};

use super::Occupancy;

/// Tasks up to which the law of the sizes is computed.
const SIZED: u64 = 2048;

fn ln_factorial(n: u64) -> f64 {
    ln_gamma(n as f64 + 1.0)
}

/// A bound on the probability (its natural logarithm) that sets of these sizes, thrown anywhere among
/// the tasks, all have one step from member to member: this one if it is 1, any otherwise. The tasks
/// in no set are `different` less the sets.
///
/// Sorted by their remainders, tasks at one step stand side by side, so that sets and single tasks are
/// `different` things in a row: `different`! rows of the `tasks`! / Π sizes! that there are.
pub fn ln_one_step(tasks: u64, step: u64, different: u64, sizes: impl Iterator<Item = u64>) -> f64 {
    let within: f64 = sizes.map(ln_factorial).sum();
    let steps = if step == 1 { 1 } else { tasks - 1 };
    let ln = ln_factorial(different) + within - ln_factorial(tasks) + (steps as f64).ln();
    ln.min(0.0)
}

/// The law of how often each seed is used, given how many are used at all: seeds that are drawn at
/// random are dealt out to the tasks in every way with equal probability.
#[derive(Debug, Default)]
pub struct SizeLaw {
    /// The last one asked for: tasks, seeds, and the logarithm of the number of ways.
    known: Option<(u64, u64, f64)>,
}

impl SizeLaw {
    /// The logarithm of the probability that seeds are used as evenly as here (no two differ by more
    /// than one), or that so much of the use falls on one seed while all others are used once. 0 where
    /// sizes are neither, or tasks too many.
    pub fn ln_probability(&mut self, sizes: impl Iterator<Item = u64> + Clone) -> f64 {
        let (tasks, seeds) = (sizes.clone().sum::<u64>(), sizes.clone().count() as u64);
        let least = sizes.clone().min().unwrap_or(0);
        let most = sizes.clone().max().unwrap_or(0);
        if least == 0 || tasks > SIZED {
            return 0.0;
        }
        let ln_which = if most - least <= 1 {
            ln_binomial(seeds, tasks % seeds)
        } else if sizes.clone().filter(|&size| size > 1).count() == 1 {
            (seeds as f64).ln()
        } else {
            return 0.0;
        };
        let ln_dealt = ln_factorial(tasks) - sizes.map(ln_factorial).sum::<f64>();
        let ln = ln_which + ln_dealt - self.ln_ways(tasks, seeds);
        if ln.is_finite() { ln.min(0.0) } else { 0.0 }
    }

    /// In how many ways so many tasks use so many seeds, each at least once.
    fn ln_ways(&mut self, tasks: u64, seeds: u64) -> f64 {
        match self.known {
            Some((t, s, ways)) if (t, s) == (tasks, seeds) => ways,
            _ => {
                let all_used = Occupancy::new(tasks, seeds as f64).tails(seeds).ln_upper;
                let ways = tasks as f64 * (seeds as f64).ln() + all_used;
                self.known = Some((tasks, seeds, ways));
                ways
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_laws_are_counted_by_hand() {
        // Of the three ways to pair four tasks one puts neighbours together.
        let steps = ln_one_step(4, 1, 2, [2, 2].into_iter());
        assert!((steps.exp() - 1.0 / 3.0).abs() < 1e-9);
        // Of the seven ways to split four tasks in two, three make pairs and four a set of three.
        let mut law = SizeLaw::default();
        for (sizes, probability) in [([2, 2], 3.0 / 7.0), ([3, 1], 4.0 / 7.0)] {
            let ln = law.ln_probability(sizes.into_iter());
            assert!((ln.exp() - probability).abs() < 1e-9, "{sizes:?}");
        }
    }

    #[test]
    fn sizes_of_birthdays_are_not_regular() {
        let mut law = SizeLaw::default();
        // A few pairs among many: what a birthday makes, as evenly as it can be.
        let pairs = (0..297).map(|set| 1 + u64::from(set < 3));
        assert!(law.ln_probability(pairs) > -0.1);
        assert_eq!(law.ln_probability([3, 2, 1, 1].into_iter()), 0.0);
    }

    /// Every partition of six tasks: how many of those with so many seeds have these sizes.
    #[test]
    fn sizes_of_all_partitions_of_six_tasks() {
        let mut all: Vec<Vec<u64>> = vec![Vec::new()];
        for _ in 0..6 {
            all = all
                .iter()
                .flat_map(|sizes| {
                    (0..=sizes.len()).map(move |at| {
                        let mut sizes = sizes.clone();
                        match sizes.get_mut(at) {
                            Some(size) => *size += 1,
                            None => sizes.push(1),
                        }
                        sizes
                    })
                })
                .collect();
        }
        assert_eq!(all.len(), 203);
        let mut law = SizeLaw::default();
        for wanted in [
            vec![2, 2, 2],
            vec![3, 3],
            vec![2, 2, 1, 1],
            vec![4, 1, 1],
            vec![5, 1],
        ] {
            let used = wanted.len();
            let of_so_many = all.iter().filter(|sizes| sizes.len() == used);
            let matching = of_so_many.clone().filter(|sizes| {
                let mut sizes = (*sizes).clone();
                sizes.sort_unstable_by(|a, b| b.cmp(a));
                sizes == wanted
            });
            let share = matching.count() as f64 / of_so_many.count() as f64;
            let ln = law.ln_probability(wanted.iter().copied());
            assert!(
                (ln.exp() - share).abs() < 1e-9,
                "{wanted:?}: {} {share}",
                ln.exp()
            );
        }
    }

    /// All ways to throw sets of two and two among six tasks: how many have members one step apart.
    #[test]
    fn steps_of_two_pairs_among_six_tasks() {
        let pairs: Vec<[u64; 2]> = (0..6)
            .flat_map(|a| (a + 1..6).map(move |b| [a, b]))
            .collect();
        let (mut all, mut one, mut any) = (0.0, 0.0, 0.0);
        for (at, [a, b]) in pairs.iter().enumerate() {
            for [c, d] in &pairs[at + 1..] {
                if a == c || a == d || b == c || b == d {
                    continue;
                }
                all += 1.0;
                one += f64::from(u8::from(b - a == 1 && d - c == 1));
                any += f64::from(u8::from(b - a == d - c));
            }
        }
        // Two sets and two single tasks are four things in a row: of one step the count is exact.
        let found = ln_one_step(6, 1, 4, [2, 2].into_iter()).exp();
        assert!((found - one / all).abs() < 1e-9, "{found}");
        // Of any step it is at most five times that.
        let found = ln_one_step(6, 2, 4, [2, 2].into_iter()).exp();
        assert!((found - 5.0 * one / all).abs() < 1e-9);
        assert!(found >= any / all);
    }
}
