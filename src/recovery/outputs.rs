//! The first outputs of generators after a seed, as their languages set the state.
//!
//! Sources: LuaJIT's `lj_prng.c` (P. L'Ecuyer's Tausworthe of 223 bits); D. Bau's seedrandom (RC4 of the
//! seed's text); Go's `math/rand/v2` (PCG-DXSM, chacha8rand); libstdc++'s `subtract_with_carry_engine`,
//! `discard_block_engine` and `shuffle_order_engine`; JAX's `threefry_2x32`; bash's `random.c`. The first draws of each are known
//! answers in the tests.

use rand::{Rng, SeedableRng};

use crate::generators::{Minstd, chacha_block, mt19937};

fn fill(out: &mut [u64], mut next: impl FnMut() -> u64) {
    for word in out {
        *word = next();
    }
}

/// The generator's words of 64 bits.
pub(super) fn words(mut generator: impl Rng, out: &mut [u64]) {
    fill(out, || generator.next_u64());
}

/// LuaJIT: the seed is stretched by a line, whose doubles are the four parts of the state.
pub(super) fn luajit(k: u64, out: &mut [u64]) {
    // Length, shift, step of each part.
    const PARTS: [(u32, u32, u32); 4] = [(63, 31, 18), (58, 19, 28), (55, 24, 7), (47, 21, 8)];
    let mut stretched = k as f64;
    let mut state = PARTS.map(|(length, ..)| {
        stretched = stretched * std::f64::consts::PI + std::f64::consts::E;
        let (bits, least) = (stretched.to_bits(), 1u64 << (64 - length));
        if bits < least { bits + least } else { bits }
    });
    let mut next = || {
        let mut output = 0;
        for (part, (length, shift, step)) in state.iter_mut().zip(PARTS) {
            let kept = *part & u64::MAX << (64 - length);
            *part = ((*part << shift ^ *part) >> (length - step)) ^ kept << step;
            output ^= *part;
        }
        output & ((1 << 52) - 1)
    };
    for _ in 0..10 {
        next();
    }
    fill(out, next);
}

/// RC4 as seedrandom keys it: with the characters of the seed's text, which ends in a zero where the seed is a
/// number.
fn rc4(k: u64, is_number: bool) -> impl FnMut() -> u64 {
    let mut key = k.to_string().into_bytes();
    if is_number {
        key.push(0);
    }
    let mut state: [u8; 256] = std::array::from_fn(|at| at as u8);
    let mut other = 0u8;
    for at in 0..256 {
        other = other
            .wrapping_add(key[at % key.len()])
            .wrapping_add(state[at]);
        state.swap(at, other.into());
    }
    let (mut at, mut other) = (0u8, 0u8);
    let mut next = move || {
        at = at.wrapping_add(1);
        other = other.wrapping_add(state[usize::from(at)]);
        state.swap(at.into(), other.into());
        let sum = state[usize::from(at)].wrapping_add(state[usize::from(other)]);
        u64::from(state[usize::from(sum)])
    };
    for _ in 0..256 {
        next();
    }
    next
}

/// seedrandom's doubles, as 53 bits: six bytes, and one more where they are below 2^52.
fn seedrandom_doubles(mut byte: impl FnMut() -> u64, out: &mut [u64]) {
    fill(out, || {
        let number = (0..6).fold(0, |number, _| number << 8 | byte());
        // All 48 bits lie below 2^52, so that one byte follows; two where the first four bits are zero.
        let mut number: u128 = u128::from(number);
        let (mut bits, mut last) = (48, 0u128);
        while number < 1 << 52 {
            number = (number + last) << 8;
            bits += 8;
            last = byte().into();
        }
        let (mut last, mut number) = (last, number);
        while number >= 1 << 53 {
            number >>= 1;
            bits -= 1;
            last >>= 1;
        }
        ((number + last) << 53 >> bits) as u64
    });
}

pub(super) fn seedrandom_number(k: u64, out: &mut [u64]) {
    seedrandom_doubles(rc4(k, true), out);
}

pub(super) fn seedrandom_text(k: u64, out: &mut [u64]) {
    seedrandom_doubles(rc4(k, false), out);
}

/// Four bytes each, the first one high.
pub(super) fn seedrandom_int32(k: u64, out: &mut [u64]) {
    let mut byte = rc4(k, true);
    fill(out, || (0..4).fold(0, |number, _| number << 8 | byte()));
}

