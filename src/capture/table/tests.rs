use super::*;
use crate::capture::{Axis, Reading, element::RawKind, forms, identity::Part};

type Streams = (Option<RawKind>, Vec<(Identity, Vec<u64>)>);

fn read(text: &str, reading: &Reading) -> Result<Rows, CaptureError> {
    let of = TextSource {
        name: "t.csv",
        base: &Identity::default(),
        own: false,
        cut: false,
        reading,
    };
    forms::read(&mut text.as_bytes(), &of)
}

fn parse(text: &str) -> Result<Streams, CaptureError> {
    read(text, &Reading::default()).map(Rows::into_vectors)
}

#[test]
fn labels_make_streams() {
    let (kind, streams) = parse("worker,value,run\n0,1,0\n1,2,0\n0,3,0\n\"0\",4,1\n").unwrap();
    assert_eq!(kind, Some(RawKind::Unsigned));
    assert_eq!(streams.len(), 3);
    assert_eq!(streams[0].1, [1, 3]);
    assert_eq!(streams[2].0.run, [Part::Number(1)]);
    assert_eq!(streams[2].1, [4]);
    let (_, single) = parse("value\n0.5\n0.25\n").unwrap();
    assert_eq!(single[0].1.len(), 2);
    let (_, coins) = parse("w0,w1\ntrue,FALSE\nFalse,TRUE\n").unwrap();
    assert_eq!(
        (&coins[0].1[..], &coins[1].1[..]),
        (&[1, 0][..], &[0, 1][..])
    );
    let (_, bare) = parse("7\n8\n").unwrap();
    assert_eq!(bare[0].1, [7, 8]);
}

