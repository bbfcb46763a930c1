//! Families without the few tuples that stand out most: what many show, no chance meeting of a few makes.

use rayon::prelude::*;

use super::{
    combine::{Counts, Read, cells_tails, field_bits, furthest_bit, heads},
    distinct::distinct,
    places::Spot,
};
use crate::math::chi_square_statistic;

/// Places of a family: a bit, the top and the lowest bits as fields, repeats.
const PLACES: usize = 4;
/// Cells from which on a χ² may be too even as well: with fewer, small ones are chance.
const TWO_SIDED: usize = 64;

impl Read<'_> {
    /// The places of a family, each without the tuples that are the most uneven at it by themselves. What
    /// those count is taken from what all count, so that the whole is read twice, whatever is left out.
    pub(super) fn spots_without(&self, tuples: &[[u32; 4]], worst: usize) -> Vec<Spot> {
        let Some(rest) = tuples.len().checked_sub(worst).filter(|&rest| rest > 0) else {
            return Vec::new();
        };
        let total = (self.words * rest) as u64;
        let alone_field = field_bits(self.words as u64, self.width);
        let (Some(alone_field), Some(field)) = (alone_field, field_bits(total, self.width)) else {
            return Vec::new();
        };
        let counts = |field: u32, tuples: &[[u32; 4]]| {
            let (op, width) = (self.family.op, self.width);
            Counts::of(self.frame, op, (field, width), self.words, tuples)
        };
        let alone: Vec<[f64; PLACES]> = tuples
            .par_iter()
            .map(|tuple| {
                let tuple = std::slice::from_ref(tuple);
                self.evenness(&counts(alone_field, tuple), tuple)
            })
            .collect();
        let all = counts(field, tuples);
        let spot = |place: usize| {
            let mut order: Vec<usize> = (0..tuples.len()).collect();
            order.sort_by(|&a, &b| alone[a][place].total_cmp(&alone[b][place]));
            let ordered: Vec<[u32; 4]> = order.iter().map(|&at| tuples[at]).collect();
            let (left_out, kept) = ordered.split_at(worst);
            if place == PLACES - 1 {
                return self.repeats(kept);
            }
            let mut counted = all.clone();
            counted.without(&counts(field, left_out));
            match place {
                0 => self.bits(&counted, total),
                1 => self.cells("top", &counted.top),
                _ => self.cells("lowest", &counted.low),
            }
        };
        (0..PLACES).map(spot).collect()
    }

    /// What orders tuples by how uneven each place is, most uneven first. All have as many words, so that
    /// statistics order as their tails do where only one tail counts.
    fn evenness(&self, counts: &Counts, tuple: &[[u32; 4]]) -> [f64; PLACES] {
        let (_, distance) = furthest_bit(&counts.ones, self.words as u64, self.width);
        let cells = |counts: &[u64]| {
            let x = chi_square_statistic(counts);
            match counts.len() < TWO_SIDED {
                true => -x,
                false => cells_tails(x, counts.len()).ln_two_sided(),
            }
        };
        let head = heads(self.frame, self.family.op, self.words, tuple);
        [
            -(distance as f64),
            cells(&counts.top),
            cells(&counts.low),
            distinct(&head) as f64,
        ]
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        results::View,
        statistics::{
            combine::{Family, Op, spots},
            samples::{evidence, size, sound},
            views::Frame,
        },
    };

    /// Streams 7 and 21 have their top bytes from the streams before them.
    #[test]
    fn without_the_most_uneven_stays_what_the_others_show() {
        let source = evidence(size(1, 40, 700), |_, task| {
            let (mut own, mut before) = (sound(3)(0, task), sound(3)(0, task & !1));
            let top = if task == 7 || task == 21 {
                0xff << 56
            } else {
                0
            };
            move || own() & !top | before() & top
        });
        let frame = Frame::new(&source);
        let family = |pairs: &[u32]| Family {
            view: View::NeighbourXor,
            label: String::new(),
            op: Op::Xor,
            tuples: pairs
                .iter()
                .map(|pair| [2 * pair + 1, 2 * pair, 0, 0])
                .collect(),
            cap: 1 << 20,
        };
        let all: Vec<u32> = (0..20).collect();
        let others: Vec<u32> = all
            .iter()
            .copied()
            .filter(|&pair| pair != 3 && pair != 10)
            .collect();
        let left = spots(&frame.leaving_out(2), 64, &family(&all));
        let alone = spots(&frame, 64, &family(&others));
        let with_all = spots(&frame, 64, &family(&all));
        for place in 0..2 {
            let told = |spot: &crate::statistics::places::Spot| {
                (spot.detail.clone(), spot.statistic, spot.expected)
            };
            assert_eq!(told(&left[place]), told(&alone[place]));
            assert!(with_all[place].tails.ln_two_sided() < -50.0);
            assert!(left[place].tails.ln_two_sided() > -10.0);
        }
    }
}
