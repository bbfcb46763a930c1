//! The report is one value; every renderer is a pure function of it.

mod model;

pub use model::*;
