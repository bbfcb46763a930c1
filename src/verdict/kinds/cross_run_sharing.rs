//! Streams that different runs share.

use crate::{
    results::{Equality, FindingKind, Joins},
    verdict::{
        Case, Context, Finding, Rule, Severity, cures, fixes, rule::no_more, signature, words,
    },
    vocabulary::RunGroup,
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::CrossRunSharing,
    title: "a task of one run draws the words of another task of another run",
    severity: Severity::Error,
    meaning: "Runs that are meant to be independent replications share streams. Averages over runs \
              are correlated, and comparing two runs compares some tasks with themselves.",
    causes: &[
        "task i is seeded with root + i: neighbouring roots give runs that are shifted copies of each other",
        "the seed mixes root and task by xor or a sum, so that different pairs meet in one value",
        "the seed is narrow, or read from a clock, a process id or another fact that comes again",
    ],
    fix: fixes::KEYED_SEED,
    references: &[
        "https://github.com/DLR-RM/stable-baselines3/issues/2268",
        "https://github.com/Lightning-AI/pytorch-lightning/issues/6960",
        "https://numpy.org/doc/stable/reference/random/parallel.html",
    ],
    cure: cures::PER_TASK,
    found,
    cause: no_more,
};

fn found(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for shared in signature::groups(case) {
        let equality = shared.equality;
        let repeat = shared.rooted_runs_repeat();
        // Where all tasks of all runs are equal the runs share what the tasks share already.
        if equality.other_pairs + equality.same_task_pairs > 0 || repeat {
            let message = message(equality, &case.analysis.joins, &case.context);
            let mut found = shared.finding(FindingKind::CrossRunSharing, message, &case.context);
            shared.name_streams(&mut found, |group| group.runs > 1);
            if repeat && found.streams.is_empty() {
                shared.name_repeats(&mut found);
            }
            findings.push(found);
        }
    }
    findings
}

fn message(equality: &Equality, joins: &Joins, context: &Context<'_>) -> String {
    if equality.group == RunGroup::Rooted
        && let Some(repeat) = equality.repeated_runs.first()
    {
        let root = |run| {
            context
                .runs
                .iter()
                .find(|info| info.run == run)
                .and_then(|info| info.root)
                .map_or_else(|| run.to_string(), |root| format!("root {root}"))
        };
        return format!(
            "{} and {} draw the same words, task by task ({}): the root makes no difference",
            root(repeat.repeats),
            root(repeat.run),
            words::counted(repeat.tasks, "task"),
        );
    }
    let example = joins
        .equal_streams
        .iter()
        .find(|group| group.is_cross_run())
        .or(joins.equal_streams.first())
        .map_or_else(String::new, |group| {
            format!(
                ": {} draw the same {}",
                words::streams(&group.streams, group.count, context),
                words::counted(group.words, "word")
            )
        });
    let pairs = equality.other_pairs + equality.same_task_pairs;
    format!(
        "{} of tasks in different runs draw the same words{example}",
        words::counted(pairs, "pair")
    )
}
