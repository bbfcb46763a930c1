//! Every generator, with its facts and its sound seeding.

use rand_chacha::{ChaCha8Core, ChaCha12Core, ChaCha20Core};
use rand_core::{Rng, SeedableRng, block::Generator};
use rand_pcg::{Pcg64, Pcg64Dxsm};
use rand_sfc::Sfc64;
use rand_xoshiro::{Xoshiro256PlusPlus, Xoshiro256StarStar};

use super::{
    BitStream, ChaChaStream, Drand48, FromRng, GeneratorSpec, GlibcRandom, JavaRandom, Lcg31, Lxm,
    Mcg64, Minstd, Mrg32k3a, Mt19937, Mt19937x64, Mwc, Philox4x32, Philox4x64, SplitMix64,
    SystemWords, Threefry4x64, Xorshift128, words_of,
};

const CHACHA: &str = "D. J. Bernstein, *ChaCha, a variant of Salsa20* (2008); crate rand_chacha";
const XOSHIRO: &str = "D. Blackman, S. Vigna, *Scrambled linear pseudorandom number generators*, ACM \
                       TOMS 47(4), 2021; crate rand_xoshiro";
const PCG: &str =
    "M. E. O'Neill, *PCG*, HMC-CS-2014-0905 (2014); crate rand_pcg; numpy's generators";
const RANDOM123: &str = "J. K. Salmon et al., *Parallel random numbers: as easy as 1, 2, 3*, SC11";
const MATSUMOTO: &str = "M. Matsumoto, T. Nishimura, *Mersenne Twister*, ACM TOMACS 8(1), 1998";

