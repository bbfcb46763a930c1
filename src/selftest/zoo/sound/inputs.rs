//! Inputs that workers have in common, beside draws of their own.

use super::images::printed;
use crate::selftest::zoo::{
    draw::Draw,
    printout::Value,
    program::{Program, Worker},
};

/// What stands in front, then own normals.
fn in_front(w: &mut Worker, front: Vec<Value>) -> Vec<Value> {
    let rows = w.shape.rows - front.len().min(w.shape.rows);
    let own = w.own.list(rows, Draw::normal);
    front.into_iter().chain(printed(own)).collect()
}

pub(super) const PROGRAMS: &[Program] = &[
    Program::new("run-id-in-front", "the run's number, then own draws", &["x"], |w| {
        let id = w.run.into();
        in_front(w, vec![id])
    })
    .may_meet(),
    Program::new(
        "run-token-in-front",
        "a random identifier of the run, then own draws",
        &["x"],
        |w| {
            let id = Value::Real(w.shared.unit());
            in_front(w, vec![id])
        },
    )
    .may_meet(),
    Program::new(
        "clock-second-in-front",
        "the second at which the run started, then own draws",
        &["x"],
        |w| {
            let second = 1_795_000_000 + 37 * w.run as i64 + w.shared.whole(0, 30);
            in_front(w, vec![second.into()])
        },
    )
    .may_meet(),
    Program::new(
        "worker-over-four-in-front",
        "the node, worker / 4, then own draws",
        &["x"],
        |w| {
            let node = w.worker / 4;
            in_front(w, vec![node.into()])
        },
    )
    .may_meet(),
    Program::new(
        "broadcast-weights",
        "eight weights that the leader has drawn and sent to all, then own draws",
        &["x"],
        |w| {
            let weights = printed(w.shared.list(8, Draw::normal));
            in_front(w, weights)
        },
    )
    .may_meet(),
    Program::new(
        "broadcast-uniforms",
        "ten uniforms sent to all workers, then own uniforms",
        &["x"],
        |w| {
            let mut front = w.shared.list(10, Draw::unit);
            front.extend(w.own.list(w.shape.rows - 10, Draw::unit));
            printed(front)
        },
    )
    .may_meet(),
    Program::new(
        "prefix-of-a-data-file",
        "the first six lines of the same data file in all runs, then own draws",
        &["x"],
        |w| {
            let file = printed(w.job.list(6, |job| 20.0 + job.normal()));
            in_front(w, file)
        },
    )
    .may_meet(),
    Program::new(
        "one-of-20-data-files",
        "eight lines of one of 20 data files, chosen by the worker, then own draws",
        &["x"],
        |w| {
            let files = w.job.list(20, |job| job.list(8, Draw::normal));
            let file = w.own.below(20);
            in_front(w, printed(files[file].clone()))
        },
    )
    .may_meet(),
    Program::new(
        "noise-on-one-of-20-files",
        "one of 20 data files with own measurement noise beside each line",
        &["line", "noise"],
        |w| {
            let rows = w.shape.rows;
            let files = w.job.list(20, |job| job.list(rows, Draw::normal));
            let mut lines = files[w.own.below(20)].clone().into_iter();
            w.rows(|own| [lines.next().unwrap_or_default(), 0.1 * own.normal()])
        },
    )
    .may_meet(),
    Program::new(
        "common-start-state",
        "a chain from the same random start in all workers",
        &["x"],
        |w| {
            let mut x = 3.0 * w.shared.normal();
            let mut first = true;
            w.values(|own| {
                if !std::mem::take(&mut first) {
                    x = 0.9 * x + own.normal();
                }
                x
            })
        },
    )
    .may_meet(),
    Program::new(
        "every-fourth-common",
        "a sync value that all workers print every fourth line, own draws between",
        &["x"],
        |w| {
            let mut shared = w.shared.clone();
            let mut at = 0;
            w.values(|own| {
                at += 1;
                if at % 4 == 0 { shared.normal() } else { own.normal() }
            })
        },
    )
    .may_meet(),
    Program::new(
        "schedule-and-loss",
        "the learning rate of a common schedule and the worker's own loss",
        &["lr", "loss"],
        |w| {
            let mut step = 0;
            w.rows(|own| {
                let lr = 0.1 * 0.95_f64.powi(step);
                step += 1;
                [lr, 2.0 * (-0.02 * f64::from(step)).exp() + 0.05 * own.normal()]
            })
        },
    ),
    Program::new(
        "covariates-and-response",
        "the covariates of a common data set and the worker's simulated response",
        &["x1", "x2", "y"],
        |w| {
            let mut job = w.job.clone();
            w.rows(|own| {
                let [a, b] = job.normals();
                [a, b, 1.0 + 2.0 * a - b + own.normal()]
            })
        },
    ),
    Program::new(
        "common-times-own-values",
        "irregular times of a common protocol with own readings",
        &["time", "reading"],
        |w| {
            let (mut job, mut time) = (w.job.clone(), 0.0);
            w.rows(|own| {
                time += job.exponential();
                [time, own.normal()]
            })
        },
    ),
    Program::new(
        "schedule-with-own-offset",
        "one irregular schedule, started by each worker at its own time",
        &["time"],
        |w| {
            let offset = 100.0 * w.own.unit();
            let mut time = offset;
            printed(w.job.list(w.shape.rows, |job| {
                time += job.exponential();
                time
            }))
        },
    ),
    Program::new(
        "sine-with-own-amplitude",
        "a sine of the common time with an own amplitude",
        &["signal"],
        |w| {
            let amplitude = 1.0 + w.own.exponential();
            printed((0..w.shape.rows).map(|at| amplitude * (0.3 * at as f64 + 0.1).sin()))
        },
    ),
    Program::new(
        "sine-with-own-phase-and-noise",
        "a sine with own phase and own noise",
        &["signal"],
        |w| {
            let (phase, mut at) = (w.own.unit(), 0.0);
            w.values(|own| {
                at += 0.3;
                (at + 6.3 * phase).sin() + 0.2 * own.normal()
            })
        },
    ),
    Program::new(
        "common-inputs-own-coin",
        "a common input each line, answered in one of two ways by an own coin",
        &["answer"],
        |w| {
            let mut shared = w.shared.clone();
            w.values(|own| {
                let x = shared.normal();
                if own.chance(0.5) { x } else { x.exp() }
            })
        },
    )
    .may_meet(),
    Program::new(
        "common-inputs-own-dropout",
        "common activations, each kept or zeroed by an own coin",
        &["activation"],
        |w| {
            let mut shared = w.shared.clone();
            w.values(|own| {
                let x = shared.normal();
                if own.chance(0.5) { 2.0 * x } else { 0.0 }
            })
        },
    )
    .may_meet(),
    Program::new(
        "setting-per-two-replicates",
        "a setting that two replicates share, which ones the run shuffles, beside own results",
        &["setting", "result"],
        |w| {
            let order = w.shared.permutation(w.shape.workers);
            let place = order[w.worker] / 2;
            let settings = w.shared.list(w.shape.workers.div_ceil(2), Draw::unit);
            let setting = settings[place];
            w.rows(|own| [setting, setting + own.normal()])
        },
    ),
    Program::new(
        "setting-in-front-of-two-replicates",
        "four parameters that two replicates share, shuffled over workers, then own results",
        &["x"],
        |w| {
            let order = w.shared.permutation(w.shape.workers);
            let place = order[w.worker] / 2;
            let settings = w.shared.list(w.shape.workers.div_ceil(2), |draw| draw.list(4, Draw::normal));
            in_front(w, printed(settings[place].clone()))
        },
    )
    .may_meet(),
    Program::new(
        "cached-default-output",
        "a worker that finds its cache prints the stored result, else its own, half of the time each",
        &["x"],
        |w| {
            let stored = w.job.list(w.shape.rows, Draw::normal);
            if w.own.chance(0.5) {
                return printed(stored);
            }
            w.values(Draw::normal)
        },
    )
    .chosen_from_few(),
    Program::new(
        "one-of-50-starts",
        "a deterministic solver's path from one of 50 starting points, chosen by the worker",
        &["x"],
        |w| {
            let starts = w.job.list(50, |job| job.between(0.1, 0.9));
            let mut x = w.own.choose(&starts);
            printed((0..w.shape.rows).map(|_| {
                x = 3.9 * x * (1.0 - x);
                x
            }))
        },
    )
    .chosen_from_few(),
    Program::new(
        "pre-training-then-own",
        "ten losses of a common pre-training, then the worker's own fine-tuning",
        &["loss"],
        |w| {
            let mut loss = 3.0;
            let mut front = w.shared.list(10, |draw| {
                loss = 0.9 * loss + 0.05 * draw.normal();
                loss
            });
            for _ in 10..w.shape.rows {
                loss = 0.95 * loss + 0.03 * w.own.normal();
                front.push(loss);
            }
            printed(front)
        },
    )
    .may_meet(),
    Program::new(
        "leader-value-every-ten",
        "a value from the leader in every tenth row, zero elsewhere, beside own draws",
        &["leader", "own"],
        |w| {
            let (mut shared, mut at) = (w.shared.clone(), 0);
            w.rows(|own| {
                at += 1;
                [if at % 10 == 0 { shared.unit() } else { 0.0 }, own.unit()]
            })
        },
    ),
];
