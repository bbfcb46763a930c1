//! What captured numbers are: draws or what stands around them, uniform bits or values of some law.
//!
//! It imports `core`, `math`, `results` and `kernels`. Start with [`draws_of`], which says of an
//! evidence what was left out of it and for what its values are taken.

mod counters;
mod draws;
mod held;
mod information;
mod nets;
mod padding;
mod recast;
mod rows;
mod turning;

pub(crate) use draws::{Draws, draws_of};
pub(crate) use information::{bits_per_element, window_entropy_rate};
pub(crate) use turning::{run_on, wander};
