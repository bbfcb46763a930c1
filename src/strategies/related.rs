//! Streams that differ, and yet are tied to each other.

use rand_core::SeedableRng;
use rand_pcg::Pcg64;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{
    Claim, Entry, Fact, Promise, Promises, Spec,
    entry::{
        PURE, REPEATS, broken_everywhere, everywhere, expanded, flaw, from_table, of_index,
        per_task,
    },
};
use crate::{
    generators::{
        Drand48, FromRng, GOLDEN_GAMMA, Lcg31, Mcg64, Minstd, SpawnKey, Xorshift128, mix64,
        words_of,
    },
    results::FindingKind,
    vocabulary::BackendKind,
};

const RELATED: &[(BackendKind, Promises)] = &everywhere(PURE.without(&[Promise::Independent]));

/// Streams that share words, at whole or in disguise, are not distinct either.
const SHARING: &[(BackendKind, Promises)] = &everywhere(Promises::of(&[
    Promise::Fresh,
    Promise::Replayable,
    Promise::ScheduleFree,
]));

/// A fixed weight for each bit of the task's index: the path through a binary tree of tasks.
fn weight(bit: u32, word: u64) -> u64 {
    mix64(GOLDEN_GAMMA.wrapping_mul(u64::from(bit) * 8 + word + 1))
}

/// The weights of an index's bits, combined.
fn path(index: u32, word: u64, combine: impl Fn(u64, u64) -> u64) -> u64 {
    (0..32)
        .filter(|bit| index >> bit & 1 == 1)
        .fold(0, |sum, bit| combine(sum, weight(bit, word)))
}

/// A task tree that adds a number for every turn.
pub static ADDITIVE_SPLIT: Entry = Entry {
    spec: &of_index(
        "additive-split/xoshiro256pp",
        "a tree of tasks in which every fork adds a fixed number to each state word",
        "state = hash(root) + sum over the bits of index of weight(bit), word by word",
        "Words of four tasks of a square, r01 + r10 − r00 − r11, take a handful of values: the states \
         cancel, and the first words are nearly linear in them.",
        "JuliaLang/julia#53408 and #49110 (task-local generators of Julia 1.7 to 1.9)",
        &broken_everywhere(flaw(
            "first words of four tasks of a square add up to a handful of values",
            256,
            1,
            &[FindingKind::LinearRelation],
        )),
    ).promising(RELATED),
    prepare: |root, _| {
        let base = words_of(&expanded(&root));
        per_task(move |site| {
            let mut seed = [0; 32];
            for (word, chunk) in (0..).zip(seed.as_chunks_mut::<8>().0) {
                let sum = path(site.task.0, word, u64::wrapping_add);
                *chunk = base[word as usize].wrapping_add(sum).to_le_bytes();
            }
            FromRng(Xoshiro256PlusPlus::from_seed(seed))
        })
    },
};

/// The same tree with xor, over a generator that is linear.
pub static XOR_SPLIT: Entry = Entry {
    spec: &of_index(
        "xor-split/xorshift128",
        "a tree of tasks in which every fork flips fixed state bits of a linear generator",
        "state = hash(root) ^ xor over the bits of index of weight(bit)",
        "The streams of four tasks of a square cancel under xor, in every word.",
        "compare JuliaLang/julia#53408; P. L'Ecuyer et al. 2017, *Random numbers for parallel \
         computers* (linear generators and their seeds)",
        &broken_everywhere(flaw(
            "streams of four tasks of a square cancel under xor",
            64,
            4,
            &[
                FindingKind::LinearRelation,
                FindingKind::RelatedNeighbours,
                FindingKind::DisguisedCopy,
            ],
        )),
    )
    .promising(RELATED),
    prepare: |root, _| {
        let base = words_of(&expanded(&root));
        per_task(move |site| {
            let [a, b] =
                [0, 1].map(|word| base[word as usize] ^ path(site.task.0, word, |x, y| x ^ y));
            Xorshift128::from_state([a as u32, (a >> 32) as u32, b as u32, (b >> 32) as u32])
        })
    },
};

