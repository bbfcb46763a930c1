//! The generators that strategies seed: a thin trait over well-kept crates, and one file for each
//! generator that no crate serves.
//!
//! A generator is only a map from a state to words; every way of choosing the state is a *strategy*.

mod all;
mod chacha;
mod counter;
mod double;
mod glibc_random;
mod lcg;
mod lxm;
mod mrg32k3a;
pub(crate) mod mt19937;
mod mt19937x64;
mod mwc;
mod pcg;
mod philox;
mod seed_sequence;
mod sfc64;
mod spawn;
mod spec;
mod splitmix;
mod system;
mod threefry;
mod words;
mod xorshift;

pub use all::{ALL, find};
pub use chacha::{ChaChaStream, block as chacha_block};
pub use double::genrand_res53;
pub use glibc_random::GlibcRandom;
pub use lcg::{Drand48, JavaRandom, Lcg31, Leapfrog, Mcg64, Minstd};
pub use lxm::Lxm;
pub use mrg32k3a::{Leap, Mrg32k3a};
pub use mt19937::Mt19937;
pub use mt19937x64::Mt19937x64;
pub use mwc::Mwc;
pub use pcg::{numpy_pcg64, numpy_pcg64dxsm};
pub use philox::{Philox4x32, Philox4x64};
pub use seed_sequence::SeedSequence;
pub use sfc64::NumpySfc64;
pub use spawn::SpawnKey;
pub use spec::GeneratorSpec;
pub use splitmix::{GOLDEN_GAMMA, SplitMix64, hash64, mix64};
pub use system::{SystemWords, fill_from_system, fresh_root};
pub use threefry::Threefry4x64;
pub use xorshift::Xorshift128;

/// A source of 64-bit words, drawn a block at a time: one virtual call per block, never per draw.
pub trait BitStream: Send {
    /// Fills the block with the next words of the stream.
    fn fill(&mut self, block: &mut [u64]);
}

/// Any infallible `rand` generator is a stream of its `next_u64` words.
pub struct FromRng<R>(pub R);

impl<R: rand_core::Rng + Send> BitStream for FromRng<R> {
    fn fill(&mut self, block: &mut [u64]) {
        for word in block {
            *word = self.0.next_u64();
        }
    }
}

/// A key as four 64-bit words, least significant first.
pub(crate) fn words_of(key: &[u8; 32]) -> [u64; 4] {
    std::array::from_fn(|i| u64::from_le_bytes(key.as_chunks().0[i]))
}
