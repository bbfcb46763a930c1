//! Tasks of one run that draw the same words.

use crate::{
    results::{EqualStreams, Equality, FindingKind, Joins},
    verdict::{
        Case, Context, Finding, Rule, Severity, cures, fixes, rule::no_more, signature, words,
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::EqualStreams,
    title: "two or more tasks of one run draw the same words",
    severity: Severity::Error,
    meaning: "Tasks that draw the same words repeat one computation instead of sampling anew: a \
              mean over them has the error of far fewer tasks, and every interval computed from \
              the nominal number is too narrow.",
    causes: &[
        "workers forked from one parent inherit its generator's state (Python's multiprocessing on Linux, by default up to 3.13, later where fork is asked for)",
        "the seed is a fact that tasks have in common: a constant, the worker's ordinal, a process id (1 in every container), the start second",
        "the seed is made from the worker by a division or a remainder (worker / 4, worker modulo 16, a node id, a local rank): groups of equal size, side by side or at one step",
        "the seed has so few bits that two tasks draw the same one by chance: groups of any size, anywhere",
        "a generator is cloned, pickled or broadcast together with its state",
    ],
    fix: fixes::TASK_STREAM,
    references: &[
        "https://github.com/numpy/numpy/issues/9650",
        "https://github.com/pytorch/pytorch/issues/5059",
        "https://github.com/rust-random/rand/issues/1362",
        "https://github.com/joblib/joblib/issues/36",
    ],
    cure: cures::PER_TASK,
    found,
    cause: no_more,
};

fn found(case: &Case<'_>) -> Vec<Finding> {
    let groups = signature::groups(case).into_iter();
    groups
        .filter(|shared| shared.equality.same_run_pairs > 0)
        .map(|shared| {
            let message = message(shared.equality, &case.analysis.joins, &case.context);
            let mut found = shared.finding(FindingKind::EqualStreams, message, &case.context);
            shared.name_streams(&mut found, EqualStreams::is_within_run);
            found
        })
        .collect()
}

pub(super) fn message(equality: &Equality, joins: &Joins, context: &Context<'_>) -> String {
    let example = joins
        .equal_streams
        .iter()
        .find(|group| group.is_within_run())
        .map_or_else(String::new, |group| {
            format!(
                ": {} draw the same {}",
                words::streams(&group.streams, group.count, context),
                words::counted(group.words, "word")
            )
        });
    format!(
        "{} of tasks in one run draw the same words{example}; your {} are worth {}",
        words::counted(equality.same_run_pairs, "pair"),
        words::counted(equality.streams, "stream"),
        words::amount(equality.effective_streams()),
    )
}
