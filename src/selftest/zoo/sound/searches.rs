//! Searches: rows of unlike parameters, and what came of them.

use super::images::printed;
use crate::selftest::zoo::{draw::Draw, printout::Value, program::Program};

pub(super) const PROGRAMS: &[Program] = &[
    Program::new(
        "hyperparameters-7",
        "random search: learning rate, batch, layers, dropout, optimiser, momentum, decay",
        &[
            "lr",
            "batch",
            "layers",
            "dropout",
            "optimiser",
            "momentum",
            "decay",
        ],
        |w| {
            w.rows(|own| {
                [
                    own.log_between(1e-5, 1e-1).into(),
                    Value::Whole(own.choose(&[16, 32, 64, 128])),
                    own.whole(1, 6).into(),
                    own.between(0.0, 0.5).into(),
                    own.below(3).into(),
                    own.between(0.8, 0.99).into(),
                    own.log_between(1e-6, 1e-2).into(),
                ]
            })
        },
    ),
    Program::new(
        "hyperparameters-3",
        "random search: learning rate, depth, gamma",
        &["lr", "depth", "gamma"],
        |w| {
            w.rows(|own| {
                [
                    Value::Real(own.log_between(1e-4, 1.0)),
                    own.whole(2, 12).into(),
                    own.unit().into(),
                ]
            })
        },
    ),
    Program::new(
        "hyperparameters-conditional",
        "random search in which a parameter is zero where its kernel does not use it",
        &["kernel", "c", "degree", "gamma"],
        |w| {
            w.rows(|own| {
                let kernel = own.below(3);
                let degree = if kernel == 1 { own.whole(2, 5) } else { 0 };
                let gamma = if kernel == 0 {
                    0.0
                } else {
                    own.log_between(1e-3, 10.0)
                };
                [
                    Value::from(kernel),
                    own.log_between(0.1, 100.0).into(),
                    degree.into(),
                    gamma.into(),
                ]
            })
        },
    ),
    Program::new(
        "hyperparameters-rounded",
        "random search with two significant digits",
        &["lr", "l2"],
        |w| {
            w.rows(|own| {
                [(-5, -1), (-7, -2)].map(|(low, high)| {
                    let exponent = own.whole(low, high - 1);
                    let digits = own.whole(10, 99);
                    format!("{}.{}e{exponent}", digits / 10, digits % 10)
                        .parse::<f64>()
                        .unwrap_or_default()
                })
            })
        },
    )
    .may_meet(),
    Program::new(
        "grid-in-random-order",
        "a grid of 64 settings, each worker in its own order",
        &["lr", "depth", "seed"],
        |w| {
            let mut order = Vec::new();
            w.rows(|own| {
                if order.is_empty() {
                    order = own.permutation(64);
                }
                let at = order.pop().unwrap_or_default();
                [
                    Value::Real([0.001, 0.003, 0.01, 0.03][at % 4]),
                    (2 + at / 4 % 4).into(),
                    (at / 16).into(),
                ]
            })
        },
    )
    .may_meet(),
    Program::new(
        "evolution",
        "an evolution strategy: parent, child, fitness; the better one survives",
        &["parent", "child", "fitness"],
        |w| {
            let mut parent = w.own.between(-5.0, 5.0);
            w.rows(|own| {
                let child = parent + 0.5 * own.normal();
                let row = [parent, child, -child * child];
                if child.abs() < parent.abs() {
                    parent = child;
                }
                row
            })
        },
    ),
    Program::new(
        "annealing",
        "simulated annealing: temperature by a common schedule, state, energy",
        &["temperature", "state", "energy"],
        |w| {
            let (mut x, mut temperature) = (w.own.between(-3.0, 3.0), 2.0);
            let energy = |x: f64| x * x + 2.0 * (5.0 * x).cos();
            w.rows(|own| {
                temperature *= 0.97;
                let next = x + own.normal();
                if own.unit() < ((energy(x) - energy(next)) / temperature).exp() {
                    x = next;
                }
                [temperature, x, energy(x)]
            })
        },
    ),
    Program::new(
        "halving",
        "successive halving: budgets 1, 3, 9, and the score at each",
        &["budget", "score"],
        |w| {
            let mut at = 0;
            let mut quality = 0.0;
            w.rows(|own| {
                if at % 3 == 0 {
                    quality = own.unit();
                }
                at += 1;
                let budget = [1.0, 3.0, 9.0][(at - 1) % 3];
                [budget, quality + 0.1 * own.normal() / budget]
            })
        },
    ),
    Program::new(
        "trials-and-values",
        "trials of a black box: two parameters and the value found",
        &["x", "y", "f"],
        |w| {
            w.rows(|own| {
                let (x, y) = (own.between(-2.0, 2.0), own.between(-2.0, 2.0));
                [x, y, (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)]
            })
        },
    ),
    Program::new(
        "bandit",
        "Thompson sampling on four arms: arm and reward",
        &["arm", "reward"],
        |w| {
            let mut seen = [[1.0, 1.0]; 4];
            w.rows(|own| {
                let chances = seen.map(|[won, lost]| own.beta(won, lost));
                let arm = (0..4)
                    .max_by(|&a, &b| chances[a].total_cmp(&chances[b]))
                    .unwrap_or_default();
                let reward = own.chance([0.2, 0.4, 0.5, 0.7][arm]);
                seen[arm][usize::from(!reward)] += 1.0;
                [arm, usize::from(reward)]
            })
        },
    )
    .may_meet(),
    Program::new(
        "particle-swarm",
        "positions of three particles drawn to the best place so far",
        &["p1", "p2", "p3"],
        |w| {
            let mut place: [f64; 3] = std::array::from_fn(|_| w.own.between(-5.0, 5.0));
            let mut speed = [0.0; 3];
            let mut best = place[0];
            w.rows(|own| {
                for at in 0..3 {
                    speed[at] = 0.7 * speed[at] + 1.4 * own.unit() * (best - place[at]);
                    place[at] += speed[at] + 0.01 * own.normal();
                    if place[at].abs() < best.abs() {
                        best = place[at];
                    }
                }
                place
            })
        },
    ),
    Program::new(
        "random-restarts",
        "hill climbing with restarts: a new start every eight steps",
        &["x"],
        |w| {
            let (mut at, mut x) = (0, 0.0);
            w.values(|own| {
                x = if at % 8 == 0 {
                    own.between(-10.0, 10.0)
                } else {
                    0.8 * x + 0.1 * own.normal()
                };
                at += 1;
                x
            })
        },
    ),
    Program::new(
        "sensitivity-trajectories",
        "Morris' trajectories: one of four factors moves at a time, the others stay",
        &["f1", "f2", "f3", "f4"],
        |w| {
            let mut point = [0.0; 4];
            let mut left = Vec::new();
            let mut rows = Vec::new();
            for _ in 0..w.shape.rows {
                match left.pop() {
                    None => {
                        point = std::array::from_fn(|_| w.own.unit());
                        left = w.own.permutation(4);
                    }
                    Some(factor) => point[factor] = (point[factor] + 0.5).fract(),
                }
                rows.extend(point);
            }
            printed(rows)
        },
    ),
    Program::new(
        "saltelli-rows",
        "variance-based sensitivity: rows A, B, and A with one column of B",
        &["x", "y", "z"],
        |w| {
            let (mut a, mut b, mut at) = ([0.0; 3], [0.0; 3], 0);
            w.rows(|own: &mut Draw| {
                let which = at % 5;
                at += 1;
                match which {
                    0 => {
                        a = std::array::from_fn(|_| own.unit());
                        a
                    }
                    1 => {
                        b = std::array::from_fn(|_| own.unit());
                        b
                    }
                    swapped => std::array::from_fn(|d| if d == swapped - 2 { b[d] } else { a[d] }),
                }
            })
        },
    ),
];
