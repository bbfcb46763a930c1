//! More languages: each start is a state set as the language sets it, and a transform of what the generator
//! puts out.

use super::{
    go::go,
    outputs::{self, lua, r},
    starts::{Draw, First, GeneratorStart, WORDS, Words, of_outputs, single},
    twisters::Initialised,
};

/// Sources: PHP's `mt_srand` (`init_genrand`, outputs shifted right by one); PyTorch's `CPUGeneratorImpl`
/// and `uniform_real_distribution` of `TransformationHelper.h`; libstdc++'s `generate_canonical`,
/// `minstd_rand`, `default_random_engine`; glibc's `rand_r.c`; R's `RNG.c` (`Randomize`, `MT_genrand`);
/// Go's `math/rand/rng.go`; Lua's `lmathlib.c` (5.4); Microsoft's `System.Random` with a seed. The first
/// draws of each are known answers in the tests.
pub(super) const STARTS: &[GeneratorStart] = &[
    GeneratorStart {
        name: "PHP's mt_srand(k)",
        words: Words::Twisters(Initialised::ByWord, |draw, outputs| {
            (draw == Draw::Int31).then(|| single(outputs, |output| output >> 1 << 33))
        }),
    },
    GeneratorStart {
        name: "PyTorch's torch.manual_seed(k)",
        words: Words::Twisters(Initialised::ByWord, |draw, outputs| match draw {
            Draw::Float => Some(single(outputs, |output| output << 40)),
            Draw::Double => Some(of_outputs(outputs, |high, low| (high << 32 | low) << 11)),
            _ => None,
        }),
    },
    GeneratorStart {
        name: "C++'s std::mt19937(k) with uniform_real_distribution",
        words: Words::Twisters(Initialised::ByWord, |draw, outputs| {
            // (low + high · 2^32) / 2^64, rounded.
            (draw == Draw::Double).then(|| of_outputs(outputs, |low, high| high << 32 | low))
        }),
    },
    GeneratorStart {
        name: "C++'s std::minstd_rand(k)",
        words: Words::Of(|draw, k| int31(draw, |out| outputs::minstd(48_271, k, out))),
    },
    GeneratorStart {
        name: "C++'s std::default_random_engine(k) or std::minstd_rand0(k)",
        words: Words::Of(|draw, k| int31(draw, |out| outputs::minstd(16_807, k, out))),
    },
    GeneratorStart {
        name: "C's rand_r with state k",
        words: Words::Of(|draw, k| int31(draw, |out| outputs::rand_r(k, out))),
    },
    GeneratorStart {
        name: ".NET's new Random(k)",
        words: Words::Of(|draw, k| int31(draw, |out| outputs::dotnet(k, out))),
    },
    GeneratorStart {
        name: "R's set.seed(k)",
        words: Words::Of(|draw, k| {
            (draw == Draw::Half).then(|| first(|out| r(k, out)).map(|word| word << 32))
        }),
    },
    GeneratorStart {
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
            Some(first(|out| go(k as i64, out)).map(transform))
        }),
    },
    GeneratorStart {
        name: "Lua 5.4's math.randomseed(k)",
        words: Words::Of(|draw, k| match draw {
            Draw::Word => Some(first(|out| lua(k, out))),
            Draw::Double => Some(first(|out| lua(k, out)).map(|word| word >> 11 << 11)),
            _ => None,
        }),
    },
];

fn int31(draw: Draw, outputs: impl FnOnce(&mut [u64])) -> Option<First> {
    (draw == Draw::Int31).then(|| first(outputs).map(|output| output << 33))
}

/// The first few outputs.
fn first(outputs: impl FnOnce(&mut [u64])) -> First {
    let mut first = [0; WORDS];
    outputs(&mut first);
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recovery::starts;

    fn words(name: &str, draw: Draw, k: u64) -> First {
        let start = STARTS
            .iter()
            .find(|start| start.name.contains(name))
            .unwrap();
        let mut found = None;
        starts::each(&[start], draw, &[k], |_, _, words| found = Some(*words));
        found.unwrap()
    }

    fn first_of(name: &str, draw: Draw, bits: u32, k: u64) -> u64 {
        words(name, draw, k)[0] >> (64 - bits)
    }

    fn unit(name: &str, draw: Draw, bits: u32, k: u64) -> f64 {
        first_of(name, draw, bits, k) as f64 / (bits as f64).exp2()
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
        assert_eq!(first_of("minstd_rand0", Draw::Int31, 31, 7), 117_649);
        let reentrant = words("rand_r", Draw::Int31, 7).map(|word| word >> 33);
        assert_eq!(reentrant[..2], [1_187_592_820, 153_898_277]);
        // .NET: new Random(0).Next() and new Random(42).Next(), as they are widely quoted.
        assert_eq!(first_of(".NET", Draw::Int31, 31, 0), 1_559_595_546);
        assert_eq!(first_of(".NET", Draw::Int31, 31, 42), 1_434_747_710);
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
        assert_eq!(
            first_of("Go's", Draw::Int63, 63, 7),
            8_475_284_246_537_043_955
        );
        assert_eq!(unit("Go's", Draw::Double, 53, 7), 0.918_892_159_252_763_4);
        assert_eq!(
            first_of("Go's", Draw::Word, 64, 0),
            8_717_895_732_742_165_505
        );
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
