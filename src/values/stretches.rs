//! Runs of values that one stream shares with another: at any lag, backwards, or as an affine image.
//!
//! Every window of the least length that could tell enough is keyed; windows with one key are verified and
//! extended as far as they go. What a run tells is its [`information`]; of a run at equal places also no more
//! than the values at each place, dealt anew among the streams of the run, tell of these two. The union is
//! over pairs of places: 2·log2(values) bits, and two for the four ways to look.

use std::collections::HashSet;

use super::{
    ALL_BUT_FEW, common,
    information::{Information, information},
    numbers::{Numbers, Sequence, classes_of, groups_of},
    shared_windows::{Stretch, both_ways, join},
};
use crate::{kernels::KeyBuffer, reading::first_round};

/// Bits of the fraction of a ratio that are kept: two values in one proportion to the step before differ in no more
/// than a millionth part.
const RATIO_BITS: u32 = 20;
/// A value is the image of another where it differs by less than this part of the span of all.
const SAME: f64 = 1e-5;
/// Bits paid for looking at values and at ratios of steps, forwards and backwards.
const LOOKED: f64 = 2.0;
/// Runs that are measured, longest first.
const MEASURED: usize = 256;
/// Values of a run that are measured.
const LONGEST: usize = 1 << 12;

/// All runs that tell at least `least` bits if values are drawn one by one, most telling first.
pub(super) fn shared(numbers: &Numbers, rows: usize, least: f64) -> Vec<Stretch> {
    let own = Own::of(numbers);
    let paid = 2.0 * (own.total().max(1) as f64).log2() - 1.0 + LOOKED;
    // n different values tell n·log2 n bits, and n values tell no more.
    let Some(window) = (2..LONGEST).find(|&n| n as f64 * (n as f64).log2() >= least + paid) else {
        return Vec::new();
    };
    let mut found = own.joined(numbers, window);
    found.sort_by_key(|run| (std::cmp::Reverse(run.values), run.a, run.b));
    found.truncate(MEASURED);
    // Runs that one stretch shares with many streams follow one another, and tell the same.
    let mut last: Option<(Vec<u32>, bool, [Information; 2])> = None;
    for run in &mut found {
        let ids = measured(run, numbers);
        let known = last
            .take()
            .filter(|(of, affine, _)| (of, *affine) == (&ids, run.affine));
        let (.., [within_rows, alone]) = *last.insert(known.unwrap_or_else(|| {
            let both = [rows, 1].map(|rows| told(&ids, numbers, rows, run.affine));
            (ids, run.affine, both)
        }));
        let dealt = match !run.affine && in_place(run) {
            true => dealt(run, numbers),
            false => f64::INFINITY,
        };
        let scaled = match run.affine {
            // A scale and an offset were chosen.
            true => 4.0 * (run.values as f64).log2(),
            false => 0.0,
        };
        let bits = |told: Information, rows: usize| {
            let bits = told.bits.min(dealt / rows as f64) - scaled;
            (if bits.is_finite() { bits } else { 0.0 }) - paid
        };
        run.plain = bits(alone, 1);
        (run.proven, run.class) = (bits(within_rows, rows), within_rows.class);
    }
    found.retain(|run| run.plain >= least);
    found.sort_by(|x, y| y.proven.total_cmp(&x.proven));
    found
}

/// All runs of at least so many values, not measured.
pub(super) fn as_long_as(numbers: &Numbers, window: usize) -> Vec<Stretch> {
    Own::of(numbers).joined(numbers, window)
}

/// Streams that equal no earlier one, each up to where it begins to go round.
struct Own {
    streams: Vec<usize>,
    ends: Vec<usize>,
}

impl Own {
    fn of(numbers: &Numbers) -> Self {
        let ends: Vec<usize> = numbers
            .streams
            .iter()
            .map(|stream| first_round(&stream.ids))
            .collect();
        let rounds = numbers.streams.iter().zip(&ends);
        let classes = classes_of(rounds.map(|(stream, &end)| &stream.ids[..end]));
        let streams = (0..ends.len()).filter(|&at| classes[at] as usize == at);
        Self {
            streams: streams.collect(),
            ends,
        }
    }

