use super::*;
use crate::capture::{Reading, element::RawKind, forms, rows::Rows};

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

/// The streams of a text of words, each as the places of its values among all that differ.
fn places(text: &str) -> Vec<Vec<usize>> {
    let rows = parse(text, &Reading::default()).unwrap_or_else(|error| panic!("{text}: {error}"));
    let (kind, streams) = rows.into_vectors();
    assert_eq!(kind, Some(RawKind::Token), "{text}");
    let mut seen = Vec::new();
    let mut place = |value: u64| {
        seen.iter()
            .position(|other| *other == value)
            .unwrap_or_else(|| {
                seen.push(value);
                seen.len() - 1
            })
    };
    let of_stream = |(_, values): (_, Vec<u64>)| values.into_iter().map(&mut place).collect();
    streams.into_iter().map(of_stream).collect()
}

fn refused(text: &str) -> String {
    parse(text, &Reading::default()).unwrap_err().to_string()
}

#[test]
fn a_line_is_a_word() {
    for text in [
        "H\nT\nH\nH\n",
        "Js\n10h\nJs\nJs\n",
        "02:65:e6:0c:c7:41\n02:65:e6:0c:c7:42\n02:65:e6:0c:c7:41\n02:65:e6:0c:c7:41\n",
        "#23de75\n#28a3b5\n#23de75\n#23de75\n",
        "2024-03-05\n2023-01-02\n2024-03-05\n2024-03-05\n",
        "2024-03-05T10:00:00\n2023-01-02T00:00:00\n2024-03-05T10:00:00\n2024-03-05T10:00:00\n",
        "00:00:11\n00:00:09\n00:00:11\n00:00:11\n",
        "Zoë\nÅsa\nZoë\nZoë\n",
        "12:00:01 H\n12:00:02 T\n12:00:03 H\n12:00:04 H\n",
        "Loading the data\nH\nT\nH\nH\nH\nH\nH\nH\nH\nH\n",
        "0     H\n1     T\n2     H\n3     H\nName: coin, dtype: object\n",
        "[1] \"H\" \"T\"\n[3] \"H\" \"H\"\n",
        "[1] H T H\n[4] H\nLevels: H T\n",
    ] {
        let found = places(text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0][..4], [0, 1, 0, 0], "{text}");
    }
}

#[test]
fn words_stand_behind_labels() {
    for text in [
        "rank 0: H\nrank 1: T\nrank 0: T\nrank 1: T\n",
        "[rank 0] H\n[rank 1] T\n[rank 0] T\n[rank 1] T\n",
        "[0] H\n[1] T\n[0] T\n[1] T\n",
        "0: H\n1: T\n0: T\n1: T\n",
        "worker 0: [\"H\", \"T\"]\nworker 1: [\"T\", \"T\"]\n",
        "worker 0: ['H' 'T']\nworker 1: ['T' 'T']\n",
        "worker 0: H T\nworker 1: T T\n",
        "worker 0: H, T\nworker 1: T, T\n",
        "0 H\n1 T\n0 T\n1 T\n",
        "0,H\n1,T\n0,T\n1,T\n",
        "ThreadId(0): H\nThreadId(1): T\nThreadId(0): T\nThreadId(1): T\n",
        "thread 0 of 2 got H\nthread 1 of 2 got T\nthread 0 of 2 got T\nthread 1 of 2 got T\n",
        "12:00:01 worker=0 coin=H\n12:00:02 worker=1 coin=T\n12:00:03 worker=0 coin=T\n12:00:04 worker=1 coin=T\n",
        "w0 w1\nH T\nT T\n",
        "   [,1] [,2]\nw0 \"H\"  \"T\"\nw1 \"T\"  \"T\"\n",
        "worker 0: 🎲\nworker 1: é\nworker 0: é\nworker 1: é\n",
        "(Worker pid=0) H\n(Worker pid=1) T\n(Worker pid=0) T\n(Worker pid=1) T\n",
        "=== worker 0 ===\nH\nT\n=== worker 1 ===\nT\nT\n",
        "$w0\n[1] \"H\" \"T\"\n\n$w1\n[1] \"T\" \"T\"\n",
        "12:00:01 rank 0: H\n12:00:02 rank 1: T\n12:00:03 rank 0: T\n12:00:04 rank 1: T\n",
    ] {
        assert_eq!(places(text), [[0, 1], [1, 1]], "{text}");
    }
    let units = parse(
        "run 0\n[rank 0] 18.37 ms\n[rank 1] 5.6 ms\nrun 1\n[rank 0] 1.5 ms\n[rank 1] 2.5 ms\n",
        &Reading::default(),
    );
    let (kind, streams) = units.unwrap().into_vectors();
    assert_eq!((kind, streams.len()), (Some(RawKind::Real), 4));
}

#[test]
fn sentences_are_values_and_logs_are_none() {
    let sentences = "was more for all or in\nof is to that her been\n".repeat(4);
    assert_eq!(places(&sentences), [[0, 1].repeat(4)]);
    let labelled: String = sentences
        .lines()
        .map(|line| format!("rank 3: {line}\n"))
        .collect();
    assert_eq!(places(&labelled), [[0, 1].repeat(4)]);
    let phrases = "rank 3: coin H\nrank 3: coin T\n".repeat(4);
    assert_eq!(places(&phrases), [[0, 1].repeat(4)]);
    for text in [
        "Seed was chosen\nAll went well\n",
        "hello\nworlds\n",
        "alice 0.5\nbob 0.25\nalice 0.5\nbob 0.25\n",
        &"took 5 steps to the end\nand 7 back again\n".repeat(8),
        &"INFO all is well\nINFO it goes on\n".repeat(8),
        &"Loading the data\nTraining the net\n".repeat(8),
    ] {
        refused(text);
    }
    assert!(refused("0,a,H\n1,b,T\n0,c,T\n1,d,T\n").contains("put a line such as `worker,value`"));
    let clock = "12:00:01\n12:00:02\n12:00:05\n12:00:07\n";
    assert!(refused(clock).contains("--match '(?<value>.+)' reads them"));
    let reading = Reading {
        pattern: Some("(?<value>.+)".parse().unwrap()),
        ..Reading::default()
    };
    let (kind, streams) = parse(clock, &reading).unwrap().into_vectors();
    assert_eq!((kind, streams[0].1.len()), (Some(RawKind::Token), 4));
}

#[test]
fn the_name_of_a_column_is_no_value() {
    let text = format!("flip\n{}", "H\nT\n".repeat(4));
    assert_eq!(places(&text), [[0, 1].repeat(4)]);
    assert_eq!(places("value\nH\nT\nH\n"), [[0, 1, 0]]);
}
