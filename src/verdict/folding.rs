//! One flaw, one finding: what follows from a finding is folded under it.

use super::{
    Case, Finding, Severity,
    signature::{self, EqualitySignature},
    words,
};
use crate::{
    results::{EqualStreams, FindingKind, Reading, RecoveredSeeds},
    verdict::Context,
};

/// What counters bring about: they are each other's copies plus a constant, and fail every test.
const OF_COUNTERS: [FindingKind; 4] = [
    FindingKind::DisguisedCopy,
    FindingKind::ShortPeriod,
    FindingKind::RepeatedWords,
    FindingKind::SuspectCopies,
];

/// Leaves out what follows from what counters are.
pub(super) fn under_counters(findings: &mut Vec<Finding>) -> bool {
    let counters = findings
        .iter()
        .any(|found| found.rule == FindingKind::Counters && found.severity == Severity::Error);
    if counters {
        findings.retain(|found| !OF_COUNTERS.contains(&found.rule));
    }
    counters
}

/// Leaves out what is only suspected of values, where something is proven of them.
pub(super) fn under_facts(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let values = matches!(case.analysis.reading, Some(Reading::Values { .. }));
    if values
        && findings
            .iter()
            .any(|found| found.severity == Severity::Error)
    {
        findings.retain(|found| found.severity != Severity::Suspect);
    }
}

/// Seeds that were found out by trying them settle why streams are equal: they are said there, and not again.
pub(super) fn under_equal_streams(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let Some(recovered) = case
        .analysis
        .recovered
        .as_ref()
        .filter(|found| found.ambient.is_none())
    else {
        return;
    };
    let equal = findings
        .iter_mut()
        .find(|found| found.rule == FindingKind::EqualStreams && found.severity == Severity::Error);
    let groups = case.analysis.joins.equal_streams.iter();
    let told = groups
        .filter(|group| group.is_within_run())
        .find_map(|group| one_seed(group, recovered, &case.context));
    let (Some(equal), Some(told)) = (equal, told) else {
        return;
    };
    let some = !recovered.all();
    equal.cause = match some {
        true => format!(
            "{told}, and no such seed was found for others: a default or a constant that these workers fall back to"
        ),
        false => format!("{told}: {}", equal.cause),
    };
    let drawn = !some
        && signature::groups(case).iter().any(|shared| {
            matches!(
                shared.signature,
                EqualitySignature::Narrow { .. } | EqualitySignature::Unknown
            )
        });
    findings.retain(|found| match found.rule {
        FindingKind::KnownSeeds => false,
        FindingKind::NarrowSeeds => drawn,
        _ => true,
    });
}

/// The seed that all streams of a group use.
fn one_seed(
    group: &EqualStreams,
    recovered: &RecoveredSeeds,
    context: &Context<'_>,
) -> Option<String> {
    let seed = |id| {
        recovered
            .seeds
            .iter()
            .find(|one| one.stream == id)
            .map(|one| one.seed)
    };
    let first = seed(*group.streams.first()?)?;
    let all = group.streams.iter().all(|&id| seed(id) == Some(first));
    all.then(|| {
        let names = words::streams(&group.streams, group.count, context);
        format!("{names} all use {} with k = {first}", recovered.start)
    })
}
