//! The task's index as the seed of a generator whose seeding mixes too little.

use super::{
    Claim, Entry, Fact, Promise, Promises, Spec,
    entry::{
        PURE, REPEATS, broken_everywhere, everywhere, flaw, given_or_zero, of_index, per_task,
    },
};
use crate::{
    generators::{
        Drand48, FromRng, GlibcRandom, JavaRandom, Lcg31, Minstd, Mt19937, Mwc, Xorshift128,
    },
    results::FindingKind,
    vocabulary::BackendKind,
};
use rand_core::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

const DISTINCT: &[(BackendKind, Promises)] =
    &everywhere(PURE.without(&[Promise::Fresh, Promise::Independent]));

/// What near seeds of weak generators show: which of these is strongest depends on the evidence.
const CAUGHT_BY: &[FindingKind] = &[
    FindingKind::BiasedStart,
    FindingKind::RelatedNeighbours,
    FindingKind::LinearRelation,
    FindingKind::CorrelatedStreams,
    FindingKind::CrossRunSharing,
    FindingKind::NotFresh,
];

const fn spec(
    id: &'static str,
    summary: &'static str,
    fails: &'static str,
    reference: &'static str,
    claims: &'static [(BackendKind, Claim)],
) -> Spec {
    let spec = of_index(
        id,
        summary,
        "seed = (root if given, else 0) + index",
        fails,
        reference,
        claims,
    );
    spec.reading(&[Fact::RootLow(32), Fact::TaskIndex])
        .promising(DISTINCT)
}

const fn near(breaks: &'static str) -> [(BackendKind, Claim); 3] {
    broken_everywhere(flaw(breaks, 128, 4, CAUGHT_BY))
}

/// `new java.util.Random(partition)`.
pub static JAVA_RANDOM: Entry = Entry {
    spec: &spec(
        "near-seeds/java-random",
        "`new Random(index)`: one congruential step away from the index itself",
        "The first draws of neighbouring seeds are nearly equal: `nextInt(n)` for n a power of two gives \
         the same number for hundreds of seeds.",
        "SPARK-40407, apache/spark#37855; SPARK-21782, apache/spark#18990",
        &near("first words of near seeds share their high bits"),
    ),
    prepare: |root, _| {
        let base = u64::from(given_or_zero(&root));
        per_task(move |site| JavaRandom::from_seed(base + u64::from(site.task.0)))
    },
};

/// `std::minstd_rand0 generator(1 + index)`.
pub static MINSTD: Entry = Entry {
    spec: &spec(
        "near-seeds/minstd",
        "`std::minstd_rand0(1 + index)`: the first output is 16,807 times the seed",
        "First draws of small seeds are small: no first sample above 0.08 for the first 10,000 seeds.",
        "stan-dev/stan#3167, boostorg/random#92 (first draw biased for seeds below 10,000); \
         pharo-project/pharo#14198",
        &near("first outputs are multiples of 16,807"),
    ),
    prepare: |root, _| {
        let base = given_or_zero(&root).wrapping_add(1);
        per_task(move |site| Minstd::from_seed(base.wrapping_add(site.task.0)))
    },
};

/// `srand48(index)`.
pub static DRAND48: Entry = Entry {
    spec: &spec(
        "near-seeds/drand48",
        "`srand48(index)`: the index in the high bits of a congruential state",
        "At every place of the streams, neighbours differ by one and the same number.",
        "POSIX.1-2017, `srand48`; USCbiostats/slurmR#15 (seeds 1 … jobs are correlated)",
        &near("neighbouring streams have constant differences"),
    ),
    prepare: |root, _| {
        let base = given_or_zero(&root);
        per_task(move |site| Drand48::from_seed(base.wrapping_add(site.task.0)))
    },
};

/// `srandom(index)`.
pub static GLIBC_RANDOM: Entry = Entry {
    spec: &Spec {
        promises: &everywhere(REPEATS),
        reads: &[Fact::RootLow(32), Fact::TaskIndex],
        ..spec(
            "near-seeds/glibc-random",
            "`srandom(index)`, which takes seed 0 for seed 1",
            "Ranks 0 and 1 draw the same numbers; the others are sums of one sequence and nearly constant \
             differences.",
            "mpitutorial/mpitutorial#9 (srand(0) is srand(1)); stan-dev/cmdstan#1241",
            &broken_everywhere(flaw(
                "seeds 0 and 1 are one",
                64,
                4,
                &[
                    FindingKind::EqualStreams,
                    FindingKind::RelatedNeighbours,
                    FindingKind::LinearRelation,
                ],
            )),
        )
    },
    prepare: |root, _| {
        let base = given_or_zero(&root);
        per_task(move |site| GlibcRandom::from_seed(base.wrapping_add(site.task.0)))
    },
};

