//! The judge on hand-made results.

mod attribution;
mod copies;

use super::*;
use crate::{
    results::{
        Analysis, CopyKind, EqualStreams, Equality, FindingKind, Inapplicable, Joins, Outcome,
        Place, RepeatedRun, SharedRun, TestResult, View, Witness,
    },
    statistics::{self, ALL},
    strategies::{Claim, Flaw, Promise, Promises, SeedSpace},
    vocabulary::{
        BackendKind, Format, Law, PValue, RootSeed, RunGroup, RunId, RunInfo, Site, StreamId,
        TaskId, WorkerId,
    },
};

/// What nothing is wrong with: 4 runs of 64 tasks.
fn clean() -> Analysis {
    Analysis {
        equality: vec![Equality {
            streams: 256,
            distinct: 256,
            sum_of_squares: 256.0,
            fresh_streams: 256,
            fresh_sum_of_squares: 256.0,
            largest: 1,
            runs: 4,
            ..Equality::default()
        }],
        words_per_stream: 1_000,
        streams: 256,
        family: 10,
        levels: vec![1_000],
        ..Analysis::default()
    }
}

/// Tasks 3 and 9 of run 0 are equal.
fn with_a_pair() -> Analysis {
    let mut analysis = clean();
    let equality = &mut analysis.equality[0];
    equality.same_run_pairs = 1;
    equality.distinct = 255;
    equality.sum_of_squares = 258.0;
    equality.fresh_sum_of_squares = 258.0;
    equality.largest = 2;
    analysis.joins.equal_streams.push(EqualStreams {
        streams: vec![StreamId::new(0, 3), StreamId::new(0, 9)],
        count: 2,
        runs: 1,
        tasks: 2,
        words: 1_000,
    });
    analysis
}

fn with_repeated_runs(repeated: u32) -> Analysis {
    let mut analysis = clean();
    let equality = &mut analysis.equality[0];
    equality.repeated_runs = (1..=repeated)
        .map(|run| RepeatedRun {
            run: RunId(run),
            repeats: RunId(0),
            tasks: 64,
        })
        .collect();
    equality.fresh_streams = 256 - 64 * u64::from(repeated);
    equality.fresh_sum_of_squares = equality.fresh_streams as f64;
    equality.distinct = equality.fresh_streams;
    analysis
}

fn audit(analysis: &Analysis, expect: Expect) -> Judgement {
    audit_asking(analysis, expect, Demands::default())
}

fn audit_asking(analysis: &Analysis, expect: Expect, demands: Demands) -> Judgement {
    judge(&Case {
        analysis,
        format: Format::WORDS,
        aim: Aim::Audit {
            expect,
            labelled: true,
        },
        policy: Policy::ONE_CAPTURE,
        second: None,
        control: None,
        context: Context::default(),
        demands,
    })
}

fn declared(claim: &Claim, promises: Promises) -> Declared<'_> {
    Declared {
        promises,
        claim,
        seed_space: SeedSpace::Random { bits: 128.0 },
        backend: BackendKind::Threads,
        words: 1_000,
        replay_equal: Some(true),
        schedule_equal: Some(true),
    }
}

fn strategy(analysis: &Analysis, declared: Declared<'_>, control: Option<&Analysis>) -> Judgement {
    judge(&Case {
        analysis,
        format: Format::WORDS,
        aim: Aim::Strategy(declared),
        policy: Policy {
            cells: 1,
            two_stages: true,
        },
        second: None,
        control,
        context: Context::default(),
        demands: Demands::default(),
    })
}

fn rules(judgement: &Judgement) -> Vec<(&str, Severity)> {
    judgement
        .findings
        .iter()
        .map(|finding| (finding.rule.id(), finding.severity))
        .collect()
}

const BROKEN: Claim = Claim::Broken(Flaw {
    breaks: "a test",
    from_streams: 200,
    from_words: 100,
    caught_by: &[FindingKind::EqualStreams],
});

#[test]
fn nothing_found_is_sound_with_its_bound() {
    let judgement = audit(&clean(), Expect::Default);
    assert_eq!(judgement.verdict, Verdict::Sound);
    assert_eq!(judgement.effective_streams, 256.0);
    // 2 log2 256 − 2.58.
    assert!(
        judgement.bound.contains("at least 13.4 bits"),
        "{}",
        judgement.bound
    );
    assert!(judgement.false_alarm <= 7e-10);
}

/// By hand: one capture's tests 5e-10, and joins of three levels 3 · 2e-12; of a strategy 6e-10.
#[test]
fn the_stated_false_alarm_has_the_joins_of_every_level() {
    let mut analysis = clean();
    analysis.joins.chance = 2e-12;
    analysis.levels = vec![100, 300, 1_000];
    let stated = audit(&analysis, Expect::Default).false_alarm;
    assert!((stated / 5.06e-10 - 1.0).abs() < 1e-12, "{stated}");
    let one = declared(&BROKEN, Promises::of(&[]));
    let stated = strategy(&analysis, one, None).false_alarm;
    assert!((stated / 6.06e-10 - 1.0).abs() < 1e-12, "{stated}");
    // Without levels there was one.
    analysis.levels.clear();
    let stated = audit(&analysis, Expect::Default).false_alarm;
    assert!((stated / 5.02e-10 - 1.0).abs() < 1e-12, "{stated}");
}

