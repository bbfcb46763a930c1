//! What holds for every strategy of the registry.

use std::{collections::HashSet, num::NonZeroU32};

use super::*;
use crate::{
    generators,
    results::FindingKind,
    vocabulary::{RootSeed, TaskId, WorkerId},
};

const TASKS: u32 = 48;
const WORDS: usize = 40;

fn root() -> Root {
    Root::Given(RootSeed::from_bytes(std::array::from_fn(|i| {
        (i * i + 3) as u8
    })))
}

/// The sites of one process whose workers take tasks in turn.
fn site(task: u32, workers: u32) -> Site {
    let worker = task % workers;
    Site {
        task: TaskId(task),
        task_ordinal: task / workers,
        worker: WorkerId(worker),
        worker_ordinal: worker + 1,
        pid: 4711,
        tid: 4711 + u64::from(worker),
        host: 1,
        worker_start_unix_ns: 1_700_000_000_000_000_000 + u64::from(worker),
        task_start_unix_ns: 1_700_000_000_000_000_000 + 50_000 * u64::from(task),
        ..Site::default()
    }
}

/// The words of every task, opened in the given order by one worker each.
fn draw(
    strategy: &dyn SeedingStrategy,
    order: impl Iterator<Item = u32>,
    workers: u32,
) -> Vec<Vec<u64>> {
    draw_words(strategy, TASKS, order, workers, WORDS)
}

fn draw_words(
    strategy: &dyn SeedingStrategy,
    tasks: u32,
    order: impl Iterator<Item = u32>,
    workers: u32,
    words: usize,
) -> Vec<Vec<u64>> {
    let seeder = strategy
        .prepare(root(), NonZeroU32::new(tasks).unwrap())
        .unwrap();
    let mut at_worker: Vec<_> = (0..workers)
        .map(|worker| seeder.enter(&site(worker, workers)))
        .collect();
    let mut streams = vec![vec![0; words]; tasks as usize];
    for task in order {
        let site = site(task, workers);
        let mut stream = at_worker[site.worker.0 as usize].open(&site);
        stream.fill(&mut streams[task as usize]);
    }
    streams
}

/// The flaws that a finding alone must convict, and that show in a test of moderate size.
fn flaws_caught_by(
    finding: FindingKind,
) -> impl Iterator<Item = (&'static dyn SeedingStrategy, &'static Flaw)> {
    ALL.iter().copied().filter_map(move |strategy| {
        match claim(strategy.spec(), BackendKind::Threads) {
            Claim::Broken(flaw) if flaw.caught_by == [finding] && flaw.from_streams <= 1024 => {
                Some((strategy, flaw))
            }
            _ => None,
        }
    })
}

#[test]
fn declared_equal_streams_are_equal() {
    let mut checked = 0;
    for (strategy, flaw) in flaws_caught_by(FindingKind::EqualStreams) {
        let tasks = flaw.from_streams;
        let streams = draw_words(strategy, tasks, 0..tasks, 4, flaw.from_words as usize);
        let distinct: HashSet<_> = streams.iter().collect();
        assert!(distinct.len() < streams.len(), "{}", strategy.spec().id);
        checked += 1;
    }
    assert!(
        checked >= 15,
        "only {checked} strategies declare equal streams"
    );
}

#[test]
fn declared_overlaps_overlap() {
    let mut checked = 0;
    for (strategy, flaw) in flaws_caught_by(FindingKind::ShiftedOverlap) {
        let words = flaw.from_words as usize;
        let streams = draw_words(strategy, 2, 0..2, 1, words);
        let lag = (1..=words / 2).find(|&lag| streams[0][lag..] == streams[1][..words - lag]);
        assert!(lag.is_some(), "{}", strategy.spec().id);
        checked += 1;
    }
    assert!(checked >= 6, "only {checked} strategies declare an overlap");
}

