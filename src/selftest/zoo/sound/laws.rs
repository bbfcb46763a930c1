//! Independent draws of many laws, and laws with atoms.

use std::f64::consts::PI;

use crate::selftest::zoo::{draw::Draw, program::Program};

pub(super) const PROGRAMS: &[Program] = &[
    Program::new("uniforms", "uniforms of 53 bits", &["u"], |w| {
        w.values(Draw::unit)
    }),
    Program::new("normals", "standard normals", &["z"], |w| {
        w.values(Draw::normal)
    }),
    Program::new("words", "64-bit words", &["word"], |w| {
        w.values(|own| own.word().to_string())
    }),
    Program::new("words-of-32-bits", "32-bit words", &["word"], |w| {
        w.values(|own| (own.word() >> 32) as i64)
    })
    .may_meet(),
    Program::new("exponentials", "exponential waiting times", &["t"], |w| {
        w.values(Draw::exponential)
    }),
    Program::new("gamma", "gamma variates of shape 0.4", &["g"], |w| {
        w.values(|own| own.gamma(0.4))
    }),
    Program::new("beta", "beta variates", &["b"], |w| {
        w.values(|own| own.beta(2.0, 5.0))
    }),
    Program::new(
        "beta-with-own-shape",
        "beta variates whose shape each worker has drawn",
        &["b"],
        |w| {
            let shape = 0.2 + w.own.exponential();
            w.values(|own| own.beta(shape, 1.0))
        },
    ),
    Program::new("log-normals", "log-normal latencies", &["ms"], |w| {
        w.values(|own| (2.0 + own.normal()).exp())
    }),
    Program::new("cauchy", "Cauchy variates", &["x"], |w| {
        w.values(|own| (PI * (own.open_unit() - 0.5)).tan())
    }),
    Program::new("pareto", "Pareto incomes", &["income"], |w| {
        w.values(|own| 1_000.0 * own.open_unit().powf(-0.6))
    }),
    Program::new("laplace", "Laplace noise for privacy", &["noise"], |w| {
        w.values(|own| own.exponential() - own.exponential())
    }),
    Program::new("triangular", "sums of two uniforms", &["x"], |w| {
        w.values(|own| own.unit() + own.unit())
    }),
    Program::new(
        "maximum-of-ten",
        "the largest of ten uniforms",
        &["x"],
        |w| w.values(|own| own.list(10, Draw::unit).into_iter().fold(0.0, f64::max)),
    ),
    Program::new(
        "uniforms-of-own-range",
        "uniforms from 0 to an own bound",
        &["x"],
        |w| {
            let bound = w.own.log_between(1.0, 100.0);
            w.values(|own| bound * own.unit())
        },
    ),
    Program::new(
        "mixture-with-atoms",
        "zero, one or in between: beta values with atoms",
        &["share"],
        |w| {
            w.values(|own| match own.below(4) {
                0 => 0.0,
                1 => 1.0,
                _ => own.beta(2.0, 2.0),
            })
        },
    )
    .may_meet(),
    Program::new("censored", "rectified normals: max(0, z)", &["x"], |w| {
        w.values(|own| own.normal().max(0.0))
    })
    .may_meet(),
    Program::new(
        "censored-at-both-ends",
        "actions clipped to −1 … 1",
        &["action"],
        |w| w.values(|own| (1.5 * own.normal()).clamp(-1.0, 1.0)),
    )
    .may_meet(),
    Program::new(
        "rain",
        "daily rain: none on most days, in tenths of a millimetre else",
        &["mm"],
        |w| {
            let mut wet = false;
            w.values(|own| {
                wet = own.chance(if wet { 0.6 } else { 0.2 });
                if wet {
                    (80.0 * own.exponential()).round() / 10.0
                } else {
                    0.0
                }
            })
        },
    )
    .may_meet(),
    Program::new(
        "survival-times",
        "survival times, cut off at the end of the study, and whether they were",
        &["time", "died"],
        |w| {
            w.rows(|own| {
                let time = 3.0 * own.exponential();
                [time.min(4.0), f64::from(u8::from(time <= 4.0))]
            })
        },
    )
    .may_meet(),
    Program::new(
        "two-clusters",
        "points of two far clusters, chosen by a coin",
        &["x", "y"],
        |w| {
            w.rows(|own| {
                let centre = 10.0 * own.step() as f64;
                own.normals().map(|x| centre + 0.1 * x)
            })
        },
    ),
    Program::new(
        "heavy-repeats",
        "a loss that is 0.5 exactly in nine of ten cases",
        &["loss"],
        |w| w.values(|own| if own.chance(0.9) { 0.5 } else { own.unit() }),
    )
    .may_meet(),
    Program::new(
        "tiny-and-huge",
        "numbers over sixty orders of magnitude",
        &["x"],
        |w| w.values(|own| own.log_between(1e-30, 1e30)),
    ),
];
