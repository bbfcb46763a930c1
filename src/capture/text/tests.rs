use super::*;
use crate::capture::{Reading, element::RawKind, forms, identity::Part};

fn parse(text: &str, reading: &Reading) -> Result<Rows, CaptureError> {
    let of = TextSource {
        name: "x.txt",
        base: &Identity::default(),
        own: false,
        cut: false,
        reading,
    };
    forms::read(&mut text.as_bytes(), &of)
}

fn values(text: &str) -> Result<(Option<RawKind>, Vec<u64>), CaptureError> {
    let (kind, mut streams) = parse(text, &Reading::default())?.into_vectors();
    assert_eq!(streams.len(), 1, "{text}");
    Ok((kind, streams.remove(0).1))
}

fn streams(text: &str) -> Vec<(Vec<Part>, Vec<u64>)> {
    let rows = parse(text, &Reading::default()).unwrap_or_else(|error| panic!("{text}: {error}"));
    let (_, streams) = rows.into_vectors();
    let task = |(identity, values): (Identity, Vec<u64>)| (identity.task, values);
    streams.into_iter().map(task).collect()
}

fn refused(text: &str) -> String {
    parse(text, &Reading::default()).unwrap_err().to_string()
}

#[test]
fn lists_words_and_comments_are_read() {
    assert_eq!(
        values("# made by x\n[1, 2,\n\n 3]\n  # the end 4\n").unwrap(),
        (Some(RawKind::Unsigned), vec![1, 2, 3])
    );
    assert_eq!(
        values("deadbeef\n00000001\n12345678\n").unwrap().1,
        [0xdead_beef, 1, 0x1234_5678]
    );
    // The first words alone would be decimals and floats.
    assert_eq!(
        values("12345678\n1234e567\ndeadbeef\n").unwrap().1,
        [0x1234_5678, 0x1234_e567, 0xdead_beef]
    );
    assert_eq!(values("True\nFalse\nTrue\n").unwrap().1, [1, 0, 1]);
    assert_eq!(
        values("0.5\n1\n").unwrap().1,
        [0.5f64.to_bits(), 1f64.to_bits()]
    );
    assert_eq!(
        values("123e4567-e89b-42d3-a456-426614174000\n")
            .unwrap()
            .1
            .len(),
        2
    );
}

#[test]
fn garbage_names_its_line() {
    assert_eq!(
        refused("1\n2\nhello\n"),
        "x.txt, line 3: `hello` is no number, hexadecimal word or UUID that fits 64 bits \
         (--skip-lines leaves lines out)"
    );
    assert!(refused("1\n123e4567-e89b-42d3-a456-426614174000").contains("mixed types"));
    assert!(refused("1\n2\nenergy 5\n").contains("(--match '^(?<worker>"));
    assert!(refused("0.5 0.25 ... 0.75 0.5\n").contains("np.set_printoptions"));
    assert!(refused("INFO rank 3: 5\nINFO rank 4: 6\n").contains("--match"));
    assert!(refused("rank 3: 5\n6\n").contains("no label, where 1 lines before have one"));
    assert!(refused("6\nrank 3: 5\n").contains("a label, where the lines before have none"));
    assert!(refused("x = 5\ny = 6\n").contains("may be workers or quantities"));
    assert!(
        refused("0,3,0.5\n1,4,0.25\n0,3,0.75\n1,4,0.125\n0,3,0.1\n1,4,0.2\n")
            .contains("run,worker,value")
    );
}

#[test]
fn identifiers_of_any_alphabet_are_read() {
    let nanoids = "V1StGXR8_Z5jdHi6B-myT\nFyPGr1gCP9sv5CeMWNSuL\nV1StGXR8_Z5jdHi6B-myT\n";
    let (kind, values) = values(nanoids).unwrap();
    assert_eq!((kind, values.len()), (Some(RawKind::Token), 3));
    assert_eq!(values[0], values[2]);
    assert_ne!(values[0], values[1]);
    let (kind, _) =
        self::values("01ARZ3NDEKTSV4RRFFQ69G5FAV\n01BX5ZZKBKACTAV9WEVGEMMVRZ\n").unwrap();
    assert_eq!(kind, Some(RawKind::Unsigned));
    assert!(refused("hello\nworlds\n").contains("`hello`"));
}

#[test]
fn marks_and_messages_are_no_draws() {
    let expected = [5, 6, 7, 8, 9, 10, 11, 12];
    for text in [
        " [1]  5  6  7\n [4]  8  9 10\n [7] 11 12\n",
        "INFO starting 3 workers\n5 6 7 8\nall is well so far\n9 10 11 12\n2026-11-29 12:00:01 DEBUG bye 3\n",
        "x = 5\nx = 6\nx = 7\nx = 8\nx = 9\nx = 10\nx = 11\nx = 12\n",
        "12:00:01 5\n12:00:02 6\n12:00:03 7\n12:00:04 8\n12:00:05 9\n12:00:06 10\n12:00:07 11\n12:00:08 12\n",
        "[1] 5\n[1] 6\n[1] 7\n[1] 8\n[1] 9\n[1] 10\n[1] 11\n[1] 12\n",
    ] {
        let all: Vec<u64> = streams(text)
            .into_iter()
            .flat_map(|(_, values)| values)
            .collect();
        assert_eq!(all, expected, "{text}");
    }
    let mut rows = parse(" [1] 5 6\n [3] 7\nall is well\n", &Reading::default()).unwrap();
    let notes: Vec<u64> = rows.take_notes().iter().map(|(count, _)| *count).collect();
    assert_eq!(notes, [2, 1]);
}

