//! How a test asks whether a program's generators are soundly seeded.
//!
//!     cargo run --example audit_in_a_test

use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use seedbench::Audit;

/// The program's way to seed: one key a run, one stream number a worker.
fn sound(run: u64, worker: u64) -> ChaCha12Rng {
    let mut rng = ChaCha12Rng::seed_from_u64(run);
    rng.set_stream(worker);
    rng
}

/// What many programs do instead: run 0 worker 1 draws what run 1 worker 0 draws.
fn seed_plus_rank(run: u64, worker: u64) -> ChaCha12Rng {
    ChaCha12Rng::seed_from_u64(run + worker)
}

fn main() {
    Audit::new("key and stream number")
        .workers(64)
        .runs(4)
        .streams(|id| sound(id.run, id.worker))
        .assert_sound();

    let broken = Audit::new("seed + rank")
        .workers(64)
        .runs(4)
        .streams(|id| seed_plus_rank(id.run, id.worker));
    assert!(!broken.is_sound(), "the audit must see it");
    println!("{broken}");
}
