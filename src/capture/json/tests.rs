use super::*;

type Streams = Vec<(Identity, Vec<u64>)>;

fn parse(text: &str) -> Result<Streams, CaptureError> {
    read(&mut text.as_bytes(), "x.json", &Identity::default()).map(|rows| rows.finish().1)
}

#[test]
fn every_form_makes_the_same_streams() {
    for text in [
        "[[1, 2, true], [3]]",
        "\u{feff}\n[\n [1, 2, 1],\n [\"3\"]\n]\n",
        "{\"w0\": [1, 2, 1], \"w1\": [3]}",
        "{\n  \"0\": [1, \"0x2\", 1],\n  \"1\": 3\n}",
        "[{\"worker\": 0, \"value\": [1, 2]}, {\"worker\": 1, \"value\": 3}, {\"value\": 1, \"worker\": 0}]",
        "{\"worker\": 0, \"value\": [1, 2, 1]}\n{\"worker\": 1, \"value\": 3}\n",
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
    for nothing in ["", " \n", "[]", "{}"] {
        assert!(parse(nothing).unwrap().is_empty(), "{nothing}");
    }
}

#[test]
fn other_documents_are_refused_with_the_line() {
    for (text, words) in [
        ("{\"lr\": 0.5}", "line 1: `lr` is no name of a worker"),
        ("{\"w0\": [1],\n \"x\": [2]}", "line 2: `x` is no name"),
        ("[[1],\n[[2]]]", "line 2: lists within"),
        ("[[1], 2]", "lists, records and numbers"),
        ("[[1], [null]]", "line 1"),
        ("[[1], [2]", "line 1: EOF"),
        ("[[1]] 2", "trailing"),
        ("7", "expected a list a worker"),
        ("[{\"worker\": 1}]", "the record has no `value`"),
        ("[[1], [-1], [18446744073709551615]]", "mixed types"),
        ("[\"zebra\"]", "zebra"),
    ] {
        let error = parse(text).unwrap_err().to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
}

#[test]
fn a_program_may_print_an_object_of_lists() {
    for printed in [
        "{\"w0\": [1, 2], \"w1\": [3, 4]}\n",
        "{\n  \"w0\": [1, 2],\n  \"w1\": [3, 4]\n}\n",
    ] {
        let mut capture =
            crate::capture::Capture::from_text("printed", printed.as_bytes()).unwrap();
        let evidence = capture.load(2).unwrap();
        assert_eq!((evidence.streams(), evidence.stream(1).len()), (2, 2));
    }
}
