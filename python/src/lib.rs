//! `seedbench._native`: the analyser, the command line, and the recorder, for Python.

mod arrow;
mod audit;
mod engine;
mod judge;
mod nearby;
mod numbers;
mod recorder;

use std::{ffi::OsString, path::PathBuf};

use pyo3::prelude::*;
use seedbench::cli::{self, Host};

/// Runs the command line and returns its exit code.
#[pyfunction]
fn main(
    py: Python<'_>,
    arguments: Vec<OsString>,
    image: Option<PathBuf>,
    recorder: Option<PathBuf>,
) -> u8 {
    let host = Host {
        arguments,
        image,
        recorder,
    };
    py.detach(|| cli::run(host))
}

#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_function(wrap_pyfunction!(main, module)?)?;
    module.add_function(wrap_pyfunction!(audit::audit_streams, module)?)?;
    module.add_function(wrap_pyfunction!(audit::plan, module)?)?;
    module.add_function(wrap_pyfunction!(audit::judge_watch, module)?)?;
    module.add_function(wrap_pyfunction!(audit::seen_processes, module)?)?;
    module.add_function(wrap_pyfunction!(engine::audit_capture, module)?)?;
    module.add_function(wrap_pyfunction!(engine::audit_held, module)?)?;
    module.add_function(wrap_pyfunction!(engine::matched, module)?)?;
    module.add_class::<engine::Opened>()?;
    module.add_function(wrap_pyfunction!(arrow::arrow_columns, module)?)?;
    module.add_class::<arrow::Column>()?;
    module.add_submodule(&recorder::module(module.py())?)?;
    Ok(())
}
