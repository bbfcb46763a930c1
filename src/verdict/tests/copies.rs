//! What is said of copies.

use super::*;

/// A copy of so many words: task and word of the one, and of the other.
fn witness(words: u64, copy: CopyKind, a: (u32, u64), b: (u32, u64)) -> Witness {
    let place = |(task, word)| Place {
        stream: StreamId::new(0, task),
        word,
    };
    Witness {
        a: place(a),
        b: place(b),
        words,
        copy,
        reversed: false,
    }
}

fn said(witnesses: &[Witness]) -> Finding {
    let mut analysis = clean();
    analysis.joins.shared = witnesses
        .iter()
        .map(|witness| SharedRun {
            witness: witness.clone(),
            pairs: witnesses.len() as u64,
        })
        .collect();
    audit(&analysis, Expect::Default).findings.remove(0)
}

#[test]
fn a_few_words_tell_no_direction_no_lag_and_no_constant() {
    let backwards = |words| Witness {
        reversed: true,
        ..witness(words, CopyKind::Equal, (3, 500), (9, 100))
    };
    let short = said(&[backwards(3)]);
    assert!(short.message.contains("3 words"), "{}", short.message);
    assert!(
        short.message.contains("in opposite order"),
        "{}",
        short.message
    );
    assert!(
        short.cause.contains("too few to tell how"),
        "{}",
        short.cause
    );
    let long = said(&[backwards(300)]);
    assert!(long.message.contains("backwards in time"));
    assert!(long.cause.contains("backwards"));
    for copy in [
        CopyKind::Equal,
        CopyKind::ConstantXor { constant: 5 },
        CopyKind::Truncation { bits: 40 },
    ] {
        let cause = said(&[witness(3, copy, (3, 500), (9, 100))]).cause;
        assert!(cause.contains("too few to tell how"), "{cause}");
    }
}

#[test]
fn only_what_starts_with_a_stream_continues_another() {
    let overlap = |words, a, b| said(&[witness(words, CopyKind::Equal, a, b)]).cause;
    assert!(overlap(900, (3, 100), (9, 0)).contains("continues another"));
    assert!(overlap(900, (3, 100), (9, 50)).contains("a block of values"));
    assert!(overlap(900, (3, 0), (9, 0)).contains("start alike and part later"));
    assert!(overlap(16, (3, 256), (9, 256)).contains("stretches at equal places"));
}

#[test]
fn a_lag_that_all_neighbours_have_is_a_jump_also_where_streams_are_short() {
    let neighbour = |task| witness(3, CopyKind::Equal, (task, 1), (task + 1, 0));
    let cause = said(&[neighbour(0), neighbour(1), neighbour(2)]).cause;
    assert!(cause.starts_with("lag 1 between neighbours"), "{cause}");
}

#[test]
fn a_stream_that_counts_is_no_period() {
    let step = CopyKind::ConstantAdd { constant: 3 };
    let period = witness(2047, step, (7, 0), (7, 1));
    let mut analysis = clean();
    analysis.joins.periods.push(period);
    let said = &audit(&analysis, Expect::Default).findings[0];
    assert!(
        said.message.contains("counts: each of 2,047 words"),
        "{}",
        said.message
    );
    assert!(
        said.cause.contains("not what a generator gave"),
        "{}",
        said.cause
    );
}
