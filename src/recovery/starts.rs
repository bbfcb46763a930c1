//! The first words of common generators, as their users start and draw them.

use rand::{Rng, SeedableRng};
use rand_pcg::{Pcg32, Pcg64};
use rand_xoshiro::{Xoshiro256PlusPlus, Xoshiro256StarStar};

use super::{
    chacha::{self, HALVES},
    twisters::{self, FEW, Initialised, LANES, Lanes},
};
use crate::generators::{BitStream, Drand48, GlibcRandom, JavaRandom, SeedSequence, SplitMix64};

/// Words of a stream that are compared.
pub const WORDS: usize = 4;

/// What a program draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Draw {
    /// A double in [0, 1) of 53 bits.
    Double,
    /// A word of 64 bits.
    Word,
    /// A word of 32 bits.
    Half,
    /// A float in [0, 1) of 24 bits.
    Float,
    /// A double in [0, 1) of 48 bits.
    Double48,
    /// An integer of 31 bits.
    Int31,
    /// An integer of 63 bits.
    Int63,
}

impl Draw {
    /// Every one, with its bits.
    pub(super) const ALL: [(Self, u32); 7] = [
        (Self::Double, 53),
        (Self::Word, 64),
        (Self::Half, 32),
        (Self::Float, 24),
        (Self::Double48, 48),
        (Self::Int31, 31),
        (Self::Int63, 63),
    ];

    /// What values of so many bits are.
    pub(super) fn of_width(width: u32) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, bits)| *bits == width)
            .map(|(draw, _)| *draw)
    }
}

/// A generator and how it is started with an integer.
pub(super) struct GeneratorStart {
    /// In the words of its users, `k` for the integer.
    pub(super) name: &'static str,
    /// Its first draws.
    pub(super) words: Words,
}

/// First draws, left-aligned; `None` where a generator gives no such.
pub(super) enum Words {
    /// Of one integer.
    Of(fn(Draw, u64) -> Option<First>),
    /// What is made of the outputs of Mersenne Twisters, many at a time.
    Twisters(Initialised, fn(Draw, &[Lanes]) -> Option<[First; LANES]>),
    /// Those of the crates' ChaCha, which of its variants, many at a time.
    ChaCha(usize),
    /// What is made of numpy's `SeedSequence` of one integer.
    Sequence(fn(Draw, &SeedSequence) -> Option<First>),
}

/// What starts are made of that are tried together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum StartedTogether {
    /// Outputs of one Mersenne Twister.
    Twister(Initialised),
    /// Blocks of one key.
    ChaCha,
    /// The pool of a `SeedSequence`.
    Sequence,
}

/// The first draws of a stream.
pub(super) type First = [u64; WORDS];

impl GeneratorStart {
    /// Whether the generator gives such draws.
    pub(super) fn gives(&self, draw: Draw) -> bool {
        match self.words {
            Words::Of(words) => words(draw, 1).is_some(),
            Words::Twisters(_, words) => words(draw, &[[0; LANES]; FEW]).is_some(),
            Words::ChaCha(_) => of_halves(draw, [0; HALVES]).is_some(),
            Words::Sequence(words) => words(draw, &SeedSequence::from_u64(1)).is_some(),
        }
    }

    /// What it has in common with others.
    pub(super) const fn shared(&self) -> Option<StartedTogether> {
        match self.words {
            Words::Of(_) => None,
            Words::Twisters(how, _) => Some(StartedTogether::Twister(how)),
            Words::ChaCha(_) => Some(StartedTogether::ChaCha),
            Words::Sequence(_) => Some(StartedTogether::Sequence),
        }
    }
}

