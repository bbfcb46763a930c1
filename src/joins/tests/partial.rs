//! Partial copies along lines.

use super::*;

#[test]
fn partial_copies_are_convicted_by_their_common_lag() {
    for width in [64, 53, 32] {
        let mut noise = Noise(11);
        let mut streams = noise.streams(10, 2000, width);
        for i in (0..1500).step_by(2) {
            streams[7][i + 300] = streams[2][i];
        }
        let evidence = evidence(streams, width);
        let joins = joined(&evidence, Depth::Full);
        assert!(joins.shared.is_empty(), "{:?}", joins.shared);
        let [copy] = joins.partial_copies[..] else {
            panic!("{:?}", joins.partial_copies)
        };
        assert_eq!((copy.a.stream.task.0, copy.b.stream.task.0), (2, 7));
        assert_eq!(
            (copy.a.word, copy.b.word, copy.equal, copy.span),
            (0, 300, 750, 1499)
        );
        assert!(copy.chance < 1e-12);
    }
}

/// What is planted into two of ten streams of so many bits, and the steps of the line it stands on.
fn planted(width: u32, plant: impl Fn(&mut [Vec<u64>])) -> Joins {
    let mut noise = Noise(u64::from(width));
    let mut streams = noise.streams(10, 4096, width);
    plant(&mut streams);
    joined(&evidence(streams, width), Depth::Full)
}

#[test]
fn every_nth_word_of_another_stream_is_found_and_named() {
    for width in [64, 53, 32, 24] {
        for step in [2, 3, 5, 8, 17, 64] {
            let joins = planted(width, |streams| {
                for t in 0..4096 / step {
                    streams[7][t] = streams[2][step * t];
                }
            });
            let [copy] = joins.partial_copies[..] else {
                panic!("{width} {step}: {:?}", joins.partial_copies)
            };
            assert_eq!((copy.a.stream.task.0, copy.b.stream.task.0), (2, 7));
            assert_eq!((copy.a.word, copy.b.word), (0, 0));
            assert_eq!(copy.steps, (step as u64, 1));
            assert_eq!(copy.equal, 4096 / step as u64);
            assert!(copy.chance < 1e-12);
        }
    }
}

#[test]
fn partial_copies_backwards_and_in_unequal_steps_are_found() {
    for width in [64, 32, 24] {
        let backwards = planted(width, |streams| {
            for t in (0..4000).step_by(7) {
                streams[4][4000 - t] = streams[1][t];
            }
        });
        assert_eq!(backwards.partial_copies[0].steps, (1, -1), "{width}");
        assert_eq!(backwards.partial_copies[0].equal, 572);
        let unequal = planted(width, |streams| {
            for t in 0..1000 {
                streams[4][3 * t + 5] = streams[1][4 * t];
            }
        });
        assert_eq!(unequal.partial_copies[0].steps, (4, 3), "{width}");
    }
    let narrow = planted(24, |streams| {
        for t in (0..2000).step_by(2) {
            streams[4][t + 77] = streams[1][t];
        }
    });
    assert_eq!(narrow.partial_copies[0].steps, (1, 1));
    assert_eq!(narrow.partial_copies[0].equal, 1000);
}
