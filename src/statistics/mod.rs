//! Statistical tests of raw words: one file a statistic, one line each in [`ALL`].
//!
//! It imports the rooms below: `vocabulary`, `math`, `results`, `kernels`, `reading` and `joins`. A test is a
//! [`StatisticalTest`] with a [`TestSpec`]; `views` arranges streams into what it reads, `places` turns
//! the places it looked at into results. Start with `bit_balance`.

mod agreement;
mod aligned;
mod all_pairs;
mod autocorrelation;
mod avalanche;
mod bit_balance;
mod bit_cross;
mod byte_frequency;
mod collisions;
mod combinations;
mod combine;
mod common_component;
mod congruential;
mod first_draws;
mod follows;
pub mod id;
mod lag_agreement;
mod lagged_relations;
mod modulus;
mod neighbours;
mod pair_correlation;
mod places;
#[cfg(test)]
mod power;
mod rank_order;
mod registry;
mod relation_search;
pub(crate) mod repeats;
#[cfg(test)]
pub(crate) mod samples;
mod serial_pairs;
mod slices;
mod stacked_rank;
mod views;
mod weak_bits;

pub use avalanche::{Avalanche, SEED_AVALANCHE, SEED_BITS, avalanche};
pub use places::{CONTROL_ASKED_BELOW, CONTROL_FAILS_BELOW};
pub use registry::{ALL, find, finding, spec, specs};
pub(crate) use stacked_rank::is_state_rank;

use crate::{
    results::{TestResult, TestSpec},
    vocabulary::Evidence,
};

/// A statistical test over the streams of an evidence.
///
/// Results are pure functions of the evidence: no clock, no thread count, no order of execution.
pub trait StatisticalTest: Send + Sync {
    /// What the test is.
    fn spec(&self) -> &'static TestSpec;

    /// Runs the test. The evidence holds representatives only: equal streams are already collapsed,
    /// and `Format::Bits` words are canonical (uniform bits at the top).
    fn run(&self, evidence: &Evidence) -> Vec<TestResult>;
}
