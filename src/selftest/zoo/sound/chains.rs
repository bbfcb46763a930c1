//! Chains: what is printed next depends on what was printed before.

use super::images::printed;
use crate::selftest::zoo::{draw::Draw, program::Program};

pub(super) const PROGRAMS: &[Program] = &[
    Program::new("walk-of-coins", "a ±1 random walk", &["x"], |w| {
        let mut x = 0;
        w.values(|own| {
            x += own.step();
            x
        })
    })
    .may_meet(),
    Program::new(
        "lazy-walk",
        "a ±1 walk that stays with probability 0.7",
        &["x"],
        |w| {
            let mut x = 0;
            w.values(|own| {
                if own.chance(0.3) {
                    x += own.step();
                }
                x
            })
        },
    )
    .may_meet(),
    Program::new(
        "absorbed-walk",
        "a gambler's fortune from 5, until it is 0 or 10",
        &["x"],
        |w| {
            let mut x = 5;
            w.values(|own| {
                if x > 0 && x < 10 {
                    x += own.step();
                }
                x
            })
        },
    )
    .may_meet(),
    Program::new(
        "reflected-walk",
        "a queue's length: ±1, never below 0",
        &["length"],
        |w| {
            let mut x = 0;
            w.values(|own| {
                x = (x + own.step()).max(0);
                x
            })
        },
    )
    .may_meet(),
    Program::new(
        "gaussian-walk",
        "a random walk with normal steps",
        &["x"],
        |w| {
            let mut x = 0.0;
            w.values(|own| {
                x += own.normal();
                x
            })
        },
    ),
    Program::new(
        "walk-in-the-plane",
        "Brownian motion in the plane",
        &["x", "y"],
        |w| {
            let mut place = [0.0; 2];
            w.rows(|own| {
                let step = own.normals();
                place = [place[0] + step[0], place[1] + step[1]];
                place
            })
        },
    ),
    Program::new(
        "lattice-walk",
        "a walk on the square lattice",
        &["x", "y"],
        |w| {
            let mut place = [0_i64; 2];
            w.rows(|own| {
                place[own.below(2)] += own.step();
                place
            })
        },
    )
    .may_meet(),
    Program::new("levy-flight", "a walk with Cauchy steps", &["x"], |w| {
        let mut x = 0.0;
        w.values(|own| {
            x += (std::f64::consts::PI * (own.open_unit() - 0.5)).tan();
            x
        })
    }),
    Program::new(
        "price-path",
        "a geometric Brownian motion from 100",
        &["price"],
        |w| {
            let mut price = 100.0;
            w.values(|own| {
                price *= (0.01 * own.normal()).exp();
                price
            })
        },
    ),
    Program::new(
        "ar1",
        "an autoregressive chain with coefficient 0.9",
        &["x"],
        |w| {
            let mut x = 0.0;
            w.values(|own| {
                x = 0.9 * x + own.normal();
                x
            })
        },
    ),
    Program::new(
        "ar2-cycle",
        "an AR(2) chain that swings about every twelve steps",
        &["x"],
        |w| {
            let mut past = [0.0; 2];
            w.values(|own| {
                let x = 1.65 * past[0] - 0.9 * past[1] + own.normal();
                past = [x, past[0]];
                x
            })
        },
    ),
    Program::new("moving-average-process", "an MA(1) process", &["x"], |w| {
        let mut before = w.own.normal();
        w.values(|own| {
            let now = own.normal();
            now + 0.8 * std::mem::replace(&mut before, now)
        })
    }),
    Program::new(
        "garch",
        "returns whose variance follows their squares",
        &["return"],
        |w| {
            let (mut variance, mut last) = (1.0, 0.0);
            w.values(|own| {
                variance = 0.05 + 0.1 * last * last + 0.85 * variance;
                last = f64::sqrt(variance) * own.normal();
                last
            })
        },
    ),
    Program::new(
        "ornstein-uhlenbeck",
        "a particle's position and velocity in a potential",
        &["position", "velocity"],
        |w| {
            let (mut x, mut v) = (0.0, 0.0);
            w.rows(|own| {
                v += -0.1 * x - 0.2 * v + 0.3 * own.normal();
                x += 0.1 * v;
                [x, v]
            })
        },
    ),
    Program::new(
        "metropolis",
        "a Metropolis chain on a normal law; rejected steps repeat the state",
        &["x"],
        |w| {
            let mut x = w.own.normal();
            w.values(|own| {
                let next = x + 2.4 * own.normal();
                if own.unit() < (0.5 * (x * x - next * next)).exp() {
                    x = next;
                }
                x
            })
        },
    ),
    Program::new(
        "metropolis-from-zero",
        "a Metropolis chain that all workers start at zero and that seldom moves",
        &["x"],
        |w| {
            let mut x: f64 = 0.0;
            w.values(|own| {
                let next = x + 8.0 * own.normal();
                if own.unit() < (0.5 * (x * x - next * next)).exp() {
                    x = next;
                }
                x
            })
        },
    )
    .may_meet(),
    Program::new(
        "gibbs",
        "a Gibbs sampler of two correlated normals",
        &["x", "y"],
        |w| {
            let (mut x, mut y) = (0.0, 0.0);
            w.rows(|own| {
                let [a, b] = own.normals();
                x = 0.9 * y + 0.436 * a;
                y = 0.9 * x + 0.436 * b;
                [x, y]
            })
        },
    ),
    Program::new(
        "sticky-chain",
        "a state of five that stays with probability 0.95",
        &["state"],
        |w| {
            let mut state = w.own.below(5);
            w.values(|own| {
                if own.chance(0.05) {
                    state = own.below(5);
                }
                state
            })
        },
    )
    .may_meet(),
    Program::new(
        "regime-switching",
        "calm and wild regimes, which switch seldom",
        &["regime", "return"],
        |w| {
            let mut wild = false;
            w.rows(|own| {
                wild ^= own.chance(0.05);
                let scale = if wild { 4.0 } else { 1.0 };
                [f64::from(u8::from(wild)), scale * own.normal()]
            })
        },
    ),
    Program::new("telegraph", "a random telegraph signal", &["level"], |w| {
        let mut on = w.own.chance(0.5);
        w.values(|own| {
            on ^= own.chance(0.1);
            on
        })
    })
    .may_meet(),
    Program::new(
        "waiting-times",
        "waiting times in a queue with one server (Lindley)",
        &["wait"],
        |w| {
            let mut wait = 0.0;
            w.values(|own| {
                wait = f64::max(0.0, wait + 0.9 * own.exponential() - own.exponential());
                wait
            })
        },
    )
    .may_meet(),
    Program::new(
        "chaotic-map",
        "the logistic map from an own random start: no draws after the first",
        &["x"],
        |w| {
            let mut x = w.own.between(0.05, 0.95);
            printed((0..w.shape.rows).map(|_| {
                x = 4.0 * x * (1.0 - x);
                x
            }))
        },
    ),
    Program::new(
        "markov-text",
        "tokens of a chain whose transition table all workers have",
        &["token"],
        |w| {
            let table = w.job.list(50, |job| job.list(3, |job| job.below(50)));
            let mut token = w.own.below(50);
            w.values(|own| {
                token = own.choose(&table[token]);
                token
            })
        },
    )
    .may_meet(),
    Program::new(
        "renewals",
        "the phase of a clock that restarts at random",
        &["phase"],
        |w| {
            let mut phase = 0_i64;
            w.values(|own| {
                phase = if own.chance(0.1) { 0 } else { phase + 1 };
                phase
            })
        },
    )
    .may_meet(),
    Program::new(
        "hamiltonian-monte-carlo",
        "position, energy and acceptance of a Hamiltonian chain",
        &["x", "energy", "accepted"],
        |w| {
            let mut x = w.own.normal();
            w.rows(|own| {
                let momentum = own.normal();
                let (sine, cosine) = (0.8 + 0.4 * own.unit()).sin_cos();
                let next = x * cosine + momentum * sine + 0.05 * own.normal();
                let accepted = own.unit() < (0.5 * (x * x - next * next)).exp();
                if accepted {
                    x = next;
                }
                [x, 0.5 * x * x, f64::from(u8::from(accepted))]
            })
        },
    ),
    Program::new(
        "stick-slip",
        "strain that builds up by own small steps and is set to zero when it slips",
        &["strain"],
        |w| {
            let mut strain = w.own.unit();
            w.values(|own: &mut Draw| {
                strain += 0.1 * own.exponential();
                if strain > 1.0 {
                    strain = 0.0;
                }
                strain
            })
        },
    )
    .may_meet(),
];