#[test]
fn squares_of_an_additive_tree_nearly_cancel() {
    let streams = draw(find("additive-split/xoshiro256pp").unwrap(), 0..TASKS, 1);
    let sums: HashSet<u64> = streams
        .chunks_exact(4)
        .map(|square| {
            let [a, b, c, d] = [0, 1, 2, 3].map(|i: usize| square[i][0]);
            b.wrapping_add(c).wrapping_sub(a).wrapping_sub(d)
        })
        .collect();
    assert!(sums.len() <= 9, "{sums:x?}");
}

#[test]
fn squares_of_a_xor_tree_cancel() {
    let streams = draw(find("xor-split/xorshift128").unwrap(), 0..TASKS, 1);
    for square in streams.chunks_exact(4) {
        for word in 0..WORDS {
            assert_eq!(square.iter().fold(0, |sum, stream| sum ^ stream[word]), 0);
        }
    }
}

#[test]
fn negated_seeds_give_complements() {
    let streams = draw(find("negated-seed/minstd").unwrap(), 0..TASKS, 1);
    for pair in streams.chunks_exact(2) {
        assert!(pair[0].iter().zip(&pair[1]).all(|(a, b)| a ^ b == u64::MAX));
    }
}

fn promising(promise: Promise) -> impl Iterator<Item = &'static dyn SeedingStrategy> {
    ALL.iter().copied().filter(move |strategy| {
        strategy
            .spec()
            .promises_on(BackendKind::Threads)
            .contains(promise)
    })
}

#[test]
fn ids_are_unique_and_name_rule_and_generator() {
    let mut seen = HashSet::new();
    for strategy in ALL {
        let spec = strategy.spec();
        assert!(seen.insert(spec.id), "{} is registered twice", spec.id);
        assert!(std::ptr::eq(find(spec.id).unwrap().spec(), spec));
        for part in [spec.rule(), spec.generator()] {
            let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(!part.is_empty() && part.chars().all(kebab), "{}", spec.id);
        }
    }
}

#[test]
fn every_spec_is_filled_in() {
    for strategy in ALL {
        let spec = strategy.spec();
        for text in [spec.summary, spec.formula, spec.fails, spec.reference] {
            assert!(!text.trim().is_empty(), "{}", spec.id);
            assert!(
                !text.contains("  "),
                "{} has a run of spaces: {text}",
                spec.id
            );
        }
        assert!(
            generators::find(spec.generator()).is_some(),
            "{} seeds an unknown generator",
            spec.id
        );
        assert!(!spec.promises.is_empty(), "{} lists no promises", spec.id);
        assert!(!spec.reads.is_empty() || spec.seed_space == SeedSpace::Deterministic);
    }
}

#[test]
fn every_flaw_names_findings_and_a_size() {
    for strategy in ALL {
        for (backend, claim) in strategy.spec().claims {
            let (Claim::Broken(flaw) | Claim::WeakGenerator(flaw)) = claim else {
                continue;
            };
            let id = strategy.spec().id;
            assert!(!flaw.caught_by.is_empty(), "{id} on {backend}");
            assert!(flaw.from_streams >= 2 && flaw.from_words >= 1, "{id}");
        }
    }
}

#[test]
fn replayable_strategies_replay() {
    for strategy in promising(Promise::Replayable) {
        assert!(
            draw(strategy, 0..TASKS, 3) == draw(strategy, 0..TASKS, 3),
            "{}",
            strategy.spec().id
        );
    }
}

#[test]
fn schedule_free_strategies_ignore_order_and_workers() {
    for strategy in promising(Promise::ScheduleFree) {
        assert!(
            draw(strategy, 0..TASKS, 3) == draw(strategy, (0..TASKS).rev(), 7),
            "{}",
            strategy.spec().id
        );
    }
}

#[test]
fn distinct_strategies_give_distinct_streams() {
    for strategy in promising(Promise::Distinct) {
        let words = draw(strategy, 0..TASKS, 3);
        let streams: HashSet<_> = words.iter().collect();
        assert_eq!(streams.len(), words.len(), "{}", strategy.spec().id);
    }
}

