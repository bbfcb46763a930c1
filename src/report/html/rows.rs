//! The evidence behind a row.

use maud::{Markup, html};

use super::row_anchor;
use crate::{
    harness::{self, Costs},
    record::{CellOutcome, CellReport, CellResult},
    report::{
        evidence,
        numbers::{self, MISSING},
        reach,
    },
    results::{Outcome, TestResult},
    vocabulary::{RunGroup, Site},
};

/// Test results shown of one row: those with the smallest p-values.
const TESTS: usize = 5;
/// The same where nothing was found.
const TESTS_OF_SOUND: usize = 3;
/// Sites shown of one row.
const SITES: usize = 8;
/// Runs shown of one row.
const RUNS: usize = 16;

/// The evidence of a row. What `first`, the strategy's first row, has said already is not said again.
pub(super) fn row(cell: &CellReport, first: Option<&CellResult>, one_host: bool) -> Markup {
    match &cell.outcome {
        CellOutcome::Unsupported { reason, instead } => html! {
            dl { dt { "why" } dd { (reason) } dt { "instead" } dd { (instead) } }
        },
        CellOutcome::Failed { error } => html! { dl { dt { "error" } dd { (error) } } },
        CellOutcome::Judged(result) => html! {
            (judgement(cell, result, first))
            // A region that scrolls must be reachable from the keyboard.
            div class="scroll" tabindex="0" role="region" aria-label="Evidence" {
                // Of equal words roots and digests are equal, too, and so are tests.
                @if result.same_words_as.is_none() {
                    (runs(result))
                    (tests(result))
                }
                (sites(result, one_host))
            }
        },
    }
}

fn judgement(cell: &CellReport, result: &CellResult, first: Option<&CellResult>) -> Markup {
    let judgement = &result.judgement;
    let analysis = &result.analysis;
    let own = result.same_words_as.is_none();
    let said = first.filter(|_| !own);
    html! {
        dl {
            @if !judgement.bound.is_empty() && said.is_none_or(|first| first.judgement.bound != judgement.bound) {
                dt { "supported" } dd { (judgement.bound) }
            }
            @if let Some(needs) = &judgement.needs { dt { "to decide" } dd { (needs) } }
            @if own { dt { "elements" } dd { (result.format) } }
            dt { "looked at" }
            dd { (numbers::count(analysis.streams)) " streams, "
                 (numbers::counted(analysis.words_per_stream, "word")) " of each; "
                 (numbers::count(analysis.family)) " p-values in the family"
                 @if let Some(first) = result.same_words_as {
                     "; bit for bit the words of the row on " (first.name()) ", analysed once: "
                     a href={ "#" (row_anchor(&cell.id, Some(first))) } { "its digests, duplicates and tests" }
                 } }
            @if let Some(limit) = reach::beyond_memory(analysis) { dt { "limit" } dd { (limit) } }
            @if let Some(missed) = reach::recall(analysis) { dt { "recall" } dd { (missed) } }
            @if let Some(d) = result.duplicates.as_ref().filter(|_| own) {
                dt { "duplicates" }
                dd { (numbers::count(d.distinct)) " of " (numbers::count(d.total)) " elements of " (d.width)
                     " bits are distinct; repeats: " (numbers::count(d.within_streams)) " within streams, "
                     (numbers::count(d.between_tasks)) " between tasks, " (numbers::count(d.between_runs))
                     " between runs; " (numbers::figure(d.expected_repeats)) " expected of independent elements" }
            }
            @if own {
                dt { "χ² of the pool" } dd { "inflated by duplicates ×" (numbers::figure(result.chi_square_inflation)) }
            }
            @if let Some(stage) = &result.second_stage {
                dt { "second stage" } dd { (evidence::second_stage(stage)) }
            }
            @if !result.costs.is_empty() { dt { "median times" } dd { (times(result)) } }
            dt { "false alarm" } dd { "at most " (numbers::probability(judgement.false_alarm)) }
        }
    }
}

fn runs(result: &CellResult) -> Markup {
    html! {
        table class="runs" {
            thead { tr { th { "run" } th { "group" } th { "root" } th { "digest of all words" } } }
            tbody {
                @for (nth, run) in result.runs.iter().enumerate().take(RUNS) {
                    tr {
                        td { (run.run.0) }
                        td { (group(run.group)) }
                        td { (run.root.map_or_else(|| MISSING.into(), |root| beginning(&root.to_string()))) }
                        td { (result.digests.get(nth).map_or_else(|| MISSING.into(), |digest| beginning(digest))) }
                    }
                }
            }
        }
        @if result.runs.len() > RUNS {
            p class="muted" { (numbers::count((result.runs.len() - RUNS) as u64)) " more runs are in report.json." }
        }
    }
}

