use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

/// The root is sent to every rank and no rank goes into the seed: all draw the same words.
fn rng_for_all_ranks(root: [u8; 32]) -> ChaCha20Rng {
    ChaCha20Rng::from_seed(root)
}
