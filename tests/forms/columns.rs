//! Which columns are labels and which were drawn, where names do not say or say otherwise.

use seedbench::capture::{Capture, Reading};

fn read(text: &str) -> (usize, usize, String) {
    let capture = Capture::from_text("x", text.as_bytes(), &Reading::default())
        .unwrap_or_else(|error| panic!("{text}: {error}"));
    assert!(capture.problems().is_empty(), "{:?}", capture.problems());
    (
        capture.streams(),
        capture.longest(),
        capture.notes().join("; "),
    )
}

/// Numbers in no order.
fn drawn(at: u64) -> u64 {
    at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40
}

fn table(header: &str, rows: u64, row: impl Fn(u64) -> String) -> String {
    let rows: String = (0..rows).map(|at| row(at) + "\n").collect();
    format!("{header}\n{rows}")
}

#[test]
fn a_column_that_comes_for_as_many_rows_in_turn_says_who_drew() {
    let blocks = |at: u64| format!("{},0.{}", at / 8, 10 + drawn(at));
    for (header, text) in [
        ("customer,value", table("customer,value", 48, blocks)),
        ("id,value", table("id,value", 48, blocks)),
        (
            "in turn",
            table("customer,value", 48, |at| {
                format!("{},0.{}", at % 6, 10 + drawn(at))
            }),
        ),
        (
            "names",
            table("variable,value", 48, |at| {
                format!(
                    "{},0.{}",
                    ["a", "b", "c", "d", "e", "f"][at as usize / 8],
                    10 + drawn(at)
                )
            }),
        ),
        (
            "beside a count",
            table("customer,step,result", 48, |at| {
                format!("{},{},0.{}", at / 8, at % 8, 10 + drawn(at))
            }),
        ),
    ] {
        let (streams, length, notes) = read(&text);
        assert_eq!((streams, length), (6, 8), "{header}: {notes}");
        assert!(notes.contains("read as who drew"), "{header}: {notes}");
    }
    // What is drawn stands in no order.
    let (streams, _, notes) = read(&table("flip,value", 48, |at| {
        format!("{},0.{}", drawn(at) % 2, 10 + drawn(at + 99))
    }));
    assert_eq!(streams, 1, "{notes}");
}

#[test]
fn seeds_of_rows_name_no_runs_and_may_be_what_was_drawn() {
    let with_values = table("worker,seed,value", 48, |at| {
        format!("{},{},0.{}", at / 8, 1000 + drawn(at), 10 + drawn(at + 99))
    });
    let (streams, length, notes) = read(&with_values);
    assert_eq!((streams, length), (6, 8), "{notes}");
    assert!(notes.contains("another seed for every row"), "{notes}");
    let alone = table("seed,value", 48, |at| {
        format!("{},0.{}", 1000 + drawn(at), 10 + drawn(at + 99))
    });
    assert_eq!((read(&alone).0, read(&alone).1), (1, 48));
    let seeds = table("worker,seed", 48, |at| format!("{},{}", at / 8, drawn(at)));
    assert_eq!((read(&seeds).0, read(&seeds).1), (6, 8));
    // Runs by their seed.
    let runs = table("seed,worker,value", 48, |at| {
        format!("{},{},0.{}", 7 + at / 24, at / 8 % 3, 10 + drawn(at))
    });
    assert_eq!((read(&runs).0, read(&runs).1), (6, 8));
}

#[test]
fn a_channel_in_no_order_was_drawn_and_one_in_turn_is_a_label() {
    let random = table("worker,channel,value", 96, |at| {
        format!("{},{},0.{}", at / 48, drawn(at + 7) % 64, 10 + drawn(at))
    });
    let (streams, length, notes) = read(&random);
    assert_eq!((streams, length), (2, 96), "{notes}");
    assert!(notes.contains("channel, value"), "{notes}");
    let in_turn = table("worker,channel,value", 96, |at| {
        format!("{},{},0.{}", at / 48, at % 2, 10 + drawn(at))
    });
    assert_eq!((read(&in_turn).0, read(&in_turn).1), (4, 24));
}

#[test]
fn lists_of_records_are_workers_and_settings_beside_them_are_none() {
    let list: Vec<String> = (0..20).map(|at| format!("0.{}", 10 + drawn(at))).collect();
    let list = list.join(", ");
    let bare = format!("{{\"lr\": 0.1, \"loss\": [{list}]}}\n").repeat(3);
    let (streams, length, notes) = read(&bare);
    assert_eq!((streams, length), (3, 20), "{notes}");
    assert!(notes.contains("read with a record a worker"), "{notes}");
    let seeded: String = (0..3)
        .map(|seed| {
            format!("{{\"params\": {{\"seed\": {seed}, \"lr\": 0.1}}, \"loss\": [{list}]}}\n")
        })
        .collect();
    assert_eq!((read(&seeded).0, read(&seeded).1), (3, 20));
}

#[test]
fn lists_in_cells_are_rows_of_a_worker() {
    let point = |at: u64| {
        format!(
            "{},{},\"(0.{}, 0.{})\"",
            at % 4,
            at / 4,
            drawn(at),
            drawn(at + 99)
        )
    };
    let (streams, length, notes) = read(&table("worker,step,point", 48, point));
    assert_eq!((streams, length), (4, 24), "{notes}");
    // Beside numbers, and of unlike lengths.
    let uneven = |at: u64| {
        let more = if at.is_multiple_of(5) { " 0.5" } else { "" };
        format!("{},0.{},[0.{}{more}]", at % 4, drawn(at), drawn(at + 99))
    };
    let (streams, length, notes) = read(&table("worker,x,y", 48, uneven));
    assert_eq!((streams, length), (4, 27), "{notes}");
}
