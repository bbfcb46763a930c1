//! Two streams that meet in their lowest bits and nowhere else.

/// So many low bits in common are no chance meeting any more.
const MOST: u32 = 28;

/// Whether the words of two streams agree (or are opposite) throughout in their lowest bits, but in
/// fewer than 28 of them, and not in their top bit.
///
/// The lowest k bits of a generator modulo 2^n are a generator of only 2^k states, and two soundly
/// seeded streams whose states agree there agree there for good: of 256 streams of Java's `Random`,
/// which shows all but the lowest 16 bits of its state, some two do in one run of four. Nothing in
/// other words of the same streams would show how likely that was, so it is not charged to seeding.
/// Words of 64 bits are then made of two outputs, and the lowest bits of both agree; a generator that
/// shows its lowest bits too repeats itself in them, as its control shows.
/// Streams that share half of their words are found by the joins.
///
/// A. De Matteis, S. Pagnutti, Parallelization of random number generators and long-range
/// correlations, Numer. Math. 53 (1988), doi:10.1007/BF01397554.
pub(super) fn meet_in_low_bits(a: &[u64], b: &[u64], width: u32) -> bool {
    let (mut ever, mut always) = (0, u64::MAX);
    for (&x, &y) in a.iter().zip(b) {
        ever |= x ^ y;
        always &= x ^ y;
    }
    // Bits in which the two are equal, or opposite, in every word.
    let constant = !ever | always;
    let lowest = 64 - width;
    let halves = if width == 64 { &[0, 32][..] } else { &[lowest] };
    constant >> 63 == 0
        && halves.iter().all(|&from| {
            let run = (constant >> from).trailing_ones();
            (1..MOST).contains(&run)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::battery::samples::splitmix;

    #[test]
    fn only_few_low_bits_count() {
        let (mut one, mut other) = (splitmix(1), splitmix(2));
        let a: Vec<u64> = (0..200).map(|_| one()).collect();
        let b: Vec<u64> = (0..200).map(|_| other()).collect();
        let sharing = |mask: u64| -> Vec<u64> {
            a.iter()
                .zip(&b)
                .map(|(a, b)| a & mask | b & !mask)
                .collect()
        };
        assert!(!meet_in_low_bits(&a, &b, 64));
        assert!(meet_in_low_bits(&a, &sharing(0b111 | 1 << 32), 64));
        assert!(!meet_in_low_bits(&a, &sharing(0b111), 64));
        let met = sharing(0b111 | 0b111 << 32);
        let opposite: Vec<u64> = met.iter().map(|word| word ^ 0b100).collect();
        assert!(meet_in_low_bits(&a, &opposite, 64));
        assert!(!meet_in_low_bits(&a, &sharing(1 << 63), 64));
        assert!(!meet_in_low_bits(&a, &sharing(1 << 63 | 1), 64));
        assert!(
            !meet_in_low_bits(&a, &sharing(0xffff_ffff), 64),
            "half a word"
        );
        assert!(!meet_in_low_bits(&a, &sharing(0b111 << 20), 64));
        assert!(meet_in_low_bits(&a, &sharing(1 << 40), 24));
    }
}
