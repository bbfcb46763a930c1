//! The judge on hand-made results.

use super::*;
use crate::{
    battery::{
        ALL, Analysis, CopyKind, EqualStreams, Equality, Inapplicable, Joins, Outcome, Place,
        RepeatedRun, SharedRun, TestResult, View, Witness,
    },
    core::{
        BackendKind, Format, Law, PValue, RootSeed, RunGroup, RunId, RunInfo, Site, StreamId,
        TaskId, WorkerId,
    },
    diagnosis::Context,
    strategies::{Claim, Flaw, Promise, Promises, SeedSpace},
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
        .map(|finding| (finding.rule.as_str(), finding.severity))
        .collect()
}

const BROKEN: Claim = Claim::Broken(Flaw {
    breaks: "a test",
    from_streams: 200,
    from_words: 100,
    caught_by: &["equal-streams"],
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

#[test]
fn an_equal_pair_is_unsound_and_named() {
    let judgement = audit(&with_a_pair(), Expect::Default);
    assert_eq!(judgement.verdict, Verdict::Unsound);
    let found = &judgement.findings[0];
    assert_eq!(found.rule, "equal-streams");
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
    analysis.equality[0].dissent = Some(crate::battery::Dissent::default());
    assert_eq!(audit(&analysis, Expect::Identical).verdict, Verdict::Sound);
    analysis.equality[0].dissent = Some(crate::battery::Dissent {
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

#[test]
fn what_the_control_shares_is_the_generators() {
    let mut analysis = clean();
    let place = |task, word| Place {
        stream: StreamId::new(0, task),
        word,
    };
    analysis.joins.shared.push(SharedRun {
        witness: Witness {
            a: place(0, 10),
            b: place(1, 0),
            words: 500,
            copy: CopyKind::Equal,
            reversed: false,
        },
        pairs: 1,
    });
    let weak = Claim::WeakGenerator(Flaw {
        caught_by: &["shifted-overlap"],
        ..match BROKEN {
            Claim::Broken(flaw) => flaw,
            _ => unreachable!(),
        }
    });
    let declared = declared(&weak, Promises::of(&[Promise::Distinct]));
    let alone = strategy(&analysis, declared, None);
    assert_eq!(alone.verdict, Verdict::Unsound);
    assert_eq!(alone.as_declared, Some(AsDeclared::No));
    let control = analysis.clone();
    let excused = strategy(&analysis, declared, Some(&control));
    assert_eq!(excused.verdict, Verdict::Sound);
    assert_eq!(rules(&excused), [("shifted-overlap", Severity::Warning)]);
    assert_eq!(excused.as_declared, Some(AsDeclared::Yes));
}

fn failing(test: &str, p: f64, control: Option<f64>) -> TestResult {
    TestResult {
        test: test.into(),
        view: View::NeighbourXor,
        detail: "bit 0".into(),
        streams: Vec::new(),
        outcome: Outcome::Tested {
            p: PValue::upper_only(p).unwrap(),
            law: Law::Exact,
            statistic: 99.0,
            expected: 50.0,
        },
        control: control.map(|p| PValue::upper_only(p).unwrap()),
        reach: None,
    }
}

#[test]
fn a_failing_test_is_charged_by_its_control() {
    let test = ALL
        .iter()
        .map(|test| test.spec())
        .find(|spec| !crate::battery::analyze::WITHIN_STREAMS.contains(&spec.finding))
        .unwrap();
    for (control, attribution, verdict) in [
        (Some(0.4), Attribution::Seeding, Verdict::Unsound),
        (Some(1e-9), Attribution::Generator, Verdict::Sound),
        (Some(5e-3), Attribution::Unseparated, Verdict::Sound),
        (None, Attribution::Seeding, Verdict::Unsound),
    ] {
        let mut analysis = clean();
        analysis.tests.push(failing(test.id, 1e-30, control));
        let judgement = audit(&analysis, Expect::Default);
        assert_eq!(judgement.findings[0].rule, test.finding);
        assert_eq!(judgement.findings[0].attribution, attribution);
        assert_eq!(judgement.verdict, verdict, "{control:?}");
    }
}

#[test]
fn grey_results_stay_notes_without_a_second_stage() {
    let mut analysis = clean();
    analysis.tests.push(failing(ALL[0].spec().id, 1e-6, None));
    let judgement = audit(&analysis, Expect::Default);
    assert_eq!(judgement.verdict, Verdict::Sound);
    assert_eq!(judgement.findings[0].severity, Severity::Note);
    assert!(!judgement.second_stage);
}

/// 8 forked workers, one task after the other, all walking one inherited sequence.
#[test]
fn inherited_state_is_recognised_by_its_sites() {
    let sites: Vec<Site> = (0..64)
        .map(|task| Site {
            task: TaskId(task),
            worker: WorkerId(task % 8),
            task_ordinal: task / 8,
            ..Site::default()
        })
        .collect();
    let groups = (0..8)
        .map(|ordinal| EqualStreams {
            streams: (0..8)
                .map(|worker| StreamId::new(0, 8 * ordinal + worker))
                .collect(),
            count: 8,
            runs: 1,
            tasks: 8,
            words: 100,
        })
        .collect();
    let analysis = Analysis {
        joins: Joins {
            equal_streams: groups,
            ..Joins::default()
        },
        equality: vec![Equality {
            streams: 64,
            distinct: 8,
            sum_of_squares: 512.0,
            fresh_streams: 64,
            fresh_sum_of_squares: 512.0,
            largest: 8,
            same_run_pairs: 8 * 28,
            runs: 1,
            ..Equality::default()
        }],
        ..Analysis::default()
    };
    let runs = [RunInfo {
        run: RunId(0),
        group: RunGroup::Fresh,
        root: Some(RootSeed::from_u64(1)),
    }];
    let judgement = judge(&Case {
        analysis: &analysis,
        format: Format::WORDS,
        aim: Aim::Strategy(Declared {
            backend: BackendKind::Fork,
            ..declared(&BROKEN, Promises::NONE)
        }),
        policy: Policy {
            cells: 1,
            two_stages: true,
        },
        second: None,
        control: None,
        context: Context {
            sites: &sites,
            runs: &runs,
            backend: Some(BackendKind::Fork),
            workers: Some(8),
            names: &[],
        },
        demands: Demands::default(),
    });
    let found = &judgement.findings[0];
    assert!(
        found.cause.contains("state inherited by fork"),
        "{}",
        found.cause
    );
    assert!(
        found.cause.contains("multiplicity is 8, with 8 workers"),
        "{}",
        found.cause
    );
    assert_eq!(judgement.effective_streams, 8.0);
    let fork_safe = judgement
        .promises
        .iter()
        .find(|row| row.promise == Promise::ForkSafe)
        .unwrap();
    assert_eq!(fork_safe.measured, Measured::Broken);
}

#[test]
fn a_lack_of_rank_is_charged_to_seeding_only_where_the_control_has_none() {
    let charged = |control: Option<f64>| {
        let mut result = failing("stacked-rank", 1e-30, control);
        result.view = View::Stacked;
        let mut analysis = clean();
        analysis.tests.push(result);
        audit(&analysis, Expect::Default).findings[0].attribution
    };
    assert_eq!(charged(Some(1.0)), Attribution::Seeding);
    assert_eq!(charged(Some(5e-3)), Attribution::Unseparated);
    assert_eq!(charged(None), Attribution::Unseparated);
}
