//! A signal that all streams of a run follow, each with noise of its own.
//!
//! What all streams have in common at a place is the mean of their ranks, each among its stream's own. Of S independent
//! streams its variance is 1/S of that of one, however a stream depends on itself; a signal adds to it. A trend, a
//! period or a schedule of few turns is none: only the part counts that the means before it do not foretell, by least
//! squares. What all runs have in common at a place is its law, and is left out where there are several runs. The sum
//! of squares that is left is held against that of independent streams (Chernoff's bound for normal ones), for as many
//! places as streams of so long-tailed ranks tell.
//!
//! A list that all workers go through (items, cities, prices) looks so in a single run: suspect, as an input.

use super::{
    Rate,
    own_ranks::{own_ranked, standardised, steps_ranked},
};
use crate::values::{columns::column, numbers::Numbers};

/// Places from which on a signal is told from a trend.
const PLACES: usize = 48;
/// Places before one that may foretell it.
const BEFORE: usize = 32;
/// The fourth power of a uniform rank of variance one, on the average.
const OF_RANKS: f64 = 1.8;

/// Columns that are looked at.
const COLUMNS: usize = 16;

/// What all streams of each run follow in one of so many columns: of its values, or of their steps.
pub(in crate::values) fn common_signal(numbers: &Numbers, columns: usize) -> Option<Rate> {
    let looked_at = (0..columns.min(COLUMNS)).map(|at| column(numbers, at, columns));
    let views = looked_at
        .filter(|column| column.aligned() >= PLACES)
        .flat_map(|column| [own_ranked(&column), steps_ranked(&column)]);
    Rate::strongest(views.filter_map(|view| of(&view)), 2 * columns)
}

fn of(ranks: &Numbers) -> Option<Rate> {
    let scored = |run: Vec<usize>| -> Vec<Vec<f64>> {
        let streams = run.iter().map(|&at| &ranks.streams[at].ids);
        streams.filter_map(|ids| standardised(ids)).collect()
    };
    let runs: Vec<Vec<Vec<f64>>> = ranks.by_run().into_iter().map(scored).collect();
    let runs: Vec<Vec<Vec<f64>>> = runs.into_iter().filter(|run| run.len() > 1).collect();
    let places = runs.first()?.first()?.len();
    let mean = |rows: &[Vec<f64>]| -> Vec<f64> {
        let at = |place| rows.iter().map(|row: &Vec<f64>| row[place]).sum::<f64>();
        (0..places)
            .map(|place| at(place) / rows.len() as f64)
            .collect()
    };
    let means: Vec<Vec<f64>> = runs.iter().map(|run| mean(run)).collect();
    // One run has no other to tell the law of a place.
    let free = (runs.len().max(2) - 1) as f64;
    let law = match runs.len() {
        1 => vec![0.0; places],
        _ => mean(&means),
    };
    // How often more than that of independent streams what is left of a run's means is.
    let (mut more, mut agreement, mut fourth) = (0.0, 0.0, 0.0f64);
    for (run, means) in runs.iter().zip(&means) {
        let own: Vec<f64> = means.iter().zip(&law).map(|(x, law)| x - law).collect();
        let streams = run.len() as f64;
        let alone = if runs.len() > 1 {
            free / runs.len() as f64
        } else {
            1.0
        };
        let times = streams * not_foretold(&own) / alone;
        more += times / runs.len() as f64;
        agreement += (times - 1.0) / (streams - 1.0) / runs.len() as f64;
        let powers = run.iter().flatten().map(|x| x.powi(4)).sum::<f64>();
        fourth = fourth.max(powers / streams / places as f64);
    }
    let effective =
        (places - 2 * before(places) - 1) as f64 * free * OF_RANKS / fourth.max(OF_RANKS);
    let told = (more > 1.0).then(|| effective / 2.0 * (more - 1.0 - more.ln()));
    let streams = (0..ranks.streams.len()).collect();
    Some(Rate {
        streams,
        ..Rate::of_pair(told? / std::f64::consts::LN_2, (0, 1), agreement, places)
    })
}

fn before(places: usize) -> usize {
    (places / 6).min(BEFORE)
}

