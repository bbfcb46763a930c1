//! Promised × measured, and whether the verdict is the one that is declared.

use super::{
    AsDeclared, Attribution, Context, Declared, Finding, Measured, PromiseRow, Severity, Verdict,
    signature::{EqualitySignature, equality_signature},
};
use crate::{
    results::{Analysis, CopyKind, FindingKind},
    strategies::{Claim, Flaw, Promise},
    vocabulary::{BackendKind, RunGroup, StreamId},
};

/// The matrix row by row.
pub(super) fn promises(
    declared: &Declared<'_>,
    analysis: &Analysis,
    findings: &[Finding],
    context: &Context<'_>,
) -> Vec<PromiseRow> {
    Promise::ALL
        .into_iter()
        .map(|promise| PromiseRow {
            promise,
            promised: declared.promises.contains(promise),
            measured: measure(promise, declared, analysis, findings, context),
        })
        .collect()
}

fn measure(
    promise: Promise,
    declared: &Declared<'_>,
    analysis: &Analysis,
    findings: &[Finding],
    context: &Context<'_>,
) -> Measured {
    let convicted = |kinds: &[FindingKind]| {
        findings
            .iter()
            .any(|f| f.severity == Severity::Error && kinds.contains(&f.rule))
    };
    let refuted = |broken: bool| {
        if broken {
            Measured::Broken
        } else {
            Measured::Held
        }
    };
    let observed =
        |equal: Option<bool>| equal.map_or(Measured::NotMeasured, |equal| refuted(!equal));
    let several_tasks = analysis
        .equality
        .iter()
        .any(|equality| equality.streams > equality.runs);
    match promise {
        Promise::Distinct if !several_tasks => Measured::NotMeasured,
        Promise::Distinct => refuted(shares_within_run(analysis, findings)),
        Promise::Fresh => {
            let fresh = analysis
                .equality
                .iter()
                .find(|equality| equality.group == RunGroup::Fresh && equality.runs > 1);
            fresh.map_or(Measured::NotMeasured, |equality| {
                refuted(
                    !equality.repeated_runs.is_empty()
                        || equality.same_task_pairs + equality.other_pairs > 0
                        || shares_between_fresh_runs(analysis, findings, context),
                )
            })
        }
        Promise::Replayable => observed(declared.replay_equal),
        Promise::ScheduleFree => observed(declared.schedule_equal),
        Promise::ForkSafe if declared.backend != BackendKind::Fork || !several_tasks => {
            Measured::NotMeasured
        }
        Promise::ForkSafe => refuted(shares_between_workers(analysis, findings, context)),
        Promise::HostSafe if declared.backend != BackendKind::Sites || !several_tasks => {
            Measured::NotMeasured
        }
        Promise::HostSafe => refuted(shares_between_workers(analysis, findings, context)),
        Promise::Independent if analysis.tests.is_empty() => Measured::NotMeasured,
        Promise::Independent => refuted(convicted(&[
            FindingKind::DisguisedCopy,
            FindingKind::LinearRelation,
            FindingKind::CorrelatedStreams,
            FindingKind::RelatedNeighbours,
            FindingKind::CommonComponent,
            FindingKind::BiasedStart,
            FindingKind::DeadSeedBits,
            FindingKind::RepeatedWords,
        ])),
    }
}

/// Whether shared runs were charged to the generator.
fn excused(findings: &[Finding], kind: FindingKind) -> bool {
    findings
        .iter()
        .any(|f| f.rule == kind && f.attribution == Attribution::Generator)
}

fn shares_within_run(analysis: &Analysis, findings: &[Finding]) -> bool {
    let equal = !excused(findings, FindingKind::EqualStreams)
        && analysis
            .equality
            .iter()
            .any(|equality| equality.same_run_pairs > 0);
    equal || shared_pairs(analysis, findings).any(|(a, b)| a.run == b.run)
}

fn shares_between_fresh_runs(
    analysis: &Analysis,
    findings: &[Finding],
    context: &Context<'_>,
) -> bool {
    let is_fresh = |id: StreamId| {
        context
            .runs
            .iter()
            .find(|info| info.run == id.run)
            .is_none_or(|info| info.group == RunGroup::Fresh)
    };
    shared_pairs(analysis, findings).any(|(a, b)| a.run != b.run && is_fresh(a))
}

