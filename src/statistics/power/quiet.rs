//! Sound streams of any shape, which no test may accuse. How often it does so is counted by the
//! self-test.

use crate::statistics::{
    samples::{Size, assert_quiet, size},
    tests,
};

const SHAPES: &[Size] = &[
    size(1, 2, 64),
    size(1, 64, 4),
    size(4, 16, 256),
    size(1, 2000, 4),
    size(2, 100, 1000),
    Size {
        runs: 2,
        tasks: 32,
        words: 512,
        width: 32,
    },
    Size {
        runs: 1,
        tasks: 32,
        words: 512,
        width: 53,
    },
    Size {
        runs: 1,
        tasks: 64,
        words: 1000,
        width: 7,
    },
    Size {
        runs: 1,
        tasks: 64,
        words: 1000,
        width: 1,
    },
];

#[test]
fn sound_streams_alarm_no_test() {
    for test in tests() {
        assert_quiet(test, SHAPES);
    }
}
