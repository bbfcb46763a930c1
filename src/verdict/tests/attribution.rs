//! What is charged to seeding, to the generator and to inherited state.

use super::*;

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
        caught_by: &[FindingKind::ShiftedOverlap],
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
        given_roots: false,
    }
}

#[test]
fn a_failing_test_is_charged_by_its_control() {
    let test = statistics::tests()
        .map(|test| test.spec())
        .find(|spec| !crate::analyze::WITHIN_STREAMS.contains(&spec.finding))
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

/// Words pooled over streams collide where one generator is uneven too, whatever a control passes: they are
/// charged to nobody.
#[test]
fn pooled_collisions_are_not_charged_to_seeding() {
    for control in [None, Some(0.4), Some(1e-9)] {
        let mut analysis = clean();
        let test = crate::statistics::id::COLLISIONS;
        analysis.tests.push(failing(test, 1e-30, control));
        let judgement = audit(&analysis, Expect::Default);
        assert_eq!(judgement.findings.len(), 1);
        assert_eq!(judgement.findings[0].rule, FindingKind::RepeatedWords);
        assert_eq!(
            judgement.findings[0].attribution,
            Attribution::Unseparated,
            "{control:?}"
        );
        assert_ne!(judgement.verdict, Verdict::Unsound, "{control:?}");
    }
}

#[test]
fn grey_results_stay_notes_without_a_second_stage() {
    let mut analysis = clean();
    analysis
        .tests
        .push(failing(ALL[0].test.spec().id, 1e-6, None));
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
            launches: &[],
            labels: &[],
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
