//! One reader for every text: whatever form numbers are printed in, the bytes give one evidence from a
//! pipe, from a file of any name and through a pool, and it is that of a table with labels.

use std::{fmt::Write as _, fs};

use proptest::prelude::*;
use seedbench::{
    capture::{Capture, Gathered, Origin, ReadOptions, Reading},
    vocabulary::Evidence,
};

/// The draws of every worker, of equal length.
type Draws = Vec<Vec<f64>>;

/// How numbers are printed, and a name for failures.
type Form = (&'static str, fn(&Draws) -> String);

const FORMS: [Form; 48] = [
    ("lists with blanks", |draws| format!("{draws:?}\n")),
    ("compact lists", |draws| {
        format!("{draws:?}\n").replace(' ', "")
    }),
    ("lists over lines", |draws| {
        format!("{draws:?}\n").replace(", ", ",\n  ")
    }),
    ("an object", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| format!("\"w{worker}\": {list:?}");
        let all: Vec<String> = draws.iter().enumerate().map(of).collect();
        format!("{{{}}}\n", all.join(", "))
    }),
    ("a dict of numpy's numbers", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            let numbers: Vec<String> = list.iter().map(|x| format!("np.float64({x:?})")).collect();
            format!("{worker}: [{}]", numbers.join(", "))
        };
        let all: Vec<String> = draws.iter().enumerate().map(of).collect();
        format!("{{{}}}\n", all.join(", "))
    }),
    ("numpy's arrays", |draws| {
        let of = |list: &Vec<f64>| format!("array({list:?}, dtype=float64)");
        let all: Vec<String> = draws.iter().map(of).collect();
        format!("[{}]\n", all.join(",\n "))
    }),
    ("a list a line", |draws| {
        draws.iter().map(|list| format!("{list:?}\n")).collect()
    }),
    ("records a line", |draws| {
        rows(draws, |worker, x| {
            format!("{{\"worker\": {worker}, \"value\": {x:?}}}\n")
        })
    }),
    ("a record a worker", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            format!("{{\"rank\": {worker}, \"values\": {list:?}}}\n")
        };
        draws.iter().enumerate().map(of).collect()
    }),
    ("Go's maps", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            format!("{worker}:{}", format!("{list:?}").replace(',', ""))
        };
        let all: Vec<String> = draws.iter().enumerate().map(of).collect();
        format!("map[{}]\n", all.join(" "))
    }),
    ("ranks before numbers", |draws| {
        rows(draws, |worker, x| format!("rank {worker}: {x:?}\n"))
    }),
    ("numbers in brackets before numbers", |draws| {
        rows(draws, |worker, x| format!("[{worker}] {x:?}\n"))
    }),
    ("mpirun's tags", |draws| {
        rows(draws, |worker, x| format!("[1,{worker}]<stdout>: {x:?}\n"))
    }),
    ("assignments", |draws| {
        rows(draws, |worker, x| format!("worker {worker}: x={x:?}\n"))
    }),
    ("messages between", |draws| {
        let lines = rows(draws, |worker, x| {
            format!("INFO worker {worker} starts\n{worker}: {x:?}\nall is well so far\n")
        });
        format!("2026-11-29 12:00:01,250 INFO hello\n{lines}")
    }),
    ("R's lists", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            let mut text = format!("[[{worker}]]\n");
            for (at, numbers) in list.chunks(3).enumerate() {
                let numbers: Vec<String> = numbers.iter().map(|x| format!("{x:?}")).collect();
                let _ = writeln!(text, " [{}] {}", 3 * at + 1, numbers.join(" "));
            }
            text + "\n"
        };
        draws.iter().enumerate().map(of).collect()
    }),
    ("headings", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            let numbers: Vec<String> = list.iter().map(|x| format!("{x:?}\n")).collect();
            format!("Worker {worker}:\n{}", numbers.concat())
        };
        draws.iter().enumerate().map(of).collect()
    }),
    ("a line a worker, longer than there are workers", |draws| {
        let of = |list: &Vec<f64>| {
            let numbers: Vec<String> = list.iter().map(|x| format!("{x:?}")).collect();
            numbers.join(" ") + "\n"
        };
        draws.iter().map(of).collect()
    }),
    ("rows without a header", |draws| {
        rows(draws, |worker, x| format!("{worker},{x:?}\n"))
    }),
    ("a column a worker", |draws| {
        let names: Vec<String> = (0..draws.len())
            .map(|worker| format!("chain{worker}"))
            .collect();
        let mut text = format!("step,{}\n", names.join(","));
        for step in 0..draws[0].len() {
            let numbers: Vec<String> = draws
                .iter()
                .map(|list| format!("{:?}", list[step]))
                .collect();
            let _ = writeln!(text, "{step},{}", numbers.join(","));
        }
        text
    }),
    ("a printed frame", |draws| {
        let lines = rows(draws, |worker, x| format!("7  {worker}  {x:?}\n"));
        format!("   worker   value\n{lines}")
    }),
    ("decimal commas behind semicolons", |draws| {
        let row = |worker, x: f64| format!("{worker};{x:?}\n").replace('.', ",");
        format!("worker;value\n{}", rows(draws, row))
    }),
    ("money", |draws| {
        let lines = rows(draws, |worker, x| format!("{worker},${x:?}\n"));
        format!("worker,amount\n{lines}")
    }),
    ("per cent", |draws| {
        let lines = rows(draws, |worker, x| format!("{worker},{x:?}%\n"));
        format!("worker,share\n{lines}")
    }),
    ("a unit", |draws| {
        let lines = rows(draws, |worker, x| format!("{worker}\t{x:?} ms\n"));
        format!("worker\tvalue\n{lines}")
    }),
    ("numbers of threads and a column called draw", |draws| {
        let lines = rows(draws, |worker, x| {
            format!("{},{x:?}\n", 140_123_456_789 + 4096 * worker)
        });
        format!("thread_id,draw\n{lines}")
    }),
    ("a task's number that never repeats", |draws| {
        let mut task = 0;
        let mut text = String::from("task,worker,value\n");
        for step in 0..draws[0].len() {
            for (worker, list) in draws.iter().enumerate() {
                let _ = writeln!(text, "{task},{worker},{:?}", list[step]);
                task += 1;
            }
        }
        text
    }),
    ("missing numbers among others", |draws| {
        let lines = rows(draws, |worker, x| {
            format!("{worker},NA\n{worker},\n{worker},inf\n{worker},{x:?}\n")
        });
        format!("worker,value\n{lines}")
    }),
    ("ranks of how many", |draws| {
        let all = draws.len();
        rows(draws, |worker, x| format!("rank {worker}/{all}: {x:?}\n"))
    }),
    ("a sentence before numbers", |draws| {
        let all = draws.len();
        rows(draws, |worker, x| {
            format!("Hello from thread {worker} of {all}: x = {x:?}\n")
        })
    }),
    ("names of Python's pool workers", |draws| {
        rows(draws, |worker, x| {
            format!("ForkPoolWorker-{worker} {x:?}\n")
        })
    }),
    ("Ray's tags", |draws| {
        rows(draws, |worker, x| format!("(Worker pid={worker}) {x:?}\n"))
    }),
    ("torchrun's tags", |draws| {
        rows(draws, |worker, x| format!("[default{worker}]:{x:?}\n"))
    }),
    ("docker's tags", |draws| {
        rows(draws, |worker, x| format!("worker-{worker}_1  | {x:?}\n"))
    }),
    ("times in brackets", |draws| {
        rows(draws, |worker, x| {
            format!("[12:00:01.5] worker {worker}: {x:?}\n")
        })
    }),
    ("settings", |draws| {
        rows(draws, |worker, x| {
            format!("worker={worker} step=1 loss={x:?}\n")
        })
    }),
    ("arrows", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| format!("{worker} => {list:?}\n");
        draws.iter().enumerate().map(of).collect()
    }),
    ("framed headings", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            let numbers: Vec<String> = list.iter().map(|x| format!("{x:?}\n")).collect();
            format!("=== worker {worker} ===\n{}", numbers.concat())
        };
        draws.iter().enumerate().map(of).collect()
    }),
    ("headings in comments", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            let numbers: Vec<String> = list.iter().map(|x| format!("{x:?}\n")).collect();
            format!("# rank {worker}\n{}", numbers.concat())
        };
        draws.iter().enumerate().map(of).collect()
    }),
    ("headings before printed vectors", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            let lines: Vec<String> = list
                .chunks(4)
                .map(|some| {
                    let numbers: Vec<String> = some.iter().map(|x| format!("{x:?}")).collect();
                    numbers.join(" ")
                })
                .collect();
            format!("worker {worker}\n[{}]\n", lines.join("\n "))
        };
        draws.iter().enumerate().map(of).collect()
    }),
    ("blocks between blank lines", |draws| {
        let of = |list: &Vec<f64>| {
            let numbers: Vec<String> = list.iter().map(|x| format!("{x:?}\n")).collect();
            numbers.concat()
        };
        let all: Vec<String> = draws.iter().map(of).collect();
        all.join("\n")
    }),
    ("progress between numbers", |draws| {
        let mut done = 0;
        let mut text = String::new();
        for step in 0..draws[0].len() {
            let _ = writeln!(text, "Progress: {done}%");
            done += 1;
            for (worker, list) in draws.iter().enumerate() {
                let _ = writeln!(text, "worker {worker}: {:?}", list[step]);
            }
        }
        text + "Done in 3.21 s\n"
    }),
    ("a table in Markdown", |draws| {
        let lines = rows(draws, |worker, x| format!("| 7 | {worker} | {x:?} |\n"));
        format!("| step | worker | value |\n|---|---:|---|\n{lines}")
    }),
    ("a table drawn with signs", |draws| {
        let lines = rows(draws, |worker, x| format!("| {worker} | {x:?} |\n"));
        let rule = "+--------+-------+\n";
        format!("{rule}| worker | value |\n{rule}{lines}{rule}")
    }),
    ("records whose names are short", |draws| {
        let mut text = String::new();
        for step in 0..draws[0].len() {
            for (worker, list) in draws.iter().enumerate() {
                let x = list[step];
                let _ = writeln!(
                    text,
                    "{{\"run\": 0, \"worker\": {worker}, \"t\": {step}, \"n\": {x:?}}}"
                );
            }
        }
        text
    }),
    ("results in an object", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            format!("{{\"worker\": {worker}, \"values\": {list:?}}}")
        };
        let all: Vec<String> = draws.iter().enumerate().map(of).collect();
        format!(
            "{{\"config\": {{\"lr\": 0.1}}, \"results\": [{}]}}\n",
            all.join(", ")
        )
    }),
    ("workers in an object", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| {
            format!("{{\"id\": {worker}, \"draws\": {list:?}}}")
        };
        let all: Vec<String> = draws.iter().enumerate().map(of).collect();
        format!("{{\"version\": 2, \"workers\": [{}]}}\n", all.join(", "))
    }),
    ("runs in an object", |draws| {
        let of = |(worker, list): (usize, &Vec<f64>)| format!("\"w{worker}\": {list:?}");
        let all: Vec<String> = draws.iter().enumerate().map(of).collect();
        format!(
            "{{\"runs\": [{{\"run\": 0, \"workers\": {{{}}}}}]}}\n",
            all.join(", ")
        )
    }),
];

