//! The pictures of a report: what each shows, and its layout. One file a picture.

mod avalanche;
pub(crate) mod curve;
pub(crate) mod demo;
mod heatmap;
mod horizon;
mod multiplicity;
mod overlap;
mod panels;
mod qq;
mod rows;
mod scaling;
pub(crate) mod selftest;
mod throughput;
mod tradeoff;
mod uniformity;
mod worth;

use super::{
    scene::{Ink, Mark, Scene},
    standing::RowStanding,
};
use crate::record::{CellOutcome, CellReport, CellResult, Report};
use crate::verdict::Verdict;

/// A picture.
pub(crate) struct Figure {
    /// The name of its file, without extension, and of its place in the page.
    pub(crate) id: &'static str,
    /// Its heading.
    pub(crate) title: &'static str,
    /// How to read it.
    pub(crate) caption: &'static str,
    /// Lays it out; `None` where the report has nothing to show in it.
    pub(crate) draw: fn(&Report) -> Option<Scene>,
}

impl Figure {
    /// The name of its PNG file.
    pub(crate) fn file(&self) -> String {
        format!("{}.png", self.id)
    }
}

/// Every picture, in the order of the page.
pub(crate) const ALL: &[Figure] = &[
    tradeoff::FIGURE,
    heatmap::FIGURE,
    overlap::FIGURE,
    multiplicity::FIGURE,
    uniformity::FIGURE,
    qq::FIGURE,
    avalanche::FIGURE,
    throughput::FIGURE,
    scaling::FIGURE,
    horizon::FIGURE,
    curve::FIGURE,
    worth::FIGURE,
];

/// The width of every picture in pixels.
const WIDTH: f64 = 1040.0;

/// Rows that gave evidence.
fn judged(report: &Report) -> impl Iterator<Item = (&CellReport, &CellResult)> {
    report.cells.iter().filter_map(|cell| match &cell.outcome {
        CellOutcome::Judged(result) => Some((cell, &**result)),
        _ => None,
    })
}

/// A row's name with its backend.
fn row_name(cell: &CellReport) -> String {
    match cell.backend {
        Some(backend) => format!("{} · {backend}", cell.id),
        None => cell.id.clone(),
    }
}

/// Form and colour of a verdict, the same in every picture.
pub(crate) const fn verdict_mark(verdict: Verdict) -> (Mark, Ink) {
    match verdict {
        Verdict::Sound => (Mark::Disc, Ink::Sound),
        Verdict::Unsound => (Mark::Diamond, Ink::Unsound),
        Verdict::Inconclusive => (Mark::Square, Ink::Undecided),
    }
}

/// The legend of verdicts.
const VERDICTS: [(Mark, Ink, &str); 3] = [
    (Mark::Disc, Ink::Sound, "sound"),
    (Mark::Square, Ink::Undecided, "inconclusive"),
    (Mark::Diamond, Ink::Unsound, "unsound"),
];

/// The same of what a row stands for, which tells weak generators from sound ones.
const fn standing_mark(standing: RowStanding) -> (Mark, Ink) {
    match standing {
        RowStanding::Recommended | RowStanding::Sound | RowStanding::Limited => {
            (Mark::Disc, Ink::Sound)
        }
        RowStanding::Undecided => (Mark::Square, Ink::Undecided),
        RowStanding::WeakGenerator => (Mark::Tick, Ink::Purple),
        RowStanding::Unsound => (Mark::Diamond, Ink::Unsound),
    }
}

/// The legend of what rows stand for.
const STANDINGS: [(Mark, Ink, &str); 4] = [
    (Mark::Disc, Ink::Sound, "sound"),
    (Mark::Square, Ink::Undecided, "inconclusive"),
    (Mark::Tick, Ink::Purple, "weak generator"),
    (Mark::Diamond, Ink::Unsound, "unsound"),
];
