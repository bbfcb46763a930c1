//! How often sound words do not earn their name, and are judged as values of unknown law.

use rayon::prelude::*;
use serde::Serialize;

use super::sound::{EvidenceShape, Values, mix};
use crate::{math::clopper_pearson, reading::earned};

/// Shapes in which people capture words: few and many workers, short and long, of the usual widths.
const SHAPES: [EvidenceShape; 5] = [
    shape(1, 8, 25, 53),
    shape(1, 16, 100, 64),
    shape(3, 16, 100, 32),
    shape(3, 4, 1000, 53),
    shape(1, 16, 1000, 64),
];
/// The probability that an interval misses the share of sound words that are refused.
const MISSES: f64 = 0.05;

const fn shape(runs: u32, tasks: u32, words: usize, width: u32) -> EvidenceShape {
    EvidenceShape {
        runs,
        tasks,
        words,
        values: Values::Bits(width),
    }
}

/// Sound words of one shape.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Refusals {
    /// Runs × streams × words, and of how many bits.
    pub shape: String,
    /// How many evidences were refused.
    pub refused: u64,
    /// Of how many.
    pub of: u64,
    /// The interval of their share, at 95 %.
    pub interval: (f64, f64),
}

/// How many of so many sound evidences of every shape are refused.
pub fn refusals(replicates: u32, seed: u64) -> Vec<Refusals> {
    SHAPES
        .iter()
        .map(|shape| {
            let is_refused =
                |at: &u32| earned(&shape.evidence(mix(seed ^ mix(u64::from(*at))))).is_err();
            let refused = (0..replicates).into_par_iter().filter(is_refused).count() as u64;
            let of = u64::from(replicates);
            Refusals {
                shape: shape.to_string(),
                refused,
                of,
                interval: clopper_pearson(refused, of, MISSES),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six hundred questions at 1e-5 refuse at most six of a thousand.
    #[test]
    fn sound_words_are_seldom_refused() {
        for row in refusals(200, 1) {
            assert!(row.interval.0 < 0.006, "{row:?}");
        }
    }
}
