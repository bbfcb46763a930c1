//! The census: very many independent draws of seed entropy, a short fingerprint of each.
//!
//! The sampling unit is one independent draw of seed entropy: a task for rules applied per task, a
//! worker for rules applied per worker, a root for rules applied once a run. Deterministic rules, and
//! those that hand out numbers without replacement, get no entropy figure, only how their streams
//! collide. Fingerprints are the first 256 bits of a stream: equal fingerprints are equal streams.

use std::{num::NonZeroU32, time::Duration};

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    harness::{Assignment, Backend, Cluster, Job, LaunchError, SitesBackend},
    math,
    results::FindingKind,
    strategies::{self, Claim, Fact, Promise, Scope, SeedSpace, SeedingStrategy, Spec},
    vocabulary::{BackendKind, Root, RootSeed, RunGroup, RunId, Site, TaskId, WorkerId},
};

/// 64-bit words of a fingerprint.
const FINGERPRINT: usize = 4;

/// The confidence of intervals and certificates.
const CONFIDENCE: f64 = 0.95;

/// The least probability, under the declared seed space, at which a count still agrees with it.
const AGREES: f64 = 1e-9;

/// What one independent draw of seed entropy belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A task.
    Task,
    /// A worker.
    Worker,
    /// A run, and so its root.
    Run,
}

/// What a census found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Census {
    /// What was drawn independently.
    pub unit: Unit,
    /// How many were drawn.
    pub units: u64,
    /// How many different streams they started.
    pub distinct: u64,
    /// Pairs of equal streams.
    pub pairs: u64,
    /// What the streams are worth: S² / Σm².
    pub effective_streams: f64,
    /// What is said of entropy; `None` for rules without any.
    pub entropy: Option<Entropy>,
}

/// What the collisions of a census say of the seeds' entropy.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entropy {
    /// The seed space in bits, estimated from pairs; `None` when nothing collided.
    pub estimate_bits: Option<f64>,
    /// At least so many bits of support, at 95 % (exact occupancy law, uniform seeds).
    pub at_least_bits: Option<f64>,
    /// At most so many bits of support, at 95 %; `None` when nothing collided.
    pub at_most_bits: Option<f64>,
    /// When nothing collided: at least so many bits of collision entropy, whatever the seeds' law.
    pub collision_at_least_bits: Option<f64>,
    /// When nothing collided: at least so many bits of min-entropy, whatever the seeds' law.
    pub least_likely_bits: Option<f64>,
    /// The bits that the strategy declares.
    pub declared_bits: f64,
    /// Whether the count agrees with the declared bits, at a risk of 10⁻⁹ a side.
    pub agrees: bool,
}

/// Counts the streams that `units` independent draws of a strategy's seed entropy start.
///
/// Roots of per-run rules derive from `root`; memory is 32 bytes a unit and as much again for sites.
///
/// # Errors
/// When the strategy cannot start so many.
pub fn census(
    strategy: &dyn SeedingStrategy,
    units: NonZeroU32,
    root: RootSeed,
) -> Result<Census, LaunchError> {
    let spec = strategy.spec();
    let unit = match (spec.seed_space, spec.scope) {
        (SeedSpace::Counter { .. }, _) | (_, Scope::Run) => Unit::Run,
        (_, Scope::Worker) => Unit::Worker,
        (_, Scope::Task | Scope::Draw) => Unit::Task,
    };
    let mut prints = match unit {
        Unit::Run => by_run(strategy, units, root)?,
        Unit::Worker | Unit::Task => by_task(strategy, units, root)?,
    };
    let mut census = count(unit, &mut prints, declared_bits(spec));
    if let Some(entropy) = &mut census.entropy {
        entropy.agrees |= declares_equal_streams(spec, &census.distinct, census.units);
    }
    Ok(census)
}

/// The bits that tell the counted units apart, as the strategy declares them.
fn declared_bits(spec: &Spec) -> Option<f64> {
    match spec.seed_space {
        SeedSpace::Random { bits } => Some(bits),
        // The first task of a run shows as many bits of the root as it reads.
        SeedSpace::Counter { root_bits, .. } => Some(
            spec.reads
                .iter()
                .find_map(|fact| match fact {
                    Fact::RootLow(bits) => Some(f64::from(*bits)),
                    _ => None,
                })
                .unwrap_or(root_bits),
        ),
        SeedSpace::Deterministic => None,
    }
}

/// Whether the strategy says itself that so many modelled workers draw equal streams, and they do.
fn declares_equal_streams(spec: &Spec, distinct: &u64, units: u64) -> bool {
    matches!(strategies::claim(spec, BackendKind::Sites), Claim::Broken(flaw)
        if flaw.caught_by.contains(&FindingKind::EqualStreams)
            && units >= u64::from(flaw.from_streams)
            && *distinct < units)
}

type Fingerprint = [u64; FINGERPRINT];

/// One run, one task for every modelled worker.
fn by_task(
    strategy: &dyn SeedingStrategy,
    units: NonZeroU32,
    root: RootSeed,
) -> Result<Vec<Fingerprint>, LaunchError> {
    let job = Job {
        strategy,
        run: RunId(0),
        group: RunGroup::Fresh,
        root: Root::Fresh(root),
        workers: units,
        first_ordinal: 1,
        tasks: units,
        chunk: NonZeroU32::new(1),
        assignment: Assignment::Static,
        words: NonZeroU32::new(FINGERPRINT as u32).expect("a fingerprint has words"),
        timeout: Duration::from_secs(600),
    };
    let mut words = vec![0; units.get() as usize * FINGERPRINT];
    SitesBackend {
        cluster: Cluster::default(),
    }
    .launch(&job, &mut words)?;
    Ok(words
        .chunks_exact(FINGERPRINT)
        .map(|words| std::array::from_fn(|i| words[i]))
        .collect())
}

