//! The report of a watch as one self-contained page without scripts.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Finding, Watched, tree};
use crate::{report, verdict::Severity};

const STYLE: &str = "
.tree{font:13px system-ui,sans-serif;max-width:none}
.tree text{fill:currentColor}
.tree .pid{opacity:.6}
.tree .number{fill:#fff;text-anchor:middle;font-weight:700;font-size:11px}
.tree .process{fill:currentColor;opacity:.75}
.tree .own{fill:none;stroke:currentColor;stroke-width:1.5;opacity:.7}
.tree path{fill:none;stroke:currentColor;opacity:.5}
.tree .start{stroke-dasharray:3 3}
";

/// The page.
pub fn render(watched: &Watched) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (report::page_head(&format!("seedbench watch: {}", watched.verdict.name()), STYLE))
            body {
                header {
                    h1 { "seedbench watch" }
                    p class="lead" { span class={ "badge " (watched.verdict.name()) } { (watched.verdict.name()) } }
                    @if !watched.command.is_empty() { p class="muted" { code { (watched.command.join(" ")) } } }
                    @if let Some(needs) = &watched.needs { p { (needs) } }
                }
                main { (body(watched)) }
                footer { p { "States are not in this page: no random number can be told from it." } }
            }
        }
    };
    page.into_string()
}

/// The part of the page that a notebook shows.
pub fn fragment(watched: &Watched) -> String {
    let fragment = html! {
        div {
            style { (PreEscaped(STYLE)) }
            p { strong { "seedbench watch: " (watched.verdict.name()) } }
            (body(watched))
        }
    };
    fragment.into_string()
}

fn body(watched: &Watched) -> Markup {
    html! {
        h2 id="findings" { "Findings" }
        @if watched.findings.is_empty() { p { "None." } }
        @for finding in &watched.findings { (told(finding)) }
        h2 id="processes" { "Processes and their states" }
        figure {
            figcaption {
                "A process a row; a solid line is a fork, a dashed one a start. Each circle is a state that the process drew from; those with one number are the same state."
            }
            div class="scroll" tabindex="0" role="region" aria-label="Processes and their states" { (tree::draw(watched)) }
        }
        h2 id="seen" { "What was seen" }
        ul {
            li { (watched.states) " states judged in " (watched.processes.len()) " processes" }
            @if watched.repeats > 0 { li { (watched.repeats) " began again within a thread" } }
            @if watched.short > 0 { li { (watched.short) " too short to be judged" } }
            @if watched.of_imports > 0 { li { (watched.of_imports) " drawn by libraries while they were imported, not judged" } }
            li { (watched.entropy_calls) " calls of the operating system's generator at least" }
            @for what in &watched.unseen { li { strong { "Not seen: " } (what) } }
        }
    }
}

fn told(finding: &Finding) -> Markup {
    let level = match finding.severity {
        _ if finding.allowed => "allowed",
        Severity::Error => "error",
        Severity::Warning | Severity::Suspect => "warning",
        Severity::Note => "note",
    };
    html! {
        div class={ "finding " (level) } {
            p class="what" { (level) ": " (finding.message) }
            dl {
                dt { "Rule" } dd { code { (finding.rule) } }
                dt { "Cause" } dd { (finding.cause) }
                dt { "Cure" } dd { (finding.cure) }
            }
        }
    }
}
