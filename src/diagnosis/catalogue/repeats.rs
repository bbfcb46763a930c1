//! Findings about values that come again too often or too seldom, and about the seeds behind them.

use super::{
    FRESH_ROOT_PYTHON, FRESH_ROOT_RUST, GOOD_GENERATOR_PYTHON, GOOD_GENERATOR_RUST, KEYED_SEED_PYTHON, KEYED_SEED_RUST,
    TASK_STREAM_PYTHON, TASK_STREAM_RUST,
};
use crate::{diagnosis::Rule, judge::Severity};

pub(super) const COUNTERS: Rule = Rule {
    id: "counters",
    title: "all streams count instead of drawing",
    severity: Severity::Error,
    meaning: "In every stream each word is the one before plus a constant. These are no random \
              numbers, whoever seeded them: nothing can be said of the seeding, and what is computed \
              with them is not random. Capture what the generator gives.",
    causes: &[
        "an index, an id, seeds or the counter of a counter-based generator were captured in place of its outputs",
        "a generator that only adds a constant (a Weyl sequence) without mixing its state",
        "values that were sorted and evenly spaced, or a field of the record that counts",
    ],
    fix_rust: GOOD_GENERATOR_RUST,
    fix_python: GOOD_GENERATOR_PYTHON,
    references: &["Widynski 2020, Squares: a fast counter-based RNG, arXiv:2004.06278"],
};

pub(super) const REPEATED_WORDS: Rule = Rule {
    id: "repeated-words",
    title: "more equal words than chance gives",
    severity: Severity::Error,
    meaning: "Single words occur more often than independent uniform words of that width would, \
              although no two streams are equal: parts of streams are copied, or the words are \
              drawn from fewer values than their width says.",
    causes: &[
        "streams share single words or short pieces: blocks of values handed to several, the first draws after seeding",
        "workers read one sequence, each at a stride or with gaps of its own",
        "a race: two threads draw from one generator without a lock",
        "the generator can only produce part of the values of its output type",
    ],
    fix_rust: TASK_STREAM_RUST,
    fix_python: TASK_STREAM_PYTHON,
    references: &["https://github.com/numpy/numpy/pull/32463"],
};

pub(super) const REPEATED_VALUES: Rule = Rule {
    id: "repeated-values",
    title: "values of a pool's output come several times",
    severity: Severity::Error,
    meaning: "The values are not labelled with the worker that drew them, but their \
              multiplicities alone convict: independent draws of that width would practically \
              never repeat. The multiplicities tell how many workers walked the same sequence.",
    causes: &[
        "every worker inherited the parent's generator state at the fork",
        "every task seeds itself with the worker's ordinal, a constant or a clock",
    ],
    fix_rust: TASK_STREAM_RUST,
    fix_python: TASK_STREAM_PYTHON,
    references: &[
        "https://github.com/numpy/numpy/issues/9650",
        "https://github.com/joblib/joblib/issues/36",
    ],
};

pub(super) const TOO_FEW_REPEATS: Rule = Rule {
    id: "too-few-repeats",
    title: "fewer equal words than chance gives",
    severity: Severity::Warning,
    meaning: "Independent words of that width would have met more often: the values are dealt \
              without replacement, as by a counter or by a generator whose output is its state. \
              Estimates of collision or match probabilities will be wrong.",
    causes: &[
        "a generator whose state is no larger than its output (every value once a period)",
        "values that are numbered or shuffled instead of drawn",
    ],
    fix_rust: GOOD_GENERATOR_RUST,
    fix_python: GOOD_GENERATOR_PYTHON,
    references: &["Knuth, The Art of Computer Programming, vol. 2, section 3.3.2"],
};

pub(super) const SHORT_PERIOD: Rule = Rule {
    id: "short-period",
    title: "a stream repeats itself",
    severity: Severity::Error,
    meaning: "A task draws the same words again and again. Everything it computes after the first \
              period is a copy.",
    causes: &[
        "the generator is seeded again with the same seed, for example at every epoch or call",
        "a seed that leads the generator into a short cycle (all zeros, sparse states)",
        "a generator whose whole period is short",
    ],
    fix_rust: TASK_STREAM_RUST,
    fix_python: TASK_STREAM_PYTHON,
    references: &["https://github.com/pytorch/pytorch/issues/5059"],
};

