//! Streams whose seed was found out.

use serde::{Deserialize, Serialize};

use super::AmbientSeed;
use crate::vocabulary::StreamId;

/// The seeds that streams were started with, where a common generator was given small integers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveredSeeds {
    /// How the streams were started, with `k` for the seed: "Python's random.seed(k)".
    pub start: String,
    /// The streams whose seed was found, in order.
    pub seeds: Vec<RecoveredSeed>,
    /// All streams of the runs that were asked.
    pub of: u64,
    /// Seeds below this were tried.
    pub below: u64,
    /// The facts of the starts that the seeds are, where they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ambient: Option<AmbientSeed>,
}

/// The seed of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveredSeed {
    /// The stream.
    pub stream: StreamId,
    /// The integer it was started with.
    pub seed: u64,
}

/// How recovered seeds lie among the workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeedPattern {
    /// In every run seed = base + step · worker.
    Counted {
        /// The base of the first run.
        base: u64,
        /// The step from worker to worker.
        step: i64,
    },
    /// The same seeds in every run; of one run alone so few that they may be a list made by hand, or seeds
    /// that rise or fall with the worker all along, as drawn ones do not.
    Listed,
    /// Drawn anew, below 2^bits.
    Drawn {
        /// The bits of the largest.
        bits: u32,
    },
}

/// Seeds of one run from which on nobody lists them by hand.
const LISTED: usize = 16;
/// Seeds of a run that are in order by chance in two of 8! cases.
const ORDERED: usize = 8;

impl RecoveredSeeds {
    /// How the seeds lie.
    pub fn pattern(&self) -> SeedPattern {
        let runs: Vec<&[RecoveredSeed]> = self
            .seeds
            .chunk_by(|a, b| a.stream.run == b.stream.run)
            .collect();
        if let Some(counted) = counted(&runs) {
            return counted;
        }
        let tasks = |run: &[RecoveredSeed]| -> Vec<(u32, u64)> {
            run.iter()
                .map(|one| (one.stream.task.0, one.seed))
                .collect()
        };
        let again = runs.windows(2).all(|pair| tasks(pair[0]) == tasks(pair[1]));
        let few = runs.iter().all(|run| run.len() < LISTED);
        let in_order = runs.iter().all(|run| {
            let seeds = || run.iter().map(|one| one.seed);
            run.len() >= ORDERED && (seeds().is_sorted() || seeds().rev().is_sorted())
        });
        if again && (runs.len() > 1 || few || in_order) {
            return SeedPattern::Listed;
        }
        let largest = self.seeds.iter().map(|one| one.seed).max().unwrap_or(0);
        SeedPattern::Drawn {
            bits: u64::BITS - largest.leading_zeros(),
        }
    }

    /// Whether the seed of every stream was found.
    pub fn all(&self) -> bool {
        self.seeds.len() as u64 == self.of
    }
}

fn counted(runs: &[&[RecoveredSeed]]) -> Option<SeedPattern> {
    let long = runs.iter().find(|run| run.len() > 1)?;
    let line = |a: &RecoveredSeed, b: &RecoveredSeed| {
        let rise = b.seed as i64 - a.seed as i64;
        let tasks = i64::from(b.stream.task.0) - i64::from(a.stream.task.0);
        (tasks != 0 && rise % tasks == 0).then(|| rise / tasks)
    };
    let step = line(&long[0], &long[1])?;
    let on_a_line =
        |run: &&[RecoveredSeed]| run.windows(2).all(|p| line(&p[0], &p[1]) == Some(step));
    let first = runs.first()?.first()?;
    let base = first.seed as i64 - step * i64::from(first.stream.task.0);
    (runs.iter().all(on_a_line) && base >= 0).then_some(SeedPattern::Counted {
        base: base as u64,
        step,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(runs: &[&[u64]]) -> SeedPattern {
        let seeds = runs.iter().zip(0..).flat_map(|(run, at)| {
            run.iter().zip(0..).map(move |(&seed, task)| RecoveredSeed {
                stream: StreamId::new(at, task),
                seed,
            })
        });
        RecoveredSeeds {
            start: "f(k)".to_owned(),
            seeds: seeds.collect(),
            of: 0,
            below: 0,
            ambient: None,
        }
        .pattern()
    }

    #[test]
    fn counted_listed_and_drawn_seeds_are_told_apart() {
        let counted = |base, step| SeedPattern::Counted { base, step };
        assert_eq!(of(&[&[0, 1, 2, 3]]), counted(0, 1));
        assert_eq!(
            of(&[&[42, 1042, 2042], &[17, 1017, 2017]]),
            counted(42, 1000)
        );
        assert_eq!(of(&[&[9, 8, 7]]), counted(9, -1));
        assert_eq!(of(&[&[42, 1337, 7]]), SeedPattern::Listed);
        assert_eq!(of(&[&[42, 1337, 7], &[42, 1337, 7]]), SeedPattern::Listed);
        assert_eq!(
            of(&[&[42, 1337, 7], &[4, 99, 250]]),
            SeedPattern::Drawn { bits: 11 }
        );
        // In order by chance, and others in another run.
        assert_eq!(
            of(&[&[7, 42, 1337], &[4, 99, 250]]),
            SeedPattern::Drawn { bits: 11 }
        );
        // Eight ranks on each of four nodes.
        let nodes: Vec<u64> = (0..32).map(|i| 1000 * (i / 8) + i % 8).collect();
        assert_eq!(of(&[&nodes]), SeedPattern::Listed);
        let many: Vec<u64> = (0..16).map(|i| i * i * 7 % 251).collect();
        assert_eq!(of(&[&many]), SeedPattern::Drawn { bits: 8 });
    }
}
