// One root of entropy a run, one key a task: fresh, replayable from the root, and distinct but for
// collisions of 256-bit keys. Dependency: rand = { version = "0.10", features = ["chacha"] }.
use rand::{Rng, SeedableRng, TryRng, rngs::ChaCha8Rng, rngs::SysRng, rngs::Xoshiro256PlusPlus};

/// The generator of one task: the same root and task give the same numbers anywhere.
fn task_rng(root: u128, task: u64) -> Xoshiro256PlusPlus {
    let mut key = [0; 32];
    key[..16].copy_from_slice(&root.to_le_bytes());
    let mut hash = ChaCha8Rng::from_seed(key);
    hash.set_stream(u64::from_le_bytes(*b"seedkids"));
    hash.set_block_pos(task);
    Xoshiro256PlusPlus::from_rng(&mut hash)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let number = |name: &str, default: u64| {
        std::env::var(name).map_or(Ok(default), |text| text.parse::<u64>())
    };
    // Draw the root once, in the launcher, log it, and hand it to every worker.
    let root = match std::env::var("SEEDBENCH_SEED") {
        Ok(given) => given.parse::<u128>()?,
        Err(_) => u128::from(SysRng.try_next_u64()?) << 64 | u128::from(SysRng.try_next_u64()?),
    };
    eprintln!("SEEDBENCH_SEED={root}");
    let mut rng = task_rng(root, number("SEEDBENCH_WORKER", 0)?);
    for _ in 0..number("SEEDBENCH_WORDS", 4)? {
        println!("{}", rng.next_u64());
    }
    Ok(())
}
