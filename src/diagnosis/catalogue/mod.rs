//! The catalogue of findings.

mod copies;
mod promises;
mod repeats;
mod statistics;
mod suspects;

use super::Rule;

const TASK_STREAM_RUST: &str = include_str!("../fixes/task_stream.rs");
const TASK_STREAM_PYTHON: &str = include_str!("../fixes/task_stream.py");
const KEYED_SEED_RUST: &str = include_str!("../fixes/keyed_seed.rs");
const KEYED_SEED_PYTHON: &str = include_str!("../fixes/keyed_seed.py");
const FRESH_ROOT_RUST: &str = include_str!("../fixes/fresh_root.rs");
const FRESH_ROOT_PYTHON: &str = include_str!("../fixes/fresh_root.py");
const SAME_STREAM_RUST: &str = include_str!("../fixes/same_stream.rs");
const SAME_STREAM_PYTHON: &str = include_str!("../fixes/same_stream.py");
const GOOD_GENERATOR_RUST: &str = include_str!("../fixes/good_generator.rs");
const CAPTURED_DRAWS_RUST: &str = include_str!("../fixes/captured_draws.rs");
const CAPTURED_DRAWS_PYTHON: &str = include_str!("../fixes/captured_draws.py");
const GOOD_GENERATOR_PYTHON: &str = include_str!("../fixes/good_generator.py");

/// Every rule, in the order of the documentation.
pub(super) const ALL: &[&Rule] = &[
    &repeats::COUNTERS,
    &copies::EQUAL_STREAMS,
    &copies::RUNS_REPEAT,
    &copies::CROSS_RUN_SHARING,
    &copies::SHIFTED_OVERLAP,
    &copies::DISGUISED_COPY,
    &repeats::REPEATED_WORDS,
    &repeats::REPEATED_VALUES,
    &repeats::TOO_FEW_REPEATS,
    &repeats::SHORT_PERIOD,
    &repeats::NARROW_SEEDS,
    &repeats::DEAD_SEED_BITS,
    &repeats::AMBIENT_SEEDS,
    &repeats::KNOWN_SEEDS,
    &statistics::LINEAR_RELATION,
    &statistics::CORRELATED_STREAMS,
    &statistics::RELATED_NEIGHBOURS,
    &statistics::COMMON_COMPONENT,
    &statistics::BIASED_START,
    &statistics::NONUNIFORM_WORDS,
    &statistics::SERIAL_DEPENDENCE,
    &promises::NOT_REPLAYABLE,
    &promises::SCHEDULE_DEPENDENT,
    &promises::NOT_FRESH,
    &promises::RANKS_DIFFER,
    &suspects::SUSPECT_COPIES,
    &suspects::SHARED_INPUTS,
    &suspects::SUSPECT_VALUES,
    &suspects::SUSPECT_RANKS,
    &suspects::UNEARNED_WORDS,
];
