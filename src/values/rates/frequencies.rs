//! Values on a close grid that a pair holds as often as one another: copies at any places, or handed out twice.
//!
//! Where values are few, or printed with few digits, streams meet by chance, and neither places nor runs give a copy
//! away. How often each stream holds each value does: at a value the counts of all streams are exchangeable, whatever
//! its law, so that their ranks are compared as those at places are ([`ranks`](super::ranks)). Once over whole
//! streams, and once over blocks of places, in which copies that keep near their place stand out more; and so are twos
//! and threes of values that follow one another, by which copies in their order stand out.
//!
//! * A law of a stream's own holds what lies around as readily: a pair tells the part of its agreement
//!   that the one's counts and those of the other one to four values further on do not show.
//! * Values may come together (rows of a list). Of agreements of independent values three quarters stay below their
//!   third quartile, whoever is guilty: where all pairs meet often, so many values count as one as theirs show, and
//!   else `rows`.
//!
//! Nothing is said of chains, which hold what lies around where they have been; and values that hardly ever meet by
//! chance are those of [`meetings`](super::meetings).

use super::{
    Rate,
    meetings::as_often_near,
    own_ranks,
    ranks::{self, PLACES, mean_product, pairs},
};
use crate::{
    kernels::mix,
    values::numbers::{Numbers, Sequence},
};

/// Values that follow one another, at most.
const FOLLOWING: usize = 3;
/// The least places of a block.
const BLOCK: usize = 16;
/// The third quartile of the size of a normal deviate.
const QUARTILE: f64 = 1.150_349;

/// Values that depend on those before them hang together more than this.
const HANG_TOGETHER: f64 = 0.1;
/// Values that two streams have in common by chance, from which on the agreements of all pairs tell their spread.
const OFTEN: f64 = 8.0;
/// Values further on at which a pair that meets by its law agrees as well.
const NEAR: usize = 4;

/// The pair whose counts agree most.
pub(in crate::values) fn frequencies(numbers: &Numbers, rows: usize) -> Option<Rate> {
    if hang_together(numbers, rows) {
        return None;
    }
    let views = views(numbers);
    let first = views.first()?;
    if !as_often_near(&numbers.values, first.shared, |_| true) {
        return None;
    }
    let every = counted(numbers, numbers.aligned(), 1, true)?.of_values;
    let every = ranks::scores(&every, every.aligned());
    let found = views.iter().filter_map(|counts| {
        let found = of(counts, rows)?;
        let alike = [found.streams[0], found.streams[1]];
        Some(Rate {
            bits: found.bits.max(0.0) * apart_from_near(&every, alike).powi(2),
            ..found
        })
    });
    Rate::strongest(found, views.len())
}

