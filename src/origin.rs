//! The note this project grew from, reproduced: its five snippets on real forked workers.
//!
//! The note ran `multiprocessing.Pool(8)` over 100 tasks and counted how often each value came back.
//! Nothing here is a recorded answer of ours: every value is drawn by the strategy that the snippet
//! is, on real forked processes. The note's own figures are kept apart, in [`note`], to be compared
//! with. Only the hand-out of chunks is given, because the note's was a race that its table records.

use std::{collections::BTreeMap, num::NonZeroU32, time::Duration};

use crate::{
    generators::genrand_res53,
    harness::{Assignment, Backend, Costs, Job, LaunchError},
    math, strategies,
    vocabulary::{Root, RootSeed, RunGroup, RunId, Site},
};

/// The figures printed in the note.
pub mod note {
    /// Workers of the note's pool.
    pub const WORKERS: u32 = 8;
    /// Tasks given to the pool.
    pub const TASKS: u32 = 100;
    /// Ordinal of the pool's first child.
    pub const FIRST_ORDINAL: u32 = 245;
    /// Tasks of the snippets with a fixed seed and with operating-system randomness.
    pub const SMALL_TASKS: u32 = 20;
    /// Chunks that each worker got in the run with inherited state, read off its multiplicities.
    pub const INHERITED_CHUNKS: [u32; 8] = [4, 4, 4, 4, 4, 3, 1, 1];
    /// How often each of the 16 values of inherited state came back.
    pub const INHERITED: [u64; 16] = [8, 8, 8, 8, 6, 6, 6, 6, 6, 6, 6, 6, 5, 5, 5, 5];
    /// Chunks that each worker got in the run seeded by ordinal, read off its multiplicities.
    pub const ORDINAL_CHUNKS: [u32; 8] = [4, 4, 5, 4, 2, 2, 1, 3];
    /// The ordinal, the value it gave as printed, and how often that value came back.
    pub const ORDINALS: [(u32, f64, u64); 8] = [
        (245, 0.90685386667433, 16),
        (246, 0.4796492884337591, 16),
        (247, 0.36618032461146066, 20),
        (248, 0.6919866188443934, 16),
        (249, 0.516936600528218, 8),
        (250, 0.2147793428763879, 8),
        (251, 0.6376112291529786, 4),
        (252, 0.005413330007831285, 12),
    ];
}

/// What one snippet gave.
#[derive(Clone, Debug)]
pub struct Snippet {
    /// The strategy that the snippet is.
    pub strategy: &'static str,
    /// The doubles of all tasks, in task order.
    pub values: Vec<f64>,
    /// The site of every task.
    pub sites: Vec<Site>,
    /// What the launch took.
    pub costs: Costs,
}

impl Snippet {
    /// Python's `Counter`: how often every value came back, most frequent first.
    pub fn counter(&self) -> Vec<(f64, u64)> {
        let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
        for value in &self.values {
            // Doubles in [0, 1) order like their bits.
            *counts.entry(value.to_bits()).or_default() += 1;
        }
        let mut table: Vec<(f64, u64)> = counts
            .into_iter()
            .map(|(bits, count)| (f64::from_bits(bits), count))
            .collect();
        table.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.total_cmp(&b.0)));
        table
    }

    /// How many different values came back.
    pub fn distinct(&self) -> usize {
        self.counter().len()
    }
}

/// The note's five snippets, run.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The root that stands for the state numpy drew when it was imported.
    pub root: RootSeed,
    /// Not safe: the state every forked worker inherits.
    pub inherited: Snippet,
    /// Not safe: the worker's ordinal as the seed.
    pub ordinals: Snippet,
    /// A fixed seed a task, in two runs.
    pub fixed: [Snippet; 2],
    /// Safe but slow: the operating system's generator for every draw.
    pub system: Snippet,
    /// The workaround: one byte of operating-system entropy a task.
    pub one_byte: Snippet,
    /// The workaround as it is written, executed once, before the fork.
    pub one_byte_before_fork: Snippet,
    /// The probability that two of the workaround's 20 tasks share a stream.
    pub one_byte_collision: f64,
    /// The answer: one root a run, a keyed derivation a task.
    pub spawn_key: Snippet,
}

