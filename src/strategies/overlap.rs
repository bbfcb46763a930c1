//! Streams that are pieces of one sequence and run into each other.

use rand_core::SeedableRng;
use rand_pcg::Pcg64;

use super::{
    Entry, Fact, Flaw, Promise, Promises,
    entry::{broken_everywhere, everywhere, expanded, flaw, from_table, of_index, per_task},
};
use crate::{
    generators::{
        FromRng, GOLDEN_GAMMA, Mcg64, Mt19937, Philox4x32, SplitMix64, Xorshift128, mix64, words_of,
    },
    results::FindingKind,
    vocabulary::BackendKind,
};

/// What an overlap leaves.
const OVERLAPPING: &[(BackendKind, Promises)] = &everywhere(Promises::of(&[
    Promise::Fresh,
    Promise::Replayable,
    Promise::ScheduleFree,
]));
const CAUGHT_BY: &[FindingKind] = &[FindingKind::ShiftedOverlap];

const fn shifted(breaks: &'static str, from_words: u32) -> Flaw {
    flaw(breaks, 4, from_words, CAUGHT_BY)
}

/// A xorshift generator seeded with another one's outputs.
pub static SELF_SEEDING_XORSHIFT: Entry = Entry {
    spec: &of_index(
        "self-seeding/xorshift128",
        "a master xorshift128 seeds one for each task with its next four outputs",
        "state of stream i = outputs 4i … 4i + 3 of the master",
        "The last four outputs of xorshift128 are its state: every child is the master itself, and \
         stream i + 1 is stream i two words on.",
        "rust-random/rand#66 (`XorShiftRng` seeded from a `XorShiftRng`)",
        &broken_everywhere(shifted("stream i + 1 is stream i from word 2 on", 32)),
    )
    .promising(OVERLAPPING),
    prepare: |root, tasks| {
        let [a, b] = [0, 1].map(|i| words_of(&expanded(&root))[i]);
        let mut master =
            Xorshift128::from_state([a as u32, (a >> 32) as u32, b as u32, (b >> 32) as u32]);
        from_table(
            (0..tasks.get()).map(|_| std::array::from_fn(|_| master.next_u32())),
            Xorshift128::from_state,
        )
    },
};

/// A congruential generator seeded with the first word of the stream before.
pub static SELF_SEEDING_MCG: Entry = Entry {
    spec: &of_index(
        "self-seeding/mcg64",
        "stream i + 1 is seeded with the first word of stream i",
        "state of stream i + 1 = first word of stream i",
        "The word of a congruential generator is its state: stream i + 1 is stream i one word on.",
        "compare rust-random/rand#66, where the same happens to a xorshift generator",
        &broken_everywhere(shifted("stream i + 1 is stream i from word 1 on", 32)),
    )
    .promising(OVERLAPPING),
    prepare: |root, tasks| {
        let first = words_of(&expanded(&root))[0] | 1;
        let next = |state: &u64| Some(state.wrapping_mul(Mcg64::MULTIPLIER));
        from_table(
            std::iter::successors(Some(first), next).take(tasks.get() as usize),
            Mcg64::from_state,
        )
    },
};

/// One seed, of which stream i skips i words.
pub static SKIP_RANK: Entry = Entry {
    spec: &of_index(
        "skip-rank/mt19937",
        "all tasks seed alike, and task i throws its first i words away",
        "state = init_by_array(root), advanced by index words",
        "Stream i + 1 is stream i one word on.",
        "SPARK-4148, apache/spark#3010 (partition i + 1 is partition i shifted by one)",
        &broken_everywhere(shifted("stream i + 1 is stream i from word 1 on", 32)),
    )
    .promising(OVERLAPPING),
    prepare: |root, tasks| {
        let first = Mt19937::from_array(&root.seed().words32());
        let next = |state: &Mt19937| {
            let mut state = state.clone();
            state.next_word();
            Some(state)
        };
        // Skipping inside the task would cost the square of the number of tasks.
        let starts = std::iter::successors(Some(first), next).take(tasks.get() as usize);
        from_table(starts, |state| state)
    },
};

/// How far apart the streams of [`SHORT_BLOCKS`] start.
const BLOCK_WORDS: u128 = 256;

/// Blocks that are shorter than what a task draws.
pub static SHORT_BLOCKS: Entry = Entry {
    spec: &of_index(
        "short-blocks/pcg64",
        "one PCG64 sequence cut into blocks of 256 words, of which a task may draw more",
        "state = hash(root) advanced by 256 · index steps",
        "A task that draws more than 256 words runs into the next one's stream.",
        "The Rust Rand Book, *Parallel RNGs* ; P. L'Ecuyer et al. 2017, \
         *Random numbers for parallel computers*, section 4 (splitting)",
        &broken_everywhere(shifted("streams overlap from word 256 on", 512)),
    )
    .promising(OVERLAPPING),
    prepare: |root, _| {
        let first = Pcg64::from_seed(expanded(&root));
        per_task(move |site| {
            let mut pcg = first.clone();
            pcg.advance(BLOCK_WORDS * u128::from(site.task.0));
            FromRng(pcg)
        })
    },
};

/// A counter that starts at the rank and steps by one.
pub static COUNTER_STEP: Entry = Entry {
    spec: &of_index(
        "counter-low/philox4x32-10",
        "Philox keyed by the root, the task in the lowest word of the counter",
        "words = Philox(key = root; counter = index + 1 …)",
        "Stream i + 1 is stream i one block, two words, on.",
        "Random123 documentation (\"the application must partition the counter space\"); \
         tile-ai/tilelang#2625",
        &broken_everywhere(shifted("stream i + 1 is stream i from word 2 on", 32)),
    )
    .promising(OVERLAPPING)
    .reading(&[Fact::RootLow(64), Fact::TaskIndex]),
    prepare: |root, _| {
        let [k0, k1, ..] = root.seed().words32();
        per_task(move |site| Philox4x32::new([k0, k1], [site.task.0, 0, 0, 0]))
    },
};

/// SplitMix64 seeds that are a gamma apart.
pub static GAMMA_OFFSET: Entry = Entry {
    spec: &of_index(
        "gamma-offset/splitmix64",
        "task i seeds SplitMix64 with root + i · golden gamma",
        "seed = mix64(root) + index · 0x9e3779b97f4a7c15",
        "The gamma is the generator's own step: stream i + 1 is stream i one word on.",
        "S. Vigna, splitmix64.c (a Weyl sequence with this increment); compare SPARK-4148",
        &broken_everywhere(shifted("stream i + 1 is stream i from word 1 on", 32)),
    )
    .promising(OVERLAPPING)
    .reading(&[Fact::RootLow(64), Fact::TaskIndex]),
    prepare: |root, _| {
        let base = mix64(root.seed().low_u64());
        per_task(move |site| {
            SplitMix64::new(base.wrapping_add(GOLDEN_GAMMA.wrapping_mul(site.task.0.into())))
        })
    },
};
