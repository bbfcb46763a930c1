//! How many streams each strategy carries.

use super::{Figure, WIDTH, rows::Frame};
use crate::{
    record::Report,
    report::{
        axis::Axis,
        numbers,
        scene::{Ink, Mark, Scene},
    },
};

/// The scale ends here; what carries further is drawn at its end.
const END: f64 = 1e12;

pub(super) const FIGURE: Figure = Figure {
    id: "horizon",
    title: "How many streams a strategy carries",
    caption: "Streams over all runs at which two of them are one, or overlap, with probability 1e-6 (disc), 1e-3, 1 % and 50 % (squares to the right): from the declared seed space and, for starts at random places of one cycle, the streams' length; where this run refuted a strategy, from what it measured, if that ends it earlier. The figure is the one at 1e-6. Furthest first; the scale ends at 1e12.",
    draw,
};

fn draw(report: &Report) -> Option<Scene> {
    let mut horizons: Vec<_> = report
        .horizons
        .iter()
        .filter(|horizon| !horizon.limits.is_empty())
        .collect();
    horizons.sort_by(|a, b| {
        b.limits[0]
            .streams
            .total_cmp(&a.limits[0].streams)
            .then_with(|| a.id.cmp(&b.id))
    });
    let names: Vec<String> = horizons.iter().map(|horizon| horizon.id.clone()).collect();
    let mut scene = Scene::new(WIDTH, "Streams that each strategy carries, by risk");
    let frame = Frame::draw(&mut scene, 4.0, &names);
    let [panel] = frame.panels([1.0]);
    (!horizons.is_empty()).then_some(())?;
    let axis = Axis::log([1.0, END], panel.0, panel.1)?;
    frame.axis(&mut scene, &axis, "streams over all runs (log scale)");
    for (row, horizon) in horizons.iter().enumerate() {
        let y = frame.middle(row);
        let x = |streams: f64| axis.at(streams.clamp(1.0, END));
        let (first, last) = (horizon.limits[0], horizon.limits[horizon.limits.len() - 1]);
        scene.stroke(
            (x(first.streams), y),
            (x(last.streams), y),
            Ink::Blue,
            2.0,
            false,
        );
        for (index, limit) in horizon.limits.iter().enumerate().rev() {
            let streams = match numbers::magnitude(limit.streams).as_str() {
                "1" => "1 stream".to_owned(),
                streams => format!("{streams} streams"),
            };
            let mut tip = format!(
                "{streams} at a risk of {}",
                numbers::probability(limit.risk)
            );
            // All end alike: the disc says how.
            if index == 0 {
                tip = format!("{tip}; then {}", limit.ends.words());
            }
            let (mark, size) = if index == 0 {
                (Mark::Disc, 4.5)
            } else {
                (Mark::Square, 3.0)
            };
            scene.mark((x(limit.streams), y), size, mark, Ink::Blue, tip);
        }
        let text = if first.streams < END {
            numbers::magnitude(first.streams)
        } else {
            "beyond the scale".to_owned()
        };
        frame.beside(
            &mut scene,
            row,
            (x(first.streams), x(last.streams)),
            panel,
            &text,
        );
    }
    Some(scene)
}
