//! Points of a digital net: each stream by itself is spread more evenly than draws are.

use super::recast::{looked_at, median};
use crate::core::Evidence;

/// Dimensions of a point that are written one after another, at most.
const DIMENSIONS: usize = 8;
/// Words of a stream that show it.
const WORDS: usize = 512;
/// Bits of a word at least: narrow ones add up to 0 by chance.
const WIDTH: u32 = 16;
/// The share of places at which four points in a row add up to 0; in a net it is a half.
const SHARE: f64 = 0.3;
/// Neighbouring points of a net are on different sides of the range, those of a counter are near.
const FAR: u64 = 1 << 56;

/// The share of places, in most streams, at which the bits of four points in a row add up to 0, and how
/// many words apart the points are; `None` where that is seldom.
///
/// A Sobol' sequence, scrambled or not, steps by the xor of one direction number after every second
/// point. I. M. Sobol', USSR Comput. Math. Math. Phys. 7 (1967), doi:10.1016/0041-5553(67)90144-9.
pub(crate) fn of(evidence: &Evidence) -> Option<(usize, f64)> {
    if evidence.format().uniform_width()? < WIDTH {
        return None;
    }
    let streams = looked_at(evidence);
    (1..=DIMENSIONS).find_map(|apart| {
        let (share, _) = median(&streams, |words| adds_up(words, apart))?;
        (share >= SHARE).then_some((apart, share))
    })
}

fn adds_up(words: &[u64], apart: usize) -> f64 {
    let words = &words[..words.len().min(WORDS)];
    let places = words.len().saturating_sub(3 * apart);
    let of_net = |&at: &usize| {
        let [a, b, c, d] = [0, 1, 2, 3].map(|point| words[at + point * apart]);
        a ^ b ^ c ^ d == 0 && a ^ b >= FAR && a != c && a != d
    };
    (0..places).filter(of_net).count() as f64 / places.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::Format,
        statistics::samples::{evidence, lcg64, ragged, seed, size, sound, splitmix},
    };

    fn found(
        width: u32,
        stream: impl Fn(u64, &mut dyn FnMut() -> u64) -> Vec<u64>,
    ) -> Option<usize> {
        let streams: Vec<Vec<u64>> = (0..6)
            .map(|task| stream(u64::from(task), &mut splitmix(seed(31, 0, task))))
            .collect();
        of(&ragged(&streams, Format::Bits { width })).map(|(apart, _)| apart)
    }

    #[test]
    fn nets_are_told_from_draws_and_counters() {
        // The first dimension of Sobol's sequence, in two orders and with a shift of each stream's own.
        let shifted = |_, draw: &mut dyn FnMut() -> u64| {
            let shift = draw() & !0x3ff;
            (0..1024_u64).map(|i| i.reverse_bits() ^ shift).collect()
        };
        assert_eq!(found(54, shifted), Some(1));
        let gray = |_, draw: &mut dyn FnMut() -> u64| {
            let shift = draw() & !0x3ff;
            (0..1024_u64)
                .map(|i| (i ^ i >> 1).reverse_bits() ^ shift)
                .collect()
        };
        assert_eq!(found(54, gray), Some(1));
        let of_three = |_, draw: &mut dyn FnMut() -> u64| {
            let shifts = [draw(), draw(), draw()];
            let point = |i: u64| shifts.map(|shift| i.reverse_bits() ^ shift);
            (0..400_u64).flat_map(point).collect()
        };
        assert_eq!(found(64, of_three), Some(3));
        let counter =
            |task: u64, _: &mut dyn FnMut() -> u64| (0..1024).map(|i| i ^ task << 40).collect();
        assert_eq!(found(64, counter), None);
        let pair_again = |_, draw: &mut dyn FnMut() -> u64| {
            let pair = [draw(), draw()];
            (0..1024).map(|i| pair[i % 2]).collect()
        };
        assert_eq!(found(64, pair_again), None);
        for width in [64, 32, 16] {
            let of_width = crate::statistics::samples::Size {
                width,
                ..size(1, 8, 4096)
            };
            assert_eq!(of(&evidence(of_width, sound(5))), None);
            let weak = evidence(of_width, |run, task| lcg64(seed(6, run, task)));
            assert_eq!(of(&weak), None);
        }
    }
}
