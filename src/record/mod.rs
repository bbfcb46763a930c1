//! The report as data: what a run, an audit or a check found out, one value, written as JSON.
//!
//! [`Report`] is what `report.json` holds; [`json`] writes and reads it with its schema checked, within
//! the bounds of `limits`. A report held against a baseline is a [`Check`]. `run`, `audit` and `gate`
//! fill it, renderers only read it. [`provenance`] alone reads the machine. It imports `verdict` and the
//! rooms below. Start with [`Report`].

mod check;
#[doc(hidden)]
pub mod exit;
pub mod json;
mod limits;
mod model;
#[doc(hidden)]
pub mod provenance;
mod sites;

pub use model::{
    CellOutcome, CellReport, CellResult, Machine, PlanSummary, Report, SCHEMA, SecondStage,
};

// The inner face, for this crate's own binary, benches and tests: it may change at any time.
#[doc(hidden)]
pub use self::{check::*, json::MAX_BYTES, model::*};
