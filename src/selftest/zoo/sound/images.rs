//! One draw, several numbers: antithetic pairs, powers, transforms.

use crate::selftest::zoo::{draw::Draw, printout::Value, program::Program};

/// The values, as they are printed.
pub(super) fn printed<V: Into<Value>>(values: impl IntoIterator<Item = V>) -> Vec<Value> {
    values.into_iter().map(Into::into).collect()
}

pub(super) const PROGRAMS: &[Program] = &[
    Program::new(
        "antithetic-adjacent",
        "antithetic variates: u, then 1 − u",
        &["u", "mirror"],
        |w| {
            w.rows(|own| {
                let u = own.unit();
                [u, 1.0 - u]
            })
        },
    ),
    Program::new(
        "antithetic-halves",
        "antithetic variates: all u first, then all 1 − u",
        &["u"],
        |w| {
            let first = w.own.list(w.shape.rows.div_ceil(2), Draw::unit);
            let second: Vec<f64> = first.iter().map(|u| 1.0 - u).collect();
            printed(first.into_iter().chain(second).take(w.shape.rows))
        },
    ),
    Program::new(
        "antithetic-lag",
        "antithetic variates in blocks of seven",
        &["u"],
        |w| {
            let mut all = Vec::new();
            while all.len() < w.shape.rows {
                let block = w.own.list(7, Draw::unit);
                all.extend(block.iter().copied().chain(block.iter().map(|u| 1.0 - u)));
            }
            all.truncate(w.shape.rows);
            printed(all)
        },
    ),
    Program::new(
        "antithetic-normals",
        "antithetic normals: z, then −z",
        &["z", "mirror"],
        |w| {
            w.rows(|own| {
                let z = own.normal();
                [z, -z]
            })
        },
    ),
    Program::new(
        "antithetic-paths",
        "two price paths a row, one from z and the other from −z",
        &["path", "mirror"],
        |w| {
            let (mut up, mut down) = (100.0, 100.0);
            w.rows(|own| {
                let z = 0.02 * own.normal();
                up *= (z - 0.0002_f64).exp();
                down *= (-z - 0.0002_f64).exp();
                [up, down]
            })
        },
    ),
    Program::new(
        "antithetic-workers",
        "a worker simulates pairs of agents, the second with mirrored draws, agent after agent",
        &["a", "b", "c"],
        |w| {
            let mut kept = [0.0; 3];
            let mut mirrored = true;
            w.rows(|own| {
                mirrored = !mirrored;
                if mirrored {
                    return kept.map(|u| 1.0 - u);
                }
                kept = std::array::from_fn(|_| own.unit());
                kept
            })
        },
    ),
    Program::new(
        "powers",
        "u, its square and its root, as features of one draw",
        &["u", "square", "root"],
        |w| {
            w.rows(|own| {
                let u = own.unit();
                [u, u * u, u.sqrt()]
            })
        },
    ),
    Program::new(
        "inverse-transforms",
        "one uniform and its exponential, logistic and Weibull images",
        &["u", "exponential", "logistic", "weibull"],
        |w| {
            w.rows(|own| {
                let u = own.open_unit();
                let e = -u.ln();
                [u, e, (u / (1.0 - u)).ln(), e.sqrt()]
            })
        },
    ),
    Program::new(
        "call-and-put",
        "call and put payoffs of the same simulated price",
        &["price", "call", "put"],
        |w| {
            w.rows(|own| {
                let price: f64 = 100.0 * (0.2 * own.normal() - 0.02).exp();
                [price, (price - 100.0).max(0.0), (100.0 - price).max(0.0)]
            })
        },
    ),
    Program::new(
        "units-of-temperature",
        "one reading in Celsius and in Fahrenheit",
        &["celsius", "fahrenheit"],
        |w| {
            w.rows(|own| {
                let celsius = 15.0 + 8.0 * own.normal();
                [celsius, 32.0 + 1.8 * celsius]
            })
        },
    ),
    Program::new(
        "integer-and-fraction",
        "a real number, its whole part and its fraction",
        &["x", "whole", "fraction"],
        |w| {
            w.rows(|own| {
                let x = own.between(0.0, 50.0);
                [x, x.floor(), x.fract()]
            })
        },
    ),
    Program::new(
        "mirror-images-of-a-row",
        "a row of three draws followed by the same row backwards",
        &["a", "b", "c", "c2", "b2", "a2"],
        |w| {
            w.rows(|own| {
                let [a, b, c] = std::array::from_fn(|_| own.unit());
                [a, b, c, c, b, a]
            })
        },
    ),
    Program::new(
        "predictions-of-an-ensemble",
        "four members' predictions of one drawn input",
        &["m1", "m2", "m3", "m4"],
        |w| {
            w.rows(|own| {
                let x = own.normal();
                [0.9 * x + 0.1, 1.1 * x - 0.1, x.tanh(), x]
            })
        },
    ),
    Program::new(
        "draws-before-and-after",
        "raw draws of a block of ten, then the same block sorted",
        &["x"],
        |w| {
            let mut all = Vec::new();
            while all.len() < w.shape.rows {
                let mut block = w.own.list(10, Draw::unit);
                all.extend(&block);
                block.sort_by(f64::total_cmp);
                all.extend(block);
            }
            all.truncate(w.shape.rows);
            printed(all)
        },
    ),
];