#[test]
fn labels_tell_streams_apart() {
    let expected = [
        (vec![Part::Number(3)], vec![5, 7, 9]),
        (vec![Part::Number(0)], vec![6, 8]),
    ];
    for text in [
        "rank 3: 5\nrank 0: 6\nrank 3: 7\nrank 0: 8\nrank 3: 9\n",
        "[3] 5\n[0] 6\n[3] 7\n[0] 8\n[3] 9\n",
        "[1,3]<stdout>: 5\n[1,0]<stdout>: 6\n[1,0]<stderr>: 4 is bad\n[1,3]<stdout>: 7\n[1,0]<stdout>: 8\n[1,3]<stdout>: 9\n",
        "worker-3 | 5\nworker-0 | 6\nworker-3 | 7\nworker-0 | 8\nworker-3 | 9\n",
        "Worker 3: [5 7\n 9]\nWorker 0: [6 8]\n",
        "[[3]]\n[1] 5 7 9\n\n[[0]]\n[1] 6 8\n",
        "Worker 3:\n5\n7\n9\nWorker 0:\n6\n8\n",
        "thread 3 5 7 9\nthread 0 6 8\n",
        "worker 3: x=5\nworker 0: x=6\nworker 3: x=7\nworker 0: x=8\nworker 3: x=9\n",
    ] {
        assert_eq!(streams(text), expected, "{text}");
    }
}

#[test]
fn rows_without_names_are_told_by_what_stands_in_them() {
    let two = [
        (vec![Part::Number(0)], vec![50, 61, 17]),
        (vec![Part::Number(1)], vec![41, 92, 33]),
    ];
    for text in [
        "0,50\n1,41\n0,61\n1,92\n0,17\n1,33\n",
        "0 50\n0 61\n0 17\n1 41\n1 92\n1 33\n",
    ] {
        assert_eq!(streams(text), two, "{text}");
    }
    // A line a worker, a column a worker.
    assert_eq!(streams("50 61 17\n41 92 33\n"), two);
    assert_eq!(streams("50,41\n61,92\n17,33\n"), two);
    // R's matrices, over several blocks of columns.
    assert_eq!(
        streams(
            "     [,1] [,2]\n[1,]   50   61\n[2,]   41   92\n     [,3]\n[1,]   17\n[2,]   33\n"
        ),
        two
    );
    // One list that was wrapped; and what the options say.
    assert_eq!(values("50 61 17\n41 92 33\n8\n").unwrap().1.len(), 7);
    let mut reading = Reading {
        axis: Some(crate::capture::Axis::Rows),
        ..Reading::default()
    };
    assert_eq!(
        parse("50 61 17\n41 92 33\n", &reading)
            .unwrap()
            .into_vectors()
            .1
            .len(),
        3
    );
    reading.axis = None;
    reading.workers = Some(2);
    assert_eq!(
        parse("50,41\n61,92\n17,33\n", &reading)
            .unwrap()
            .into_vectors()
            .1
            .len(),
        2
    );
    // Columns that are equal throughout are workers, whichever way they stand.
    let equal = "1 1 1 1\n5 5 5 5\n3 3 3 3\n9 9 9 9\n7 7 7 7\n8 8 8 8\n2 2 2 2\n";
    assert_eq!(streams(equal).len(), 4);
    let along = "1 5 3 9 7 8 2\n1 5 3 9 7 8 2\n1 5 3 9 7 8 2\n1 5 3 9 7 8 2\n";
    assert_eq!(streams(along).len(), 4);
}

#[test]
fn expressions_say_where_numbers_stand() {
    let reading = |pattern: &str, skip: Option<&str>| Reading {
        pattern: Some(pattern.parse().unwrap()),
        skip_lines: skip.map(|skip| skip.parse().unwrap()),
        ..Reading::default()
    };
    let text = "t=1 INFO rank 3 drew 5\nhello\nt=2 INFO rank 4 drew 6\nt=3 INFO rank 3 drew 7\n";
    let pattern = r"rank (?<worker>\d+) drew (?<value>\S+)";
    let (_, found) = parse(text, &reading(pattern, None)).unwrap().into_vectors();
    assert_eq!(found[0].1, [5, 7]);
    assert_eq!(found[1].1, [6]);
    let (_, found) = parse(text, &reading(pattern, Some("3$|7$")))
        .unwrap()
        .into_vectors();
    assert_eq!(found[0].1, [5]);
    let error = parse(text, &reading("(?<value>zebra)", None)).unwrap_err();
    assert!(error.to_string().contains("found in no line"), "{error}");
    let mixed = "drew 5\n".repeat(12) + "drew INFO\n";
    let error = parse(&mixed, &reading(r"drew (?<value>\S+)", None)).unwrap_err();
    assert!(error.to_string().contains("holds `INFO`"), "{error}");
    let words = reading("drew (?<value>.+)", None);
    let (_, found) = parse("drew H\ndrew T\ndrew H\n", &words)
        .unwrap()
        .into_vectors();
    assert_eq!((found[0].1[0], found[0].1.len()), (found[0].1[2], 3));
}
