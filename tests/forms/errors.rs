//! What is refused says what to do, with both readings where there are two.

use seedbench::capture::{Axis, Capture, Comma, Reading};

use super::refused;

fn read(text: &str, reading: Reading) -> usize {
    let capture = Capture::from_text("x", text.as_bytes(), &reading);
    capture.unwrap_or_else(|error| panic!("{error}")).streams()
}

#[test]
fn errors_name_the_header_the_option_or_the_place_of_what_was_printed() {
    let tuples: String = (0..12)
        .map(|row| format!("({}, {}, 0.{row}5)\n", row % 3, row / 3))
        .collect();
    let points: String = (0..30).map(|at| format!("(0.{at}1, 0.{at}7)\n")).collect();
    let headed: String = (0..30)
        .map(|at| match at % 15 {
            0 => format!("{at}\n"),
            _ => format!("{at} 0.{at}1 0.{at}7\n"),
        })
        .collect();
    for (text, said) in [
        (tuples.as_str(), "put a line such as `run,worker,value`"),
        (
            "Seed was chosen\nAll went well\n",
            "standard output is for numbers, standard error for logs",
        ),
        (
            "[0.1 0.2 ... 0.8 0.9]\n",
            "np.set_printoptions(threshold=sys.maxsize)",
        ),
        (
            "0.1 0.2 ... 0.8 0.9\n",
            "np.set_printoptions(threshold=sys.maxsize)",
        ),
        ("worker,level\n0,x\n1,y\n", "its columns are worker, level"),
        (
            "worker,at\n0,12:00:01\n0,12:00:02\n0,12:00:05\n1,12:00:01\n1,12:00:03\n",
            "the times under `at` only rise, as those of a clock do; --value at reads them",
        ),
        (
            "12:00:01\n12:00:02\n12:00:05\n12:00:07\n",
            "only rise, as those of a clock do; --match '(?<value>.+)' reads them",
        ),
        (
            "H T T\nT T H\nH H H\nT H T\n",
            "rows of 3 words, such as `H T T`: a line of names before them, `w0 w1 …`, says that each column",
        ),
        (
            "0,a,H\n1,b,T\n0,c,T\n1,d,T\n",
            "put a line such as `worker,value` before them",
        ),
        (
            "worker,step,t\n0,0,0\n0,1,1\n0,2,2\n1,0,0\n1,1,1\n1,2,2\n1,3,3\n0,3,3\n",
            "those that hold numbers (worker, step, t) are named as labels and counts are; --value t reads",
        ),
        (
            "step,alice,bob\n0,0.5,0.25\n1,0.75,0.125\n",
            "--by COL names the column that does, --axis rows reads a column a worker, --value alice,bob",
        ),
        (
            "alice 0.5\nbob 0.25\n",
            "may be the draw 0.5 of alice (--match '^(?<worker>\\w+)\\s+(?<value>\\S+)$' reads all lines so)",
        ),
        (
            points.as_str(),
            "--axis rows reads a list a step, --axis columns a list a worker",
        ),
        (
            headed.as_str(),
            "most of 30 lines hold 3 numbers and some another count",
        ),
        (
            "<table><tr><td>0</td><td>0.5</td></tr>\n</table>\n",
            "pandas.read_html(f)[0].to_csv('draws.csv')",
        ),
        (
            ", , 1\n\n     [,1] [,2]\n[1,]  0.5 0.25\n[2,]  0.7 0.75\n\n",
            "`, , 1` is no number",
        ),
        (
            "{\"train\": [[1, 2], [3, 4]], \"test\": [[5, 6], [7, 8]]}",
            "is no name of a worker, such as w0; --value train reads what stands there",
        ),
    ] {
        let error = refused(text);
        assert!(
            error.contains(said) && !error.contains('\n'),
            "{text}: {error}"
        );
    }
}

#[test]
fn a_line_that_ends_in_a_number_is_shown_as_a_draw_and_as_a_message() {
    for (text, draw, streams) in [
        (
            "INFO rank 0 drew 0.5\nINFO rank 1 drew 0.25\nINFO rank 0 drew 0.75\n",
            "the draw 0.5 of rank 0",
            2,
        ),
        (
            "2026-11-29 12:00:01,250 INFO worker 3: value 0.5\n2026-11-29 12:00:02,000 INFO worker 4: value 0.25\n",
            "the draw 0.5 of worker 3",
            2,
        ),
        (
            "soldier 18 found 556\nsoldier 19 found 12\nsoldier 18 found 7\n",
            "the draw 556 of soldier 18",
            2,
        ),
        ("energy is 0.5\nenergy is 0.25\n", "the draw 0.5 (", 1),
        (
            "12:00:01,000 - worker-0 - INFO - 0.5\n12:00:02,000 - worker-1 - INFO - 0.25\n",
            "the draw 0.5 of worker-0",
            2,
        ),
    ] {
        let error = refused(text);
        assert!(
            error.contains(draw) && error.contains("or a message (--skip-lines '"),
            "{error}"
        );
        let shown = |option: &str| {
            let (_, rest) = error.split_once(option).expect("the option is shown");
            rest.split('\'').next().unwrap().to_owned()
        };
        let matched = Reading {
            pattern: Some(shown("--match '").parse().unwrap()),
            ..Reading::default()
        };
        assert_eq!(read(text, matched), streams, "{error}");
        let numbers = format!("{text}0.5\n0.25\n");
        let skipped = Reading {
            skip_lines: Some(shown("--skip-lines '").parse().unwrap()),
            ..Reading::default()
        };
        assert_eq!(read(&numbers, skipped), 1, "{error}");
    }
}

