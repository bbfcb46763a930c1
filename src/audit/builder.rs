//! The audit of generators inside a `#[test]`.

use std::fmt::{self, Write as _};

use super::{Declared, Question, ReadAs, audit};
use crate::{
    capture::{Capture, RawKind},
    record::CellResult,
    verdict::{Demands, Expect, Finding, Severity, Verdict},
    vocabulary::StreamId,
};

/// A stream that a test asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditStream {
    /// The run of the program, from 0.
    pub run: u64,
    /// The worker within the run, from 0.
    pub worker: u64,
}

/// Asks whether the generators that a program hands to its workers are soundly seeded.
///
/// ```
/// use rand::SeedableRng;
/// use rand_chacha::ChaCha12Rng;
/// use seedbench::Audit;
///
/// // One stream number a worker, one key a run: sound.
/// let audited = Audit::new("my job").workers(16).runs(2).streams(|id| {
///     let mut rng = ChaCha12Rng::seed_from_u64(id.run);
///     rng.set_stream(id.worker);
///     rng
/// });
/// audited.assert_sound();
///
/// // Run 0 worker 1 draws what run 1 worker 0 draws.
/// let audited = Audit::new("seed + rank")
///     .streams(|id| ChaCha12Rng::seed_from_u64(id.run + id.worker));
/// assert!(!audited.is_sound());
/// ```
///
/// Everything is deterministic: the same generators give the same verdict.
#[derive(Clone, Debug)]
pub struct Audit {
    name: String,
    workers: u32,
    runs: u32,
    words: u32,
    question: Question,
}

impl Audit {
    /// An audit of 64 workers in 4 runs, 256 words each.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            workers: 64,
            runs: 4,
            words: 256,
            question: Question {
                declared: Declared {
                    read_as: ReadAs::Draws,
                    ..Declared::default()
                },
                ..Question::default()
            },
        }
    }

    /// How many workers a run has.
    ///
    /// # Panics
    /// When `workers` is 0.
    #[must_use]
    #[track_caller]
    pub fn workers(mut self, workers: u32) -> Self {
        assert!(workers > 0, "an audit needs at least one worker");
        self.workers = workers;
        self
    }

    /// How many runs of the program there are.
    ///
    /// # Panics
    /// When `runs` is 0.
    #[must_use]
    #[track_caller]
    pub fn runs(mut self, runs: u32) -> Self {
        assert!(runs > 0, "an audit needs at least one run");
        self.runs = runs;
        self
    }

    /// How many words every worker draws.
    ///
    /// # Panics
    /// When `words` is 0.
    #[must_use]
    #[track_caller]
    pub fn words(mut self, words: u32) -> Self {
        assert!(words > 0, "an audit needs at least one word a worker");
        self.words = words;
        self
    }

    /// Runs must differ from one another; by default runs that repeat are taken to have a fixed
    /// seed on purpose.
    #[must_use]
    pub fn expect_fresh(mut self) -> Self {
        self.question.expect = Expect::Fresh;
        self
    }

    /// All workers of a run must draw the same words.
    #[must_use]
    pub fn expect_identical(mut self) -> Self {
        self.question.expect = Expect::Identical;
        self
    }

    /// A verdict of sound must mean something for so many workers: an audit too small to have seen
    /// seeds as narrow as would make two of them share a stream is inconclusive, and fails.
    #[must_use]
    pub fn for_workers(mut self, workers: u64) -> Self {
        self.demands().for_workers = Some(workers);
        self
    }

    /// A verdict of sound must mean that seeds carry at least so many bits.
    #[must_use]
    pub fn require_bits(mut self, bits: f64) -> Self {
        self.demands().require_bits = Some(bits);
        self
    }

    fn demands(&mut self) -> &mut Demands {
        &mut self.question.demands
    }

    /// Opens every stream with `open`, which may return any `rand` generator, and judges them.
    #[must_use]
    pub fn streams<R: rand_core::Rng>(self, mut open: impl FnMut(AuditStream) -> R) -> Audited {
        self.fill(RawKind::Unsigned, |id, words| {
            let mut rng = open(id);
            for word in words {
                *word = rng.next_u64();
            }
        })
    }

    /// The same for sources of words that are no `rand` generators.
    #[must_use]
    pub fn words_from<D: FnMut() -> u64>(self, mut open: impl FnMut(AuditStream) -> D) -> Audited {
        self.fill(RawKind::Unsigned, |id, words| {
            let mut draw = open(id);
            for word in words {
                *word = draw();
            }
        })
    }

    /// The same for sources of reals, of whatever distribution.
    #[must_use]
    pub fn reals_from<D: FnMut() -> f64>(self, mut open: impl FnMut(AuditStream) -> D) -> Audited {
        self.fill(RawKind::Real, |id, words| {
            let mut draw = open(id);
            for word in words {
                *word = draw().to_bits();
            }
        })
    }

    fn fill(self, kind: RawKind, mut draw: impl FnMut(AuditStream, &mut [u64])) -> Audited {
        let mut streams = Vec::with_capacity((self.runs * self.workers) as usize);
        for run in 0..self.runs {
            for worker in 0..self.workers {
                let mut words = vec![0; self.words as usize];
                let id = AuditStream {
                    run: u64::from(run),
                    worker: u64::from(worker),
                };
                draw(id, &mut words);
                let name = format!("run {run} worker {worker}");
                streams.push((StreamId::new(run, worker), name, words));
            }
        }
        let judged = Capture::in_memory(kind, streams)
            .and_then(|mut capture| {
                let cell = audit(&mut capture, self.question)?;
                let problems = capture.problems().iter().map(ToString::to_string).collect();
                Ok((cell, problems))
            })
            .map_err(|error| error.to_string());
        let (cell, problems) = match judged {
            Ok((cell, problems)) => (Some(cell), problems),
            Err(problem) => (None, vec![problem]),
        };
        Audited {
            name: self.name,
            cell,
            problems,
        }
    }
}