    fn total(&self) -> usize {
        self.streams.iter().map(|&at| self.ends[at]).sum()
    }

    fn joined(&self, numbers: &Numbers, window: usize) -> Vec<Stretch> {
        let streams = || {
            let own = self.streams.iter();
            own.map(|&at| (at, &numbers.streams[at].ids[..self.ends[at]]))
        };
        let values = streams().flat_map(|(stream, ids)| {
            let keys: Vec<u64> = ids.iter().map(|&id| u64::from(id)).collect();
            both_ways(stream, keys.clone(), keys.into_iter().rev().collect(), 0)
        });
        let mut buffer = KeyBuffer::default();
        let mut found = join(&values.collect::<Vec<_>>(), window, false, &mut buffer);
        let ratios = streams().flat_map(|(stream, ids)| {
            let forward = numbers.numbers(ids);
            let backward: Vec<f64> = forward.iter().rev().copied().collect();
            both_ways(stream, ratios(&forward), ratios(&backward), 2)
        });
        let ratios: Vec<_> = ratios.collect();
        let images = join(&ratios, window.max(3), true, &mut buffer);
        let known: HashSet<(usize, usize)> = found.iter().map(|run| (run.a.0, run.b.0)).collect();
        found.extend(
            images
                .into_iter()
                .filter(|run| !known.contains(&(run.a.0, run.b.0)) && is_image(run, numbers)),
        );
        found
    }
}

/// Whether one map leads from every value of a run to that of the other: keys are only where to look.
fn is_image(run: &Stretch, numbers: &Numbers) -> bool {
    let values = |(stream, from): (usize, usize), length: usize| {
        numbers.numbers(&numbers.streams[stream].ids[from..from + length])
    };
    let x = values(run.a, run.values);
    let y = match run.reversed {
        true => {
            let mut backwards = values((run.b.0, run.b.1 + 1 - run.values), run.values);
            backwards.reverse();
            backwards
        }
        false => values(run.b, run.values),
    };
    let by_value = |i: &usize, j: &usize| x[*i].total_cmp(&x[*j]);
    let ends = (0..x.len())
        .min_by(by_value)
        .zip((0..x.len()).max_by(by_value));
    let Some((least, most)) = ends.filter(|(least, most)| x[*least] < x[*most]) else {
        return false;
    };
    let scale = (y[most] - y[least]) / (x[most] - x[least]);
    let close = SAME * (y[most] - y[least]).abs();
    x.iter()
        .zip(&y)
        .all(|(a, b)| (b - y[least] - scale * (a - x[least])).abs() <= close)
}

/// What is the same for all affine images: each step in proportion to the last one that led anywhere. Where
/// values are held steps lead nowhere, and two streams that are held alike are no images for that.
fn ratios(numbers: &[f64]) -> Vec<u64> {
    let mut last = 0.0;
    let ratio = |three: &[f64]| {
        let (before, after) = (three[1] - three[0], three[2] - three[1]);
        if before != 0.0 {
            last = before;
        }
        let ratio = after / last;
        if last == 0.0 || !ratio.is_finite() {
            return u64::MAX - u64::from(after == 0.0);
        }
        // Rounded in proportion to its size, with its sign.
        let dropped = f64::MANTISSA_DIGITS - 1 - RATIO_BITS;
        (ratio.to_bits() + (1 << (dropped - 1))) >> dropped
    };
    numbers.windows(3).map(ratio).collect()
}

/// The values of a run that are measured.
fn measured(run: &Stretch, numbers: &Numbers) -> Vec<u32> {
    let (stream, from) = run.a;
    let ids = &numbers.streams[stream].ids;
    let count = run.values.min(LONGEST);
    // What is told to all streams tells nothing of these two.
    match in_place(run) {
        true => common::own_places(numbers, &runs_of(run, numbers), from, count)
            .map(|place| ids[place])
            .collect(),
        false => ids[from..from + count].to_vec(),
    }
}

