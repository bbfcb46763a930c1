//! Simulations as scientists and engineers run them.

use super::images::printed;
use crate::selftest::zoo::{
    draw::Draw,
    printout::Value,
    program::{Program, Worker},
};

/// Energies of an 8 × 8 Ising model, all spins up at first, a sweep of single flips a row.
fn ising(w: &mut Worker, magnetisation: bool) -> Vec<Value> {
    const SIDE: usize = 8;
    let mut spins = [[1_i64; SIDE]; SIDE];
    let mut energy = -2 * (SIDE * SIDE) as i64;
    let mut values = Vec::new();
    for _ in 0..w.shape.rows {
        for _ in 0..SIDE * SIDE {
            let (x, y) = (w.own.below(SIDE), w.own.below(SIDE));
            let around = spins[(x + 1) % SIDE][y]
                + spins[(x + SIDE - 1) % SIDE][y]
                + spins[x][(y + 1) % SIDE]
                + spins[x][(y + SIDE - 1) % SIDE];
            let change = 2 * spins[x][y] * around;
            if change <= 0 || w.own.chance((-0.4 * change as f64).exp()) {
                spins[x][y] *= -1;
                energy += change;
            }
        }
        values.push(Value::from(energy));
        if magnetisation {
            values.push(spins.iter().flatten().sum::<i64>().into());
        }
    }
    values
}

