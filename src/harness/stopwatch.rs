//! Times strategies beside the yardstick.

use std::{
    collections::BTreeMap,
    hint::black_box,
    num::NonZeroU32,
    sync::Barrier,
    time::{Duration, Instant},
};

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{
    LaunchError,
    ambient::worker_site,
    collect::touch_serially,
    cores, median,
    throughput::{Measurement, StrategyCost, Yardstick},
    worker::{BLOCK_WORDS, prepare},
};
use crate::{
    generators::{BitStream, FromRng},
    strategies::{Seeder, SeedingStrategy},
    vocabulary::{Root, RootSeed, RunId, Site, TaskId},
};

/// How long measuring may take, and how finely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Samples of every quantity.
    pub samples: u32,
    /// Time for one strategy, all quantities together.
    pub strategy: Duration,
}

impl Effort {
    /// 15 samples in 0.2 s.
    pub const STANDARD: Self = Self {
        samples: 15,
        strategy: Duration::from_millis(200),
    };
    /// 9 samples in 50 ms.
    pub const QUICK: Self = Self {
        samples: 9,
        strategy: Duration::from_millis(50),
    };

    /// As many samples, each shorter where so many strategies would take longer than `whole`
    /// together; a tenth of the time is left to each in any case.
    #[must_use]
    pub fn shared_by(self, strategies: usize, whole: Duration) -> Self {
        let share = whole / u32::try_from(strategies).unwrap_or(u32::MAX).max(1);
        Self {
            strategy: self.strategy.min(share.max(self.strategy / 10)),
            ..self
        }
    }
}

/// Tasks that a measured strategy is prepared for.
const TASKS: NonZeroU32 = NonZeroU32::new(65_536).expect("not 0");

/// How often something unsteady is measured, at most.
const ATTEMPTS: u32 = 3;

/// Words of memory touched for the first time in one sample: 8 MiB.
const FRESH_WORDS: usize = 1 << 20;

/// Measures strategies one after the other, the yardstick between their samples, so that both see the
/// same moods of the machine.
///
/// All figures are of one block that stays in the cache: what a strategy costs, not what memory does.
pub struct Stopwatch {
    effort: Effort,
    yardstick: FromRng<Xoshiro256PlusPlus>,
    yardstick_ns: Vec<f64>,
    first_touch_ns: Vec<f64>,
    pools: BTreeMap<u32, rayon::ThreadPool>,
}

