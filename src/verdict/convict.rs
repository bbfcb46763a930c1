//! From results of statistical tests to findings.

use super::{
    Aim, Attribution, Call, Case, Context, Diagnosis, Finding, Severity,
    attribution::attribute,
    kinds::{related_neighbours, repeated_values, rule},
    procedure::{first_stage, second_stage},
    signature::copies,
    words,
};
use crate::{
    results::{FindingKind, TestResult, View},
    statistics::{self, SEED_BITS, id, is_state_rank},
};

pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let mut suspicions = first_stage(case.analysis, case.policy);
    // Streams that share runs of words share the words too: that is said already.
    if case.analysis.joins.found_any() && !is_unlabelled(case) {
        suspicions.retain(|suspicion| {
            statistics::finding(&case.analysis.tests[suspicion.index].test)
                != Some(FindingKind::RepeatedWords)
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
        rule_of(case, result) == FindingKind::CorrelatedStreams
            && result
                .reach
                .is_some_and(|reach| reach.bits.is_none() || reach.pairs == reach.of)
            && attribute(case, FindingKind::CorrelatedStreams, result) == Attribution::Seeding
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
    findings
}

/// The findings of some results, each once, in order of appearance.
fn rules<'a>(case: &Case<'_>, results: impl Iterator<Item = &'a TestResult>) -> Vec<FindingKind> {
    let mut rules = Vec::new();
    for result in results {
        let rule = rule_of(case, result);
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    rules
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
fn rule_of(case: &Case<'_>, result: &TestResult) -> FindingKind {
    match statistics::finding(&result.test) {
        Some(FindingKind::RepeatedWords) if is_unlabelled(case) => FindingKind::RepeatedValues,
        Some(rule) => rule,
        None => FindingKind::CorrelatedStreams,
    }
}

/// One finding for all results of a rule: charged to the seeding if one of them is.
/// `rests_on_pairs`: pairs of streams are known to agree bit by bit, which other tests see too.
fn convicting(
    case: &Case<'_>,
    rule: FindingKind,
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
    let severity = match attribution {
        Attribution::Seeding => Severity::Error,
        // As many dimensions as a generator has bits of state speak for its seeds.
        Attribution::Generator if is_state_rank(result) => Severity::Note,
        _ => Severity::Warning,
    };
    // Streams that are copies in part are related wherever they are moved to.
    let copies = copies::seen_by_tests(case);
    let moved = case.control.is_none() && result.control.is_some();
    let attribution = match attribution {
        Attribution::Generator if moved && copies.is_some() => Attribution::Unseparated,
        other => *other,
    };
    let mut found = Finding::diagnosed(
        rule,
        severity,
        attribution,
        match &case.analysis.joins.duplicates {
            Some(duplicates) if rule == FindingKind::RepeatedValues => {
                repeated_values::diagnosis(duplicates, case.context.workers)
            }
            _ => diagnosis(rule, result, *p, &case.context),
        },
    );
    // How often values come tells the cause by itself.
    let told = rule == FindingKind::RepeatedValues;
    match attribution {
        Attribution::Seeding if told => {}
        Attribution::Seeding | Attribution::Unseparated if copies.is_some() => {
            let copies = copies.map_or("", FindingKind::id);
            found.cause = format!(
                "streams that are copies in part are related in this way too: mend what {copies} \
                 names first, and look again"
            );
        }
        Attribution::Seeding if rests_on_pairs && !tells_a_relation(rule, result) => {
            found.cause = format!(
                "streams that agree at equal places are related in this way too: mend what {} \
                 names first, and look again",
                FindingKind::CorrelatedStreams
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

/// Whether a result says more than that streams which agree are not independent: that whole words come
/// again, which streams it are, or which map or relation ties them.
fn tells_a_relation(rule: FindingKind, result: &TestResult) -> bool {
    [FindingKind::CorrelatedStreams, FindingKind::RepeatedWords].contains(&rule)
        || !result.streams.is_empty()
        || result.view == View::SeedFlips
}

/// What stays below the level that convicts: worth knowing, and no more.
fn grey(case: &Case<'_>, rule: FindingKind, result: &TestResult, p: f64) -> Finding {
    let mut diagnosis = diagnosis(rule, result, p, &case.context);
    diagnosis.cause = match (case.second, case.aim) {
        _ if result.given_roots => {
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
    let mut found = Finding::diagnosed(rule, Severity::Note, Attribution::Unseparated, diagnosis);
    found.streams.clone_from(&result.streams);
    found.stream_count = result.streams.len() as u64;
    found.p = Some(p);
    found.test = Some(result.test.clone());
    found
}

/// Says what a failed test means. `kind` is the finding it leads to, `p` is after multiplicity.
fn diagnosis(kind: FindingKind, result: &TestResult, p: f64, context: &Context<'_>) -> Diagnosis {
    let rule = rule(kind);
    let (statistic, expected) = result.counted();
    if result.test == SEED_BITS.id {
        // The statistic counts the bits.
        let verb = if statistic == 1.0 { "has" } else { "have" };
        return Diagnosis {
            message: format!(
                "{} {verb} no effect: flipped one at a time, no word that was compared changes",
                result.detail,
            ),
            cause: rule.first_cause(),
            cure: rule.cure.to_owned(),
        };
    }
    let detail = match result.detail.as_str() {
        "" => String::new(),
        detail => format!(", {}", words::grouped(detail)),
    };
    let title = match kind {
        FindingKind::RepeatedWords if statistic < expected => {
            self::rule(FindingKind::TooFewRepeats).title
        }
        _ => rule.title,
    };
    Diagnosis {
        // Plainly first, then the statistic.
        message: format!(
            "{}: {} on {}{detail} gives {} where {} is expected, p {}",
            plainly(title, result, context),
            result.test,
            view(&result.view),
            words::number(statistic),
            words::number(expected),
            words::p_value(p),
        ),
        cause: (rule.cause)(result).unwrap_or_else(|| rule.likely_causes()),
        cure: match result.test.as_str() {
            id::CONGRUENTIAL => related_neighbours::NOT_DEALT_OUT,
            _ => rule.cure,
        }
        .to_owned(),
    }
}

/// What was found, without the statistic, and of which streams.
fn plainly(title: &str, result: &TestResult, context: &Context<'_>) -> String {
    let (statistic, expected) = result.counted();
    let dependent = expected - statistic;
    if result.test == id::STACKED_RANK && result.view == View::Stacked && dependent >= 1.0 {
        return format!(
            "{} of {} streams, or of their bits, are xor combinations of the others",
            words::number(dependent),
            words::number(expected)
        );
    }
    let all = result.streams.len() as u64;
    match &result.streams[..] {
        [] => title.to_owned(),
        streams => format!("{title} ({})", words::streams(streams, all, context)),
    }
}

/// How streams were arranged, in words.
fn view(view: &View) -> String {
    match view {
        View::Alone => "single streams".to_owned(),
        View::Interleaved => "streams taken draw by draw in turn".to_owned(),
        View::Transposed { words: 1 } => "the first word of every stream".to_owned(),
        View::Transposed { words } => format!("the first {words} words of every stream"),
        View::NeighbourXor => "the xor of neighbouring streams".to_owned(),
        View::NeighbourDifference => "the difference of neighbouring streams".to_owned(),
        View::SameTask => "the same task in consecutive runs".to_owned(),
        View::Column => "sums over all streams at equal index".to_owned(),
        View::Pairs => "all pairs of streams".to_owned(),
        View::Combinations => "small combinations of streams".to_owned(),
        View::Stacked => "all streams stacked as a bit matrix".to_owned(),
        View::SeedFlips => "the first words under one-bit flips of the seed".to_owned(),
    }
}