/// Very many runs, each with a root of its own, and the first task of each.
fn by_run(
    strategy: &dyn SeedingStrategy,
    units: NonZeroU32,
    root: RootSeed,
) -> Result<Vec<Fingerprint>, LaunchError> {
    let one = NonZeroU32::new(1).expect("1 is positive");
    // A rule that draws nothing fresh has the entropy that its users give it.
    let given = !strategy
        .spec()
        .promises_on(BackendKind::Sites)
        .contains(Promise::Fresh);
    (0..units.get())
        .into_par_iter()
        .map(|run| {
            let mut source = ChaCha20Rng::from_seed(*root.bytes());
            source.set_stream(u64::from(run));
            let mut bytes = [0; 32];
            source.fill_bytes(&mut bytes);
            let root = RootSeed::from_bytes(bytes);
            let root = if given {
                Root::Given(root)
            } else {
                Root::Fresh(root)
            };
            let seeder = strategy.prepare(root, one)?;
            let site = Site {
                run: RunId(run),
                task: TaskId(0),
                worker: WorkerId(0),
                worker_ordinal: 1,
                pid: 1,
                ..Site::default()
            };
            let mut print = [0; FINGERPRINT];
            seeder.enter(&site).open(&site).fill(&mut print);
            Ok(print)
        })
        .collect()
}

fn count(unit: Unit, prints: &mut [Fingerprint], declared_bits: Option<f64>) -> Census {
    prints.par_sort_unstable();
    let multiplicities = || {
        prints
            .chunk_by(|a, b| a == b)
            .map(|group| group.len() as u64)
    };
    let units = prints.len() as u64;
    let distinct = multiplicities().count() as u64;
    let pairs = multiplicities().map(|times| times * (times - 1) / 2).sum();
    Census {
        unit,
        units,
        distinct,
        pairs,
        effective_streams: math::effective_streams(multiplicities()).unwrap_or(0.0),
        entropy: declared_bits.map(|bits| entropy(units, distinct, pairs, bits)),
    }
}

fn entropy(units: u64, distinct: u64, pairs: u64, declared_bits: f64) -> Entropy {
    let interval = math::seed_space_interval(units, distinct, CONFIDENCE);
    let whole = |certificate: fn(f64, f64) -> Option<f64>| {
        (pairs == 0)
            .then(|| certificate(units as f64, CONFIDENCE))
            .flatten()
    };
    // Beyond 1,000 bits nothing collides, and the number of cells is no number any more.
    let tails = math::occupancy_tails(units, declared_bits.min(1_000.0).exp2(), distinct);
    Entropy {
        estimate_bits: math::seed_space_of_pairs(units, pairs).map(f64::log2),
        at_least_bits: interval.low_bits,
        at_most_bits: interval.high_bits,
        collision_at_least_bits: whole(math::collision_entropy_lower_bits),
        least_likely_bits: whole(math::min_entropy_lower_bits),
        declared_bits,
        agrees: tails.ln_lower.min(tails.ln_upper) >= AGREES.ln(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategies;

    fn of(id: &str, units: u32) -> Census {
        let strategy = strategies::find(id).expect("a strategy of the catalogue");
        let units = NonZeroU32::new(units).expect("positive");
        census(strategy, units, RootSeed::from_u64(7)).unwrap()
    }

    #[test]
    fn one_byte_of_entropy_is_measured_as_one_byte() {
        // Drawn from the system anew each time: of 40 intervals of 95 % fewer than 30 hold the truth by chance once in
        // a million times.
        let mut hold = 0;
        for _ in 0..40 {
            let census = of("os-reseed-1-byte/mt19937", 1024);
            let entropy = census.entropy.unwrap();
            assert_eq!(census.unit, Unit::Task);
            assert!(census.distinct <= 256);
            assert!(entropy.agrees, "{entropy:?}");
            let [estimate, least, most] = [
                entropy.estimate_bits,
                entropy.at_least_bits,
                entropy.at_most_bits,
            ]
            .map(Option::unwrap);
            assert!((estimate - 8.0).abs() < 0.3, "{entropy:?}");
            hold += usize::from(least <= 8.0 && most >= 8.0);
        }
        assert!(hold >= 30, "{hold} of 40");
    }

    #[test]
    fn full_roots_do_not_collide_and_certify_what_the_size_allows() {
        let census = of("spawn-key/chacha20", 4096);
        let entropy = census.entropy.unwrap();
        assert_eq!((census.unit, census.pairs), (Unit::Run, 0));
        assert!(entropy.agrees);
        // 2 log2 W - 2.58 bits of support at 95 %.
        assert!(
            (entropy.at_least_bits.unwrap() - (24.0 - 2.58)).abs() < 0.02,
            "{entropy:?}"
        );
        assert_eq!(entropy.at_most_bits, None);
    }

    #[test]
    fn the_catalogue_agrees_with_itself() {
        for strategy in strategies::ALL {
            let spec = strategy.spec();
            let units = NonZeroU32::new(2_048).expect("positive");
            // Rules that cannot be modelled so wide have no census.
            let Ok(census) = census(*strategy, units, RootSeed::from_u64(7)) else {
                continue;
            };
            let agrees = census.entropy.is_none_or(|entropy| entropy.agrees);
            assert!(agrees, "{}: {census:?}", spec.id);
        }
    }

    #[test]
    fn deterministic_rules_get_no_entropy_figure() {
        let census = of("fixed/mt19937", 64);
        assert_eq!((census.distinct, census.entropy), (1, None));
        assert!((census.effective_streams - 1.0).abs() < 1e-12);
    }
}
