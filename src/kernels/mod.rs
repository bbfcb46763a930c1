//! Hot loops, compiled several times and chosen at run time by what the processor offers.
//!
//! The loops are plain Rust; [`dispatch`] compiles each body for AVX-512 (with vector popcount),
//! for AVX2 and for the baseline, so the only unsafe step is the call behind a feature check. The
//! one other place is the partition's scattering of keys by several threads into one buffer.

mod buffer;
pub(crate) mod bytes;
mod changes;
pub(crate) mod columns;
pub(crate) mod dispatch;
mod filter;
pub(crate) mod gf2;
mod keys;
pub(crate) mod lags;
mod mix;
pub(crate) mod pairs;
mod partition;
pub(crate) mod positional;
mod scatter;
pub(crate) mod transpose;
mod windows;

pub(crate) use buffer::KeyBuffer;
pub(crate) use changes::unsigned;
pub(crate) use filter::{BitFilter, SampleSpan};
pub use keys::KeySource;
pub(crate) use mix::{mix, mix_block};
pub(crate) use partition::{RepeatedKeys, count_repeats};
pub(crate) use windows::{Family, KeyBlock, WindowKey};

/// Words that a kernel of the joins works on at a time: its arrays stay in the first-level cache.
pub(crate) const BLOCK: usize = 512;
