//! Streams that are linear combinations of one another.

use crate::{
    results::{FindingKind, TestResult, View},
    statistics::id,
    verdict::{Rule, Severity, cures, fixes, rule::nothing},
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::LinearRelation,
    title: "streams are linear combinations of one another",
    severity: Severity::Error,
    meaning: "Xor or sums of a few streams vanish or take few values: knowing some streams gives \
              others. Each pair may look independent; the set is not.",
    causes: &[
        "seed bits pass linearly into the state, without hashing, and the generator is linear too",
        "children are derived by adding or xoring a constant per branch of a split tree",
        "more streams than the state of a linear generator has bits",
    ],
    fix: fixes::KEYED_SEED,
    references: &[
        "https://github.com/JuliaLang/julia/issues/53408",
        "Matsumoto, Wada, Kuramoto & Ashihara 2007, Common defects in initialization of pseudorandom number generators, doi:10.1145/1276927.1276928",
    ],
    cure: cures::KEYED,
    found: nothing,
    cause,
};

/// Bits of a seed at most.
const SEED_BITS: f64 = 64.0;

fn cause(result: &TestResult) -> Option<String> {
    let (statistic, expected) = result.counted();
    match result.view {
        // Two streams and what is made of them.
        _ if result.test == id::RELATION_SEARCH && result.streams.len() == 3 => {
            Some(COMBINED.to_owned())
        }
        View::Stacked if statistic <= SEED_BITS && statistic < expected => Some(format!(
            "all streams lie in a space of {statistic:.0} bits: about so many seed bits pass \
             linearly into the state, without hashing"
        )),
        View::Combinations if result.test == id::STACKED_RANK => Some(
            "one of these streams is the xor of the others: seeds, or the words themselves, are \
             combined by xor instead of being hashed (a tree of splits, root ^ branch ^ rank)"
                .to_owned(),
        ),
        View::Combinations if result.test == id::RELATION_SEARCH => {
            Some(cancelling(statistic, expected))
        }
        View::Combinations => Some(UNEVEN_COMBINATIONS.to_owned()),
        _ => None,
    }
}

const COMBINED: &str = "one stream is made of two others (their xor or their sum): outputs or states are \
                        combined to make new streams, instead of seeding them";
const UNEVEN_COMBINATIONS: &str = "likeliest first: seeds in arithmetic progression or on a grid pass \
                                   linearly into the state; children are split off by adding or \
                                   xoring a constant; or streams share a component or some bits, \
                                   which adding streams up does not hide (pairs of them are \
                                   correlated then)";

/// What a relation of pairs says that holds in some of the words, where chance gives one in
/// 2^8.
fn cancelling(words_that_vanish: f64, by_chance: f64) -> String {
    const WORDS_BY_CHANCE: f64 = 256.0;
    let words = by_chance * WORDS_BY_CHANCE;
    let made = "one of them was made from the others by adding or xoring, or children are derived by \
                adding or xoring a constant per branch (an additive split)";
    if words_that_vanish > 0.9 * words {
        format!("these streams cancel: {made}")
    } else {
        format!(
            "these streams cancel in {words_that_vanish:.0} of {words:.0} words: {made}, or their \
             generator passes near seeds on almost linearly"
        )
    }
}
