//! What the multiplicities of an unlabelled list tell: the note's `Counter`, read.

use super::{Diagnosis, find, words};
use crate::results::Duplicates;

/// How many rows of the multiplicity table a message shows.
const SHOWN: usize = 4;

/// What happened in a pool whose values come without labels.
pub fn diagnose_multiplicities(duplicates: &Duplicates, workers: Option<u32>) -> Diagnosis {
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
    let rule = find("repeated-values");
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
        None => rule
            .and_then(|rule| rule.causes.first())
            .map_or_else(String::new, |cause| (*cause).to_owned()),
    };
    Diagnosis {
        message,
        cause,
        cure: "give every task a generator of its own: one root of entropy a run, and a key from \
               root and task index"
            .into(),
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
        let diagnosis = diagnose_multiplicities(&duplicates, Some(8));
        assert!(diagnosis.cause.starts_with("state inherited by fork"));
        assert!(diagnosis.cause.contains("equals the pool of 8"));
        assert!(
            diagnosis
                .message
                .contains("4 × 8 times, 8 × 6 times, 4 × 5 times")
        );
        assert!(
            diagnose_multiplicities(&duplicates, Some(4))
                .cause
                .contains("ordinal")
        );
    }
}