#[test]
fn an_equal_pair_is_unsound_and_named() {
    let judgement = audit(&with_a_pair(), Expect::Default);
    assert_eq!(judgement.verdict, Verdict::Unsound);
    let found = &judgement.findings[0];
    assert_eq!(found.rule.id(), "equal-streams");
    assert_eq!(found.streams, [StreamId::new(0, 3), StreamId::new(0, 9)]);
    assert_eq!(found.witness.as_ref().unwrap().words, 1_000);
    assert!(
        found
            .message
            .contains("run 0 task 3 and run 0 task 9 draw the same 1,000 words"),
        "{}",
        found.message
    );
    assert_eq!(judgement.collision_probability, Some(1.0));
}

#[test]
fn repeated_runs_are_a_note_unless_fresh_is_expected() {
    let all = with_repeated_runs(3);
    let judgement = audit(&all, Expect::Default);
    assert_eq!(judgement.verdict, Verdict::Sound);
    assert_eq!(rules(&judgement), [("runs-repeat", Severity::Note)]);
    assert_eq!((judgement.streams, judgement.effective_streams), (64, 64.0));

    let judgement = audit(&all, Expect::Fresh);
    assert_eq!(judgement.verdict, Verdict::Unsound);
    assert_eq!(rules(&judgement), [("runs-repeat", Severity::Error)]);

    // Some runs repeat and others do not: doubtful, not refuted.
    let judgement = audit(&with_repeated_runs(1), Expect::Default);
    assert_eq!(judgement.verdict, Verdict::Sound);
    assert_eq!(rules(&judgement), [("runs-repeat", Severity::Warning)]);
}

#[test]
fn a_fixed_seed_breaks_the_promise_to_be_fresh() {
    let all = with_repeated_runs(3);
    let promised = declared(&Claim::Sound, Promises::of(&[Promise::Fresh]));
    let judgement = strategy(&all, promised, None);
    assert_eq!(rules(&judgement), [("not-fresh", Severity::Error)]);
    assert_eq!(judgement.as_declared, Some(AsDeclared::No));
    let unpromised = declared(&Claim::Sound, Promises::NONE);
    let judgement = strategy(&all, unpromised, None);
    assert_eq!(rules(&judgement), [("runs-repeat", Severity::Error)]);
}

#[test]
fn identical_ranks_are_right_where_they_are_expected() {
    let mut analysis = clean();
    analysis.equality[0].dissent = Some(crate::results::Dissent::default());
    assert_eq!(audit(&analysis, Expect::Identical).verdict, Verdict::Sound);
    analysis.equality[0].dissent = Some(crate::results::Dissent {
        streams: vec![StreamId::new(0, 5)],
        count: 1,
    });
    let judgement = audit(&analysis, Expect::Identical);
    assert_eq!(rules(&judgement), [("ranks-differ", Severity::Error)]);
    assert!(judgement.findings[0].message.contains("run 0 task 5"));
}

#[test]
fn a_run_too_small_for_the_question_is_inconclusive() {
    let ask = |for_workers, require_bits| {
        audit_asking(
            &clean(),
            Expect::Default,
            Demands {
                for_workers,
                require_bits,
            },
        )
    };
    // 256 streams see seeds narrow enough for 100 workers, not for 1,000.
    assert_eq!(ask(Some(100), None).verdict, Verdict::Sound);
    let judgement = ask(Some(1_000), None);
    assert_eq!(judgement.verdict, Verdict::Inconclusive);
    // 2.08 streams a worker.
    assert!(
        judgement.needs.unwrap().starts_with("2,0"),
        "about 2,080 streams"
    );
    assert_eq!(ask(None, Some(13.0)).verdict, Verdict::Sound);
    assert_eq!(ask(None, Some(32.0)).verdict, Verdict::Inconclusive);
}

#[test]
fn equality_that_cannot_be_joined_is_inconclusive() {
    let mut analysis = clean();
    analysis.equality[0].too_short = 256;
    analysis.joins.inapplicable.push(Inapplicable {
        test: "equal-streams".into(),
        needs: "20 words of every stream".into(),
    });
    let judgement = audit(&analysis, Expect::Default);
    assert_eq!(judgement.verdict, Verdict::Inconclusive);
    assert_eq!(judgement.needs.as_deref(), Some("20 words of every stream"));
}

#[test]
fn declared_flaws_must_be_caught_from_their_size_on() {
    let broken = declared(&BROKEN, Promises::NONE);
    let caught = strategy(&with_a_pair(), broken, None);
    assert_eq!(caught.as_declared, Some(AsDeclared::Yes));
    let escaped = strategy(&clean(), broken, None);
    assert_eq!(escaped.as_declared, Some(AsDeclared::No));
    let mut small = clean();
    small.equality[0].streams = 100;
    let judgement = strategy(&small, broken, None);
    assert_eq!(judgement.as_declared, Some(AsDeclared::NotDecidable));
}

#[test]
fn a_sound_claim_that_is_refuted_is_not_as_declared() {
    let sound = declared(&Claim::Sound, Promises::of(&[Promise::Distinct]));
    assert_eq!(
        strategy(&clean(), sound, None).as_declared,
        Some(AsDeclared::Yes)
    );
    let judgement = strategy(&with_a_pair(), sound, None);
    assert_eq!(judgement.as_declared, Some(AsDeclared::No));
    let distinct = judgement
        .promises
        .iter()
        .find(|row| row.promise == Promise::Distinct)
        .unwrap();
    assert_eq!(distinct.measured, Measured::Broken);
}
