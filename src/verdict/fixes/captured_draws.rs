use rand_xoshiro::rand_core::Rng;

/// The words that a worker draws, to be written to run-000/worker-00000.u64: no header, nothing sorted,
/// summed or scaled.
fn captured(rng: &mut impl Rng, draws: usize) -> Vec<u8> {
    (0..draws).flat_map(|_| rng.next_u64().to_le_bytes()).collect()
}
