//! Runs that draw the same words, task by task.

use crate::{
    results::{Equality, FindingKind},
    strategies::Promise,
    verdict::{
        Aim, Attribution, Case, Diagnosis, Expect, Finding, Rule, Severity, cures, fixes,
        rule::no_more,
        signature::{self, clock},
        words,
    },
    vocabulary::RunGroup,
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::RunsRepeat,
    title: "two runs draw the same words, task by task",
    severity: Severity::Note,
    meaning: "The program's seed is fixed: every run repeats the last one. That is right for a \
              reproduction and wrong for a replication; pooling such runs adds no information. \
              It is a note in an audit, because most programs fix their seed on purpose, and an \
              error where runs are expected to be fresh.",
    causes: &[
        "a seed written into the program or its configuration",
        "a default seed that nobody set (0 in several serving frameworks)",
        "a clock that had not ticked between two starts, or a machine restored from a snapshot",
    ],
    fix: fixes::FRESH_ROOT,
    references: &[
        "https://github.com/vllm-project/vllm/issues/11953",
        "https://github.com/stan-dev/cmdstan/issues/1241",
    ],
    cure: cures::ONE_ROOT,
    found,
    cause: no_more,
};

fn found(case: &Case<'_>) -> Vec<Finding> {
    repeats_as(case, FindingKind::RunsRepeat)
}

/// Fresh runs that repeat each other, where that is a finding of this kind.
pub(super) fn repeats_as(case: &Case<'_>, wanted: FindingKind) -> Vec<Finding> {
    let mut findings = Vec::new();
    for shared in signature::groups(case) {
        let equality = shared.equality;
        if equality.group != RunGroup::Fresh || equality.repeated_runs.is_empty() {
            continue;
        }
        // Where a clock is known to be the seed, that is said by itself.
        let by_clock = clock::runs_of_one_tick(equality, &case.context).is_some();
        let (kind, severity) = kind_and_severity(case, equality);
        if kind == wanted && !by_clock {
            let said = Diagnosis {
                message: message(equality),
                cause: cause(equality).to_owned(),
                cure: cures::ONE_ROOT.to_owned(),
            };
            let mut found = Finding::diagnosed(kind, severity, Attribution::Seeding, said);
            shared.name_repeats(&mut found);
            findings.push(found);
        }
    }
    findings
}

/// Runs that repeat each other: right where a seed is fixed on purpose, wrong where freshness is
/// promised or expected, doubtful where some runs repeat and others do not.
fn kind_and_severity(case: &Case<'_>, equality: &Equality) -> (FindingKind, Severity) {
    match case.aim {
        Aim::Strategy(declared) if declared.promises.contains(Promise::Fresh) => {
            (FindingKind::NotFresh, Severity::Error)
        }
        Aim::Strategy(_) => (FindingKind::RunsRepeat, Severity::Error),
        Aim::Audit {
            expect: Expect::Fresh,
            ..
        } => (FindingKind::RunsRepeat, Severity::Error),
        Aim::Audit { .. } if equality.repeated_runs.len() as u64 + 1 == equality.runs => {
            (FindingKind::RunsRepeat, Severity::Note)
        }
        Aim::Audit { .. } => (FindingKind::RunsRepeat, Severity::Warning),
    }
}

fn cause(equality: &Equality) -> &'static str {
    if equality.repeated_runs.len() as u64 + 1 < equality.runs {
        "the seed is not fixed, since other runs draw other words: a clock that had not ticked between two \
         starts, or seeds from so few that two runs drew the same"
    } else {
        "the seed is fixed: a constant or a default that nobody set"
    }
}

fn message(equality: &Equality) -> String {
    equality
        .repeated_runs
        .first()
        .map_or_else(String::new, |repeat| {
            format!(
                "{} of {} repeat an earlier one task by task: {} draws what {} drew, in all {}",
                words::count(equality.repeated_runs.len() as u64),
                words::counted(equality.runs, "run"),
                repeat.run,
                repeat.repeats,
                words::counted(repeat.tasks, "common task"),
            )
        })
}
