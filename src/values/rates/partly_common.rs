//! A value that many streams of a run have at a place, where the others have values of their own: a draw that was
//! made once, and replaced by some.
//!
//! What *all* have at a place is [`common`](crate::values::common). Here some have it, more than values that are
//! drawn one by one would meet, at any place or as often as the others meet there. Not where the others lie near it:
//! then the law of a place explains it.

use statrs::function::factorial::ln_binomial;

use super::{Rate, divergence_bits};
use crate::values::numbers::Numbers;

/// Streams of a run: of fewer none are left to differ.
const STREAMS: std::ops::RangeInclusive<usize> = 5..=4096;
/// Places that are looked at.
const PLACES: usize = 4096;
/// Fewest that hold a value: two or three may be pairs that meet.
const LEAST: usize = 4;
/// Shares of the streams that are asked to hold a value.
const SHARES: [usize; 3] = [8, 4, 2];
/// Values within this part of all are near one another.
const NEAR: f64 = 0.1;
/// The share of others that are near the common value, up to which they are not drawn towards it: draws are in 0.2.
const DRAWN_TOWARDS: f64 = 0.35;

/// Places at which a value comes far too often for chance, among the streams of one run.
pub(in crate::values) fn partly_common(numbers: &Numbers, rows: usize) -> Option<Rate> {
    let runs = numbers.by_run();
    let of_run = |run: &Vec<usize>| in_run(numbers, run, rows);
    Rate::strongest(runs.iter().filter_map(of_run), runs.len())
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
    // Where a value lies among all.
    let mut pooled: Vec<u32> = streams
        .iter()
        .flat_map(|ids| &ids[..places])
        .copied()
        .collect();
    pooled.sort_unstable();
    let lies = |id: u32| {
        let below = pooled.partition_point(|&other| other < id);
        let upto = pooled.partition_point(|&other| other <= id);
        (below + upto) as f64 / 2.0 / pooled.len() as f64
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
        let Some(alike) = others_alike(&streams, &of, lies) else {
            continue;
        };
        let ways = ln_binomial(count as u64, least as u64);
        let held = |power: usize, share: f64| (ways + power as f64 * share.ln()).exp();
        let of_any_place: f64 = shares.iter().map(|&share| held(least, share)).sum();
        let chance = of_any_place.max(held(least - 1, alike)).min(1.0);
        let told = divergence_bits(of.len() as f64, places as f64, chance);
        let bits = told / rows as f64 - (SHARES.len() as f64).log2();
        if best.as_ref().is_none_or(|known| bits > known.bits) {
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

/// How often two streams that have not the value of a place are alike there, no less than that: the law of a place of
/// few values lets them meet, too. `None` where they are drawn towards the value, or are too few to tell.
fn others_alike(streams: &[&[u32]], modes: &[&Mode], lies: impl Fn(u32) -> f64) -> Option<f64> {
    let pairs_of = |count: usize| (count * count.saturating_sub(1)) as f64 / 2.0;
    let (mut others, mut near, mut pairs, mut equal) = (0, 0, 0.0, 0.0f64);
    for mode in modes {
        let there = lies(mode.id);
        let own = streams.iter().map(|ids| ids[mode.place]);
        let mut own: Vec<u32> = own.filter(|&id| id != mode.id).collect();
        own.sort_unstable();
        others += own.len();
        pairs += pairs_of(own.len());
        for same in own.chunk_by(|a, b| a == b) {
            equal += pairs_of(same.len());
            if (lies(same[0]) - there).abs() <= NEAR {
                near += same.len();
            }
        }
    }
    // Three standard errors of the count, and one more.
    let most = equal + 3.0 * equal.sqrt() + 1.0;
    (pairs > 0.0 && near as f64 <= DRAWN_TOWARDS * others as f64).then(|| (most / pairs).min(1.0))
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
