//! Findings of statistical tests, with whose flaw they are.

use super::{copies, finding};
use crate::{
    analyze,
    diagnosis::{diagnose_multiplicities, diagnose_narrow_root, diagnose_test},
    judge::{
        Aim, Attribution, Call, Case, Finding, Severity,
        procedure::{first_stage, second_stage},
    },
    results::{Analysis, TestResult, View},
    statistics::{self, SEED_BITS},
};

pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let mut suspicions = first_stage(case.analysis, case.policy);
    // Streams that share runs of words share the words too: that is said already.
    if case.analysis.joins.found_any() && !is_unlabelled(case) {
        suspicions.retain(|suspicion| {
            spec_finding(&case.analysis.tests[suspicion.index].test) != Some("repeated-words")
        });
    }
    let mut convicted: Vec<(&TestResult, f64)> = suspicions
        .iter()
        .filter(|suspicion| suspicion.call == Call::Convicted)
        .map(|suspicion| (&case.analysis.tests[suspicion.index], suspicion.p))
        .collect();
    if let Some(fresh) = case.second {
        for (index, p) in second_stage(case.analysis, &suspicions, fresh) {
            convicted.push((&fresh[index], p));
        }
    }
    let mut findings: Vec<Finding> = Vec::new();
    let rests_on_pairs = convicted.iter().any(|(result, _)| {
        rule_of(case, result) == AGREEMENT
            && result
                .reach
                .is_some_and(|reach| reach.bits.is_none() || reach.pairs == reach.of)
            && attribute(case, AGREEMENT, result) == Attribution::Seeding
    });
    for rule in rules(case, convicted.iter().map(|(result, _)| *result)) {
        let mut of_rule: Vec<&(&TestResult, f64)> = convicted
            .iter()
            .filter(|(result, _)| rule_of(case, result) == rule)
            .collect();
        of_rule.sort_by(|x, y| x.1.total_cmp(&y.1));
        findings.extend(convicting(case, rule, &of_rule, rests_on_pairs));
    }
    for suspicion in suspicions.iter().filter(|s| s.call == Call::Grey) {
        let result = &case.analysis.tests[suspicion.index];
        let rule = rule_of(case, result);
        if !findings.iter().any(|known| known.rule == rule) {
            findings.push(grey(case, rule, result, suspicion.p));
        }
    }
    let walk = case.analysis.seed_walk.as_ref();
    if let Some(diagnosis) = walk.and_then(diagnose_narrow_root)
        && !findings.iter().any(|known| known.rule == NARROW_ROOT)
    {
        let seeding = Attribution::Seeding;
        findings.push(finding(NARROW_ROOT, Severity::Note, seeding, diagnosis));
    }
    findings
}

/// The finding that tells of bits of the root that a rule does not read.
const NARROW_ROOT: &str = "dead-seed-bits";

/// The findings of some results, each once, in order of appearance.
fn rules<'a>(case: &Case<'_>, results: impl Iterator<Item = &'a TestResult>) -> Vec<&'static str> {
    let mut rules = Vec::new();
    for result in results {
        let rule = rule_of(case, result);
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    rules
}

fn spec_finding(test: &str) -> Option<&'static str> {
    statistics::spec(test).map(|spec| spec.finding)
}

const fn is_unlabelled(case: &Case<'_>) -> bool {
    matches!(
        case.aim,
        Aim::Audit {
            labelled: false,
            ..
        }
    )
}