/// Every generator, in the order of reports.
pub const ALL: &[GeneratorSpec] = &[
    GeneratorSpec {
        id: "mt19937",
        output_bits: 32,
        state_bits: Some(19_937),
        period_log2: Some(19_937.0),
        jump: None,
        weakness: None,
        reference: MATSUMOTO,
        from_key: |key| Box::new(Mt19937::from_keystream::<ChaCha8Core>(*key)),
    },
    GeneratorSpec {
        id: "mt19937-64",
        output_bits: 64,
        state_bits: Some(19_937),
        period_log2: Some(19_937.0),
        jump: None,
        weakness: None,
        reference: "T. Nishimura, *Tables of 64-bit Mersenne Twisters*, ACM TOMACS 10(4), 2000; \
                    crate rand_mt",
        from_key: |key| {
            let mut words = [0; 312];
            ChaChaStream::<ChaCha8Core>::from_key(*key).fill(&mut words);
            Box::new(Mt19937x64(rand_mt::Mt64::from(words)))
        },
    },
    GeneratorSpec {
        id: "chacha8",
        output_bits: 32,
        state_bits: Some(256),
        period_log2: Some(70.0),
        jump: Some("any block of any of 2^64 stream ids, at once"),
        weakness: None,
        reference: CHACHA,
        from_key: chacha::<ChaCha8Core>,
    },
    GeneratorSpec {
        id: "chacha12",
        output_bits: 32,
        state_bits: Some(256),
        period_log2: Some(70.0),
        jump: Some("any block of any of 2^64 stream ids, at once"),
        weakness: None,
        reference: CHACHA,
        from_key: chacha::<ChaCha12Core>,
    },
    GeneratorSpec {
        id: "chacha20",
        output_bits: 32,
        state_bits: Some(256),
        period_log2: Some(70.0),
        jump: Some("any block of any of 2^64 stream ids, at once"),
        weakness: None,
        reference: CHACHA,
        from_key: chacha::<ChaCha20Core>,
    },
    GeneratorSpec {
        id: "xoshiro256pp",
        output_bits: 64,
        state_bits: Some(256),
        period_log2: Some(256.0),
        jump: Some("2^128 or 2^192 words, 256 steps each"),
        weakness: None,
        reference: XOSHIRO,
        from_key: from_seed::<Xoshiro256PlusPlus>,
    },
    GeneratorSpec {
        id: "xoshiro256ss",
        output_bits: 64,
        state_bits: Some(256),
        period_log2: Some(256.0),
        jump: Some("2^128 or 2^192 words, 256 steps each"),
        weakness: None,
        reference: XOSHIRO,
        from_key: from_seed::<Xoshiro256StarStar>,
    },
    GeneratorSpec {
        id: "pcg64",
        output_bits: 64,
        state_bits: Some(255),
        period_log2: Some(128.0),
        jump: Some("any distance, two multiplications a bit of it"),
        weakness: None,
        reference: PCG,
        from_key: from_seed::<Pcg64>,
    },
    GeneratorSpec {
        id: "pcg64dxsm",
        output_bits: 64,
        state_bits: Some(255),
        period_log2: Some(128.0),
        jump: Some("any distance, two multiplications a bit of it"),
        weakness: None,
        reference: PCG,
        from_key: from_seed::<Pcg64Dxsm>,
    },
    GeneratorSpec {
        id: "sfc64",
        output_bits: 64,
        state_bits: Some(192),
        period_log2: Some(64.0),
        jump: None,
        weakness: None,
        reference: "C. Doty-Humphrey, PractRand (2010), `sfc64`; crate rand_sfc",
        from_key: from_seed::<Sfc64>,
    },
    GeneratorSpec {
        id: "philox4x32-10",
        output_bits: 32,
        state_bits: Some(192),
        period_log2: Some(130.0),
        jump: Some("any block of any key, at once"),
        weakness: None,
        reference: RANDOM123,
        from_key: |key| {
            let [k0, k1, c0, c1, c2, c3, ..] = halves(key);
            Box::new(Philox4x32::new([k0, k1], [c0, c1, c2, c3]))
        },
    },
    GeneratorSpec {
        id: "philox4x64-10",
        output_bits: 64,
        state_bits: Some(384),
        period_log2: Some(258.0),
        jump: Some("any block of any key, at once"),
        weakness: None,
        reference: RANDOM123,
        from_key: |key| {
            let [k0, k1, high, highest] = words_of(key);
            Box::new(Philox4x64::new([k0, k1], [0, 0, high, highest]))
        },
    },
    GeneratorSpec {
        id: "threefry4x64-20",
        output_bits: 64,
        state_bits: Some(512),
        period_log2: Some(258.0),
        jump: Some("any block of any key, at once"),
        weakness: None,
        reference: RANDOM123,
        from_key: |key| Box::new(Threefry4x64::new(words_of(key), [0; 4])),
    },
    GeneratorSpec {
        id: "splitmix64",
        output_bits: 64,
        state_bits: Some(127),
        period_log2: Some(64.0),
        jump: Some("any distance, one multiplication"),
        weakness: None,
        reference: "G. L. Steele, D. Lea, C. H. Flood, *Fast splittable pseudorandom number \
                    generators*, OOPSLA 2014",
        from_key: |key| {
            let [seed, gamma, ..] = words_of(key);
            Box::new(SplitMix64::with_gamma(seed, SplitMix64::gamma_of(gamma)))
        },
    },
    GeneratorSpec {
        id: "lxm",
        output_bits: 64,
        state_bits: Some(255),
        period_log2: Some(192.0),
        jump: None,
        weakness: None,
        reference: "G. L. Steele, S. Vigna, *LXM*, OOPSLA 2021 (L64X128MixRandom)",
        from_key: |key| {
            let [increment, linear, first, second] = words_of(key);
            Box::new(Lxm::new(increment, linear, [first, second]))
        },
    },
    GeneratorSpec {
        id: "mrg32k3a",
        output_bits: 32,
        state_bits: Some(191),
        period_log2: Some(191.0),
        jump: Some("2^76 or 2^127 outputs, two products of 3 × 3 matrices"),
        weakness: None,
        reference: "P. L'Ecuyer, *Good parameters and implementations for combined multiple recursive \
                    random number generators*, Operations Research 47(1), 1999",
        from_key: |key| {
            let [a, b, c, d, e, f, ..] = halves(key);
            Box::new(Mrg32k3a::new([a, b, c, d, e, f]))
        },
    },
    GeneratorSpec {
        id: "xorshift128",
        output_bits: 32,
        state_bits: Some(128),
        period_log2: Some(128.0),
        jump: None,
        weakness: Some("every output bit is a linear function of 128 state bits"),
        reference: "G. Marsaglia, *Xorshift RNGs*, Journal of Statistical Software 8(14), 2003",
        from_key: |key| {
            let [x, y, z, w, ..] = halves(key);
            Box::new(Xorshift128::from_state([x, y, z, w]))
        },
    },
    GeneratorSpec {
        id: "mwc",
        output_bits: 32,
        state_bits: Some(61),
        period_log2: Some(60.4),
        jump: None,
        weakness: Some("61 bits of state, and a lattice of its multiplier"),
        reference: "G. Marsaglia, *Random numbers for C: the END?*, sci.stat.math (1999)",
        from_key: |key| {
            let [last, carry, ..] = halves(key);
            Box::new(Mwc::from_state(last, carry))
        },
    },
    GeneratorSpec {
        id: "drand48",
        output_bits: 32,
        state_bits: Some(48),
        period_log2: Some(48.0),
        jump: Some("any distance, two multiplications a bit of it"),
        weakness: Some("48 bits of state; streams 2^k apart share their low bits"),
        reference: "POSIX.1-2017, `drand48`",
        from_key: |key| Box::new(Drand48::from_state(words_of(key)[0])),
    },
    GeneratorSpec {
        id: "java-random",
        output_bits: 32,
        state_bits: Some(48),
        period_log2: Some(48.0),
        jump: None,
        weakness: Some("48 bits of state; near seeds have near first outputs"),
        reference: "Java SE 17 API documentation, `java.util.Random`",
        from_key: |key| Box::new(JavaRandom::from_seed(words_of(key)[0])),
    },
    GeneratorSpec {
        id: "minstd",
        output_bits: 31,
        state_bits: Some(31),
        period_log2: Some(31.0),
        jump: None,
        weakness: Some("a period of 2^31: streams overlap however they are seeded"),
        reference: "S. K. Park, K. W. Miller, *Random number generators: good ones are hard to find*, \
                    CACM 31(10), 1988",
        from_key: |key| Box::new(Minstd::from_seed(halves(key)[0])),
    },
    GeneratorSpec {
        id: "lcg31",
        output_bits: 31,
        state_bits: Some(31),
        period_log2: Some(31.0),
        jump: Some("any distance, two multiplications a bit of it"),
        weakness: Some("the lowest k bits of an output have period 2^k"),
        reference: "glibc 2.36, `random_r`, TYPE_0",
        from_key: |key| Box::new(Lcg31::from_seed(halves(key)[0])),
    },
    GeneratorSpec {
        id: "glibc-random",
        output_bits: 31,
        state_bits: Some(992),
        period_log2: Some(62.0),
        jump: None,
        weakness: Some("r[i] = r[i−3] + r[i−31], up to a carry: an additive relation at lag 31"),
        reference: "glibc 2.36, `random_r`, TYPE_3; P. Selinger (2007)",
        from_key: |key| {
            let mut words = [0; 16];
            ChaChaStream::<ChaCha8Core>::from_key(*key).fill(&mut words);
            Box::new(GlibcRandom::from_state(std::array::from_fn(|i| {
                // The period needs one odd word.
                (words[i / 2] >> (32 * (i % 2))) as u32 | u32::from(i == 0)
            })))
        },
    },
    GeneratorSpec {
        id: "mcg64",
        output_bits: 64,
        state_bits: Some(63),
        period_log2: Some(62.0),
        jump: None,
        weakness: Some("the lowest bit is constant, the lowest k bits have period 2^(k−2)"),
        reference: "P. L'Ecuyer, *Tables of linear congruential generators*, Math. Comp. 68, 1999",
        from_key: |key| Box::new(Mcg64::from_state(words_of(key)[0] | 1)),
    },
    GeneratorSpec {
        id: "getrandom",
        output_bits: 64,
        state_bits: None,
        period_log2: None,
        jump: None,
        weakness: None,
        reference: "getrandom(2) and its like on other systems; crate getrandom",
        from_key: |_| Box::new(SystemWords),
    },
];

/// The generator with this id.
pub fn find(id: &str) -> Option<&'static GeneratorSpec> {
    ALL.iter().find(|spec| spec.id == id)
}

fn chacha<C>(key: &[u8; 32]) -> Box<dyn BitStream>
where
    C: SeedableRng<Seed = [u8; 32]> + Generator<Output = [u32; 64]> + Send + 'static,
{
    Box::new(ChaChaStream::<C>::from_key(*key))
}

fn from_seed<R>(key: &[u8; 32]) -> Box<dyn BitStream>
where
    R: SeedableRng + Rng + Send + 'static,
{
    let mut seed = R::Seed::default();
    let bytes = seed.as_mut();
    let length = bytes.len();
    bytes.copy_from_slice(&key[..length]);
    Box::new(FromRng(R::from_seed(seed)))
}

fn halves(key: &[u8; 32]) -> [u32; 8] {
    std::array::from_fn(|i| u32::from_le_bytes(key.as_chunks().0[i]))
}