/// What these values tell, or their image; what was found equal is no more than what was compared.
fn told(ids: &[u32], numbers: &Numbers, rows: usize, affine: bool) -> Information {
    let values = numbers.numbers(ids);
    let mut found = information(ids, &values, rows);
    if affine {
        let (ids, values) = as_compared(&values);
        found.bits = found.bits.min(information(&ids, &values, rows).bits);
    }
    found
}

/// Values as far as [`is_image`] tells them apart.
fn as_compared(values: &[f64]) -> (Vec<u32>, Vec<f64>) {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let step = ((most - least) * SAME).max(f64::MIN_POSITIVE);
    let rounded = values.iter().map(|x| ((x - least) / step).round());
    (
        rounded.clone().map(|x| x as u32).collect(),
        rounded.collect(),
    )
}

/// The runs of the program that the two belong to.
fn runs_of(run: &Stretch, numbers: &Numbers) -> [u32; 2] {
    [run.a.0, run.b.0].map(|at| numbers.streams[at].run)
}

/// Whether the two have it at the same places of one run of the program.
pub(super) const fn in_place(run: &Stretch) -> bool {
    run.a.1 == run.b.1 && !run.reversed
}

/// Whether a run at equal places is one that nearly every stream of its runs shares with some other stream.
pub(super) fn is_input(run: &Stretch, numbers: &Numbers) -> bool {
    if !in_place(run) {
        return false;
    }
    let of = runs_of(run, numbers);
    let piece = |stream: &Sequence| {
        let there = stream.ids.get(run.a.1..run.a.1 + run.values);
        there.map(<[u32]>::to_vec)
    };
    let there = numbers
        .streams
        .iter()
        .filter(|stream| of.contains(&stream.run));
    let classes = classes_of(there.map(piece));
    let taking: usize = groups_of(&classes).iter().map(Vec::len).sum();
    taking as f64 >= ALL_BUT_FEW * classes.len() as f64
}

/// What the values at each place tell of these two, dealt anew among the streams of their runs.
fn dealt(run: &Stretch, numbers: &Numbers) -> f64 {
    let runs = runs_of(run, numbers);
    let there: Vec<&[u32]> = numbers
        .streams
        .iter()
        .filter(|stream| runs.contains(&stream.run))
        .map(|stream| &stream.ids[..])
        .collect();
    let end = run.values.min(LONGEST);
    (run.a.1..run.a.1 + end)
        .map(|place| {
            let mut values: Vec<u32> = there
                .iter()
                .filter_map(|ids| ids.get(place).copied())
                .collect();
            let all = values.len() as f64;
            values.sort_unstable();
            let same = values.chunk_by(|a, b| a == b).map(|same| same.len() as f64);
            let alike: f64 = same.map(|m| m * (m - 1.0)).sum();
            (all * (all - 1.0) / alike.max(1.0)).log2().max(0.0)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values that are held three times step alike nowhere but where they do not step.
    #[test]
    fn values_held_alike_are_no_images() {
        let held = |of: [f64; 6]| of.map(|x| [x; 3]).concat();
        let (x, y) = (
            held([0.3, 1.7, -0.2, 0.9, 0.95, 2.0]),
            held([0.1, 0.4, 0.2, -0.7, 0.3, 1.1]),
        );
        let alike = |y: &[f64]| {
            let (a, b) = (ratios(&x), ratios(y));
            let moving = (0..a.len()).filter(|&at| x[at + 2] != x[at + 1]);
            // The first step has none before it.
            moving.skip(1).filter(|&at| a[at] == b[at]).count()
        };
        assert_eq!(alike(&y), 0);
        let image: Vec<f64> = x.iter().map(|x| 5.0 - 3.0 * x).collect();
        assert_eq!(alike(&image), 4);
    }

    #[test]
    fn affine_images_step_in_one_proportion() {
        let x = [0.3, 1.7, -0.2, 0.9, 0.95];
        let image: Vec<f64> = x.iter().map(|x| 5.0 - 3.0 * x).collect();
        let same = ratios(&x)
            .iter()
            .zip(ratios(&image))
            .filter(|(a, b)| **a == *b)
            .count();
        assert_eq!(same, 3);
    }
}