/// A text a draw, in the order of a program in which workers take turns.
fn rows(draws: &Draws, text: impl Fn(usize, f64) -> String) -> String {
    let step = |step: usize| {
        let text = &text;
        draws
            .iter()
            .enumerate()
            .map(move |(worker, list)| text(worker, list[step]))
    };
    (0..draws[0].len()).flat_map(step).collect()
}

fn loaded(mut capture: Capture, what: &str) -> Evidence {
    assert!(
        capture.problems().is_empty(),
        "{what}: {:?}",
        capture.problems()
    );
    let longest = capture.longest();
    let evidence = capture.load(longest);
    evidence
        .unwrap_or_else(|error| panic!("{what}: {error}"))
        .clone()
}

fn piped(text: &str, what: &str) -> Evidence {
    let capture = Capture::from_text("standard input", text.as_bytes(), &Reading::default());
    loaded(
        capture.unwrap_or_else(|error| panic!("{what}: {error}\n{text}")),
        what,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3))]

    #[test]
    fn every_form_is_one_evidence_from_a_pipe_a_file_and_a_pool(
        draws in (2usize..5, 6usize..12).prop_flat_map(|(workers, count)| {
            let unit = (1u64..1 << 53).prop_map(|bits| bits as f64 / (1u64 << 53) as f64);
            prop::collection::vec(prop::collection::vec(unit, count), workers)
        })
    ) {
        let table = rows(&draws, |worker, x| format!("{worker},{x:?}\n"));
        let expected = piped(&format!("worker,value\n{table}"), "a table");
        prop_assert_eq!(expected.streams(), draws.len());
        let folder = tempfile::tempdir().unwrap();
        for (name, print) in FORMS {
            let text = print(&draws);
            prop_assert_eq!(&piped(&text, name), &expected, "{}:\n{}", name, text);
            for ending in ["txt", "csv", "tsv", "json", "jsonl", "log", "dat"] {
                let path = folder.path().join(format!("x.{ending}"));
                fs::write(&path, &text).unwrap();
                let capture = Capture::open(&path, &ReadOptions::default()).unwrap();
                prop_assert_eq!(&loaded(capture, name), &expected, "{} in .{}", name, ending);
            }
            let mut gathered = Gathered::new(Reading::default());
            let origin = Origin { run: 0, seed: None, worker: None, launch: None };
            gathered.add(&origin, text.as_bytes(), None, None);
            let capture = gathered.finish().unwrap();
            prop_assert_eq!(&loaded(capture, name), &expected, "{} through a pool", name);
        }
    }
}

