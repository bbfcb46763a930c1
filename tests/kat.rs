//! Known answers: every generator against the words of an independent implementation.
//!
//! The vectors are files: source, revision and generating program on top, then cases. A case says how
//! the generator is made, which jumps it takes, its first words and a late one. Every word is drawn in
//! blocks of several sizes.

use std::{fs, path::PathBuf};

use rand_chacha::{ChaCha8Rng, ChaCha12Rng, ChaCha20Rng};
use rand_core::SeedableRng;
use rand_xoshiro::{Xoshiro256PlusPlus, Xoshiro256StarStar};
use seedbench::generators::{
    self, BitStream, ChaChaStream, Drand48, FromRng, GlibcRandom, JavaRandom, Lcg31, Lxm, Mcg64,
    Minstd, Mrg32k3a, Mt19937, Mt19937x64, Mwc, Philox4x32, Philox4x64, SeedSequence, SplitMix64,
    Threefry4x64, Xorshift128, genrand_res53,
};

fn vector_file(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(format!("{name}.txt"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn number(text: &str) -> u128 {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let radix = if digits.len() < text.len() { 16 } else { 10 };
    u128::from_str_radix(digits, radix).unwrap_or_else(|error| panic!("`{text}`: {error}"))
}

fn numbers(text: &str) -> Vec<u128> {
    text.split_whitespace().map(number).collect()
}

#[derive(Default)]
struct Case {
    kind: String,
    values: Vec<u128>,
    jumps: Vec<(String, Vec<u128>)>,
    first: Vec<u64>,
    late: (usize, u64),
}

impl Case {
    fn word<T: TryFrom<u128>>(&self, index: usize) -> T {
        T::try_from(self.values[index]).ok().expect("value fits")
    }

    fn words<T: TryFrom<u128>, const N: usize>(&self, from: usize) -> [T; N] {
        std::array::from_fn(|i| self.word(from + i))
    }

    /// 256-bit seeds are written as four 64-bit words.
    fn key(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (chunk, value) in bytes.chunks_exact_mut(8).zip(&self.values) {
            chunk.copy_from_slice(&u64::try_from(*value).unwrap().to_le_bytes());
        }
        bytes
    }

    fn name(&self) -> String {
        format!("{} {:x?} after {:x?}", self.kind, self.values, self.jumps)
    }
}

fn cases(generator: &str) -> Vec<Case> {
    let text = vector_file(generator);
    for head in ["# source: ", "# program: "] {
        assert!(text.contains(head), "{generator}.txt has no line `{head}…`");
    }
    let mut cases: Vec<Case> = Vec::new();
    for line in text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        let (word, rest) = line.split_once(' ').expect("a word and values");
        if word == "case" {
            let (kind, values) = rest.split_once(' ').expect("a kind and values");
            cases.push(Case {
                kind: kind.into(),
                values: numbers(values),
                ..Case::default()
            });
            continue;
        }
        let case = cases.last_mut().expect("a case before its words");
        match word {
            "jump" => {
                let (jump, values) = rest.split_once(' ').expect("a jump and values");
                case.jumps.push((jump.into(), numbers(values)));
            }
            "first" => case.first = numbers(rest).iter().map(|&word| word as u64).collect(),
            "late" => {
                let values = numbers(rest);
                case.late = (values[0] as usize, values[1] as u64);
            }
            other => panic!("{generator}.txt: unknown line `{other}`"),
        }
    }
    cases
}

/// Makes a generator and moves it by the case's jumps.
fn moved<G>(case: &Case, mut generator: G, jump: impl Fn(&mut G, &str, &[u128])) -> G {
    for (name, values) in &case.jumps {
        jump(&mut generator, name, values);
    }
    generator
}

/// For generators that have no jump.
fn still<G>(_: &mut G, jump: &str, _: &[u128]) {
    panic!("unknown jump `{jump}`");
}

macro_rules! chacha {
    ($case:expr, $kind:ty) => {
        Box::new(FromRng(moved(
            $case,
            <$kind>::from_seed($case.key()),
            |rng, jump, by| match jump {
                "stream" => rng.set_stream(by[0] as u64),
                "block" => rng.set_word_pos(16 * by[0]),
                _ => still(rng, jump, by),
            },
        )))
    };
}

macro_rules! xoshiro {
    ($case:expr, $kind:ty) => {
        Box::new(FromRng(moved(
            $case,
            <$kind>::from_seed($case.key()),
            |rng, jump, by| match (jump, by[0]) {
                ("power", 128) => rng.jump(),
                ("power", 192) => rng.long_jump(),
                _ => still(rng, jump, by),
            },
        )))
    };
}

macro_rules! pcg {
    ($case:expr, $new:path) => {
        Box::new(FromRng(moved(
            $case,
            $new($case.values[0], $case.values[1]),
            |rng, jump, by| match jump {
                "advance" => rng.advance(by[0]),
                _ => still(rng, jump, by),
            },
        )))
    };
}

fn made(generator: &str, case: &Case) -> Box<dyn BitStream> {
    match (generator, case.kind.as_str()) {
        ("mt19937", "seed") => Box::new(moved(case, Mt19937::from_seed(case.word(0)), still)),
        ("mt19937", "array") => {
            let words: Vec<u32> = (0..case.values.len()).map(|i| case.word(i)).collect();
            Box::new(moved(case, Mt19937::from_array(&words), still))
        }
        ("mt19937-64", "seed") => Box::new(moved(
            case,
            Mt19937x64(rand_mt::Mt64::new(case.word(0))),
            still,
        )),
        ("chacha8", "key") => chacha!(case, ChaCha8Rng),
        ("chacha12", "key") => chacha!(case, ChaCha12Rng),
        ("chacha20", "key") => chacha!(case, ChaCha20Rng),
        ("xoshiro256pp", "state") => xoshiro!(case, Xoshiro256PlusPlus),
        ("xoshiro256ss", "state") => xoshiro!(case, Xoshiro256StarStar),
        ("pcg64", "seed") => pcg!(case, generators::numpy_pcg64),
        ("pcg64dxsm", "seed") => pcg!(case, generators::numpy_pcg64dxsm),
        ("sfc64", "seed") => {
            let key = case.key();
            let seed = std::array::from_fn(|i| key[i]);
            Box::new(FromRng(moved(
                case,
                rand_sfc::Sfc64::from_seed(seed),
                still,
            )))
        }
        ("philox4x32-10", "key") => Box::new(moved(
            case,
            Philox4x32::new(case.words(0), case.words(2)),
            |philox, jump, by| match jump {
                "advance" => philox.advance(by[0]),
                _ => still(philox, jump, by),
            },
        )),
        ("philox4x64-10", "key") => Box::new(moved(
            case,
            Philox4x64::new(case.words(0), case.words(2)),
            |philox, jump, by| match jump {
                "advance" => philox.advance(by[0]),
                _ => still(philox, jump, by),
            },
        )),
        ("threefry4x64-20", "key") => Box::new(moved(
            case,
            Threefry4x64::new(case.words(0), case.words(4)),
            |threefry, jump, by| match jump {
                "advance" => threefry.advance(by[0] as u64),
                _ => still(threefry, jump, by),
            },
        )),
        ("splitmix64", "seed") => Box::new(moved(
            case,
            SplitMix64::new(case.word(0)),
            |splitmix, jump, by| match jump {
                "advance" => splitmix.advance(by[0] as u64),
                "split" => (0..by[0]).for_each(|_| *splitmix = splitmix.split()),
                _ => still(splitmix, jump, by),
            },
        )),
        ("lxm", "state") => Box::new(moved(
            case,
            Lxm::new(case.word(0), case.word(1), case.words(2)),
            |lxm, jump, by| match jump {
                "split" => (0..by[0]).for_each(|_| *lxm = lxm.split()),
                _ => still(lxm, jump, by),
            },
        )),
        ("mrg32k3a", "state") => Box::new(moved(
            case,
            Mrg32k3a::new(case.words(0)),
            |mrg, jump, by| match jump {
                "power" => mrg.advance_power(by[0] as u32),
                _ => still(mrg, jump, by),
            },
        )),
        ("xorshift128", "state") => {
            Box::new(moved(case, Xorshift128::from_state(case.words(0)), still))
        }
        ("mwc", "state") => Box::new(moved(
            case,
            Mwc::from_state(case.word(0), case.word(1)),
            still,
        )),
        ("drand48", "seed") => Box::new(moved(
            case,
            Drand48::from_seed(case.word(0)),
            |drand, jump, by| match jump {
                "advance" => drand.advance(by[0] as u64),
                _ => still(drand, jump, by),
            },
        )),
        ("java-random", "seed") => {
            Box::new(moved(case, JavaRandom::from_seed(case.word(0)), still))
        }
        ("minstd", "seed") => Box::new(moved(case, Minstd::from_seed(case.word(0)), still)),
        ("lcg31", "seed") => match case.jumps.as_slice() {
            [] => Box::new(Lcg31::from_seed(case.word(0))),
            [(name, by)] if name == "leapfrog" => {
                Box::new(Lcg31::leapfrog(case.word(0), by[0] as u32, by[1] as u32))
            }
            other => panic!("unknown jumps {other:?}"),
        },
        ("glibc-random", "seed") => {
            Box::new(moved(case, GlibcRandom::from_seed(case.word(0)), still))
        }
        ("mcg64", "state") => Box::new(moved(case, Mcg64::from_state(case.word(0)), still)),
        (_, kind) => panic!("{generator} cannot be made from `{kind}`"),
    }
}

/// Draws in blocks of the given sizes, round and round.
fn drawn(stream: &mut dyn BitStream, words: usize, blocks: &[usize]) -> Vec<u64> {
    let mut drawn = vec![0; words];
    let mut start = 0;
    for &block in blocks.iter().cycle() {
        let end = (start + block).min(words);
        stream.fill(&mut drawn[start..end]);
        start = end;
        if start == words {
            return drawn;
        }
    }
    unreachable!("blocks are not empty")
}

#[test]
fn every_generator_draws_the_words_of_its_vector_file() {
    for spec in generators::ALL
        .iter()
        .filter(|spec| spec.state_bits.is_some())
    {
        let cases = cases(spec.id);
        assert!(!cases.is_empty(), "{}.txt has no case", spec.id);
        for case in &cases {
            let name = format!("{}: {}", spec.id, case.name());
            assert_eq!(case.first.len(), 8, "{name}");
            for blocks in [&[1][..], &[4096], &[1, 2, 3, 0, 5, 31, 64, 311, 313]] {
                let words = drawn(made(spec.id, case).as_mut(), case.late.0 + 1, blocks);
                assert_eq!(words[..8], case.first, "{name}, in blocks of {blocks:?}");
                assert_eq!(
                    words[case.late.0], case.late.1,
                    "{name}, late, in blocks of {blocks:?}"
                );
            }
        }
    }
}

#[test]
fn every_jump_of_the_table_has_a_known_answer() {
    for spec in generators::ALL.iter().filter(|spec| spec.jump.is_some()) {
        let jumped = cases(spec.id).iter().any(|case| !case.jumps.is_empty());
        assert!(jumped, "{}.txt has no jump", spec.id);
    }
}

#[test]
fn the_doubles_are_those_of_numpy() {
    let text = vector_file("genrand_res53");
    let mut rows = 0;
    for line in text.lines().filter_map(|line| line.strip_prefix("seed ")) {
        let values = numbers(line);
        let mut state = Mt19937::from_seed(values[0] as u32);
        for &bits in &values[1..] {
            let double = genrand_res53(state.next_u32(), state.next_u32());
            assert_eq!(u128::from(double.to_bits()), bits, "seed {}", values[0]);
        }
        rows += 1;
    }
    assert_eq!(rows, 11);
}

#[test]
fn chacha_streams_are_the_keystreams_of_rand_chacha() {
    let key = std::array::from_fn(|i| 7 * i as u8);
    let mut ours = ChaChaStream::<rand_chacha::ChaCha12Core>::from_key(key);
    let mut theirs = FromRng(ChaCha12Rng::from_seed(key));
    assert_eq!(
        drawn(&mut ours, 1000, &[3, 64, 1]),
        drawn(&mut theirs, 1000, &[1])
    );
}

/// Entropy in 32-bit words, least significant first, from up to 64 hexadecimal digits.
fn entropy_words(text: &str) -> Vec<u32> {
    let digits = text.strip_prefix("0x").expect("hexadecimal");
    let words: Vec<u32> = digits
        .as_bytes()
        .rchunks(8)
        .map(|chunk| u32::from_str_radix(std::str::from_utf8(chunk).unwrap(), 16).unwrap())
        .collect();
    words
}

#[test]
fn seed_sequences_are_those_of_numpy() {
    let text = vector_file("seed_sequence");
    let mut sequence = None;
    let mut rows = 0;
    for line in text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        let (word, rest) = line.split_once(' ').unwrap();
        if word == "case" {
            let (entropy, key) = rest.split_once(" /").unwrap();
            let root = SeedSequence::from_words(&entropy_words(entropy));
            let leaf = numbers(key)
                .iter()
                .fold(root, |parent, &element| parent.child(element as u64));
            sequence = Some(leaf);
            continue;
        }
        let sequence = sequence.as_ref().expect("a case before its words");
        let expected: Vec<u64> = numbers(rest).iter().map(|&value| value as u64).collect();
        let first = |mut stream: Box<dyn BitStream>, skip: usize| {
            drawn(stream.as_mut(), skip + expected.len(), &[100])[skip..].to_vec()
        };
        let words = match word {
            "state32" => sequence.generate_state::<10>().map(u64::from).to_vec(),
            "state64" => sequence.generate_state64::<5>().to_vec(),
            "pcg64" => first(Box::new(FromRng(sequence.pcg64())), 0),
            "pcg64dxsm" => first(Box::new(FromRng(sequence.pcg64dxsm())), 0),
            "philox4x64-10" => first(Box::new(sequence.philox4x64()), 0),
            "sfc64" => first(Box::new(sequence.sfc64()), 0),
            // The last four of 700 words: past the first state.
            "mt19937" => first(Box::new(sequence.mt19937()), 696),
            other => panic!("unknown line `{other}`"),
        };
        assert_eq!(words, expected, "{line}");
        rows += 1;
    }
    assert_eq!(rows, 8 * 7 * 7);
}
