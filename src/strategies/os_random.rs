//! The operating system's generator for every draw.

use super::{
    Entry, Fact, Scope, SeedSpace, Spec,
    entry::{SYSTEM, everywhere, per_task},
};
use crate::generators::{BitStream, SystemWords, fill_from_system};

/// `random.SystemRandom`: one system call of 8 bytes for each draw.
pub static GETRANDOM: Entry = Entry {
    spec: &Spec {
        id: "os-random/getrandom",
        scope: Scope::Draw,
        summary: "every draw is a system call of 8 bytes, as in Python's `SystemRandom`",
        formula: "word = getrandom(8 bytes)",
        reads: &[Fact::OsEntropy],
        fails: "Sound, but some fifty times slower than a generator, and no run can be repeated.",
        reference: "Python documentation, `random.SystemRandom`; getrandom(2)",
        promises: &everywhere(SYSTEM),
        seed_space: SeedSpace::Random { bits: 256.0 },
        claims: &[],
    },
    prepare: |_, _| per_task(|_| SystemWords),
};

/// The same bytes, fetched 4 KiB at a time: what the slowness is made of.
pub static BUFFERED: Entry = Entry {
    spec: &Spec {
        id: "os-random-4k/getrandom",
        scope: Scope::Draw,
        summary: "words of the operating system, fetched 4 KiB at a time",
        formula: "512 words = getrandom(4,096 bytes)",
        reads: &[Fact::OsEntropy],
        fails: "Sound; ten times faster than a call for each draw, still several times slower than \
                a generator, and no run can be repeated.",
        reference: "getrandom(2); the buffer lives in the task, so nothing is inherited by a fork",
        promises: &everywhere(SYSTEM),
        seed_space: SeedSpace::Random { bits: 256.0 },
        claims: &[],
    },
    prepare: |_, _| {
        per_task(|_| BufferedSystem {
            bytes: [0; BUFFER_BYTES],
            next: BUFFER_BYTES,
        })
    },
};

const BUFFER_BYTES: usize = 4096;

struct BufferedSystem {
    bytes: [u8; BUFFER_BYTES],
    next: usize,
}

impl BitStream for BufferedSystem {
    fn fill(&mut self, mut block: &mut [u64]) {
        while !block.is_empty() {
            if self.next == BUFFER_BYTES {
                fill_from_system(&mut self.bytes);
                self.next = 0;
            }
            let words = ((BUFFER_BYTES - self.next) / 8).min(block.len());
            let (now, later) = block.split_at_mut(words);
            let bytes = &self.bytes[self.next..self.next + 8 * words];
            for (word, bytes) in now.iter_mut().zip(bytes.as_chunks::<8>().0) {
                *word = u64::from_le_bytes(*bytes);
            }
            self.next += 8 * words;
            block = later;
        }
    }
}
