//! Repeated elements, counted as a definition by hash sets counts them.

use proptest::prelude::*;

use super::*;
use crate::joins::{duplicates, duplicates_of_halves};

/// Duplicates by definition, with hash sets.
fn slow_duplicates(runs: &[Vec<Vec<u64>>]) -> (u64, u64, u64, u64) {
    use std::collections::HashSet;
    let distinct =
        |words: &mut dyn Iterator<Item = u64>| words.collect::<HashSet<_>>().len() as u64;
    let total: u64 = runs
        .iter()
        .flatten()
        .map(|stream| stream.len() as u64)
        .sum();
    let in_streams: u64 = runs
        .iter()
        .flatten()
        .map(|stream| distinct(&mut stream.iter().copied()))
        .sum();
    let in_runs: u64 = runs
        .iter()
        .map(|run| distinct(&mut run.iter().flatten().copied()))
        .sum();
    let all = distinct(&mut runs.iter().flatten().flatten().copied());
    (all, total - in_streams, in_streams - in_runs, in_runs - all)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn duplicates_agree_with_hash_sets(
        runs in proptest::collection::vec(
            proptest::collection::vec(
                prop_oneof![
                    proptest::collection::vec(0u64..40, 0..30),
                    Just(vec![3; 12]),
                    Just((100..112).collect::<Vec<u64>>()),
                    Just((100..108).collect::<Vec<u64>>()),
                ],
                1..6,
            ),
            1..4,
        ),
    ) {
        let fresh: Vec<_> = runs.iter().map(|run| (RunGroup::Fresh, run.clone())).collect();
        let found = duplicates(&evidence_of(&fresh, Format::WORDS), 64, &mut JoinArena::new());
        let (distinct, within, tasks, between) = slow_duplicates(&runs);
        prop_assert_eq!(found.distinct, distinct);
        prop_assert_eq!(found.within_streams, within);
        prop_assert_eq!(found.between_tasks, tasks);
        prop_assert_eq!(found.between_runs, between);
        let rows = found.multiplicities.iter();
        prop_assert_eq!(rows.map(|row| row.times * row.count).sum::<u64>(), found.total);
    }
}

#[test]
fn the_multiplicities_of_inherited_state_are_counted() {
    // Eight workers walk one sequence for 20, 16, 16, 16, 12, 8, 8, 4 draws, one draw a task.
    let mut noise = Noise(19);
    let sequence = noise.stream(20, 53);
    let draws: Vec<Vec<u64>> = [20, 16, 16, 16, 12, 8, 8, 4]
        .iter()
        .flat_map(|&count| sequence[..count].iter().map(|&word| vec![word]))
        .collect();
    let counted = duplicates(&evidence(draws, 53), 53, &mut JoinArena::new());
    let table: Vec<(u64, u64)> = counted
        .multiplicities
        .iter()
        .map(|row| (row.times, row.count))
        .collect();
    assert_eq!(table, [(1, 4), (4, 4), (5, 4), (7, 4), (8, 4)]);
    assert_eq!(
        (counted.total, counted.distinct, counted.between_tasks),
        (100, 20, 80)
    );
}

#[test]
fn halves_are_counted_at_their_own_width() {
    let words = vec![
        0x1111_1111_2222_2222,
        0x2222_2222_3333_3333,
        0x4444_4444_4444_4444,
    ];
    let counted = duplicates_of_halves(&evidence(vec![words], 64), &mut JoinArena::new());
    assert_eq!(
        (counted.total, counted.distinct, counted.within_streams),
        (6, 4, 2)
    );
    assert_eq!(counted.width, 32);
}
