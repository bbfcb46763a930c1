//! Whole numbers, coins, tokens and identifiers.

use super::images::printed;
use crate::selftest::zoo::{draw::Draw, program::Program};

/// Sixteen bytes in the form of a UUID, of the version given.
fn uuid(high: u64, low: u64, version: u64) -> String {
    let high = high & !0xf000 | version << 12;
    let low = low & !(3 << 62) | 2 << 62;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

pub(super) const PROGRAMS: &[Program] = &[
    Program::new("dice", "throws of a die", &["pips"], |w| {
        w.values(|own| own.whole(1, 6))
    })
    .may_meet(),
    Program::new("sum-of-two-dice", "sums of two dice", &["pips"], |w| {
        w.values(|own| own.whole(1, 6) + own.whole(1, 6))
    })
    .may_meet(),
    Program::new(
        "two-dice-and-sum",
        "two dice and their sum",
        &["a", "b", "sum"],
        |w| {
            w.rows(|own| {
                let (a, b) = (own.whole(1, 6), own.whole(1, 6));
                [a, b, a + b]
            })
        },
    )
    .may_meet(),
    Program::new(
        "fair-coins",
        "heads and tails as 1 and 0",
        &["heads"],
        |w| w.values(|own| own.chance(0.5)),
    )
    .may_meet(),
    Program::new(
        "biased-coins",
        "clicks with probability 0.6",
        &["click"],
        |w| w.values(|own| own.chance(0.6)),
    )
    .may_meet(),
    Program::new(
        "rare-events",
        "failures with probability 0.01",
        &["failed"],
        |w| w.values(|own| own.chance(0.01)),
    )
    .may_meet(),
    Program::new(
        "coins-of-own-bias",
        "coins whose bias each worker has drawn",
        &["heads"],
        |w| {
            let p = w.own.unit();
            w.values(|own| own.chance(p))
        },
    )
    .may_meet(),
    Program::new(
        "dropout-masks",
        "dropout masks of eight units",
        &["m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7"],
        |w| w.rows(|own| std::array::from_fn::<_, 8, _>(|_| own.chance(0.9))),
    )
    .may_meet(),
    Program::new(
        "scaled-masks",
        "dropout masks scaled to keep the mean: 0 or 1 / 0.9",
        &["m"],
        |w| w.values(|own| if own.chance(0.9) { 1.0 / 0.9 } else { 0.0 }),
    )
    .may_meet(),
    Program::new("poisson", "photon counts with mean 4", &["count"], |w| {
        w.values(|own| own.poisson(4.0))
    })
    .may_meet(),
    Program::new(
        "poisson-own-rate",
        "counts whose rate each worker has drawn",
        &["count"],
        |w| {
            let rate = 20.0 * w.own.unit();
            w.values(|own| own.poisson(rate))
        },
    )
    .may_meet(),
    Program::new(
        "zero-inflated",
        "counts that are zero in four of five cases",
        &["count"],
        |w| w.values(|own| if own.chance(0.8) { 0 } else { own.poisson(3.0) }),
    )
    .may_meet(),
    Program::new(
        "geometric",
        "attempts until the first success",
        &["attempts"],
        |w| w.values(|own| 1 + (own.open_unit().ln() / 0.7_f64.ln()) as i64),
    )
    .may_meet(),
    Program::new(
        "tokens",
        "tokens of a vocabulary of 5,000 by Zipf's law",
        &["token"],
        |w| {
            let weights: Vec<f64> = (1..=5_000).map(|rank| 1.0 / f64::from(rank)).collect();
            w.values(|own| own.weighted(&weights))
        },
    )
    .may_meet(),
    Program::new(
        "tokens-with-end",
        "sentences of tokens, each ended by the token 0",
        &["token"],
        |w| {
            w.values(|own| {
                if own.chance(0.1) {
                    0
                } else {
                    own.whole(1, 300)
                }
            })
        },
    )
    .may_meet(),
    Program::new(
        "bases",
        "DNA bases as 0 to 3, of own composition",
        &["base"],
        |w| {
            let weights = [(); 4].map(|()| 0.2 + w.own.unit());
            w.values(|own| own.weighted(&weights))
        },
    )
    .may_meet(),
    Program::new(
        "letters",
        "random passwords as character codes",
        &["code"],
        |w| w.values(|own| own.whole(97, 122)),
    )
    .may_meet(),
    Program::new("bytes", "random bytes", &["byte"], |w| {
        w.values(|own| own.below(256))
    })
    .may_meet(),
    Program::new(
        "integers-below-1000",
        "random integers below 1,000",
        &["x"],
        |w| w.values(|own| own.below(1_000)),
    )
    .may_meet(),
    Program::new(
        "seeds-for-children",
        "31-bit seeds drawn for child processes",
        &["seed"],
        |w| w.values(|own| own.below(1 << 31)),
    )
    .may_meet(),
    Program::new("ports", "random ports from 49152 on", &["port"], |w| {
        w.values(|own| own.whole(49_152, 65_535))
    })
    .may_meet(),
    Program::new("uuids", "random UUIDs (version 4)", &["uuid"], |w| {
        w.values(|own| uuid(own.word(), own.word(), 4))
    }),
    Program::new(
        "uuids-by-time",
        "UUIDs with the time in front (version 7)",
        &["uuid"],
        |w| {
            let mut time = 1_795_000_000_000 + w.shared.below(1_000_000) as u64;
            w.values(|own| {
                time += own.below(4) as u64;
                uuid(time << 16 | own.word() >> 52, own.word(), 7)
            })
        },
    ),
    Program::new(
        "hashes",
        "the first 16 hexadecimal digits of hashes",
        &["hash"],
        |w| w.values(|own| format!("0x{:016x}", own.word())),
    ),
    Program::new(
        "snowflakes",
        "identifiers made of milliseconds, worker and a counter",
        &["id"],
        |w| {
            let (worker, mut time, mut counter) =
                (w.worker as i64, 100_000_000 + w.shared.whole(0, 999), 0);
            w.values(|own| {
                let passed = own.poisson(0.7);
                time += passed;
                counter = if passed > 0 { 0 } else { counter + 1 };
                time << 22 | worker << 12 | counter
            })
        },
    )
    .may_meet(),
    Program::new(
        "adjacency-rows",
        "the ten possible edges of a random graph of five nodes",
        &["e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8", "e9", "e10"],
        |w| w.rows(|own| std::array::from_fn::<_, 10, _>(|_| own.chance(0.3))),
    )
    .may_meet(),
    Program::new(
        "adjacency-matrices",
        "symmetrical adjacency matrices of four nodes",
        &[
            "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p",
        ],
        |w| {
            w.rows(|own| {
                let mut edge = [[false; 4]; 4];
                for (i, j) in [(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2)] {
                    edge[i][j] = own.chance(0.5);
                    edge[j][i] = edge[i][j];
                }
                std::array::from_fn::<_, 16, _>(|at| edge[at / 4][at % 4])
            })
        },
    )
    .may_meet(),
    Program::new(
        "fixed-weight-codes",
        "rows with exactly three ones in eight places",
        &["b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7"],
        |w| {
            w.rows(|own| {
                let mut bits = [true, true, true, false, false, false, false, false];
                own.shuffle(&mut bits);
                bits
            })
        },
    )
    .may_meet(),
    Program::new(
        "survey",
        "answers from 1 to 5 of a respondent who leans one way",
        &["q1", "q2", "q3", "q4"],
        |w| {
            w.rows(|own| {
                let lean = own.normal();
                std::array::from_fn::<_, 4, _>(|_| {
                    (3.0 + lean + 0.7 * own.normal()).round().clamp(1.0, 5.0) as i64
                })
            })
        },
    )
    .may_meet(),
    Program::new(
        "bit-planes",
        "words of 16 bits, bit by bit from the highest",
        &["bit"],
        |w| {
            let bits = w.shape.rows.div_ceil(16);
            let words = w.own.list(bits, Draw::word);
            printed(
                words
                    .iter()
                    .flat_map(|word| (0..16).rev().map(move |bit| word >> bit & 1 == 1))
                    .take(w.shape.rows),
            )
        },
    )
    .may_meet(),
];
