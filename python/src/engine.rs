//! `seedbench.dask` and `seedbench.spark`: the analyser's side of an engine whose workers are Python's.
//!
//! Where the audit is, an engine of the crate is an object of Python with these methods, all about bytes:
//!
//! | | |
//! |---|---|
//! | `gather(step, [(owner, task), …])` | all answers, in any order |
//! | `shuffle(step, [(owner, task), …])` | what all buckets match in |
//! | `fetch([(run, task, from, words), …])` | the numbers of streams that only workers hold |
//!
//! and the numbers `workers` and `task_words`. A worker opens the capture, or the part of it that it holds.

use std::{
    collections::HashMap,
    num::{NonZeroU32, NonZeroU64},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use pyo3::{prelude::*, pybacked::PyBackedBytes, types::PyBytes};
use seedbench::{
    capture::{Capture, CaptureError, ReadOptions},
    distributed::{self, Engine, EngineError, Task, TaskError},
    vocabulary::{Piece, StreamId},
};

use crate::{
    judge::{Asked, judge, refused},
    nearby::Nearby,
    numbers::{Bytes, common_kind, raw},
};

/// How flat files are read: their element type, words a stream, streams that take turns.
type Flat = (Option<String>, Option<NonZeroU64>, Option<NonZeroU32>);

fn open(
    path: &Path,
    (element, words_per_stream, interleaved): Flat,
) -> Result<Capture, CaptureError> {
    let options = ReadOptions {
        element: element.map(|name| name.parse()).transpose()?,
        words_per_stream,
        interleaved,
        ..ReadOptions::default()
    };
    Capture::open(path, &options)
}

/// What the engine raised, which ends the audit as it is.
type Raised = Arc<Mutex<Option<PyErr>>>;

/// An engine of Python's.
struct Workers {
    object: Py<PyAny>,
    workers: usize,
    task_words: usize,
    /// Who holds a stream, and how many numbers it has; empty where all see the same files.
    held: HashMap<StreamId, (u32, usize)>,
    nearby: Nearby,
    /// The kind and size of numbers that are fetched.
    numbers: (char, usize),
    raised: Raised,
}

impl Workers {
    fn new(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self {
            object: object.clone().unbind(),
            workers: object.getattr("workers")?.extract()?,
            task_words: object.getattr("task_words")?.extract()?,
            held: HashMap::new(),
            nearby: Nearby::default(),
            numbers: ('u', 8),
            raised: Raised::default(),
        })
    }

    /// What a method of the object says; what it raises is kept.
    fn ask<T>(
        &self,
        call: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<T>,
    ) -> Result<T, EngineError> {
        Python::attach(|py| {
            call(self.object.bind(py)).map_err(|error| {
                let problem = EngineError(error.to_string());
                let mut raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner);
                raised.get_or_insert(error);
                problem
            })
        })
    }

    fn hand_out(
        &self,
        method: &str,
        step: &[u8],
        tasks: Vec<Task>,
    ) -> Result<Vec<Vec<u8>>, EngineError> {
        self.ask(|object| {
            let py = object.py();
            let task = |task: &Task| (task.owner, PyBytes::new(py, &task.message));
            let tasks: Vec<_> = tasks.iter().map(task).collect();
            let answers = object.call_method1(method, (PyBytes::new(py, step), tasks))?;
            let answers: Vec<PyBackedBytes> = answers.extract()?;
            Ok(answers.iter().map(|answer| answer.to_vec()).collect())
        })
    }

    fn fetch_all(&self, pieces: &[Piece]) -> Result<Vec<Vec<u64>>, EngineError> {
        let (kind, size) = self.numbers;
        self.ask(|object| {
            let wanted = |piece: &Piece| {
                let StreamId { run, task } = piece.stream;
                (run.0, task.0, piece.from, piece.words)
            };
            let wanted: Vec<_> = pieces.iter().map(wanted).collect();
            let fetched: Vec<PyBackedBytes> = object.call_method1("fetch", (wanted,))?.extract()?;
            let numbers = fetched.iter().map(|bytes| raw(bytes, kind, size));
            numbers.collect()
        })
    }
}

impl Engine for Workers {
    fn workers(&self) -> usize {
        self.workers
    }

    fn task_words(&self) -> usize {
        self.task_words
    }

    fn owner(&self, stream: StreamId) -> Option<u32> {
        self.held.get(&stream).map(|(owner, _)| *owner)
    }

    fn gather(&mut self, step: &[u8], tasks: Vec<Task>) -> Result<Vec<Vec<u8>>, EngineError> {
        self.hand_out("gather", step, tasks)
    }

    fn shuffle(&mut self, step: &[u8], tasks: Vec<Task>) -> Result<Vec<Vec<u8>>, EngineError> {
        self.hand_out("shuffle", step, tasks)
    }

    fn fetch(&mut self, pieces: &[Piece]) -> Result<Vec<Vec<u64>>, EngineError> {
        // Places that are verified are asked for one by one.
        if let [piece] = *pieces
            && let Some(&(_, length)) = self.held.get(&piece.stream)
        {
            let mut nearby = std::mem::take(&mut self.nearby);
            let numbers = nearby.numbers(piece, length, |pieces| self.fetch_all(pieces));
            self.nearby = nearby;
            return Ok(vec![numbers?]);
        }
        self.fetch_all(pieces)
    }
}

