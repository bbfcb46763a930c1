//! Pairs of streams that have more values in common at equal places than others have.
//!
//! A bet that one stream takes a share s of its values from the same places of another: where they are equal it
//! multiplies by 1 − s + s/f, f being how often the value comes in all, and else by 1 − s. What it wins by chance is
//! divided away, under each of two laws, and the lesser gain is told:
//!
//! * whatever the law of a place, two streams of those that are there are equal in a value as often as any two
//!   (exact, if places are independent), and a pair of streams that meets more often than others elsewhere does so here;
//! * streams of laws of their own meet at equal places as often as at unlike ones, or a few rows apart.
//!
//! Places that depend on one another count as fewer, by how far the meetings of a pair hang together, and those of all
//! others: chains that have met stay together. Where pairs hardly meet and hold on to nothing, that cannot be seen: then what lies in one row
//! of values counts once, and places count by how far ranks hang together where the two are near one another as often as
//! they meet. So what is told rests on what was seen: suspect, never proof.

use std::f64::consts::LN_2;

use rayon::prelude::*;

use super::{
    Rate,
    meetings::{NEAR, resolution},
    ranks,
};
use crate::values::numbers::Numbers;

/// Work that is done at most, in pairs of values.
const WORK: usize = 400_000_000;
/// Places, at least.
const PLACES: usize = 4;
/// Shares of values in common that are bet on.
const SHARES: [f64; 6] = [0.03, 0.1, 0.2, 0.35, 0.6, 0.9];
/// The share by which pairs are ordered.
const USUAL: usize = 2;
/// Pairs whose bets are settled, those that win most first.
const MEASURED: usize = 200;
/// Values that two streams have in common by chance, from which on it is seen how they hang together.
const OFTEN: f64 = 8.0;
/// Rows apart at which streams that follow laws of their own meet as well.
const NEARBY: usize = 3;
/// Pairs whose meetings are followed.
const FOLLOWED: usize = 400;
/// Lags at which all meetings are compared; further ones at distances that grow by a quarter.
const LAGS: usize = 32;

/// The pair that stands out most.
pub(in crate::values) fn in_place(numbers: &Numbers, rows: usize) -> Option<Rate> {
    let streams = numbers.streams.len();
    let places = numbers.aligned();
    if streams < 3 || places < PLACES || streams * streams * places > WORK {
        return None;
    }
    let at = |place: usize| numbers.streams.iter().map(move |stream| stream.ids[place]);
    let differs = |place: &usize| at(*place).any(|id| id != numbers.streams[0].ids[*place]);
    let live: Vec<usize> = (0..places).filter(differs).collect();
    if live.len() < PLACES {
        return None;
    }
    let table = Table::of(numbers, &live);
    let mut pairs: Vec<(usize, usize)> = ranks::pairs(streams).collect();
    let met = table.by_chance.iter().map(|place| place.meet).sum::<f64>();
    let often = met >= OFTEN;
    let counted = if often { 1 } else { rows };
    let elsewhere = pairs.par_iter().map(|&pair| table.elsewhere(pair));
    let elsewhere: Vec<f64> = elsewhere.collect();
    let usually = elsewhere.iter().sum::<f64>() / pairs.len() as f64;
    let usual = |pair: &(usize, usize)| table.won(*pair, counted, SHARES[USUAL], 1.0, 0.0);
    let won: Vec<f64> = pairs.par_iter().map(usual).collect();
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_by(|&x, &y| won[y].total_cmp(&won[x]));
    order.truncate(MEASURED);
    let told = |&at: &usize| {
        (
            at,
            table.told(
                pairs[at],
                counted,
                [elsewhere[at], usually, table.nearby(pairs[at], rows)],
            ),
        )
    };
    let told: Vec<(usize, f64)> = order.par_iter().map(told).collect();
    let (best, told) = told
        .into_iter()
        .reduce(|x, y| if y.1 > x.1 { y } else { x })?;
    let paid = (pairs.len() as f64).log2();
    let pair = pairs.swap_remove(best);
    let hang_together = if often || table.hold_on(pair) {
        let of_others = table.meetings_hang_together(&pairs);
        of_others.max(table.meetings_hang_together(&[pair]))
    } else if table.as_often_near(pair, numbers) {
        ranks::dependence(&ranks::scores(numbers, places))
    } else {
        1.0
    };
    Some(Rate {
        bits: told / hang_together - paid,
        streams: vec![pair.0, pair.1],
        values: table.in_common(pair),
        of: live.len() as u64,
        pairs: 1,
    })
}

