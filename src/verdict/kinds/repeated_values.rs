//! What the multiplicities of an unlabelled list tell: the note's `Counter`, read.

use crate::{
    results::{Duplicates, FindingKind},
    verdict::{
        Diagnosis, Rule, Severity, fixes,
        rule::{no_more, nothing},
        words,
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::RepeatedValues,
    title: "values of a pool's output come several times",
    severity: Severity::Error,
    meaning: "The values are not labelled with the worker that drew them, but their \
              multiplicities alone convict: independent draws of that width would practically \
              never repeat. The multiplicities tell how many workers walked the same sequence.",
    causes: &[
        "every worker inherited the parent's generator state at the fork",
        "every task seeds itself with the worker's ordinal, a constant or a clock",
    ],
    fix: fixes::TASK_STREAM,
    references: &[
        "https://github.com/numpy/numpy/issues/9650",
        "https://github.com/joblib/joblib/issues/36",
    ],
    cure: CURE,
    found: nothing,
    cause: no_more,
};

const CURE: &str = "give every task a generator of its own: one root of entropy a run, and a key from \
               root and task index";

/// How many rows of the multiplicity table a message shows.
const SHOWN: usize = 4;

/// What happened in a pool whose values come without labels.
pub(in crate::verdict) fn diagnosis(duplicates: &Duplicates, workers: Option<u32>) -> Diagnosis {
    let table: Vec<String> = duplicates
        .multiplicities
        .iter()
        .rev()
        .take(SHOWN)
        .map(|row| format!("{} × {} times", row.count, row.times))
        .collect();
    let more = if duplicates.multiplicities.len() > SHOWN {
        " …"
    } else {
        ""
    };
    let message = format!(
        "{} values hold only {} different ones ({}{more}), where {:.2e} repeats are to be expected",
        words::count(duplicates.total),
        words::count(duplicates.distinct),
        table.join(", "),
        duplicates.expected_repeats,
    );
    let most = duplicates.multiplicities.last().map_or(1, |row| row.times);
    let cause = match workers.map(u64::from) {
        Some(workers) if most == workers => format!(
            "state inherited by fork: every worker walks the same sequence, and the multiplicity of \
             the commonest values equals the pool of {workers}"
        ),
        Some(workers) if most < workers => format!(
            "no value comes more than {most} times, and the pool has {workers} workers: state \
             inherited by fork, each worker as far as its tasks took it; or seeds too narrow"
        ),
        Some(workers) => format!(
            "values come up to {most} times among {workers} workers: tasks seed themselves anew with \
             the worker's ordinal, a constant, a clock or too few bits"
        ),
        None => RULE.first_cause(),
    };
    Diagnosis {
        message,
        cause,
        cure: CURE.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Multiplicity;

    #[test]
    fn a_multiplicity_as_large_as_the_pool_is_inherited_state() {
        // The origin note's table.
        let duplicates = Duplicates {
            total: 100,
            distinct: 16,
            multiplicities: [(5, 4), (6, 8), (8, 4)]
                .map(|(times, count)| Multiplicity { times, count })
                .to_vec(),
            ..Duplicates::default()
        };
        let said = diagnosis(&duplicates, Some(8));
        assert!(said.cause.starts_with("state inherited by fork"));
        assert!(said.cause.contains("equals the pool of 8"));
        assert!(
            said.message
                .contains("4 × 8 times, 8 × 6 times, 4 × 5 times")
        );
        assert!(diagnosis(&duplicates, Some(4)).cause.contains("ordinal"));
    }
}
