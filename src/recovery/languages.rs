//! More languages: each start is a state set as the language sets it, and a transform of what the generator
//! puts out.

use super::starts::{Draw, First, Initialised, Start, WORDS, Words, drawn, of_outputs};
use crate::generators::{Minstd, mt19937::temper};

/// Sources: PHP's `mt_srand` (`init_genrand`, outputs shifted right by one); PyTorch's `CPUGeneratorImpl`
/// and `uniform_real_distribution` of `TransformationHelper.h`; libstdc++'s `generate_canonical`,
/// `minstd_rand`, `default_random_engine`; glibc's `rand_r.c`; R's `RNG.c` (`Randomize`, `MT_genrand`);
/// Go's `math/rand/rng.go`; Lua's `lmathlib.c` (5.4); Microsoft's `System.Random` with a seed. The first
/// draws of each are known answers in the tests.
pub(super) const STARTS: &[Start] = &[
    Start {
        name: "PHP's mt_srand(k)",
        words: Words::Twisters(Initialised::ByWord, |draw, outputs| {
            (draw == Draw::Int31).then(|| single(outputs, |output| output >> 1 << 33))
        }),
    },
    Start {
        name: "PyTorch's torch.manual_seed(k)",
        words: Words::Twisters(Initialised::ByWord, |draw, outputs| match draw {
            Draw::Float => Some(single(outputs, |output| output << 40)),
            Draw::Double => Some(of_outputs(outputs, |high, low| (high << 32 | low) << 11)),
            _ => None,
        }),
    },
    Start {
        name: "C++'s std::mt19937(k) with uniform_real_distribution",
        words: Words::Twisters(Initialised::ByWord, |draw, outputs| {
            // (low + high · 2^32) / 2^64, rounded.
            (draw == Draw::Double).then(|| of_outputs(outputs, |low, high| high << 32 | low))
        }),
    },
    Start {
        name: "C++'s std::minstd_rand(k)",
        words: Words::Of(|draw, k| int31(draw, lehmer(48_271, k))),
    },
    Start {
        name: "C++'s std::default_random_engine(k) or std::minstd_rand0(k)",
        words: Words::Of(|draw, k| int31(draw, lehmer(16_807, k))),
    },
    Start {
        name: "C's rand_r with state k",
        words: Words::Of(|draw, k| int31(draw, rand_r(k as u32))),
    },
    Start {
        name: ".NET's new Random(k)",
        words: Words::Of(|draw, k| {
            (draw == Draw::Int31)
                .then(|| subtractive(k as i32).map(|output| u64::from(output) << 33))
        }),
    },
    Start {
        name: "R's set.seed(k)",
        words: Words::Of(|draw, k| (draw == Draw::Half).then(|| r(k as u32))),
    },
    Start {
        name: "Go's rand.Seed(k) or rand.NewSource(k) of math/rand",
        words: Words::Of(|draw, k| {
            let transform: fn(u64) -> u64 = match draw {
                Draw::Word => |word| word,
                Draw::Int63 => |word| word << 1,
                // Go 1 keeps Int63() / 2^63.
                Draw::Double => |word| word << 1,
                Draw::Half => |word| word << 1 & !0xffff_ffff,
                Draw::Int31 => |word| word << 1 & !0x1_ffff_ffff,
                _ => return None,
            };
            Some(go(k as i64).map(transform))
        }),
    },
    Start {
        name: "Lua 5.4's math.randomseed(k)",
        words: Words::Of(|draw, k| match draw {
            Draw::Word => Some(lua(k)),
            Draw::Double => Some(lua(k).map(|word| word >> 11 << 11)),
            _ => None,
        }),
    },
];

/// What is made of single outputs of each twister.
fn single<const LANES: usize, const OUTPUTS: usize>(
    outputs: &[[u32; LANES]; OUTPUTS],
    word: impl Fn(u64) -> u64,
) -> [First; LANES] {
    std::array::from_fn(|lane| std::array::from_fn(|i| word(outputs[i][lane].into())))
}

fn int31(draw: Draw, next: impl FnMut() -> u64) -> Option<First> {
    let mut next = next;
    (draw == Draw::Int31).then(|| drawn(|| next() << 33))
}

/// x ← a · x mod 2^31 − 1; a state of 0 becomes 1.
fn lehmer(multiplier: u64, k: u64) -> impl FnMut() -> u64 {
    let modulus = u64::from(Minstd::MODULUS);
    let mut state = (k % modulus).max(1);
    move || {
        state = state * multiplier % modulus;
        state
    }
}

