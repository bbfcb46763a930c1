//! The page: one self-contained file without scripts, for light and dark screens, large and small.

mod about;
mod entropy;
mod findings;
mod rows;
mod summary;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{
    figures::{self, Figure},
    svg,
};
use crate::record::{CellOutcome, CellReport, CellResult, Report};

const PAGE_STYLE: &str = include_str!("page.css");

/// The report as an HTML file that needs nothing but itself.
pub fn render(report: &Report) -> String {
    let pictures: Vec<(&Figure, String)> = figures::ALL
        .iter()
        .filter_map(|figure| Some((figure, svg::render(&(figure.draw)(report)?))))
        .collect();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                // Nothing may be fetched: the page is read where there is no network.
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'; img-src data:";
                title { "seedbench " (report.command) ": " (report.verdict.replace('-', " ")) }
                link rel="icon" href="data:,";
                style { (PreEscaped(svg::style())) (PreEscaped(PAGE_STYLE)) }
            }
            body {
                (summary::header(report))
                (navigation(report, &pictures))
                main {
                    (summary::table(report))
                    (summary::promises(report))
                    (findings::section(report))
                    @for (figure, picture) in &pictures {
                        (picture_section(figure, picture))
                    }
                    (entropy::section(report))
                    (rows::section(report))
                    (about::sections(report))
                }
                (about::footer(report))
            }
        }
    };
    page.into_string()
}

fn navigation(report: &Report, pictures: &[(&Figure, String)]) -> Markup {
    let has_promises = summary::has_promises(report);
    html! {
        nav aria-label="Sections" {
            ul {
                li { a href="#results" { "Results" } }
                @if has_promises { li { a href="#promises" { "Promises" } } }
                li { a href="#findings" { "Findings" } }
                @for (figure, _) in pictures {
                    li { a href={ "#" (figure.id) } { (short_title(figure.id)) } }
                }
                @if !report.censuses.is_empty() { li { a href="#entropy" { "Entropy" } } }
                li { a href="#rows" { "Evidence" } }
                li { a href="#about" { "Method" } }
            }
        }
    }
}

/// A picture's name where there is little room.
fn short_title(id: &str) -> &str {
    match id {
        "tradeoff" => "Trade-off",
        "heatmap" => "Duplicates",
        "multiplicity" => "Multiplicity",
        "uniformity" => "Uniformity",
        "throughput" => "Cost",
        "scaling" => "Scaling",
        "horizon" => "Horizon",
        other => other,
    }
}

fn picture_section(figure: &Figure, picture: &str) -> Markup {
    html! {
        section {
            h2 id=(figure.id) { (figure.title) }
            figure {
                figcaption { (figure.caption) }
                // A region that scrolls must be reachable from the keyboard.
                div class="scroll" tabindex="0" role="region" aria-label=(figure.title) {
                    (PreEscaped(picture))
                }
            }
        }
    }
}

/// The word and class of a row's outcome.
fn outcome_name(cell: &CellReport) -> &'static str {
    match &cell.outcome {
        CellOutcome::Judged(result) => result.judgement.verdict.name(),
        CellOutcome::Unsupported { .. } => "unsupported",
        CellOutcome::Failed { .. } => "failed",
    }
}

/// The verdict as a word with its mark.
fn badge(word: &str) -> Markup {
    html! { span class={ "badge " (word) } { (word) } }
}

/// Prose in which backticks enclose code.
fn prose(text: &str) -> Markup {
    html! {
        @for (nth, piece) in text.split('`').enumerate() {
            @if !nth.is_multiple_of(2) { code { (piece) } } @else { (piece) }
        }
    }
}

/// The anchor of a row.
fn row_anchor(cell: &CellReport) -> String {
    let backend = cell.backend.map_or("", |backend| backend.name());
    format!("row-{}-{backend}", cell.id)
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c
            } else {
                '-'
            }
        })
        .collect()
}

fn judged(cell: &CellReport) -> Option<&CellResult> {
    match &cell.outcome {
        CellOutcome::Judged(result) => Some(result),
        _ => None,
    }
}
