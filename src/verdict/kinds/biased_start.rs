//! First draws that are not uniform over tasks.

use crate::{
    results::{FindingKind, TestResult, View},
    verdict::{Rule, Severity, cures, fixes, rule::nothing, words},
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::BiasedStart,
    title: "the first draws over tasks are not uniform",
    severity: Severity::Error,
    meaning: "Taken across tasks, the first words are not spread as they should be, although each \
              stream later looks random. A task that draws only a few numbers sees nothing else.",
    causes: &[
        "near seeds and no mixing: the first outputs of seeds 0, 1, 2 … are near each other too",
        "a seed that fills only part of a large state (sparse states need thousands of draws to mix)",
    ],
    fix: fixes::KEYED_SEED,
    references: &[
        "https://github.com/stan-dev/stan/issues/3167",
        "https://github.com/apache/spark/pull/18990",
    ],
    cure: cures::KEYED,
    found: nothing,
    cause,
};

fn cause(result: &TestResult) -> Option<String> {
    match &result.view {
        View::SeedFlips => Some(
            "seeds that differ in one bit start streams that are alike: the seed is not hashed on its \
             way into the state"
                .to_owned(),
        ),
        View::Transposed { words } => Some(format!(
            "the first {} of each stream, taken across tasks, {}: near seeds without warm-up or \
             mixing, or words that streams share from the start",
            words::counted(u64::from(*words), "draw"),
            if *words == 1 {
                "is uneven"
            } else {
                "are uneven"
            },
        )),
        _ => None,
    }
}
