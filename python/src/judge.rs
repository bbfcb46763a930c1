//! What is asked of a capture, and what is said of it: as JSON, and as the report of the command line.

use pyo3::{exceptions::PyValueError, prelude::*, types::PyBytes};
use seedbench::{
    audit::{self, Declared, Question, ReadAs, Roster},
    capture::{self, Capture, CaptureError},
    joins::Room,
    record,
    results::Depth,
    verdict::{Demands, Expect},
};
use serde_json::json;

/// What is asked, as the keywords of `audit` in Python.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Asked {
    expect: String,
    workers: Option<u32>,
    for_workers: Option<u64>,
    require_bits: Option<f64>,
    exhaustive: bool,
    #[pyo3(item("as_"))]
    read_as: Option<String>,
    tested: Option<u64>,
    recall: Option<u64>,
    memory: Option<u64>,
    promised: Option<(u32, u32)>,
}

impl Asked {
    fn question(&self) -> PyResult<Question> {
        let expect = match &*self.expect {
            "distinct" => Expect::Default,
            "fresh" => Expect::Fresh,
            "identical" => Expect::Identical,
            other => {
                let message = format!("expect={other:?}: give 'distinct', 'fresh' or 'identical'");
                return Err(PyValueError::new_err(message));
            }
        };
        let read_as = match self.read_as.as_deref() {
            None => ReadAs::Found,
            Some("draws") => ReadAs::Draws,
            Some("values") => ReadAs::Values,
            Some(other) => {
                let message = format!("as_={other:?}: give 'draws', 'values' or None");
                return Err(PyValueError::new_err(message));
            }
        };
        let depth = match self.exhaustive {
            true => Depth::Exhaustive,
            false => Depth::Full,
        };
        Ok(Question {
            expect,
            demands: Demands {
                for_workers: self.for_workers,
                require_bits: self.require_bits,
            },
            depth,
            workers: self.workers,
            roster: Roster {
                workers: self.promised.map(|(workers, _)| workers),
                runs: self.promised.map(|(_, runs)| runs),
            },
            tested_bytes: self.tested,
            one_window_in: self.recall,
            room: Room {
                memory_bytes: self.memory,
                ..Room::default()
            },
            declared: Declared {
                read_as,
                ..Declared::default()
            },
            ..Question::default()
        })
    }
}

/// Judges a capture; returns the result as JSON, and the report as the command line writes it.
///
/// # Errors
/// When it cannot be read, or what is asked makes no sense.
pub fn judge<'py>(
    py: Python<'py>,
    name: &str,
    asked: &Asked,
    open: impl FnOnce() -> Result<Capture, CaptureError> + Send,
) -> PyResult<(String, Bound<'py, PyBytes>)> {
    let question = asked.question()?;
    let judged = py.detach(|| {
        let mut capture = open()?;
        question.declared.fits(&capture)?;
        let streams = capture.streams();
        let result = audit::audit(&mut capture, question)?;
        let problems: Vec<String> = capture
            .problems()
            .iter()
            .map(|problem| capture::one_line(problem))
            .collect();
        let notes = audit::notes(&capture, question, &result);
        let judgement = &result.judgement;
        let told = json!({
            "name": name,
            "verdict": judgement.verdict.name(),
            "findings": judgement.findings,
            "bound": judgement.bound.to_string(),
            "needs": judgement.needs,
            "false_alarm": judgement.false_alarm,
            "streams": streams,
            "problems": problems,
            "notes": notes,
        });
        let mut report = audit::report(name, result, problems);
        report.trimmed = notes;
        Ok::<_, CaptureError>((told.to_string(), record::json::to_bytes(&report)))
    });
    let (told, report) = judged.map_err(|error| refused(&error))?;
    let report = report.map_err(|error| refused(&error))?;
    Ok((told, PyBytes::new(py, &report)))
}

/// An error on one line.
pub fn refused(error: &dyn std::error::Error) -> PyErr {
    PyValueError::new_err(capture::one_line(error))
}