/// What chance does at a place.
#[derive(Clone, Copy)]
struct ByChance {
    /// How often two streams are equal.
    meet: f64,
    /// The same, each value divided by how often it comes in all.
    weighted: f64,
}

/// The values at the places that tell streams apart.
struct Table {
    streams: Vec<Vec<u32>>,
    /// How often each value comes, as a share of all.
    share: Vec<f64>,
    by_chance: Vec<ByChance>,
}

impl Table {
    fn of(numbers: &Numbers, live: &[usize]) -> Self {
        let kept = |ids: &[u32]| -> Vec<u32> { live.iter().map(|&place| ids[place]).collect() };
        let streams = numbers.streams.iter().map(|stream| kept(&stream.ids));
        let streams: Vec<Vec<u32>> = streams.collect();
        let each = 1.0 / (streams.len() * live.len()) as f64;
        let mut share = vec![0.0; numbers.values.len()];
        let all = streams.iter().flatten();
        all.for_each(|&id| share[id as usize] += each);
        let everyone: Vec<usize> = (0..streams.len()).collect();
        let runs = numbers.by_run();
        let by_chance = |place: usize| {
            let among = |run: &Vec<usize>| {
                let own = run.iter().map(|&at| streams[at][place]);
                by_chance(own.collect(), &share)
            };
            // What a run is given, all of it meet in.
            let within = runs.iter().filter(|run| run.len() > 1).map(among);
            let (sum, count) = within.fold(([0.0; 2], 0.0f64), |(sum, count), of| {
                ([sum[0] + of.meet, sum[1] + of.weighted], count + 1.0)
            });
            let of_all = among(&everyone);
            ByChance {
                meet: of_all.meet.max(sum[0] / count.max(1.0)),
                weighted: of_all.weighted.max(sum[1] / count.max(1.0)),
            }
        };
        let by_chance = (0..live.len()).into_par_iter().map(by_chance).collect();
        Self {
            streams,
            share,
            by_chance,
        }
    }

    fn in_common(&self, (a, b): (usize, usize)) -> u64 {
        let both = self.streams[a].iter().zip(&self.streams[b]);
        both.filter(|(x, y)| x == y).count() as u64
    }

    /// The logarithm of what a bet on a share wins, chance divided away under the law that explains most. On what lies
    /// in one row with a value in common no bet is taken.
    fn won(&self, pair: (usize, usize), rows: usize, share: f64, more: f64, own: f64) -> f64 {
        let both = self.streams[pair.0].iter().zip(&self.streams[pair.1]);
        let wins = |chance: f64| (1.0 - share + share * chance).ln();
        let by_own = wins(own);
        let mut length = 0;
        let (mut against_places, mut against_streams) = (0.0, 0.0);
        for ((x, y), place) in both.zip(&self.by_chance) {
            length = if x == y { length + 1 } else { 0 };
            if length > 0 && (length - 1) % rows != 0 {
                continue;
            }
            let gain = match length {
                0 => (1.0 - share).ln(),
                _ => wins(1.0 / self.share[*x as usize]),
            };
            against_places += gain - wins(more * place.weighted);
            against_streams += gain - by_own;
        }
        f64::min(against_places, against_streams)
    }

    /// How often the values of two streams meet at unlike places, each divided by how often it comes in all.
    fn elsewhere(&self, (a, b): (usize, usize)) -> f64 {
        let (mut x, mut y) = (self.streams[a].clone(), self.streams[b].clone());
        let n = x.len() as f64;
        let both = x.iter().zip(&y).filter(|(x, y)| x == y);
        let here: f64 = both.map(|(x, _)| 1.0 / self.share[*x as usize]).sum();
        x.sort_unstable();
        y.sort_unstable();
        let mut rest = &y[..];
        let mut everywhere = 0.0;
        for same in x.chunk_by(|x, y| x == y) {
            rest = &rest[rest.partition_point(|id| *id < same[0])..];
            let others = rest.partition_point(|id| *id == same[0]);
            everywhere += (same.len() * others) as f64 / self.share[same[0] as usize];
        }
        (everywhere - here) / (n * (n - 1.0))
    }

    /// How often the values of two streams meet a few rows apart, where they do most, as [`Self::elsewhere`].
    fn nearby(&self, (a, b): (usize, usize), rows: usize) -> f64 {
        let at_lag = |lag: usize| {
            let both = |x: &[u32], y: &[u32]| -> f64 {
                let met = x[lag.min(x.len())..].iter().zip(y).filter(|(x, y)| x == y);
                met.map(|(x, _)| 1.0 / self.share[*x as usize]).sum()
            };
            let (x, y) = (&self.streams[a], &self.streams[b]);
            (both(x, y) + both(y, x)) / 2.0 / x.len().saturating_sub(lag).max(1) as f64
        };
        (1..=NEARBY)
            .map(|apart| at_lag(apart * rows))
            .fold(0.0, f64::max)
    }

