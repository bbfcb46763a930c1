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
