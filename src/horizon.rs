//! How far a strategy carries: the largest number of streams at a given risk.
//!
//! Two things end a strategy. *Seeds collide*: streams that start from equal seeds are one stream
//! (birthday law over the seed space). *Starts overlap*: streams that start at random places of one
//! cycle run into each other, with probability at most C(s, 2) (2L − 1) / P. A strategy that counts
//! its streams apart within a run is ended by the collision of roots between runs, or by the end of
//! its index.

use serde::{Deserialize, Serialize};

use crate::{
    generators, math,
    strategies::{SeedSpace, Spec},
};

/// The risks that horizons are given at.
pub const RISKS: [f64; 4] = [1e-6, 1e-3, 1e-2, 0.5];

/// What ends a strategy first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ends {
    /// Two streams draw one seed.
    SeedsCollide,
    /// Two runs draw one root.
    RootsCollide,
    /// Streams that start at random places of one cycle run into each other.
    StartsOverlap,
    /// The index that tells streams apart has no more values.
    IndexExhausted,
    /// Every run repeats the last one.
    RunsRepeat,
    /// Streams were measured to be equal more often than the law of the seeds has it.
    StreamsEqual,
    /// Streams were measured to be related.
    StreamsRelated,
}

impl Ends {
    /// What ends it, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::SeedsCollide => "two streams draw one seed",
            Self::RootsCollide => "two runs draw one root",
            Self::StartsOverlap => "two streams run into each other",
            Self::IndexExhausted => "the stream index is used up",
            Self::RunsRepeat => "every run repeats the last one",
            Self::StreamsEqual => "streams are equal, as measured",
            Self::StreamsRelated => "streams are related, as measured",
        }
    }
}

/// The shape of a job.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobSize {
    /// Streams of one run: workers or tasks, whichever the strategy seeds.
    pub streams: f64,
    /// Runs that must differ from one another.
    pub runs: f64,
    /// Words that one stream draws.
    pub words: f64,
}

/// What is known of how a strategy starts its streams.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Starts {
    /// How many different streams it can start.
    pub space: SeedSpace,
    /// log₂ of the one cycle that all starts lie on, at random; `None` where starts cannot overlap
    /// (counters and keys) or lie on many cycles of unknown length.
    pub cycle_bits: Option<f64>,
}

impl Starts {
    /// The starts of a strategy of the catalogue.
    pub fn of(spec: &Spec) -> Self {
        // Under a key or counter of their own, streams are different functions, not places of one cycle.
        // sfc64 counts in its state, from the same number in every stream: streams that meet later would
        // have to count the same, and so have begun the same.
        let keyed = ["chacha", "philox", "threefry", "getrandom", "sfc64"];
        let generator = spec.generator();
        let cycle_bits = if keyed.iter().any(|family| generator.starts_with(family)) {
            None
        } else {
            generators::find(generator).and_then(|generator| generator.period_log2)
        };
        Self {
            space: spec.seed_space,
            cycle_bits,
        }
    }
}

impl Starts {
    /// The same, of a program that draws and reads so many bits of root at most.
    #[must_use]
    pub fn with_root_bits(mut self, most: f64) -> Self {
        if let SeedSpace::Counter { root_bits, .. } = &mut self.space {
            *root_bits = root_bits.min(most);
        }
        self
    }
}

/// One point of a horizon.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    /// The probability that any two streams are one or overlap.
    pub risk: f64,
    /// The largest number of streams, over all runs, below that risk.
    pub streams: f64,
    /// What ends it there.
    pub ends: Ends,
}

/// An upper bound on the probability that any two streams of a job are one or overlap, and what
/// would make them.
pub fn risk(starts: &Starts, job: JobSize) -> (f64, Ends) {
    let total = job.streams * job.runs;
    let seeds = match starts.space {
        SeedSpace::Random { bits } => {
            (math::collision_probability(total, bits), Ends::SeedsCollide)
        }
        SeedSpace::Counter {
            root_bits,
            index_bits,
        } => {
            if job.streams > index_bits.exp2() {
                (1.0, Ends::IndexExhausted)
            } else {
                (
                    math::collision_probability(job.runs, root_bits),
                    Ends::RootsCollide,
                )
            }
        }
        SeedSpace::Deterministic if job.runs > 1.0 => (1.0, Ends::RunsRepeat),
        SeedSpace::Deterministic => (0.0, Ends::RunsRepeat),
    };
    let overlap = starts.cycle_bits.map_or(0.0, |bits| {
        math::overlap_probability(total, job.words, bits)
    });
    if overlap > seeds.0 {
        ((seeds.0 + overlap).min(1.0), Ends::StartsOverlap)
    } else {
        ((seeds.0 + overlap).min(1.0), seeds.1)
    }
}