    /// Bits that the meetings of a pair tell, as those of independent places.
    fn told(
        &self,
        pair: (usize, usize),
        rows: usize,
        [elsewhere, usually, nearby]: [f64; 3],
    ) -> f64 {
        let more = (elsewhere.max(1.0) / usually.max(1.0)).max(1.0);
        let own = elsewhere.max(nearby);
        let bets = SHARES
            .iter()
            .map(|share| self.won(pair, rows, *share, more, own));
        let most = bets.fold(0.0, f64::max);
        (most / LN_2 - (SHARES.len() as f64).log2()).max(0.0)
    }

    /// Whether streams keep what they have in common.
    fn hold_on(&self, (a, b): (usize, usize)) -> bool {
        let keeps = |ids: &[u32], place: usize| {
            let two = place.saturating_sub(1)..(place + 2).min(ids.len());
            ids[two].iter().filter(|id| **id == ids[place]).count() > 1
        };
        let (x, y) = (&self.streams[a], &self.streams[b]);
        let met = (0..x.len()).filter(|&place| x[place] == y[place]);
        let kept = met.filter(|&place| keeps(x, place) || keeps(y, place));
        4 * kept.count() as u64 >= self.in_common((a, b))
    }

    /// Whether two streams nearly meet at equal places as readily as they meet.
    fn as_often_near(&self, (a, b): (usize, usize), numbers: &Numbers) -> bool {
        let step = resolution(&numbers.values);
        let apart = |x: u32, y: u32| numbers.values[x as usize] - numbers.values[y as usize];
        let both = || self.streams[a].iter().zip(&self.streams[b]);
        let near = both().filter(|(x, y)| x != y && apart(**x, **y).abs() <= NEAR * step);
        4 * near.count() as u64 >= self.in_common((a, b))
    }

    /// For how many places the meetings of two streams count as one.
    fn meetings_hang_together(&self, pairs: &[(usize, usize)]) -> f64 {
        let n = self.by_chance.len();
        let followed = pairs.iter().step_by(pairs.len().div_ceil(FOLLOWED));
        // More than others a pair may meet everywhere: that is told, and how it comes and goes is asked here.
        let series = |&(a, b): &(usize, usize)| -> Vec<f64> {
            let both = self.streams[a].iter().zip(&self.streams[b]);
            let met = both.zip(&self.by_chance);
            let more = met.map(|((x, y), place)| f64::from(u8::from(x == y)) - place.meet);
            let more: Vec<f64> = more.collect();
            let mean = more.iter().sum::<f64>() / n as f64;
            more.into_iter().map(|more| more - mean).collect()
        };
        let series: Vec<Vec<f64>> = followed.map(series).collect();
        let at_lag = |lag: usize| {
            let of = move |row: &Vec<f64>| ranks::mean_product(&row[lag..], &row[..n - lag]);
            series.par_iter().map(of)
        };
        let squares: f64 = at_lag(0).sum();
        if squares == 0.0 {
            return 1.0;
        }
        let of_pairs = at_lag(0).map(|square| square * square).sum::<f64>().sqrt() / squares;
        let noise = 3.0 * of_pairs.max((self.streams.len() as f64).powf(-0.5)) / (n as f64).sqrt();
        let (mut sum, mut lag) = (1.0, 1);
        while lag <= n / 2 {
            let step = if lag < LAGS { 1 } else { lag / 4 };
            let correlation = at_lag(lag).sum::<f64>() / squares;
            if correlation > noise {
                sum += 2.0 * correlation * step as f64;
            }
            lag += step;
        }
        sum
    }
}

/// What two of these are equal in.
fn by_chance(mut ids: Vec<u32>, share: &[f64]) -> ByChance {
    let n = ids.len() as f64;
    ids.sort_unstable();
    let (mut meet, mut weighted) = (0.0, 0.0);
    for same in ids.chunk_by(|a, b| a == b) {
        let two = same.len() as f64 * (same.len() as f64 - 1.0) / (n * (n - 1.0));
        meet += two;
        weighted += two / share[same[0] as usize];
    }
    ByChance { meet, weighted }
}

#[cfg(test)]
mod tests;