/// The mean square of what is left of a series when what a constant and the values before foretell is taken away.
fn not_foretold(series: &[f64]) -> f64 {
    let before = before(series.len());
    let mut left = series[before..].to_vec();
    let constant = vec![1.0; left.len()];
    let lagged = (1..=before).map(|lag| series[before - lag..series.len() - lag].to_vec());
    let product = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(a, b)| a * b).sum::<f64>();
    let take = |from: &mut Vec<f64>, along: &[f64], square: f64| {
        let part = product(from, along) / square;
        from.iter_mut().zip(along).for_each(|(x, y)| *x -= part * y);
    };
    // Gram and Schmidt's way, one direction after the other.
    let mut directions: Vec<(Vec<f64>, f64)> = Vec::new();
    for mut next in std::iter::once(constant).chain(lagged) {
        let whole = product(&next, &next);
        for (known, square) in &directions {
            take(&mut next, known, *square);
        }
        let square = product(&next, &next);
        if square > 1e-9 * whole {
            take(&mut left, &next, square);
            directions.push((next, square));
        }
    }
    product(&left, &left) / (left.len() - directions.len()) as f64
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::{
        results::SUSPECT,
        values::rates::chance::{self, claims_no_more},
    };

    const PLACES: usize = 200;

    struct Drawn {
        own: f64,
        of_run: f64,
        of_all: f64,
        place: usize,
        before: f64,
    }

    /// So many runs of streams of numbers.
    fn numbers(
        source: &mut ChaCha8Rng,
        (runs, workers): (u32, u32),
        value: impl Fn(Drawn) -> f64,
    ) -> Numbers {
        let list = |source: &mut ChaCha8Rng| -> Vec<f64> {
            (0..PLACES).map(|_| source.random()).collect()
        };
        let of_all = list(source);
        let mut streams = Vec::new();
        for run in 0..runs {
            let of_run = list(source);
            for worker in 0..workers {
                let mut before = 0.0;
                let own = (0..PLACES).map(|place| {
                    before = value(Drawn {
                        own: source.random(),
                        of_run: of_run[place],
                        of_all: of_all[place],
                        place,
                        before,
                    });
                    before
                });
                streams.push((run, worker, own.collect::<Vec<f64>>()));
            }
        }
        chance::numbers(&streams)
    }

    #[test]
    fn a_signal_in_all_streams_is_seen() {
        let mut source = ChaCha8Rng::seed_from_u64(1);
        for shape in [(1, 4), (1, 12), (3, 4)] {
            let found = numbers(&mut source, shape, |drawn| drawn.of_run + drawn.own);
            let found = common_signal(&found, 1).expect("long enough");
            assert!(found.bits > SUSPECT, "{shape:?}: {found:?}");
            assert!((35..65).contains(&found.values), "{shape:?}: {found:?}");
            let walks = numbers(&mut source, shape, |drawn| {
                drawn.before + drawn.of_run + 0.5 * drawn.own - 0.75
            });
            let found = common_signal(&walks, 1).expect("long enough");
            assert!(found.bits > SUSPECT, "{shape:?}: {found:?}");
        }
        // The same list in all runs is the law of its places.
        let listed = numbers(&mut source, (3, 4), |drawn| drawn.of_all + drawn.own);
        assert!(common_signal(&listed, 1).is_none_or(|found| found.bits < 10.0));
    }

    /// b bits are claimed of streams without a signal in no more than a share of 2^−b: independent values, rare events,
    /// walks, values that are held, a trend, rows of unlike columns, a wave.
    #[test]
    fn chance_and_schedules_claim_no_more_than_they_should() {
        const TIMES: usize = 200;
        type Value = fn(Drawn) -> f64;
        let laws: [Value; 7] = [
            |drawn| drawn.own,
            |drawn| f64::from(drawn.own < 0.02),
            |drawn| drawn.before + drawn.own - 0.5,
            |drawn| match drawn.own < 0.03 {
                true => 33.0 * drawn.own,
                false => drawn.before,
            },
            |drawn| 0.02 * drawn.place as f64 + drawn.own,
            |drawn| (drawn.place % 5 * drawn.place % 5) as f64 + drawn.own,
            |drawn| 2.0 * (drawn.place as f64 / 9.0).sin() + drawn.own,
        ];
        let mut source = ChaCha8Rng::seed_from_u64(2);
        for (law, value) in laws.into_iter().enumerate() {
            for shape in [(1, 2), (1, 9), (3, 4)] {
                let claims: Vec<f64> = (0..TIMES)
                    .filter_map(|_| common_signal(&numbers(&mut source, shape, value), 1))
                    .map(|rate| rate.bits)
                    .collect();
                assert!(
                    claims.iter().all(|bits| *bits < SUSPECT),
                    "law {law}: {claims:?}"
                );
                claims_no_more(claims, TIMES, &format!("law {law} of {shape:?}"));
            }
        }
    }
}
