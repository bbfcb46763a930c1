//! A value that many streams of a run have at a place, where the others have values of their own: a draw that was
//! made once, and replaced by some.
//!
//! What *all* have at a place is [`common`](crate::values::common). Here some have it, more than values that are
//! drawn one by one would meet. Not where the law of a place explains it: the others would be near it, or would
//! have one value themselves.

use statrs::function::factorial::ln_binomial;

use super::{Rate, divergence_bits};
use crate::values::numbers::Numbers;

/// Streams of a run: of fewer none are left to differ.
const STREAMS: std::ops::RangeInclusive<usize> = 5..=4096;
/// Places that are looked at.
const PLACES: usize = 4096;
/// Fewest that hold a value: two are a pair.
const LEAST: usize = 3;
/// Shares of the streams that are asked to hold a value.
const SHARES: [usize; 4] = [16, 8, 4, 2];
/// Values within this part of all are near one another.
const NEAR: f64 = 0.1;
/// The share of others that are near the common value, up to which they are not drawn towards it: draws are in 0.2.
const DRAWN_TOWARDS: f64 = 0.35;
/// The share of pairs of others that have one value beside chance, up to which they draw their own: where a place has
/// few values all of them would be met.
const OTHERS_ALIKE: f64 = 0.2;

/// Places at which a value comes far too often for chance, among the streams of one run.
pub(in crate::values) fn partly_common(numbers: &Numbers, rows: usize) -> Option<Rate> {
    let runs = numbers.by_run();
    let of_run = |run: &Vec<usize>| in_run(numbers, run, rows);
    let found = runs.iter().filter_map(of_run);
    found
        .max_by(|x, y| x.bits.total_cmp(&y.bits))
        .map(|rate| Rate {
            bits: rate.bits - (runs.len() as f64).log2(),
            ..rate
        })
}

/// The most frequent value of a place.
struct Mode {
    id: u32,
    holders: usize,
    place: usize,
}

fn in_run(numbers: &Numbers, run: &[usize], rows: usize) -> Option<Rate> {
    let streams: Vec<&[u32]> = run.iter().map(|&at| &numbers.streams[at].ids[..]).collect();
    let count = streams.len();
    let places = streams.iter().map(|ids| ids.len()).min()?.min(PLACES);
    if !STREAMS.contains(&count) || places < rows.max(4) {
        return None;
    }
    // How often each value comes at any place, and what share of all lies below it.
    let mut pooled: Vec<u32> = streams
        .iter()
        .flat_map(|ids| &ids[..places])
        .copied()
        .collect();
    pooled.sort_unstable();
    let share = |id: u32| {
        let below = pooled.partition_point(|&other| other < id);
        let upto = pooled.partition_point(|&other| other <= id);
        let all = pooled.len() as f64;
        (
            (upto - below) as f64 / all,
            (below + upto) as f64 / 2.0 / all,
        )
    };
    let mut modes: Vec<Mode> = (0..places).map(|place| mode(&streams, place)).collect();
    // A value that is held is one, and what all have is told to them.
    modes.dedup_by_key(|mode| mode.id);
    modes.retain(|mode| (LEAST..count).contains(&mode.holders));
    let shares: Vec<f64> = pooled
        .chunk_by(|a, b| a == b)
        .map(|same| same.len() as f64 / pooled.len() as f64)
        .collect();
    let mut best: Option<Rate> = None;
    for least in SHARES.map(|share| (count / share).max(LEAST)) {
        let of: Vec<&Mode> = modes.iter().filter(|mode| mode.holders >= least).collect();
        let ways = ln_binomial(count as u64, least as u64);
        let chance: f64 = shares
            .iter()
            .map(|share| (ways + least as f64 * share.ln()).exp())
            .sum();
        let told = divergence_bits(of.len() as f64, places as f64, chance.min(1.0));
        let bits = told / rows as f64 - (SHARES.len() as f64).log2();
        if best.as_ref().is_none_or(|known| bits > known.bits)
            && others_are_drawn(&streams, &of, share)
        {
            best = Some(Rate {
                bits,
                streams: run.to_vec(),
                values: of.len() as u64,
                of: places as u64,
                pairs: least as u64,
            });
        }
    }
    best
}

