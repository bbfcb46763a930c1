//! What numbers are: whether captured ones have earned the name of raw words, and how much an element tells.
//!
//! It imports `vocabulary`, `math`, `results` and `kernels`. Start with [`earned`]; nothing is left out here, and what
//! has not earned the name is judged by `values`.

mod counters;
mod earned;
mod information;
mod turning;

pub(crate) use earned::{earned, first_round};
pub(crate) use information::bits_per_element;
pub(crate) use turning::{run_on, wander};
