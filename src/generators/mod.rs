//! The generators that strategies seed: a thin trait over well-kept crates, and one file for each
//! generator that no crate serves.
//!
//! A generator is only a map from a state to words; every way of choosing the state is a *strategy*.

mod chacha;
mod double;
mod mt19937;
mod spawn;
mod system;

pub use chacha::{ChaChaStream, block as chacha_block};
pub use double::genrand_res53;
pub use mt19937::Mt19937;
pub use spawn::SpawnKey;
pub use system::fill_from_system;

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