pub(super) const PROGRAMS: &[Program] = &[
    Program::new(
        "ising-energies",
        "energies of an Ising model, all spins up at first",
        &["energy"],
        |w| ising(w, false),
    )
    .may_meet(),
    Program::new(
        "ising-energy-and-magnetisation",
        "energy and magnetisation of an Ising model",
        &["energy", "magnetisation"],
        |w| ising(w, true),
    )
    .may_meet(),
    Program::new(
        "sgd-losses",
        "training losses from the same initial weights",
        &["loss"],
        |w| {
            let mut weight: f64 = 3.0;
            w.values(|own| {
                let loss = weight * weight + 0.1;
                weight -= 0.05 * (2.0 * weight + own.normal());
                loss
            })
        },
    )
    .may_meet(),
    Program::new(
        "losses-and-accuracies",
        "loss, accuracy in per cent and learning rate of each epoch",
        &["loss", "accuracy", "lr"],
        |w| {
            let mut loss = 2.3;
            let mut epoch = 0;
            w.rows(|own| {
                loss = 0.93 * loss + 0.02 * own.normal();
                epoch += 1;
                let accuracy = (100.0 * (-loss.abs()).exp()).round();
                [loss, accuracy, if epoch < 10 { 0.1 } else { 0.01 }]
            })
        },
    ),
    Program::new(
        "importance-weights",
        "importance weights of a batch of ten, normalised to sum to one",
        &["weight"],
        |w| {
            let mut all = w.own.list(w.shape.rows, |own| own.normal().exp());
            for batch in all.chunks_mut(10) {
                let total: f64 = batch.iter().sum();
                batch.iter_mut().for_each(|weight| *weight /= total);
            }
            printed(all)
        },
    )
    // A batch of one has the weight one.
    .may_meet(),
    Program::new(
        "particle-filter",
        "particles after resampling: many are equal",
        &["p1", "p2", "p3", "p4", "p5"],
        |w| {
            let mut particles: [f64; 5] = std::array::from_fn(|_| w.own.normal());
            w.rows(|own| {
                let weights = particles.map(|x| (-0.5 * x * x).exp());
                let moved = particles.map(|x| 0.9 * x + 0.3 * own.normal());
                particles = std::array::from_fn(|_| moved[own.weighted(&weights)]);
                particles
            })
        },
    ),
    Program::new(
        "photons",
        "photon paths: free length, angle, absorbed or not",
        &["length", "cosine", "absorbed"],
        |w| {
            w.rows(|own| {
                [
                    own.exponential(),
                    2.0 * own.unit() - 1.0,
                    f64::from(u8::from(own.chance(0.2))),
                ]
            })
        },
    ),
    Program::new(
        "percolation",
        "sizes of the cluster at the corner of an 8 × 8 grid",
        &["size"],
        |w| {
            w.values(|own| {
                let open = own.list(64, |own| own.chance(0.6));
                let mut reached = [false; 64];
                let mut front = if open[0] { vec![0_usize] } else { vec![] };
                while let Some(at) = front.pop() {
                    if !open[at] || std::mem::replace(&mut reached[at], true) {
                        continue;
                    }
                    front.extend((at % 8 > 0).then(|| at - 1));
                    front.extend((at % 8 < 7).then(|| at + 1));
                    front.extend((at >= 8).then(|| at - 8));
                    front.extend((at < 56).then(|| at + 8));
                }
                reached.iter().filter(|cell| **cell).count()
            })
        },
    )
    .may_meet(),
    Program::new(
        "kinetic-energies",
        "kinetic, potential and total energy of a gas at constant total",
        &["kinetic", "potential", "total"],
        |w| {
            w.rows(|own| {
                let kinetic = own.gamma(9.0);
                [kinetic, 20.0 - kinetic, 20.0]
            })
        },
    ),
    Program::new(
        "option-prices",
        "discounted payoffs and their running mean",
        &["payoff", "mean"],
        |w| {
            let (mut sum, mut n) = (0.0, 0.0);
            w.rows(|own| {
                let payoff = (100.0 * (0.2 * own.normal()).exp() - 100.0).max(0.0);
                sum += payoff;
                n += 1.0;
                [payoff, sum / n]
            })
        },
    )
    .may_meet(),
    Program::new(
        "rollouts",
        "observation, action, reward and whether the episode ended",
        &["observation", "action", "reward", "done"],
        |w| {
            let mut x = 0.0;
            w.rows(|own| {
                let action = f64::from(u8::from(own.chance(0.5)));
                x += action - 0.5 + 0.2 * own.normal();
                let done = x.abs() > 2.0;
                let row = [x, action, 1.0, f64::from(u8::from(done))];
                if done {
                    x = 0.0;
                }
                row
            })
        },
    ),
    Program::new(
        "cart-positions",
        "a simulated cart that every episode resets to a start of four own uniforms",
        &["x", "v", "angle", "spin"],
        |w| {
            let mut state = [0.0; 4];
            let mut at = 0;
            w.rows(|own| {
                if at % 9 == 0 {
                    state = std::array::from_fn(|_| own.between(-0.05, 0.05));
                }
                at += 1;
                let force = if own.chance(0.5) { 10.0 } else { -10.0 };
                let [x, v, angle, spin] = state;
                let push = (force + 0.05 * spin * spin * f64::sin(angle)) / 1.1;
                let twist = (9.8 * f64::sin(angle) - f64::cos(angle) * push) / 0.62;
                state = [
                    x + 0.02 * v,
                    v + 0.02 * push,
                    angle + 0.02 * spin,
                    spin + 0.02 * twist,
                ];
                state
            })
        },
    ),
    Program::new(
        "latencies-by-cache",
        "latencies in whole microseconds: hits alike, misses long",
        &["us"],
        |w| {
            w.values(|own: &mut Draw| match own.chance(0.8) {
                true => own.whole(11, 14),
                false => (100.0 * (1.0 + own.exponential())) as i64,
            })
        },
    )
    .may_meet(),
    Program::new(
        "tree-depths",
        "depth and number of leaves of randomly grown trees",
        &["depth", "leaves"],
        |w| {
            w.rows(|own| {
                let mut depths = vec![0_usize];
                for _ in 0..15 {
                    let leaf = own.below(depths.len());
                    let depth = depths.swap_remove(leaf) + 1;
                    depths.extend([depth, depth]);
                }
                [
                    depths.iter().copied().max().unwrap_or_default(),
                    depths.len(),
                ]
            })
        },
    )
    .may_meet(),
    Program::new(
        "coupled-replicas",
        "replica exchange: energies of three temperatures, swapped now and then",
        &["cold", "warm", "hot"],
        |w| {
            let mut energy = [1.0, 2.0, 4.0];
            w.rows(|own| {
                for (at, energy) in energy.iter_mut().enumerate() {
                    *energy = 0.8 * *energy + 0.2 * f64::from(1 << at) * own.gamma(2.0) / 2.0;
                }
                if own.chance(0.3) {
                    let at = own.below(2);
                    energy.swap(at, at + 1);
                }
                energy
            })
        },
    ),
];
