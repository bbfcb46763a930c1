//! Every bit position of every pair of streams, apart.

use rayon::prelude::*;

use super::{
    agreement::{FOLLOWED, LONGEST, again, agreement},
    all_pairs::Planes,
    limits::LOOKED_AT,
    places::Spot,
    views::Frame,
};
use crate::{kernels::pairs::differing_at, results::FarPairs};

/// Steps spent at most on bits taken apart (one compares 64 words in one bit), and on products of weights: more find relations of single
/// bits in longer streams.
pub(super) const BUDGET_APART: u64 = 1 << 28;
/// Steps that a pair costs beside its words, with every bit: all bits of more than about 700 streams are not
/// taken apart.
const SLICE_COST: u64 = 16;
/// The same with the top and lowest bits alone.
const LONGER_COST: u64 = 4;

/// Every bit position apart: of as many words as can be held turned, and the top and the lowest bit
/// of many more.
///
/// In the control the worst of these places stands for all: a generator modulo 2^k repeats ever later
/// from its lowest bit up, so that *which* bits of which pair happen to coincide is chance.
pub(super) fn slices(frame: &Frame<'_>, width: u32, pairs: u64) -> Vec<Spot> {
    let held = LOOKED_AT / frame.streams();
    let words = affordable_apart(frame, pairs, width.into(), SLICE_COST).min(held);
    let longer = affordable_apart(frame, pairs, 2, LONGER_COST);
    let mut spots = Vec::new();
    let mut slice = |words: usize, keep: usize, planes: &Planes, bits: &[u32], what: &str| {
        let places = pairs as f64 * bits.len() as f64;
        let standing = FarPairs::new(bits.len(), words as u64);
        let most = planes.furthest(
            |plane, a, b, differing| {
                if frame.still_aligned(a, b) {
                    return None;
                }
                let distance = (2 * differing).abs_diff(words as u64);
                standing.see(plane, distance);
                Some(distance)
            },
            keep,
        );
        let worst = most.first().expect("the caller found a pair to compare");
        let reach = standing.in_bits(pairs, worst.plane, bits, width);
        let detail = format!(
            "equal bit {}, {reach}, {what} compared, first {words} words",
            bits[worst.plane],
        );
        let spot = agreement(frame, worst, words as u64, places, detail);
        spots.push(spot.kin("slices").reaching(reach));
        most
    };
    let most = if words > 0 {
        let every: Vec<u32> = (0..width).collect();
        let followed = if words < frame.words() { FOLLOWED } else { 1 };
        let planes = Planes::all(frame, words, width);
        slice(words, followed, &planes, &every, "every bit")
    } else {
        Vec::new()
    };
    if longer > words {
        let lowest = 64 - width;
        let planes = Planes::of(frame, longer, |word| {
            [word >> 63 != 0, word >> lowest & 1 != 0]
        });
        slice(
            longer,
            1,
            &planes,
            &[width - 1, 0],
            "the top and lowest bit",
        );
    }
    if (1..frame.words()).contains(&words) {
        let rest = (frame.words() - words) as u64;
        let worst = most
            .par_iter()
            .map(|first| {
                let (a, b) = (&frame.row(first.a)[words..], &frame.row(first.b)[words..]);
                again(
                    first,
                    differing_at(a, b, 64 - width + first.plane as u32),
                    rest,
                )
            })
            .max()
            .expect("at least the worst pair was followed");
        let detail = format!(
            "equal bit {} in the other {rest} words, of the {} that stood out in the first {words}",
            worst.plane,
            most.len()
        );
        spots.push(agreement(frame, &worst, rest, most.len() as f64, detail).kin("slices"));
    }
    spots
}

/// How many words every pair is compared over in each of some bits, where a pair costs so many steps
/// beside its words.
fn affordable_apart(frame: &Frame<'_>, pairs: u64, bits: u64, cost: u64) -> usize {
    let steps = (BUDGET_APART / (pairs * bits)).saturating_sub(cost);
    frame.words().min((64 * steps).min(LONGEST) as usize)
}
