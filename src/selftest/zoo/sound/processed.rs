//! What is printed is not a draw any more: sorted, summed, averaged, held, ranked, windowed.

use super::images::printed;
use crate::selftest::zoo::{draw::Draw, program::Program};

pub(super) const PROGRAMS: &[Program] = &[
    Program::new(
        "running-mean",
        "the mean of all uniforms so far",
        &["mean"],
        |w| {
            let (mut sum, mut n) = (0.0, 0.0);
            w.values(|own| {
                sum += own.unit();
                n += 1.0;
                sum / n
            })
        },
    ),
    Program::new(
        "running-proportion",
        "the share of heads so far",
        &["share"],
        |w| {
            let (mut sum, mut n) = (0.0, 0.0);
            w.values(|own| {
                sum += own.below(2) as f64;
                n += 1.0;
                sum / n
            })
        },
    )
    .may_meet(),
    Program::new(
        "estimate-of-pi",
        "an estimate of pi after each hundred darts",
        &["pi"],
        |w| {
            let (mut hits, mut darts) = (0.0, 0.0);
            w.values(|own| {
                hits += own.binomial(100, std::f64::consts::FRAC_PI_4) as f64;
                darts += 100.0;
                4.0 * hits / darts
            })
        },
    )
    .may_meet(),
    Program::new(
        "cumulative-sums",
        "cumulative sums of exponentials",
        &["total"],
        |w| {
            let mut total = 0.0;
            w.values(|own| {
                total += own.exponential();
                total
            })
        },
    ),
    Program::new("best-so-far", "the smallest loss so far", &["best"], |w| {
        let mut best = f64::INFINITY;
        w.values(|own| {
            best = best.min(own.exponential());
            best
        })
    }),
    Program::new(
        "best-so-far-of-integers",
        "the highest score so far, of 0 to 999",
        &["best"],
        |w| {
            let mut best = 0;
            w.values(|own| {
                best = best.max(own.below(1_000));
                best
            })
        },
    )
    .may_meet(),
    Program::new(
        "sorted-output",
        "uniforms, sorted before they are printed",
        &["x"],
        |w| {
            let mut all = w.own.list(w.shape.rows, Draw::unit);
            all.sort_by(f64::total_cmp);
            printed(all)
        },
    ),
    Program::new(
        "sorted-integers",
        "identifiers below a million, sorted",
        &["id"],
        |w| {
            let mut all = w.own.list(w.shape.rows, |own| own.below(1_000_000));
            all.sort_unstable();
            printed(all)
        },
    )
    .may_meet(),
    Program::new(
        "sorted-batches",
        "batches of five normals, each sorted",
        &["x"],
        |w| {
            let mut all = w.own.list(w.shape.rows, Draw::normal);
            all.chunks_mut(5)
                .for_each(|batch| batch.sort_by(f64::total_cmp));
            printed(all)
        },
    ),
    Program::new(
        "time-stamps",
        "arrival times in seconds since the run's start",
        &["time"],
        |w| {
            let mut time = 1_795_000_000.0 + (w.shared.unit() * 1e6).floor();
            w.values(|own| {
                time += own.exponential();
                time
            })
        },
    ),
    Program::new(
        "time-stamps-in-milliseconds",
        "arrival times in whole milliseconds",
        &["time"],
        |w| {
            let mut time = 1_795_000_000_000 + w.shared.whole(0, 1_000_000);
            w.values(|own| {
                time += 1 + (1_000.0 * own.exponential()) as i64;
                time
            })
        },
    )
    .may_meet(),
    Program::new(
        "counter-with-noise",
        "the step's number with own noise",
        &["x"],
        |w| {
            let mut at = 0.0;
            w.values(|own| {
                at += 1.0;
                at + 0.3 * own.normal()
            })
        },
    ),
    Program::new(
        "counter-and-draw",
        "the step's number in a column beside the draw",
        &["step", "x"],
        |w| {
            let mut at = 0.0;
            w.rows(|own| {
                at += 1.0;
                [at, own.normal()]
            })
        },
    ),
    Program::new(
        "held-values",
        "each normal held for three samples",
        &["x"],
        |w| {
            let (mut held, mut left) = (0.0, 0);
            w.values(|own| {
                if left == 0 {
                    (held, left) = (own.normal(), 3);
                }
                left -= 1;
                held
            })
        },
    ),
    Program::new(
        "held-as-long-as-each-likes",
        "each normal held once to four times, as long in each worker as it drew at its start",
        &["reading"],
        |w| {
            let (mut held, mut left) = (0.0, 0);
            let mut length = 0;
            w.values(|own| {
                if length == 0 {
                    length = own.whole(1, 4);
                }
                if left == 0 {
                    (held, left) = (own.normal(), length);
                }
                left -= 1;
                held
            })
        },
    ),
    Program::new(
        "held-at-random",
        "a value that is held until its clock rings",
        &["x"],
        |w| {
            let mut held = w.own.unit();
            w.values(|own| {
                if own.chance(0.4) {
                    held = own.unit();
                }
                held
            })
        },
    ),
    Program::new(
        "moving-average",
        "moving averages of five normals",
        &["mean"],
        |w| {
            let mut window = w.own.list(5, Draw::normal);
            w.values(|own| {
                window.rotate_left(1);
                window[4] = own.normal();
                window.iter().sum::<f64>() / 5.0
            })
        },
    ),
    Program::new(
        "exponential-average",
        "exponential moving average of uniforms",
        &["mean"],
        |w| {
            let mut mean = 0.5;
            w.values(|own| {
                mean += 0.1 * (own.unit() - mean);
                mean
            })
        },
    ),
    Program::new(
        "overlapping-windows",
        "windows of four successive values of an own series, one step apart",
        &["x0", "x1", "x2", "x3"],
        |w| {
            let series = w.own.list(w.shape.rows + 3, Draw::normal);
            printed(series.windows(4).flatten().copied())
        },
    ),
    Program::new(
        "lagged-features",
        "a value with the values one and seven steps before",
        &["x", "lag1", "lag7"],
        |w| {
            let series = w.own.list(w.shape.rows + 7, Draw::unit);
            printed((7..series.len()).flat_map(|t| [series[t], series[t - 1], series[t - 7]]))
        },
    ),
    Program::new(
        "ring-buffer-snapshots",
        "the five places of a ring buffer, one overwritten each time",
        &["s0", "s1", "s2", "s3", "s4"],
        |w| {
            let mut ring: [f64; 5] = std::array::from_fn(|_| w.own.normal());
            let mut at = 0;
            w.rows(|own| {
                ring[at % 5] = own.normal();
                at += 1;
                ring
            })
        },
    ),
    Program::new(
        "differences",
        "differences of successive uniforms",
        &["d"],
        |w| {
            let mut last = w.own.unit();
            w.values(|own| {
                let next = own.unit();
                next - std::mem::replace(&mut last, next)
            })
        },
    ),
    Program::new(
        "ranks",
        "the ranks of the worker's own scores",
        &["rank"],
        |w| {
            let scores = w.own.list(w.shape.rows, Draw::normal);
            let rank = |x: &f64| scores.iter().filter(|y| *y < x).count();
            printed(scores.iter().map(rank))
        },
    )
    .may_meet(),
    Program::new(
        "normalised-batch",
        "normals with their own mean taken off and divided by their spread",
        &["z"],
        |w| {
            let all = w.own.list(w.shape.rows, Draw::normal);
            let n = all.len() as f64;
            let mean = all.iter().sum::<f64>() / n;
            let spread = (all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
            printed(all.iter().map(|x| (x - mean) / spread))
        },
    ),
    Program::new(
        "histograms",
        "counts of 50 uniforms in five bins",
        &["b1", "b2", "b3", "b4", "b5"],
        |w| {
            w.rows(|own| {
                let mut bins = [0_usize; 5];
                for _ in 0..50 {
                    bins[own.below(5)] += 1;
                }
                bins
            })
        },
    )
    .may_meet(),
    Program::new(
        "periodogram",
        "the periodogram of 16 own normals, of which frequencies k and 16 − k are equal",
        &["f1", "f2", "f3", "f4", "f12", "f13", "f14", "f15"],
        |w| {
            w.rows(|own| {
                let x = own.list(16, Draw::normal);
                let power = |k: f64| {
                    let (mut re, mut im) = (0.0, 0.0);
                    for (t, x) in x.iter().enumerate() {
                        let (s, c) = (std::f64::consts::TAU * k * t as f64 / 16.0).sin_cos();
                        re += x * c;
                        im += x * s;
                    }
                    re * re + im * im
                };
                [1.0, 2.0, 3.0, 4.0, 4.0, 3.0, 2.0, 1.0].map(power)
            })
        },
    ),
    Program::new(
        "drawdowns",
        "wealth, its peak so far, and the distance below it",
        &["wealth", "peak", "drawdown"],
        |w| {
            let (mut wealth, mut peak) = (1.0, 1.0);
            w.rows(|own| {
                wealth *= (0.02 * own.normal()).exp();
                peak = f64::max(peak, wealth);
                [wealth, peak, peak - wealth]
            })
        },
    ),
    Program::new(
        "checkpoints-twice",
        "each value is printed again, as the state from which the next step goes on",
        &["before", "after"],
        |w| {
            let mut state = w.own.normal();
            w.rows(|own| {
                let before = state;
                state = 0.5 * state + own.normal();
                [before, state]
            })
        },
    ),
];
