//! Statistical tests of raw words: one file a statistic, one row each for the arrangements it reads in the
//! table [`ALL`].
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
mod distinct;
mod first_draws;
mod follows;
#[doc(hidden)]
pub mod id;
mod lag_agreement;
mod lagged_relations;
mod leaving_out;
mod limits;
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

pub use registry::{ALL, Entry, find, specs, tests};

// The inner face, for this crate's own binary, benches and tests: it may change at any time.
#[doc(hidden)]
pub use self::{
    avalanche::{Avalanche, SEED_AVALANCHE, SEED_BITS, avalanche},
    places::{CONTROL_ASKED_BELOW, CONTROL_FAILS_BELOW},
    registry::{finding, spec},
};
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