/// Runs the note's snippets.
///
/// # Errors
/// When a snippet could not be launched on this backend.
pub fn reproduce(fork: &dyn Backend, root: RootSeed) -> Result<Origin, LaunchError> {
    let launch = |strategy, run, given, tasks, chunks: Option<&[u32]>| {
        snippet(fork, strategy, run, given, tasks, chunks)
    };
    let fresh = Root::Fresh(root);
    let small = note::SMALL_TASKS;
    // The snippet's seeds are range(20): index plus a constant of zero.
    let zero = Root::Given(RootSeed::from_u64(0));
    let fixed = |run| launch("fixed-plus-index/mt19937", run, zero, small, None);
    Ok(Origin {
        root,
        inherited: launch(
            "shared-state/mt19937",
            0,
            fresh,
            note::TASKS,
            Some(&note::INHERITED_CHUNKS),
        )?,
        ordinals: launch(
            "worker-ordinal/mt19937",
            0,
            fresh,
            note::TASKS,
            Some(&note::ORDINAL_CHUNKS),
        )?,
        fixed: [fixed(0)?, fixed(1)?],
        system: launch("os-random/getrandom", 0, fresh, small, None)?,
        one_byte: launch("os-reseed-1-byte/mt19937", 0, fresh, small, None)?,
        one_byte_before_fork: launch(
            "os-reseed-1-byte-before-fork/mt19937",
            0,
            fresh,
            small,
            None,
        )?,
        one_byte_collision: math::collision_probability(f64::from(small), 8.0),
        spawn_key: launch("spawn-key/mt19937", 0, fresh, small, None)?,
    })
}

fn snippet(
    backend: &dyn Backend,
    id: &'static str,
    run: u32,
    root: Root,
    tasks: u32,
    chunks: Option<&[u32]>,
) -> Result<Snippet, LaunchError> {
    let strategy = strategies::find(id).expect("the registry holds the note's strategies");
    let count = |value| NonZeroU32::new(value).expect("the note's sizes are positive");
    let job = Job {
        strategy,
        run: RunId(run),
        group: RunGroup::Fresh,
        root,
        workers: count(note::WORKERS),
        first_ordinal: note::FIRST_ORDINAL,
        tasks: count(tasks),
        chunk: None,
        assignment: chunks.map_or(Assignment::Static, |counts| Assignment::Recorded {
            workers: deal(counts),
        }),
        words: count(1),
        timeout: Duration::from_secs(30),
    };
    let mut words = vec![0; tasks as usize];
    let launched = backend.launch(&job, &mut words)?;
    Ok(Snippet {
        strategy: id,
        values: words
            .into_iter()
            .map(|word| genrand_res53((word >> 32) as u32, word as u32))
            .collect(),
        sites: launched.sites,
        costs: launched.costs,
    })
}

/// Hands out chunks in rounds until every worker has its number of them.
fn deal(counts: &[u32]) -> Vec<u32> {
    let rounds = counts.iter().copied().max().unwrap_or(0);
    (0..rounds)
        .flat_map(|round| {
            (0..counts.len())
                .filter(move |&worker| counts[worker] > round)
                .map(|w| w as u32)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dealing_gives_every_worker_its_number_of_chunks() {
        let dealt = deal(&note::ORDINAL_CHUNKS);
        assert_eq!(dealt.len(), 25);
        for (worker, &count) in note::ORDINAL_CHUNKS.iter().enumerate() {
            let got = dealt.iter().filter(|&&w| w as usize == worker).count();
            assert_eq!(got, count as usize);
        }
    }
}