/// The largest number of streams at each of [`RISKS`], for runs of `streams_per_run` streams that
/// draw `words` words each.
pub fn horizon(starts: &Starts, streams_per_run: f64, words: f64) -> Vec<Limit> {
    RISKS
        .iter()
        .map(|&wanted| limit(starts, streams_per_run, words, wanted))
        .collect()
}

/// The largest number of streams below one risk, for runs of `streams_per_run` streams that draw
/// `words` words each.
pub fn limit(starts: &Starts, streams_per_run: f64, words: f64, wanted: f64) -> Limit {
    if starts.space == SeedSpace::Deterministic {
        // Whatever a run holds, the next one repeats it.
        return Limit {
            risk: wanted,
            streams: 1.0,
            ends: Ends::RunsRepeat,
        };
    }
    let at = |streams: f64| {
        // Up to one run's worth of streams is one run; more are more runs of that size.
        let runs = (streams / streams_per_run).max(1.0);
        risk(
            starts,
            JobSize {
                streams: streams / runs,
                runs,
                words,
            },
        )
    };
    let (mut low, mut high) = (1.0_f64, 1e300_f64);
    if at(high).0 <= wanted {
        return Limit {
            risk: wanted,
            streams: high,
            ends: at(high).1,
        };
    }
    // Risk grows with the number of streams; bisect its logarithm to the last whole number.
    for _ in 0..2_000 {
        let middle = if high / low > 4.0 {
            (low * high).sqrt()
        } else {
            low + (high - low) / 2.0
        };
        let middle = if middle < 1e15 {
            middle.floor()
        } else {
            middle
        };
        if middle <= low || middle >= high {
            break;
        }
        if at(middle).0 <= wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    Limit {
        risk: wanted,
        streams: low,
        ends: at(high).1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(bits: f64) -> Starts {
        Starts {
            space: SeedSpace::Random { bits },
            cycle_bits: None,
        }
    }

    #[test]
    fn narrow_seeds_end_where_the_birthday_law_says() {
        let one_byte = horizon(&random(8.0), 64.0, 1e6);
        assert_eq!(one_byte[2].streams, 2.0);
        assert_eq!(one_byte[3].streams, 19.0);
        assert_eq!(horizon(&random(32.0), 64.0, 1e6)[3].streams, 77_163.0);
    }

    #[test]
    fn counters_are_ended_by_roots_and_indices() {
        let starts = |root_bits, index_bits| Starts {
            space: SeedSpace::Counter {
                root_bits,
                index_bits,
            },
            cycle_bits: None,
        };
        // 32-bit roots: 77,163 runs at 50 %, whatever the number of tasks in each.
        let limit = horizon(&starts(32.0, 64.0), 100.0, 1e6)[3];
        assert_eq!(limit.ends, Ends::RootsCollide);
        assert!(
            (limit.streams / 7_716_300.0 - 1.0).abs() < 1e-4,
            "{limit:?}"
        );
        // An 8-bit index carries no run of more than 256 tasks.
        let job = JobSize {
            streams: 257.0,
            runs: 1.0,
            words: 1.0,
        };
        assert_eq!(risk(&starts(256.0, 8.0), job), (1.0, Ends::IndexExhausted));
    }

    #[test]
    fn long_streams_on_a_short_cycle_overlap_before_seeds_collide() {
        let starts = Starts {
            space: SeedSpace::Random { bits: 64.0 },
            cycle_bits: Some(64.0),
        };
        let long = horizon(&starts, 64.0, 1e9)[0];
        assert_eq!(long.ends, Ends::StartsOverlap);
        assert!(long.streams < 200.0);
        let (probability, _) = risk(
            &starts,
            JobSize {
                streams: long.streams,
                runs: 1.0,
                words: 1e9,
            },
        );
        assert!(probability <= 1e-6);
    }

    #[test]
    fn a_fixed_seed_carries_one_stream() {
        let starts = Starts {
            space: SeedSpace::Deterministic,
            cycle_bits: None,
        };
        // Whatever the size of a run: the second one repeats it.
        for streams in [32.0, 64.0] {
            let limit = horizon(&starts, streams, 1e6)[0];
            assert_eq!((limit.streams, limit.ends), (1.0, Ends::RunsRepeat));
        }
    }
}
