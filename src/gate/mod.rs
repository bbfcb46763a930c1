//! The gate: a report held against a committed baseline, under a policy.
//!
//! [`check`] is a whole check in one call: [`Policy`] says what is checked and what is tolerated,
//! [`Baseline`] what must not get worse, `compare` what did, and `evaluate` puts all of it together: one
//! [`Check`](crate::record::Check) from which every output is rendered.

mod alone;
mod baseline;
mod check;
mod compare;
mod evaluate;
mod limits;
#[doc(hidden)]
pub mod policy;
mod risk;
mod settle;

pub use baseline::{Baseline, BaselineError};
pub use check::{CheckError, CheckRequest, CheckWatcher, Checked, PolicySource, check};
pub use policy::{Policy, PolicyError};

// The inner face, for this crate's own binary, benches and tests: it may change at any time.
#[doc(hidden)]
pub use self::{
    alone::alone,
    baseline::{BASELINE_SCHEMA, BaselineRow, Claimed, Limits, Throughput, plan_words, row_name},
    check::{rows, shown},
    compare::{Comparison, Speed, compare},
    evaluate::{Against, Asked, RowRequest, evaluate},
    limits::limits_of,
    policy::parse_duration,
    risk::false_alarm,
};
