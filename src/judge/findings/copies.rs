//! Findings about shared runs of words, partial copies and short periods.

use super::{MAX_STREAMS, finding};
use crate::{
    core::StreamId,
    diagnosis::{diagnose_copy, diagnose_partial_copy, diagnose_period},
    judge::{Aim, Attribution, Case, Expect, Finding, Severity, procedure::JOINS},
    results::{CopyKind, Joins, PartialCopy, SharedRun, Witness},
};

/// What shared runs have in common when they are told as one finding.
type Kind = (&'static str, std::mem::Discriminant<CopyKind>, bool, bool);

fn kind(run: &SharedRun) -> Kind {
    let witness = &run.witness;
    (
        if witness.is_plain() {
            "shifted-overlap"
        } else {
            "disguised-copy"
        },
        std::mem::discriminant(&witness.copy),
        witness.reversed,
        is_replay(witness),
    )
}

/// One task that draws in another run mostly what it drew, a little earlier or later. A run that
/// resumes shortly before another ended shares little with it.
fn is_replay(witness: &Witness) -> bool {
    let (a, b) = (witness.a, witness.b);
    a.stream.run != b.stream.run
        && a.stream.task == b.stream.task
        && witness.lag().unsigned_abs() < witness.words
}

pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let joins = &case.analysis.joins;
    let mut findings = shared(case, joins);
    findings.extend(periods(case, joins));
    findings.extend(partial_copies(case, joins));
    findings
}

/// The finding about copies so long, against all words that were looked at, that tests see them too.
pub(super) fn seen_by_tests(case: &Case<'_>) -> Option<&'static str> {
    let long = |run: &SharedRun| {
        run.witness.words >= LONG && run.witness.words * PART >= case.analysis.words_per_stream
    };
    let joins = &case.analysis.joins;
    let copied = joins
        .shared
        .iter()
        .find(|run| !is_replay(&run.witness) && long(run))
        .map(|run| kind(run).0);
    let partly = |copy: &PartialCopy| copy.equal * PART >= case.analysis.words_per_stream;
    copied.or(joins
        .partial_copies
        .iter()
        .any(partly)
        .then_some("repeated-words"))
}

/// Words from which on a copy is long, and the part of a stream it then has to be.
const LONG: u64 = 16;
const PART: u64 = 128;

fn shared(case: &Case<'_>, joins: &Joins) -> Vec<Finding> {
    let mut kinds: Vec<Kind> = Vec::new();
    for run in &joins.shared {
        if !kinds.contains(&kind(run)) {
            kinds.push(kind(run));
        }
    }
    kinds
        .into_iter()
        .map(|wanted| {
            let mut runs: Vec<&SharedRun> = joins
                .shared
                .iter()
                .filter(|run| kind(run) == wanted)
                .collect();
            runs.sort_by_key(|run| std::cmp::Reverse(run.witness.words));
            shared_finding(case, wanted, &runs)
        })
        .collect()
}

fn shared_finding(case: &Case<'_>, kind: Kind, runs: &[&SharedRun]) -> Finding {
    let control_too = case.control.is_some_and(|control| {
        control
            .joins
            .shared
            .iter()
            .any(|run| self::kind(run).0 == kind.0)
    });
    let attribution = if control_too {
        Attribution::Generator
    } else {
        Attribution::Seeding
    };
    // A program with a fixed seed whose tasks consume a little differently from run to run overlaps
    // with itself: by intent, unless runs are to be fresh.
    let on_purpose = kind.3
        && matches!(
            case.aim,
            Aim::Audit {
                expect: Expect::Default,
                ..
            }
        );
    let severity = if control_too || on_purpose {
        Severity::Warning
    } else {
        Severity::Error
    };
    let mut found = finding(
        kind.0,
        severity,
        attribution,
        diagnose_copy(runs, &case.context),
    );
    let mut streams: Vec<StreamId> = runs
        .iter()
        .flat_map(|run| [run.witness.a.stream, run.witness.b.stream])
        .collect();
    streams.sort_unstable();
    streams.dedup();
    found.stream_count = streams.len() as u64;
    streams.truncate(MAX_STREAMS);
    found.streams = streams;
    found.witness = runs.first().map(|run| run.witness.clone());
    found
}

/// Streams that repeat themselves: the generator's where independent seeds do it too, and where a
/// stream is in disguise what it was before, as arithmetic progressions are. A program that repeats
/// itself is refuted whosever flaw it is.
fn periods(case: &Case<'_>, joins: &Joins) -> Option<Finding> {
    let used_twice = joins.periods.is_empty();
    let mut periods = match used_twice {
        true => joins.reused.clone(),
        false => joins.periods.clone(),
    };
    periods.sort_by_key(|period| !period.is_plain());
    let first = periods.first()?;
    let control_too = case
        .control
        .is_some_and(|control| !control.joins.periods.is_empty());
    let (severity, attribution) = match (case.aim, control_too || !first.is_plain()) {
        _ if used_twice => (Severity::Note, Attribution::Unseparated),
        (_, true) => (Severity::Warning, Attribution::Generator),
        (Aim::Strategy(_), false) => (Severity::Error, Attribution::Seeding),
        // Streams that walk one cycle overlap; streams that are seeded again and again do not.
        (Aim::Audit { .. }, false) if joins.shared.is_empty() => {
            (Severity::Error, Attribution::Seeding)
        }
        (Aim::Audit { .. }, false) => (Severity::Error, Attribution::Unseparated),
    };
    let mut found = finding(
        "short-period",
        severity,
        attribution,
        diagnose_period(&periods, used_twice, &case.context),
    );
    found.stream_count = periods.len() as u64;
    found.streams = periods
        .iter()
        .map(|period| period.a.stream)
        .take(MAX_STREAMS)
        .collect();
    found.witness = Some(first.clone());
    Some(found)
}

fn partial_copies(case: &Case<'_>, joins: &Joins) -> Option<Finding> {
    let levels = case.analysis.levels.len().max(1) as f64;
    let cells = case.policy.cells.max(1) as f64;
    let chance = |copy: &PartialCopy| copy.chance * levels * cells;
    let worst = joins
        .partial_copies
        .iter()
        .min_by(|x, y| x.chance.total_cmp(&y.chance))?;
    let control_too = case
        .control
        .is_some_and(|control| !control.joins.partial_copies.is_empty());
    let (severity, attribution) = if control_too {
        (Severity::Warning, Attribution::Generator)
    } else if chance(worst) < JOINS {
        (Severity::Error, Attribution::Seeding)
    } else {
        (Severity::Note, Attribution::Unseparated)
    };
    let mut found = finding(
        "repeated-words",
        severity,
        attribution,
        diagnose_partial_copy(&joins.partial_copies, worst, &case.context),
    );
    found.streams = vec![worst.a.stream, worst.b.stream];
    found.stream_count = 2;
    found.p = Some(chance(worst).min(1.0));
    Some(found)
}
