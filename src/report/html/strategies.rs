//! A section for each strategy: what it is, what was found, its code, its horizon, its own pictures,
//! and the evidence of its rows.

use maud::{Markup, PreEscaped, html};

use super::{anchor, badge, judged, prose, row_anchor, rows};
use crate::{
    advise::Language,
    record::{CellReport, Report, StrategyHorizon},
    report::{
        evidence, figures, numbers,
        standing::{self, RowStanding},
        svg::Gallery,
    },
    strategies::{self, Spec},
    verdict::{Finding, Severity},
};

/// The rows of one strategy, or of one audited program.
struct Strategy<'a> {
    id: &'a str,
    cells: Vec<&'a CellReport>,
}

pub(super) fn section(report: &Report, gallery: &mut Gallery) -> Markup {
    let strategies = group(report);
    let host = one_host(report);
    html! {
        section {
            h2 id="rows" { "Evidence, strategy by strategy" }
            p class="muted" { "Open one for what it is, what was found, its code, how far it carries, and the bound, runs, roots, "
                "tests and sites of its rows. All of it is in report.json."
                @if let Some(host) = host { " All workers ran on host " span class="id" { (format!("{host:x}")) } "." } }
            @for strategy in &strategies { (one(report, strategy, strategies.len() == 1, host.is_some(), gallery)) }
        }
    }
}

/// The host of all workers, if it is one.
fn one_host(report: &Report) -> Option<u64> {
    let mut hosts = report
        .cells
        .iter()
        .filter_map(judged)
        .flat_map(|result| &result.sites)
        .map(|site| site.host);
    let first = hosts.next()?;
    hosts.all(|host| host == first).then_some(first)
}

fn group(report: &Report) -> Vec<Strategy<'_>> {
    let mut strategies: Vec<Strategy<'_>> = Vec::new();
    for cell in &report.cells {
        match strategies.iter_mut().find(|known| known.id == cell.id) {
            Some(known) => known.cells.push(cell),
            None => strategies.push(Strategy {
                id: &cell.id,
                cells: vec![cell],
            }),
        }
    }
    strategies
}

fn one(
    report: &Report,
    strategy: &Strategy<'_>,
    open: bool,
    one_host: bool,
    gallery: &mut Gallery,
) -> Markup {
    let spec = strategies::find(strategy.id)
        .map(|strategy| strategy.spec())
        .filter(|_| report.plan.is_some());
    let verdicts: Vec<&str> = strategy
        .cells
        .iter()
        .map(|cell| super::outcome(cell).1)
        .collect();
    html! {
        details class="row" id=(anchor("strategy", strategy.id)) open[open]
            data-row=(strategy.id) data-verdict=(verdicts.join(" ")) {
            summary {
                span class="id" { (strategy.id) }
                @for cell in &strategy.cells {
                    " " @if let Some(backend) = cell.backend { span class="muted" { (backend) } " " } (badge(cell))
                }
            }
            @if let Some(spec) = spec { (about(spec)) }
            @if report.cells.len() > 1 { (found(strategy)) }
            @if let Some(horizon) = report.horizons.iter().find(|horizon| horizon.id == strategy.id) { (carries(report, horizon, gallery)) }
            @if spec.is_some() { (pictures(report, strategy, gallery)) }
            @if let Some(spec) = spec { (code(spec)) }
            @for cell in &strategy.cells {
                details class="cell" id=(row_anchor(&cell.id, cell.backend)) open[open] {
                    summary { "Evidence" @if let Some(backend) = cell.backend { " on " (backend) } }
                    (rows::row(cell, judged(strategy.cells[0]), one_host))
                }
            }
        }
    }
}

fn about(spec: &Spec) -> Markup {
    html! {
        p { (prose(spec.summary)) "." }
        dl {
            dt { "formula" } dd { code { (spec.formula) } }
            dt { "fails" } dd { (prose(spec.fails)) }
            @if let Some(limit) = standing::limit(spec) { dt { "known" } dd { (limit) } }
            dt { "source" } dd { (spec.reference) }
        }
    }
}

