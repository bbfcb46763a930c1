//! Hot loops, compiled several times and chosen at run time by what the processor offers.
//!
//! The loops are plain Rust; [`dispatch`] compiles each body for AVX-512 (with vector popcount),
//! for AVX2 and for the baseline, so the only unsafe step is the call behind a feature check.

pub(crate) mod bytes;
pub(crate) mod dispatch;
pub(crate) mod gf2;
pub(crate) mod pairs;
pub(crate) mod positional;
pub(crate) mod transpose;
