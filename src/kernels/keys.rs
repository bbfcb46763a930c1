//! Where the keys of a partition come from.

/// Keys that can be visited twice, in chunks, in parallel.
pub trait KeySource: Sync {
    /// How many chunks there are.
    fn chunks(&self) -> usize;

    /// Calls `sink` with the keys of one chunk, block by block. Every visit must give the same keys.
    fn visit(&self, chunk: usize, sink: &mut dyn FnMut(&[u64]));
}

impl KeySource for [u64] {
    fn chunks(&self) -> usize {
        self.len().div_ceil(SLICE_CHUNK)
    }

    fn visit(&self, chunk: usize, sink: &mut dyn FnMut(&[u64])) {
        let start = chunk * SLICE_CHUNK;
        sink(&self[start..(start + SLICE_CHUNK).min(self.len())]);
    }
}

/// Keys of a slice that form one chunk: fewer share work out better, more cost less.
const SLICE_CHUNK: usize = 1 << 16;
