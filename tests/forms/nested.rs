//! Lists in lists: which level is runs and which is workers, and that none is flattened over workers in silence.

use seedbench::capture::{Axis, Capture, Reading};

use super::{refused, streams};

/// `runs` lists of `workers` lists of `rows` lists of `values` numbers, each number once.
fn lists(runs: usize, workers: usize, rows: usize, values: usize) -> String {
    let mut next = 0.0;
    let mut list = |count: usize| {
        let numbers: Vec<String> = (0..count)
            .map(|_| {
                next += 0.618;
                format!("{:?}", next % 1.0)
            })
            .collect();
        format!("[{}]", numbers.join(", "))
    };
    let all: Vec<String> = (0..runs)
        .map(|_| {
            let workers: Vec<String> = (0..workers)
                .map(|_| match rows {
                    0 => list(values),
                    _ => {
                        let rows: Vec<String> = (0..rows).map(|_| list(values)).collect();
                        format!("[{}]", rows.join(", "))
                    }
                })
                .collect();
            format!("[{}]", workers.join(", "))
        })
        .collect();
    format!("[{}]", all.join(", "))
}

/// Runs and streams of a text, and what is noted.
fn read(text: &str, reading: &Reading) -> (usize, usize, String) {
    let (evidence, notes) = streams(text.as_bytes(), reading);
    (evidence.runs().len(), evidence.streams(), notes.join("; "))
}

fn axis(axis: Axis) -> Reading {
    Reading {
        axis: Some(axis),
        ..Reading::default()
    }
}

fn outer_runs() -> Reading {
    Reading {
        outer_runs: true,
        ..Reading::default()
    }
}

#[test]
fn long_lists_in_lists_in_lists_are_runs_of_workers() {
    let text = lists(3, 4, 0, 24);
    let (runs, workers, notes) = read(&text, &Reading::default());
    assert_eq!((runs, workers), (3, 12));
    assert!(
        notes.contains("the outer level was read as runs"),
        "{notes}"
    );
    let lines = text[1..text.len() - 1].replace("]], [[", "]]\n[[");
    assert_eq!(read(&lines, &Reading::default()).1, 12);
    let (_, workers, notes) = read(&lists(3, 30, 0, 2), &Reading::default());
    assert_eq!(workers, 3);
    assert!(notes.contains("are its rows"), "{notes}");
}

#[test]
fn what_may_be_runs_or_workers_is_refused_with_the_options() {
    for text in [lists(2, 4, 8, 3), lists(2, 4, 0, 10)] {
        let lines = text[1..text.len() - 1].replace("]], [[[", "]]\n[[[");
        for text in [&text, &lines] {
            let error = refused(text);
            for option in ["--axis runs", "--axis columns", "--axis rows"] {
                assert!(error.contains(option), "{error}");
            }
            assert_eq!(read(text, &outer_runs()).1, 8);
            assert_eq!(read(text, &axis(Axis::Columns)).1, 2);
            assert_eq!(read(text, &axis(Axis::Rows)).1, 4);
        }
    }
}

#[test]
fn names_above_lists_say_what_they_are() {
    let inner = lists(2, 4, 0, 10);
    assert_eq!(
        read(&format!("{{\"runs\": {inner}}}"), &Reading::default()).0,
        2
    );
    let (runs, workers, _) = read(&format!("{{\"workers\": {inner}}}"), &Reading::default());
    assert_eq!((runs, workers), (1, 2));
    let one = lists(1, 4, 0, 24);
    let one = &one[1..one.len() - 1];
    let named = format!("{{\"run0\": {one}, \"run1\": {one}}}");
    assert_eq!(read(&named, &Reading::default()).1, 8);
    let records = format!("{{\"run\": 0, \"draws\": {one}}}\n{{\"run\": 1, \"draws\": {one}}}\n");
    let (runs, workers, notes) = read(&records, &Reading::default());
    assert_eq!((runs, workers), (2, 8));
    assert!(notes.contains("a list a worker"), "{notes}");
    let settings = format!("{{\"n\": 4, \"data\": {one}}}");
    assert_eq!(read(&settings, &Reading::default()).1, 4);
}

#[test]
fn cells_of_lists_are_looked_at_along_both_axes() {
    let rows = |height: usize, width: usize| {
        let text = lists(1, height, 0, width);
        let rows = text[2..text.len() - 2].replace("], [", "]\"\n\"[");
        format!("draws\n\"{rows}\"\n")
    };
    let text = rows(4, 24);
    let (_, workers, notes) = read(&text, &Reading::default());
    assert_eq!(workers, 4, "{text}");
    assert!(notes.contains("read with a row a worker"), "{notes}");
    let tall = rows(40, 3);
    let error = refused(&tall);
    assert!(error.contains("--axis rows reads a list a step"), "{error}");
    assert_eq!(read(&tall, &axis(Axis::Rows)).1, 3);
    assert_eq!(read(&tall, &axis(Axis::Columns)).1, 40);
}

#[test]
fn labels_that_never_change_leave_it_to_weaker_ones() {
    let rows = |host: usize| -> String {
        (0..48)
            .map(|at| format!("h{},{},0.{}\n", at % host, 100 + at / 12, at * 7919 % 9973))
            .collect()
    };
    let read = |rows: String| {
        let text = format!("host,pid,value\n{rows}");
        Capture::from_text("x", text.as_bytes(), &Reading::default())
            .unwrap()
            .streams()
    };
    assert_eq!(read(rows(1)), 4);
    assert_eq!(read(rows(2)), 2);
}

#[test]
fn what_printing_left_out_is_never_passed_over() {
    let lines: String = (0..8)
        .map(|at| {
            format!(
                "(draw pid={}) 0.{}{}\n",
                at % 2,
                at,
                if at == 5 {
                    " [repeated 3x across cluster]"
                } else {
                    ""
                }
            )
        })
        .collect();
    assert!(refused(&lines).contains("RAY_DEDUP_LOGS=0"));
    let frame = "    worker     value\n0        0  0.25\n1        0  0.75\n..      ...       ...\n3        1  0.125\n";
    assert!(refused(frame).contains("in pandas with .to_string()"));
    let index = "                value\nworker step          \n0      0        0.25\n       1        0.75\n1      0        0.5\n";
    let error = refused(index);
    assert!(error.contains("df.reset_index().to_string()"), "{error}");
    let summary =
        "              w0         w1\ncount   8.0   8.0\nmean    0.5   0.25\nstd     0.1   0.125\n";
    assert!(Capture::from_text("x", summary.as_bytes(), &Reading::default()).is_err());
}
