//! SHA-256 of a few bytes (FIPS 180-4): the one block that a seed fills.

/// The state that hashing begins with, and what the rounds add: the first 32 bits of the fractions of square
/// and cube roots of primes.
const START: [u32; 8] = roots::<8>(false);
const ROUNDS: [u32; 64] = roots::<64>(true);

/// The hash of at most 55 bytes.
///
/// # Panics
/// When there are more.
pub(super) fn of(bytes: &[u8]) -> [u8; 32] {
    assert!(
        bytes.len() <= 55,
        "one block holds 55 bytes and their count"
    );
    let mut block = [0; 64];
    block[..bytes.len()].copy_from_slice(bytes);
    block[bytes.len()] = 0x80;
    block[56..].copy_from_slice(&(8 * bytes.len() as u64).to_be_bytes());
    let mut words = [0u32; 64];
    for (word, digits) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = digits
            .iter()
            .fold(0, |word, &digit| word << 8 | u32::from(digit));
    }
    for at in 16..64 {
        let (a, b) = (words[at - 15], words[at - 2]);
        let first = a.rotate_right(7) ^ a.rotate_right(18) ^ a >> 3;
        let second = b.rotate_right(17) ^ b.rotate_right(19) ^ b >> 10;
        words[at] = words[at - 16]
            .wrapping_add(first)
            .wrapping_add(words[at - 7])
            .wrapping_add(second);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = START;
    for (word, round) in words.iter().zip(ROUNDS) {
        let choice = e & f ^ !e & g;
        let majority = a & b ^ a & c ^ b & c;
        let first = h
            .wrapping_add(e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25))
            .wrapping_add(choice)
            .wrapping_add(round)
            .wrapping_add(*word);
        let second =
            (a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22)).wrapping_add(majority);
        (h, g, f, e) = (g, f, e, d.wrapping_add(first));
        (d, c, b, a) = (c, b, a, first.wrapping_add(second));
    }
    let mut hash = [0; 32];
    let sums = START.iter().zip([a, b, c, d, e, f, g, h]);
    for (to, (start, end)) in hash.chunks_exact_mut(4).zip(sums) {
        to.copy_from_slice(&start.wrapping_add(end).to_be_bytes());
    }
    hash
}

/// The first 32 bits of the fractions of the roots of the first primes.
const fn roots<const COUNT: usize>(cube: bool) -> [u32; COUNT] {
    let mut roots = [0; COUNT];
    let (mut found, mut number) = (0, 2u128);
    while found < COUNT {
        let (mut prime, mut factor) = (true, 2);
        while factor * factor <= number {
            if number % factor == 0 {
                prime = false;
            }
            factor += 1;
        }
        if prime {
            // The largest whole root of the number times 2^64 or 2^96, bit by bit.
            let wanted = number << if cube { 96 } else { 64 };
            let (mut root, mut bit) = (0u128, 1 << 36);
            while bit > 0 {
                let tried = root | bit;
                let power = if cube {
                    tried * tried * tried
                } else {
                    tried * tried
                };
                if power <= wanted {
                    root = tried;
                }
                bit >>= 1;
            }
            roots[found] = root as u32;
            found += 1;
        }
        number += 1;
    }
    roots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_abc_is_that_of_the_standard() {
        // FIPS 180-2, appendix B.1.
        let hash: String = of(b"abc")
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let standard = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash, standard);
    }
}
