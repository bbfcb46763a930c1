//! Values of unknown law from the outside: what convicts, what makes suspect, what does neither, and what
//! flags, policies and the test API decide.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use seedbench::{Audit, verdict::Verdict};

/// Draws from [0, 1) on the grid of 2^−53, a sequence of its own for each key.
fn uniforms(key: u64, count: usize) -> Vec<f64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(key ^ 0x5eed_cafe_0000_0000);
    (0..count)
        .map(|_| (rng.next_u64() >> 11) as f64 / 2f64.powi(53))
        .collect()
}

/// Normals by Box and Muller.
fn normals(key: u64, count: usize) -> Vec<f64> {
    let pairs = uniforms(key, 2 * count);
    let normal = |pair: &[f64]| {
        (-2.0 * (1.0 - pair[0]).ln()).sqrt() * (std::f64::consts::TAU * pair[1]).cos()
    };
    pairs.chunks_exact(2).map(normal).collect()
}

/// A table in which run r worker w holds `stream(r, w)`.
struct Table(tempfile::TempDir);

impl Table {
    fn new(runs: u64, workers: u64, stream: impl Fn(u64, u64) -> Vec<f64>) -> Self {
        let mut text = String::from("run,worker,value\n");
        for run in 0..runs {
            for worker in 0..workers {
                for value in stream(run, worker) {
                    text += &format!("{run},{worker},{value:?}\n");
                }
            }
        }
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("values.csv"), text).unwrap();
        Self(folder)
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("values.csv")
    }

    fn audit(&self, flags: &[&str]) -> Audited {
        audit(&self.path(), flags)
    }
}

struct Audited {
    code: i32,
    report: serde_json::Value,
}

impl Audited {
    fn rules(&self) -> Vec<&str> {
        let findings = self.report["findings"].as_array().unwrap();
        findings
            .iter()
            .map(|one| one["rule"].as_str().unwrap())
            .collect()
    }
}

