//! `seedbench.audit`, `seedbench.plan` and the judge of a watch, for Python.

use std::path::PathBuf;

use pyo3::{
    exceptions::{PyOSError, PyValueError},
    prelude::*,
    types::PyBytes,
};
use seedbench::{
    advise, capture::Capture, gate::Policy, horizon::JobSize, vocabulary::StreamId, watch,
};
use serde_json::json;

use crate::{
    arrow::Column,
    judge::{Asked, judge},
    numbers::{Bytes, common_kind, raw},
};

/// A stream: its run, its name, its values as contiguous bytes or a column of Arrow, and what they are.
type Stream<'py> = (u32, String, Bound<'py, PyAny>, char, usize);

/// Judges streams; returns the result as JSON, and the report.
#[pyfunction]
pub fn audit_streams<'py>(
    py: Python<'py>,
    streams: Vec<Stream<'py>>,
    name: &str,
    asked: Asked,
) -> PyResult<(String, Bound<'py, PyBytes>)> {
    let mut tasks: Vec<u32> = Vec::new();
    let mut taken = Vec::with_capacity(streams.len());
    let mut kinds: Vec<char> = Vec::new();
    for (run, name, object, kind, size) in &streams {
        if tasks.len() <= *run as usize {
            tasks.resize(*run as usize + 1, 0);
        }
        let task = tasks[*run as usize];
        tasks[*run as usize] += 1;
        let values = match object.cast::<Column>() {
            Ok(column) => {
                let chunks = column.get().bytes().map(|bytes| raw(bytes, *kind, *size));
                chunks.collect::<PyResult<Vec<_>>>()?.concat()
            }
            Err(_) => raw(Bytes::of(object)?.as_slice(), *kind, *size)?,
        };
        kinds.push(*kind);
        taken.push((StreamId::new(*run, task), name.clone(), values));
    }
    let kind = common_kind(kinds)?;
    judge(py, name, &asked, || Capture::in_memory(kind, taken))
}

/// The sound strategies for a job, ranked by the bound on its risk, as JSON.
#[pyfunction]
pub fn plan(workers: f64, runs: f64, words: f64, replayable: bool) -> String {
    let job = JobSize {
        streams: workers,
        runs,
        words,
    };
    let choices = advise::rank(advise::Language::Python, job, replayable, &[]);
    json!({ "accepted_risk": advise::ACCEPTED_RISK, "choices": choices }).to_string()
}

/// Judges the records of a watch; returns JSON, text, and HTML for a notebook.
#[pyfunction]
#[pyo3(signature = (folder, *, since, of, allow, relative_to, fresh=false))]
pub fn judge_watch(
    py: Python<'_>,
    folder: PathBuf,
    since: u64,
    of: Option<u32>,
    mut allow: Vec<String>,
    relative_to: String,
    fresh: bool,
) -> PyResult<(String, String, String)> {
    let policy = PathBuf::from(&relative_to).join("seedbench.toml");
    if let Ok(text) = std::fs::read_to_string(&policy) {
        let policy = Policy::parse(&text)
            .map_err(|error| PyValueError::new_err(format!("{}: {error}", policy.display())))?;
        allow.extend(policy.watch.allow);
    }
    let question = watch::Question {
        since,
        of,
        fresh,
        allow,
        folder: relative_to,
    };
    let watched = py
        .detach(|| watch::judge(&[&folder], &question))
        .map_err(|error| PyOSError::new_err(format!("{}: {error}", folder.display())))?;
    let told = serde_json::to_string(&watched)
        .map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok((
        told,
        watch::text::render(&watched, false),
        watch::page::fragment(&watched),
    ))
}

/// The ids of all processes that have written records into a folder.
#[pyfunction]
pub fn seen_processes(folder: PathBuf) -> PyResult<Vec<u32>> {
    let mut seen = Vec::new();
    for file in std::fs::read_dir(folder)? {
        let name = file?.file_name();
        let name = name.to_string_lossy();
        seen.extend(
            name.split('-')
                .next()
                .and_then(|pid| pid.parse::<u32>().ok()),
        );
    }
    Ok(seen)
}
