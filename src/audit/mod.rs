//! Judges the seeding of a program from the numbers it drew: captures, commands, and generators
//! handed over in a `#[test]`.

mod again;
mod builder;
mod controls;
mod describe;
mod flips;
mod identical;
mod program;
mod proposals;
mod reading;
mod report;
mod roster;

use std::borrow::Cow;

#[doc(hidden)]
pub use again::{fresh_runs, look_again};
pub use builder::{Audit, AuditStream, Audited};
pub use program::{ProgramError, ProgramRuns, Spent, Watcher};
pub use reading::{Declared, ReadAs};
#[doc(hidden)]
pub use report::notes;
pub use report::report;
pub use roster::Roster;

use crate::{
    analyze::AnalyzeOptions,
    capture::{Capture, CaptureError},
    joins::Room,
    record::CellResult,
    results::{Analysis, Depth},
    verdict::{self, Aim, Case, Context, Demands, Expect, Judgement, Policy, Verdict},
    vocabulary::{
        Arena, Elsewhere, Evidence, EvidenceSource, Launch, Layout, Piece, SourceShape, StreamId,
    },
};

/// What is asked of a capture.
#[derive(Clone, Copy, Debug, Default)]
pub struct Question {
    /// What its streams should be.
    pub expect: Expect,
    /// The size of flaw that must be visible for a sound verdict.
    pub demands: Demands,
    /// How deep the analysis goes.
    pub depth: Depth,
    /// How many workers executed a run, where that is known and not the number of streams.
    pub workers: Option<u32>,
    /// How many streams there must be: where some are missing, the verdict is open.
    pub roster: Roster,
    /// Bytes of evidence that are tested and joined element by element, where not as many as is usual; see
    /// [`AnalyzeOptions::tested_bytes`].
    pub tested_bytes: Option<u64>,
    /// Larger evidence is joined by one window in so many, where not by as many as is usual.
    pub one_window_in: Option<u64>,
    /// What the analysis may take: it changes how long that takes, and nothing that it says.
    pub room: Room,
    /// What is known of the numbers.
    pub declared: Declared,
    /// How many rows the check has that this audit belongs to; 0 stands for 1.
    pub check_rows: u64,
    /// Whether seeds of known generators are not tried, as where a thousand programs are judged that have none.
    pub skips_seeds: bool,
}

/// Judges a capture in which the streams of some groups must be equal to each other within every run,
/// and all others distinct. Streams are named as [`Capture::named`] says.
///
/// # Errors
/// As [`audit`]; and when a name is no stream's, or a group has no two streams in any run.
#[doc(hidden)]
pub fn audit_groups(
    capture: &mut Capture,
    question: Question,
    identical: &[Vec<String>],
) -> Result<CellResult, CaptureError> {
    if identical.is_empty() {
        return audit(capture, question);
    }
    // Of those who must agree only one is left.
    let missing = question.roster.missing(capture.ids());
    let question = Question {
        roster: Roster::default(),
        ..question
    };
    let agreement = identical::agree(capture, identical, question)?;
    let mut result = audit(capture, question)?;
    if !agreement.findings.is_empty() {
        result.judgement.verdict = Verdict::Unsound;
        result.judgement.needs = None;
        result.judgement.findings.splice(0..0, agreement.findings);
        result.names.extend(agreement.names);
    }
    if let Some(missing) = missing {
        missing.open(&mut result.judgement);
    }
    Ok(result)
}

/// Analyses and judges a capture. It is read only as far as a decision needs; what turns out to be
/// unreadable is left out and added to the capture's [problems](Capture::problems).
///
/// # Errors
/// When nothing of it can be read.
pub fn audit(capture: &mut Capture, question: Question) -> Result<CellResult, CaptureError> {
    let options = AnalyzeOptions {
        depth: question.depth,
        repeats_decide: question.expect == Expect::Fresh,
        equality_only: question.expect == Expect::Identical,
        tested_bytes: question.tested_bytes,
        one_window_in: question.one_window_in,
        room: question.room,
    };
    let analysis = reading::analysis(capture, question, options)?;
    let names = describe::names(capture, &analysis);
    let mut judgement = judged(capture, &analysis, &names, question);
    if let Some(missing) = question.roster.missing(capture.ids()) {
        missing.open(&mut judgement);
    }
    let heatmap = describe::heatmap(capture, &analysis);
    Ok(CellResult {
        runs: capture.runs().to_vec(),
        heatmap,
        chi_square_inflation: describe::inflation(&analysis),
        names,
        ..CellResult::new(judgement, analysis, capture.format())
    })
}

/// The judgement of what an analysis of a capture, or of some of its streams, has found.
fn judged(
    capture: &Capture,
    analysis: &Analysis,
    names: &[(StreamId, String)],
    question: Question,
) -> Judgement {
    let launches: Vec<(StreamId, Launch)> = capture.launches().collect();
    let labels: Vec<(StreamId, &[u64])> = capture.labels().collect();
    verdict::judge(&Case {
        analysis,
        format: capture.format(),
        aim: Aim::Audit {
            expect: question.expect,
            labelled: capture.is_labelled(),
        },
        policy: Policy {
            cells: question.check_rows.max(1),
            ..Policy::ONE_CAPTURE
        },
        second: None,
        control: None,
        context: Context {
            runs: capture.runs(),
            workers: question.workers,
            names,
            launches: &launches,
            labels: &labels,
            ..Context::default()
        },
        demands: question.demands,
    })
}

/// A capture is read level by level.
pub(crate) struct CaptureSource<'a>(pub(crate) &'a mut Capture);

impl EvidenceSource for CaptureSource<'_> {
    type Error = CaptureError;

    fn shape(&self) -> SourceShape {
        SourceShape {
            streams: self.0.streams(),
            words_per_stream: self.0.longest(),
        }
    }

    fn load(&mut self, words_per_stream: usize) -> Result<Cow<'_, Evidence>, CaptureError> {
        self.0.load(words_per_stream).map(Cow::Borrowed)
    }

    fn layout(&self) -> Layout {
        self.0.layout()
    }

    fn takes_turns(&self) -> bool {
        self.0.takes_turns()
    }

    fn values_per_row(&self) -> u32 {
        self.0.values_per_row()
    }

    fn load_pieces(&mut self, pieces: &[Piece], arena: Arena) -> Result<Evidence, CaptureError> {
        self.0.load_pieces(pieces, arena)
    }

    fn elsewhere(&mut self) -> Option<Elsewhere<'_, CaptureError>> {
        self.0.elsewhere()
    }

    fn look_as(&mut self, look: &str) -> bool {
        self.0.look_as(look)
    }
}
