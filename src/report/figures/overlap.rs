//! Copies at a lag: two streams as bars, shifted so that their shared words stand below each other.

use super::{
    super::{
        evidence,
        fonts::shorten,
        numbers,
        scene::{Anchor, EM, Ink, Scene},
    },
    Figure, WIDTH, judged, row_name,
};
use crate::{
    record::{CellResult, Report},
    results::SharedRun,
};

pub(super) const FIGURE: Figure = Figure {
    id: "overlap",
    title: "Overlaps and copies",
    caption: "Two streams as bars, one shifted against the other so that what they share (coloured) lines up; the lag is in words. The longest run of words of each row is drawn.",
    draw,
};

/// Rows in one picture.
const MOST: usize = 16;
const LEFT: f64 = 300.0;
const BAR: f64 = 12.0;
const ROW: f64 = 52.0;

fn draw(report: &Report) -> Option<Scene> {
    let mut drawn: Vec<(String, &CellResult, &SharedRun)> = Vec::new();
    for (cell, result) in judged(report) {
        let longest = result
            .analysis
            .joins
            .shared
            .iter()
            .max_by_key(|run| run.witness.words);
        if let Some(run) = longest
            && result.same_words_as.is_none()
        {
            drawn.push((row_name(cell), result, run));
        }
    }
    if drawn.is_empty() {
        return None;
    }
    let left_out = drawn.len().saturating_sub(MOST);
    drawn.truncate(MOST);
    let mut scene = Scene::new(WIDTH, "Pairs of streams that share words, lined up");
    let mut y = 8.0;
    for (name, result, run) in &drawn {
        pair(&mut scene, y, name, result, run);
        y += ROW;
    }
    if left_out > 0 {
        let more = format!(
            "{} more rows are in report.json.",
            numbers::count(left_out as u64)
        );
        scene.text((8.0, y + 12.0), Anchor::Start, Ink::Muted, more);
        y += 20.0;
    }
    scene.height = y + 4.0;
    Some(scene)
}

fn pair(scene: &mut Scene, y: f64, name: &str, result: &CellResult, run: &SharedRun) {
    let witness = &run.witness;
    let (a, b) = (witness.a.word as f64, witness.b.word as f64);
    let shared = witness.words as f64;
    // Streams may be longer than what was read of them; they are at least as long as what they share.
    let length = (result.analysis.words_per_stream as f64).max(a.max(b) + shared);
    let (from_a, from_b) = (b.max(a) - a, b.max(a) - b);
    let span = from_a.max(from_b) + length;
    let scale = (WIDTH - LEFT - 20.0) / span;
    let tip = evidence::witness(witness);
    scene.label(
        (8.0, y + 14.0),
        EM,
        Anchor::Start,
        true,
        Ink::Text,
        shorten(name, EM, LEFT - 90.0),
    );
    let lag = format!(
        "lag {}, {} shared; {}",
        numbers::counted(witness.lag().unsigned_abs(), "word"),
        numbers::count(witness.words),
        numbers::counted(run.pairs, "such pair"),
    );
    scene.text(
        (8.0, y + 31.0),
        Anchor::Start,
        Ink::Muted,
        shorten(&lag, EM, LEFT - 90.0),
    );
    for (nth, (start, at, place)) in [(from_a, a, witness.a), (from_b, b, witness.b)]
        .into_iter()
        .enumerate()
    {
        let top = y + 4.0 + nth as f64 * (BAR + 4.0);
        let x = LEFT + start * scale;
        scene.text(
            (LEFT - 8.0, top + BAR - 2.0),
            Anchor::End,
            Ink::Muted,
            format!("{}/{}", place.stream.run.0, place.stream.task.0),
        );
        scene.tinted((x, top), (length * scale, BAR), Ink::Muted, 0.35, None);
        scene.tinted(
            (x + at * scale, top),
            ((shared * scale).max(2.0), BAR),
            Ink::Unsound,
            1.0,
            Some(tip.clone()),
        );
    }
}
