//! Flaws. Each comes in strengths, of which each holds all that the weaker ones hold: they are planted
//! in the same draws, with the same choices.

use super::{base::Base, field::Field};
use crate::selftest::zoo::draw::Draw;

/// How much of a flaw there is.
#[derive(Clone, Copy, Debug)]
pub struct Strength {
    /// As it stands in a name.
    pub name: &'static str,
    /// In the unit of the flaw.
    pub amount: f64,
}

pub(super) const fn strength(name: &'static str, amount: f64) -> Strength {
    Strength { name, amount }
}

/// A flaw of seeding.
#[derive(Clone, Copy, Debug)]
pub struct Flaw {
    /// A stable name.
    pub id: &'static str,
    /// What went wrong, and what a strength says.
    pub summary: &'static str,
    /// From the weakest to the strongest.
    pub strengths: &'static [Strength],
    /// Runs that it takes to be one.
    pub runs: usize,
    /// Whether it can be planted in draws of a law.
    pub fits: fn(&Base) -> bool,
    /// Plants it.
    pub plant: fn(&mut Field, &Base, f64, &mut Draw),
}

const COUNTS: &[Strength] = &[
    strength("2", 2.0),
    strength("4", 4.0),
    strength("8", 8.0),
    strength("16", 16.0),
    strength("32", 32.0),
    strength("64", 64.0),
];

const SHARES: &[Strength] = &[
    strength("5", 0.05),
    strength("10", 0.10),
    strength("20", 0.20),
    strength("30", 0.30),
    strength("50", 0.50),
    strength("80", 0.80),
];

pub(super) const VICTIMS: &[Strength] = &[
    strength("one", 0.0),
    strength("quarter", 0.25),
    strength("half", 0.5),
    strength("all", 1.0),
];

fn always(_: &Base) -> bool {
    true
}

/// A coin a row, the same whatever share of them is asked for.
pub(super) fn coins(field: &Field, share: f64, pick: &mut Draw) -> Vec<usize> {
    let all = pick.list(field.rows, Draw::unit);
    (0..field.rows).filter(|&row| all[row] < share).collect()
}

/// The victims become images of the source.
fn images(field: &mut Field, share: f64, pick: &mut Draw, image: impl Fn(f64) -> f64) {
    for worker in field.victims(share, pick) {
        for run in 0..field.runs {
            let (source, victim) = (field.at(run, field.source), field.at(run, worker));
            field.draws[victim] = field.draws[source].iter().map(|x| image(*x)).collect();
        }
    }
}

