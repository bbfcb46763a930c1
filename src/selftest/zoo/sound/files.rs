//! Values as files frame them: headers, padding, labels, marks, columns that do not change.

use super::images::printed;
use crate::selftest::zoo::{
    draw::Draw,
    printout::Value,
    program::{Program, Worker},
};

/// Episodes of own lengths, padded to ten values each with `padding`.
fn episodes(w: &mut Worker, padding: f64) -> Vec<Value> {
    let mut all = Vec::new();
    while all.len() < w.shape.rows {
        let length = 3 + w.own.below(8);
        all.extend(w.own.list(length, Draw::normal));
        all.resize(all.len() + 10 - length, padding);
    }
    all.truncate(w.shape.rows);
    printed(all)
}

/// A header, then so many rows of own normals as the shape asks for.
fn under(w: &mut Worker, header: Vec<Value>) -> Vec<Value> {
    let own = w.values(Draw::normal);
    header.into_iter().chain(own).collect()
}

pub(super) const PROGRAMS: &[Program] = &[
    Program::new(
        "header-of-dimension",
        "the number of values, then the values",
        &["x"],
        |w| {
            let n = w.shape.rows.into();
            under(w, vec![n])
        },
    )
    .header(1),
    Program::new(
        "header-of-three",
        "format version, dimension and count, then the values",
        &["x"],
        |w| {
            let n = w.shape.rows.into();
            under(w, vec![Value::Whole(3), Value::Whole(1), n])
        },
    )
    .header(3),
    Program::new(
        "header-of-seed",
        "the seed that the worker was given, then its uniforms",
        &["x"],
        |w| {
            let seed = Value::from(w.own.below(1 << 32));
            let own = w.values(Draw::unit);
            std::iter::once(seed).chain(own).collect()
        },
    )
    .header(1),
    Program::new(
        "header-of-worker",
        "the worker's number and how many there are, then the values",
        &["x"],
        |w| {
            let header = vec![w.worker.into(), w.shape.workers.into()];
            under(w, header)
        },
    )
    .header(2),
    Program::new(
        "matrix-market",
        "rows, columns and entries, then row, column and value of each entry",
        &["row", "column", "value"],
        |w| {
            let n = w.shape.rows;
            let mut all = printed([20, 20, n]);
            all.extend(w.rows(|own| {
                [
                    Value::from(own.whole(1, 20)),
                    own.whole(1, 20).into(),
                    own.normal().into(),
                ]
            }));
            all
        },
    )
    .header(3),
    Program::new(
        "zero-padded-episodes",
        "rewards of episodes, each padded with zeros to ten",
        &["reward"],
        |w| episodes(w, 0.0),
    )
    .may_meet(),
    Program::new(
        "minus-one-padded-episodes",
        "rewards of episodes, padded with −1",
        &["reward"],
        |w| episodes(w, -1.0),
    )
    .may_meet(),
    Program::new(
        "nan-at-the-end",
        "a series of own length, padded with NaN to that of the longest",
        &["x"],
        |w| {
            let length = w.shape.rows - w.own.below(w.shape.rows / 2);
            let mut all = w.own.list(length, Draw::normal);
            all.resize(w.shape.rows, f64::NAN);
            printed(all)
        },
    )
    .may_meet(),
    Program::new(
        "zeros-at-the-end",
        "a series of own length in a buffer of zeros",
        &["x"],
        |w| {
            let length = w.shape.rows - w.own.below(w.shape.rows / 2);
            let mut all = w.own.list(length, Draw::normal);
            all.resize(w.shape.rows, 0.0);
            printed(all)
        },
    )
    .may_meet(),
    Program::new(
        "series-of-own-length",
        "as many values as events happened",
        &["x"],
        |w| {
            let length = w.shape.rows / 2 + w.own.below(w.shape.rows / 2);
            printed(w.own.list(length, Draw::normal))
        },
    )
    .ragged(),
    Program::new(
        "labels-of-epoch-and-worker",
        "values with the epoch and the worker that drew them",
        &["x"],
        |w| w.values(Draw::unit),
    )
    .epochs(4),
    Program::new(
        "epoch-in-a-column",
        "epoch and step as values before the draw",
        &["epoch", "step", "x"],
        |w| {
            let mut at = 0;
            w.rows(|own| {
                let row = [
                    Value::from(at / 5_usize),
                    Value::from(at % 5),
                    own.normal().into(),
                ];
                at += 1;
                row
            })
        },
    ),
    Program::new(
        "worker-in-a-column",
        "the worker's number as a value before each draw",
        &["id", "x"],
        |w| {
            let worker = w.worker;
            w.rows(|own| [Value::from(worker), own.normal().into()])
        },
    ),
    Program::new(
        "constant-columns",
        "two settings of the run in each row, beside the draw",
        &["width", "depth", "x"],
        |w| w.rows(|own| [Value::Whole(64), Value::Whole(3), own.unit().into()]),
    ),
    Program::new(
        "index-and-marks",
        "line numbers as a statistics program prints them: one in front of every six values",
        &["i", "a", "b", "c", "d", "e", "f"],
        |w| {
            let mut at = 1;
            w.rows(|own| {
                let mut row = [(); 7].map(|()| Value::Fixed(own.unit(), 7));
                row[0] = Value::Whole(at);
                at += 6;
                row
            })
        },
    ),
    Program::new(
        "summary-at-the-end",
        "values, and in the last line their mean",
        &["x"],
        |w| {
            let mut all = w.own.list(w.shape.rows - 1, Draw::normal);
            all.push(all.iter().sum::<f64>() / all.len() as f64);
            printed(all)
        },
    ),
    Program::new(
        "burn-in-of-zeros",
        "ten zeros before the chain starts",
        &["x"],
        |w| {
            let mut all = vec![0.0; 10];
            all.extend(w.own.list(w.shape.rows - 10, Draw::normal));
            printed(all)
        },
    )
    .may_meet(),
    Program::new(
        "missing-values",
        "readings of which one in ten is −999",
        &["x"],
        |w| {
            w.values(|own| {
                if own.chance(0.1) {
                    -999.0
                } else {
                    own.normal()
                }
            })
        },
    )
    .may_meet(),
    Program::new(
        "separators",
        "a marker of −1 after each seven draws",
        &["x"],
        |w| {
            let mut at = 0;
            w.values(|own| {
                at += 1;
                if at % 8 == 0 { -1.0 } else { own.unit() }
            })
        },
    )
    .may_meet(),
    Program::new(
        "weights-file",
        "layer sizes and biases of zero around initial weights",
        &["x"],
        |w| {
            let mut all = vec![Value::Whole(4), Value::Whole(2)];
            while all.len() < w.shape.rows {
                all.extend(printed(w.own.list(4, |own| 0.5 * own.normal())));
                all.extend([Value::Real(0.0), Value::Real(0.0)]);
            }
            all.truncate(w.shape.rows);
            all
        },
    )
    .may_meet(),
];