/// Hands out the first draws, left-aligned, that each of some integers gives, and of which of these starts: one
/// start, or several that share what they are made of. Nothing where a generator gives no such.
pub(super) fn each(
    starts: &[&'static GeneratorStart],
    draw: Draw,
    seeds: &[u64],
    mut take: impl FnMut(usize, u64, &First),
) {
    match starts.first().and_then(|start| start.shared()) {
        Some(StartedTogether::Twister(how)) => {
            twisters::each::<FEW>(how, seeds, |some, outputs| {
                for (at, start) in starts.iter().enumerate() {
                    let Words::Twisters(_, words) = start.words else {
                        continue;
                    };
                    let first = words(draw, outputs);
                    for (&seed, first) in some.iter().zip(first.iter().flatten()) {
                        take(at, seed, first);
                    }
                }
            })
        }
        Some(StartedTogether::ChaCha) => {
            for some in seeds.chunks(LANES) {
                let blocks = chacha::blocks(&twisters::lanes(some));
                for (at, start) in starts.iter().enumerate() {
                    let Words::ChaCha(variant) = start.words else {
                        continue;
                    };
                    for (lane, &seed) in some.iter().enumerate() {
                        let halves = blocks[variant].each_ref().map(|half| half[lane].into());
                        if let Some(first) = of_halves(draw, halves) {
                            take(at, seed, &first);
                        }
                    }
                }
            }
        }
        Some(StartedTogether::Sequence) => {
            for &seed in seeds {
                let sequence = SeedSequence::from_u64(seed);
                for (at, start) in starts.iter().enumerate() {
                    if let Words::Sequence(words) = start.words
                        && let Some(first) = words(draw, &sequence)
                    {
                        take(at, seed, &first);
                    }
                }
            }
        }
        None => {
            for (at, start) in starts.iter().enumerate() {
                if let Words::Of(words) = start.words {
                    for &seed in seeds {
                        if let Some(first) = words(draw, seed) {
                            take(at, seed, &first);
                        }
                    }
                }
            }
        }
    }
}

/// Every start that is tried.
///
/// Sources: `init_genrand`, `init_by_array` and `genrand_res53` of `mt19937ar.c` (2002), as CPython's
/// `random` and numpy's `RandomState` call them; the documentation of `java.util.Random` and `SplittableRandom`;
/// POSIX `drand48`; glibc's `random_r.c`; `seed_from_u64` of the crates. The first draws of each are known answers in the tests.
pub(super) const STARTS: &[GeneratorStart] = &[
    GeneratorStart {
        name: "Python's random.seed(k)",
        words: Words::Twisters(Initialised::ByArray, |draw, outputs| match draw {
            Draw::Word => Some(of_outputs(outputs, |low, high| high << 32 | low)),
            _ => of_twisters(draw, outputs),
        }),
    },
    GeneratorStart {
        name: "np.random.seed(k), numpy's RandomState(k), C++'s std::mt19937(k) or Ruby's Random.new(k)",
        words: Words::Twisters(Initialised::ByWord, |draw, outputs| match draw {
            Draw::Word => Some(of_outputs(outputs, |high, low| high << 32 | low)),
            _ => of_twisters(draw, outputs),
        }),
    },
    GeneratorStart {
        name: "C++'s std::mt19937_64(k)",
        words: Words::Twisters(Initialised::Of64, |draw, outputs| {
            // A double is a whole word divided by 2^64 and rounded.
            matches!(draw, Draw::Word | Draw::Double).then(|| single(outputs, |output| output))
        }),
    },
    GeneratorStart {
        name: "C's srand(k) with glibc",
        words: Words::Of(|draw, k| {
            let mut generator = GlibcRandom::from_seed(k as u32);
            (draw == Draw::Int31).then(|| drawn(|| u64::from(generator.next_u31()) << 33))
        }),
    },
    GeneratorStart {
        name: "C's srand48(k) or Perl's srand(k)",
        words: Words::Of(|draw, k| {
            let mut generator = Drand48::from_seed(k as u32);
            match draw {
                Draw::Double48 => Some(drawn(|| generator.next_u48() << 16)),
                Draw::Half => Some(drawn(|| u64::from(generator.next_u32()) << 32)),
                Draw::Int31 => Some(drawn(|| generator.next_u48() >> 17 << 33)),
                _ => None,
            }
        }),
    },
    GeneratorStart {
        name: "Java's new Random(k)",
        words: Words::Of(|draw, k| {
            let mut generator = JavaRandom::from_seed(k);
            let mut next = |bits: u32| u64::from(generator.next_u32() >> (32 - bits));
            match draw {
                Draw::Double => Some(drawn(|| {
                    let high = next(26) << 27;
                    (high + next(27)) << 11
                })),
                Draw::Half => Some(drawn(|| next(32) << 32)),
                Draw::Float => Some(drawn(|| next(24) << 40)),
                Draw::Word => {
                    let mut words = [0; WORDS];
                    generator.fill(&mut words);
                    Some(words)
                }
                _ => None,
            }
        }),
    },
    GeneratorStart {
        name: "Java's new SplittableRandom(k)",
        words: Words::Of(|draw, k| {
            let mut generator = SplitMix64::new(k);
            of_words(draw, || generator.next_word())
        }),
    },
    GeneratorStart {
        name: "Rust's StdRng::seed_from_u64(k)",
        words: Words::ChaCha(1),
    },
    GeneratorStart {
        name: "Rust's SmallRng or Xoshiro256PlusPlus::seed_from_u64(k)",
        words: Words::Of(rust::<Xoshiro256PlusPlus>),
    },
    GeneratorStart {
        name: "Rust's Xoshiro256StarStar::seed_from_u64(k)",
        words: Words::Of(rust::<Xoshiro256StarStar>),
    },
    GeneratorStart {
        name: "Rust's ChaCha8Rng::seed_from_u64(k)",
        words: Words::ChaCha(0),
    },
    GeneratorStart {
        name: "Rust's ChaCha20Rng::seed_from_u64(k)",
        words: Words::ChaCha(2),
    },
    GeneratorStart {
        name: "Rust's Pcg64::seed_from_u64(k)",
        words: Words::Of(rust::<Pcg64>),
    },
    GeneratorStart {
        name: "Rust's Pcg32::seed_from_u64(k)",
        words: Words::Of(rust::<Pcg32>),
    },
];

/// The next few draws.
pub(super) fn drawn(mut next: impl FnMut() -> u64) -> First {
    std::array::from_fn(|_| next())
}

/// What is made of two successive outputs of each twister.
pub(super) fn of_outputs(outputs: &[Lanes], word: impl Fn(u64, u64) -> u64) -> [First; LANES] {
    std::array::from_fn(|lane| {
        std::array::from_fn(|i| word(outputs[2 * i][lane], outputs[2 * i + 1][lane]))
    })
}

/// What is made of single outputs of each twister.
pub(super) fn single(outputs: &[Lanes], word: impl Fn(u64) -> u64) -> [First; LANES] {
    std::array::from_fn(|lane| std::array::from_fn(|i| word(outputs[i][lane])))
}

/// What every Mersenne Twister gives alike: `genrand_res53` and single outputs.
fn of_twisters(draw: Draw, outputs: &[Lanes]) -> Option<[First; LANES]> {
    match draw {
        Draw::Double => Some(of_outputs(outputs, |a, b| ((a >> 5) << 26 | b >> 6) << 11)),
        Draw::Half => Some(single(outputs, |output| output << 32)),
        _ => None,
    }
}

/// What is made of whole words.
pub(super) fn of_words(draw: Draw, mut next: impl FnMut() -> u64) -> Option<First> {
    match draw {
        Draw::Word => Some(drawn(next)),
        Draw::Double => Some(drawn(|| next() >> 11 << 11)),
        _ => None,
    }
}

fn rust<R: SeedableRng + Rng>(draw: Draw, k: u64) -> Option<First> {
    let mut generator = R::seed_from_u64(k);
    match draw {
        Draw::Half => Some(drawn(|| u64::from(generator.next_u32()) << 32)),
        Draw::Float => Some(drawn(|| u64::from(generator.next_u32() >> 8) << 40)),
        _ => of_words(draw, || generator.next_u64()),
    }
}

/// The draws of ChaCha: a word is made of two halves, the lower one first.
fn of_halves(draw: Draw, halves: [u64; HALVES]) -> Option<First> {
    let mut halves = halves.into_iter();
    let mut half = || halves.next().unwrap_or_default();
    match draw {
        Draw::Half => Some(drawn(|| half() << 32)),
        Draw::Float => Some(drawn(|| half() >> 8 << 40)),
        _ => of_words(draw, || half() | half() << 32),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_drawn_from_as_the_crates_do() {
        for draw in [Draw::Half, Draw::Float, Draw::Word, Draw::Double] {
            for k in [0, 7, u64::MAX] {
                let mut generator = rand_chacha::ChaCha8Rng::seed_from_u64(k);
                let halves = std::array::from_fn(|_| generator.next_u32().into());
                assert_eq!(
                    of_halves(draw, halves),
                    rust::<rand_chacha::ChaCha8Rng>(draw, k)
                );
            }
        }
    }

    fn first(name: &str, draw: Draw, k: u64) -> u64 {
        let start = STARTS
            .iter()
            .find(|start| start.name.contains(name))
            .unwrap();
        let mut first = None;
        each(&[start], draw, &[k], |_, _, words| first = Some(words[0]));
        first.unwrap()
    }

    fn double(name: &str, k: u64) -> f64 {
        (first(name, Draw::Double, k) >> 11) as f64 / (1_u64 << 53) as f64
    }

    #[test]
    fn first_draws_are_those_of_the_languages() {
        // CPython 3.11 and numpy 2: random.seed(0); random.random(), and the like.
        assert_eq!(double("Python's", 0), 0.844_421_851_525_048_1);
        assert_eq!(double("np.random", 0), 0.548_813_503_927_324_8);
        // CPython 3.11: random.seed(2**40 + 7); random.random().
        assert_eq!(double("Python's", (1 << 40) + 7), 0.613_703_777_993_651_1);
        // Ruby 3.1: Random.new(7).rand, and Perl 5.36: srand(7); rand().
        assert_eq!(double("Ruby's", 7), 0.076_308_289_373_957_17);
        assert_eq!(
            (first("Perl's", Draw::Double48, 7) >> 16) as f64 / (1_u64 << 48) as f64,
            0.266_444_196_765_409_2
        );
        // Java 17: new Random(0).nextDouble().
        assert_eq!(double("new Random", 0), 0.730_967_787_376_657);
        // C: srand48(0); drand48(), and srand(1); rand().
        let drand48 = first("srand48", Draw::Double48, 0) >> 16;
        assert_eq!(
            drand48 as f64 / (1_u64 << 48) as f64,
            0.170_828_036_106_289_72
        );
        assert_eq!(first("srand(k)", Draw::Int31, 1) >> 33, 1_804_289_383);
        // C++: std::mt19937(5489) and std::mt19937_64(5489).
        assert_eq!(
            first("std::mt19937(", Draw::Half, 5489) >> 32,
            3_499_211_612
        );
        assert_eq!(
            first("mt19937_64", Draw::Word, 5489),
            14_514_284_786_278_117_030
        );
    }
}
