//! Is my parallel program's seeding sound, how many workers until it breaks, what does it cost, and
//! what should I use instead?
//!
//! A *plan* names cells (strategy × backend). The *harness* runs each cell and collects the words of
//! every stream. *Tests* turn that evidence into results. The *judge* turns results into a verdict,
//! held against what the strategy declares. The *report* is one value; every renderer is a pure
//! function of it.
//!
//! ```text
//! plan → collect → analyze → judge → report
//! Plan   Evidence  Analysis  Judgement Report → bytes
//! ```
//!
//! | layer | modules | imports |
//! |---|---|---|
//! | vocabulary | [`core`], [`math`] | nothing |
//! | sources | [`generators`], [`strategies`] | core; strategies also generators |
//! | evidence | [`harness`], [`capture`] | core; harness also strategies |
//! | vocabulary of results | [`results`] | core, math |
//! | analysis | `kernels`, `reading`, [`joins`], [`statistics`], [`analyze`] | those before, from left to right |
//! | judgement | [`verdict`] | analysis |
//! | product | [`plan`], [`run`], [`report`], [`audit`] | all above |
//! | command line | [`cli`] | all |

#![deny(unsafe_code)]
#![warn(missing_docs)]

pub mod advise;
pub mod analyze;
pub mod audit;
pub mod capture;
pub mod census;
pub mod cli;
pub mod core;
pub mod gate;
pub mod generators;
pub mod harness;
pub mod horizon;
pub mod joins;
mod kernels;
pub mod math;
pub mod origin;
pub mod plan;
pub mod pool;
mod reading;
pub mod record;
mod recovery;
pub mod report;
pub mod results;
pub mod run;
pub mod selftest;
pub mod spawn;
pub mod statistics;
pub mod strategies;
pub mod values;
pub mod verdict;
pub mod watch;

pub use audit::Audit;
pub use harness::{init, init_with};

/// The README's code, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
