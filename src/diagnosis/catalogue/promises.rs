//! Findings about promises: replay, scheduling, freshness, agreement of ranks.

use super::{
    FRESH_ROOT_PYTHON, FRESH_ROOT_RUST, SAME_STREAM_PYTHON, SAME_STREAM_RUST, TASK_STREAM_PYTHON,
    TASK_STREAM_RUST,
};
use crate::{diagnosis::Rule, judge::Severity};

pub(super) const NOT_REPLAYABLE: Rule = Rule {
    id: "not-replayable",
    title: "the same root gives other words",
    severity: Severity::Error,
    meaning: "A run started twice with one root draws different words, so that no result can be \
              reproduced from the recorded seed.",
    causes: &[
        "a task draws from the operating system, a clock or a process id as well as from the root",
        "workers draw from one shared generator in the order in which they happen to come",
    ],
    fix_rust: TASK_STREAM_RUST,
    fix_python: TASK_STREAM_PYTHON,
    references: &["https://github.com/rayon-rs/rayon/issues/954"],
};

pub(super) const SCHEDULE_DEPENDENT: Rule = Rule {
    id: "schedule-dependent",
    title: "another number of workers gives other words",
    severity: Severity::Error,
    meaning: "With the same root, a task draws different words when the number of workers or the \
              order of tasks changes. Results differ between machines and cannot be compared.",
    causes: &[
        "the seed is the worker's index instead of the task's",
        "one generator a worker, shared by the tasks that happen to run there",
    ],
    fix_rust: TASK_STREAM_RUST,
    fix_python: TASK_STREAM_PYTHON,
    references: &["https://github.com/rayon-rs/rayon/issues/954"],
};

pub(super) const NOT_FRESH: Rule = Rule {
    id: "not-fresh",
    title: "runs that should differ are equal",
    severity: Severity::Error,
    meaning: "No root was given, the seeding promises a new start every time, and yet two runs \
              draw the same words.",
    causes: &[
        "a constant or default seed is used where the system's entropy was meant",
        "a clock that had not ticked, or a machine restored from a snapshot",
    ],
    fix_rust: FRESH_ROOT_RUST,
    fix_python: FRESH_ROOT_PYTHON,
    references: &["https://github.com/firecracker-microvm/firecracker/issues/2546"],
};

pub(super) const RANKS_DIFFER: Rule = Rule {
    id: "ranks-differ",
    title: "ranks that must draw the same words do not",
    severity: Severity::Error,
    meaning: "Ranks that share a model or a tensor must draw alike (initial weights, dropout \
              masks, shuffles). Where they do not, replicas drift apart without an error.",
    causes: &[
        "the rank goes into the seed, or the seed is drawn on every rank",
        "one rank has drawn more numbers than the others before this point",
    ],
    fix_rust: SAME_STREAM_RUST,
    fix_python: SAME_STREAM_PYTHON,
    references: &["https://github.com/QuEST-Kit/QuEST/issues/88"],
};