#[test]
fn words_that_say_that_something_was_drawn_are_no_draws() {
    let text = "goroutine 18 got 556\ngoroutine 19 got 12\ngoroutine 18 got 7\n";
    let capture = Capture::from_text("x", text.as_bytes(), &Reading::default()).unwrap();
    assert_eq!(capture.streams(), 2);
    let noted = format!("{:?}", capture.notes());
    assert!(noted.contains("labels of who drew"), "{noted}");
    let lists = "rank 0 drew 0.5 0.25\nrank 1 drew 0.125 0.75\n";
    assert_eq!(read(lists, Reading::default()), 2);
}

#[test]
fn two_readings_are_shown_with_the_option_that_settles_them() {
    let commas = "worker;value\n0;1,234\n0;5,678\n1;9,012\n1;3,456\n";
    let error = refused(commas);
    for said in [
        "`1,234` may be 1.234 or 1234",
        "--comma point",
        "--comma thousands",
    ] {
        assert!(error.contains(said), "{error}");
    }
    for comma in [Comma::Point, Comma::Thousands] {
        let reading = Reading {
            comma: Some(comma),
            ..Reading::default()
        };
        assert_eq!(read(commas, reading), 2);
    }
    let blocks = "0.5\n0.25\n\n0.75\n0.125\n0.375\n";
    let error = refused(blocks);
    assert!(
        error.contains("--axis columns reads a block a worker, --axis rows reads on"),
        "{error}"
    );
    for (axis, streams) in [(Axis::Columns, 2), (Axis::Rows, 1)] {
        let reading = Reading {
            axis: Some(axis),
            ..Reading::default()
        };
        assert_eq!(read(blocks, reading), streams);
    }
    let names = "step,alice,bob\n0,0.5,0.25\n1,0.75,0.125\n";
    let rows = Reading {
        axis: Some(Axis::Rows),
        ..Reading::default()
    };
    assert_eq!(read(names, rows), 2);
}

#[test]
fn a_name_of_a_count_or_a_label_may_be_that_of_what_was_drawn() {
    let draws = [4, 1, 3, 0, 2, 4, 0, 1, 3, 3, 1, 0, 4, 2, 0, 1];
    let rows = |header: &str, row: &dyn Fn(usize, u64) -> String| {
        let of = |(at, draw): (usize, &u64)| row(at, *draw);
        let rows: String = draws.iter().enumerate().map(of).collect();
        format!("{header}\n{rows}")
    };
    let tables = [
        rows("worker,idx", &|at, draw| format!("{},{draw}\n", at / 8)),
        rows("worker,index", &|at, draw| format!("{},{draw}\n", at / 8)),
        rows("worker,sample,fold", &|at, draw| {
            format!("{},{},{draw}\n", at / 8, at % 8)
        }),
        rows("rank,fold", &|at, draw| format!("{},{draw}\n", at % 2)),
        rows("worker,date", &|at, draw| {
            format!("{},2024-03-0{}\n", at / 8, 1 + draw)
        }),
    ];
    for table in tables {
        let mut capture = Capture::from_text("x", table.as_bytes(), &Reading::default())
            .unwrap_or_else(|error| panic!("{table}: {error}"));
        assert_eq!((capture.streams(), capture.longest()), (2, 8), "{table}");
        assert!(format!("{:?}", capture.notes()).contains("--value names others"));
        capture.load(8).unwrap();
    }
    let counted: String = (0..16)
        .map(|at| format!("{},{}\n", at / 8, at % 8))
        .collect();
    let error = refused(&format!("worker,idx\n{counted}"));
    assert!(error.contains("--value idx reads that one"), "{error}");
    let either = "worker,fold\n0,1\n1,0\n0,0\n1,1\n1,1\n0,0\n1,0\n0,1\n";
    let error = refused(either);
    assert!(
        error.contains("both `worker` and `fold` may be who drew or what was drawn"),
        "{error}"
    );
}