/// Three steps of one generator of 32 bits make an output of 31.
fn rand_r(mut state: u32) -> impl FnMut() -> u64 {
    move || {
        [2048, 1024, 1024].into_iter().fold(0, |output, range| {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            output << 10 ^ u64::from((state >> 16) % range)
        })
    }
}

/// Knuth's subtractive generator (The Art of Computer Programming 2, 3.6, `ran3`) with the second lag as
/// Microsoft has it.
fn subtractive(seed: i32) -> [u32; WORDS] {
    const LIMIT: i32 = i32::MAX;
    const LENGTH: usize = 55;
    let below = |difference: i32| {
        if difference < 0 {
            difference.wrapping_add(LIMIT)
        } else {
            difference
        }
    };
    let mut state = [0i32; LENGTH + 1];
    let mut last = 161_803_398i32.wrapping_sub(seed.saturating_abs());
    state[LENGTH] = last;
    let mut next = 1;
    for i in 1..LENGTH {
        let at = 21 * i % LENGTH;
        state[at] = next;
        next = below(last.wrapping_sub(next));
        last = state[at];
    }
    for _ in 0..4 {
        for i in 1..=LENGTH {
            state[i] = below(state[i].wrapping_sub(state[1 + (i + 30) % LENGTH]));
        }
    }
    std::array::from_fn(|i| {
        let output = state[1 + i].wrapping_sub(state[22 + i]);
        let output = if output == LIMIT {
            output - 1
        } else {
            below(output)
        };
        output.cast_unsigned()
    })
}

/// R scrambles the seed by fifty steps of an LCG, whose further outputs are the state of a Mersenne Twister
/// (all but the first, which stands for the place in it).
fn r(seed: u32) -> First {
    const OFFSET: usize = 397;
    let step = |x: u32| x.wrapping_mul(69_069).wrapping_add(1);
    let mut x = (0..51).fold(seed, |x, _| step(x));
    let mut key = [0; OFFSET + WORDS];
    for element in &mut key {
        x = step(x);
        *element = x;
    }
    std::array::from_fn(|i| {
        let output = key[OFFSET + i] ^ crate::generators::mt19937::mix(key[i], key[i + 1]);
        u64::from(temper(output)) << 32
    })
}

/// Go adds words at lags 273 and 607. Each is made of three outputs of a Lehmer generator, and a word that
/// stands in the library's source: the state after 7.8e12 steps from one seed. The first outputs take eight
/// of these.
fn go(seed: i64) -> First {
    const MODULUS: u64 = (1 << 31) - 1;
    const FEED: [u64; WORDS] = [
        0xbfb2_f4d9_68b7_59c3,
        0x3b7f_c3ad_0d1c_d36b,
        0xf11b_fbb3_ba3e_0841,
        0x0310_89e8_7fba_b9a7,
    ];
    const TAP: [u64; WORDS] = [
        0x39a0_0a3a_31c0_25c6,
        0x7e57_a19b_735e_f03b,
        0x7453_5a96_cc7a_dfd7,
        0xe1de_048d_c78b_382e,
    ];
    const ZERO: u64 = 89_482_311;
    /// The multiplier to the powers that lead from the seed to the elements 333, 332 … and 606, 605 …
    const POWERS: [[u64; WORDS]; 2] = [powers(333), powers(606)];
    const fn step(x: u64) -> u64 {
        x * 48_271 % MODULUS
    }
    const fn powers(element: u64) -> [u64; WORDS] {
        let mut powers = [0; WORDS];
        let mut i = 0;
        while i < WORDS {
            // Twenty steps are thrown away, and each element takes three.
            let steps = 21 + 3 * (element - i as u64);
            let (mut power, mut done) = (1, 0);
            while done < steps {
                power = step(power);
                done += 1;
            }
            powers[i] = power;
            i += 1;
        }
        powers
    }
    let start = match seed.rem_euclid(MODULUS as i64) as u64 {
        0 => ZERO,
        start => start,
    };
    let element = |power: u64, word: u64| {
        let x = start * power % MODULUS;
        let (y, z) = (step(x), step(step(x)));
        x << 40 ^ y << 20 ^ z ^ word
    };
    std::array::from_fn(|i| {
        element(POWERS[0][i], FEED[i]).wrapping_add(element(POWERS[1][i], TAP[i]))
    })
}

