use super::*;

fn item(text: &str) -> Result<Item> {
    Cursor::new(&mut text.as_bytes(), false).item()
}

fn reals(values: &[f64]) -> Item {
    Item::Numbers(values.iter().map(|&value| Number::Real(value)).collect())
}

#[test]
fn lists_are_read_however_they_are_printed() {
    for text in [
        "[0.5, 0.25]",
        "[0.5,0.25]",
        "(0.5, 0.25)",
        "[0.5 0.25]",
        "[0.5\n 0.25]",
        "[np.float64(0.5), np.float64(0.25)]",
        "array([0.5 , 0.25], dtype=float32)",
        "tensor([0.5000, 0.2500], dtype=torch.float64)",
        "Array\n(\n    [0] => 0.5\n    [1] => 0.25\n)\n",
        "array (\n  0 => 0.5,\n  1 => 0.25,\n)",
        "[\"0.5\", '0.25']",
        "[Decimal('0.5'), Decimal('0.25')]",
    ] {
        assert_eq!(item(text).unwrap(), reals(&[0.5, 0.25]), "{text}");
    }
    let one = |key: &str| Item::Map(vec![(key.into(), reals(&[0.5, 0.25]))]);
    for text in [
        "{\"w0\": [0.5, 0.25]}",
        "{'w0': [0.5, 0.25]}",
        "{ w0: [ 0.5, 0.25 ] }",
        "{:w0=>[0.5, 0.25]}",
        "{w0: [0.5, 0.25]}",
        "map[w0:[0.5 0.25]]",
    ] {
        assert_eq!(item(text).unwrap(), one("w0"), "{text}");
    }
    assert_eq!(item("{0: [0.5, 0.25]}").unwrap(), one("0"));
    assert_eq!(
        item("[\"deadbeef\", \"00000001\"]").unwrap(),
        Item::Numbers([0xdead_beef, 1].map(Number::Unsigned).into_iter().collect())
    );
}

#[test]
fn what_is_no_literal_is_refused_in_words() {
    let deep = "[".repeat(100);
    for (text, words) in [
        ("[1, ...", "np.set_printoptions"),
        ("[1, 2", "the text ends within a list"),
        ("[1, zebra]", "`zebra` among numbers"),
        ("[1, 2: 3]", "with and without keys"),
        ("{\"a", "a quote without its end"),
        ("np.float64(1", "the text ends within a call"),
        (&deep, "too deep"),
    ] {
        match item(text) {
            Err(LiteralError::Wrong(problem)) => assert!(problem.contains(words), "{problem}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}
