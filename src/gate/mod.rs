//! The gate: a report held against a committed baseline, under a policy.

mod baseline;
mod compare;
mod policy;

pub use baseline::{BASELINE_SCHEMA, Baseline, BaselineError, Limits, Row, Throughput};
pub use compare::{Change, Comparison, Speed, compare};
pub use policy::{
    ByName, Date, Level, Plan, Policy, PolicyError, Profile, RootChoice, Target, TargetKind,
    Waiver, parse_duration,
};
