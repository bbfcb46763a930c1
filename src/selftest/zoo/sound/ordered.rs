//! Rows whose places are not alike, though each draw is: ordered, nested, or adding up to one.

use crate::selftest::zoo::{draw::Draw, program::Program};

/// So many values in ascending order.
pub(super) fn ascending<const N: usize>(mut values: [f64; N]) -> [f64; N] {
    values.sort_by(f64::total_cmp);
    values
}

fn uniforms<const N: usize>(own: &mut Draw) -> [f64; N] {
    std::array::from_fn(|_| own.unit())
}

/// The quantile of an ordered sample, at the nearest rank.
fn quantile(ordered: &[f64], q: f64) -> f64 {
    ordered[((ordered.len() - 1) as f64 * q).round() as usize]
}

pub(super) const PROGRAMS: &[Program] = &[
    Program::new(
        "ordered-pairs",
        "start and stop of a random interval, the smaller first",
        &["start", "stop"],
        |w| w.rows(|own| ascending(uniforms::<2>(own))),
    ),
    Program::new(
        "ordered-triples",
        "three random cut points in order",
        &["a", "b", "c"],
        |w| w.rows(|own| ascending(uniforms::<3>(own))),
    ),
    Program::new(
        "ordered-normals",
        "lower, middle and upper of three normal scores",
        &["low", "mid", "high"],
        |w| w.rows(|own| ascending(std::array::from_fn::<_, 3, _>(|_| own.normal()))),
    ),
    Program::new(
        "min-median-max",
        "minimum, median and maximum of nine uniform samples",
        &["min", "median", "max"],
        |w| {
            w.rows(|own| {
                let sample = ascending(uniforms::<9>(own));
                [sample[0], sample[4], sample[8]]
            })
        },
    ),
    Program::new(
        "order-statistics",
        "five uniforms sorted, as break points of a spline",
        &["k1", "k2", "k3", "k4", "k5"],
        |w| w.rows(|own| ascending(uniforms::<5>(own))),
    ),
    Program::new(
        "ordered-integers",
        "first and last index of a random slice of 10,000",
        &["from", "to"],
        |w| {
            w.rows(|own| {
                let (a, b) = (own.below(10_000), own.below(10_000));
                [a.min(b), a.max(b)]
            })
        },
    )
    .may_meet(),
    Program::new(
        "crop-boxes",
        "crop boxes in relative coordinates: left, top, right, bottom",
        &["x0", "y0", "x1", "y1"],
        |w| {
            w.rows(|own| {
                let [left, right] = ascending(uniforms::<2>(own));
                let [top, bottom] = ascending(uniforms::<2>(own));
                [left, top, right, bottom]
            })
        },
    ),
    Program::new(
        "crop-boxes-of-pixels",
        "crop boxes of a 640 × 480 picture in whole pixels",
        &["x0", "y0", "x1", "y1"],
        |w| {
            w.rows(|own| {
                let (a, b) = (own.below(641), own.below(641));
                let (c, d) = (own.below(481), own.below(481));
                [a.min(b), c.min(d), a.max(b), c.max(d)]
            })
        },
    )
    .may_meet(),
    Program::new(
        "crop-corners",
        "corner of a 224-pixel crop of a 256-pixel picture",
        &["top", "left"],
        |w| w.rows(|own| [own.below(33), own.below(33)]),
    )
    .may_meet(),
    Program::new(
        "random-resized-crops",
        "a crop's area and aspect give top, left, height and width in pixels",
        &["top", "left", "height", "width"],
        |w| {
            w.rows(|own| {
                let area = 224.0 * 224.0 * own.between(0.08, 1.0);
                let aspect = own.log_between(0.75, 4.0 / 3.0);
                let width = (area * aspect).sqrt().round().min(224.0) as usize;
                let height = (area / aspect).sqrt().round().min(224.0) as usize;
                [
                    own.below(225 - height),
                    own.below(225 - width),
                    height,
                    width,
                ]
            })
        },
    )
    .may_meet(),
    Program::new(
        "spacings",
        "a stick broken at three uniform points: four lengths that sum to one",
        &["p1", "p2", "p3", "p4"],
        |w| {
            w.rows(|own| {
                let [a, b, c] = ascending(uniforms::<3>(own));
                [a, b - a, c - b, 1.0 - c]
            })
        },
    ),
    Program::new(
        "interval-and-length",
        "an interval's start, length and end",
        &["start", "length", "end"],
        |w| {
            w.rows(|own| {
                let start = own.unit();
                let length = own.between(0.0, 1.0 - start);
                [start, length, start + length]
            })
        },
    ),
    Program::new(
        "mean-and-deviation",
        "mean, standard deviation and both confidence limits of twelve measurements",
        &["mean", "sd", "low", "high"],
        |w| {
            w.rows(|own| {
                let sample = own.list(12, Draw::normal);
                let mean = sample.iter().sum::<f64>() / 12.0;
                let sd = (sample.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 11.0).sqrt();
                let half = 2.201 * sd / 12f64.sqrt();
                [mean, sd, mean - half, mean + half]
            })
        },
    ),
    Program::new(
        "quantiles",
        "the 10th, 50th and 90th percentile of 20 response times",
        &["p10", "p50", "p90"],
        |w| {
            w.rows(|own| {
                let mut times = own.list(20, Draw::exponential);
                times.sort_by(f64::total_cmp);
                [0.1, 0.5, 0.9].map(|q| quantile(&times, q))
            })
        },
    ),
    Program::new(
        "dirichlet",
        "class proportions from a Dirichlet law of five classes",
        &["c1", "c2", "c3", "c4", "c5"],
        |w| {
            w.rows(|own| {
                let parts: [f64; 5] = std::array::from_fn(|_| own.gamma(0.7));
                let total: f64 = parts.iter().sum();
                parts.map(|part| part / total)
            })
        },
    ),
    Program::new(
        "softmax",
        "class probabilities: the softmax of four normal scores",
        &["p1", "p2", "p3", "p4"],
        |w| {
            w.rows(|own| {
                let scores: [f64; 4] = std::array::from_fn(|_| own.normal().exp());
                let total: f64 = scores.iter().sum();
                scores.map(|score| score / total)
            })
        },
    ),
    Program::new(
        "one-hot-rows",
        "a class label as a row of eight indicators",
        &["a", "b", "c", "d", "e", "f", "g", "h"],
        |w| {
            w.rows(|own| {
                let class = own.below(8);
                std::array::from_fn::<_, 8, _>(|at| at == class)
            })
        },
    )
    .may_meet(),
];
