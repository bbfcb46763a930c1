//! The evidence behind a row.

use maud::{Markup, html};

use super::row_anchor;
use crate::{
    harness::Costs,
    record::{CellOutcome, CellReport, CellResult},
    report::{
        evidence,
        numbers::{self, MISSING},
        reach,
    },
    results::{Outcome, TestResult},
    vocabulary::RunGroup,
};

/// Test results shown of one row: those with the smallest p-values.
const TESTS: usize = 12;
/// Sites shown of one row.
const SITES: usize = 8;
/// Runs shown of one row.
const RUNS: usize = 16;

pub(super) fn row(cell: &CellReport) -> Markup {
    match &cell.outcome {
        CellOutcome::Unsupported { reason, instead } => html! {
            dl { dt { "why" } dd { (reason) } dt { "instead" } dd { (instead) } }
        },
        CellOutcome::Failed { error } => html! { dl { dt { "error" } dd { (error) } } },
        CellOutcome::Judged(result) => html! {
            (judgement(cell, result))
            (runs(result))
            @if result.same_words_as.is_none() { (tests(&result.analysis.tests)) }
            (sites(result))
        },
    }
}

fn judgement(cell: &CellReport, result: &CellResult) -> Markup {
    let judgement = &result.judgement;
    let analysis = &result.analysis;
    html! {
        dl {
            @if !judgement.bound.is_empty() { dt { "supported" } dd { (judgement.bound) } }
            @if let Some(needs) = &judgement.needs { dt { "to decide" } dd { (needs) } }
            dt { "elements" } dd { (result.format) }
            dt { "looked at" }
            dd { (numbers::count(analysis.streams)) " streams, "
                 (numbers::counted(analysis.words_per_stream, "word")) " of each; "
                 (numbers::count(analysis.family)) " p-values in the family"
                 @if let Some(first) = result.same_words_as {
                     "; bit for bit the words of the row on " (first.name()) ", analysed once: "
                     a href={ "#" (row_anchor(&cell.id, Some(first))) } { "its digests and tests" }
                 } }
            @if let Some(limit) = reach::beyond_memory(analysis) { dt { "limit" } dd { (limit) } }
            @if let Some(missed) = reach::recall(analysis) { dt { "recall" } dd { (missed) } }
            @if let Some(d) = &result.duplicates {
                dt { "duplicates" }
                dd { (numbers::count(d.distinct)) " of " (numbers::count(d.total)) " elements of " (d.width)
                     " bits are distinct; repeats: " (numbers::count(d.within_streams)) " within streams, "
                     (numbers::count(d.between_tasks)) " between tasks, " (numbers::count(d.between_runs))
                     " between runs; " (numbers::figure(d.expected_repeats)) " expected of independent elements" }
            }
            dt { "χ² of the pool" } dd { "inflated by duplicates ×" (numbers::figure(result.chi_square_inflation)) }
            @if let Some(stage) = &result.second_stage {
                dt { "second stage" } dd { (evidence::second_stage(stage)) }
            }
            dt { "false alarm" } dd { "at most " (numbers::probability(judgement.false_alarm)) }
        }
    }
}

fn runs(result: &CellResult) -> Markup {
    // Of equal words roots and digests are equal, too; the times are not.
    let own = result.same_words_as.is_none();
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="Evidence" {
            table {
                thead { tr { th { "run" } th { "group" } @if own { th { "root" } th { "digest of all words" } }
                    th class="n" { "prepare" } th class="n" { "launch" } th class="n" { "collect" } } }
                tbody {
                    @for (nth, run) in result.runs.iter().enumerate().take(RUNS) {
                        tr {
                            td { (run.run.0) }
                            td { (group(run.group)) }
                            @if own {
                                td class="id" { (run.root.map_or_else(|| MISSING.into(), |root| root.to_string())) }
                                td class="id" { (result.digests.get(nth).map_or(MISSING, String::as_str)) }
                            }
                            (times(result.costs.get(nth)))
                        }
                    }
                }
            }
        }
        @if result.runs.len() > RUNS {
            p class="muted" { (numbers::count((result.runs.len() - RUNS) as u64)) " more runs are in report.json." }
        }
    }
}

fn times(costs: Option<&Costs>) -> Markup {
    let time = |ns: Option<u64>| match ns {
        Some(ns) => numbers::duration_ns(ns as f64),
        None => MISSING.into(),
    };
    html! {
        td class="n" { (time(costs.map(|c| c.prepare_ns))) }
        td class="n" { (time(costs.map(|c| c.launch_ns))) }
        td class="n" { (time(costs.map(|c| c.collect_ns))) }
    }
}

const fn group(group: RunGroup) -> &'static str {
    match group {
        RunGroup::Fresh => "fresh",
        RunGroup::Replay => "replay",
        RunGroup::Rooted => "rooted",
    }
}

fn tests(tests: &[TestResult]) -> Markup {
    if tests.is_empty() {
        return html! {};
    }
    let mut ranked: Vec<&TestResult> = tests.iter().collect();
    // Stable, so equal p-values stay in the order of the registry; inapplicable tests come last.
    ranked.sort_by(|a, b| {
        let p = |test: &TestResult| test.p().unwrap_or(f64::INFINITY);
        p(a).total_cmp(&p(b))
    });
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="Evidence" {
            table {
                thead { tr { th { "test" } th { "reads" } th { "of" } th class="n" { "statistic" }
                    th class="n" { "expected" } th class="n" { "p" } th class="n" { "control p" } } }
                tbody { @for test in ranked.iter().take(TESTS) { (test_row(test)) } }
            }
        }
        @if ranked.len() > TESTS {
            p class="muted" { "The " (TESTS) " smallest of " (numbers::count(ranked.len() as u64)) " results." }
        }
    }
}

fn test_row(test: &TestResult) -> Markup {
    let control = test
        .control
        .map_or_else(|| MISSING.into(), |p| numbers::p_value(p.two_sided()));
    html! {
        tr {
            td class="id" { (test.test) }
            td { (evidence::view(&test.view)) }
            @match &test.outcome {
                Outcome::Tested { p, statistic, expected, .. } => {
                    td { (numbers::grouped(&test.detail)) }
                    td class="n" { (numbers::figure(*statistic)) }
                    td class="n" { (numbers::figure(*expected)) }
                    td class="n" { (numbers::p_value(p.two_sided())) }
                    td class="n" { (control) }
                }
                Outcome::Inapplicable { needs } => { td colspan="5" class="muted" { "inapplicable: " (needs) } }
            }
        }
    }
}

fn sites(result: &CellResult) -> Markup {
    if result.sites.is_empty() {
        return html! {};
    }
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="Evidence" {
            table {
                thead { tr { th { "run" } th { "task" } th { "worker" } th { "ordinal" } th { "pid" } th { "tid" }
                    th { "host" } th { "worker started" } } }
                tbody {
                    @for site in result.sites.iter().take(SITES) {
                        tr {
                            td { (site.run.0) } td { (site.task.0) } td { (site.worker.0) }
                            td { (site.worker_ordinal) } td { (site.pid) } td { (site.tid) }
                            td class="id" { (format!("{:x}", site.host)) }
                            td { (numbers::moment(site.worker_start_unix_ns)) }
                        }
                    }
                }
            }
        }
        @if result.sites.len() > SITES {
            p class="muted" { "The first " (SITES) " of " (numbers::count(result.sites.len() as u64)) " recorded sites." }
        }
    }
}
