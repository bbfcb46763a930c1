//! Equal streams, runs that repeat, and streams of one value.

use super::*;
use crate::joins::{duplicates, group_equal, representatives};

#[test]
fn equal_streams_are_grouped_and_collapsed() {
    let mut noise = Noise(8);
    let mut streams = noise.streams(6, 50, 64);
    streams[3] = streams[0].clone();
    streams[5] = streams[0].clone();
    streams[4] = streams[1][..20].to_vec();
    let evidence = evidence(streams, 64);
    let joins = joined(&evidence, Depth::Full);
    assert_eq!(joins.equal_groups, 2);
    let group = &joins.equal_streams[0];
    assert_eq!(
        (group.count, group.runs, group.tasks, group.words),
        (3, 1, 3, 50)
    );
    assert!(group.is_within_run() && !group.is_cross_run());
    assert_eq!(joins.equal_streams[1].words, 20);
    assert_eq!(
        joins.equal_streams[1].streams,
        [StreamId::new(0, 1), StreamId::new(0, 4)]
    );
    assert_eq!(joins.distinct_streams, 3);
    assert!(
        joins.shared.is_empty() && joins.periods.is_empty(),
        "{joins:?}"
    );
    let sizes: Vec<(u64, u64)> = joins
        .equal_within_runs
        .iter()
        .map(|row| (row.times, row.count))
        .collect();
    assert_eq!(sizes, [(1, 1), (2, 1), (3, 1)]);

    let groups = group_equal(&evidence);
    let kept = representatives(&evidence, &groups).unwrap();
    let tasks: Vec<u32> = kept.ids().iter().map(|id| id.task.0).collect();
    assert_eq!(tasks, [0, 1, 2]);
    assert!(representatives(&kept, &group_equal(&kept)).is_none());
}

#[test]
fn repeated_runs_are_told_from_sharing_at_other_places() {
    let mut noise = Noise(9);
    let streams = noise.streams(4, 40, 64);
    let repeated = [
        (RunGroup::Fresh, streams.clone()),
        (RunGroup::Fresh, streams.clone()),
        (RunGroup::Fresh, noise.streams(4, 40, 64)),
    ];
    let joins = joined(&evidence_of(&repeated, Format::WORDS), Depth::Full);
    assert_eq!(joins.runs_repeat, [(RunId(0), RunId(1))]);
    assert_eq!(joins.repeating_runs, 1);
    assert!(!joins.found_any(), "{joins:?}");
    let duplicates = joins.duplicates.unwrap();
    assert_eq!(
        (
            duplicates.total,
            duplicates.between_runs,
            duplicates.between_tasks
        ),
        (480, 160, 0)
    );

    let mut turned = streams.clone();
    turned.rotate_left(1);
    let shifted = [
        (RunGroup::Rooted, streams.clone()),
        (RunGroup::Rooted, turned),
    ];
    let joins = joined(&evidence_of(&shifted, Format::WORDS), Depth::Full);
    assert!(joins.runs_repeat.is_empty());
    assert_eq!(joins.equal_groups, 4);
    assert!(joins.equal_streams.iter().all(|group| group.is_cross_run()));

    // Replays are equal by design; fresh and rooted runs are never compared with one another.
    let apart = [
        (RunGroup::Replay, streams.clone()),
        (RunGroup::Replay, streams.clone()),
        (RunGroup::Fresh, streams.clone()),
        (RunGroup::Rooted, streams),
    ];
    for depth in DEPTHS {
        let joins = joined(&evidence_of(&apart, Format::WORDS), depth);
        assert_nothing(&joins);
        assert_eq!(joins.distinct_streams, 12);
    }
}

#[test]
fn streams_of_zeros_are_equal_and_constant() {
    let evidence = evidence(vec![vec![0; 5000]; 200], 64);
    for depth in DEPTHS {
        let joins = joined(&evidence, depth);
        assert_eq!(joins.equal_streams[0].count, 200);
        assert_eq!(joins.equal_streams[0].streams.len(), 64);
        assert_eq!(joins.periods[0].lag(), 1);
        assert!(joins.shared.is_empty());
    }
    let counted = duplicates(&evidence, 64, &mut JoinArena::new());
    assert_eq!((counted.total, counted.distinct), (1_000_000, 1));
    assert_eq!(
        (counted.within_streams, counted.between_tasks),
        (4999 * 200, 199)
    );
}
