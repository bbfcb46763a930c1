//! The generators that strategies seed: a thin trait over well-kept crates, and one file for each
//! generator that no crate serves.

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