/// Every n-th output of a power-of-two generator.
pub static LEAPFROG: Entry = Entry {
    spec: &Spec {
        promises: &everywhere(REPEATS),
        reads: &[Fact::RootLow(31), Fact::TaskIndex],
        ..of_index(
            "leapfrog/lcg31",
            "stream i takes every n-th output of one generator modulo 2^31, n a power of two",
            "outputs i, i + n, i + 2n … of x → 1103515245 x + 12345 mod 2^31, n ≥ tasks",
            "The lowest log2 n bits of every stream are constant, and what is left has a worse multiplier.",
            "A. De Matteis, S. Pagnutti, *Parallelization of random number generators and long-range \
         correlations*, Numerische Mathematik 53 (1988)",
            &broken_everywhere(flaw(
                "the low bits of every stream are constant",
                16,
                256,
                &[
                    FindingKind::NonuniformWords,
                    FindingKind::SerialDependence,
                    FindingKind::RelatedNeighbours,
                    FindingKind::CorrelatedStreams,
                    FindingKind::LinearRelation,
                ],
            )),
        )
    },
    prepare: |root, tasks| {
        let seed = SpawnKey::from_root(&root.seed()).words()[0] as u32;
        let stride = tasks.get().checked_next_power_of_two().unwrap_or(1 << 31);
        per_task(move |site| Lcg31::leapfrog(seed, site.task.0, stride))
    },
};

/// log2 of the block length of [`POWER_BLOCKS`].
const BLOCK_LOG2: u32 = 32;

/// Blocks of a power of two of a power-of-two generator.
pub static POWER_BLOCKS: Entry = Entry {
    spec: &of_index(
        "power-of-two-blocks/drand48",
        "one drand48 sequence cut into blocks of 2^32 outputs",
        "state = hash(root) advanced by index · 2^32 outputs",
        "Outputs at equal places of two blocks differ by a constant in their low 18 bits, and after \
         65,536 blocks the sequence is used up.",
        "A. De Matteis, S. Pagnutti, *Long-range correlations in linear and non-linear random number \
         generators*, Parallel Computing 14 (1990)",
        &broken_everywhere(flaw(
            "equal places of all blocks have constant differences in their low bits",
            16,
            64,
            &[
                FindingKind::RelatedNeighbours,
                FindingKind::LinearRelation,
                FindingKind::CorrelatedStreams,
            ],
        )),
    ).promising(RELATED),
    prepare: |root, _| {
        let start = words_of(&expanded(&root))[0];
        per_task(move |site| {
            let mut generator = Drand48::from_state(start);
            generator.advance(u64::from(site.task.0) << BLOCK_LOG2);
            generator
        })
    },
};

/// The stream's number in the highest bits of the increment.
pub static HIGH_INCREMENTS: Entry = Entry {
    spec: &Spec {
        promises: SHARING,
        ..of_index(
            "high-increments/pcg64",
            "PCG64 with one state and increments that differ in their highest byte only",
            "increment = hash(root) with index mod 256 in its highest byte, state = hash(root)",
            "States differ in their highest byte only, and every 256 words not at all: all streams then \
         draw the same word.",
            "numpy/numpy#16313 (PCG64 streams whose low bits collide); S. Vigna, *The wrap-up on PCG \
         generators* (2018)",
            &broken_everywhere(flaw(
                "all streams share every 256th word",
                16,
                1024,
                &[
                    FindingKind::RepeatedWords,
                    FindingKind::CorrelatedStreams,
                    FindingKind::RelatedNeighbours,
                    FindingKind::ShiftedOverlap,
                    FindingKind::EqualStreams,
                ],
            )),
        )
    },
    prepare: |root, _| {
        let [a, b, c, d] = words_of(&expanded(&root)).map(u128::from);
        let (state, sequence) = (a << 64 | b, (c << 64 | d) >> 9);
        per_task(move |site| {
            let number = u128::from(site.task.0 % 256) << 119;
            FromRng(Pcg64::new(state, sequence | number))
        })
    },
};

