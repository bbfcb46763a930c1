use super::*;
use crate::capture::{Reading, forms};

type Streams = Vec<(Identity, Vec<u64>)>;

fn parse(text: &str) -> Result<Streams, CaptureError> {
    let of = TextSource {
        name: "x.json",
        base: &Identity::default(),
        own: false,
        cut: false,
        reading: &Reading::default(),
    };
    forms::read(&mut text.as_bytes(), &of).map(|rows| rows.into_vectors().1)
}

#[test]
fn every_form_makes_the_same_streams() {
    for text in [
        "[[1, 2, true], [3]]",
        "[[1,2,1],[3]]",
        "\u{feff}\n[\n [1, 2, 1],\n [\"3\"]\n]\n",
        "{\"w0\": [1, 2, 1], \"w1\": [3]}",
        "{\n  \"0\": [1, \"0x2\", 1],\n  \"1\": 3\n}",
        "{0: [1, 2, 1], 1: [3]}",
        "[1, 2, 1]\n[3]\n",
        "INFO starting\n[1, 2, 1]\nall is well\n[3]\n",
        "[{\"worker\": 0, \"value\": [1, 2]}, {\"worker\": 1, \"value\": 3}, {\"value\": 1, \"worker\": 0}]",
        "{\"worker\": 0, \"value\": [1, 2, 1]}\n{\"worker\": 1, \"value\": 3}\n",
        "{\"value\": 1, \"chain\": 0}\n{\"chain\": 1, \"value\": 3}\n{\"chain\": 0, \"value\": 2}\n{\"chain\": 0, \"value\": 1}\n",
        "{\"w0\": 1, \"w1\": 3}\n{\"w0\": 2}\n{\"w0\": 1}\n",
        "{'fold0': [np.int64(1), np.int64(2), np.int64(1)], 'fold1': [np.int64(3)]}",
        "map[0:[1 2 1] 1:[3]]\n",
        "$VAR1 = [\n  [ '1', '2', '1' ],\n  [ 3 ]\n];\n",
        "array (\n  0 => \n  array (\n    0 => 1,\n    1 => 2,\n    2 => 1,\n  ),\n  1 => \n  array (\n    0 => 3,\n  ),\n)\n",
        "{0=[1, 2, 1], 1=[3]}\n",
        "[[1 2 1] [3]]\n",
        "[array([1, 2, 1], dtype=uint64), array([3], dtype=uint64)]",
    ] {
        let streams = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let expected = [(0, vec![1, 2, 1]), (1, vec![3])];
        for ((identity, values), (worker, numbers)) in streams.iter().zip(&expected) {
            assert_eq!(identity.task, [Part::Number(*worker)], "{text}");
            assert_eq!(values, numbers, "{text}");
        }
        assert_eq!(streams.len(), 2, "{text}");
    }
    let plain = parse("[1, 2, 18446744073709551615]").unwrap();
    assert_eq!(plain[0].1, [1, 2, u64::MAX]);
    let value = 0.905_906_853_866_674_3_f64;
    let double = parse(&format!("[[{value}]]")).unwrap();
    assert_eq!(double[0].1, [value.to_bits()]);
    let runs = parse("{\"run0_w3\": [1], \"run1_w3\": [2]}").unwrap();
    assert_eq!(runs[1].0.run, [Part::Number(1)]);
    let nested = parse("{\"run0\": {\"w0\": [1]}, \"run1\": {\"w0\": [2]}}").unwrap();
    assert_eq!(
        (nested.len(), &nested[1].0.run[..]),
        (2, &[Part::Number(1)][..])
    );
    for nothing in ["", " \n", "[]", "{}"] {
        let streams = parse(nothing).unwrap();
        assert!(
            streams.iter().all(|(_, values)| values.is_empty()),
            "{nothing}"
        );
    }
}

#[test]
fn other_documents_are_refused_with_the_line() {
    for (text, words) in [
        ("{\"lr\": 0.5}", "line 1: `lr` is no name of a worker"),
        ("{\"w0\": [1],\n \"x\": [2]}", "line 2: `x` is no name"),
        ("[[1], 2]", "lists, records and numbers"),
        ("[[1], [2]", "line 1: the text ends within a list"),
        ("[[1]] 2", "trailing"),
        ("[{\"worker\": 1}]", "no column `value`"),
        ("[[1], [-1], [18446744073709551615]]", "mixed types"),
        ("[0.5, 0.25, \"zebra\"]", "zebra"),
        ("[[1, 2], [3, ...]]", "np.set_printoptions"),
        ("[[1, 2]]\n[3, 4]\n", "lists of lists and other things"),
        (
            "[[[1, 2, 3, 4, 5], [3, 4, 5, 6, 7]], [[5, 6, 7, 8, 9], [7, 8, 9, 1, 2]]]",
            "may be 2 runs of 2 workers, 2 workers of 2 rows, or 2 steps of 2 workers: --axis runs",
        ),
        (
            "[[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]]",
            "lists 4 levels deep",
        ),
    ] {
        let error = parse(text).unwrap_err().to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
}

#[test]
fn rows_of_equal_lists_are_looked_at_along_both_axes() {
    let steps: Vec<Vec<u64>> = (0..9).map(|step| vec![step * 7 % 9; 4]).collect();
    assert_eq!(parse(&format!("{steps:?}")).unwrap().len(), 4);
    let workers: Vec<Vec<u64>> = vec![(0..9).map(|step| step * 7 % 9).collect(); 4];
    assert_eq!(parse(&format!("{workers:?}")).unwrap().len(), 4);
}

#[test]
fn a_label_may_stand_first_in_every_list() {
    for text in [
        "(0, 0.5)\n(1, 0.25)\n(0, 0.75)\n(1, 0.125)\n",
        "[[0, 0.5], [1, 0.25], [0, 0.75], [1, 0.125]]",
        "[[0, 0.5, 0.75], [1, 0.25, 0.125]]",
    ] {
        let streams = parse(text).unwrap();
        let bits = |values: [f64; 2]| values.map(f64::to_bits);
        assert_eq!(streams.len(), 2, "{text}");
        assert_eq!(streams[0].1, bits([0.5, 0.75]), "{text}");
        assert_eq!(streams[1].1, bits([0.25, 0.125]), "{text}");
    }
}

#[test]
fn doubles_keep_their_last_bit() {
    let value = 0.905_906_853_866_674_3_f64;
    let streams = parse(&format!("{{\"value\": {value}}}")).unwrap();
    assert_eq!(streams[0].1, [value.to_bits()]);
}
