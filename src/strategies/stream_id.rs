//! ChaCha's nonce as the number of the stream.

use rand_chacha::{ChaCha8Rng, ChaCha12Rng, ChaCha20Rng};
use rand_core::SeedableRng;

use super::{
    Entry, SeedSpace, Spec,
    entry::{of_index, per_task},
};
use crate::generators::FromRng;

const fn spec(id: &'static str) -> Spec {
    Spec {
        seed_space: SeedSpace::Counter {
            root_bits: 256.0,
            index_bits: 64.0,
        },
        ..of_index(
            id,
            "one ChaCha key for the run, the task as its 64-bit stream id",
            "words = ChaCha(key = root, nonce = index)",
            "Distinct by construction for 2^64 streams of 2^70 bytes.",
            "D. J. Bernstein, *ChaCha, a variant of Salsa20* (2008); crate rand_chacha, \
                    `set_stream`",
            &[],
        )
    }
}

/// ChaCha8.
pub static CHACHA8: Entry = Entry {
    spec: &spec("stream-id/chacha8"),
    prepare: |root, _| {
        per_task(move |site| {
            let mut rng = ChaCha8Rng::from_seed(*root.seed().bytes());
            rng.set_stream(site.task.0.into());
            FromRng(rng)
        })
    },
};

/// ChaCha12.
pub static CHACHA12: Entry = Entry {
    spec: &spec("stream-id/chacha12"),
    prepare: |root, _| {
        per_task(move |site| {
            let mut rng = ChaCha12Rng::from_seed(*root.seed().bytes());
            rng.set_stream(site.task.0.into());
            FromRng(rng)
        })
    },
};

/// ChaCha20.
pub static CHACHA20: Entry = Entry {
    spec: &spec("stream-id/chacha20"),
    prepare: |root, _| {
        per_task(move |site| {
            let mut rng = ChaCha20Rng::from_seed(*root.seed().bytes());
            rng.set_stream(site.task.0.into());
            FromRng(rng)
        })
    },
};
