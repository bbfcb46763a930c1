//! The picture: processes and forks as a tree, and the states that each draws from. States that are the
//! same have one colour and number.

use maud::{Markup, html};

use super::{ProcessSummary, Watched};

const ROW: usize = 30;
const INDENT: usize = 26;
const DOT: usize = 22;
const TEXT: usize = 330;
/// Processes and states that are drawn.
const MOST_ROWS: usize = 200;
const MOST_STATES: usize = 24;
/// Colours of shared states, told apart by most eyes, on light and dark grounds.
///
/// Source: Okabe and Ito 2008, Color universal design.
const COLOURS: [&str; 7] = [
    "#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f",
];

/// The tree as an SVG element.
pub fn draw(watched: &Watched) -> Markup {
    let mut rows = Vec::new();
    for process in watched
        .processes
        .iter()
        .filter(|process| process.parent.is_none())
    {
        descend(watched, process, 0, &mut rows);
    }
    rows.truncate(MOST_ROWS);
    let shared: Vec<usize> = {
        let mut groups: Vec<usize> = watched
            .processes
            .iter()
            .flat_map(|process| &process.states)
            .filter(|state| state.shared)
            .map(|state| state.group)
            .collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    };
    let widest = rows
        .iter()
        .map(|(process, _)| process.states.len().min(MOST_STATES))
        .max();
    let width = TEXT + 40 + DOT * widest.unwrap_or(0).max(4);
    let height = ROW * rows.len().max(1) + 12;
    let at = |number: usize| {
        rows.iter()
            .position(|(process, _)| process.number == number)
    };
    html! {
        svg class="tree" width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } role="img"
            aria-label={ (rows.len()) " processes and the states they draw from" } {
            @for (row, (process, depth)) in rows.iter().enumerate() {
                @let y = ROW * row + ROW / 2 + 4;
                @let x = 8 + INDENT * depth;
                @if let Some(parent) = process.parent.and_then(at) {
                    @let from = 8 + INDENT * (depth - 1);
                    path class=(if process.forked { "fork" } else { "start" })
                        d={ "M" (from + 4) " " (ROW * parent + ROW / 2 + 12) " V" (y) " H" (x - 2) } {}
                }
                rect class="process" x=(x) y=(y - 5) width="10" height="10" rx="2" {}
                text x=(x + 16) y=(y + 4) { (process.label) " " tspan class="pid" { (process.pid) } }
                @for (column, state) in process.states.iter().take(MOST_STATES).enumerate() {
                    @let cx = TEXT + DOT * column;
                    @if let Some(colour) = shared.iter().position(|group| *group == state.group) {
                        circle cx=(cx) cy=(y) r="8" fill=(COLOURS[colour % COLOURS.len()]) {
                            title { "state " (colour + 1) " (" (state.library) "), made at " (state.born) ": " (state.draws) " draws; shared" }
                        }
                        text class="number" x=(cx) y=(y + 4) { (colour + 1) }
                    } @else {
                        circle class="own" cx=(cx) cy=(y) r="6" {
                            title { (state.library) ", made at " (state.born) ": " (state.draws) " draws; its own" }
                        }
                    }
                }
                @if process.states.len() > MOST_STATES {
                    text x=(TEXT + DOT * MOST_STATES) y=(y + 4) { "+" (process.states.len() - MOST_STATES) }
                }
            }
        }
    }
}

fn descend<'a>(
    watched: &'a Watched,
    process: &'a ProcessSummary,
    depth: usize,
    rows: &mut Vec<(&'a ProcessSummary, usize)>,
) {
    if rows.len() >= MOST_ROWS {
        return;
    }
    rows.push((process, depth));
    for child in &watched.processes {
        if child.parent == Some(process.number) && child.number > process.number {
            descend(watched, child, depth + 1, rows);
        }
    }
}
