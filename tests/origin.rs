//! The note this project grew from, reproduced on real forked processes.
#![cfg(unix)]

use seedbench::{
    harness::ForkBackend,
    origin::{self, Origin, note},
    vocabulary::RootSeed,
};

fn reproduced() -> Origin {
    let fork = ForkBackend::with_helper(env!("CARGO_BIN_EXE_seedbench"));
    origin::reproduce(&fork, RootSeed::from_u64(2024)).expect("the snippets run on forked workers")
}

#[test]
fn the_notes_tables_come_out() {
    let origin = reproduced();

    let inherited: Vec<u64> = origin.inherited.counter().iter().map(|row| row.1).collect();
    assert_eq!(inherited, note::INHERITED, "state inherited by fork");

    assert_eq!(origin.ordinals.distinct(), 8);
    for (seed, value, times) in note::ORDINALS {
        let of_seed: Vec<f64> = origin
            .ordinals
            .sites
            .iter()
            .zip(&origin.ordinals.values)
            .filter(|(site, _)| site.worker_ordinal == seed)
            .map(|(_, value)| *value)
            .collect();
        assert_eq!(of_seed.len() as u64, times, "seed {seed}");
        for ours in of_seed {
            assert_eq!(ours.to_bits(), value.to_bits(), "seed {seed}");
        }
    }

    let [first, second] = &origin.fixed;
    assert_eq!(first.distinct(), 20, "a seed a task is distinct in a run");
    assert_eq!(first.values, second.values, "and the same in every run");

    assert_eq!(origin.system.distinct(), 20);
    assert_eq!(origin.spawn_key.distinct(), 20);

    // 1 - (255/256)(254/256)...(237/256), computed here the long way.
    let escape: f64 = (1..20).map(|i| f64::from(256 - i) / 256.0).product();
    assert!((origin.one_byte_collision + escape - 1.0).abs() < 1e-12);
    // Seeded once, before the fork: 20 tasks on 8 workers walk one sequence, 3 long at most.
    assert_eq!(origin.one_byte_before_fork.distinct(), 3);
}

#[test]
fn workers_are_processes_of_their_own() {
    let origin = reproduced();
    let mut pids: Vec<u32> = origin.ordinals.sites.iter().map(|site| site.pid).collect();
    pids.sort_unstable();
    pids.dedup();
    assert_eq!(pids.len(), 8);
    assert!(!pids.contains(&std::process::id()));
}