impl Stopwatch {
    /// Starts threads for 1, 2, 4 … and all cores, and measures the first touch of memory.
    ///
    /// # Errors
    /// When threads cannot be started.
    pub fn new(effort: Effort) -> Result<Self, LaunchError> {
        let mut pools = BTreeMap::new();
        for threads in core_counts(cores().get()) {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads as usize)
                .build()
                .map_err(|error| {
                    let what = format!("start {threads} threads");
                    LaunchError::system(what, std::io::Error::other(error))
                })?;
            pools.insert(threads, pool);
        }
        let first_touch_ns = (0..effort.samples.clamp(1, 9))
            .map(|_| {
                let mut memory = vec![0_u64; FRESH_WORDS];
                let start = Instant::now();
                touch_serially(&mut memory);
                start.elapsed().as_nanos() as f64 / FRESH_WORDS as f64
            })
            .collect();
        Ok(Self {
            effort,
            yardstick: FromRng(Xoshiro256PlusPlus::seed_from_u64(0)),
            yardstick_ns: Vec::new(),
            first_touch_ns,
            pools,
        })
    }

    /// Measures one strategy: opening, drawing and scaling. What came out unsteady is measured again,
    /// and the steadiest of three attempts counts.
    ///
    /// # Errors
    /// When the strategy cannot be prepared.
    pub fn strategy(
        &mut self,
        strategy: &dyn SeedingStrategy,
    ) -> Result<StrategyCost, LaunchError> {
        let root = Root::Given(RootSeed::from_u64(42));
        let seeder = prepare(strategy, root, TASKS)?;
        let effort = self.effort;
        let share = |percent: u32| effort.strategy * percent / 100 / effort.samples.max(1);

        let mut opening = Opening::new(seeder.as_ref());
        let (open, beside) = self.steadily("ns", share(20), |slice| opening.measure(slice));
        let open_ratio = ratio(&open.samples, &beside);

        let mut drawing = Opening::new(seeder.as_ref());
        let mut stream = drawing.open();
        let mut block = vec![0; BLOCK_WORDS];
        let (draw, beside) = self.steadily("ns/word", share(30), |slice| {
            draw_ns(stream.as_mut(), &mut block, slice)
        });
        let draw_ratio = ratio(&draw.samples, &beside);
        drop(stream);

        let slice = share(50) / self.pools.len().max(1) as u32;
        let mut scaling: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
        for _ in 0..self.effort.samples {
            // Counts take turns, for the same reason as the yardstick.
            for (&threads, pool) in &self.pools {
                let rate = words_per_second(pool, threads, seeder.as_ref(), slice);
                scaling.entry(threads).or_default().push(rate);
            }
        }
        Ok(StrategyCost {
            id: strategy.spec().id.to_owned(),
            open,
            open_ratio,
            draw,
            draw_ratio,
            scaling: scaling
                .into_iter()
                .map(|(threads, rates)| (threads, Measurement::of("words/s", rates)))
                .collect(),
        })
    }

    /// The yardstick, from all samples taken so far; `None` before the first.
    pub fn yardstick(&self) -> Option<Yardstick> {
        if self.yardstick_ns.is_empty() {
            return None;
        }
        Some(Yardstick {
            generator: "xoshiro256++".to_owned(),
            draw: Measurement::of("ns/word", self.yardstick_ns.clone()),
            first_touch: Measurement::of("ns/word", self.first_touch_ns.clone()),
        })
    }

    /// The steadiest of a few attempts, and the yardstick beside it; one attempt where it is steady.
    fn steadily(
        &mut self,
        unit: &str,
        time: Duration,
        mut measure: impl FnMut(Duration) -> f64,
    ) -> (Measurement, Vec<f64>) {
        let mut attempt = |watch: &mut Self| {
            let (samples, beside) = watch.beside_yardstick(time, &mut measure);
            (Measurement::of(unit, samples), beside)
        };
        let mut best = attempt(self);
        for _ in 1..ATTEMPTS {
            if best.0.is_steady() {
                break;
            }
            let again = attempt(self);
            if again.0.spread() < best.0.spread() {
                best = again;
            }
        }
        best
    }

    /// Samples of `measure`, and of the yardstick beside them, each `time` long together.
    fn beside_yardstick(
        &mut self,
        time: Duration,
        mut measure: impl FnMut(Duration) -> f64,
    ) -> (Vec<f64>, Vec<f64>) {
        let slice = time / 2;
        let mut block = vec![0; BLOCK_WORDS];
        // Warms caches and clocks; dropped.
        measure(slice / 4);
        draw_ns(&mut self.yardstick, &mut block, slice / 4);
        let (mut samples, mut beside) = (Vec::new(), Vec::new());
        for _ in 0..self.effort.samples.max(1) {
            samples.push(measure(slice));
            beside.push(draw_ns(&mut self.yardstick, &mut block, slice));
        }
        self.yardstick_ns.extend_from_slice(&beside);
        (samples, beside)
    }
}

/// The median of the samples' ratios, each to the sample taken beside it.
fn ratio(samples: &[f64], beside: &[f64]) -> f64 {
    let ratios: Vec<f64> = samples.iter().zip(beside).map(|(a, b)| a / b).collect();
    median(&ratios)
}

/// 1, 2, 4 … and all of them.
fn core_counts(cores: u32) -> Vec<u32> {
    let mut counts: Vec<u32> = std::iter::successors(Some(1_u32), |count| count.checked_mul(2))
        .take_while(|&count| count < cores)
        .collect();
    counts.push(cores);
    counts
}

/// A worker that opens stream after stream.
struct Opening<'a> {
    worker: Box<dyn crate::strategies::Worker + 'a>,
    site: Site,
}

impl<'a> Opening<'a> {
    fn new(seeder: &'a dyn Seeder) -> Self {
        let site = worker_site(RunId(0), 1, 0);
        Self {
            worker: seeder.enter(&site),
            site,
        }
    }

