//! Pairs of streams that have more values in common at equal places than others have.

use rayon::prelude::*;

use super::{Rate, divergence_bits};
use crate::values::numbers::Numbers;

/// Work that is done at most, in pairs of values.
const WORK: usize = 400_000_000;
/// Lags at which a stream is compared with itself.
const LAGS: usize = 64;
/// Fewer places at which a stream is as it was so many before are no rule of its own.
const FEW: usize = 3;
/// A stream that meets itself more often than this may be a chain: then its steps are compared too.
const CHAIN: f64 = 0.05;
/// Values on a close grid that hang together more than this may be a chain as well.
const HANG_TOGETHER: f64 = 0.1;
/// Pairs whose rates are measured, those with most in common first.
const MEASURED: usize = 200;

/// The pair that stands out most.
pub(in crate::values) fn in_place(numbers: &Numbers, rows: usize, coarse: bool) -> Option<Rate> {
    let streams = numbers.streams.len();
    let places = numbers.aligned();
    if streams < 3 || places < 4 || streams * streams * places > WORK {
        return None;
    }
    let at = |place: usize| numbers.streams.iter().map(move |stream| stream.ids[place]);
    let differs = |place: &usize| at(*place).any(|id| id != numbers.streams[0].ids[*place]);
    let live: Vec<usize> = (0..places).filter(differs).collect();
    if live.len() < 4 {
        return None;
    }
    let kept: Vec<Vec<u32>> = numbers
        .streams
        .iter()
        .map(|stream| live.iter().map(|&place| stream.ids[place]).collect())
        .collect();
    let n = live.len() as f64;
    let pairs: Vec<(usize, usize)> = (0..streams)
        .flat_map(|a| (a + 1..streams).map(move |b| (a, b)))
        .collect();
    // What lies in one row of values counts once.
    let in_common = |&(a, b): &(usize, usize)| {
        let (mut all, mut rows_seen, mut length) = (0u32, 0u32, 0usize);
        for (x, y) in kept[a].iter().zip(&kept[b]) {
            length = if x == y { length + 1 } else { 0 };
            all += u32::from(length > 0);
            rows_seen += u32::from(length > 0 && (length - 1) % rows == 0);
        }
        (all, rows_seen)
    };
    let counts: Vec<(u32, u32)> = pairs.par_iter().map(in_common).collect();
    let common =
        counts.iter().map(|&(all, _)| f64::from(all)).sum::<f64>() / (n * pairs.len() as f64);
    let own: Vec<f64> = kept.iter().map(|ids| own_rate(ids)).collect();
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(counts[at].1), at));
    order.truncate(MEASURED);
    let chains =
        coarse && hang_together(numbers, rows) || own.iter().sum::<f64>() / streams as f64 > CHAIN;
    let bits = |&at: &usize| {
        let (a, b) = pairs[at];
        let rate = common.max(own[a]).max(own[b]);
        let bits = divergence_bits(f64::from(counts[at].1), n, rate);
        (at, bits)
    };
    let (best, mut bits) = order.iter().map(bits).max_by(|x, y| x.1.total_cmp(&y.1))?;
    if chains {
        bits = bits.min(steps_in_common(numbers, &kept, pairs[best], rows));
    }
    let (a, b) = pairs[best];
    Some(Rate {
        bits: bits - (pairs.len() as f64).log2(),
        streams: vec![a, b],
        values: u64::from(counts[best].0),
        of: live.len() as u64,
        pairs: 1,
    })
}

/// The same of the steps from value to value: chains that have met by chance stay together.
fn steps_in_common(
    numbers: &Numbers,
    kept: &[Vec<u32>],
    (a, b): (usize, usize),
    rows: usize,
) -> f64 {
    let steps = |ids: &Vec<u32>| -> Vec<i64> {
        let values = numbers.numbers(ids);
        let largest = values
            .iter()
            .fold(f64::MIN_POSITIVE, |most, x| most.max(x.abs()));
        values
            .windows(2)
            .map(|two| ((two[1] - two[0]) / largest * 1e11).round() as i64)
            .collect()
    };
    let all: Vec<Vec<i64>> = kept.par_iter().map(steps).collect();
    let (x, y) = (&all[a], &all[b]);
    let hits = x.iter().zip(y).filter(|(p, q)| p == q).count() as f64;
    let places = x.len() as f64;
    let same_place: f64 = (0..x.len())
        .map(|place| rate_of(all.iter().map(|steps| steps[place]).collect()))
        .sum::<f64>()
        / places;
    let rate = same_place.max(own_rate(x)).max(own_rate(y));
    divergence_bits(hits / rows as f64, places / rows as f64, rate)
}

/// Whether values depend on those up to `rows` before them, on the average over the streams: their correlation.
pub(super) fn hang_together(numbers: &Numbers, rows: usize) -> bool {
    let at_lag = |lag: usize| {
        let (mut products, mut squares) = (0.0, 0.0);
        for stream in &numbers.streams {
            // Ranks among all values: they have no outliers.
            let mean =
                stream.ids.iter().map(|&id| f64::from(id)).sum::<f64>() / stream.ids.len() as f64;
            let moved = |&id: &u32| f64::from(id) - mean;
            let pairs = stream.ids.iter().zip(stream.ids.iter().skip(lag));
            products += pairs.map(|(x, y)| moved(x) * moved(y)).sum::<f64>();
            squares += stream.ids.iter().map(|x| moved(x) * moved(x)).sum::<f64>();
        }
        products / squares.max(f64::MIN_POSITIVE)
    };
    (1..=rows).any(|lag| at_lag(lag).abs() > HANG_TOGETHER)
}

/// How often two different ones of these are equal.
fn rate_of<T: Ord>(mut values: Vec<T>) -> f64 {
    let n = values.len() as f64;
    values.sort_unstable();
    let same = values.chunk_by(|a, b| a == b).map(|same| same.len() as f64);
    same.map(|m| m * (m - 1.0)).sum::<f64>() / (n * (n - 1.0)).max(1.0)
}

/// How often a stream meets itself, at the lag at which it does most: covers laws that depend on the place.
fn own_rate<T: Ord + Copy>(values: &[T]) -> f64 {
    let n = values.len() as f64;
    let at_all = rate_of(values.to_vec()) + 1.0 / n;
    let at_lag = |lag: usize| {
        let hits = values[lag..]
            .iter()
            .zip(values)
            .filter(|(x, y)| x == y)
            .count();
        match hits {
            ..FEW => 0.0,
            _ => (hits as f64 + 1.0) / (n - lag as f64),
        }
    };
    (1..=(values.len() / 2).min(LAGS))
        .map(at_lag)
        .fold(at_all, f64::max)
        .min(1.0)
}