pub(super) const NARROW_SEEDS: Rule = Rule {
    id: "narrow-seeds",
    title: "the seeds carry too few bits for so many tasks",
    severity: Severity::Error,
    meaning: "Tasks draw their seeds from a small set, so that two tasks meet by chance, and ever \
              more of them as the program grows. The number of different seeds is estimated from \
              the pairs that met.",
    causes: &[
        "one byte, 15, 31 or 32 bits of entropy where 128 are needed",
        "a wide seed that is narrowed on the way (a cast to 32 bits, a float, a modulus)",
        "seeds from a clock with coarse ticks or from process ids",
    ],
    fix_rust: TASK_STREAM_RUST,
    fix_python: TASK_STREAM_PYTHON,
    references: &[
        "https://github.com/dask/dask/issues/719",
        "https://github.com/tenstorrent/tt-metal/issues/47431",
    ],
};

pub(super) const AMBIENT_SEEDS: Rule = Rule {
    id: "ambient-seeds",
    title: "seeds are facts of the start: the clock, a process id, these and the rank",
    severity: Severity::Error,
    meaning: "What the launcher saw of each start was tried as the seed of common generators, and is it; or \
              runs that start in one second repeat each other, and one that starts later does not. Such \
              seeds differ by luck: all that start within one tick share it (an error of seconds and \
              milliseconds, a warning of finer clocks where few start), runs a tick apart are shifted copies \
              where the rank is added, and process ids are narrow, come again, and are the same in every \
              container. Whoever knows when a program ran can draw its numbers.",
    causes: &[
        "srand(time(NULL)), random.seed(os.getpid()), new Random(System.currentTimeMillis())",
        "the clock or the process id plus, or xor, the rank",
        "a library's default seed, where nobody set one",
    ],
    fix_rust: FRESH_ROOT_RUST,
    fix_python: FRESH_ROOT_PYTHON,
    references: &[
        "https://github.com/openresty/lua-nginx-module/issues/280",
        "https://github.com/QMCPACK/qmcpack/issues/1068",
        "https://github.com/DataDog/dd-trace-js/issues/8895",
    ],
};

pub(super) const KNOWN_SEEDS: Rule = Rule {
    id: "known-seeds",
    title: "streams are those of a common generator with small integers as seeds",
    severity: Severity::Note,
    meaning: "The seeds were found by trying them: the first draws are those of a common generator \
              started with a small integer. Streams with different seeds may well be independent, but \
              they are not this program's own: every other job, and every earlier run, that seeds with \
              the same integers draws the same numbers, and whoever guesses the seed knows them all. \
              Seeds that were drawn from so few are narrow-seeds.",
    causes: &[
        "the worker's index, a rank or a small constant and the index as the seed",
        "process ids, ports, days or seconds of a day as the seed",
        "seeds drawn below a small bound (randint(0, 10000))",
    ],
    fix_rust: TASK_STREAM_RUST,
    fix_python: TASK_STREAM_PYTHON,
    references: &["https://numpy.org/doc/stable/reference/random/parallel.html"],
};

pub(super) const DEAD_SEED_BITS: Rule = Rule {
    id: "dead-seed-bits",
    title: "bits of the seed have no effect",
    severity: Severity::Error,
    meaning: "Seeds that differ only in these bits start the same stream: the seed is narrower \
              than its type says.",
    causes: &[
        "the seed is cut to a narrower type on its way to the generator",
        "bits are shifted out or masked when root and task are combined",
        "the generator forces bits of its seed (an odd increment, a mask)",
    ],
    fix_rust: KEYED_SEED_RUST,
    fix_python: KEYED_SEED_PYTHON,
    references: &["https://github.com/tenstorrent/tt-metal/issues/47431"],
};