fn seedbench(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_seedbench"))
        .current_dir(dir)
        .args(arguments)
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn audit(path: &Path, flags: &[&str]) -> Audited {
    let mut arguments = vec!["audit", path.to_str().unwrap(), "--quiet", "--json", "-"];
    arguments.extend_from_slice(flags);
    let output = seedbench(path.parent().unwrap(), &arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    let report =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"));
    let schema = serde_json::from_str(include_str!("../reports/report.schema.json")).unwrap();
    if let Err(error) = jsonschema::validate(&schema, &report) {
        panic!("{error} at {}", error.instance_path());
    }
    Audited {
        code: output.status.code().unwrap(),
        report,
    }
}

/// Worker 5 of eight prints what worker 2 prints.
fn equal_pair(count: usize) -> Table {
    Table::new(1, 8, |_, worker| {
        normals(if worker == 5 { 2 } else { worker }, count)
    })
}

/// All workers print 64 numbers that they were told, and then draw.
fn inputs_first() -> Table {
    Table::new(1, 8, |_, worker| {
        [normals(1000, 64), normals(worker, 200)].concat()
    })
}

/// The same of uniform numbers.
fn shared_words() -> Table {
    Table::new(1, 8, |_, worker| {
        [uniforms(1000, 64), uniforms(worker, 200)].concat()
    })
}

/// Every fourth value is common to all.
fn every_fourth() -> Table {
    let common = normals(1000, 400);
    Table::new(1, 8, |_, worker| {
        let mut own = normals(worker, 400);
        for at in (0..400).step_by(4) {
            own[at] = common[at];
        }
        own
    })
}

/// Thirty values of worker 0 stand in worker 1 at scattered places, and so with 4 and 5.
fn scattered() -> Table {
    Table::new(1, 10, |_, worker| {
        let mut own = normals(worker, 307);
        if worker == 1 || worker == 5 {
            let other = normals(worker - 1, 307);
            for at in 0..30 {
                own[17 * at % 307] = other[(101 * at + 5) % 307];
            }
        }
        own
    })
}

/// Worker 5 draws what worker 0 draws, with a noise of its own.
fn noisy_copy() -> Table {
    Table::new(1, 8, |_, worker| {
        let own = normals(worker, 400);
        let other = normals(0, 400);
        let mixed = |(x, y): (&f64, &f64)| (2.0 * y + x) / 5f64.sqrt();
        match worker {
            5 => own.iter().zip(&other).map(mixed).collect(),
            _ => own,
        }
    })
}

/// Worker 5 prints the means of what workers 0 and 3 print.
fn made_of_two() -> Table {
    Table::new(1, 8, |_, worker| match worker {
        5 => {
            let (x, y) = (normals(0, 200), normals(3, 200));
            x.iter().zip(y).map(|(x, y)| (x + y) / 2.0).collect()
        }
        _ => normals(worker, 200),
    })
}

/// All workers follow one sequence, each with noise of its own.
fn one_signal() -> Table {
    let signal = normals(1000, 200);
    Table::new(1, 8, |_, worker| {
        let own = normals(worker, 200);
        own.iter().zip(&signal).map(|(x, y)| x + y).collect()
    })
}

/// Whole numbers below 1,000; half of worker 0's stand in worker 5, at other places.
fn scattered_whole_numbers() -> Table {
    let whole = |worker| -> Vec<f64> {
        let draws = uniforms(worker, 200).into_iter();
        draws.map(|u| (1000.0 * u).floor()).collect()
    };
    Table::new(1, 16, |_, worker| {
        let (mut own, other) = (whole(worker), whole(0));
        if worker == 5 {
            for at in 0..100 {
                own[17 * at % 200] = other[(101 * at + 5) % 200];
            }
        }
        own
    })
}

/// Worker 5 draws worker 2's columns, the one a row late and the other two.
fn columns_at_lags_of_their_own() -> Table {
    let mut text = String::from("worker,x,y\n");
    for worker in 0..8 {
        let (x, y) = (normals(2 * worker, 102), normals(2 * worker + 1, 102));
        let (late_x, late_y) = (normals(4, 102), normals(5, 102));
        for row in 0..100 {
            text += &match worker {
                5 => format!("5,{:?},{:?}\n", late_x[row + 1], late_y[row + 2]),
                _ => format!("{worker},{:?},{:?}\n", x[row], y[row]),
            };
        }
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("values.csv"), text).unwrap();
    Table(folder)
}

/// u and 1 − u, in every stream.
fn antithetic(key: u64) -> Table {
    Table::new(1, 16, |_, worker| {
        let draws = uniforms(key << 32 | worker, 500);
        draws.into_iter().flat_map(|u| [u, 1.0 - u]).collect()
    })
}

#[test]
fn every_suspect_has_its_finding_and_leaves_the_verdict_open() {
    for (table, rule) in [
        (equal_pair(12), "suspect-copies"),
        (inputs_first(), "shared-inputs"),
        (every_fourth(), "shared-inputs"),
        (scattered(), "suspect-values"),
        (noisy_copy(), "suspect-ranks"),
        (made_of_two(), "suspect-ranks"),
        (one_signal(), "shared-inputs"),
        (scattered_whole_numbers(), "suspect-values"),
        (columns_at_lags_of_their_own(), "suspect-copies"),
        (antithetic(1), "unearned-words"),
    ] {
        let audited = table.audit(&[]);
        assert_eq!(audited.code, 12, "{rule}: {:?}", audited.rules());
        assert_eq!(audited.report["verdict"], "inconclusive", "{rule}");
        assert!(
            audited.rules().contains(&rule),
            "{rule}: {:?}",
            audited.rules()
        );
        for finding in audited.report["findings"].as_array().unwrap() {
            assert_eq!(finding["severity"], "suspect", "{finding}");
            let said = |key: &str| finding[key].as_str().unwrap();
            assert!(said("cause").contains("unsound if") || rule == "unearned-words");
            assert!(!said("cure").is_empty());
        }
        // It is said, and the audit passes, where that is asked for.
        let warned = table.audit(&["--suspect", "warn"]);
        assert_eq!((warned.code, warned.rules()), (0, audited.rules()));
        assert_eq!(table.audit(&["--suspect", "fail"]).code, 12);
        let explained = seedbench(table.0.path(), &["explain", rule]);
        assert_eq!(explained.status.code(), Some(0), "{rule}");
    }
}

/// In several runs what all workers follow is a run's own, or the law of places that all runs have.
#[test]
fn a_signal_of_all_runs_is_the_law_of_its_places() {
    let following = |of_run: bool| {
        Table::new(3, 6, |run, worker| {
            let signal = normals(1000 + if of_run { run } else { 0 }, 200);
            let own = normals(10 * run + worker, 200);
            own.iter().zip(signal).map(|(x, y)| x + y).collect()
        })
    };
    assert_eq!(following(false).audit(&[]).code, 0);
    let audited = following(true).audit(&[]);
    assert_eq!((audited.code, audited.rules()[0]), (12, "shared-inputs"));
    assert_eq!(following(true).audit(&["--shared-inputs"]).code, 0);
}

#[test]
fn equal_streams_that_tell_enough_convict() {
    let audited = equal_pair(100).audit(&[]);
    assert_eq!((audited.code, audited.rules()), (10, vec!["equal-streams"]));
    let streams = audited.report["findings"][0]["streams"].to_string();
    assert!(streams.contains("\"task\":2") && streams.contains("\"task\":5"));
    // Few values tell enough where all streams share them.
    for (workers, values) in [(16, 6), (100, 3), (400, 6)] {
        let table = Table::new(1, workers, |_, _| normals(7, values));
        let audited = table.audit(&[]);
        assert_eq!(audited.code, 10, "{workers} × {values}");
        assert_eq!(audited.rules()[0], "equal-streams");
    }
    for (workers, values) in [(2, 3), (4, 5), (16, 2)] {
        let table = Table::new(1, workers, |_, _| normals(7, values));
        assert_ne!(table.audit(&[]).code, 0, "{workers} × {values}");
    }
}

#[test]
fn a_run_of_one_stream_in_another_convicts() {
    let table = Table::new(1, 8, |_, worker| {
        let mut own = normals(worker, 300);
        if worker == 5 {
            own[40..190].copy_from_slice(&normals(2, 300)[100..250]);
        }
        own
    });
    let audited = table.audit(&[]);
    assert_eq!(
        (audited.code, audited.rules()),
        (10, vec!["shifted-overlap"])
    );
    let witness = &audited.report["findings"][0]["witness"];
    assert_eq!(witness["words"], 150);
    assert_eq!(
        (&witness["a"]["word"], &witness["b"]["word"]),
        (&100.into(), &40.into())
    );
    // It is no input that all are told.
    assert_eq!(table.audit(&["--shared-inputs"]).code, 10);
}

#[test]
fn a_row_that_may_be_drawn_as_one_tells_less() {
    // Six rows of four may have been drawn from a list; 24 values, one by one, were not.
    let table = equal_pair(24);
    let audited = table.audit(&[]);
    assert_eq!(audited.code, 12, "{:?}", audited.rules());
    assert!(audited.rules().contains(&"suspect-copies"));
    let one_by_one = table.audit(&["--row", "1"]);
    assert_eq!(
        (one_by_one.code, one_by_one.rules()),
        (10, vec!["equal-streams"])
    );
    // A hundred values are too many for rows of four, and too few for rows of fifty.
    assert_eq!(equal_pair(100).audit(&["--row", "50"]).code, 12);
}

#[test]
fn what_all_workers_share_is_an_input_or_a_draw_as_declared() {
    for table in [inputs_first(), every_fourth()] {
        let inputs = table.audit(&["--shared-inputs"]);
        assert_eq!((inputs.code, inputs.rules()), (0, vec![]));
        // Normals are no words, and are not judged by their laws.
        let arguments = ["audit", "values.csv", "--as", "draws"];
        let refused = seedbench(table.0.path(), &arguments);
        assert_eq!(refused.status.code(), Some(64));
        assert!(
            String::from_utf8_lossy(&refused.stderr)
                .contains("only raw words can be judged as draws")
        );
    }
    let words = shared_words();
    let open = words.audit(&[]);
    assert_eq!(open.code, 12, "{:?}", open.rules());
    assert!(open.rules().contains(&"shared-inputs"));
    assert_eq!(words.audit(&["--as", "draws"]).code, 10);
}

#[test]
fn draws_that_are_never_equal_convict_by_a_few_shared_bits() {
    // Three values of worker 1 begin worker 4.
    let table = Table::new(1, 8, |_, worker| {
        let own = normals(worker, 100);
        match worker {
            4 => [&normals(1, 100)[10..13], &own[..97]].concat(),
            _ => own,
        }
    });
    // It says what would decide.
    let open = table.audit(&[]);
    assert_eq!((open.code, open.rules()), (12, vec!["suspect-values"]));
    let finding = open.report["findings"][0].to_string();
    assert!(
        finding.contains("hold 3 values of full precision"),
        "{finding}"
    );
    assert!(finding.contains("--continuous"), "{finding}");
    let audited = table.audit(&["--continuous"]);
    assert_eq!(
        (audited.code, audited.rules()),
        (10, vec!["shifted-overlap"])
    );
    let witness = &audited.report["findings"][0]["witness"];
    assert_eq!(
        (&witness["a"]["word"], &witness["b"]["word"]),
        (&10.into(), &0.into())
    );
    assert_eq!(witness["words"], 3);
    // Values of few digits may be equal.
    let rounded = Table::new(1, 8, |_, worker| {
        let cut = |x: f64| (x * 1e3).round() / 1e3;
        normals(worker, 100).into_iter().map(cut).collect()
    });
    assert_eq!(rounded.audit(&["--continuous"]).code, 0);
}

/// Whole streams that are equal are said to be, however few values they have.
#[test]
fn few_equal_draws_are_equal_streams_where_draws_are_never_equal() {
    let audited = equal_pair(3).audit(&["--continuous"]);
    assert_eq!((audited.code, audited.rules()), (10, vec!["equal-streams"]));
    let bound = audited.report["cells"][0].to_string();
    assert!(bound.contains("never equal, as declared"), "{bound}");
}

/// What all workers have at the same places is not a draw because two draws are never equal.
#[test]
fn inputs_do_not_convict_draws_that_are_never_equal() {
    assert_eq!(
        inputs_first()
            .audit(&["--continuous", "--shared-inputs"])
            .code,
        0
    );
    assert_ne!(inputs_first().audit(&["--continuous"]).code, 10);
}

/// Values that all runs draw from one list, or one worker draws twice, speak of a list, not of workers that share
/// draws; where no worker draws a value twice, nothing does.
#[test]
fn a_list_that_all_draw_from_is_not_suspect() {
    let list = normals(77, 500);
    let chosen = |runs: u64| {
        Table::new(runs, 6, |run, worker| {
            let place = |u: &f64| list[(u * 500.0) as usize];
            uniforms(run << 8 | worker, 60).iter().map(place).collect()
        })
    };
    assert_eq!(chosen(3).audit(&[]).code, 0);
    assert_eq!(chosen(1).audit(&[]).code, 0);
    let without_repeats = Table::new(1, 6, |_, worker| {
        let mut left = list.clone();
        let place = |u: f64| left.swap_remove((u * left.len() as f64) as usize);
        uniforms(worker, 60).into_iter().map(place).collect()
    });
    assert_eq!(without_repeats.audit(&[]).rules(), ["suspect-values"]);
}

#[test]
fn words_that_are_not_earned_are_draws_or_values_as_declared() {
    let table = antithetic(2);
    assert_eq!(table.audit(&["--as", "draws"]).code, 10);
    assert_eq!(table.audit(&["--as", "values"]).code, 0);
}

/// Sound programs that were once called unsound.
#[test]
fn structured_output_of_sound_programs_is_never_unsound() {
    for key in 0..4 {
        let own = |worker: u64, count| uniforms(key << 32 | worker, count);
        let pairs = Table::new(1, 16, |_, worker| {
            let draws = own(worker, 200);
            let ordered = |pair: &[f64]| [pair[0].min(pair[1]), pair[0].max(pair[1])];
            draws.chunks_exact(2).flat_map(ordered).collect()
        });
        // Points of van der Corput, scrambled by a random shift of the bits for each worker.
        let nets = Table::new(1, 64, |_, worker| {
            let scramble = (own(worker, 1)[0] * 2f64.powi(53)) as u64;
            let point = |at: u64| (at.reverse_bits() >> 11 ^ scramble) as f64 / 2f64.powi(53);
            (0..1000).map(point).collect()
        });
        // A list of fifty rows, from which every worker chooses.
        let list = uniforms(99, 200);
        let chosen = Table::new(1, 16, |_, worker| {
            let rows = own(worker, 12);
            let row = |u: f64| list[4 * (50.0 * u) as usize..][..4].to_vec();
            rows.into_iter().flat_map(row).collect()
        });
        for (name, table) in [
            ("ordered pairs", pairs),
            ("u and 1 - u", antithetic(key)),
            ("points of a net", nets),
            ("rows of a list", chosen),
        ] {
            let audited = table.audit(&[]);
            assert_ne!(audited.code, 10, "{name}: {:?}", audited.rules());
        }
    }
}

/// What is told to all, or to all of a group, before they draw.
#[test]
fn common_inputs_never_convict() {
    type Told = fn(u64, u64) -> Vec<f64>;
    let told: [(&str, Told); 5] = [
        ("the run", |run, _| vec![run as f64]),
        ("the second", |run, _| vec![1.7e9 + (100 * run) as f64]),
        ("worker / 4", |_, worker| vec![(worker / 4) as f64]),
        ("weights", |_, _| normals(1000, 300)),
        ("weights of the run", |run, _| normals(1000 + run, 300)),
    ];
    for (name, told) in told {
        let table = Table::new(3, 8, |run, worker| {
            [told(run, worker), normals(run << 20 | worker, 200)].concat()
        });
        let audited = table.audit(&[]);
        assert_ne!(audited.code, 10, "{name}: {:?}", audited.rules());
    }
}

#[test]
fn a_draw_handed_out_twice_more_often_is_never_better() {
    let words = |worker: u64| -> Vec<u64> {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(worker ^ 0x5eed_cafe_0000_0000);
        (0..4000).map(|_| rng.next_u64()).collect()
    };
    for share in [0.01, 0.04, 0.06, 0.1, 0.3, 0.5] {
        let folder = tempfile::tempdir().unwrap();
        for worker in 0..8 {
            let twice = uniforms(500 + worker, 4000);
            let handed = words(worker)
                .into_iter()
                .zip(twice)
                .flat_map(|(word, u)| std::iter::repeat_n(word, if u < share { 2 } else { 1 }));
            let bytes: Vec<u8> = handed.take(4000).flat_map(u64::to_le_bytes).collect();
            fs::write(folder.path().join(format!("worker-{worker}.u64")), bytes).unwrap();
        }
        let audited = audit(folder.path(), &[]);
        assert_eq!(audited.code, 10, "{share}: {:?}", audited.rules());
    }
}

/// A coarser value at every twentieth place, a checksum a row, a first value of another law: what all workers' places
/// have alike is the program's. What one worker has of another is not, beside it.
#[test]
fn the_structure_of_a_program_convicts_no_words() {
    let structures: [fn(usize, &[f64]) -> f64; 3] = [
        |at, u| match at % 20 {
            19 => f64::from(u[at] as f32),
            _ => u[at],
        },
        |at, u| match at % 30 {
            29 => u[at - 29..at].iter().sum::<f64>().fract(),
            _ => u[at],
        },
        |at, u| if at == 0 { u[0] / 16.0 } else { u[at] },
    ];
    for (kind, structure) in structures.into_iter().enumerate() {
        let drawn = |seed: u64| -> Vec<f64> {
            let u = uniforms(seed, 600);
            (0..600).map(|at| structure(at, &u)).collect()
        };
        let sound = Table::new(1, 16, |_, worker| drawn(9_000 + worker)).audit(&[]);
        assert_ne!(sound.code, 10, "{kind}: {:?}", sound.rules());
        let shared = Table::new(1, 16, |_, worker| drawn(9_000 + worker % 15)).audit(&[]);
        assert_eq!(shared.code, 10, "{kind}: {:?}", shared.rules());
    }
}

/// A schedule that all workers are given, beside a value that stands still: two of them that stand at one value are
/// no copies. With own draws beside it, they are.
#[test]
fn what_all_workers_are_told_makes_no_copies() {
    let run = |worker: u64, still: bool| -> Vec<f64> {
        let own = uniforms(7_000 + worker % 7, 400);
        let step = |at: usize| match still {
            true => [10.0 * 0.98f64.powi(at as i32), ((worker % 7) as f64) / 8.0],
            false => [10.0 * 0.98f64.powi(at as i32), own[at]],
        };
        (0..400).flat_map(step).collect()
    };
    let still = Table::new(1, 8, |_, worker| run(worker, true)).audit(&[]);
    assert_ne!(still.code, 10, "{:?}", still.rules());
    let own = Table::new(1, 8, |_, worker| run(worker, false)).audit(&[]);
    assert_eq!(own.code, 10, "{:?}", own.rules());
}

/// Every replicate seeds the next from nine bits of its own output.
#[test]
fn streams_that_run_in_one_cycle_are_unsound() {
    let table = Table::new(1, 8, |_, worker| {
        let mut state = 60 * worker;
        let mut next = || {
            let draw = uniforms(state, 1)[0];
            state = (draw * 512.0) as u64;
            draw
        };
        (0..400).map(|_| next()).collect()
    });
    let audited = table.audit(&[]);
    assert_eq!(audited.code, 10, "{:?}", audited.rules());
}

/// What R prints, with the marks of its lines.
#[test]
fn marks_of_lines_are_no_draws() {
    let folder = tempfile::tempdir().unwrap();
    for worker in 0..16 {
        let mut text = String::new();
        for (line, six) in uniforms(worker, 64).chunks(6).enumerate() {
            let shown: Vec<String> = six.iter().map(|x| format!("{x:.7}")).collect();
            text += &format!(" [{}] {}\n", 6 * line + 1, shown.join(" "));
        }
        fs::write(folder.path().join(format!("worker-{worker}.txt")), text).unwrap();
    }
    let audited = audit(folder.path(), &[]);
    assert_ne!(audited.code, 10, "{:?}", audited.rules());
}

#[test]
fn the_test_api_says_what_is_suspect_and_stays_green() {
    let audited = Audit::new("noisy copy").workers(8).runs(1).words(400);
    let audited = audited.reals_from(|id| {
        let (own, other) = (normals(id.worker, 400), normals(0, 400));
        let mut at = 0;
        move || {
            at += 1;
            match id.worker {
                5 => (2.0 * other[at - 1] + own[at - 1]) / 5f64.sqrt(),
                _ => own[at - 1],
            }
        }
    });
    assert_eq!(audited.verdict(), Verdict::Inconclusive);
    assert!(audited.is_sound(), "{audited}");
    audited.assert_sound();
    let told: Vec<String> = audited
        .findings()
        .iter()
        .map(|found| found.rule.to_string())
        .collect();
    assert_eq!(told, ["suspect-ranks"]);
}

/// Values that are held for a while hide that two workers draw the same, until it is said that they are held.
#[test]
fn what_is_hidden_by_held_values_is_said_with_the_option_that_settles_it() {
    let table = Table::new(1, 8, |_, worker| {
        let drawn = normals(if worker == 5 { 2 } else { worker }, 200);
        let lengths = uniforms(1000 + worker, 200);
        let held = drawn
            .iter()
            .zip(lengths)
            .map(|(value, u)| vec![*value; 1 + (4.0 * u) as usize]);
        held.collect::<Vec<_>>().concat()
    });
    let open = table.audit(&[]);
    assert_eq!(open.code, 12);
    assert!(
        open.rules().contains(&"other-reading"),
        "{:?}",
        open.rules()
    );
    assert!(
        open.report
            .to_string()
            .contains("with --held they are unsound")
    );
    let settled = table.audit(&["--held"]);
    assert_eq!((settled.code, settled.rules()), (10, vec!["equal-streams"]));
    // Held values of workers with draws of their own hide nothing.
    let sound = Table::new(1, 8, |_, worker| {
        let held = normals(worker, 200)
            .into_iter()
            .map(|value| vec![value; 1 + worker as usize % 3]);
        held.collect::<Vec<_>>().concat()
    });
    assert_eq!(sound.audit(&[]).code, 0);
}

/// A count beside each word hides that words are each other's xored with a constant.
#[test]
fn labels_in_every_row_are_proposed_and_not_judged() {
    let base: Vec<u32> = uniforms(9, 600)
        .iter()
        .map(|u| (u * 4_294_967_296.0) as u32)
        .collect();
    let constant = |worker: u64| (uniforms(500 + worker, 1)[0] * 4_294_967_296.0) as u32;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("counted.csv");
    let mut text = String::from("worker,value\n");
    for worker in 0..8 {
        for (row, base) in base.iter().enumerate() {
            text += &format!("{worker},{row}\n{worker},{}\n", base ^ constant(worker));
        }
    }
    fs::write(&path, text).unwrap();
    assert_eq!(audit(&path, &[]).code, 12);
    let settled = audit(&path, &["--row", "2", "--labels", "0", "--as", "draws"]);
    assert_eq!(settled.code, 10, "{:?}", settled.rules());
}

// ── Policies ────────────────────────────────────────────────────────────────────────────────────

/// A check of a table, whose target has these keys too.
fn check(table: &Table, keys: &str, more: &[&str]) -> (i32, String) {
    let policy = format!(
        "schema = 1\n\n[profile.default]\nplan = \"quick\"\n\n[[target]]\nname = \"table\"\n\
         capture = \"values.csv\"\n{keys}\n"
    );
    fs::write(table.0.path().join("seedbench.toml"), policy).unwrap();
    let output = seedbench(table.0.path(), &[&["check", "--root", "7"], more].concat());
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[test]
fn policies_declare_what_flags_declare() {
    let saved = ["--save-baseline"];
    for (table, key, code) in [
        (inputs_first(), "shared-inputs = true", 0),
        (shared_words(), "as = \"draws\"", 10),
        (antithetic(1), "as = \"values\"", 0),
        (equal_pair(12), "continuous = true", 10),
        (equal_pair(24), "row = 1", 10),
        (noisy_copy(), "suspect = \"fail\"", 12),
        (noisy_copy(), "suspect = \"warn\"", 0),
    ] {
        // Suspects turn no check red.
        let (first, said) = check(&table, "", &saved);
        assert_eq!(first, 0, "{key}: {said}");
        let (found, said) = check(&table, key, &[]);
        assert_eq!(found, code, "{key}: {said}");
    }
    let (code, said) = check(&inputs_first(), "as = \"draws\"", &[]);
    assert_ne!(code, 0, "{said}");
    assert!(
        said.contains("only raw words can be judged as draws"),
        "{said}"
    );
    for (key, said) in [
        ("as = \"numbers\"", "`draws` or `values`"),
        ("suspect = \"off\"", "`warn` or `fail`"),
        ("row = 0", "expected a nonzero"),
    ] {
        let (code, text) = check(&inputs_first(), key, &[]);
        assert_eq!(code, 65, "{key}: {text}");
        assert!(text.contains(said), "{key}: {text}");
    }
}

#[test]
fn a_row_that_becomes_suspect_is_listed_and_no_regression() {
    let table = Table::new(1, 8, |_, worker| normals(worker, 264));
    assert_eq!(check(&table, "", &["--save-baseline"]).0, 0);
    fs::copy(inputs_first().path(), table.path()).unwrap();
    let (code, said) = check(&table, "", &["--export", "check.sarif"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("finding shared-inputs"), "{said}");
    assert!(!said.contains("worse"), "{said}");
    let sarif: serde_json::Value =
        serde_json::from_slice(&fs::read(table.0.path().join("check.sarif")).unwrap()).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let suspect = results
        .iter()
        .find(|result| result["ruleId"] == "shared-inputs")
        .unwrap();
    assert_eq!(suspect["level"], "note");
}

// ── Fresh runs of a command ─────────────────────────────────────────────────────────────────────

/// An audit of an awk program that prints `values` numbers of a generator seeded with `seed`, an expression of
/// run `r` and worker `w`.
#[cfg(unix)]
fn audit_of(options: &[&str], seed: &str, values: u32) -> (i32, String) {
    let program = format!(
        "BEGIN {{ r = ENVIRON[\"SEEDBENCH_RUN\"]; w = ENVIRON[\"SEEDBENCH_WORKER\"]; srand({seed}); \
         for (i = 0; i < {values}; i++) printf \"%.17g\\n\", sqrt(-2 * log(1 - rand())) * cos(6.283185307179586 * rand()) }}"
    );
    let folder = tempfile::tempdir().unwrap();
    let command = ["--", "awk", &program];
    let arguments = [&["audit"], options, &command].concat();
    let output = seedbench(folder.path(), &arguments);
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8_lossy(&said)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
    )
}

/// One number of each of four workers tells nothing of a law; that it comes again within fresh runs only does.
#[cfg(unix)]
#[test]
fn fresh_runs_decide_what_few_values_leave_open() {
    let options = ["--workers", "4", "--runs", "3"];
    let (code, said) = audit_of(&options, "1000 + 17 * r", 1);
    assert_eq!(code, 10, "{said}");
    assert!(
        said.contains("6 fresh runs (24 starts, about 6 s) decide what is suspect"),
        "{said}"
    );
    assert!(said.contains("error[equal-streams]"), "{said}");
    assert!(
        said.contains("excluded under any law of the values (42 bits)"),
        "{said}"
    );
    // With seeds of their own there is nothing to decide.
    let (code, said) = audit_of(&options, "1000 + 4 * r + w", 1);
    assert_eq!(code, 12, "{said}");
    assert!(!said.contains("fresh run"), "{said}");
}

/// Two workers that draw every third number alike: named in one run, proven in fresh ones.
#[cfg(unix)]
#[test]
fn fresh_runs_prove_a_pattern_that_was_named() {
    let seed = "1000 + 8 * r + (w == 5 ? 3 : w)";
    let program = |values: u32| audit_of(&["--workers", "8", "--runs", "1"], seed, values);
    // Three equal numbers of two workers are no proof in one run, whatever their law.
    let (code, said) = program(3);
    assert_eq!(code, 10, "{said}");
    assert!(
        said.contains("fresh runs (") && said.contains("decide what is suspect"),
        "{said}"
    );
    assert!(
        said.contains("error[confirmed-sharing]") || said.contains("error[equal-streams]"),
        "{said}"
    );
}

#[cfg(unix)]
#[test]
fn fresh_runs_stay_within_the_budget_and_are_not_made_of_given_seeds() {
    let seed = "1000 + 17 * r";
    let (code, said) = audit_of(&["--workers", "4", "--runs", "3", "--budget", "0"], seed, 1);
    assert_eq!(code, 12, "{said}");
    assert!(
        said.contains("would decide what is suspect: say --budget"),
        "{said}"
    );
    let (code, said) = audit_of(&["--workers", "4", "--seeds", "1,2,3"], seed, 1);
    assert_eq!(code, 12, "{said}");
    assert!(said.contains("with given seeds none are made"), "{said}");
}

/// An input that all runs are given comes again between runs, and stays what it was.
#[cfg(unix)]
#[test]
fn fresh_runs_do_not_convict_an_input_of_all_runs() {
    // Workers 3 and 5 are told the same setting, in one run.
    let (code, said) = audit_of(
        &["--workers", "8", "--runs", "1"],
        "100 + (w == 5 ? 3 : w)",
        3,
    );
    assert_eq!(code, 12, "{said}");
    assert!(said.contains("it came again between runs too"), "{said}");
}
