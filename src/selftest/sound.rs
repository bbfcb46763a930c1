//! Sound evidence: streams that no test may accuse.

use std::fmt;

use rand_xoshiro::{
    Xoshiro256PlusPlus,
    rand_core::{Rng, SeedableRng},
};

use crate::vocabulary::{Evidence, Format, Marginal, RunId, RunInfo, StreamId};

/// What the elements of sound streams are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// So many uniform bits.
    Bits(u32),
    /// Independent real numbers.
    Reals,
}

/// How much sound evidence there is, and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvidenceShape {
    /// Runs.
    pub runs: u32,
    /// Streams of each run.
    pub tasks: u32,
    /// Elements of each stream.
    pub words: usize,
    /// What they are.
    pub values: Values,
}

/// A real number is the sum of two uniform integers of so many bits: a triangle, whose collision
/// entropy is log2(3/2) more.
const REAL_BITS: u32 = 53;

fn real(draw: &mut impl FnMut() -> u64) -> u64 {
    (draw() >> (64 - REAL_BITS)) + (draw() >> (64 - REAL_BITS))
}

impl EvidenceShape {
    /// The sound evidence of this shape that derives from the seed.
    pub fn evidence(&self, seed: u64) -> Evidence {
        let mut all = Vec::with_capacity((self.runs * self.tasks) as usize * self.words);
        for stream in 0..u64::from(self.runs * self.tasks) {
            let mut generator = generator(mix(seed ^ mix(stream)));
            let mut draw = || generator.next_u64();
            match self.values {
                Values::Bits(width) => {
                    all.extend((0..self.words).map(|_| draw() >> (64 - width) << (64 - width)));
                }
                Values::Reals => all.extend((0..self.words).map(|_| real(&mut draw))),
            }
        }
        evidence(self.runs, self.tasks, self.words, all, self.format())
    }

    fn format(&self) -> Format {
        let real = f64::from(REAL_BITS) + 1.5_f64.log2();
        let (marginal, bits_per_element) = match self.values {
            Values::Bits(width) => return Format::Bits { width },
            Values::Reals => (Marginal::Continuous, real),
        };
        Format::Other {
            marginal,
            bits_per_element,
        }
    }
}

impl fmt::Display for EvidenceShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            runs, tasks, words, ..
        } = self;
        write!(f, "{runs} × {tasks} × {words} ")?;
        match self.values {
            Values::Bits(width) => write!(f, "words of {width} bits"),
            Values::Reals => write!(f, "real numbers"),
        }
    }
}

/// Sound streams of full words: of a generator that passes every battery, seeded by a hash.
pub fn sound(seed: u64, runs: u32, tasks: u32, words: usize) -> Evidence {
    let shape = EvidenceShape {
        runs,
        tasks,
        words,
        values: Values::Bits(64),
    };
    shape.evidence(seed)
}

/// Words of a sound stream.
pub(super) fn words(seed: u64, length: usize) -> Vec<u64> {
    let mut generator = generator(seed);
    (0..length).map(|_| generator.next_u64()).collect()
}

fn generator(seed: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed)
}

/// Seeds of streams, of whatever they belong to.
pub(super) use crate::generators::hash64 as mix;

/// Evidence of fresh runs, stream after stream.
pub(super) fn evidence(
    runs: u32,
    tasks: u32,
    length: usize,
    words: Vec<u64>,
    format: Format,
) -> Evidence {
    let ids = (0..runs)
        .flat_map(|run| (0..tasks).map(move |task| StreamId::new(run, task)))
        .collect();
    let infos = (0..runs).map(|run| RunInfo::fresh(RunId(run))).collect();
    Evidence::uniform(words, ids, length, infos, format)
        .expect("as many streams as ids, all of one length")
}
