//! What the tests of rates share: streams of numbers, and how often chance may claim so many bits.

use crate::{
    values::numbers::{Numbers, Sequence},
    vocabulary::StreamId,
};

/// Streams of numbers, each with its run and its worker.
pub(super) fn numbers(streams: &[(u32, u32, Vec<f64>)]) -> Numbers {
    let mut values: Vec<f64> = streams.iter().flat_map(|of| of.2.clone()).collect();
    values.sort_unstable_by(f64::total_cmp);
    values.dedup();
    let id = |x: &f64| values.partition_point(|y| y < x) as u32;
    let sequences = streams.iter().map(|(run, worker, own)| Sequence {
        id: StreamId::new(*run, *worker),
        run: *run,
        ids: own.iter().map(id).collect(),
    });
    Numbers {
        streams: sequences.collect(),
        values: values.clone(),
        runs: 1 + streams.iter().map(|of| of.0).max().unwrap_or(0),
    }
}

/// Asserts that of so many tries b bits were claimed in no more than a share of 2^−b.
#[track_caller]
pub(super) fn claims_no_more(mut claims: Vec<f64>, times: usize, what: &str) {
    claims.sort_unstable_by(|x, y| y.total_cmp(x));
    for (many, bits) in (1..).zip(&claims) {
        let most = times as f64 * (-bits).exp2();
        let by_chance = most + 5.0 * most.sqrt() + 3.0;
        assert!(
            f64::from(many) <= by_chance,
            "{what}: {many} with {bits} bits"
        );
    }
}