    fn open(&mut self) -> Box<dyn BitStream + '_> {
        self.site.task = TaskId((self.site.task.0 + 1) % TASKS.get());
        self.site.task_ordinal += 1;
        self.worker.open(&self.site)
    }

    /// Nanoseconds to open one stream and drop it.
    fn measure(&mut self, slice: Duration) -> f64 {
        let (mut opened, mut batch) = (0_u32, 1_u32);
        let start = Instant::now();
        loop {
            for _ in 0..batch {
                black_box(self.open());
            }
            opened += batch;
            let elapsed = start.elapsed();
            if elapsed >= slice {
                return elapsed.as_nanos() as f64 / f64::from(opened);
            }
            // Looking at the clock costs as much as the cheapest openings: look ever less often, but
            // not so rarely that a slow one overruns.
            if elapsed < slice / 8 {
                batch = (batch * 2).min(4096);
            }
        }
    }
}

/// Nanoseconds a word when filling the block again and again.
fn draw_ns(stream: &mut dyn BitStream, block: &mut [u64], slice: Duration) -> f64 {
    let start = Instant::now();
    let mut blocks = 0_u32;
    loop {
        stream.fill(block);
        black_box(&mut *block);
        blocks += 1;
        let elapsed = start.elapsed();
        if elapsed >= slice {
            return elapsed.as_nanos() as f64 / (f64::from(blocks) * block.len() as f64);
        }
    }
}

/// Words per second of all threads of a pool together, each drawing a stream of its own.
fn words_per_second(
    pool: &rayon::ThreadPool,
    threads: u32,
    seeder: &dyn Seeder,
    slice: Duration,
) -> f64 {
    let start_line = Barrier::new(threads as usize);
    let rates = pool.broadcast(|context| {
        let worker = context.index() as u32;
        let mut site = worker_site(RunId(0), 1, worker);
        site.task = TaskId(worker);
        let mut worker = seeder.enter(&site);
        let mut stream = worker.open(&site);
        let mut block = vec![0; BLOCK_WORDS];
        start_line.wait();
        1e9 / draw_ns(stream.as_mut(), &mut block, slice)
    });
    rates.into_iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::testing::{KEYED, LOCKED};

    #[test]
    fn every_figure_has_its_samples() {
        let effort = Effort {
            samples: 6,
            strategy: Duration::from_millis(20),
        };
        let mut watch = Stopwatch::new(effort).unwrap();
        assert!(watch.yardstick().is_none());
        for toy in [&KEYED, &LOCKED] {
            let cost = watch.strategy(toy).unwrap();
            assert_eq!(cost.open.samples.len(), 6);
            assert_eq!(cost.draw.samples.len(), 6);
            assert!(cost.scaling.contains_key(&cores().get()));
            for measured in cost.scaling.values().chain([&cost.open, &cost.draw]) {
                assert!(measured.median > 0.0 && measured.median.is_finite());
                assert!(measured.interval.0 <= measured.median);
                assert!(measured.median <= measured.interval.1);
            }
            assert!(cost.draw_ratio > 0.0 && cost.open_ratio > 0.0);
        }
        let yardstick = watch.yardstick().unwrap();
        // Six beside opening and six beside drawing of each toy; more where one was unsteady.
        let taken = yardstick.draw.samples.len();
        assert!(taken >= 24 && taken.is_multiple_of(6), "{taken}");
        assert!(yardstick.first_touch.median > 0.0);
    }

    #[test]
    fn many_strategies_share_the_time() {
        let whole = Duration::from_secs(2);
        assert_eq!(Effort::QUICK.shared_by(10, whole), Effort::QUICK);
        let shared = Effort::QUICK.shared_by(100, whole);
        assert_eq!(shared.strategy, Duration::from_millis(20));
        assert_eq!(shared.samples, Effort::QUICK.samples);
        let least = Effort::QUICK.shared_by(1_000_000, whole).strategy;
        assert_eq!(least, Duration::from_millis(5));
    }

    #[test]
    fn core_counts_end_with_all() {
        assert_eq!(core_counts(1), [1]);
        assert_eq!(core_counts(2), [1, 2]);
        assert_eq!(core_counts(6), [1, 2, 4, 6]);
    }
}
