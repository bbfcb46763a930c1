//! What Julia draws after `Random.seed!(k)`: by the task that seeds, by the first tasks that it spawns, and into
//! arrays.
//!
//! Sources: `Xoshiro.jl`, `XoshiroSimd.jl` and `jl_rng_split` of `task.c` (1.10 to 1.13; the generator itself and
//! arrays from 1.7 on). The state of xoshiro256++ is the SHA-256 of the seed's digits. A task that is spawned gets
//! the parent's state, each part mixed with that of a counter by the output function RXS-M-XS of M. E. O'Neill's
//! PCG. Arrays of eight numbers and more are filled by eight generators in turn. Known answers of each are in the
//! tests of the values.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{outputs::words, sha256};

/// Tasks that are tried, in the order in which they are spawned.
pub(super) const TASKS: u32 = 8;

/// The state after a seed.
fn seeded(k: u64) -> [u8; 32] {
    let bytes = k.to_le_bytes();
    let digits = if k >> 32 == 0 { 4 } else { 8 };
    sha256::of(&bytes[..digits])
}

fn parts(state: &[u8; 32]) -> [u64; 4] {
    std::array::from_fn(|part| {
        let bytes = &state[8 * part..][..8];
        u64::from_le_bytes(bytes.try_into().expect("eight bytes"))
    })
}

fn xoshiro(parts: [u64; 4]) -> Xoshiro256PlusPlus {
    let mut state = [0; 32];
    for (bytes, part) in state.chunks_mut(8).zip(parts) {
        bytes.copy_from_slice(&part.to_le_bytes());
    }
    Xoshiro256PlusPlus::from_seed(state)
}

/// The task that seeds.
pub(super) fn root(k: u64, out: &mut [u64]) {
    words(Xoshiro256PlusPlus::from_seed(seeded(k)), out);
}

/// A task that is spawned after `before` others.
pub(super) fn task(k: u64, before: u32, out: &mut [u64]) {
    const STEP: u64 = 0xd134_2543_de82_ef95;
    const MIXED: [(u64, u64); 4] = [
        (0x214c_146c_88e4_7cb7, 0xaef1_7502_108e_f2d9),
        (0xa66d_8cc2_1285_aafa, 0xf340_26ee_b867_66af),
        (0x68c7_ef2d_7b1a_54d4, 0x38fd_70ad_58dd_9fbb),
        (0xb053_a7d7_aa23_8c61, 0x6677_f9b9_3ab0_c04d),
    ];
    let parent = parts(&seeded(k));
    let weights = [1u64, 3, 5, 7];
    let first = parent
        .iter()
        .zip(weights)
        .fold(0u64, |sum, (part, weight)| {
            sum.wrapping_add(part.wrapping_mul(weight))
        });
    let counter = (0..before).fold(first, |counter, _| {
        counter.wrapping_mul(STEP).wrapping_add(1)
    });
    words(
        xoshiro(std::array::from_fn(|at| {
            let (constant, multiplier) = MIXED[at];
            let (part, with) = (parent[at], counter ^ constant);
            let mixed = part.wrapping_add(with.wrapping_mul(part.wrapping_mul(2).wrapping_add(1)));
            let turned = (mixed ^ mixed >> ((mixed >> 59) + 5)).wrapping_mul(multiplier);
            turned ^ turned >> 43
        })),
        out,
    );
}

/// An array, filled by the task that seeds.
pub(super) fn array(k: u64, out: &mut [u64]) {
    const LANES: usize = 8;
    const MULTIPLIERS: [u64; 4] = [
        0x0201_1ce3_4bce_797f,
        0x5a94_851f_b48a_6e05,
        0x3688_cf5d_4889_9fa7,
        0x867b_4bb4_c42e_5661,
    ];
    let mut parent = Xoshiro256PlusPlus::from_seed(seeded(k));
    let states = MULTIPLIERS.map(|multiplier| -> [u64; LANES] {
        std::array::from_fn(|_| parent.next_u64().wrapping_mul(multiplier))
    });
    let mut lanes: [Xoshiro256PlusPlus; LANES] =
        std::array::from_fn(|lane| xoshiro(states.map(|part| part[lane])));
    for turn in out.chunks_mut(LANES) {
        for (word, lane) in turn.iter_mut().zip(&mut lanes) {
            *word = lane.next_u64();
        }
    }
}
