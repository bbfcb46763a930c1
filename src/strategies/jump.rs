//! One long sequence cut into streams by jumping ahead.

use std::num::NonZeroU32;

use rand_core::SeedableRng;
use rand_pcg::{Pcg64, Pcg64Dxsm};
use rand_xoshiro::{Xoshiro256PlusPlus, Xoshiro256StarStar};

use super::{
    Entry, SeedSpace, Spec,
    entry::{expanded, from_table, of_index},
};
use crate::generators::FromRng;

const fn spec(
    id: &'static str,
    summary: &'static str,
    formula: &'static str,
    reference: &'static str,
    (root_bits, index_bits): (f64, f64),
) -> Spec {
    Spec {
        seed_space: SeedSpace::Counter {
            root_bits,
            index_bits,
        },
        ..of_index(
            id,
            summary,
            formula,
            "Distinct by construction until a stream is longer than the jump. The jumps are made one \
                after the other before the run, which costs time and memory for each task.",
            reference,
            &[],
        )
    }
}

const XOSHIRO: &str = "D. Blackman, S. Vigna, *Scrambled linear pseudorandom number generators*, ACM \
                       TOMS 47(4), 2021, section 10.1";
const PCG: &str = "F. Brown, *Random number generation with arbitrary strides* (1994); numpy, \
                   `PCG64.jumped`";

/// The states of a sequence, each one jump on from the last.
fn jumps<R: Clone>(first: R, jump: impl Fn(&mut R), tasks: NonZeroU32) -> impl Iterator<Item = R> {
    let next = move |state: &R| {
        let mut state = state.clone();
        jump(&mut state);
        Some(state)
    };
    std::iter::successors(Some(first), next).take(tasks.get() as usize)
}

/// xoshiro256++, 2^128 words a stream.
pub static XOSHIRO256PP: Entry = Entry {
    spec: &spec(
        "jump/xoshiro256pp",
        "stream i starts i · 2^128 words into one xoshiro256++ sequence",
        "state = hash(root) · T^(i · 2^128) over GF(2)",
        XOSHIRO,
        (256.0, 128.0),
    ),
    prepare: |root, tasks| {
        let first = Xoshiro256PlusPlus::from_seed(expanded(&root));
        from_table(jumps(first, Xoshiro256PlusPlus::jump, tasks), FromRng)
    },
};

/// xoshiro256**, 2^128 words a stream.
pub static XOSHIRO256SS: Entry = Entry {
    spec: &spec(
        "jump/xoshiro256ss",
        "stream i starts i · 2^128 words into one xoshiro256** sequence",
        "state = hash(root) · T^(i · 2^128) over GF(2)",
        XOSHIRO,
        (256.0, 128.0),
    ),
    prepare: |root, tasks| {
        let first = Xoshiro256StarStar::from_seed(expanded(&root));
        from_table(jumps(first, Xoshiro256StarStar::jump, tasks), FromRng)
    },
};

/// 2^128 divided by the golden ratio, made odd: the jump of numpy's `PCG64.jumped`.
const GOLDEN_JUMP: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;

/// PCG64, numpy's jump.
pub static PCG64: Entry = Entry {
    spec: &spec(
        "jump/pcg64",
        "stream i starts i golden jumps into one PCG64 sequence, as numpy's `jumped(i)`",
        "state = hash(root) advanced by i · (2^128 / φ) steps mod 2^128",
        PCG,
        (255.0, 128.0),
    ),
    prepare: |root, tasks| {
        let first = Pcg64::from_seed(expanded(&root));
        from_table(jumps(first, |pcg| pcg.advance(GOLDEN_JUMP), tasks), FromRng)
    },
};

/// PCG64DXSM, numpy's jump.
pub static PCG64DXSM: Entry = Entry {
    spec: &spec(
        "jump/pcg64dxsm",
        "stream i starts i golden jumps into one PCG64DXSM sequence, as numpy's `jumped(i)`",
        "state = hash(root) advanced by i · (2^128 / φ) steps mod 2^128",
        PCG,
        (255.0, 128.0),
    ),
    prepare: |root, tasks| {
        let first = Pcg64Dxsm::from_seed(expanded(&root));
        from_table(jumps(first, |pcg| pcg.advance(GOLDEN_JUMP), tasks), FromRng)
    },
};
