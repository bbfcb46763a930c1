//! Findings of the statistical tests.

use super::{GOOD_GENERATOR_PYTHON, GOOD_GENERATOR_RUST, KEYED_SEED_PYTHON, KEYED_SEED_RUST};
use crate::{diagnosis::Rule, judge::Severity};

pub(super) const LINEAR_RELATION: Rule = Rule {
    id: "linear-relation",
    title: "streams are linear combinations of one another",
    severity: Severity::Error,
    meaning: "Xor or sums of a few streams vanish or take few values: knowing some streams gives \
              others. Each pair may look independent; the set is not.",
    causes: &[
        "seed bits pass linearly into the state, without hashing, and the generator is linear too",
        "children are derived by adding or xoring a constant per branch of a split tree",
        "more streams than the state of a linear generator has bits",
    ],
    fix_rust: KEYED_SEED_RUST,
    fix_python: KEYED_SEED_PYTHON,
    references: &[
        "https://github.com/JuliaLang/julia/issues/53408",
        "Matsumoto, Wada, Kuramoto & Ashihara 2007, Common defects in initialization of pseudorandom number generators, doi:10.1145/1276927.1276928",
    ],
};

pub(super) const CORRELATED_STREAMS: Rule = Rule {
    id: "correlated-streams",
    title: "bits of two streams agree too often or too seldom",
    severity: Severity::Error,
    meaning: "At equal positions the bits of two streams are related. Results of the two tasks \
              are correlated, and their average has more variance than it seems.",
    causes: &[
        "many pairs alike: a component in common, added or mixed into every stream (common random numbers, a shared table or state)",
        "one pair alone: a copy with part of it changed, or antithetic draws (bits that oppose each other)",
        "top bits alone: near seeds in a generator that mixes slowly, or states that differ little",
        "low bits alone: streams of one congruential generator modulo a power of two, whose starts or distances are alike in their low bits",
    ],
    fix_rust: KEYED_SEED_RUST,
    fix_python: KEYED_SEED_PYTHON,
    references: &[
        "Srinivasan, Mascagni & Ceperley 2003, Testing parallel random number generators, Parallel Computing 29(1), 69-94",
        "De Matteis & Pagnutti 1988, Parallelization of random number generators and long-range correlations, Numerische Mathematik 53, 595-608",
    ],
};

pub(super) const RELATED_NEIGHBOURS: Rule = Rule {
    id: "related-neighbours",
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
    fix_rust: KEYED_SEED_RUST,
    fix_python: KEYED_SEED_PYTHON,
    references: &[
        "https://github.com/apache/spark/pull/37855",
        "De Matteis & Pagnutti 1988, Parallelization of random number generators and long-range correlations, doi:10.1007/BF01397554",
        "Matsumoto, Wada, Kuramoto & Ashihara 2007, Common defects in initialization of pseudorandom number generators, doi:10.1145/1276927.1276928",
    ],
};

pub(super) const COMMON_COMPONENT: Rule = Rule {
    id: "common-component",
    title: "all streams share a component",
    severity: Severity::Error,
    meaning: "The sum over all streams at one position is not what independent streams give. Each \
              pair is hardly related, yet an average over tasks keeps the common part however many \
              tasks there are.",
    causes: &[
        "a component that is added or mixed into every stream (common random numbers), or state that all workers read: a table, a counter, one weak generator behind all streams",
        "streams built by adding a task's number to one shared sequence",
        "a few streams that are copies of each other, in part or with changes (see correlated-streams)",
    ],
    fix_rust: KEYED_SEED_RUST,
    fix_python: KEYED_SEED_PYTHON,
    references: &[
        "L'Ecuyer, Munger, Oreshkin & Simard 2017, Random numbers for parallel computers, doi:10.1016/j.matcom.2016.05.005",
    ],
};

pub(super) const BIASED_START: Rule = Rule {
    id: "biased-start",
    title: "the first draws over tasks are not uniform",
    severity: Severity::Error,
    meaning: "Taken across tasks, the first words are not spread as they should be, although each \
              stream later looks random. A task that draws only a few numbers sees nothing else.",
    causes: &[
        "near seeds and no mixing: the first outputs of seeds 0, 1, 2 … are near each other too",
        "a seed that fills only part of a large state (sparse states need thousands of draws to mix)",
    ],
    fix_rust: KEYED_SEED_RUST,
    fix_python: KEYED_SEED_PYTHON,
    references: &[
        "https://github.com/stan-dev/stan/issues/3167",
        "https://github.com/apache/spark/pull/18990",
    ],
};

pub(super) const NONUNIFORM_WORDS: Rule = Rule {
    id: "nonuniform-words",
    title: "the words of single streams are not uniform",
    severity: Severity::Warning,
    meaning: "Within streams some values or bits are commoner than others. That is the \
              generator's doing, not the seeding's: independently seeded streams show it too.",
    causes: &[
        "a weak generator, such as a congruential one with a power-of-two modulus (short periods in its low bits)",
        "numbers scaled or masked before they were recorded",
    ],
    fix_rust: GOOD_GENERATOR_RUST,
    fix_python: GOOD_GENERATOR_PYTHON,
    references: &["L'Ecuyer & Simard 2007, TestU01, doi:10.1145/1268776.1268777"],
};

pub(super) const SERIAL_DEPENDENCE: Rule = Rule {
    id: "serial-dependence",
    title: "successive words of single streams depend on each other",
    severity: Severity::Warning,
    meaning: "Within streams a word tells something about the next ones. That is the generator's \
              doing, not the seeding's: independently seeded streams show it too.",
    causes: &[
        "a weak generator: lattice structure, Hamming-weight dependencies, a short lag",
        "values that are smoothed, sorted or accumulated before they were recorded",
    ],
    fix_rust: GOOD_GENERATOR_RUST,
    fix_python: GOOD_GENERATOR_PYTHON,
    references: &[
        "Blackman & Vigna 2022, A new test for Hamming-weight dependencies, doi:10.1145/3527582",
    ],
};