/// Increments one apart.
pub static NEAR_INCREMENTS: Entry = Entry {
    spec: &Spec {
        promises: &everywhere(PURE.without(&[Promise::Independent])),
        ..of_index(
            "near-increments/pcg64",
            "PCG64 with one state and neighbouring increments: its stream ids",
            "increment = 2 · index + 1, state = hash(root)",
            "Streams are affine images of each other: the states of three neighbours cancel in their \
             second difference, which the output function hides in most runs and not in all.",
            "S. Vigna, *The wrap-up on PCG generators* (2018); The Rust Rand Book, *Parallel RNGs* \
             (PCG streams)",
            &TIED_STATES,
        )
    },
    prepare: |root, _| {
        let [a, b, ..] = words_of(&expanded(&root)).map(u128::from);
        per_task(move |site| FromRng(Pcg64::new(a << 64 | b, site.task.0.into())))
    },
};

/// How much of it shows in the output is chance: no size makes it certain.
const TIED_STATES: [(BackendKind, Claim); 3] = broken_everywhere(flaw(
    "states of neighbours whose second difference is 0",
    u32::MAX,
    2_048,
    &[
        FindingKind::LinearRelation,
        FindingKind::RelatedNeighbours,
        FindingKind::CorrelatedStreams,
        FindingKind::CommonComponent,
    ],
));

/// A seed and its negative.
pub static ANTITHETIC: Entry = Entry {
    spec: &Spec {
        promises: &everywhere(REPEATS),
        ..of_index(
            "negated-seed/minstd",
            "pairs of tasks seed MINSTD with s and −s modulo its prime",
            "state of stream 2k = s_k, of stream 2k + 1 = 2^31 − 1 − s_k",
            "The two streams of a pair are bitwise complements: antithetic, not independent.",
            "A. M. Law, *Simulation Modeling and Analysis*, chapter 11 (antithetic streams of multiplicative \
         generators)",
            &broken_everywhere(flaw(
                "the streams of a pair are complements",
                2,
                16,
                &[FindingKind::DisguisedCopy],
            )),
        )
    },
    prepare: |root, _| {
        let parent = SpawnKey::from_root(&root.seed());
        per_task(move |site| {
            let word = parent.child(u64::from(site.task.0 / 2)).words()[0];
            let seed = 1 + (word % u64::from(Minstd::MODULUS - 1)) as u32;
            Minstd::from_seed(match site.task.0 % 2 {
                0 => seed,
                _ => Minstd::MODULUS - seed,
            })
        })
    },
};

/// States that are multiples of a high power of two.
pub static ALIGNED: Entry = Entry {
    spec: &Spec {
        promises: &everywhere(REPEATS),
        reads: &[Fact::TaskIndex],
        ..of_index(
            "aligned-seed/mcg64",
            "a multiplicative generator modulo 2^64 seeded with odd multiples of 2^56",
            "state = (2 · index + 1) · 2^56",
            "Trailing zeros of the state never go away: the period is 64 words, and there are 128 seeds.",
            "JuliaRandom/RandomNumbers.jl#78 (seeds that are multiples of 512k fall into cycles of 12); \
         JuliaRandom/StableRNGs.jl#9",
            &broken_everywhere(flaw(
                "streams repeat every 64 words",
                2,
                256,
                &[
                    FindingKind::ShortPeriod,
                    FindingKind::ShiftedOverlap,
                    FindingKind::RepeatedWords,
                ],
            )),
        )
    },
    prepare: |_, tasks| {
        from_table(0..tasks.get(), |index| {
            Mcg64::from_state((2 * u64::from(index) + 1) << 56)
        })
    },
};
