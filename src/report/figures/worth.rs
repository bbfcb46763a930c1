//! What streams are worth, against their number.

use super::{Figure, WIDTH, judged, row_name, standing_mark};
use crate::{
    horizon::Ends,
    record::Report,
    report::{
        axis::Axis,
        numbers,
        scene::{Anchor, EM, Ink, Mark, Scene},
        standing::standing,
    },
};

pub(super) const FIGURE: Figure = Figure {
    id: "worth",
    title: "What streams are worth, against their number",
    caption: "Effective streams S/(1 + (S − 1)/N) of S streams whose seeds are drawn from N, both on log scales, for strategies whose seeds end within the scale; the dashed diagonal is streams that are worth themselves. Marks are what this run measured, at its own number of streams: you are here.",
    draw,
};

/// The scale ends here at least, and at most.
const ENDS: (f64, f64) = (1e4, 1e12);
const LEFT: f64 = 70.0;
const TOP: f64 = 44.0;
const HEIGHT: f64 = 260.0;
/// Curves in one picture.
const MOST: usize = 8;
const INKS: [Ink; 4] = [Ink::Blue, Ink::Purple, Ink::Undecided, Ink::Sky];

fn draw(report: &Report) -> Option<Scene> {
    report.plan.as_ref()?;
    let mut curves: Vec<(f64, Vec<&str>)> = Vec::new();
    for horizon in &report.horizons {
        // At half a chance of a meeting, s² = 2 N ln 2 (the law of birthdays).
        let Some(limit) = horizon.limits.last().filter(|limit| limit.risk == 0.5) else {
            continue;
        };
        let seeds = limit.streams * limit.streams / (2.0 * std::f64::consts::LN_2);
        if !matches!(limit.ends, Ends::SeedsCollide | Ends::StreamsEqual) || seeds >= ENDS.1 {
            continue;
        }
        match curves
            .iter_mut()
            .find(|(known, _)| (*known / seeds).ln().abs() < 0.05)
        {
            Some((_, ids)) => ids.push(&horizon.id),
            None => curves.push((seeds, vec![&horizon.id])),
        }
    }
    curves.sort_by(|a, b| a.0.total_cmp(&b.0));
    curves.truncate(MOST);
    let measured: Vec<_> = judged(report)
        .filter(|(_, result)| result.judgement.streams > 1)
        .collect();
    if measured.is_empty() {
        return None;
    }
    let mut scene = Scene::new(WIDTH, "Effective streams against streams, by strategy");
    let (right, bottom) = (WIDTH - 20.0, TOP + HEIGHT);
    let here = measured
        .iter()
        .map(|(_, result)| result.judgement.streams)
        .max()
        .unwrap_or(1) as f64;
    // Far enough to see curves level off.
    let largest = curves.iter().map(|(seeds, _)| *seeds).fold(here, f64::max);
    let decades = (100.0 * largest).clamp(ENDS.0, ENDS.1).log10().ceil();
    let end = 10_f64.powf(decades);
    let axis = Axis::log([1.25, end / 1.25], LEFT, right)?;
    axis.draw(&mut scene, TOP, bottom, "streams over all runs (log scale)");
    let y = |worth: f64| bottom - worth.clamp(1.0, end).log10() / decades * HEIGHT;
    for power in (0..=decades as i32).step_by(if decades > 6.0 { 3 } else { 1 }) {
        let worth = 10_f64.powi(power);
        scene.line((LEFT, y(worth)), (right, y(worth)), Ink::Grid);
        let label = if power == 0 {
            "1".to_owned()
        } else {
            numbers::figure(worth)
        };
        scene.text((LEFT - 6.0, y(worth) + 4.0), Anchor::End, Ink::Muted, label);
    }
    scene.label(
        (LEFT + 6.0, TOP + 14.0),
        EM,
        Anchor::Start,
        true,
        Ink::Text,
        "worth (log scale)",
    );
    scene.stroke(
        (axis.at(1.0), y(1.0)),
        (axis.at(end), y(end)),
        Ink::Muted,
        1.5,
        true,
    );
    scene.stroke(
        (axis.at(here), TOP),
        (axis.at(here), bottom),
        Ink::Muted,
        1.5,
        true,
    );
    scene.label(
        (axis.at(here) + 4.0, TOP + 30.0),
        EM - 1.0,
        Anchor::Start,
        false,
        Ink::Muted,
        "you are here",
    );
    for (nth, (seeds, _)) in curves.iter().enumerate() {
        let worth = |streams: f64| streams / (1.0 + (streams - 1.0) / seeds);
        let at: Vec<(f64, f64)> = (0..=4 * decades as i32)
            .map(|step| 10_f64.powf(f64::from(step) / 4.0))
            .map(|streams| (axis.at(streams), y(worth(streams))))
            .collect();
        for pair in at.windows(2) {
            scene.stroke(pair[0], pair[1], INKS[nth % INKS.len()], 2.0, false);
        }
    }
    for (cell, result) in &measured {
        let judgement = &result.judgement;
        let (mark, ink) = standing_mark(standing(cell, judgement));
        let tip = format!(
            "{}: {} streams are worth {}",
            row_name(cell),
            numbers::count(judgement.streams),
            numbers::worth(judgement.effective_streams)
        );
        let at = (
            axis.at(judgement.streams as f64),
            y(judgement.effective_streams),
        );
        scene.mark(at, 4.0, mark, ink, tip);
    }
    let mut below = bottom + 24.0;
    for (nth, (seeds, ids)) in curves.iter().enumerate() {
        let more = match ids.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let text = format!("{}{more}: at most {}", ids[0], numbers::figure(*seeds));
        let x = LEFT + if nth % 2 == 0 { 0.0 } else { 480.0 };
        scene.mark(
            (x + 6.0, below - 4.0),
            4.0,
            Mark::Disc,
            INKS[nth % INKS.len()],
            ids.join(", "),
        );
        scene.text((x + 16.0, below), Anchor::Start, Ink::Text, text);
        if nth % 2 == 1 {
            below += 18.0;
        }
    }
    scene.height = below + 18.0;
    Some(scene)
}
