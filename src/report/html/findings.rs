//! What is wrong, why, and what to do: once for each kind of finding.

use maud::{Markup, html};

use super::{judged, prose, row_anchor, strategies::severity as severity_name};
use crate::{
    record::{CellReport, Report},
    report::{evidence, numbers, standing},
    verdict::{self, Attribution, Finding, Severity},
};

/// Occurrences that are printed in full; the others are named.
const IN_FULL: usize = 3;

/// A kind of finding and where it occurs, gravest kinds first.
struct FindingGroup<'a> {
    rule: &'a str,
    severity: Severity,
    places: Vec<(&'a CellReport, &'a Finding)>,
}

pub(super) fn section(report: &Report) -> Markup {
    let kinds = kinds(report);
    html! {
        section {
            h2 id="findings" { "Findings" }
            @if kinds.is_empty() {
                p { "None." }
            }
            @for kind in &kinds { (one_kind(report, kind)) }
        }
    }
}

fn kinds(report: &Report) -> Vec<FindingGroup<'_>> {
    let mut kinds: Vec<FindingGroup<'_>> = Vec::new();
    for cell in &report.cells {
        let Some(result) = judged(cell) else { continue };
        for finding in &result.judgement.findings {
            match kinds.iter_mut().find(|kind| kind.rule == finding.rule.id()) {
                Some(kind) => {
                    kind.severity = kind.severity.max(finding.severity);
                    kind.places.push((cell, finding));
                }
                None => kinds.push(FindingGroup {
                    rule: finding.rule.id(),
                    severity: finding.severity,
                    places: vec![(cell, finding)],
                }),
            }
        }
    }
    // Stable: kinds of one severity stay in the order in which rows show them.
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.severity));
    kinds
}

/// Whether the section of the row's strategy, which the row's link opens, says the same.
fn told_by_its_row(report: &Report, cell: &CellReport, finding: &Finding) -> bool {
    let rows = report.cells.iter().filter(|row| row.id == cell.id);
    let mut found = rows
        .filter_map(judged)
        .flat_map(|result| &result.judgement.findings);
    let first = found.find(|other| other.rule == finding.rule && other.cause == finding.cause);
    report.cells.len() > 1 && first.is_some_and(|first| first.message == finding.message)
}

fn one_kind(report: &Report, kind: &FindingGroup<'_>) -> Markup {
    // What differs in cause or cure is told apart; the rest is named.
    let mut told: Vec<(&CellReport, &Finding)> = Vec::new();
    let mut named: Vec<(&CellReport, &Finding)> = Vec::new();
    for &(cell, finding) in &kind.places {
        let known = told
            .iter()
            .any(|(_, other)| other.cause == finding.cause && other.cure == finding.cure);
        if known || told.len() == IN_FULL {
            named.push((cell, finding));
        } else {
            told.push((cell, finding));
        }
    }
    let rule = verdict::find(kind.rule);
    html! {
        h3 id={ "finding-" (kind.rule) } {
            span class="id" { (kind.rule) } " "
            span class="muted" { "— " (severity_name(kind.severity)) ", "
                (numbers::count(kind.places.len() as u64)) @if kind.places.len() == 1 { " row" } @else { " rows" } }
        }
        @if let Some(rule) = rule { p { strong { (prose(rule.title)) } ". " (prose(rule.meaning)) } }
        @for (cell, finding) in &told { (full(cell, finding)) }
        @if !named.is_empty() {
            details {
                summary { "Also in " (numbers::count(named.len() as u64)) @if named.len() == 1 { " more row" } @else { " more rows" } }
                ul { @for (cell, finding) in &named { li { (row_link(cell)) @if !told_by_its_row(report, cell, finding) { ": " (prose(&finding.message)) } } } }
            }
        }
        @if let Some(rule) = rule {
            (code("How to mend it in Rust", rule.fix.rust))
            (code("How to mend it in Python", rule.fix.python))
        }
    }
}

fn code(title: &str, code: &str) -> Markup {
    html! {
        @if !code.is_empty() {
            details { summary { (title) } pre tabindex="0" { code { (code.trim_end()) } } }
        }
    }
}

fn full(cell: &CellReport, finding: &Finding) -> Markup {
    html! {
        div class={ "finding " (severity_name(finding.severity)) } {
            p { (row_link(cell)) (attribution(finding.attribution)) }
            p class="what" { (prose(&finding.message)) }
            dl {
                @if let Some(witness) = &finding.witness {
                    dt { "witness" } dd { (evidence::witness(witness)) }
                }
                @if let Some(p) = finding.p {
                    dt { "measured" }
                    dd { @if let Some(test) = &finding.test { (test) ", " }
                         (numbers::p_equals(p)) " after multiplicity" }
                }
                dt { "cause" } dd { (prose(&finding.cause)) }
                dt { "cure" } dd { (prose(standing::cure(finding))) }
                @if !finding.streams.is_empty() {
                    dt { "streams" } dd { (streams(finding)) }
                }
            }
        }
    }
}

/// The first streams of a finding by name, and how many more there are.
fn streams(finding: &Finding) -> String {
    const SHOWN: usize = 8;
    let mut names: Vec<String> = finding
        .streams
        .iter()
        .take(SHOWN)
        .map(ToString::to_string)
        .collect();
    let more = finding.stream_count.saturating_sub(names.len() as u64);
    if more > 0 {
        names.push(format!("{} more", numbers::count(more)));
    }
    names.join(", ")
}

fn row_link(cell: &CellReport) -> Markup {
    html! {
        a class="id" href={ "#" (row_anchor(&cell.id, cell.backend)) } {
            (cell.id) @if let Some(backend) = cell.backend { " on " (backend) }
        }
    }
}

fn attribution(attribution: Attribution) -> Markup {
    match attribution {
        Attribution::Seeding | Attribution::Capture => html! {},
        Attribution::Generator => {
            html! { span class="muted" { " — a flaw of the generator, not of its seeding" } }
        }
        Attribution::Unseparated => {
            html! { span class="muted" { " — seeding and generator cannot be told apart here" } }
        }
    }
}