/// xoshiro256** with the seed as a quarter of its state, after sixteen outputs.
fn lua(seed: u64) -> First {
    use rand::{Rng, SeedableRng};
    let mut state = [0; 32];
    state[..8].copy_from_slice(&seed.to_le_bytes());
    state[8] = 0xff;
    let mut generator = rand_xoshiro::Xoshiro256StarStar::from_seed(state);
    for _ in 0..16 {
        generator.next_u64();
    }
    drawn(|| generator.next_u64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &str, draw: Draw, k: u64) -> First {
        let start = STARTS
            .iter()
            .find(|start| start.name.contains(name))
            .unwrap();
        let mut found = None;
        start.each(draw, &[k], |_, words| found = Some(*words));
        found.unwrap()
    }

    fn first(name: &str, draw: Draw, bits: u32, k: u64) -> u64 {
        words(name, draw, k)[0] >> (64 - bits)
    }

    fn unit(name: &str, draw: Draw, bits: u32, k: u64) -> f64 {
        first(name, draw, bits, k) as f64 / (bits as f64).exp2()
    }

    #[test]
    fn first_draws_are_those_of_the_languages() {
        // PHP 8.2: mt_srand(7); mt_rand(), twice.
        let php = words("PHP", Draw::Int31, 7).map(|word| word >> 33);
        assert_eq!(php[..2], [163_870_807, 488_206_946]);
        // PyTorch: torch.manual_seed(0); torch.rand(2), as its documentation prints it.
        let torch =
            words("PyTorch", Draw::Float, 0).map(|word| (word >> 40) as f64 / 2f64.powi(24));
        assert!((torch[0] - 0.4963).abs() < 5e-5 && (torch[1] - 0.7682).abs() < 5e-5);
        // g++ 12: mt19937 g(7); uniform_real_distribution<double>()(g), minstd_rand(7)
        // twice, minstd_rand0(7), and glibc 2.36: rand_r of a state 7, twice.
        let canonical = words("uniform_real", Draw::Double, 7)[0] as f64 / 2f64.powi(64);
        assert_eq!(canonical, 0.227_339_074_964_706_84);
        let minstd = words("minstd_rand(k)", Draw::Int31, 7).map(|word| word >> 33);
        assert_eq!(minstd[..2], [337_897, 1_278_240_558]);
        assert_eq!(first("minstd_rand0", Draw::Int31, 31, 7), 117_649);
        let reentrant = words("rand_r", Draw::Int31, 7).map(|word| word >> 33);
        assert_eq!(reentrant[..2], [1_187_592_820, 153_898_277]);
        // .NET: new Random(0).Next() and new Random(42).Next(), as they are widely quoted.
        assert_eq!(first(".NET", Draw::Int31, 31, 0), 1_559_595_546);
        assert_eq!(first(".NET", Draw::Int31, 31, 42), 1_434_747_710);
        // R 4.2: set.seed(7); runif(2).
        let r = words("R's", Draw::Half, 7).map(|word| word as f64 / 2f64.powi(64));
        assert_eq!(r[..2], [0.988_909_297_855_570_9, 0.397_745_453_286_916]);
        // Go 1.19: rand.New(rand.NewSource(7)): Uint64 four times; Int63; Float64. And of source 0: Int31.
        assert_eq!(
            words("Go's", Draw::Word, 7),
            [
                8_475_284_246_537_043_955,
                2_135_276_795_452_531_224,
                11_449_779_372_969_249_750,
                8_407_677_068_955_557_379
            ]
        );
        assert_eq!(first("Go's", Draw::Int63, 63, 7), 8_475_284_246_537_043_955);
        assert_eq!(unit("Go's", Draw::Double, 53, 7), 0.918_892_159_252_763_4);
        assert_eq!(first("Go's", Draw::Word, 64, 0), 8_717_895_732_742_165_505);
        let go = words("Go's", Draw::Int31, 0)[1] >> 33;
        assert_eq!(go, 526_058_514);
        assert_eq!(words("Go's", Draw::Half, 7)[1] >> 32, 994_315_741);
        // Lua 5.4: math.randomseed(7); math.random() twice, and math.random(0).
        let lua = words("Lua", Draw::Double, 7).map(|word| (word >> 11) as f64 / 2f64.powi(53));
        assert_eq!(
            lua[..2],
            [0.778_981_848_967_089_7, 0.388_080_950_064_127_24]
        );
        assert_eq!(words("Lua", Draw::Word, 7)[0], 0xc76b_5abd_7dc3_573f);
    }
}
