//! How the equal streams of a run are placed, and how often chance places them so.

use serde::{Deserialize, Serialize};

use crate::math::{SizeLaw, ln_one_step};

/// The groups of equal streams within runs, by their sizes and places; of all runs together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arrangement {
    /// Groups of two and more streams of one run that are equal.
    pub groups: u64,
    /// Streams of the smallest and of the largest of them.
    pub sizes: (u64, u64),
    /// Streams of these runs that no other stream of their run is equal to.
    pub alone: u64,
    /// Runs that have such groups.
    pub runs: u64,
    /// How many tasks it is from each stream of a group to the next one, where that is one number.
    pub step: Option<u64>,
    /// A bound on the probability that groups of these sizes, thrown anywhere among the tasks, all
    /// have one step: this one if it is 1, any otherwise (natural logarithm, as below).
    pub ln_step: f64,
    /// The probability that seeds drawn at random, as many as are different, are used so evenly (no
    /// two of them differ in use by more than one), or all but one of them once.
    pub ln_sizes: f64,
}

impl Arrangement {
    /// Reads the classes of each run's streams, in task order. `None` where no run has equal ones.
    pub(crate) fn of<'a>(runs: impl Iterator<Item = &'a [u32]>) -> Option<Self> {
        let mut all: Option<Self> = None;
        let mut law = SizeLaw::default();
        for classes in runs {
            let Some(one) = Self::of_run(classes, &mut law) else {
                continue;
            };
            all = Some(match all {
                None => one,
                Some(all) => all.and(&one),
            });
        }
        all
    }

    fn of_run(classes: &[u32], law: &mut SizeLaw) -> Option<Self> {
        let mut order: Vec<usize> = (0..classes.len()).collect();
        order.sort_by_key(|&at| (classes[at], at));
        let sets: Vec<&[usize]> = order.chunk_by(|&a, &b| classes[a] == classes[b]).collect();
        let groups: Vec<&[usize]> = sets.iter().copied().filter(|set| set.len() > 1).collect();
        let first = groups.first()?;
        let step = first[1] - first[0];
        let regular = groups
            .iter()
            .all(|group| group.windows(2).all(|pair| pair[1] - pair[0] == step));
        let sizes = || groups.iter().map(|group| group.len() as u64);
        let alone = sets.len() - groups.len();
        Some(Self {
            groups: groups.len() as u64,
            sizes: (sizes().min()?, sizes().max()?),
            alone: alone as u64,
            runs: 1,
            step: regular.then_some(step as u64),
            ln_step: if regular {
                ln_one_step(
                    classes.len() as u64,
                    step as u64,
                    sets.len() as u64,
                    sizes(),
                )
            } else {
                0.0
            },
            ln_sizes: law.ln_probability(sets.iter().map(|set| set.len() as u64)),
        })
    }

    fn and(self, other: &Self) -> Self {
        let step = self.step.filter(|_| self.step == other.step);
        let both = |a: f64, b: f64| if a < 0.0 && b < 0.0 { a + b } else { 0.0 };
        Self {
            groups: self.groups + other.groups,
            sizes: (
                self.sizes.0.min(other.sizes.0),
                self.sizes.1.max(other.sizes.1),
            ),
            alone: self.alone + other.alone,
            runs: self.runs + other.runs,
            step,
            ln_step: step.map_or(0.0, |_| both(self.ln_step, other.ln_step)),
            ln_sizes: both(self.ln_sizes, other.ln_sizes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(classes: &[u32]) -> Arrangement {
        Arrangement::of([classes].into_iter()).unwrap()
    }

    #[test]
    fn neighbours_and_remainders_have_a_step() {
        let blocks: Vec<u32> = (0..64).map(|task| task / 4).collect();
        let found = of(&blocks);
        assert_eq!(
            (found.groups, found.sizes, found.step),
            (16, (4, 4), Some(1))
        );
        // 16! (4!)^16 / 64!.
        assert!((found.ln_step + 123.65).abs() < 0.01, "{found:?}");
        let slots: Vec<u32> = (0..120).map(|task| task % 100).collect();
        let found = of(&slots);
        assert_eq!((found.step, found.alone), (Some(100), 80));
        assert!(found.ln_step < -50.0, "{found:?}");
    }

    #[test]
    fn runs_must_agree_in_their_step() {
        let (pairs, slots) = ([0, 0, 1, 1, 2, 2], [0, 1, 2, 0, 1, 2]);
        let twice = Arrangement::of([&pairs[..], &pairs[..]].into_iter()).unwrap();
        assert!((twice.ln_step - 2.0 * of(&pairs).ln_step).abs() < 1e-12);
        let mixed = Arrangement::of([&pairs[..], &slots[..]].into_iter()).unwrap();
        assert_eq!((mixed.step, mixed.ln_step), (None, 0.0));
        assert_eq!(Arrangement::of([&[0, 1, 2][..]].into_iter()), None);
    }
}
