//! Findings about equal streams.

use super::{MAX_STREAMS, finding};
use crate::{
    core::{RunGroup, StreamId},
    diagnosis::{
        EqualitySignature, PAIRS_THAT_TELL_A_WIDTH, diagnose_clock_runs, diagnose_dead_bits, diagnose_dissent,
        diagnose_equality, equality_signature,
    },
    judge::{Aim, Attribution, Case, Expect, Finding, Severity},
    results::{CopyKind, EqualStreams, Equality, Place, Witness},
    strategies::Promise,
};

pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    if let Aim::Audit {
        expect: Expect::Identical,
        ..
    } = case.aim
    {
        return case
            .analysis
            .equality
            .iter()
            .filter_map(|equality| differing_ranks(case, equality))
            .collect();
    }
    case.analysis
        .equality
        .iter()
        .flat_map(|equality| of_group(case, equality))
        .collect()
}

fn of_group(case: &Case<'_>, equality: &Equality) -> Vec<Finding> {
    let joins = &case.analysis.joins;
    let signature = equality_signature(equality, joins, &case.context);
    let in_group = |id: StreamId| {
        case.context
            .runs
            .iter()
            .find(|info| info.run == id.run)
            .map_or(RunGroup::Fresh, |info| info.group)
            == equality.group
    };
    let groups: Vec<&EqualStreams> = joins
        .equal_streams
        .iter()
        .filter(|group| group.streams.first().is_some_and(|&id| in_group(id)))
        .collect();
    let say = |rule: &str| diagnose_equality(rule, equality, &signature, joins, &case.context);
    let attribution = attribution(case);
    let copy_severity = if attribution == Attribution::Generator {
        Severity::Warning
    } else {
        Severity::Error
    };
    let mut findings = Vec::new();
    if equality.same_run_pairs > 0 {
        let mut found = finding(
            "equal-streams",
            copy_severity,
            attribution,
            say("equal-streams"),
        );
        name_streams(&mut found, &groups, EqualStreams::is_within_run);
        findings.push(found);
    }
    let rooted_repeat = equality.group == RunGroup::Rooted && !equality.repeated_runs.is_empty();
    if equality.other_pairs + equality.same_task_pairs > 0 || rooted_repeat {
        // Where all tasks of all runs are equal the runs share what the tasks share already.
        let mut found = finding(
            "cross-run-sharing",
            copy_severity,
            attribution,
            say("cross-run-sharing"),
        );
        name_streams(&mut found, &groups, |group| group.runs > 1);
        if rooted_repeat && found.streams.is_empty() {
            name_repeats(&mut found, equality);
        }
        findings.push(found);
    }
    if matches!(signature, EqualitySignature::Narrow { .. })
        && equality.pairs() >= PAIRS_THAT_TELL_A_WIDTH
    {
        let mut found = finding(
            "narrow-seeds",
            copy_severity,
            attribution,
            say("narrow-seeds"),
        );
        name_streams(&mut found, &groups, |_| true);
        findings.push(found);
    }
    // A walk of the seed tells every bit by itself.
    if rooted_repeat
        && case.analysis.seed_walk.is_none()
        && let Some(dead) = diagnose_dead_bits(equality, &case.context)
    {
        let mut found = finding("dead-seed-bits", copy_severity, attribution, dead);
        name_repeats(&mut found, equality);
        findings.push(found);
    }
    if equality.group == RunGroup::Fresh && !equality.repeated_runs.is_empty() {
        let clock = match &case.analysis.recovered {
            Some(seeds) if seeds.ambient.is_some() => None,
            _ => diagnose_clock_runs(equality, &case.context),
        };
        let mut found = match clock {
            Some(clock) => finding("ambient-seeds", Severity::Error, Attribution::Seeding, clock),
            None => {
                let (rule, severity) = repeat_severity(case, equality);
                finding(rule, severity, Attribution::Seeding, say(rule))
            }
        };
        name_repeats(&mut found, equality);
        findings.push(found);
    }
    findings
}

/// Independent seeds of this generator make equal streams too: its state is that small.
fn attribution(case: &Case<'_>) -> Attribution {
    let control_shares = case
        .control
        .is_some_and(|control| control.equality.iter().any(|equality| equality.pairs() > 0));
    if control_shares {
        Attribution::Generator
    } else {
        Attribution::Seeding
    }
}

/// Runs that repeat each other: right where a seed is fixed on purpose, wrong where freshness is
/// promised or expected, doubtful where some runs repeat and others do not.
fn repeat_severity(case: &Case<'_>, equality: &Equality) -> (&'static str, Severity) {
    match case.aim {
        Aim::Strategy(declared) if declared.promises.contains(Promise::Fresh) => {
            ("not-fresh", Severity::Error)
        }
        Aim::Strategy(_) => ("runs-repeat", Severity::Error),
        Aim::Audit {
            expect: Expect::Fresh,
            ..
        } => ("runs-repeat", Severity::Error),
        Aim::Audit { .. } if equality.repeated_runs.len() as u64 + 1 == equality.runs => {
            ("runs-repeat", Severity::Note)
        }
        Aim::Audit { .. } => ("runs-repeat", Severity::Warning),
    }
}

fn name_streams(
    found: &mut Finding,
    groups: &[&EqualStreams],
    concerned: impl Fn(&EqualStreams) -> bool,
) {
    let concerned: Vec<&&EqualStreams> = groups.iter().filter(|group| concerned(group)).collect();
    found.stream_count = concerned.iter().map(|group| group.count).sum();
    found.streams = concerned
        .iter()
        .flat_map(|group| group.streams.iter().copied())
        .take(MAX_STREAMS)
        .collect();
    found.witness = concerned
        .first()
        .and_then(|group| equal_witness(&group.streams, group.words));
}

fn equal_witness(streams: &[StreamId], words: u64) -> Option<Witness> {
    let [a, b, ..] = *streams else { return None };
    let place = |stream| Place { stream, word: 0 };
    Some(Witness {
        a: place(a),
        b: place(b),
        words,
        copy: CopyKind::Equal,
        reversed: false,
    })
}

fn name_repeats(found: &mut Finding, equality: &Equality) {
    found.stream_count = equality.repeated_runs.iter().map(|r| r.tasks).sum();
}

fn differing_ranks(case: &Case<'_>, equality: &Equality) -> Option<Finding> {
    let dissent = equality
        .dissent
        .as_ref()
        .filter(|dissent| dissent.count > 0)?;
    let mut found = finding(
        "ranks-differ",
        Severity::Error,
        Attribution::Seeding,
        diagnose_dissent(equality, dissent, &case.context),
    );
    found.streams.clone_from(&dissent.streams);
    found.stream_count = dissent.count;
    Some(found)
}
