//! One root for the run, and a keyed derivation from root and task index for every stream.

use rand_chacha::{ChaCha8Core, ChaCha20Core};

use super::{
    Claim, Entry, Promise, Promises, SeedSpace, Spec,
    entry::{
        PURE, Prepared, REPEATS, broken_everywhere, everywhere, flaw, of_index, per_task,
        per_task_boxed, weak_everywhere,
    },
};
use crate::{
    generators::{self, ChaChaStream, Mt19937, SpawnKey},
    results::FindingKind,
    vocabulary::{BackendKind, Root},
};

const KEY: SeedSpace = SeedSpace::Counter {
    root_bits: 256.0,
    index_bits: 64.0,
};
const FORMULA: &str = "key = first 256 bits of ChaCha8-block(root; index), state = bits of the key";
const FAILS: &str = "No failure known. Two streams are equal with probability streams² · 2^-257, as \
                     for any keyed derivation of 256 bits.";
const REFERENCE: &str = "O. Goldreich, S. Goldwasser, S. Micali, *How to construct random functions* \
                         (1986); RFC 8439 for the block function";

const fn spec(
    id: &'static str,
    summary: &'static str,
    formula: &'static str,
    fails: &'static str,
    seed_space: SeedSpace,
    claims: &'static [(BackendKind, Claim)],
) -> Spec {
    Spec {
        seed_space,
        ..of_index(id, summary, formula, fails, REFERENCE, claims)
    }
}

/// The answer to "is there a salt?": a ChaCha20 stream whose key is derived from root and index.
pub static CHACHA20: Entry = Entry {
    spec: &spec(
        "spawn-key/chacha20",
        "ChaCha20 keyed by a child of the run's root: one keyed hash for each task",
        "key = first 256 bits of ChaCha8-block(root; index), stream = ChaCha20(key)",
        FAILS,
        KEY,
        &[],
    ),
    prepare: |root, _| {
        let parent = SpawnKey::from_root(&root.seed());
        per_task(move |site| {
            ChaChaStream::<ChaCha20Core>::from_key(parent.child(site.task.0.into()).bytes())
        })
    },
};

/// The same derivation for numpy's old generator: the child fills the whole state.
pub static MT19937: Entry = Entry {
    spec: &spec(
        "spawn-key/mt19937",
        "a Mersenne Twister whose 19,937 state bits come from a child of the run's root",
        "key = first 256 bits of ChaCha8-block(root; index), state = ChaCha8(key)",
        FAILS,
        KEY,
        &[],
    ),
    prepare: |root, _| {
        let parent = SpawnKey::from_root(&root.seed());
        per_task(move |site| {
            let key = parent.child(site.task.0.into()).bytes();
            Mt19937::from_keystream::<ChaCha8Core>(key)
        })
    },
};

