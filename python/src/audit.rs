//! `seedbench.audit`, `seedbench.plan` and the judge of a watch, for Python.

use std::path::PathBuf;

use pyo3::{
    exceptions::{PyOSError, PyValueError},
    prelude::*,
};
use seedbench::{
    advise,
    audit::{self, Question},
    capture::{self, Capture, RawKind},
    gate::Policy,
    horizon::JobSize,
    results::Depth,
    verdict::{Demands, Expect},
    vocabulary::StreamId,
    watch,
};
use serde_json::json;

use crate::arrow::Column;

/// The bytes of an object with the buffer interface, borrowed until dropped.
struct Bytes(ffi_buffer::View);

/// The buffer interface: stable since CPython 3.11, and the same in 3.10, where it is not yet called so.
mod ffi_buffer {
    use std::ffi::{c_char, c_int, c_void};

    use pyo3::ffi::PyObject;

    #[repr(C)]
    pub struct View {
        pub data: *mut c_void,
        pub object: *mut PyObject,
        pub bytes: isize,
        pub item: isize,
        pub readonly: c_int,
        pub dimensions: c_int,
        pub format: *mut c_char,
        pub shape: *mut isize,
        pub strides: *mut isize,
        pub suboffsets: *mut isize,
        pub internal: *mut c_void,
    }

    unsafe extern "C" {
        pub fn PyObject_GetBuffer(object: *mut PyObject, view: *mut View, flags: c_int) -> c_int;
        pub fn PyBuffer_Release(view: *mut View);
    }
}

impl Bytes {
    fn of(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        // SAFETY: an empty view is what the call fills in; 0 asks for plain contiguous bytes.
        unsafe {
            let mut view: ffi_buffer::View = std::mem::zeroed();
            if ffi_buffer::PyObject_GetBuffer(object.as_ptr(), &raw mut view, 0) != 0 {
                return Err(PyErr::fetch(object.py()));
            }
            Ok(Self(view))
        }
    }

    fn as_slice(&self) -> &[u8] {
        if self.0.bytes <= 0 {
            return &[];
        }
        // SAFETY: the exporter keeps the memory until the view is released.
        unsafe { std::slice::from_raw_parts(self.0.data.cast(), self.0.bytes as usize) }
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        // SAFETY: the view was filled in; the interpreter is held wherever one is dropped.
        unsafe { ffi_buffer::PyBuffer_Release(&raw mut self.0) }
    }
}

/// The raw values of native numbers: `u`, `i` or `f`, and their size.
fn raw(bytes: &[u8], kind: char, size: usize) -> PyResult<Vec<u64>> {
    macro_rules! each {
        ($type:ty, $value:expr) => {
            bytes
                .chunks_exact(size_of::<$type>())
                .filter_map(|chunk| chunk.try_into().ok().map(<$type>::from_ne_bytes))
                .map($value)
                .collect()
        };
    }
    Ok(match (kind, size) {
        ('u', 8) | ('i', 8) | ('f', 8) => each!(u64, |value| value),
        ('u', 4) => each!(u32, u64::from),
        ('u', 2) => each!(u16, u64::from),
        ('u', 1) => bytes.iter().copied().map(u64::from).collect(),
        ('i', 4) => each!(i32, |value| i64::from(value) as u64),
        ('i', 2) => each!(i16, |value| i64::from(value) as u64),
        ('i', 1) => each!(i8, |value| i64::from(value) as u64),
        ('f', 4) => each!(f32, |value| f64::from(value).to_bits()),
        _ => {
            return Err(PyValueError::new_err(format!(
                "numbers of kind {kind} and {size} bytes cannot be audited"
            )));
        }
    })
}

/// A stream: its run, its name, its values as contiguous bytes or a column of Arrow, and what they are.
type Stream<'py> = (u32, String, Bound<'py, PyAny>, char, usize);

/// Judges streams; returns the result as JSON.
#[pyfunction]
#[pyo3(signature = (streams, *, name, expect, workers, for_workers, require_bits, exhaustive))]
#[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
pub fn audit_streams(
    py: Python<'_>,
    streams: Vec<Stream<'_>>,
    name: &str,
    expect: &str,
    workers: Option<u32>,
    for_workers: Option<u64>,
    require_bits: Option<f64>,
    exhaustive: bool,
) -> PyResult<String> {
    let expect = match expect {
        "distinct" => Expect::Default,
        "fresh" => Expect::Fresh,
        "identical" => Expect::Identical,
        other => {
            let message = format!("expect={other:?}: give 'distinct', 'fresh' or 'identical'");
            return Err(PyValueError::new_err(message));
        }
    };
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
    kinds.sort_unstable();
    kinds.dedup();
    let kind = match kinds.as_slice() {
        ['u'] => RawKind::Unsigned,
        ['i'] => RawKind::Signed,
        ['f'] => RawKind::Real,
        [] => return Err(PyValueError::new_err("there is no stream to audit")),
        _ => {
            let message = "streams hold numbers of different kinds: give all as one type";
            return Err(PyValueError::new_err(message));
        }
    };
    let question = Question {
        expect,
        demands: Demands {
            for_workers,
            require_bits,
        },
        depth: if exhaustive {
            Depth::Exhaustive
        } else {
            Depth::Full
        },
        workers,
        ..Question::default()
    };
    let judged = py.detach(|| {
        let mut capture = Capture::in_memory(kind, taken)?;
        let result = audit::audit(&mut capture, question)?;
        let problems: Vec<String> = capture
            .problems()
            .iter()
            .map(|problem| capture::one_line(problem))
            .collect();
        Ok::<_, capture::CaptureError>((result.judgement, problems, capture.notes()))
    });
    let (judgement, problems, notes) =
        judged.map_err(|error| PyValueError::new_err(capture::one_line(&error)))?;
    Ok(json!({
        "name": name,
        "verdict": judgement.verdict.name(),
        "findings": judgement.findings,
        "bound": judgement.bound.to_string(),
        "needs": judgement.needs,
        "false_alarm": judgement.false_alarm,
        "streams": streams.len(),
        "problems": problems,
        "notes": notes,
    })
    .to_string())
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
