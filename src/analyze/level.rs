//! One level of an analysis: joins, equality, tests on representatives, group by group.

use std::borrow::Cow;

use rayon::prelude::*;

use super::AnalyzeOptions;
use crate::{
    joins::{self, JoinArena},
    results::{Analysis, Counters, Depth, Duplicates, Equality, Outcome, TestResult},
    statistics::{self, id, repeats},
    vocabulary::{Evidence, RunGroup},
};

/// Searches of all pairs and triples in the first few hundred words of streams: they cost as much at the
/// first level as at the last, and find there what they find here.
pub(super) const SEARCHES: [&str; 2] = [id::LAG_AGREEMENT, id::RELATION_SEARCH];

/// Asks everything of `depth` of this much evidence, the searches where it is the `last` level. `family`
/// counts this level alone.
pub(super) fn analyze(
    evidence: &Evidence,
    (depth, last): (Depth, bool),
    options: AnalyzeOptions,
    arena: &mut JoinArena,
) -> Analysis {
    let mut analysis = Analysis::default();
    for group in RunGroup::JOINED {
        let Some(runs) = runs_of(evidence, group) else {
            continue;
        };
        let groups = joins::group_equal(&runs);
        let classes: Vec<u32> = (0..runs.streams())
            .map(|stream| groups.leader(stream) as u32)
            .collect();
        let first = analysis.streams == 0;
        count(&mut analysis, &runs);
        analysis.streams += runs.streams() as u64;
        let equality = Equality {
            too_short: groups.too_short(),
            ..Equality::count(runs.layout(), &classes, group)
        };
        if options.equality_only {
            analysis
                .equality
                .push(equality.with_dissent(runs.layout(), &classes));
            continue;
        }
        analysis.equality.push(equality);
        let joins = joins::join(&runs, depth, arena);
        // Equal streams make every test that compares streams fail for a reason already named.
        let collapsed = joins::representatives(&runs, &groups);
        let read = collapsed.as_ref().unwrap_or(&runs);
        let counted = joins.duplicates.clone().filter(|_| collapsed.is_none());
        let mut results = run_tests(read, (depth, last), counted.as_ref());
        analysis.joins.add(joins);
        if !first {
            for result in &mut results {
                result.mark_given_roots();
            }
        }
        analysis.tests.append(&mut results);
    }
    analysis.family = analysis
        .tests
        .iter()
        .filter(|result| matches!(result.outcome, Outcome::Tested { .. }))
        .count() as u64;
    analysis
}

/// The runs of one group; `None` where there are none.
pub(super) fn runs_of(evidence: &Evidence, group: RunGroup) -> Option<Cow<'_, Evidence>> {
    let of_group = |run: &crate::vocabulary::RunInfo| run.group == group;
    let runs = evidence.runs();
    if runs.iter().all(of_group) {
        return (evidence.streams() > 0).then_some(Cow::Borrowed(evidence));
    }
    let selected = evidence.select_runs(of_group);
    (selected.streams() > 0).then_some(Cow::Owned(selected))
}

/// Notes whether these streams count, as those of the groups before them do.
pub(super) fn count(analysis: &mut Analysis, runs: &Evidence) {
    let counters = Counters::of(runs);
    analysis.counters = match analysis.streams {
        0 => counters,
        _ => {
            let before = analysis.counters.take();
            before.zip(counters).map(|(before, more)| before.and(more))
        }
    };
}

/// Results in the order of the registry, whatever the order of execution. `counted` are the
/// duplicates of just these streams, where the joins counted them already.
fn run_tests(
    representatives: &Evidence,
    (depth, last): (Depth, bool),
    counted: Option<&Duplicates>,
) -> Vec<TestResult> {
    let selected: Vec<_> = statistics::tests()
        .filter(|test| test.spec().depth <= depth)
        .filter(|test| last || !SEARCHES.contains(&test.spec().id))
        .filter(|test| !repeats::reads_duplicates(test.spec().id))
        .collect();
    let mut known = repeats::results(representatives, counted, depth);
    let results: Vec<Vec<TestResult>> = selected
        .par_iter()
        .map(|test| test.run(representatives))
        .collect();
    known.extend(results.into_iter().flatten());
    // What the tests knew of these streams is as large as they are.
    representatives.memo().forget();
    known
}