/// All flaws.
pub const FLAWS: &[Flaw] = &[
    Flaw {
        id: "copies",
        summary: "workers of a group, by index, draw the same; how many make a group",
        strengths: &[
            strength("pair", 1.0),
            strength("2", 2.0),
            strength("4", 4.0),
            strength("all", f64::INFINITY),
        ],
        runs: 1,
        fits: always,
        plant: |field, _, group, _| {
            for run in 0..field.runs {
                for worker in 0..field.workers {
                    let first = match group {
                        1.0 if worker < 2 => 0,
                        1.0 => worker,
                        _ => worker - worker % (group as usize).min(field.workers),
                    };
                    let (first, at) = (field.at(run, first), field.at(run, worker));
                    field.draws[at] = field.draws[first].clone();
                }
            }
        },
    },
    Flaw {
        id: "shifted",
        summary: "workers continue each other's draws, seven rows later; which share of them",
        strengths: VICTIMS,
        runs: 1,
        fits: always,
        plant: |field, _, share, pick| {
            let by = field.width * 7.min(field.rows / 2);
            let mut before = field.source;
            for worker in field.victims(share, pick) {
                for run in 0..field.runs {
                    let (first, at) = (field.at(run, before), field.at(run, worker));
                    let mut draws = field.draws[first][by..].to_vec();
                    draws.extend(&field.draws[at][field.draws[at].len() - by..]);
                    field.draws[at] = draws;
                }
                before = worker;
            }
        },
    },
    Flaw {
        id: "prefix",
        summary: "two workers begin with the same draws; how many",
        strengths: COUNTS,
        runs: 1,
        fits: always,
        plant: |field, _, count, _| {
            field.hand_over(field.rows.min(count as usize), |i| i, |i| i);
        },
    },
    Flaw {
        id: "run-of",
        summary: "a worker holds a run of another's draws elsewhere; how many",
        strengths: COUNTS,
        runs: 1,
        fits: always,
        plant: |field, _, count, pick| {
            let room = field.rows / 4;
            let (from, ahead) = (pick.below(room), 1 + pick.below(room));
            let to = (from + ahead) % (room + 1);
            let longest = field.rows - from.max(to);
            field.hand_over(longest.min(count as usize), |i| from + i, |i| to + i);
        },
    },
    Flaw {
        id: "reversed",
        summary: "a worker ends with another's first draws backwards; how many",
        strengths: COUNTS,
        runs: 1,
        fits: always,
        plant: |field, _, count, _| {
            let last = field.rows - 1;
            field.hand_over(field.rows.min(count as usize), |i| i, |i| last - i);
        },
    },
    Flaw {
        id: "leapfrog",
        summary: "a worker begins with every second draw of another; how many",
        strengths: COUNTS,
        runs: 1,
        fits: always,
        plant: |field, _, count, _| {
            field.hand_over((field.rows / 2).min(count as usize), |i| 2 * i, |i| i);
        },
    },
    Flaw {
        id: "in-place",
        summary: "two workers share draws at the same random places; per cent",
        strengths: SHARES,
        runs: 1,
        fits: always,
        plant: |field, _, share, pick| {
            let shared = coins(field, share, pick);
            field.hand_over(shared.len(), |i| shared[i], |i| shared[i]);
        },
    },
    Flaw {
        id: "scattered",
        summary: "two workers share draws at unlike random places; per cent",
        strengths: SHARES,
        runs: 1,
        fits: always,
        plant: |field, _, share, pick| {
            let order = pick.permutation(field.rows);
            let shared = coins(field, share, pick);
            field.hand_over(shared.len(), |i| order[shared[i]], |i| shared[i]);
        },
    },
    Flaw {
        id: "every-nth",
        summary: "every n-th draw of a worker is one other worker's; n",
        strengths: &[
            strength("16", 16.0),
            strength("8", 8.0),
            strength("4", 4.0),
            strength("2", 2.0),
        ],
        runs: 1,
        fits: always,
        plant: |field, _, n, _| {
            let n = n as usize;
            field.hand_over(field.rows.div_ceil(n), |i| i * n, |i| i * n);
        },
    },
    Flaw {
        id: "twice",
        summary: "workers race for one generator, which hands a draw out twice; per thousand",
        strengths: &[
            strength("10", 0.010),
            strength("20", 0.020),
            strength("50", 0.050),
            strength("55", 0.055),
            strength("100", 0.100),
            strength("200", 0.200),
            strength("300", 0.300),
        ],
        runs: 1,
        fits: always,
        plant: |field, _, p, pick| {
            for run in 0..field.runs {
                let mut last = Vec::new();
                for row in 0..field.rows {
                    for worker in pick.permutation(field.workers) {
                        let at = field.at(run, worker);
                        let raced = pick.chance(p) && !last.is_empty();
                        if raced {
                            field.set_row(at, row, &last);
                        }
                        last = field.row(at, row).to_vec();
                    }
                }
            }
        },
    },
    Flaw {
        id: "affine",
        summary: "workers draw a worker's numbers scaled and moved; which share of them",
        strengths: VICTIMS,
        runs: 1,
        fits: always,
        plant: |field, base, share, pick| {
            let (factor, constant) = base.line;
            images(field, share, pick, |x| factor * x + constant);
        },
    },
    Flaw {
        id: "mirrored",
        summary: "workers draw a worker's numbers mirrored; which share of them",
        strengths: VICTIMS,
        runs: 1,
        fits: |base| base.centre.is_some(),
        plant: |field, base, share, pick| {
            let twice = 2.0 * base.centre.unwrap_or_default();
            images(field, share, pick, |x| twice - x);
        },
    },
    Flaw {
        id: "monotone",
        summary: "workers draw a worker's numbers through a rising curve; which share of them",
        strengths: VICTIMS,
        runs: 1,
        fits: |base| base.curve.is_some(),
        plant: |field, base, share, pick| {
            if let Some(curve) = base.curve {
                images(field, share, pick, curve);
            }
        },
    },
    Flaw {
        id: "narrow-seeds",
        summary: "workers are seeded with few bits; bits",
        strengths: &[
            strength("16", 16.0),
            strength("12", 12.0),
            strength("8", 8.0),
            strength("6", 6.0),
            strength("4", 4.0),
            strength("2", 2.0),
            strength("0", 0.0),
        ],
        runs: 1,
        fits: always,
        plant: |field, _, bits, pick| {
            let mask = (1_u64 << bits as u32) - 1;
            let seeds = pick.list(field.draws.len(), |pick| pick.word() & mask);
            for at in 0..seeds.len() {
                let first = seeds
                    .iter()
                    .position(|seed| *seed == seeds[at])
                    .unwrap_or(at);
                field.draws[at] = field.draws[first].clone();
            }
        },
    },
    Flaw {
        id: "seed-plus-rank",
        summary: "worker w of run r is worker w + 1 of the run before; which share of the workers",
        strengths: &[
            strength("pair", 0.0),
            strength("quarter", 0.25),
            strength("half", 0.5),
            strength("all", 1.0),
        ],
        runs: 2,
        fits: always,
        plant: |field, _, share, _| {
            let affected = ((share * field.workers as f64) as usize).max(2);
            for run in 1..field.runs {
                for worker in 0..affected - 1 {
                    let (before, at) = (field.at(run - 1, worker + 1), field.at(run, worker));
                    field.draws[at] = field.draws[before].clone();
                }
            }
        },
    },
];
