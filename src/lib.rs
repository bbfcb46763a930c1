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
//! The house has floors, and every room imports rooms of lower floors only:
//!
//! | floor | rooms | what lives there |
//! |---|---|---|
//! | 1 | [`vocabulary`], [`math`] | seeds, sites, streams, evidence; distributions and bounds |
//! | 2 | [`results`], [`generators`] | what is found, as plain data; what is seeded |
//! | 3 | `kernels`, [`strategies`], [`spawn`], [`plan`] | hot loops; seeding rules, one file each |
//! | 4 | `reading`, `recovery`, [`pool`] | what numbers are; seeds found out by trying them |
//! | 5 | [`joins`], [`harness`], [`capture`], [`horizon`] | exact copies; backends; numbers of any program |
//! | 6 | [`statistics`], [`values`], [`census`], [`advise`], [`origin`], [`demo`] | tests of raw words; values of unknown law |
//! | 7 | [`analyze`] | ascending sizes, joins before tests |
//! | 8 | [`verdict`] | the kinds of findings, one file each; the procedure that bounds false alarms |
//! | 9 | [`record`], [`selftest`] | the report as data |
//! | 10 | [`run`], [`audit`] | what assembles a report |
//! | 11 | [`distributed`], `gate` | the same audit where the words lie on many machines; a whole check as one call |
//! | 12 | `report` | renderers: pure functions of the record |
//! | 13 | `cli` | one file a subcommand |
//!
//! `gate`, `report` and `cli` belong to the feature `cli`, which is on by default. `tests/architecture.rs`
//! holds the floors.

#![deny(unsafe_code)]
#![warn(missing_docs)]

#[doc(hidden)]
pub mod advise;
#[doc(hidden)]
pub mod analyze;
pub mod audit;
pub mod capture;
#[doc(hidden)]
pub mod census;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;

#[doc(hidden)]
pub mod demo;
pub mod distributed;
#[cfg(feature = "cli")]
pub mod gate;
#[doc(hidden)]
pub mod generators;
pub mod harness;
#[doc(hidden)]
pub mod horizon;
#[doc(hidden)]
pub mod joins;
mod kernels;
#[doc(hidden)]
pub mod math;
#[doc(hidden)]
pub mod origin;
pub mod plan;
pub mod pool;
mod reading;
pub mod record;
mod recovery;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod report;
pub mod results;
pub mod run;
#[doc(hidden)]
pub mod selftest;
pub mod spawn;
pub mod statistics;
pub mod strategies;
#[doc(hidden)]
pub mod values;
pub mod verdict;
pub mod vocabulary;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod watch;

pub use audit::Audit;
pub use harness::{init, init_with};

/// The README's code, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
