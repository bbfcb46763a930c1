//! What would be a flaw if values are draws, and need not be one otherwise.

use super::{CAPTURED_DRAWS_PYTHON, CAPTURED_DRAWS_RUST, KEYED_SEED_PYTHON, KEYED_SEED_RUST};
use crate::{diagnosis::Rule, judge::Severity};

pub(super) const SUSPECT_COPIES: Rule = Rule {
    id: "suspect-copies",
    title: "streams share values, too few to prove that they were drawn once",
    severity: Severity::Suspect,
    meaning: "Streams are equal, or one holds a run of another. If values are drawn one by one that is proof; \
              if rows of values are drawn whole from a list, or all workers read one sequence from places \
              of their own, it need not be. Nothing in one run of values of unknown law tells the two \
              apart, so that the verdict stays open until more runs, raw draws or a declaration decide.",
    causes: &[
        "workers that start from one seed, and print little",
        "rows of settings, cached results or starts that are chosen from a list",
        "a schedule or a data set that every worker reads from its own place",
    ],
    fix_rust: CAPTURED_DRAWS_RUST,
    fix_python: CAPTURED_DRAWS_PYTHON,
    references: &["Csiszár 1998, The method of types, doi:10.1109/18.720546"],
};

pub(super) const SHARED_INPUTS: Rule = Rule {
    id: "shared-inputs",
    title: "all workers of a run have values in common at the same places",
    severity: Severity::Suspect,
    meaning: "At the same places all streams of a run agree, and elsewhere they differ. What is told to \
              all workers looks so (a start state, a schedule, weights, a run's number or its time), and so \
              does a seed that is used before each worker gets its own. `--shared-inputs` declares the one; \
              `--as draws` the other.",
    causes: &[
        "an input that all workers are given, printed among what they draw",
        "draws made before workers are told apart: a common seed first, one's own later",
    ],
    fix_rust: KEYED_SEED_RUST,
    fix_python: KEYED_SEED_PYTHON,
    references: &["Bahadur & Savage 1956, doi:10.1214/aoms/1177728077"],
};

pub(super) const SUSPECT_VALUES: Rule = Rule {
    id: "suspect-values",
    title: "few streams hold values in common more often than others",
    severity: Severity::Suspect,
    meaning: "First values are equal by run or by worker, or two streams hold values in common far more \
              often than other pairs do. If values are draws they were shared. How often values that are no \
              draws should meet is not known, only estimated from what was seen: so this is no proof.",
    causes: &[
        "a pool, cache or buffer that two workers draw from",
        "workers that share a data set, a setting or an input of their own",
        "a state that is inherited in part: a spare normal, a buffer of random bytes",
    ],
    fix_rust: CAPTURED_DRAWS_RUST,
    fix_python: CAPTURED_DRAWS_PYTHON,
    references: &["Shafer, Shen, Vereshchagin & Vovk 2011, doi:10.1214/10-STS347"],
};

pub(super) const SUSPECT_RANKS: Rule = Rule {
    id: "suspect-ranks",
    title: "two streams are large and small together",
    severity: Severity::Suspect,
    meaning: "At each place the one stream stands among all others where the other does, or opposite, far \
              more often than chance allows if places are independent. How far they depend on one another is \
              measured and not known: so this is no proof.",
    causes: &[
        "one sequence of uniform numbers, turned into values by different laws",
        "antithetic workers, by design",
        "a signal of their own that two workers follow",
    ],
    fix_rust: CAPTURED_DRAWS_RUST,
    fix_python: CAPTURED_DRAWS_PYTHON,
    references: &["Janson 2004, doi:10.1002/rsa.20008"],
};

pub(super) const UNEARNED_WORDS: Rule = Rule {
    id: "unearned-words",
    title: "tests of raw words would convict, but the values may not be raw words",
    severity: Severity::Suspect,
    meaning: "The values look like words of a generator in their range and precision, and as such they \
              are unsound. But something about them is unlike independent uniform words, so that they may \
              be values made of draws, for which these tests have no law. A flaw of the generator or of \
              its seeding bends values too. `--as draws` says that each number is one raw draw.",
    causes: &[
        "numbers that are raw draws of a flawed generator, or of flawed seeds",
        "values that fill a range by construction: stratified, paired, sorted, resampled",
    ],
    fix_rust: CAPTURED_DRAWS_RUST,
    fix_python: CAPTURED_DRAWS_PYTHON,
    references: &["L'Ecuyer & Simard 2007, TestU01, doi:10.1145/1268776.1268777"],
};