/// Pairs of streams that overlap: what is a copy in disguise, or agrees in single words only, breaks
/// the promise to be independent instead.
fn shared_pairs<'a>(
    analysis: &'a Analysis,
    findings: &'a [Finding],
) -> impl Iterator<Item = (StreamId, StreamId)> + 'a {
    analysis
        .joins
        .shared
        .iter()
        .filter(|run| run.witness.copy == CopyKind::Equal && !run.witness.reversed)
        .map(|run| (run.witness.a.stream, run.witness.b.stream))
        .filter(|_| !excused(findings, FindingKind::ShiftedOverlap))
}

/// Whether different workers of one run share, and not by the chance of narrow seeds: that breaks
/// the promise to be distinct, and says nothing of forks and hosts.
fn shares_between_workers(
    analysis: &Analysis,
    findings: &[Finding],
    context: &Context<'_>,
) -> bool {
    let different_workers = |a: StreamId, b: StreamId| {
        a.run == b.run
            && match (context.site(a), context.site(b)) {
                (Some(x), Some(y)) => x.worker != y.worker,
                _ => a.task != b.task,
            }
    };
    if shared_pairs(analysis, findings).any(|(a, b)| different_workers(a, b)) {
        return true;
    }
    let by_chance = |equality| {
        matches!(
            equality_signature(equality, &analysis.joins, context),
            EqualitySignature::Narrow { .. }
        )
    };
    let equal_workers = analysis.joins.equal_streams.iter().any(|group| {
        group.streams.iter().enumerate().any(|(i, &a)| {
            group.streams[i + 1..]
                .iter()
                .any(|&b| different_workers(a, b))
        })
    });
    equal_workers
        && !analysis
            .equality
            .iter()
            .filter(|equality| equality.same_run_pairs > 0)
            .all(by_chance)
}

/// Whether verdict, findings and promises are what the strategy says of itself.
pub(super) fn as_declared(
    declared: &Declared<'_>,
    analysis: &Analysis,
    verdict: Verdict,
    findings: &[Finding],
    promises: &[PromiseRow],
) -> AsDeclared {
    let broken_promise = promises
        .iter()
        .any(|row| row.promised && row.measured == Measured::Broken);
    if broken_promise {
        return AsDeclared::No;
    }
    match (declared.claim, verdict) {
        (Claim::Sound, Verdict::Sound) => AsDeclared::Yes,
        (Claim::Sound, Verdict::Inconclusive) => AsDeclared::NotDecidable,
        (Claim::Sound, Verdict::Unsound) => AsDeclared::No,
        (Claim::Broken(flaw), Verdict::Unsound) => {
            let caught = findings
                .iter()
                .any(|f| f.severity == Severity::Error && catches(flaw, f.rule));
            match (caught, shows_at(flaw, declared, analysis)) {
                (true, _) => AsDeclared::Yes,
                (false, true) => AsDeclared::No,
                (false, false) => AsDeclared::NotDecidable,
            }
        }
        (Claim::WeakGenerator(_), Verdict::Unsound) => AsDeclared::No,
        (Claim::Broken(flaw), _) => not_caught(flaw, declared, analysis),
        (Claim::WeakGenerator(flaw), _) => {
            // What only names the generator's state is a note, and shows its weakness all the same.
            let caught = findings.iter().any(|f| {
                let shown =
                    f.severity >= Severity::Warning || f.attribution == Attribution::Generator;
                shown && f.attribution != Attribution::Seeding && catches(flaw, f.rule)
            });
            if caught {
                AsDeclared::Yes
            } else {
                not_caught(flaw, declared, analysis)
            }
        }
    }
}

/// A flaw that must show at this size and does not: a test has broken.
fn not_caught(flaw: &Flaw, declared: &Declared<'_>, analysis: &Analysis) -> AsDeclared {
    if shows_at(flaw, declared, analysis) {
        AsDeclared::No
    } else {
        AsDeclared::NotDecidable
    }
}

fn shows_at(flaw: &Flaw, declared: &Declared<'_>, analysis: &Analysis) -> bool {
    let streams = analysis
        .equality
        .iter()
        .map(|equality| equality.streams)
        .max()
        .unwrap_or(0);
    streams >= u64::from(flaw.from_streams) && declared.words >= u64::from(flaw.from_words)
}

/// `not-fresh` is `runs-repeat` where freshness is promised: the one stands for the other.
fn catches(flaw: &Flaw, kind: FindingKind) -> bool {
    let repeats = [FindingKind::NotFresh, FindingKind::RunsRepeat];
    flaw.caught_by.contains(&kind)
        || (repeats.contains(&kind) && flaw.caught_by.iter().any(|id| repeats.contains(id)))
}
