//! Pairs of streams that are large and small together, against the other streams at the same place.
//!
//! Ranks among all streams at a place are exchangeable whatever the law of that place; places that depend on
//! one another count as fewer (M. S. Bartlett, J. R. Stat. Soc. 98 (1935); S. Janson, Random Struct. Alg. 24
//! (2004), doi:10.1002/rsa.20008), by how much is measured on the ranks themselves: suspect, never proof.

use super::Rate;
use crate::values::numbers::Numbers;

/// Streams between which ranks are compared.
const STREAMS: std::ops::RangeInclusive<usize> = 5..=256;
/// Places, at least and at most.
const PLACES: (usize, usize) = (16, 4096);
/// Lags at which places may depend.
const LAGS: usize = 64;

/// The pair whose ranks agree or disagree most.
pub(in crate::values) fn ranks(numbers: &Numbers) -> Option<Rate> {
    let streams = numbers.streams.len();
    let places = numbers.aligned().min(PLACES.1);
    if !STREAMS.contains(&streams) || places < PLACES.0 {
        return None;
    }
    let scores = scores(numbers, places);
    let n = scores[0].len();
    if n < PLACES.0 {
        return None;
    }
    let effective = n as f64 / dependence(&scores);
    let pairs = (streams * (streams - 1)) as f64;
    // The scores of a place add up to nothing: two independent streams agree in −1/(S − 1) on the average.
    let expected = -1.0 / (streams - 1) as f64;
    let mut best = (0.0f64, 0, 0);
    for a in 0..streams {
        for b in a + 1..streams {
            let agreement = mean_product(&scores[a], &scores[b]) - expected;
            if agreement.abs() > best.0.abs() {
                best = (agreement, a, b);
            }
        }
    }
    let (agreement, a, b) = best;
    let squared = (agreement * agreement).min(0.99);
    let bits = -effective / 2.0 * (1.0 - squared).log2() - pairs.log2();
    Some(Rate {
        bits,
        streams: vec![a, b],
        values: (agreement.abs().min(1.0) * 100.0).round() as u64,
        of: n as u64,
        pairs: 1,
    })
}

/// Pairs of streams that agree or disagree in at least so many hundredths of what they could.
pub(in crate::values) fn as_alike_as(numbers: &Numbers, hundredths: u64) -> Vec<(usize, usize)> {
    let streams = numbers.streams.len();
    let places = numbers.aligned().min(PLACES.1);
    let scores = scores(numbers, places);
    let expected = -1.0 / (streams.max(2) - 1) as f64;
    let alike = |&(a, b): &(usize, usize)| {
        let agreement = mean_product(&scores[a], &scores[b]) - expected;
        100.0 * agreement.abs() >= hundredths as f64
    };
    let pairs = (0..streams).flat_map(|a| (a + 1..streams).map(move |b| (a, b)));
    pairs.filter(alike).collect()
}

fn mean_product(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>() / x.len().max(1) as f64
}

/// Scores of variance one, of every stream at every place that tells streams apart.
fn scores(numbers: &Numbers, places: usize) -> Vec<Vec<f64>> {
    let mut scores = vec![Vec::with_capacity(places); numbers.streams.len()];
    for column in (0..places).filter_map(|place| column(numbers, place)) {
        scores
            .iter_mut()
            .zip(column)
            .for_each(|(row, score)| row.push(score));
    }
    scores
}

/// Standardised ranks among all streams at one place; `None` where all are equal.
fn column(numbers: &Numbers, place: usize) -> Option<Vec<f64>> {
    let ids: Vec<u32> = numbers
        .streams
        .iter()
        .map(|stream| stream.ids[place])
        .collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    let rank = |id: &u32| {
        let below = sorted.partition_point(|other| other < id);
        let upto = sorted.partition_point(|other| other <= id);
        (below + upto) as f64 / 2.0
    };
    let mean = ids.len() as f64 / 2.0;
    let ranks: Vec<f64> = ids.iter().map(|id| rank(id) - mean).collect();
    let deviation = (ranks.iter().map(|rank| rank * rank).sum::<f64>() / ids.len() as f64).sqrt();
    (deviation > 0.0).then(|| ranks.iter().map(|rank| rank / deviation).collect())
}

/// How many places count as one.
fn dependence(scores: &[Vec<f64>]) -> f64 {
    let (streams, n) = (scores.len() as f64, scores[0].len());
    let mut sum = 1.0;
    let mut furthest = 0;
    for lag in 1..=(n / 4).min(LAGS) {
        let own = |row: &Vec<f64>| {
            row[lag..].iter().zip(row).map(|(x, y)| x * y).sum::<f64>() / (n - lag) as f64
        };
        let all: Vec<f64> = scores.iter().map(own).collect();
        let mean = all.iter().sum::<f64>() / streams;
        let square = all.iter().map(|r| r * r).sum::<f64>() / streams;
        sum += 2.0 * square;
        let noise = (1.0 + 5.0 * (2.0 / streams).sqrt()) / (n - lag) as f64;
        if mean.abs() > 5.0 / (streams * n as f64).sqrt() || square > noise {
            furthest = lag;
        }
    }
    sum.max(1.0 + furthest as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        values::numbers::{Numbers, Sequence},
        vocabulary::StreamId,
    };

    /// Streams of 2,000 independent values, of which the last is `last` of the first's values.
    fn streams(count: u32, last: impl Fn(u32) -> Option<u32>) -> Numbers {
        let values = 1 << 16;
        let drawn = |stream: u32, place: u32| {
            let z = (u64::from(stream) << 32 | u64::from(place)).wrapping_add(1);
            let z = z.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let z = (z ^ z >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            ((z ^ z >> 32).wrapping_mul(0x94d0_49bb_1331_11eb) >> 48) as u32
        };
        let ids = |stream: u32| {
            let own = |place| match stream + 1 == count {
                true => last(drawn(0, place)),
                false => None,
            };
            (0..2000)
                .map(|place| own(place).unwrap_or_else(|| drawn(stream, place)))
                .collect()
        };
        let sequence = |stream| Sequence {
            id: StreamId::new(0, stream),
            run: 0,
            ids: ids(stream),
        };
        Numbers {
            streams: (0..count).map(sequence).collect(),
            values: (0..values).map(f64::from).collect(),
            runs: 1,
        }
    }

    /// Among few streams ranks lean against each other: six independent ones are no suspects for it.
    #[test]
    fn independent_streams_are_no_suspects_however_few() {
        for count in [5, 6, 8, 40] {
            let found = ranks(&streams(count, |_| None)).expect("large enough");
            assert!(found.bits < 10.0, "{count}: {found:?}");
        }
    }

    #[test]
    fn a_stream_that_goes_with_or_against_another_is_seen() {
        for map in [(|id| id ^ 1) as fn(u32) -> u32, |id| 65_535 - id] {
            let found = ranks(&streams(6, |id| Some(map(id)))).expect("large enough");
            assert_eq!(found.streams, [0, 5]);
            assert!(found.bits > 100.0, "{found:?}");
        }
    }
}
