//! Whole verdicts on sound streams: none may alarm. The short form always runs; the long one is
//! recorded with its command:
//!
//! ```text
//! cargo test --release --test calibration -- --ignored
//! ```

use seedbench::{
    results::Depth,
    selftest::{SelfTestOptions, selftest, sound, verdict},
    verdict::Verdict,
};

/// Shapes from two streams of a few words to many short ones.
const SHAPES: [(u32, u32, usize); 8] = [
    (1, 2, 16),
    (2, 2, 300),
    (1, 3, 1),
    (4, 8, 65),
    (3, 16, 256),
    (1, 64, 128),
    (2, 150, 16),
    (1, 500, 4),
];

fn verdicts(count: u64) {
    for replicate in 0..count {
        let (runs, tasks, words) = SHAPES[replicate as usize % SHAPES.len()];
        let evidence = sound(0xca11 ^ replicate << 16, runs, tasks, words);
        let (_, judgement) = verdict(&evidence, Depth::Full);
        assert_ne!(
            judgement.verdict,
            Verdict::Unsound,
            "replicate {replicate}, {runs} × {tasks} × {words}: {:#?}",
            judgement.findings
        );
    }
}

#[test]
fn fifty_verdicts_on_sound_streams_do_not_alarm() {
    verdicts(50);
}

#[test]
#[ignore = "the long run: cargo test --release --test calibration -- --ignored"]
fn a_thousand_verdicts_on_sound_streams_do_not_alarm() {
    verdicts(1_000);
}

#[test]
fn the_selftest_holds_in_its_short_form() {
    let options = SelfTestOptions {
        null_replicates: 100,
        null_verdicts: 8,
        flawed_replicates: 1,
        seed: 5,
    };
    let table = selftest(options, &mut |_| {});
    assert!(table.size.holds(), "{:#?}", table.size);
    assert_eq!(table.null_verdicts.1, 0);
    let missed: Vec<_> = table
        .power
        .iter()
        .filter(|row| row.caught < row.trials)
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
#[ignore = "the long run: cargo test --release --test calibration -- --ignored"]
fn the_selftest_holds_in_its_long_form() {
    let options = SelfTestOptions {
        null_replicates: 5_000,
        null_verdicts: 1_000,
        flawed_replicates: 20,
        seed: 9,
    };
    let table = selftest(options, &mut |_| {});
    assert!(table.passes(), "{table:#?}");
}