/// The first digits of a root or a digest, by which runs are told apart; report.json has all.
fn beginning(digits: &str) -> String {
    const SHOWN: usize = 18;
    match digits.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &digits[..end]),
        None => digits.to_owned(),
    }
}

/// How long runs took, a sentence for each group; report.json has every run.
fn times(result: &CellResult) -> String {
    let mut groups: Vec<(RunGroup, Vec<&Costs>)> = Vec::new();
    for (run, costs) in result.runs.iter().zip(&result.costs) {
        match groups.last_mut().filter(|(last, _)| *last == run.group) {
            Some((_, of)) => of.push(costs),
            None => groups.push((run.group, vec![costs])),
        }
    }
    let median = |of: &[&Costs], part: fn(&Costs) -> u64| {
        let times: Vec<f64> = of.iter().map(|costs| part(costs) as f64).collect();
        numbers::duration_ns(harness::median(&times))
    };
    let sentences: Vec<String> = groups
        .iter()
        .map(|(kind, of)| {
            format!(
                "{} {}: prepare {}, launch {}, collect {}",
                numbers::count(of.len() as u64),
                group(*kind),
                median(of, |costs| costs.prepare_ns),
                median(of, |costs| costs.launch_ns),
                median(of, |costs| costs.collect_ns)
            )
        })
        .collect();
    sentences.join("; ")
}

const fn group(group: RunGroup) -> &'static str {
    match group {
        RunGroup::Fresh => "fresh",
        RunGroup::Replay => "replay",
        RunGroup::Rooted => "rooted",
    }
}

fn tests(result: &CellResult) -> Markup {
    let tests = &result.analysis.tests;
    if tests.is_empty() {
        return html! {};
    }
    let shown = if result.judgement.findings.is_empty() {
        TESTS_OF_SOUND
    } else {
        TESTS
    };
    let mut ranked: Vec<&TestResult> = tests.iter().collect();
    // Stable, so equal p-values stay in the order of the registry; inapplicable tests come last.
    ranked.sort_by(|a, b| {
        let p = |test: &TestResult| test.p().unwrap_or(f64::INFINITY);
        p(a).total_cmp(&p(b))
    });
    html! {
        table class="tests" {
            thead { tr { th { "test" } th { "reads" } th { "of" } th { "statistic" }
                th { "expected" } th { "p" } th { "control p" } } }
            tbody { @for test in ranked.iter().take(shown) { (test_row(test)) } }
        }
        @if ranked.len() > shown {
            p class="muted" { "The " (shown) " smallest of " (numbers::count(ranked.len() as u64)) " results." }
        }
    }
}

fn test_row(test: &TestResult) -> Markup {
    let control = test
        .control
        .map_or_else(|| MISSING.into(), |p| numbers::p_value(p.two_sided()));
    html! {
        tr {
            td { (test.test) }
            td { (evidence::view(&test.view)) }
            @match &test.outcome {
                Outcome::Tested { p, statistic, expected, .. } => {
                    td { (numbers::grouped(&test.detail)) }
                    td { (numbers::figure(*statistic)) }
                    td { (numbers::figure(*expected)) }
                    td { (numbers::p_value(p.two_sided())) }
                    td { (control) }
                }
                Outcome::Inapplicable { needs } => { td colspan="5" class="muted" { "inapplicable: " (needs) } }
            }
        }
    }
}

fn sites(result: &CellResult, one_host: bool) -> Markup {
    if result.sites.is_empty() {
        return html! {};
    }
    let shown = &result.sites[..result.sites.len().min(SITES)];
    let host = |site: &Site| format!("{:x}", site.host);
    let started = |site: &Site| numbers::moment(site.worker_start_unix_ns);
    let first = (host(&shown[0]), started(&shown[0]));
    // Most workers share a host and the second of their start: that is said once.
    let alike = shown
        .iter()
        .all(|site| (host(site), started(site)) == first);
    html! {
        @if alike {
            p class="muted" {
                @if !one_host { "On host " span class="id" { (first.0) } ": " }
                "Workers started " (first.1) }
        }
        table {
            thead { tr { th { "run" } th { "task" } th { "worker" } th { "ordinal" } th { "pid" } th { "tid" }
                @if !alike { th { "host" } th { "worker started" } } } }
            tbody {
                @for site in shown {
                    tr {
                        td { (site.run.0) } td { (site.task.0) } td { (site.worker.0) }
                        td { (site.worker_ordinal) } td { (site.pid) } td { (site.tid) }
                        @if !alike { td class="id" { (host(site)) } td { (started(site)) } }
                    }
                }
            }
        }
        @if result.sites.len() > SITES {
            p class="muted" { "The first " (SITES) " of " (numbers::count(result.sites.len() as u64)) " recorded sites." }
        }
    }
}
