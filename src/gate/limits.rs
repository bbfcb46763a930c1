//! What a strategy declares that bounds its use: seed bits and horizon, for baselines.

use super::Limits;
use crate::{
    horizon::{Starts, horizon},
    strategies::{self, SeedSpace},
};

/// The limits of a strategy at a plan's tasks and words; nothing for audited programs.
pub fn limits_of(id: &str, sizes: Option<(u32, u32)>) -> Limits {
    let (Some(strategy), Some((tasks, words))) = (strategies::find(id), sizes) else {
        return Limits::default();
    };
    let spec = strategy.spec();
    Limits {
        seed_bits: match spec.seed_space {
            SeedSpace::Random { bits } => Some(bits),
            SeedSpace::Counter { root_bits, .. } => Some(root_bits),
            SeedSpace::Deterministic => None,
        },
        // The first of the risks is one in a million.
        horizon: horizon(&Starts::of(spec), f64::from(tasks), f64::from(words))
            .first()
            .map(|limit| limit.streams),
    }
}