/// Go's PCG: 128 bits, of which the upper half is scrambled by a multiplication.
pub(super) fn go_pcg(high: u64, low: u64, out: &mut [u64]) {
    const MULTIPLIER: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;
    const INCREMENT: u128 = 0x5851_f42d_4c95_7f2d_1405_7b7e_f767_814f;
    const CHEAP: u64 = 0xda94_2042_e4dd_58b5;
    let mut state = u128::from(high) << 64 | u128::from(low);
    fill(out, || {
        state = state.wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT);
        let (mut high, low) = ((state >> 64) as u64, state as u64);
        high = (high ^ high >> 32).wrapping_mul(CHEAP);
        (high ^ high >> 48).wrapping_mul(low | 1)
    });
}

/// Go's ChaCha8: the words of four blocks in turn, to whose key alone the input is added.
pub(super) fn go_chacha8(k: u64, out: &mut [u64]) {
    let key = [k as u32, (k >> 32) as u32, 0, 0, 0, 0, 0, 0];
    const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];
    for (group, words) in out.chunks_mut(32).enumerate() {
        let blocks: [[u32; 16]; 4] = std::array::from_fn(|at| {
            let row = [(4 * group + at) as u32, 0, 0, 0];
            let mut block = chacha_block::<4>(&key, row);
            for word in 0..4 {
                block[word] = block[word].wrapping_sub(CONSTANTS[word]);
                block[12 + word] = block[12 + word].wrapping_sub(row[word]);
            }
            block
        });
        for (at, word) in words.iter_mut().enumerate() {
            let (row, pair) = (at / 2, 2 * (at % 2));
            *word = u64::from(blocks[pair + 1][row]) << 32 | u64::from(blocks[pair][row]);
        }
    }
}

/// x ← a · x mod m; a state of 0 becomes 1.
fn lehmer(multiplier: u64, modulus: u64, k: u64) -> impl FnMut() -> u64 {
    let mut state = (k % modulus).max(1);
    move || {
        state = state * multiplier % modulus;
        state
    }
}

pub(super) fn minstd(multiplier: u64, k: u64, out: &mut [u64]) {
    fill(out, lehmer(multiplier, Minstd::MODULUS.into(), k));
}

/// `std::knuth_b`: outputs of `minstd_rand0` shuffled in a table of 256 (Bays and Durham).
pub(super) fn knuth_b(k: u64, out: &mut [u64]) {
    let modulus = u64::from(Minstd::MODULUS);
    let mut base = lehmer(16_807, modulus, k);
    let mut table: [u64; 256] = std::array::from_fn(|_| base());
    let mut last = base();
    fill(out, || {
        let at = (256 * (last - 1) / (modulus - 1)) as usize;
        last = std::mem::replace(&mut table[at], base());
        last
    });
}

/// Subtraction with borrow (Marsaglia and Zaman) of words of so many bits at two lags, of which from every
/// block only the first few are handed out (Lüscher).
fn ranlux<const LONG: usize>(
    bits: u32,
    short: usize,
    block: usize,
    used: usize,
    k: u64,
    out: &mut [u64],
) {
    const DEFAULT: u64 = 19_780_503;
    let seed = if k == 0 { DEFAULT } else { k };
    let mut seeds = lehmer(40_014, 2_147_483_563, seed);
    let mask = (1 << bits) - 1;
    let mut state: [u64; LONG] = std::array::from_fn(|_| {
        let low = seeds();
        let high = if bits > 32 { seeds() } else { 0 };
        low.wrapping_add(high << 32) & mask
    });
    let mut borrow = u64::from(state[LONG - 1] == 0);
    let mut at = 0;
    let mut next = || {
        let difference = state[(at + LONG - short) % LONG]
            .wrapping_sub(state[at])
            .wrapping_sub(borrow);
        borrow = difference >> 63;
        state[at] = difference & mask;
        at = (at + 1) % LONG;
        state[(at + LONG - 1) % LONG]
    };
    let mut given = 0;
    fill(out, || {
        if given == used {
            (used..block).for_each(|_| {
                next();
            });
            given = 0;
        }
        given += 1;
        next()
    });
}

pub(super) fn ranlux24_base(k: u64, out: &mut [u64]) {
    ranlux::<24>(24, 10, 1, 1, k, out);
}

pub(super) fn ranlux48_base(k: u64, out: &mut [u64]) {
    ranlux::<12>(48, 5, 1, 1, k, out);
}

pub(super) fn ranlux24(k: u64, out: &mut [u64]) {
    ranlux::<24>(24, 10, 223, 23, k, out);
}

pub(super) fn ranlux48(k: u64, out: &mut [u64]) {
    ranlux::<12>(48, 5, 389, 11, k, out);
}

