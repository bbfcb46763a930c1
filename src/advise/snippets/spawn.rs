// One root of entropy a run, one stream id a task: distinct by construction, fresh, and replayable
// from the root. Dependencies: rand, rand_chacha.
use rand::{Rng, SeedableRng, rngs::SysRng};
use rand_chacha::ChaCha8Rng;

/// The generator of one task: the same root and task give the same numbers anywhere.
fn task_rng(root: [u8; 32], task: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::from_seed(root);
    rng.set_stream(task);
    rng
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let number = |name: &str, default: u64| {
        std::env::var(name).map_or(Ok(default), |text| text.parse::<u64>())
    };
    // Draw the root once, in the launcher, log it, and hand it to every worker.
    let mut root = [0; 32];
    rand::TryRng::try_fill_bytes(&mut SysRng, &mut root)?;
    let mut rng = task_rng(root, number("SEEDBENCH_WORKER", 0)?);
    for _ in 0..number("SEEDBENCH_WORDS", 4)? {
        println!("{}", rng.next_u64());
    }
    Ok(())
}