fn mode(streams: &[&[u32]], place: usize) -> Mode {
    let mut there: Vec<u32> = streams.iter().map(|ids| ids[place]).collect();
    there.sort_unstable();
    let most = there.chunk_by(|a, b| a == b).max_by_key(|same| same.len());
    let most = most.expect("streams");
    Mode {
        id: most[0],
        holders: most.len(),
        place,
    }
}

/// Whether streams that have not the value of a place have values as at any place: neither near it, nor one.
fn others_are_drawn(
    streams: &[&[u32]],
    modes: &[&Mode],
    share: impl Fn(u32) -> (f64, f64),
) -> bool {
    let (mut others, mut near, mut pairs, mut equal, mut expected) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for mode in modes {
        let own = streams.iter().map(|ids| ids[mode.place]);
        let own: Vec<u32> = own.filter(|&id| id != mode.id).collect();
        let (_, there) = share(mode.id);
        for (at, &id) in own.iter().enumerate() {
            let (as_often, lies) = share(id);
            others += 1.0;
            near += f64::from(u8::from((lies - there).abs() <= NEAR));
            pairs += at as f64;
            equal += own[..at].iter().filter(|&&other| other == id).count() as f64;
            expected += at as f64 * as_often;
        }
    }
    let by_chance = 2.0 * expected + 3.0 * expected.sqrt() + OTHERS_ALIKE * pairs;
    pairs > 0.0 && near <= DRAWN_TOWARDS * others && equal <= by_chance
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::{values::numbers::Sequence, vocabulary::StreamId};

    const STREAMS: u32 = 16;
    const PLACES: usize = 60;

    /// Sixteen streams of values below 1000, each by its own draw, the draw of its place and a coin.
    fn found(key: u64, value: impl Fn(usize, u32, u32, bool) -> u32) -> Option<Rate> {
        let mut source = ChaCha8Rng::seed_from_u64(key);
        let common: Vec<u32> = (0..PLACES).map(|_| source.random_range(0..1000)).collect();
        let streams = (0..STREAMS).map(|at| Sequence {
            id: StreamId::new(0, at),
            run: 0,
            ids: (0..PLACES)
                .map(|place| {
                    let (own, coin) = (source.random_range(0..1000), source.random());
                    value(place, own, common[place], coin)
                })
                .collect(),
        });
        let numbers = Numbers {
            streams: streams.collect(),
            values: (0..2000).map(f64::from).collect(),
            runs: 1,
        };
        partly_common(&numbers, 4)
    }

    #[test]
    fn a_common_draw_that_half_replace_is_seen() {
        let found = found(1, |_, own, common, coin| if coin { own } else { common });
        let rate = found.expect("most places");
        assert!(rate.bits > 60.0, "{rate:?}");
        assert!(
            (25..=60).contains(&rate.values) && rate.of == 60,
            "{rate:?}"
        );
    }

    /// Own draws; a draw of the place or nothing; a rising line with noise, coarse enough to meet.
    #[test]
    fn laws_of_places_are_no_common_draws() {
        type Value = fn(usize, u32, u32, bool) -> u32;
        let laws: [Value; 4] = [
            |_, own, _, _| own,
            |_, _, common, coin| if coin { 0 } else { common },
            |place, own, _, _| 30 * place as u32 + own % 3,
            |_, own, common, _| common + own % 2,
        ];
        for (law, value) in laws.into_iter().enumerate() {
            for key in 0..20 {
                let bits = found(key, value).map_or(0.0, |rate| rate.bits);
                assert!(bits < 10.0, "law {law}, {key}: {bits} bits");
            }
        }
    }
}