/// JAX: counters encrypted by Threefry 2x32, both halves of the cipher text xored.
pub(super) fn jax(k: u64, out: &mut [u64]) {
    let key = [(k >> 32) as u32, k as u32];
    let mut counter = 0;
    fill(out, || {
        let [a, b] = threefry_2x32(key, [0, counter]);
        counter += 1;
        (a ^ b).into()
    });
}

/// Threefry 2x32 with twenty rounds (J. K. Salmon et al., SC11).
fn threefry_2x32(key: [u32; 2], [mut a, mut b]: [u32; 2]) -> [u32; 2] {
    const ROTATIONS: [[u32; 4]; 2] = [[13, 15, 26, 6], [17, 29, 16, 24]];
    let keys = [key[0], key[1], key[0] ^ key[1] ^ 0x1bd1_1bda];
    a = a.wrapping_add(keys[0]);
    b = b.wrapping_add(keys[1]);
    for group in 0..5 {
        for rotation in ROTATIONS[group % 2] {
            a = a.wrapping_add(b);
            b = b.rotate_left(rotation) ^ a;
        }
        a = a.wrapping_add(keys[(group + 1) % 3]);
        b = b
            .wrapping_add(keys[(group + 2) % 3])
            .wrapping_add(group as u32 + 1);
    }
    [a, b]
}

/// Knuth's subtractive generator as .NET has it, of the Framework and since: the other one behind `System.Random`,
/// xoshiro256**, takes no seed from a program.
pub(super) fn dotnet(k: u64, out: &mut [u64]) {
    const LENGTH: usize = 55;
    let below = |difference: i32| match difference < 0 {
        true => difference.wrapping_add(i32::MAX),
        false => difference,
    };
    let mut state = [0i32; LENGTH + 1];
    let mut last = 161_803_398i32.wrapping_sub((k as i32).saturating_abs());
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
    let (mut first, mut second) = (0, 21);
    let on = |at: usize| if at == LENGTH { 1 } else { at + 1 };
    fill(out, || {
        (first, second) = (on(first), on(second));
        let difference = state[first].wrapping_sub(state[second]);
        let output = match difference == i32::MAX {
            true => difference - 1,
            false => below(difference),
        };
        state[first] = output;
        u64::from(output.cast_unsigned())
    });
}

/// R scrambles the seed by fifty steps of an LCG, whose further outputs are the state of a Mersenne Twister
/// (all but the first, which stands for the place in it).
pub(super) fn r(seed: u64, out: &mut [u64]) {
    let step = |x: u32| x.wrapping_mul(69_069).wrapping_add(1);
    let mut x = (0..51).fold(seed as u32, |x, _| step(x));
    let mut key = [0; mt19937::LENGTH];
    for element in &mut key[..mt19937::OFFSET + out.len()] {
        x = step(x);
        *element = x;
    }
    for (i, output) in out.iter_mut().enumerate() {
        *output =
            mt19937::temper(key[mt19937::OFFSET + i] ^ mt19937::mix(key[i], key[i + 1])).into();
    }
}

/// Three steps of one generator of 32 bits make an output of 31.
pub(super) fn rand_r(k: u64, out: &mut [u64]) {
    let mut state = k as u32;
    fill(out, || {
        [2048, 1024, 1024].into_iter().fold(0, |output, range| {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            output << 10 ^ u64::from((state >> 16) % range)
        })
    });
}

/// bash 5.1 and later: `minstd_rand0`'s words folded to 15 bits; one that equals the number before it is passed over.
pub(super) fn bash(k: u64, out: &mut [u64]) {
    let mut state = match k as u32 {
        0 => 123_459_876,
        seed => seed,
    };
    let mut last = 0;
    fill(out, || {
        loop {
            // Schrage's division, in 32 bits as bash computes it.
            let (high, low) = (state / 127_773, state % 127_773);
            let product = (16_807 * low).wrapping_sub(2_836 * high).cast_signed();
            let positive = if product < 0 {
                product.wrapping_add(i32::MAX)
            } else {
                product
            };
            state = positive.cast_unsigned();
            let number = u64::from((state >> 16 ^ state) & 0x7fff);
            if number != last {
                last = number;
                return number;
            }
        }
    });
}

/// xoshiro256** with the seed as a quarter of its state, after sixteen outputs.
pub(super) fn lua(seed: u64, out: &mut [u64]) {
    let mut state = [0; 32];
    state[..8].copy_from_slice(&seed.to_le_bytes());
    state[8] = 0xff;
    let mut generator = rand_xoshiro::Xoshiro256StarStar::from_seed(state);
    for _ in 0..16 {
        generator.next_u64();
    }
    words(generator, out);
}