#[test]
fn blocks_of_any_size_give_the_same_words() {
    for strategy in promising(Promise::Replayable) {
        let seeder = strategy
            .prepare(root(), NonZeroU32::new(TASKS).unwrap())
            .unwrap();
        let site = site(5, 3);
        let mut whole = [0; 1400];
        let mut pieces = [0; 1400];
        seeder.enter(&site).open(&site).fill(&mut whole);
        let mut worker = seeder.enter(&site);
        let mut stream = worker.open(&site);
        for piece in [0..1, 1..1, 1..66, 66..98, 98..99, 99..700, 700..1400] {
            stream.fill(&mut pieces[piece]);
        }
        assert!(whole == pieces, "{}", strategy.spec().id);
    }
}

/// The first words of a task under a given root.
fn words_under(id: &str, seed: u64, task: u32) -> [u64; 2] {
    let root = Root::Given(RootSeed::from_u64(seed));
    let seeder = find(id)
        .unwrap()
        .prepare(root, NonZeroU32::new(TASKS).unwrap())
        .unwrap();
    let site = site(task, 1);
    let mut words = [0; 2];
    seeder.enter(&site).open(&site).fill(&mut words);
    words
}

#[test]
fn seed_sequences_spawn_as_numpy_does() {
    // numpy.random.PCG64(numpy.random.SeedSequence(42).spawn(8)[7]).random_raw(2), numpy 2.4.6.
    assert_eq!(
        words_under("seed-sequence/pcg64", 42, 7),
        [0x0067_7dac_9aa5_02e4, 0x17be_fa3e_581a_f4c4]
    );
    // numpy.random.MT19937(the same): outputs 0 … 3, the first of each pair in the high half.
    assert_eq!(
        words_under("seed-sequence/mt19937", 42, 7),
        [0xe73d_742c_3dae_efbe, 0xb19a_a7ad_d23b_1388]
    );
}

#[test]
fn states_of_numpys_twister_share_their_parities() {
    let parities = |seed: u64| -> Vec<u32> {
        let state: [u32; 624] =
            generators::SeedSequence::from_root(&RootSeed::from_u64(seed)).generate_state();
        let parity = |word: u32| (word ^ word >> 16) & 1;
        (1..620)
            .map(|i| parity(state[i]) ^ parity(state[i + 4]))
            .collect()
    };
    let first = parities(0);
    assert!((1..200).all(|seed| parities(seed) == first));
}

#[test]
fn neighbouring_roots_share_streams_where_declared() {
    assert_eq!(
        words_under("fixed-plus-index/mt19937", 1, 2),
        words_under("fixed-plus-index/mt19937", 2, 1)
    );
    assert_eq!(
        words_under("seed-xor-rank/mt19937", 0, 3),
        words_under("seed-xor-rank/mt19937", 1, 2)
    );
}

fn first_words(id: &str, site: &Site) -> [u64; 2] {
    let seeder = find(id)
        .unwrap()
        .prepare(root(), NonZeroU32::new(TASKS).unwrap())
        .unwrap();
    let mut words = [0; 2];
    seeder.enter(site).open(site).fill(&mut words);
    words
}

#[test]
fn the_ordinal_seeds_as_numpy_does() {
    let site = Site {
        worker_ordinal: 245,
        pid: 245,
        ..Site::default()
    };
    // numpy.random.RandomState(245).randint(2**32, size=4, dtype=numpy.uint32), numpy 2.4.6.
    let expected = [0xe827_9335_9cf0_6b2b, 0x1cce_c42c_8d1a_e9b7];
    assert_eq!(first_words("worker-ordinal/mt19937", &site), expected);
    assert_eq!(first_words("worker-ordinal-once/mt19937", &site), expected);
    assert_eq!(first_words("pid/mt19937", &site), expected);
}