/// What an audit found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Audited {
    name: String,
    cell: Option<CellResult>,
    problems: Vec<String>,
}

impl Audited {
    /// The verdict; numbers that cannot be judged (NaN) leave it inconclusive, and so does what is suspect.
    pub fn verdict(&self) -> Verdict {
        match &self.cell {
            Some(cell) if self.problems.is_empty() => cell.judgement.verdict,
            Some(cell) if cell.judgement.verdict == Verdict::Unsound => Verdict::Unsound,
            _ => Verdict::Inconclusive,
        }
    }

    /// Whether nothing was refuted, and the audit was large enough for what was asked.
    ///
    /// What is suspect only is told by [`findings`](Self::findings) and turns no test red.
    pub fn is_sound(&self) -> bool {
        let suspect = self
            .result()
            .is_some_and(|cell| cell.judgement.is_suspect());
        self.verdict() == Verdict::Sound || suspect && self.problems.is_empty()
    }

    /// What was found, gravest first.
    pub fn findings(&self) -> &[Finding] {
        self.cell
            .as_ref()
            .map_or(&[], |cell| &cell.judgement.findings)
    }

    /// Everything that was found out, as in a report; `None` where no number could be read.
    pub fn result(&self) -> Option<&CellResult> {
        self.cell.as_ref()
    }

    /// Prints the bound that the audit supports and returns.
    ///
    /// # Panics
    /// When the streams are unsound, with the workers, the cause and the fix; or when the audit was
    /// too small for what was asked, with the size that would do.
    #[track_caller]
    pub fn assert_sound(&self) {
        assert!(self.is_sound(), "{self}");
        eprintln!("{self}");
    }
}

impl fmt::Display for Audited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.verdict().name())?;
        for problem in &self.problems {
            write!(f, "\n  cannot be judged: {problem}")?;
        }
        let Some(cell) = &self.cell else {
            return Ok(());
        };
        let judgement = &cell.judgement;
        write!(f, " ({})", judgement.bound)?;
        let shown = judgement
            .findings
            .iter()
            .filter(|finding| finding.severity > Severity::Note);
        for finding in shown {
            let mut text = String::new();
            write!(text, "\n{}: {}", finding.rule, finding.message)?;
            write!(text, "\ncause: {}\nfix: {}", finding.cause, finding.cure)?;
            f.write_str(&text.replace('\n', "\n  "))?;
        }
        if let Some(needs) = &judgement.needs {
            write!(f, "\n  needs: {needs}")?;
        }
        Ok(())
    }
}
