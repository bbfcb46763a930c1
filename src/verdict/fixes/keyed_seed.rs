use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

/// Hash root and task before they reach a generator that copies its seed into its state.
fn task_rng<R: SeedableRng>(root: [u8; 32], task: u64) -> R {
    let mut keyed = ChaCha20Rng::from_seed(root);
    keyed.set_stream(task);
    R::from_rng(&mut keyed)
}
