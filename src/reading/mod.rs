//! What captured numbers are: draws or what stands around them, uniform bits or values of some law.
//!
//! It imports `core`, `math`, `results` and `kernels`. Start with [`draws_of`], which says of an
//! evidence what was left out of it and for what its values are taken.

mod counters;
mod earned;
mod information;
mod turning;

pub(crate) use earned::{earned, first_round};
pub(crate) use information::bits_per_element;
pub(crate) use turning::{run_on, wander};