/// What an audit by workers says, or what they raised.
fn judge_by<'py>(
    py: Python<'py>,
    name: &str,
    asked: &Asked,
    raised: &Raised,
    open: impl FnOnce() -> Result<Capture, CaptureError> + Send,
) -> PyResult<(String, Bound<'py, PyBytes>)> {
    let judged = judge(py, name, asked, open);
    match raised.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(error) => Err(error),
        None => judged,
    }
}

/// Judges a capture whose files all workers of an engine see; returns the result as JSON, and the report.
#[pyfunction]
pub fn audit_capture<'py>(
    py: Python<'py>,
    path: PathBuf,
    flat: Flat,
    engine: &Bound<'py, PyAny>,
    name: &str,
    asked: Asked,
) -> PyResult<(String, Bound<'py, PyBytes>)> {
    let workers = Workers::new(engine)?;
    let raised = Arc::clone(&workers.raised);
    judge_by(py, name, &asked, &raised, || {
        let mut capture = open(&path, flat)?;
        capture.read_by(Box::new(workers));
        Ok(capture)
    })
}

/// A stream that a worker holds: its run, its task, its name, how many numbers it has, and the owner.
type HeldStream = (u32, u32, String, u64, u32);

/// Judges streams that workers of an engine hold, of numbers of this kind and size; returns the result as JSON,
/// and the report.
#[pyfunction]
pub fn audit_held<'py>(
    py: Python<'py>,
    numbers: (char, usize),
    streams: Vec<HeldStream>,
    engine: &Bound<'py, PyAny>,
    name: &str,
    asked: Asked,
) -> PyResult<(String, Bound<'py, PyBytes>)> {
    let kind = common_kind(vec![numbers.0])?;
    let mut workers = Workers::new(engine)?;
    workers.numbers = numbers;
    let mut named = Vec::with_capacity(streams.len());
    for (run, task, name, count, owner) in streams {
        let id = StreamId::new(run, task);
        workers.held.insert(id, (owner, count as usize));
        named.push((id, name, count));
    }
    let raised = Arc::clone(&workers.raised);
    judge_by(py, name, &asked, &raised, || {
        Capture::held_by(Box::new(workers), kind, named)
    })
}

/// A capture that a worker reads, or the part of it that it holds.
#[pyclass(frozen, module = "seedbench._native")]
pub struct Opened(Mutex<Capture>);

impl Opened {
    fn ask<T: Send>(
        &self,
        py: Python<'_>,
        each: impl FnOnce(&mut Capture) -> Result<T, TaskError<CaptureError>> + Send,
    ) -> PyResult<T> {
        let answered = py.detach(|| {
            let mut capture = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            each(&mut capture)
        });
        answered.map_err(|error| match error {
            TaskError::Source(error) => refused(&error),
            error => refused(&error),
        })
    }
}

#[pymethods]
impl Opened {
    /// The capture of a path.
    #[staticmethod]
    fn open(py: Python<'_>, path: PathBuf, flat: Flat) -> PyResult<Self> {
        let opened = py.detach(|| open(&path, flat));
        Ok(Self(Mutex::new(opened.map_err(|error| refused(&error))?)))
    }

    /// Streams in memory, of numbers of this kind and size.
    #[staticmethod]
    fn part(numbers: (char, usize), streams: Vec<(u32, u32, Bound<'_, PyAny>)>) -> PyResult<Self> {
        let (kind, size) = numbers;
        let taken = streams.iter().map(|(run, task, object)| {
            let values = raw(Bytes::of(object)?.as_slice(), kind, size)?;
            Ok((StreamId::new(*run, *task), values))
        });
        let part = Capture::part(common_kind(vec![kind])?, taken.collect::<PyResult<_>>()?);
        Ok(Self(Mutex::new(part.map_err(|error| refused(&error))?)))
    }

    /// Answers a task of a step that is gathered.
    fn answer<'py>(
        &self,
        py: Python<'py>,
        step: &[u8],
        task: &[u8],
    ) -> PyResult<Bound<'py, PyBytes>> {
        let answer = self.ask(py, |capture| distributed::answer(capture, step, task))?;
        Ok(PyBytes::new(py, &answer))
    }

    /// Answers a task of a step that is shuffled: a message for each bucket.
    fn sketch<'py>(
        &self,
        py: Python<'py>,
        step: &[u8],
        task: &[u8],
        buckets: usize,
    ) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let cut = self.ask(py, |capture| {
            distributed::sketch(capture, step, task, buckets)
        })?;
        Ok(cut.iter().map(|part| PyBytes::new(py, part)).collect())
    }
}

/// What the parts of one bucket match in.
#[pyfunction]
pub fn matched<'py>(
    py: Python<'py>,
    step: &[u8],
    parts: Vec<PyBackedBytes>,
) -> PyResult<Bound<'py, PyBytes>> {
    let matched = py.detach(|| distributed::matched(step, parts.iter().map(|part| &**part)));
    Ok(PyBytes::new(py, &matched.map_err(|error| refused(&error))?))
}
