use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

/// `root` is drawn once per run and recorded; every task gets a stream of its own.
fn task_rng(root: [u8; 32], task: u64) -> ChaCha20Rng {
    let mut rng = ChaCha20Rng::from_seed(root);
    rng.set_stream(task);
    rng
}
