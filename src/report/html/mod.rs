//! The page: one self-contained file for light and dark screens, large and small, complete without its
//! one script.

mod about;
mod entropy;
mod findings;
mod glossary;
mod rows;
mod strategies;
mod summary;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{
    figures::{self, Figure},
    standing, svg,
};
use crate::{
    record::{CellOutcome, CellReport, CellResult, Report},
    vocabulary::BackendKind,
};

pub(super) const PAGE_STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The hash of the script, by which the page's own policy lets nothing else run.
pub const SCRIPT_HASH: &str = "sha256-WktAt5J1RbWpKKJWvhcaii5qNPCLVFjMcvrvwEIE0o0=";

/// The report as an HTML file that needs nothing but itself.
pub fn render(report: &Report) -> String {
    let mut gallery = svg::Gallery::default();
    let pictures: Vec<(&Figure, String)> = figures::ALL
        .iter()
        .filter_map(|figure| Some((figure, gallery.render(&(figure.draw)(report)?))))
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
                    content={ "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src '" (SCRIPT_HASH) "'" };
                title { "seedbench " (report.command) ": " (report.verdict.replace('-', " ")) }
                link rel="icon" href="data:,";
                style { (PreEscaped(svg::style())) (PreEscaped(PAGE_STYLE)) (PreEscaped(summary::labels(report))) }
            }
            body {
                a class="skip" href="#results" { "Skip to the results" }
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
                    (strategies::section(report, &mut gallery))
                    (glossary::section())
                    (about::sections(report))
                }
                (about::footer(report))
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    without_optional_tags(&page.into_string())
}

/// The page without end tags that HTML lets be left out: the next element, or the end of the one around, ends theirs.
/// Of a catalogue's page they are a tenth. What is text cannot look like one: its angle brackets are escaped.
fn without_optional_tags(page: &str) -> String {
    let mut left = page.to_owned();
    for tag in ["</td>", "</th>", "</tr>", "</dt>", "</dd>", "</li>"] {
        left = left.replace(tag, "");
    }
    left
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
                li { a href="#glossary" { "Words" } }
                li { a href="#about" { "Method" } }
                li { button type="button" id="theme" data-script hidden { "Theme" } }
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
        "curve" => "Risk",
        "overlap" => "Overlaps",
        "qq" => "p-values",
        "avalanche" => "Avalanche",
        "worth" => "Worth",
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
fn outcome(cell: &CellReport) -> (&'static str, &'static str) {
    match &cell.outcome {
        CellOutcome::Judged(result) => {
            let standing = standing::standing(cell, &result.judgement);
            (standing.word(), standing.class())
        }
        CellOutcome::Unsupported { .. } => ("unsupported", "unsupported"),
        CellOutcome::Failed { .. } => ("failed", "failed"),
    }
}

/// The verdict as a word with its mark.
fn badge(cell: &CellReport) -> Markup {
    let (word, class) = outcome(cell);
    html! { span class={ "badge " (class) } { (word) } }
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
fn row_anchor(id: &str, backend: Option<BackendKind>) -> String {
    let backend = backend.map_or("", BackendKind::name);
    anchor("row", &format!("{id}-{backend}"))
}

/// An anchor of a kind and a name.
fn anchor(kind: &str, name: &str) -> String {
    format!("{kind}-{name}")
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
