//! Distributions, occupancy, birthday and multiplicity: pure functions, cited, both tails direct.
//!
//! Tails are natural logarithms ([`Tails`]), so that a probability of 1e-4000 still ranks below one
//! of 1e-400 when a test names the worst of many places.

mod binomial;
mod birthday;
mod chernoff;
mod chi_squared;
mod descents;
mod entropy;
mod hypergeometric;
mod matches;
mod multiplicity;
mod normal;
mod occupancy;
mod order_statistics;
mod partitions;
mod poisson;
mod streams;
mod tails;

pub use binomial::{binomial_ln_pmf, binomial_tails, clopper_pearson};
pub use birthday::{
    collision_probability, draws_to_collide, expected_pairs, largest_draws, ln_no_collision,
    overlap_probability,
};
pub use chernoff::{Lattice, chernoff, product_ln_mgf};
pub use chi_squared::{chi_square_statistic, chi_square_tails};
pub use descents::descents_tails;
pub use entropy::{
    Interval, collision_entropy_lower_bits, min_entropy_lower_bits, seed_space_interval,
    seed_space_of_pairs, support_lower_bits,
};
pub use hypergeometric::{hypergeometric_ln_pmf, hypergeometric_tails};
pub use matches::matches_tails;
pub use multiplicity::{bonferroni, holm};
pub use normal::normal_tails;
pub use occupancy::{
    Occupancy, expected_distinct, occupancy_bound, occupancy_tails, repeats_variance,
};
pub use order_statistics::order_statistic_interval;
pub use partitions::{SizeLaw, ln_one_step};
pub use poisson::poisson_tails;
pub use streams::{
    effective_streams, effective_streams_of_space, rank_deficiency_ln_upper, relation_ln_upper,
};
pub use tails::Tails;