/// Marsaglia's state with the index in its first word.
pub static XORSHIFT128: Entry = Entry {
    spec: &spec(
        "near-seeds/xorshift128",
        "xorshift128 with the paper's state and the index in its first word",
        "Streams differ by linear images of a few bits: any four whose indices cancel, cancel.",
        "G. Marsaglia 2003; JuliaRandom/RandomNumbers.jl#78 (near seeds of linear generators)",
        &near("streams span only as many dimensions as the index has bits"),
    ),
    prepare: |root, _| {
        let base = given_or_zero(&root);
        per_task(move |site| {
            let [_, y, z, w] = Xorshift128::DEFAULT;
            Xorshift128::from_state([base.wrapping_add(site.task.0), y, z, w])
        })
    },
};

/// `srand(index)` of the C standard's example.
pub static LCG31: Entry = Entry {
    spec: &spec(
        "near-seeds/lcg31",
        "`srand(index)` of a power-of-two congruential generator",
        "At every place of the streams, neighbours differ by one and the same number.",
        "glibc, TYPE_0; USCbiostats/slurmR#15 (seeds 1 … jobs are correlated)",
        &near("neighbouring streams have constant differences"),
    )
    .reading(&[Fact::RootLow(31), Fact::TaskIndex]),
    prepare: |root, _| {
        let base = given_or_zero(&root);
        per_task(move |site| Lcg31::from_seed(base.wrapping_add(site.task.0)))
    },
};

/// Multiply-with-carry started at the index.
pub static MWC: Entry = Entry {
    spec: &spec(
        "near-seeds/mwc",
        "multiply-with-carry with the index as its last output and a constant carry",
        "Neighbours' first outputs differ by the multiplier, and their later ones by nearly constant \
         numbers.",
        "G. Marsaglia 1999 (\"choose your own random seeds\"); compare USCbiostats/slurmR#15",
        &near("neighbouring streams have nearly constant differences"),
    ),
    prepare: |root, _| {
        let base = given_or_zero(&root);
        per_task(move |site| Mwc::from_state(base.wrapping_add(site.task.0), 7_654_321))
    },
};

/// The index in an otherwise empty state.
pub static SPARSE_XOSHIRO: Entry = Entry {
    spec: &Spec {
        formula: "state = (index + 1, 0, 0, 0)",
        promises: &everywhere(REPEATS),
        reads: &[Fact::TaskIndex],
        ..spec(
            "sparse-state/xoshiro256pp",
            "the index in the first of four state words, the others zero",
            "The first words of every stream are mostly zero bits, and alike in all streams.",
            "D. Blackman, S. Vigna 2021 (zeroland); JuliaRandom/StableRNGs.jl#9",
            &broken_everywhere(flaw("first words are mostly zero", 64, 1, CAUGHT_BY)),
        )
    },
    prepare: |_, _| {
        per_task(|site| {
            let mut seed = [0; 32];
            seed[..8].copy_from_slice(&(u64::from(site.task.0) + 1).to_le_bytes());
            FromRng(Xoshiro256PlusPlus::from_seed(seed))
        })
    },
};

/// The index in one of 624 state words.
pub static SPARSE_MT19937: Entry = Entry {
    spec: &Spec {
        formula: "state = (2^31, index + 1, 0, … 0)",
        // Long stretches of zero words are equal at any lag.
        promises: &everywhere(REPEATS),
        reads: &[Fact::TaskIndex],
        ..spec(
            "sparse-state/mt19937",
            "a Mersenne Twister whose state is zero but for the index",
            "Hundreds of words are nearly all zero: the twist needs some 700,000 outputs to recover.",
            "F. Panneton, P. L'Ecuyer, M. Matsumoto, *Improved long-period generators*, ACM TOMS 32(1), \
             2006 (zeroland); M. Matsumoto et al. 2007 (defective initialisation)",
            &broken_everywhere(flaw(
                "hundreds of words are nearly all zero",
                16,
                64,
                &[
                    FindingKind::NonuniformWords,
                    FindingKind::RepeatedWords,
                    FindingKind::BiasedStart,
                    FindingKind::SerialDependence,
                    FindingKind::CorrelatedStreams,
                    FindingKind::RelatedNeighbours,
                    FindingKind::LinearRelation,
                    FindingKind::CommonComponent,
                    FindingKind::ShiftedOverlap,
                    FindingKind::NotFresh,
                    FindingKind::CrossRunSharing,
                ],
            )),
        )
    },
    prepare: |_, _| {
        per_task(|site| {
            let mut key = [0; Mt19937::STATE_WORDS];
            key[0] = 1 << 31;
            key[1] = site.task.0.wrapping_add(1);
            Mt19937::from_state(key, Mt19937::STATE_WORDS)
        })
    },
};
