//! The gate: a report held against a committed baseline, under a policy.
//!
//! [`Policy`] says what is checked and what is tolerated, [`Baseline`] what must not get worse,
//! `compare` what did, and `evaluate` puts all of it together: one [`Check`](crate::record::Check)
//! from which every output is rendered.

mod alone;
mod baseline;
mod compare;
mod evaluate;
pub mod policy;
mod risk;
mod settle;

pub use alone::alone;
pub use baseline::{
    BASELINE_SCHEMA, Baseline, BaselineError, BaselineRow, Claimed, Limits, Throughput, plan_words,
    row_name,
};
pub use compare::{Comparison, Speed, compare};
pub use evaluate::{Against, Asked, RowRequest, evaluate};
pub use policy::{Policy, PolicyError, parse_duration};
pub use risk::false_alarm;
