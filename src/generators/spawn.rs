//! A tree of 256-bit keys: every child is a keyed hash of its parent and its index.

use super::chacha::block;
use crate::vocabulary::RootSeed;

/// Rounds of the derivation, halved: ChaCha8.
const DOUBLE_ROUNDS: usize = 4;

/// "seedkids": keeps derivations apart from any ChaCha keystream under the same key, whose nonce is
/// small.
const DOMAIN: [u32; 2] = [0x6465_6573, 0x7364_696b];

/// A key in a tree of spawn keys. Children of one key are distinct up to a chance of
/// children² · 2^-257, and say nothing of their parent or of each other.
///
/// ```
/// use seedbench::{vocabulary::RootSeed, generators::SpawnKey};
///
/// let root = SpawnKey::from_root(&RootSeed::from_u64(42));
/// assert_ne!(root.child(0).bytes(), root.child(1).bytes());
/// // A worker may have children of its own: the path is the name.
/// assert_ne!(root.child(0).child(1).bytes(), root.child(1).child(0).bytes());
/// ```
#[derive(Clone)]
pub struct SpawnKey([u32; 8]);

impl SpawnKey {
    /// The 64-bit ChaCha stream id of derivations: child i is the first half of block i of this
    /// stream under the parent's key.
    pub const STREAM: u64 = (DOMAIN[1] as u64) << 32 | DOMAIN[0] as u64;

    /// The root of the tree.
    pub fn from_root(root: &RootSeed) -> Self {
        Self(root.words32())
    }

    /// The child with this index.
    pub fn child(&self, index: u64) -> Self {
        let row = [index as u32, (index >> 32) as u32, DOMAIN[0], DOMAIN[1]];
        let words = block::<DOUBLE_ROUNDS>(&self.0, row);
        Self(std::array::from_fn(|i| words[i]))
    }

    /// The key, least significant byte first.
    pub fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (chunk, word) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(self.0) {
            *chunk = word.to_le_bytes();
        }
        bytes
    }

    /// The key as four 64-bit words, least significant first.
    pub fn words(&self) -> [u64; 4] {
        std::array::from_fn(|i| u64::from(self.0[2 * i]) | u64::from(self.0[2 * i + 1]) << 32)
    }
}