#[test]
fn fewer_workers_than_promised_are_never_passed_over() {
    let promised = |text: &str, workers| {
        let mut gathered = Gathered::new(Reading {
            workers: Some(workers),
            ..Reading::default()
        });
        let origin = Origin {
            run: 0,
            seed: None,
            worker: None,
            launch: None,
        };
        gathered.add(&origin, text.as_bytes(), None, None);
        let capture = gathered.finish().unwrap();
        let problems: Vec<String> = capture.problems().iter().map(ToString::to_string).collect();
        (problems.join("; "), capture.notes().join("; "))
    };
    let (problems, _) = promised("worker,value\n0,1\n1,2\n", 3);
    assert!(
        problems.contains("read as 2 workers where --workers promises 3"),
        "{problems}"
    );
    let (problems, notes) = promised("1\n2\n3\n", 3);
    assert!(
        problems.is_empty() && notes.contains("one list that does not say"),
        "{notes}"
    );
    let (problems, notes) = promised("worker,value\n0,1\n1,2\n", 2);
    assert!(
        problems.is_empty() && notes.is_empty(),
        "{problems} {notes}"
    );
}

#[test]
fn too_few_numbers_of_every_worker_are_one_note() {
    let mut gathered = Gathered::new(Reading::default());
    for worker in 0..5 {
        let origin = Origin {
            run: 0,
            seed: None,
            worker: Some(worker),
            launch: None,
        };
        gathered.add(&origin, format!("{worker}\n7\n").as_bytes(), None, Some(4));
    }
    let capture = gathered.finish().unwrap();
    assert!(capture.problems().is_empty(), "{:?}", capture.problems());
    assert!(
        capture.notes()[0].contains("every worker printed 2 numbers where 4 were asked for"),
        "{:?}",
        capture.notes()
    );
}

#[test]
fn output_that_was_cut_off_is_read_as_far_as_it_goes() {
    for text in [
        "[0.5, 0.25, 0.125, 0.0625, 0.",
        "[[0.5, 0.25],\n [0.125, 0.0625], [0.7",
        "{\"value\": [0.5, 0.25, 0.125, 0.0625",
    ] {
        let mut gathered = Gathered::new(Reading::default());
        let origin = Origin {
            run: 0,
            seed: None,
            worker: Some(0),
            launch: None,
        };
        gathered.add(&origin, text.as_bytes(), None, Some(4));
        let capture = gathered.finish().unwrap();
        assert!(
            capture.problems().is_empty(),
            "{text}: {:?}",
            capture.problems()
        );
        assert_eq!((capture.streams(), capture.longest()), (1, 4), "{text}");
    }
}
