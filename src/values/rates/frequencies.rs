//! Values on a close grid that a pair holds as often as one another: copies at any places, or handed out twice.
//!
//! Where values are few, or printed with few digits, streams meet by chance, and neither places nor runs give a copy
//! away. How often each stream holds each value does: at a value the counts of all streams are exchangeable, whatever
//! its law, so that their ranks are compared as those at places are ([`ranks`](super::ranks)). Once over whole
//! streams, and once over blocks of places, in which copies that keep near their place stand out more.
//!
//! Values may depend on one another (rows of a list, chains). So many count as one as their ranks hang together, and no
//! fewer than what the agreements of the other pairs show, where these meet often enough to show it, or else `rows`:
//! of agreements of independent values three quarters stay below their third quartile, whoever is guilty.
//!
//! Nothing is said of chains, which hold what is around where they have been; and values that hardly ever meet by chance
//! are those of [`meetings`](super::meetings).

use super::{
    Rate,
    in_place::hang_together,
    meetings::as_often_near,
    own_ranks,
    ranks::{self, PLACES, dependence, mean_product, pairs},
};
use crate::values::numbers::{Numbers, Sequence};

/// The least places of a block.
const BLOCK: usize = 16;
/// The third quartile of the size of a normal deviate.
const QUARTILE: f64 = 1.150_349;

/// Values that two streams have in common by chance, from which on the agreements of all pairs tell their spread.
const OFTEN: f64 = 8.0;

/// The pair whose counts agree most.
pub(in crate::values) fn frequencies(numbers: &Numbers, rows: usize) -> Option<Rate> {
    if hang_together(numbers, rows) {
        return None;
    }
    let views = views(numbers);
    let found = views.iter().filter_map(|counts| of(counts, numbers, rows));
    Rate::strongest(found, views.len().max(1))
}

fn of(Counts { of_values, met }: &Counts, numbers: &Numbers, rows: usize) -> Option<Rate> {
    let values = of_values.aligned();
    if !as_often_near(&numbers.values, values as u64, |_| true) {
        return None;
    }
    if own_ranks::STREAMS.contains(&of_values.streams.len()) {
        return own_ranks::most_alike(of_values, rows);
    }
    let scores = ranks::scores(of_values, values);
    let tell_spread = *met as f64 >= OFTEN * pairs(scores.len()).count() as f64;
    let as_one = if tell_spread { 1 } else { rows };
    let effective = |agreements: &[f64]| {
        let independent = scores[0].len() as f64 / dependence(&scores) / as_one as f64;
        independent.min(spread(agreements).powi(-2))
    };
    (scores[0].len() >= PLACES.0).then(|| ranks::most_alike(&scores, effective))
}

/// The standard deviation of agreements, by the size that three quarters of them stay below: few guilty pairs leave it
/// as it is.
fn spread(agreements: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = agreements.iter().map(|x| x.abs()).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    sizes[(sizes.len() * 3 / 4).min(sizes.len() - 1)].max(1e-9) / QUARTILE
}

/// Pairs of streams whose counts agree in at least so many hundredths.
pub(in crate::values) fn as_frequent_as(
    numbers: &Numbers,
    hundredths: u64,
) -> Vec<(usize, usize)> {
    let streams = numbers.streams.len();
    let expected = -1.0 / (streams.max(2) - 1) as f64;
    let views: Vec<Vec<Vec<f64>>> = views(numbers)
        .iter()
        .map(|counts| ranks::scores(&counts.of_values, counts.of_values.aligned()))
        .collect();
    let alike = |&(a, b): &(usize, usize)| {
        views.iter().any(|scores| {
            let agreement = mean_product(&scores[a], &scores[b]) - expected;
            100.0 * agreement >= hundredths as f64
        })
    };
    pairs(streams).filter(alike).collect()
}

/// How often each stream holds each value: in all, and in each block of places where there are several.
fn views(numbers: &Numbers) -> Vec<Counts> {
    let streams = numbers.streams.len();
    if streams < *own_ranks::STREAMS.start() || streams > *ranks::STREAMS.end() {
        return Vec::new();
    }
    let length = numbers.aligned();
    // A value comes about once a stream in half as many places as there are values.
    let block = (numbers.values.len() / 2).max(BLOCK);
    let blocks = (length >= 2 * block).then_some(block);
    let blocks = std::iter::once(length).chain(blocks);
    blocks.filter_map(|block| counted(numbers, block)).collect()
}

/// How often each stream holds each value.
struct Counts {
    /// The counts, value by value.
    of_values: Numbers,
    /// Pairs of streams that hold a value, of all values.
    met: usize,
}

