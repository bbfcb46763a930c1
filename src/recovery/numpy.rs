//! numpy's bit generators as `SeedSequence(k)` starts them, and the first draws of a `Generator` on each.
//!
//! A list of two numbers, as in `default_rng([a, b])`, is the one number a + b · 2^32: entropy is taken in words
//! of 32 bits, the lowest first.
//!
//! Sources: numpy 2.4.6, `bit_generator.pyx` and `src/` of `numpy/random`. What the real numpy draws is in
//! `tests/vectors/seeds`.

use rand::Rng;

use super::{
    outputs,
    starts::{Draw, First, GeneratorStart, Words, drawn},
};
use crate::generators::{
    BitStream, Philox4x64, SeedSequence,
    mt19937::{HIGH_BIT, LENGTH, OFFSET, mix, temper},
};

/// Every bit generator of numpy's; `default_rng` has the first one.
pub(super) const STARTS: &[GeneratorStart] = &[
    GeneratorStart {
        name: "numpy's default_rng(k)",
        words: Words::Sequence(|draw, sequence| {
            let mut generator = sequence.pcg64();
            of_words(draw, || generator.next_u64())
        }),
    },
    GeneratorStart {
        name: "numpy's Generator(PCG64DXSM(k))",
        words: Words::Sequence(|draw, sequence| {
            let mut generator = sequence.pcg64dxsm();
            of_words(draw, || generator.next_u64())
        }),
    },
    GeneratorStart {
        name: "numpy's Generator(Philox(k))",
        words: Words::Sequence(|draw, sequence| of_block(draw, sequence.generate_state64())),
    },
    GeneratorStart {
        name: "numpy's Generator(Philox(key=k))",
        words: Words::Of(|draw, k| of_block(draw, [k, 0])),
    },
    GeneratorStart {
        name: "numpy's Generator(SFC64(k))",
        words: Words::Sequence(|draw, sequence| {
            let mut generator = sequence.sfc64();
            of_words(draw, || generator.next_word())
        }),
    },
    GeneratorStart {
        name: "numpy's Generator(MT19937(k))",
        words: Words::Sequence(of_twister),
    },
];

/// `PCG64(k)`.
pub(super) fn pcg64(k: u64, out: &mut [u64]) {
    outputs::words(SeedSequence::from_u64(k).pcg64(), out);
}

/// `PCG64DXSM(k)`.
pub(super) fn pcg64dxsm(k: u64, out: &mut [u64]) {
    outputs::words(SeedSequence::from_u64(k).pcg64dxsm(), out);
}

/// `Philox(k)`.
pub(super) fn philox(k: u64, out: &mut [u64]) {
    SeedSequence::from_u64(k).philox4x64().fill(out);
}

/// `Philox(key=k)`.
pub(super) fn philox_key(k: u64, out: &mut [u64]) {
    Philox4x64::new([k, 0], [0; 4]).fill(out);
}

/// `SFC64(k)`.
pub(super) fn sfc64(k: u64, out: &mut [u64]) {
    SeedSequence::from_u64(k).sfc64().fill(out);
}

/// `MT19937(k)`, of which only the words are made that the first outputs take: the last word of the state is
/// tempered first, then the state is twisted.
pub(super) fn mt19937(k: u64, out: &mut [u64]) {
    twisted(&SeedSequence::from_u64(k), out);
}

fn twisted(sequence: &SeedSequence, out: &mut [u64]) {
    let key = |at: usize| sequence.state_word(at);
    let Some((first, rest)) = out.split_first_mut() else {
        return;
    };
    *first = temper(key(LENGTH - 1)).into();
    let mut upper = HIGH_BIT;
    for (at, output) in rest.iter_mut().enumerate() {
        let lower = key(at + 1);
        *output = temper(key(OFFSET + at) ^ mix(upper, lower)).into();
        upper = lower;
    }
}

