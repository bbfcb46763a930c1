//! A 128-bit hash of a stream's words in their order, as they come.

/// Two sets of four chains, so that multiplications overlap; every word enters one chain of each set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fingerprint {
    chains: [u64; 8],
    words: u64,
}

/// Fractional digits of π, 64 bits at a time.
const SEEDS: [u64; 8] = [
    0x243f_6a88_85a3_08d3,
    0x1319_8a2e_0370_7344,
    0xa409_3822_299f_31d0,
    0x082e_fa98_ec4e_6c89,
    0x4528_21e6_38d0_1377,
    0xbe54_66cf_34e9_0c6c,
    0xc0ac_29b7_c97c_50dd,
    0x3f84_d5b5_b547_0917,
];

/// The next of them, made odd.
const ODD: [u64; 2] = [0x9216_d5d9_8979_fb1b, 0xd131_0ba6_98df_b5ac | 1];

fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product >> 64) as u64 ^ product as u64
}

impl Fingerprint {
    /// Words enter in blocks of so many: pieces of a stream must be multiples of it, but the last.
    pub(super) const BLOCK: usize = 4;

    /// That of no words.
    pub(super) const EMPTY: Self = Self {
        chains: SEEDS,
        words: 0,
    };

    /// That of a stream in memory.
    pub(super) fn of(words: &[u64]) -> u128 {
        let mut print = Self::EMPTY;
        print.absorb(words);
        print.value()
    }

    /// Takes in the next words of the stream.
    pub(super) fn absorb(&mut self, words: &[u64]) {
        debug_assert!(
            self.words.is_multiple_of(Self::BLOCK as u64),
            "only the last piece may be no multiple of a block"
        );
        let mut chains = self.chains;
        let mut absorb = |lane: usize, word: u64| {
            chains[lane] = fold(chains[lane] ^ word, ODD[0]).wrapping_add(word);
            chains[lane + 4] = fold(chains[lane + 4] ^ word.rotate_left(32), ODD[1]) ^ word;
        };
        let (blocks, rest) = words.as_chunks::<{ Self::BLOCK }>();
        for &[a, b, c, d] in blocks {
            // Lanes by name, so that the chains stay in registers.
            absorb(0, a);
            absorb(1, b);
            absorb(2, c);
            absorb(3, d);
        }
        for (lane, &word) in rest.iter().enumerate() {
            absorb(lane, word);
        }
        self.chains = chains;
        self.words += words.len() as u64;
    }

    /// The hash of what was taken in.
    pub(super) fn value(&self) -> u128 {
        let close = |lanes: &[u64]| {
            lanes.iter().fold(self.words, |sum, &lane| {
                fold(sum.rotate_left(29) ^ lane, ODD[0]).wrapping_add(lane)
            })
        };
        u128::from(close(&self.chains[..4])) << 64 | u128::from(close(&self.chains[4..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_add_up_to_the_whole_and_every_word_counts() {
        let words: Vec<u64> = (0..103).map(|i| i * i).collect();
        let whole = Fingerprint::of(&words);
        for at in [0, 4, 40, 100] {
            let mut print = Fingerprint::EMPTY;
            print.absorb(&words[..at]);
            print.absorb(&words[at..]);
            assert_eq!(print.value(), whole);
        }
        for i in 0..words.len() {
            let mut other = words.clone();
            other[i] ^= 1 << 17;
            assert_ne!(Fingerprint::of(&other), whole);
        }
        assert_ne!(Fingerprint::of(&[0; 3]), Fingerprint::of(&[0; 4]));
    }
}