/// Declares the rule over a generator of the table.
macro_rules! spawned {
    ($($(#[$doc:meta])* $name:ident, $generator:literal, $fails:expr, $bits:expr, $claims:expr;)*) => {
        $(
            $(#[$doc])*
            pub static $name: Entry = Entry {
                spec: &spec(
                    concat!("spawn-key/", $generator),
                    concat!($generator, " with its state from a child of the run's root"),
                    FORMULA,
                    $fails,
                    $bits,
                    $claims,
                ),
                prepare: |root, _| spawned(root, $generator),
            };
        )*
    };
}

fn spawned(root: Root, generator: &str) -> Prepared {
    let parent = SpawnKey::from_root(&root.seed());
    let spec = generators::find(generator).expect("the generator is in the table");
    per_task_boxed(move |site| (spec.from_key)(&parent.child(site.task.0.into()).bytes()))
}

const fn state_of(bits: f64) -> SeedSpace {
    SeedSpace::Random { bits }
}

spawned! {
    /// The fastest ChaCha.
    CHACHA8, "chacha8", FAILS, KEY, &[];
    /// What rand's `StdRng` is.
    CHACHA12, "chacha12", FAILS, KEY, &[];
    /// What rand's `SmallRng` is.
    XOSHIRO256PP, "xoshiro256pp", FAILS, KEY, &[];
    /// The older scrambler.
    XOSHIRO256SS, "xoshiro256ss", FAILS, KEY, &[];
    /// numpy's default generator.
    PCG64, "pcg64", FAILS, state_of(255.0), &[];
    /// numpy's next default generator.
    PCG64DXSM, "pcg64dxsm", FAILS, state_of(255.0), &[];
    /// The fastest of numpy's generators.
    SFC64, "sfc64", FAILS, state_of(192.0), &[];
    /// cuRAND's generator.
    PHILOX4X32, "philox4x32-10", FAILS, state_of(192.0), &[];
    /// numpy's counter-based generator.
    PHILOX4X64, "philox4x64-10", FAILS, KEY, &[];
    /// JAX's kind of generator.
    THREEFRY4X64, "threefry4x64-20", FAILS, KEY, &[];
    /// Java's default splittable generator.
    LXM, "lxm", FAILS, state_of(255.0), &[];
    /// L'Ecuyer's generator, without its own streams.
    MRG32K3A, "mrg32k3a", FAILS, state_of(191.0), &[];
    /// 64-bit Mersenne Twister.
    MT19937_64, "mt19937-64", FAILS, KEY, &[];
    /// A linear generator, soundly seeded.
    XORSHIFT128, "xorshift128",
        "The seeding is sound; the generator is linear, so that more than 128 of its streams are \
         linearly dependent however they are seeded.",
        state_of(128.0),
        &weak_everywhere(flaw("130 streams are linearly dependent", 256, 16, &[FindingKind::LinearRelation]));
    /// A generator with a constant lowest bit, soundly seeded.
    MCG64, "mcg64",
        "The seeding is sound; the lowest bit of every word is 1.",
        state_of(63.0),
        &weak_everywhere(flaw("the lowest bit is constant", 16, 256, &[FindingKind::NonuniformWords, FindingKind::SerialDependence,
              FindingKind::CommonComponent, FindingKind::CorrelatedStreams, FindingKind::BiasedStart]));
}

/// A generator that no seeding can save.
pub static MINSTD: Entry = Entry {
    spec: &Spec {
        promises: &everywhere(REPEATS),
        ..spec(
            "spawn-key/minstd",
            "minstd with its 31 bits of state from a child of the run's root",
            FORMULA,
            "The hash is sound, but all streams are pieces of one cycle of 2^31 outputs: they overlap \
             however they are seeded.",
            state_of(31.0),
            // 2^31 outputs are a third as many words at each of three alignments: of s streams of w
            // words s² · w / 2^31 pairs overlap on average, and s² · (w − 8) / 2^31 in at least 8
            // words, here 28; none at all with probability e^-28.
            &broken_everywhere(flaw(
                "streams overlap in a period of 2^31",
                32_768,
                64,
                &[
                    FindingKind::ShiftedOverlap,
                    FindingKind::EqualStreams,
                    FindingKind::CrossRunSharing,
                ],
            )),
        )
    },
    prepare: |root, _| spawned(root, "minstd"),
};

const LOW_BITS: &str = "The hash is sound, but 48 bits of state are not enough: two streams whose states \
                        agree in their lowest bits stay tied there for good, and among a hundred \
                        streams some pair does by chance. Which pair, and how closely, is luck: no \
                        size makes it certain, so that the row is seldom decided.";

/// Which pair is tied, and how closely, is chance: no size makes it certain.
const TIED_BY_CHANCE: [(BackendKind, Claim); 3] = broken_everywhere(flaw(
    "pairs of states that agree in their low bits by chance",
    u32::MAX,
    2_048,
    &[
        FindingKind::CorrelatedStreams,
        FindingKind::LinearRelation,
        FindingKind::RelatedNeighbours,
        FindingKind::RepeatedWords,
    ],
));

const fn spec_48(id: &'static str, summary: &'static str) -> Spec {
    Spec {
        promises: WITHOUT_INDEPENDENCE,
        ..spec(
            id,
            summary,
            FORMULA,
            LOW_BITS,
            state_of(48.0),
            &TIED_BY_CHANCE,
        )
    }
}

const WITHOUT_INDEPENDENCE: &[(BackendKind, Promises)] =
    &everywhere(PURE.without(&[Promise::Independent]));

/// POSIX's generator.
pub static DRAND48: Entry = Entry {
    spec: &spec_48(
        "spawn-key/drand48",
        "drand48 with its 48 bits of state from a child of the run's root",
    ),
    prepare: |root, _| spawned(root, "drand48"),
};

/// Java's old generator.
pub static JAVA_RANDOM: Entry = Entry {
    spec: &spec_48(
        "spawn-key/java-random",
        "java.util.Random with its 48 bits of state from a child of the run's root",
    ),
    prepare: |root, _| spawned(root, "java-random"),
};

const SMALL_STATE: &str = "The seeding is sound; the generator's small state lets streams meet by \
                           chance, and long streams show its structure.";

spawned! {
    /// glibc's generator, soundly seeded.
    GLIBC_RANDOM, "glibc-random", SMALL_STATE, KEY, &[];
    /// Multiply-with-carry, soundly seeded.
    MWC, "mwc", SMALL_STATE, state_of(60.4), &[];
    /// SplitMix64 with a gamma of its own for every stream.
    SPLITMIX64, "splitmix64", FAILS, state_of(127.0), &[];
}
