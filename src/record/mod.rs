//! The report as data: what a run, an audit or a check found out, one value, written as JSON.
//!
//! [`Report`] is what `report.json` holds; [`json`] writes and reads it with its schema checked, within
//! the bounds of `limits`. A report held against a baseline is a [`Check`]. `run`, `audit` and `gate`
//! fill it, renderers only read it. [`provenance`] alone reads the machine. It imports `verdict` and the
//! rooms below. Start with [`Report`].

mod check;
pub mod json;
mod limits;
mod model;
pub mod provenance;
mod sites;

pub use check::*;
pub use json::MAX_BYTES;
pub use model::*;
