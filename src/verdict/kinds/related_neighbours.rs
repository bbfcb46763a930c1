//! Neighbouring tasks that draw related words.

use crate::{
    results::{FindingKind, TestResult},
    statistics::id,
    verdict::{Rule, Severity, cures, fixes, rule::nothing},
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::RelatedNeighbours,
    title: "neighbouring tasks draw related words",
    severity: Severity::Error,
    meaning: "The difference or xor of neighbouring streams is not uniform: what task i draws \
              tells something about task i + 1.",
    causes: &[
        "consecutive seeds in a generator that does not hash its seed",
        "words or a component that neighbours share (see correlated-streams and shifted-overlap)",
        "streams that differ by a constant: a linear generator with consecutive seeds",
        "leapfrog or block splitting of a congruential generator: at equal distances every task draws one affine image of the task before it, at a power of two the low bits agree",
    ],
    fix: fixes::KEYED_SEED,
    references: &[
        "https://github.com/apache/spark/pull/37855",
        "De Matteis & Pagnutti 1988, Parallelization of random number generators and long-range correlations, doi:10.1007/BF01397554",
        "Matsumoto, Wada, Kuramoto & Ashihara 2007, Common defects in initialization of pseudorandom number generators, doi:10.1145/1276927.1276928",
    ],
    cure: cures::KEYED,
    found: nothing,
    cause,
};

fn cause(result: &TestResult) -> Option<String> {
    (result.test == id::CONGRUENTIAL).then(|| ONE_MAP.to_owned())
}

const ONE_MAP: &str = "one congruential sequence is dealt out in turn (leapfrog) or cut into blocks of \
                       equal length: every task draws the same affine image of what the task before \
                       it draws, so that neighbours taken together lie on few planes";
/// What mends one sequence that is dealt out.
pub(in crate::verdict) const NOT_DEALT_OUT: &str = "give every task a state of its own, hashed from root and task index, in \
                                 a generator made for streams (Philox, ChaCha, PCG64-DXSM, \
                                 xoshiro256++); no other distance between the cuts repairs this one";
