//! A stream that is another one under a simple change.

use crate::{
    results::{CopyKind, FindingKind, SharedRun},
    verdict::{
        Case, Finding, Rule, Severity, cures, fixes,
        rule::no_more,
        signature::copies::{self, few_words, tells_how},
    },
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::DisguisedCopy,
    title: "a stream is another one under a simple change",
    severity: Severity::Error,
    meaning: "The words differ, but one stream is computed from the other by a fixed operation \
              (complement, negation, a constant added or xored, bits or bytes reordered, \
              truncation, time reversed). The two carry one stream's information.",
    causes: &[
        "a linear or counter-like generator with consecutive seeds",
        "streams told apart by an operation on the output instead of a seed of their own",
        "one stream is read as 64-bit words, another as doubles or 32-bit halves of the same words",
    ],
    fix_rust: fixes::KEYED_SEED.rust,
    fix_python: fixes::KEYED_SEED.python,
    references: &[
        "De Matteis & Pagnutti 1990, Long-range correlations in linear and non-linear random number generators, Parallel Computing 14, 207-210",
    ],
    cure: cures::BY_KEY,
    found,
    cause: no_more,
};

fn found(case: &Case<'_>) -> Vec<Finding> {
    copies::shared(case, FindingKind::DisguisedCopy, cause)
}

/// What the change tells, of the longest copy.
fn cause(shared: &[&SharedRun]) -> String {
    let witness = &shared[0].witness;
    match witness.copy {
        _ if !tells_how(witness) => few_words(witness),
        CopyKind::Equal => "one stream is the other backwards: two cursors that walk one sequence \
                            towards each other, or a generator run in reverse"
            .to_owned(),
        CopyKind::Complement => {
            "streams are complements of each other: antithetic draws (1 − u), or \
                                 seeds that are complements in a linear generator"
                .to_owned()
        }
        CopyKind::Negation
        | CopyKind::ConstantXor { .. }
        | CopyKind::ConstantAdd { .. }
        | CopyKind::ConstantMinus { .. } => {
            "streams differ by a constant: a constant of the task is added or xored to one shared \
             sequence, or a linear generator starts from near seeds"
                .to_owned()
        }
        CopyKind::Truncation { .. } => "the same draws are read at another width (as doubles, or \
                                        cut), or states that differ in their low bits only"
            .to_owned(),
        CopyKind::HalfWordShift => {
            "both walk one sequence of 32-bit draws, an odd number of draws \
                                    apart"
                .to_owned()
        }
        CopyKind::Affine => {
            "workers draw the same numbers and scale or shift them by settings of their \
                             own"
            .to_owned()
        }
        CopyKind::Changes { .. } => {
            "a stream is worked out from the words of another (their running sum, their changes, a \
             step added at every draw) instead of drawn from a seed of its own"
                .to_owned()
        }
        CopyKind::ByteSwap
        | CopyKind::BitReversal
        | CopyKind::Rotation { .. }
        | CopyKind::BitPermutation => {
            "streams are told apart by reordering the bits of one sequence instead of by a seed"
                .to_owned()
        }
    }
}
