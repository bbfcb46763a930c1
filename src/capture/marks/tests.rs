use super::*;

fn task(numbers: &[u64]) -> Identity {
    Identity {
        task: numbers.iter().map(|&number| Part::Number(number)).collect(),
        ..Identity::default()
    }
}

#[test]
fn labels_are_told_from_numbers() {
    for (line, label, rest) in [
        ("rank 3: 0.5", 3, "0.5"),
        ("Worker-3 = 0.5", 3, "0.5"),
        ("thread #3> 0.5 0.25", 3, "0.5 0.25"),
        ("worker-3  | 0.5", 3, "0.5"),
        ("3: 0.5", 3, "0.5"),
        ("[1,3]<stdout>: 0.5", 3, "0.5"),
        ("[host-7@1,3]<stdout>:0.5", 3, "0.5"),
        ("rank 3 0.5", 3, "0.5"),
        ("3 [0.5, 0.25]", 3, "[0.5, 0.25]"),
        ("step 9 rank 3: 0.5", 3, "0.5"),
        ("worker 3: [0.5, 0.25", 3, "[0.5, 0.25"),
        ("2026-11-29 12:00:01,250 rank 3: 0.5", 3, "0.5"),
        ("worker 3:", 3, ""),
        ("[[3]]", 3, ""),
        ("$w3", 3, ""),
    ] {
        let found = shape(line.as_bytes());
        assert_eq!(
            found,
            LineShape::Labelled(task(&[label]), rest.as_bytes()),
            "{line}"
        );
    }
    let LineShape::Labelled(both, b"0.5") = shape(b"run 2 worker 3: 0.5") else {
        panic!("two labels");
    };
    assert_eq!(
        (both.run, both.task),
        (vec![Part::Number(2)], vec![Part::Number(3)])
    );
    for (line, rest) in [
        ("step 3: 0.5", "0.5"),
        ("12:00:01.250 0.5", "0.5"),
        ("2026-11-29T12:00:01Z 0.5", "0.5"),
        ("0.5 0.25", "0.5 0.25"),
        ("[0.5, 0.25]", "[0.5, 0.25]"),
        ("[3]", "[3]"),
        ("np.float64(0.5)", "np.float64(0.5)"),
        ("True", "True"),
    ] {
        assert_eq!(
            shape(line.as_bytes()),
            LineShape::Plain(rest.as_bytes()),
            "{line}"
        );
    }
    assert_eq!(shape(b"[7] 0.5 0.25"), LineShape::Marked(7, b"0.5 0.25"));
    assert_eq!(shape(b"[3,] 0.5"), LineShape::MatrixRow(3, b"0.5"));
    assert_eq!(shape(b"     [,1] [,2]"), LineShape::Matrix(1));
    assert_eq!(shape(b"x = 0.5"), LineShape::Named(b"x", b"0.5"));
    for line in [
        "x1: 0.5",
        "INFO rank 3: 0.5",
        "[1,3]<stderr>: 5",
        "hello",
        "drew 5 in 3 s",
    ] {
        assert_eq!(shape(line.as_bytes()), LineShape::Other, "{line}");
    }
}