/// The draws of a generator of words of 64 bits: half a word is its lower half, then the upper one.
fn of_words(draw: Draw, mut next: impl FnMut() -> u64) -> Option<First> {
    let mut kept = None;
    let mut next = |half: bool| match half {
        false => next(),
        true => kept.take().unwrap_or_else(|| {
            let word = next();
            kept = Some(word >> 32);
            word & 0xffff_ffff
        }),
    };
    Some(match draw {
        Draw::Word => drawn(|| next(false)),
        Draw::Double => drawn(|| next(false) >> 11 << 11),
        Draw::Int63 => drawn(|| next(false) >> 1 << 1),
        Draw::Half => drawn(|| next(true) << 32),
        Draw::Float => drawn(|| next(true) >> 8 << 40),
        Draw::Int31 => drawn(|| next(true) >> 1 << 33),
        Draw::Double48 => return None,
    })
}

/// The same of Philox: its first block is enough.
fn of_block(draw: Draw, key: [u64; 2]) -> Option<First> {
    let mut words = Philox4x64::block(key, [1, 0, 0, 0]).into_iter();
    of_words(draw, || words.next().unwrap_or_default())
}

/// The same of `MT19937`, whose outputs have 32 bits: the first of two is the high one.
fn of_twister(draw: Draw, sequence: &SeedSequence) -> Option<First> {
    let mut outputs = [0; 8];
    twisted(sequence, &mut outputs);
    let mut outputs = outputs.into_iter();
    let mut next = || outputs.next().unwrap_or_default();
    Some(match draw {
        Draw::Word => drawn(|| next() << 32 | next()),
        Draw::Double => drawn(|| ((next() >> 5) << 26 | next() >> 6) << 11),
        Draw::Int63 => drawn(|| (next() << 32 | next()) >> 1 << 1),
        Draw::Half => drawn(|| next() << 32),
        Draw::Float => drawn(|| next() >> 8 << 40),
        Draw::Int31 => drawn(|| next() >> 1 << 33),
        Draw::Double48 => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recovery::starts::{WORDS, each};

    const ANSWERS: &str = include_str!("../../tests/vectors/seeds/seeds.tsv");

    /// The first draws of a bit generator, as numpy's `Generator` gives them.
    fn answers(of: &str, draws: &str) -> Vec<&'static str> {
        let name = format!("words numpy {of} {draws}\t");
        let line = ANSWERS
            .lines()
            .find_map(|line| line.strip_prefix(name.as_str()));
        line.expect("a known answer").split(' ').collect()
    }

    #[test]
    fn first_draws_are_those_of_numpy() {
        for start in STARTS {
            let of = start
                .name
                .split_once("Generator(")
                .map_or("PCG64(k)", |(_, name)| name.strip_suffix(')').unwrap());
            for (draw, bits, draws) in [
                (Draw::Word, 64, "uint64"),
                (Draw::Half, 32, "uint32"),
                (Draw::Int63, 63, "integers(2**63)"),
                (Draw::Int31, 31, "integers(2**31)"),
                (Draw::Double, 53, "random"),
                (Draw::Float, 24, "float32"),
            ] {
                let answers = answers(of, draws);
                // 7, and as a list [7, 3] numbers of more than 32 bits.
                for (seed, expected) in [7, 7 + (3 << 32)].into_iter().zip(answers.chunks(WORDS)) {
                    let mut first = None;
                    each(&[start], draw, &[seed], |_, _, words| first = Some(*words));
                    let words = first.unwrap().map(|word| word >> (64 - bits));
                    let said: Vec<String> = match draw {
                        Draw::Double | Draw::Float => words
                            .map(|word| format!("{}", word as f64 / f64::from(bits).exp2()))
                            .into(),
                        _ => words.map(|word| word.to_string()).into(),
                    };
                    assert_eq!(said, expected, "{of} {draws} of {seed}");
                }
            }
        }
    }
}
