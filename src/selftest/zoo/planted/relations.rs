//! Flaws by which streams are related and hold none of each other's draws.

use super::flaw::{Flaw, VICTIMS, coins, strength};
use crate::selftest::zoo::draw::Draw;

/// All of them.
pub const RELATIONS: &[Flaw] = &[
    Flaw {
        id: "same-side",
        summary: "two workers' draws fall on the same side of the middle; per cent of rows",
        strengths: &[
            strength("25", 0.25),
            strength("50", 0.50),
            strength("75", 0.75),
            strength("100", 1.00),
        ],
        runs: 1,
        fits: |base| base.centre.is_some(),
        plant: |field, base, share, pick| {
            let centre = base.centre.unwrap_or_default();
            let rows = coins(field, share, pick);
            for run in 0..field.runs {
                let (source, victim) = (field.at(run, field.source), field.at(run, field.victim));
                for &row in &rows {
                    let sides: Vec<bool> =
                        field.row(source, row).iter().map(|x| *x > centre).collect();
                    let mirrored: Vec<f64> = field
                        .row(victim, row)
                        .iter()
                        .zip(sides)
                        .map(|(x, side)| {
                            if (*x > centre) == side {
                                *x
                            } else {
                                2.0 * centre - x
                            }
                        })
                        .collect();
                    field.set_row(victim, row, &mirrored);
                }
            }
        },
    },
    Flaw {
        id: "correlated",
        summary: "two workers' draws have a component in common; correlation in per cent",
        strengths: &[
            strength("30", 0.30),
            strength("60", 0.60),
            strength("90", 0.90),
            strength("99", 0.99),
        ],
        runs: 1,
        fits: |base| base.centre == Some(0.0),
        plant: |field, _, correlation, _| {
            let rest = (1.0 - correlation * correlation).sqrt();
            for run in 0..field.runs {
                let (source, victim) = (field.at(run, field.source), field.at(run, field.victim));
                let pairs = field.draws[source].iter().zip(&field.draws[victim]);
                field.draws[victim] = pairs.map(|(a, b)| correlation * a + rest * b).collect();
            }
        },
    },
    Flaw {
        id: "made-of-two",
        summary: "a worker's draws are the means of two others'; per cent of rows",
        strengths: &[
            strength("50", 0.50),
            strength("80", 0.80),
            strength("100", 1.00),
        ],
        runs: 1,
        fits: |base| base.centre.is_some(),
        plant: |field, _, share, pick| {
            let third = (0..field.workers)
                .find(|worker| *worker != field.source && *worker != field.victim)
                .expect("three workers");
            let rows = coins(field, share, pick);
            for run in 0..field.runs {
                let [source, third, victim] =
                    [field.source, third, field.victim].map(|worker| field.at(run, worker));
                for &row in &rows {
                    let both = field.row(source, row).iter().zip(field.row(third, row));
                    let means: Vec<f64> = both.map(|(x, y)| (x + y) / 2.0).collect();
                    field.set_row(victim, row, &means);
                }
            }
        },
    },
    Flaw {
        id: "signal",
        summary: "all workers' draws have a component in common; per cent of their variance",
        strengths: &[
            strength("10", 0.10),
            strength("30", 0.30),
            strength("60", 0.60),
            strength("90", 0.90),
        ],
        runs: 1,
        fits: |base| base.centre == Some(0.0),
        plant: |field, _, share, pick| {
            for run in 0..field.runs {
                let signal = pick.list(field.rows, Draw::normal);
                for worker in 0..field.workers {
                    let at = field.at(run, worker);
                    let own = field.draws[at].iter().zip(&signal);
                    field.draws[at] = own
                        .map(|(own, signal)| share.sqrt() * signal + (1.0 - share).sqrt() * own)
                        .collect();
                }
            }
        },
    },
    Flaw {
        id: "column-lags",
        summary: "workers draw a worker's columns, each a row later than the one before; which share of them",
        strengths: VICTIMS,
        runs: 1,
        fits: |base| base.columns.len() > 1,
        plant: |field, _, share, pick| {
            for worker in field.victims(share, pick) {
                for run in 0..field.runs {
                    let (source, at) = (field.at(run, field.source), field.at(run, worker));
                    for row in 0..field.rows {
                        let mut own = field.row(at, row).to_vec();
                        for (column, value) in own.iter_mut().enumerate() {
                            let from = row + column + 1;
                            if from < field.rows {
                                *value = field.row(source, from)[column];
                            }
                        }
                        field.set_row(at, row, &own);
                    }
                }
            }
        },
    },
];
