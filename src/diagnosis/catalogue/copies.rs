//! Findings of the exact joins: streams that are, or hold, copies of one another.

use super::{
    FRESH_ROOT_PYTHON, FRESH_ROOT_RUST, KEYED_SEED_PYTHON, KEYED_SEED_RUST, TASK_STREAM_PYTHON,
    TASK_STREAM_RUST,
};
use crate::{diagnosis::Rule, judge::Severity};

pub(super) const EQUAL_STREAMS: Rule = Rule {
    id: "equal-streams",
    title: "two or more tasks of one run draw the same words",
    severity: Severity::Error,
    meaning: "Tasks that draw the same words repeat one computation instead of sampling anew: a \
              mean over them has the error of far fewer tasks, and every interval computed from \
              the nominal number is too narrow.",
    causes: &[
        "workers forked from one parent inherit its generator's state (the default of Python's multiprocessing on Linux)",
        "the seed is a fact that tasks have in common: a constant, the worker's ordinal, a process id (1 in every container), the start second",
        "the seed is made from the worker by a division or a remainder (worker / 4, worker modulo 16, a node id, a local rank): groups of equal size, side by side or at one step",
        "the seed has so few bits that two tasks draw the same one by chance: groups of any size, anywhere",
        "a generator is cloned, pickled or broadcast together with its state",
    ],
    fix_rust: TASK_STREAM_RUST,
    fix_python: TASK_STREAM_PYTHON,
    references: &[
        "https://github.com/numpy/numpy/issues/9650",
        "https://github.com/pytorch/pytorch/issues/5059",
        "https://github.com/rust-random/rand/issues/1362",
        "https://github.com/joblib/joblib/issues/36",
    ],
};

pub(super) const RUNS_REPEAT: Rule = Rule {
    id: "runs-repeat",
    title: "two runs draw the same words, task by task",
    severity: Severity::Note,
    meaning: "The program's seed is fixed: every run repeats the last one. That is right for a \
              reproduction and wrong for a replication; pooling such runs adds no information. \
              It is a note in an audit, because most programs fix their seed on purpose, and an \
              error where runs are expected to be fresh.",
    causes: &[
        "a seed written into the program or its configuration",
        "a default seed that nobody set (0 in several serving frameworks)",
        "a clock that had not ticked between two starts, or a machine restored from a snapshot",
    ],
    fix_rust: FRESH_ROOT_RUST,
    fix_python: FRESH_ROOT_PYTHON,
    references: &[
        "https://github.com/vllm-project/vllm/issues/11953",
        "https://github.com/stan-dev/cmdstan/issues/1241",
    ],
};

pub(super) const CROSS_RUN_SHARING: Rule = Rule {
    id: "cross-run-sharing",
    title: "a task of one run draws the words of another task of another run",
    severity: Severity::Error,
    meaning: "Runs that are meant to be independent replications share streams. Averages over runs \
              are correlated, and comparing two runs compares some tasks with themselves.",
    causes: &[
        "task i is seeded with root + i: neighbouring roots give runs that are shifted copies of each other",
        "the seed mixes root and task by xor or a sum, so that different pairs meet in one value",
        "the seed is narrow, or read from a clock, a process id or another fact that comes again",
    ],
    fix_rust: KEYED_SEED_RUST,
    fix_python: KEYED_SEED_PYTHON,
    references: &[
        "https://github.com/DLR-RM/stable-baselines3/issues/2268",
        "https://github.com/Lightning-AI/pytorch-lightning/issues/6960",
        "https://numpy.org/doc/stable/reference/random/parallel.html",
    ],
};

pub(super) const SHIFTED_OVERLAP: Rule = Rule {
    id: "shifted-overlap",
    title: "a stream holds a run of another's words",
    severity: Severity::Error,
    meaning: "Two tasks walk the same sequence from different starting points (after a lag, one \
              draws what the other has drawn already), or over stretches of it. Their results are \
              correlated there. A run of a few words proves a copy, but not how it came about.",
    causes: &[
        "streams are seeded one step, one draw or one counter increment apart on one sequence",
        "jumps or blocks are shorter than what a task draws",
        "a generator is seeded with the output of another generator of the same kind",
        "random starting points on a cycle that is too short for so many streams",
        "tasks are seeded again on the way with seeds that come again (epoch + worker, a batch), or take blocks of values from one source",
    ],
    fix_rust: TASK_STREAM_RUST,
    fix_python: TASK_STREAM_PYTHON,
    references: &[
        "https://github.com/apache/spark/pull/3010",
        "L'Ecuyer, Munger, Oreshkin & Simard 2017, Random numbers for parallel computers, doi:10.1016/j.matcom.2016.05.005",
    ],
};

pub(super) const DISGUISED_COPY: Rule = Rule {
    id: "disguised-copy",
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
    fix_rust: KEYED_SEED_RUST,
    fix_python: KEYED_SEED_PYTHON,
    references: &[
        "De Matteis & Pagnutti 1990, Long-range correlations in linear and non-linear random number generators, Parallel Computing 14, 207-210",
    ],
};
