//! `std::seed_seq` of C++ over root and task, as `std::mt19937_64(seed_seq)` takes it.

use super::{
    Entry, Fact, Scope, SeedSpace, Spec,
    entry::{PURE, everywhere, per_task},
};
use crate::generators::Mt19937x64;

/// Words of 64 bits that the generator's state has.
const STATE: usize = 312;

/// What `std::mt19937_64` is when it is seeded by a `std::seed_seq` of root and task.
pub static MT19937_64: Entry = Entry {
    spec: &Spec {
        id: "seed-seq/mt19937-64",
        scope: Scope::Task,
        summary: "C++'s `std::mt19937_64` seeded by a `std::seed_seq` of 128 bits of root and the task",
        formula: "state = seed_seq{root: 4 words, index: 2 words}.generate(624 words)",
        reads: &[Fact::RootLow(128), Fact::TaskIndex],
        fails: "No failure known. Each step of seed_seq can be undone where more words are asked for \
                than given, so that different inputs of one length never give the same 624 words.",
        reference: "ISO/IEC 14882:2017, 29.6.7.1 [rand.util.seedseq]; M. E. O'Neill, *C++ seeding \
                    surprises* (2015), for what it does where fewer words are asked for",
        promises: &everywhere(PURE),
        seed_space: SeedSpace::Counter {
            root_bits: 128.0,
            index_bits: 64.0,
        },
        claims: &[],
    },
    prepare: |root, _| {
        let [a, b, c, d, ..] = root.seed().words32();
        per_task(move |site| seeded(&[a, b, c, d, site.task.0, 0]))
    },
};

/// The generator that `std::seed_seq` makes of these words.
fn seeded(words: &[u32]) -> Mt19937x64 {
    let mut halves = [0; 2 * STATE];
    generate(words, &mut halves);
    let mut outputs: [u64; STATE] =
        std::array::from_fn(|i| u64::from(halves[2 * i]) | u64::from(halves[2 * i + 1]) << 32);
    // The crate takes the last 312 outputs and recovers the state from them.
    for word in &mut outputs {
        *word = temper(*word);
    }
    Mt19937x64(rand_mt::Mt64::from(outputs))
}

/// `std::seed_seq::generate`, step by step as the standard has it.
fn generate(given: &[u32], into: &mut [u32]) {
    let (n, s) = (into.len(), given.len());
    into.fill(0x8b8b_8b8b);
    let t = match n {
        623.. => 11,
        68.. => 7,
        39.. => 5,
        7.. => 3,
        _ => (n - 1) / 2,
    };
    let (p, m) = ((n - t) / 2, n.max(s + 1));
    let q = p + t;
    let folded = |word: u32| word ^ word >> 27;
    for k in 0..m {
        let around = into[k % n] ^ into[(k + p) % n] ^ into[(k + n - 1) % n];
        let first = folded(around).wrapping_mul(1_664_525);
        let plus = match k {
            0 => s as u32,
            k if k <= s => ((k % n) as u32).wrapping_add(given[k - 1]),
            k => (k % n) as u32,
        };
        let second = first.wrapping_add(plus);
        into[(k + p) % n] = into[(k + p) % n].wrapping_add(first);
        into[(k + q) % n] = into[(k + q) % n].wrapping_add(second);
        into[k % n] = second;
    }
    for k in m..m + n {
        let around = into[k % n]
            .wrapping_add(into[(k + p) % n])
            .wrapping_add(into[(k + n - 1) % n]);
        let third = folded(around).wrapping_mul(1_566_083_941);
        let fourth = third.wrapping_sub((k % n) as u32);
        into[(k + p) % n] ^= third;
        into[(k + q) % n] ^= fourth;
        into[k % n] = fourth;
    }
}

/// The output that the Mersenne Twister of 64 bits makes of a word of its state.
const fn temper(mut word: u64) -> u64 {
    word ^= (word >> 29) & 0x5555_5555_5555_5555;
    word ^= (word << 17) & 0x71d6_7fff_eda6_0000;
    word ^= (word << 37) & 0xfff7_eee0_0000_0000;
    word ^ word >> 43
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generators::BitStream;

    /// Printed by GCC 12's libstdc++ for `std::seed_seq{…}` and `std::mt19937_64(seed_seq)`.
    #[test]
    fn words_are_those_of_the_standard_library() {
        let mut eight = [0; 8];
        generate(&[1, 2, 3], &mut eight);
        assert_eq!(
            eight,
            [
                0xc33f_57f7,
                0xc84d_3765,
                0x94b2_9995,
                0x81ed_299a,
                0xb72d_5919,
                0xba8b_c946,
                0x613e_c571,
                0xcfd1_f5ff
            ]
        );
        let mut words = [0; 4];
        seeded(&[1, 2, 3, 4, 5, 0]).fill(&mut words);
        assert_eq!(
            words,
            [
                0x41b4_d2d4_d26c_86cc,
                0x864a_0766_2b72_c836,
                0x0079_0e6b_ff40_f60e,
                0x178d_2ab8_52a3_5774
            ]
        );
    }
}