#[test]
fn bad_tables_are_refused_with_the_place() {
    for (text, words) in [
        ("worker,run\n0,1\n", "no column `value`"),
        ("a,b\n1,2\n", "nothing says who drew a, b"),
        ("value,value\n1,2\n", "two columns"),
        ("worker,value\n0,1\n0\n", "line 3: 1 fields"),
        ("worker,value\n0,1\n0,x\n", "line 3: `x`"),
        ("worker,value\n0,1\n,1\n", "no label in column 1"),
        ("worker,value\n0,1\n0,\"1\n", "quote without its end"),
        (
            "worker,value\n0,1\n0,-1\n0,18446744073709551615\n",
            "line 4: mixed types",
        ),
    ] {
        let error = parse(text).unwrap_err().to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
}

#[test]
fn rows_of_known_labels_are_read_as_all_others() {
    // Quoted rows are taken apart one by one; bare ones are known by their labels.
    let mut bare = String::from("run,worker,value\n");
    let mut quoted = bare.clone();
    for row in 0..5000u64 {
        let (run, worker) = (row % 3, row * 7919 % 700);
        let value = match row % 4 {
            0 => format!("{}", row << 20),
            1 => format!(" {row}"),
            2 => format!("{row} "),
            _ => format!("0x{row:x}"),
        };
        bare += &format!("{run},{worker},{value}\n");
        quoted += &format!("\"{run}\",{worker},{value}\n");
    }
    let (kind, streams) = parse(&bare).unwrap();
    assert_eq!(kind, Some(RawKind::Unsigned));
    assert!(streams.len() > 600);
    assert_eq!((kind, streams), parse(&quoted).unwrap());
    for (wrong, words) in [
        ("0,1,2,3", "4 fields"),
        ("0,1", "2 fields"),
        ("0,1,x", "`x`"),
        ("0,1,\"2", "quote without its end"),
    ] {
        let error = parse(&format!("{bare}{wrong}\n")).unwrap_err().to_string();
        assert!(
            error.contains("line 5002") && error.contains(words),
            "{error}"
        );
    }
}

#[test]
fn an_id_beside_values_is_none() {
    let values = |text: &str| parse(text).unwrap().1[0].1.clone();
    assert_eq!(values("timestamp,id,value\n10,1,7\n11,2,9\n"), [7, 9]);
    assert_eq!(values("worker,uuid\n0,7\n0,9\n"), [7, 9]);
}

fn columns(text: &str) -> Vec<(Vec<Part>, Vec<u64>)> {
    let (_, streams) = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let task = |(identity, values): (Identity, Vec<u64>)| (identity.task, values);
    streams.into_iter().map(task).collect()
}

#[test]
fn every_column_may_be_a_worker() {
    let expected = |numbers: [u64; 3]| -> Vec<(Vec<Part>, Vec<u64>)> {
        let stream = |(at, number)| (vec![Part::Number(number)], vec![7 + at, 10 + at]);
        (0u64..).zip(numbers).map(stream).collect()
    };
    for header in [
        "w0,w1,w2",
        "worker_0,worker_1,worker_2",
        "rank0,rank1,rank2",
        "thread-0,thread-1,thread-2",
        "stream 0, stream 1, stream 2",
        "\"Task 0\",\"Task 1\",\"Task 2\"",
        "chain[0],chain[1],chain[2]",
        "gpu:0,gpu:1,gpu:2",
        "my_p00,my_p01,my_p02",
        "0,1,2",
    ] {
        let text = format!("{header}\n7,8,9\n10,11,12\n");
        assert_eq!(columns(&text), expected([0, 1, 2]), "{header}");
    }
    assert_eq!(
        columns("t3,t1,t20\n7,8,9\n10,11,12\n"),
        expected([3, 1, 20])
    );
    for first in [
        "",
        "index",
        "Unnamed: 0",
        "\"\"",
        "step",
        "epoch",
        "timestamp",
    ] {
        let text = format!("{first},5,6,9\n0,7,8,9\n2026-01-01,10,11,12\n");
        assert_eq!(columns(&text), expected([5, 6, 9]), "{first}");
    }
}

#[test]
fn columns_that_may_be_no_workers_are_refused_with_what_to_do() {
    for header in [
        "w0,x",
        "w0,x1",
        "a,b",
        "w,v",
        "mean w0 std,w1",
        "w0.5,w1.5",
        "x1,x3",
    ] {
        let error = parse(&format!("{header}\n1,2\n")).unwrap_err().to_string();
        assert!(
            error.contains("name the columns w0, w1"),
            "{header}: {error}"
        );
    }
    for header in ["w1,w01", "w1,w1"] {
        let error = parse(&format!("{header}\n1,2\n")).unwrap_err().to_string();
        assert!(error.contains("two columns like `w"), "{error}");
    }
    for (row, words) in [
        ("1,2\n1", "line 3: 1 fields"),
        ("1,2\n1,x", "line 3: `x`"),
        ("1,2\n1,2,3", "line 3: 3 fields"),
    ] {
        let error = parse(&format!("w0,w1\n{row}\n")).unwrap_err().to_string();
        assert!(error.contains(words), "{row}: {error}");
    }
}

#[test]
fn columns_of_workers_stand_beside_labels_and_end_when_they_end() {
    let (_, streams) = parse("run,w0,w1\n0,1,2\n1,3,4\n0,5,\n").unwrap();
    let of = |run: u64, task: u64| {
        let whose = |identity: &Identity| {
            identity.run == [Part::Number(run)] && identity.task == [Part::Number(task)]
        };
        let found = streams.iter().find(|(identity, _)| whose(identity));
        found.map(|(_, values)| values.as_slice())
    };
    assert_eq!(of(0, 0), Some([1, 5].as_slice()));
    assert_eq!(of(0, 1), Some([2].as_slice()));
    assert_eq!(of(1, 1), Some([4].as_slice()));
    let (_, streams) = parse("run0_w1,run1_w1\n1,2\n").unwrap();
    assert_eq!(streams[1].0.run, [Part::Number(1)]);
    assert_eq!(streams[1].0.task, [Part::Number(1)]);

    let rows = read("w0,w1\n1,2\n,3\n ,\n4,\n", &Reading::default()).unwrap();
    assert_eq!(rows.holes(), 2);
}

#[test]
fn comments_and_blank_lines_are_no_rows() {
    for text in [
        "# made by x\n\n# w0,w1\nw0,w1\n1,2\n  \n# half way\n3,4\n #the end",
        "# made by x, y\n# w0,w1\n1,2\n3,4\n",
        "#0,1\nw0,w1\n1,2\n\n3,4\n",
    ] {
        let expected = [0, 1].map(|at| (vec![Part::Number(at)], vec![1 + at, 3 + at]));
        assert_eq!(columns(text), expected, "{text}");
    }
    let (_, streams) = parse("#worker,value\n3,1\n3,2\n").unwrap();
    assert_eq!(streams[0].0.task, [Part::Number(3)]);
    assert_eq!(streams[0].1, [1, 2]);
    let (_, single) = parse("# w0\n0.5\n# seed 3\n0.25\n").unwrap();
    assert_eq!(single[0].1.len(), 2);
}

#[test]
fn tables_of_libraries_are_read_as_they_are() {
    // optuna: a row a trial, what was suggested beside it.
    let mut optuna = String::from(
        "number,value,datetime_start,params_layers,params_x,user_attrs_worker,state\n",
    );
    let mut expected = Vec::new();
    for trial in 0..20u64 {
        let (value, layers, x) = (trial * trial % 17, trial * 5 % 3, trial * 7 % 11);
        optuna += &format!(
            "{trial},{value},2026-11-29 17:22:42.59,{layers},{x},{},COMPLETE\n",
            trial % 2
        );
        if trial % 2 == 1 {
            expected.extend([value, layers, x]);
        }
    }
    let rows = read(&optuna, &Reading::default()).unwrap();
    assert_eq!(rows.per_row(), 3);
    let (_, streams) = rows.into_vectors();
    assert_eq!(
        streams[1],
        (Identity::default().with_task(Part::Number(1)), expected)
    );
    // What the options name is read, and nothing else.
    let reading = Reading {
        by: vec!["user_attrs_worker".into()],
        value: vec!["params_x".into()],
        ..Reading::default()
    };
    let rows = read(&optuna, &reading).unwrap();
    assert_eq!(rows.per_row(), 1);
    let (_, streams) = rows.into_vectors();
    assert_eq!(streams[0].1[..3], [0, 3, 6]);
    for (options, words) in [
        (
            Reading {
                by: vec!["worker".into()],
                ..Reading::default()
            },
            "--by: no column is called `worker`",
        ),
        (
            Reading {
                value: vec!["y".into()],
                ..Reading::default()
            },
            "--value: no column is called `y`",
        ),
        (
            Reading {
                run_by: Some("z".into()),
                ..Reading::default()
            },
            "--run-by: no column is called `z`",
        ),
    ] {
        let error = read(&optuna, &options).unwrap_err().to_string();
        assert!(
            error.contains(words) && error.contains("params_x"),
            "{error}"
        );
    }
    // OpenMM: a header in quotes behind the sign of a comment; one worker's file.
    let openmm = "#\"Step\",\"Potential Energy (kJ/mole)\",\"Temperature (K)\"\n10,-5.5,300.25\n20,-5.25,301.5\n";
    let of = TextSource {
        name: "replica-0.csv",
        base: &Identity::default(),
        own: true,
        cut: false,
        reading: &Reading::default(),
    };
    let rows = forms::read(&mut openmm.as_bytes(), &of).unwrap();
    assert_eq!(rows.per_row(), 2);
    let reals: Vec<u64> = [-5.5f64, 300.25, -5.25, 301.5]
        .iter()
        .map(|v| v.to_bits())
        .collect();
    assert_eq!(rows.into_vectors().1[0].1, reals);
    // pandas' and R's printed frames, and R's write.table.
    for text in [
        "   worker  value\n0       0      7\n1       1      8\n2       0      9\n",
        "  worker value\n1      0     7\n2      1     8\n3      0     9\n",
        "\"worker\" \"value\"\n\"1\" 0 7\n\"2\" 1 8\n\"3\" 0 9\n",
        "worker;value\n0;7\n1;8\n0;9\n",
        "INFO starting, now\nworker,value\n0,7\n1,8\nINFO half, way\n0,9\n",
        "fold,accuracy\n0,7\n1,8\n0,9\n",
    ] {
        let expected = [
            (vec![Part::Number(0)], vec![7, 9]),
            (vec![Part::Number(1)], vec![8]),
        ];
        assert_eq!(columns(text), expected, "{text}");
    }
}

#[test]
fn several_columns_are_channels_of_a_worker() {
    let text = "epoch,worker,i,flip,x,same\n0,0,0,1,5,3\n0,1,0,0,6,3\n0,0,1,0,7,3\n0,1,1,1,8,3\n0,0,2,1,9,3\n0,0,3,1,9,3\n0,0,4,1,9,3\n0,0,5,1,9,3\n";
    let mut rows = read(text, &Reading::default()).unwrap();
    assert_eq!(rows.per_row(), 2);
    let notes = rows.take_notes();
    assert!(
        notes[0].1.ends_with("flip, x") && notes[1].1.contains("same (it never changes)"),
        "{notes:?}"
    );
    let (_, streams) = rows.into_vectors();
    assert_eq!(streams[0].1[..6], [1, 5, 0, 7, 1, 9]);
    assert_eq!(streams[1].1, [0, 6, 1, 8]);
    // A row in which one is missing is left out as a whole.
    let rows = read(
        "worker,x,y\n0,1,2\n0,,3\n0,4,nan\n0,5,6\n",
        &Reading::default(),
    )
    .unwrap();
    assert_eq!(rows.into_vectors().1[0].1, [1, 2, 5, 6]);
}

#[test]
fn rows_that_are_equal_throughout_are_workers() {
    let row: Vec<String> = (0..9).map(|at| (at * 7 % 9).to_string()).collect();
    let text = format!(",0,1,2,3,4,5,6,7,8\n0,{0}\n1,{0}\n2,{0}\n", row.join(","));
    assert_eq!(columns(&text).len(), 3);
    let reading = Reading {
        axis: Some(Axis::Rows),
        ..Reading::default()
    };
    assert_eq!(read(&text, &reading).unwrap().into_vectors().1.len(), 9);
}

#[test]
fn columns_with_a_running_number_are_workers() {
    for (header, count) in [
        ("fold0,fold1,fold2", 3),
        ("x1,x2", 2),
        ("step,col0,col1", 2),
    ] {
        let row = |from: u64| {
            let cells = (0..header.split(',').count() as u64).map(|at| (from + at).to_string());
            cells.collect::<Vec<_>>().join(",")
        };
        let text = format!("{header}\n{}\n{}\n", row(10), row(20));
        assert_eq!(columns(&text).len(), count, "{header}");
    }
}

#[test]
fn span_ids_are_words_by_their_column() {
    let text = "worker,span_id\n0,1234567890123456\n1,81e530fce66efbd0\n0,1234567890e23456\n";
    let (kind, streams) = parse(text).unwrap();
    assert_eq!(kind, Some(RawKind::Unsigned));
    assert_eq!(streams[0].1, [0x1234_5678_9012_3456, 0x1234_5678_90e2_3456]);
}