/// The counts of every value of a block, of many streams those that two hold; `None` where these are too few.
fn counted(numbers: &Numbers, block: usize) -> Option<Counts> {
    let mut held: Vec<(usize, u32, usize)> = Vec::new();
    for (at, stream) in numbers.streams.iter().enumerate() {
        let own = stream.ids.iter().take(numbers.aligned()).enumerate();
        held.extend(own.map(|(place, &id)| (place / block.max(1), id, at)));
    }
    rayon::slice::ParallelSliceMut::par_sort_unstable(&mut held[..]);
    // Among few streams who holds a value that none of the others has tells, too.
    let few = own_ranks::STREAMS.contains(&numbers.streams.len());
    let several = held
        .chunk_by(|x, y| (x.0, x.1) == (y.0, y.1))
        .filter(|same| few || same[0].2 != same[same.len() - 1].2);
    let mut counts: Vec<Vec<u32>> = vec![Vec::new(); numbers.streams.len()];
    let mut values = 0;
    for same in several.take(PLACES.1) {
        counts.iter_mut().for_each(|of| of.push(0));
        same.iter().for_each(|&(_, _, at)| counts[at][values] += 1);
        values += 1;
    }
    if values < PLACES.0 {
        return None;
    }
    let most = counts.iter().flatten().max().copied().unwrap_or(0);
    let met = |value: usize| pairs(counts.iter().filter(|own| own[value] > 0).count()).count();
    let met = (0..values).map(met).sum();
    let streams = numbers.streams.iter().zip(counts);
    let streams = streams.map(|(stream, ids)| Sequence {
        ids,
        ..stream.clone()
    });
    Some(Counts {
        of_values: Numbers {
            streams: streams.collect(),
            values: (0..=most).map(f64::from).collect(),
            runs: numbers.runs,
        },
        met,
    })
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::{results::SUSPECT, vocabulary::StreamId};

    const PLACES: usize = 300;

    type Law = fn(&mut ChaCha8Rng, &[u32]) -> Vec<u32>;

    /// Streams of a law, which is given a common list.
    fn streams(source: &mut ChaCha8Rng, count: u32, law: Law) -> Numbers {
        let list: Vec<u32> = (0..600).map(|_| source.random_range(0..1000)).collect();
        let streams = (0..count).map(|at| Sequence {
            id: StreamId::new(0, at),
            run: 0,
            ids: law(source, &list),
        });
        Numbers {
            streams: streams.collect(),
            values: (0..1000).map(f64::from).collect(),
            runs: 1,
        }
    }

    fn drawn(source: &mut ChaCha8Rng, below: u32) -> Vec<u32> {
        (0..PLACES).map(|_| source.random_range(0..below)).collect()
    }

    const LAWS: [Law; 5] = [
        |source, _| drawn(source, 1000),
        |source, _| drawn(source, 20),
        // Small values are frequent.
        |source, _| {
            let squared = |x: u32| x * x / 1000;
            drawn(source, 1000).into_iter().map(squared).collect()
        },
        // A chain.
        |source, _| {
            let mut at = source.random_range(0..1000_i32);
            let step = |_| {
                at = (at + source.random_range(-9..=9)).rem_euclid(1000);
                at as u32
            };
            (0..PLACES).map(step).collect()
        },
        // Rows of six from a list of a hundred.
        |source, list| {
            let row = |_| {
                let from = 6 * source.random_range(0..100);
                list[from..from + 6].to_vec()
            };
            (0..PLACES / 6).flat_map(row).collect()
        },
    ];

    /// b bits are claimed of sound streams in no more than a share of 2^−b.
    #[test]
    fn chance_claims_no_more_than_it_should() {
        const TIMES: usize = 150;
        let mut source = ChaCha8Rng::seed_from_u64(1);
        for (law, draw) in LAWS.into_iter().enumerate() {
            for count in [4, 6, 16] {
                let mut claims: Vec<f64> = (0..TIMES)
                    .filter_map(|_| frequencies(&streams(&mut source, count, draw), 4))
                    .map(|rate| rate.bits)
                    .collect();
                claims.sort_unstable_by(|x, y| y.total_cmp(x));
                for (many, bits) in (1..).zip(&claims) {
                    let most = TIMES as f64 * (-bits).exp2();
                    let by_chance = most + 5.0 * most.sqrt() + 3.0;
                    assert!(
                        f64::from(many) <= by_chance && *bits < SUSPECT,
                        "law {law} of {count}: {many} with {bits} bits"
                    );
                }
            }
        }
    }

    /// A stream that holds part of another's values, anywhere.
    #[test]
    fn copies_at_any_places_are_seen() {
        let mut source = ChaCha8Rng::seed_from_u64(2);
        let mut numbers = streams(&mut source, 16, |source, _| drawn(source, 1000));
        for at in 0..PLACES / 2 {
            numbers.streams[7].ids[(37 * at) % PLACES] = numbers.streams[3].ids[(101 * at + 5) % PLACES];
        }
        let found = frequencies(&numbers, 1).expect("enough values");
        assert!(found.bits > SUSPECT && found.streams == [3, 7], "{found:?}");
        assert_eq!(as_frequent_as(&numbers, found.values / 2), [(3, 7)]);
    }
}
