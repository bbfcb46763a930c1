//! How the risk of a strategy grows with its streams.

use super::{
    super::{
        axis::Axis,
        numbers,
        scene::{Anchor, EM, Ink, Mark, Scene},
    },
    Figure, WIDTH,
};
use crate::record::{Report, StrategyHorizon};

pub(super) const FIGURE: Figure = Figure {
    id: "curve",
    title: "Risk against streams",
    caption: "The probability that two streams are one, or overlap, against the number of streams over all runs, both on log scales, for the strategies that end within the scale. The dashed line is the plan's own number of streams: you are here.",
    draw,
};

/// The scale ends here.
const END: f64 = 1e24;
const HEIGHT: f64 = 180.0;
const LEFT: f64 = 60.0;
/// Curves in one picture.
const MOST: usize = 12;

const INKS: [Ink; 4] = [Ink::Blue, Ink::Purple, Ink::Undecided, Ink::Sky];

/// The curves of the horizons' points; strategies of one curve share it.
pub(crate) fn draw(report: &Report) -> Option<Scene> {
    let mut curves: Vec<(Vec<f64>, Vec<&str>)> = Vec::new();
    for horizon in &report.horizons {
        let points: Vec<f64> = horizon.limits.iter().map(|limit| limit.streams).collect();
        if points.first().is_none_or(|first| *first >= END) {
            continue;
        }
        match curves.iter_mut().find(|(known, _)| *known == points) {
            Some((_, ids)) => ids.push(&horizon.id),
            None => curves.push((points, vec![&horizon.id])),
        }
    }
    curves.sort_by(|a, b| a.0[0].total_cmp(&b.0[0]));
    curves.truncate(MOST);
    let risks: Vec<f64> = first_with_points(report)?
        .limits
        .iter()
        .map(|limit| limit.risk)
        .collect();
    if curves.is_empty() {
        return None;
    }
    let mut scene = Scene::new(WIDTH, "Risk of shared streams against their number");
    let (top, bottom) = (44.0, 44.0 + HEIGHT);
    let axis = Axis::log([1.0, END], LEFT, WIDTH - 20.0)?;
    axis.draw(&mut scene, top, bottom, "streams over all runs (log scale)");
    let (low, high) = (1e-6_f64, 1.0_f64);
    let y = |risk: f64| bottom - (risk.clamp(low, high) / low).ln() / (high / low).ln() * HEIGHT;
    let risks_shown = [1e-6, 1e-4, 1e-2, 1.0];
    for risk in risks_shown {
        scene.line((LEFT, y(risk)), (WIDTH - 20.0, y(risk)), Ink::Grid);
    }
    for risk in risks_shown {
        scene.text(
            (LEFT - 6.0, y(risk) + 4.0),
            Anchor::End,
            Ink::Muted,
            numbers::probability(risk),
        );
    }
    if let Some(plan) = &report.plan {
        let here = f64::from(plan.tasks) * f64::from(plan.fresh_runs.max(1));
        let x = axis.at(here);
        scene.stroke((x, top), (x, bottom), Ink::Muted, 1.5, true);
        scene.label(
            (x + 4.0, top + 12.0),
            EM - 1.0,
            Anchor::Start,
            false,
            Ink::Muted,
            "you are here",
        );
    }
    for (nth, (points, ids)) in curves.iter().enumerate() {
        let ink = INKS[nth % INKS.len()];
        let at: Vec<(f64, f64)> = points
            .iter()
            .zip(&risks)
            .map(|(streams, risk)| (axis.at(streams.min(END)), y(*risk)))
            .collect();
        for pair in at.windows(2) {
            scene.stroke(pair[0], pair[1], ink, 2.0, false);
        }
        for (point, (streams, risk)) in at.iter().zip(points.iter().zip(&risks)) {
            let tip = format!(
                "{}: {} at a risk of {}",
                ids.join(", "),
                counted(*streams),
                numbers::probability(*risk)
            );
            scene.mark(*point, 3.5, Mark::Disc, ink, tip);
        }
    }
    let mut y = bottom + 24.0;
    if report.horizons.len() > 1 {
        for (nth, (points, ids)) in curves.iter().enumerate() {
            let more = match ids.len() - 1 {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let streams = counted(points[0]);
            let text = format!("{}{more}: {streams} at 1e-6", ids[0]);
            let x = LEFT + if nth % 2 == 0 { 0.0 } else { 480.0 };
            let tip = ids.join(", ");
            scene.mark(
                (x + 6.0, y - 4.0),
                4.0,
                Mark::Disc,
                INKS[nth % INKS.len()],
                tip,
            );
            scene.text((x + 16.0, y), Anchor::Start, Ink::Text, text);
            if nth % 2 == 1 {
                y += 18.0;
            }
        }
        y += 18.0;
    }
    scene.height = y;
    Some(scene)
}

/// `1 stream`, `5.8e11 streams`.
fn counted(streams: f64) -> String {
    match numbers::figure(streams).as_str() {
        "1" => "1 stream".to_owned(),
        streams => format!("{streams} streams"),
    }
}

fn first_with_points(report: &Report) -> Option<&StrategyHorizon> {
    report
        .horizons
        .iter()
        .find(|horizon| !horizon.limits.is_empty())
}