/// The finding a result leads to: values of an unlabelled pool that repeat are a finding of their own.
fn rule_of(case: &Case<'_>, result: &TestResult) -> &'static str {
    match spec_finding(&result.test) {
        Some("repeated-words") if is_unlabelled(case) => "repeated-values",
        Some(rule) => rule,
        None => "correlated-streams",
    }
}

/// One finding for all results of a rule: charged to the seeding if one of them is.
/// `rests_on_pairs`: pairs of streams are known to agree bit by bit, which other tests see too.
fn convicting(
    case: &Case<'_>,
    rule: &str,
    results: &[&(&TestResult, f64)],
    rests_on_pairs: bool,
) -> Option<Finding> {
    let attributed: Vec<(Attribution, &TestResult, f64)> = results
        .iter()
        .map(|(result, p)| (attribute(case, rule, result), *result, *p))
        .collect();
    // Of those that are the seeding's, one that tells how far it reaches tells the cause best.
    let seedings = || {
        let all = attributed.iter();
        all.filter(|(attribution, ..)| *attribution == Attribution::Seeding)
    };
    let (attribution, result, p) = seedings()
        .find(|(_, result, _)| result.reach.is_some())
        .or(seedings().next())
        .or(attributed.first())?;
    let severity = if *attribution == Attribution::Seeding {
        Severity::Error
    } else {
        Severity::Warning
    };
    // Streams that are copies in part are related wherever they are moved to.
    let copies = copies::seen_by_tests(case);
    let moved = case.control.is_none() && result.control.is_some();
    let attribution = match attribution {
        Attribution::Generator if moved && copies.is_some() => Attribution::Unseparated,
        other => *other,
    };
    let mut found = finding(
        rule,
        severity,
        attribution,
        match &case.analysis.joins.duplicates {
            Some(duplicates) if rule == "repeated-values" => {
                diagnose_multiplicities(duplicates, case.context.workers)
            }
            _ => diagnose_test(rule, result, *p, &case.context),
        },
    );
    match attribution {
        Attribution::Seeding | Attribution::Unseparated if copies.is_some() => {
            found.cause = format!(
                "streams that are copies in part are related in this way too: mend what {} names \
                 first, and look again",
                copies.unwrap_or_default()
            );
        }
        Attribution::Seeding if rests_on_pairs && !tells_a_relation(rule, result) => {
            found.cause = format!(
                "streams that agree at equal places are related in this way too: mend what \
                 {AGREEMENT} names first, and look again"
            );
        }
        Attribution::Generator => {
            found.cause = format!(
                "the generator's own: {}",
                if case.control.is_some() {
                    "the same generator with independent full-width seeds shows it too"
                } else if result.control.is_some() {
                    "the same streams moved against each other show it too"
                } else {
                    "streams show it by themselves"
                }
            );
        }
        Attribution::Unseparated => {
            found.cause = format!(
                "seeding or generator, which cannot be told apart here: {}",
                found.cause
            );
        }
        Attribution::Seeding | Attribution::Capture => {}
    }
    found.streams.clone_from(&result.streams);
    found.stream_count = result.streams.len() as u64;
    found.p = Some(*p);
    found.test = Some(result.test.clone());
    Some(found)
}

/// The finding that tells of pairs that agree at equal places.
const AGREEMENT: &str = "correlated-streams";

/// Whether a result says more than that streams which agree are not independent: that whole words come
/// again, which streams it are, or which map or relation ties them.
fn tells_a_relation(rule: &str, result: &TestResult) -> bool {
    [AGREEMENT, "repeated-words"].contains(&rule)
        || !result.streams.is_empty()
        || result.view == View::SeedFlips
}

/// The test that throws pooled words into cells.
const POOLED_COLLISIONS: &str = "collisions";

/// Whose flaw a convicting result shows: what fails on the control too is the generator's.
fn attribute(case: &Case<'_>, rule: &str, result: &TestResult) -> Attribution {
    let within = analyze::WITHIN_STREAMS.contains(&rule);
    // A list without labels is what all workers drew: its repeats are theirs.
    if rule == "repeated-values" {
        return Attribution::Seeding;
    }
    // Equal streams of different seeds are no generator's doing.
    if result.test == SEED_BITS.id {
        return Attribution::Seeding;
    }
    // Words pooled over streams collide in few of their bits as soon as one generator is uneven in
    // those: what streams really share, the joins find with a witness.
    if result.test == POOLED_COLLISIONS || depends_on_initialisation(rule, result) {
        return Attribution::Unseparated;
    }
    if let Some(control) = case.control
        && let Some(p) = control_p(control, result)
    {
        return by_control(p);
    }
    if within {
        return Attribution::Generator;
    }
    match result.control {
        Some(control) => by_control(control.two_sided()),
        // Without a control, streams that are uneven by themselves make any relation between them
        // uneven too.
        None if fails_within(case) => Attribution::Unseparated,
        None => Attribution::Seeding,
    }
}

/// Whether the way in which a generator expands one seed into its state may do this by itself.
///
/// numpy's `MT19937`, seeded from the system's entropy in every stream, expands 128 bits into 624
/// words of which some bits are linear functions of each other: the stacked bits of three and more
/// such streams lack rank over their first 640 words, however independent their seeds are. Without
/// a control of the very same expansion nothing is said of the seeding.
fn depends_on_initialisation(rule: &str, result: &TestResult) -> bool {
    rule == "linear-relation"
        && match result.view {
            View::Interleaved => true,
            View::Stacked => result.control.is_none(),
            _ => false,
        }
}

/// Below 1e-3 the control fails, and above 1e-2 it passes; between, nothing is claimed.
fn by_control(p: f64) -> Attribution {
    if p < CONTROL_FAILS {
        Attribution::Generator
    } else if p < analyze::CONTROL_PASSES {
        Attribution::Unseparated
    } else {
        Attribution::Seeding
    }
}

/// A control below this fails.
const CONTROL_FAILS: f64 = 1e-3;

/// The smallest p of the same test and view on independently seeded streams, after multiplicity.
fn control_p(control: &Analysis, result: &TestResult) -> Option<f64> {
    let matching: Vec<f64> = control
        .tests
        .iter()
        .filter(|other| other.test == result.test && other.view == result.view)
        .filter_map(TestResult::p)
        .collect();
    let smallest = matching.iter().copied().min_by(f64::total_cmp)?;
    Some((smallest * matching.len() as f64).min(1.0))
}

/// Whether single streams fail by themselves.
fn fails_within(case: &Case<'_>) -> bool {
    first_stage(case.analysis, case.policy)
        .iter()
        .any(|suspicion| {
            spec_finding(&case.analysis.tests[suspicion.index].test)
                .is_some_and(|rule| analyze::WITHIN_STREAMS.contains(&rule))
        })
}

/// What stays below the level that convicts: worth knowing, and no more.
fn grey(case: &Case<'_>, rule: &str, result: &TestResult, p: f64) -> Finding {
    let mut diagnosis = diagnose_test(rule, result, p, &case.context);
    diagnosis.cause = match (case.second, case.aim) {
        _ if result.on_given_roots() => {
            "suspicious on the given roots, of which there is no fresh evidence"
        }
        (Some(_), _) => {
            "suspicious at first, not confirmed by the second stage on fresh evidence: chance"
        }
        (None, Aim::Strategy(_)) => "suspicious, and no second stage was made",
        (None, Aim::Audit { .. }) => {
            "suspicious, but not below the level that convicts without independent evidence"
        }
    }
    .to_owned();
    diagnosis.cure = "look again with fresh evidence: more runs, or more words".to_owned();
    let mut found = finding(rule, Severity::Note, Attribution::Unseparated, diagnosis);
    found.streams.clone_from(&result.streams);
    found.stream_count = result.streams.len() as u64;
    found.p = Some(p);
    found.test = Some(result.test.clone());
    found
}
