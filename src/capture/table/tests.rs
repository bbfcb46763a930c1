use super::*;
use crate::capture::{element::RawKind, tree::Part};

type Streams = (Option<RawKind>, Vec<(Identity, Vec<u64>)>);

fn parse(text: &str) -> Result<Streams, CaptureError> {
    read(&mut text.as_bytes(), "t.csv", b',', &Identity::default()).map(Rows::finish)
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
        ("worker,val\n0,1\n", "unknown column `val`"),
        ("worker,run\n0,1\n", "no column `value`"),
        ("1,2\n", "without a header"),
        ("value,value\n1,2\n", "two columns"),
        ("worker,value\n0\n", "line 2: 1 fields"),
        ("worker,value\n0,x\n", "line 2: `x`"),
        ("worker,value\n,1\n", "no label in column 1"),
        ("worker,value\n0,\"1\n", "quote without its end"),
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
        ("0,1,", "``"),
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
        "x1,x2",
        "col0,col1",
        "0,1",
        "4,5,6",
        "1,3,5",
        "w0,x",
        "w0,x1",
        "w0,",
        "a,b",
        "0,1,1",
        "w,w",
        "loss1,loss2",
        "mean w0 std,w1",
        "w0.5,w1.5",
        ")",
        "1.5,2.5",
    ] {
        let error = parse(&format!("{header}\n1,2\n")).unwrap_err().to_string();
        assert!(
            error.contains("name the columns w0, w1"),
            "{header}: {error}"
        );
    }
    let error = parse("w1,w01\n1,2\n").unwrap_err().to_string();
    assert!(error.contains("two columns like `w01`"), "{error}");
    for (row, words) in [
        ("1", "line 2: 1 fields"),
        ("1,x", "line 2: `x`"),
        ("1,2,3", "line 2: 3 fields"),
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

    let mut rows = read(
        &mut "w0,w1\n1,2\n,3\n ,\n4,\n".as_bytes(),
        "t.csv",
        b',',
        &Identity::default(),
    )
    .unwrap();
    assert_eq!(rows.take_holes(), [(0, 1)].into());
}

#[test]
fn a_printed_table_is_known_by_its_header() {
    for (line, delimiter) in [
        ("worker,value", Some(b',')),
        ("w0\tw1", Some(b'\t')),
        ("step;rank 0;rank 1", Some(b';')),
        ("0,1,2", None),
        ("0, 1, 2, 3", None),
        ("w0", None),
        ("x1,x2", None),
    ] {
        assert_eq!(sniff(line.as_bytes()), delimiter, "{line}");
    }
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
    for text in ["# w0,w1\n7,2,3\n", "# x1,x2\n1,2\n", "# w0\n1,2\n"] {
        let error = parse(text).unwrap_err().to_string();
        assert!(error.contains("without a header"), "{text}: {error}");
    }
}
