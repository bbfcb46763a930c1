//! The Mersenne Twister of `random`, numpy and torch: the words that a state gives, without moving it.
//!
//! Source: Matsumoto and Nishimura 1998, Mersenne Twister: a 623-dimensionally equidistributed uniform
//! pseudo-random number generator.

/// Words of a state.
pub const KEY: usize = 624;
const SHIFT: usize = 397;

/// The next `count` words of 64 bits from a state of which `used` words have been given out; of two draws
/// of 32 bits the first is the low half.
pub fn words(key: &[u32; KEY], used: usize, count: usize) -> Vec<u64> {
    let mut key = *key;
    let mut at = used.min(KEY);
    let mut next = || {
        if at >= KEY {
            twist(&mut key);
            at = 0;
        }
        let word = temper(key[at]);
        at += 1;
        u64::from(word)
    };
    (0..count)
        .map(|_| {
            let low = next();
            low | next() << 32
        })
        .collect()
}

fn twist(key: &mut [u32; KEY]) {
    for i in 0..KEY {
        let y = key[i] & 0x8000_0000 | key[(i + 1) % KEY] & 0x7fff_ffff;
        let odd = if y & 1 == 1 { 0x9908_b0df } else { 0 };
        key[i] = key[(i + SHIFT) % KEY] ^ y >> 1 ^ odd;
    }
}

const fn temper(mut y: u32) -> u32 {
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c_5680;
    y ^= y << 15 & 0xefc6_0000;
    y ^ y >> 18
}