/// Whether values depend on those up to `rows` before them, on the average over the streams: their correlation.
fn hang_together(numbers: &Numbers, rows: usize) -> bool {
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

fn of(counts: &Counts, rows: usize) -> Option<Rate> {
    let of_values = &counts.of_values;
    if own_ranks::STREAMS.contains(&of_values.streams.len()) {
        return own_ranks::most_alike(of_values, |agreement| agreement, rows);
    }
    let scores = ranks::scores(of_values, of_values.aligned());
    let values = scores[0].len() as f64;
    let tell_spread = counts.met as f64 >= OFTEN * pairs(scores.len()).count() as f64;
    let effective = |agreements: &[f64]| match tell_spread {
        true => values.min(spread(agreements).powi(-2)),
        false => values / rows as f64,
    };
    (values >= PLACES.0 as f64).then(|| ranks::most_alike(&scores, effective))
}

/// The standard deviation of agreements, by the size that three quarters of them stay below: few guilty pairs leave it
/// as it is.
fn spread(agreements: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = agreements.iter().map(|x| x.abs()).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    sizes[(sizes.len() * 3 / 4).min(sizes.len() - 1)].max(1e-9) / QUARTILE
}

/// Pairs of streams whose counts agree in at least so many hundredths.
pub(in crate::values) fn as_frequent_as(numbers: &Numbers, hundredths: u64) -> Vec<(usize, usize)> {
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

/// How often each stream holds each value: in all, and in each block of places where there are several; and values that
/// follow one another.
fn views(numbers: &Numbers) -> Vec<Counts> {
    let streams = numbers.streams.len();
    if streams < *own_ranks::STREAMS.start() || streams > *ranks::STREAMS.end() {
        return Vec::new();
    }
    let length = numbers.aligned();
    // A value comes about once a stream in half as many places as there are values.
    let block = (numbers.values.len() / 2).max(BLOCK);
    let blocks = (length >= 2 * block).then_some((block, 1));
    let whole = (1..=FOLLOWING).map(|following| (length, following));
    // Among few streams who holds a value that none of the others has tells, too.
    let few = own_ranks::STREAMS.contains(&streams);
    let looks = whole.chain(blocks);
    looks
        .filter_map(|(block, following)| counted(numbers, block, following, few))
        .collect()
}

/// How often each stream holds each value.
struct Counts {
    /// The counts, value by value.
    of_values: Numbers,
    /// Pairs of streams that hold a value, of all values.
    met: usize,
    /// Values that two streams hold.
    shared: u64,
}

/// The part of the agreement of two streams that counts a few values apart do not show, of all values.
fn apart_from_near(every: &[Vec<f64>], alike: [usize; 2]) -> f64 {
    let [a, b] = alike.map(|at| &every[at]);
    let lags = (1..=NEAR).filter(|lag| *lag < a.len());
    let near =
        lags.map(|lag| f64::midpoint(mean_product(&a[lag..], b), mean_product(a, &b[lag..])));
    let near = near.sum::<f64>() / NEAR as f64;
    let here = mean_product(a, b) + 1.0 / (every.len() - 1) as f64;
    match here > 0.0 {
        // Twice, since what is near shows a part of it.
        true => (1.0 - 2.0 * near / here).clamp(0.0, 1.0),
        false => 0.0,
    }
}

/// The counts of the values of a block, of `every` one or those that two streams hold; `None` where these are too few.
fn counted(numbers: &Numbers, block: usize, following: usize, every: bool) -> Option<Counts> {
    let mut held: Vec<(usize, u64, usize)> = Vec::new();
    for (at, stream) in numbers.streams.iter().enumerate() {
        let own = stream.ids[..numbers.aligned()].windows(following);
        let key = |ids: &[u32]| match ids {
            [id] => u64::from(*id),
            _ => ids.iter().fold(1, |key, &id| mix(key ^ u64::from(id))),
        };
        let placed = own.enumerate();
        held.extend(placed.map(|(place, ids)| (place / block.max(1), key(ids), at)));
    }
    rayon::slice::ParallelSliceMut::par_sort_unstable(&mut held[..]);
    let several = held
        .chunk_by(|x, y| (x.0, x.1) == (y.0, y.1))
        .filter(|same| every || same[0].2 != same[same.len() - 1].2);
    let mut counts: Vec<Vec<u32>> = vec![Vec::new(); numbers.streams.len()];
    let (mut values, mut shared) = (0, 0);
    for same in several.take(PLACES.1) {
        counts.iter_mut().for_each(|of| of.push(0));
        same.iter().for_each(|&(_, _, at)| counts[at][values] += 1);
        values += 1;
        shared += u64::from(same[0].2 != same[same.len() - 1].2);
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
        shared,
    })
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::{results::SUSPECT, vocabulary::StreamId};

    const PLACES: usize = 300;
    const TIMES: usize = 150;

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

    /// What is claimed of sound streams of a law, most first.
    fn claims(source: &mut ChaCha8Rng, count: u32, law: Law) -> Vec<f64> {
        let mut claims: Vec<f64> = (0..TIMES)
            .filter_map(|_| frequencies(&streams(source, count, law), 4))
            .map(|rate| rate.bits)
            .collect();
        claims.sort_unstable_by(|x, y| y.total_cmp(x));
        claims
    }

    /// b bits are claimed of sound streams in no more than a share of 2^−b.
    #[test]
    fn chance_claims_no_more_than_it_should() {
        let mut source = ChaCha8Rng::seed_from_u64(1);
        for (law, draw) in LAWS.into_iter().enumerate() {
            for count in [4, 6, 16] {
                for (many, bits) in (1..).zip(claims(&mut source, count, draw)) {
                    let most = TIMES as f64 * (-bits).exp2();
                    let by_chance = most + 5.0 * most.sqrt() + 3.0;
                    assert!(
                        f64::from(many) <= by_chance && bits < SUSPECT,
                        "law {law} of {count}: {many} with {bits} bits"
                    );
                }
            }
        }
    }

    /// Two streams of narrow ranges of their own meet more often than others: no suspects for it.
    #[test]
    fn laws_of_their_own_make_no_suspects() {
        let law: Law = |source, _| {
            let range = 10_u32 << source.random_range(0..6);
            drawn(source, range)
        };
        let mut source = ChaCha8Rng::seed_from_u64(3);
        for count in [4, 6, 16] {
            let most = claims(&mut source, count, law);
            assert!(
                most.first().is_none_or(|bits| *bits < SUSPECT),
                "{count}: {most:?}"
            );
        }
    }

    /// Streams that hold every value as often as all others are in no order at any of them.
    #[test]
    fn nothing_is_said_of_streams_of_the_same_values() {
        let mut source = ChaCha8Rng::seed_from_u64(4);
        for count in [4, 6] {
            let dealt: Law = |source, _| {
                let from = source.random_range(0..PLACES as u32);
                (0..PLACES as u32)
                    .map(|at| (at + from) % PLACES as u32)
                    .collect()
            };
            let found = frequencies(&streams(&mut source, count, dealt), 4);
            assert!(found.is_none_or(|found| found.bits < SUSPECT));
        }
    }

    /// A stream that holds part of another's values, anywhere.
    #[test]
    fn copies_at_any_places_are_seen() {
        let mut source = ChaCha8Rng::seed_from_u64(2);
        let mut numbers = streams(&mut source, 16, |source, _| drawn(source, 1000));
        for at in 0..PLACES / 2 {
            numbers.streams[7].ids[(37 * at) % PLACES] =
                numbers.streams[3].ids[(101 * at + 5) % PLACES];
        }
        let found = frequencies(&numbers, 1).expect("enough values");
        assert!(found.bits > SUSPECT && found.streams == [3, 7], "{found:?}");
        assert_eq!(as_frequent_as(&numbers, found.values / 2), [(3, 7)]);
    }
}
