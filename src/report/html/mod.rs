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
pub const SCRIPT_HASH: &str = "sha256-/s4+Auf5Ff+ZAN3OlTA5ewd6V5GsqM4S+doGY1HrKOE=";

/// The head of a page that fetches nothing, for it is read where there is no network: its styles in turn, and the hash
/// of the only script that may run.
pub(crate) fn head(title: &str, styles: &[&str], script: Option<&str>) -> Markup {
    let script = script.map_or_else(String::new, |hash| format!("; script-src '{hash}'"));
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta http-equiv="Content-Security-Policy"
                content={ "default-src 'none'; style-src 'unsafe-inline'; img-src data:" (script) };
            title { (title) }
            link rel="icon" href="data:,";
            style { @for style in styles { (PreEscaped(style)) } }
        }
    }
}

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
            (head(
                &format!("seedbench {}: {}", report.command, report.verdict.replace('-', " ")),
                &[&svg::style(), &summary::labels(report), PAGE_STYLE],
                Some(SCRIPT_HASH),
            ))
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
    without_the_dispensable(&page.into_string(), &gallery)
}

/// The page without what HTML lets be left out, a tenth of a catalogue's: end tags where the next element, or the end
/// of the one around, ends theirs; quotes around plain values; names of parts that no picture refers to. What is text
/// cannot look like one: its angle brackets and quotes are escaped.
fn without_the_dispensable(page: &str, gallery: &svg::Gallery) -> String {
    let mut left = gallery.without_unused_names(page);
    for tag in [
        "</td>", "</th>", "</tr>", "</thead>", "</tbody>", "</dt>", "</dd>", "</li>",
    ] {
        left = left.replace(tag, "");
    }
    without_quotes(&left)
}

/// Values of letters, digits and a few signs need no quotes, but before the end of an element that closes itself.
fn without_quotes(page: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "#._%:+-".contains(c);
    let mut shorter = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(at) = rest.find("=\"") {
        let (before, value) = (&rest[..at + 1], &rest[at + 2..]);
        shorter.push_str(before);
        let end = value.find(|c| !plain(c)).unwrap_or(value.len());
        let after = &value[end..];
        if end > 0 && (after.starts_with("\" ") || after.starts_with("\">")) {
            shorter.push_str(&value[..end]);
            rest = &after[1..];
        } else {
            shorter.push('"');
            rest = value;
        }
    }
    shorter + rest
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_values_lose_their_quotes() {
        let page = r##"<a class="id" href="#row-a"><use href="#part3"/><p title="a b"><td data-value="2.1e1">x="1"##;
        let shorter = r##"<a class=id href=#row-a><use href="#part3"/><p title="a b"><td data-value=2.1e1>x="1"##;
        assert_eq!(without_quotes(page), shorter);
    }
}
