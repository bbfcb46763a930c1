//! Rows taken from lists: bootstraps, replay buffers, settings, subsets, shuffles. What is the same in
//! two workers is the list, not the draw from it.

use super::images::printed;
use crate::selftest::zoo::{
    draw::Draw,
    printout::Value,
    program::{Program, Worker},
};

/// Rows of `N` numbers drawn from a list of so many that all workers have.
fn from_list<const N: usize>(
    w: &mut Worker,
    length: usize,
    one: impl Fn(&mut Draw) -> f64,
) -> Vec<Value> {
    let list: Vec<[f64; N]> = w.job.list(length, |job| std::array::from_fn(|_| one(job)));
    w.rows(|own| own.choose(&list))
}

pub(super) const PROGRAMS: &[Program] = &[
    Program::new(
        "settings-20-normals",
        "simulations of settings drawn from a list of 20, four normal parameters each",
        &["a", "b", "c", "d"],
        |w| from_list::<4>(w, 20, Draw::normal),
    )
    .may_meet(),
    Program::new(
        "settings-100-normals",
        "settings drawn from a list of 100, four normal parameters each",
        &["a", "b", "c", "d"],
        |w| from_list::<4>(w, 100, Draw::normal),
    )
    .may_meet(),
    Program::new(
        "settings-1000-normals",
        "settings drawn from a list of 1,000, six normal parameters each",
        &["a", "b", "c", "d", "e", "f"],
        |w| from_list::<6>(w, 1_000, Draw::normal),
    )
    .may_meet(),
    Program::new(
        "settings-40-uniforms",
        "settings drawn from a list of 40, four uniform parameters each",
        &["a", "b", "c", "d"],
        |w| from_list::<4>(w, 40, Draw::unit),
    )
    .may_meet(),
    Program::new(
        "settings-300-uniforms",
        "settings drawn from a list of 300, four uniform parameters each",
        &["a", "b", "c", "d"],
        |w| from_list::<4>(w, 300, Draw::unit),
    )
    .may_meet(),
    Program::new(
        "settings-1000-uniforms",
        "settings drawn from a list of 1,000, two uniform parameters each",
        &["a", "b"],
        |w| from_list::<2>(w, 1_000, Draw::unit),
    )
    .may_meet(),
    Program::new(
        "settings-20-uniforms",
        "one uniform parameter drawn from a list of 20",
        &["a"],
        |w| from_list::<1>(w, 20, Draw::unit),
    )
    .may_meet(),
    Program::new(
        "settings-wide-rows",
        "settings of 20 uniform parameters drawn from a list of 100",
        &[
            "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11", "p12", "p13",
            "p14", "p15", "p16", "p17", "p18", "p19", "p20",
        ],
        |w| from_list::<20>(w, 100, Draw::unit),
    )
    .may_meet(),
    Program::new(
        "bootstrap-of-data",
        "bootstrap samples of a data set of 100 measurements",
        &["x"],
        |w| from_list::<1>(w, 100, |job| 37.2 + 4.1 * job.normal()),
    )
    .may_meet(),
    Program::new(
        "bootstrap-of-uniforms",
        "bootstrap samples of 160 p-values",
        &["p"],
        |w| from_list::<1>(w, 160, Draw::unit),
    )
    .may_meet(),
    Program::new(
        "bootstrap-of-pairs",
        "bootstrap of 50 pairs of height and weight, rounded as they were measured",
        &["height", "weight"],
        |w| {
            let data = w.job.list(50, |job| {
                let height = 170.0 + 10.0 * job.normal();
                [height, height - 100.0 + 9.0 * job.normal()].map(|x| Value::Fixed(x, 1))
            });
            w.rows(|own| data[own.below(data.len())].clone())
        },
    )
    .may_meet(),
    Program::new(
        "block-bootstrap",
        "moving blocks of ten of a common series of 300",
        &["x"],
        |w| {
            let series = w.job.list(300, Draw::normal);
            let mut all: Vec<f64> = Vec::new();
            while all.len() < w.shape.rows {
                let start = w.own.below(series.len() - 9);
                all.extend(&series[start..start + 10]);
            }
            all.truncate(w.shape.rows);
            printed(all)
        },
    )
    .may_meet(),
    Program::new(
        "bootstrap-means",
        "the means of bootstrap samples of a common data set",
        &["mean"],
        |w| {
            let data = w.job.list(30, Draw::normal);
            w.values(|own| (0..30).map(|_| own.choose(&data)).sum::<f64>() / 30.0)
        },
    ),
    Program::new(
        "own-bootstrap",
        "bootstrap of a sample that each worker has drawn itself",
        &["x"],
        |w| {
            let data = w.own.list(20, Draw::normal);
            w.values(|own| own.choose(&data))
        },
    ),
    Program::new(
        "replay-buffer",
        "rewards replayed from a buffer that the worker's own episodes fill",
        &["reward"],
        |w| {
            let mut buffer = w.own.list(8, Draw::normal);
            w.values(|own| {
                let new = own.normal();
                buffer.push(new);
                own.choose(&buffer)
            })
        },
    ),
    Program::new(
        "replay-of-recorded-steps",
        "batches from a recorded buffer of 500 transitions: state, action, reward, next state",
        &["state", "action", "reward", "next"],
        |w| {
            let mut state = 0.0;
            let recorded = w.job.list(500, |job| {
                let action = job.below(3) as f64;
                let next = 0.9 * state + action - 1.0 + 0.3 * job.normal();
                let row = [state, action, -next * next, next];
                state = next;
                row
            });
            w.rows(|own| own.choose(&recorded))
        },
    )
    .may_meet(),
    Program::new(
        "subsample",
        "a subset of a common data set of 400, without replacement",
        &["x"],
        |w| {
            let data = w.job.list(400, Draw::unit);
            let order = w.own.permutation(data.len());
            printed(order[..w.shape.rows].iter().map(|&at| data[at]))
        },
    )
    .may_meet(),
    Program::new(
        "permutation",
        "a random order of the worker's n tasks",
        &["task"],
        |w| printed(w.own.permutation(w.shape.rows)),
    )
    .may_meet(),
    Program::new(
        "shuffled-cards",
        "one shuffled pack of 52 cards after another",
        &["card"],
        |w| {
            let mut pack = Vec::new();
            w.values(|own| {
                if pack.is_empty() {
                    pack = own.permutation(52);
                }
                pack.pop().unwrap_or_default()
            })
        },
    )
    .may_meet(),
    Program::new(
        "shuffled-rows",
        "a random order of six treatments a patient",
        &["t1", "t2", "t3", "t4", "t5", "t6"],
        |w| w.rows(|own| <[usize; 6]>::try_from(own.permutation(6)).unwrap_or_default()),
    )
    .may_meet(),
    Program::new(
        "lottery",
        "six of 49, in ascending order",
        &["n1", "n2", "n3", "n4", "n5", "n6"],
        |w| {
            w.rows(|own| {
                let mut drawn = own.permutation(49);
                drawn.truncate(6);
                drawn.sort_unstable();
                std::array::from_fn::<_, 6, _>(|at| drawn[at] + 1)
            })
        },
    )
    .may_meet(),
    Program::new(
        "batches-of-epochs",
        "mini-batch indices: the data set of 40 in a new order each epoch",
        &["index"],
        |w| {
            let mut order = Vec::new();
            w.values(|own| {
                if order.is_empty() {
                    order = own.permutation(40);
                }
                order.pop().unwrap_or_default()
            })
        },
    )
    .may_meet(),
    Program::new(
        "shards-of-a-data-set",
        "each worker its own part of a data set that the run has shuffled",
        &["x"],
        |w| {
            let rows = w.shape.rows;
            let mut data = w.job.list(rows * w.shape.workers, Draw::unit);
            w.shared.shuffle(&mut data);
            printed(data[w.worker * rows..][..rows].to_vec())
        },
    )
    .may_meet(),
    Program::new(
        "folds",
        "fold numbers of a ten-fold cross-validation, one for each row of the data",
        &["fold"],
        |w| {
            let order = w.own.permutation(w.shape.rows);
            printed(order.into_iter().map(|at| at % 10))
        },
    )
    .may_meet(),
    Program::new(
        "negative-sampling",
        "pairs of a common sentence's word and a noise word drawn by frequency",
        &["word", "noise"],
        |w| {
            let sentence = w.job.list(w.shape.rows, |job| job.below(2_000));
            let weights: Vec<f64> = (1..=200).map(|rank| f64::from(rank).powf(-0.75)).collect();
            let mut words = sentence.into_iter();
            w.rows(|own| [words.next().unwrap_or_default(), own.weighted(&weights)])
        },
    )
    .may_meet(),
];