/// The findings of all rows, each once with the rows that have it.
fn found(strategy: &Strategy<'_>) -> Markup {
    let mut found: Vec<(&Finding, Vec<&CellReport>)> = Vec::new();
    for cell in &strategy.cells {
        let Some(result) = judged(cell) else { continue };
        for finding in &result.judgement.findings {
            let same = |known: &Finding| known.rule == finding.rule && known.cause == finding.cause;
            match found.iter_mut().find(|(known, _)| same(known)) {
                Some((_, cells)) if cells.iter().any(|known| known.backend == cell.backend) => {}
                Some((_, cells)) => cells.push(cell),
                None => found.push((finding, vec![cell])),
            }
        }
    }
    html! {
        @for (nth, (finding, cells)) in found.iter().enumerate() {
            div class={ "finding " (severity(finding.severity)) } {
                p class="what" { (prose(&finding.message)) }
                dl {
                    dt { "finding" } dd {
                        a href={ "#finding-" (finding.rule) } { (finding.rule) }
                        @for cell in cells { @if let Some(backend) = cell.backend { " on " (backend) } }
                    }
                    @if let Some(witness) = &finding.witness { dt { "witness" } dd { (evidence::witness(witness)) } }
                    dt { "cause" } dd { (once(&found[..nth], finding, |finding| &finding.cause)) }
                    dt { "cure" } dd { (once(&found[..nth], finding, standing::cure)) }
                }
            }
        }
    }
}

/// A cause or a cure, or the finding above that had the same.
fn once<'a>(
    above: &[(&'a Finding, Vec<&CellReport>)],
    finding: &'a Finding,
    of: fn(&Finding) -> &str,
) -> Markup {
    match above.iter().find(|(other, _)| of(other) == of(finding)) {
        Some((other, _)) => html! { "as for " (other.rule) },
        None => prose(of(finding)),
    }
}

pub(super) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Suspect => "suspect",
        Severity::Note => "note",
    }
}

fn carries(report: &Report, horizon: &StrategyHorizon, gallery: &mut Gallery) -> Markup {
    let mut own = report.clone_without_cells();
    own.horizons = vec![horizon.clone()];
    html! {
        @if let Some(limit) = horizon.limits.first() {
            p { "Carries " strong { (numbers::figure(limit.streams)) }
                @if limit.streams == 1.0 { " stream of " } @else { " streams of " } (numbers::figure(horizon.words)) " words at a risk of " (numbers::probability(limit.risk))
                "; then " (limit.ends.words()) "." }
        }
        @if let Some(scene) = figures::curve::draw(&own) { (picture(&gallery.render(&scene))) }
    }
}

/// The strategy's own panels of the common pictures, where something is to be seen in them.
fn pictures(report: &Report, strategy: &Strategy<'_>, gallery: &mut Gallery) -> Markup {
    let shows = strategy.cells.iter().any(|cell| {
        judged(cell).is_some_and(|result| {
            matches!(
                standing::standing(cell, &result.judgement),
                RowStanding::Unsound | RowStanding::WeakGenerator | RowStanding::Undecided
            )
        })
    });
    if !shows {
        return html! {};
    }
    let mut own = report.clone_without_cells();
    own.cells = strategy.cells.iter().map(|&cell| cell.clone()).collect();
    html! {
        @for figure in figures::ALL.iter().filter(|figure| ["multiplicity", "uniformity"].contains(&figure.id)) {
            @if let Some(scene) = (figure.draw)(&own) {
                h4 { (figure.title) }
                (picture(&gallery.render(&scene)))
            }
        }
    }
}

fn picture(svg: &str) -> Markup {
    html! { div class="picture" { (PreEscaped(svg)) } }
}

fn code(spec: &Spec) -> Markup {
    html! {
        @for language in Language::SHOWN {
            @for recipe in language.recipes().iter().filter(|recipe| recipe.strategy == spec.id) {
                details { summary { "In " (language) } pre tabindex="0" { code { (recipe.program()) } } }
            }
        }
    }
}
