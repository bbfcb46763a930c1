//! What opening a stream and drawing a word cost.

use super::{Figure, WIDTH, rows::Frame};
use crate::{
    record::{Measurement, Report, StrategyCost},
    report::{
        axis::Axis,
        numbers,
        scene::{Ink, Mark, Scene},
    },
};

pub(super) const FIGURE: Figure = Figure {
    id: "throughput",
    title: "Cost of opening a stream and of drawing a word",
    caption: "One thread, cheapest draw first. Marks are medians, lines their 95 % intervals; figures beside the draw are multiples of the yardstick (dashed), which is measured in the same run.",
    draw,
};

fn draw(report: &Report) -> Option<Scene> {
    let mut costs: Vec<&StrategyCost> = report.costs.iter().collect();
    costs.sort_by(|a, b| {
        a.draw
            .median
            .total_cmp(&b.draw.median)
            .then_with(|| a.id.cmp(&b.id))
    });
    let names: Vec<String> = costs.iter().map(|cost| cost.id.clone()).collect();
    let yardstick = report.yardstick.as_ref();
    let mut scene = Scene::new(
        WIDTH,
        "Cost of opening a stream and of drawing a word, by strategy",
    );
    let frame = Frame::draw(&mut scene, 4.0, &names);
    let [open, word] = frame.panels([1.0, 1.0]);
    let open_axis = Axis::log(costs.iter().flat_map(|c| extent(&c.open)), open.0, open.1)?;
    let word_axis = Axis::log(
        costs
            .iter()
            .flat_map(|c| extent(&c.draw))
            .chain(yardstick.map(|y| y.draw.median)),
        word.0,
        word.1,
    )?;
    frame.axis(&mut scene, &open_axis, "opening a stream, ns (log scale)");
    frame.axis(&mut scene, &word_axis, "drawing a word, ns (log scale)");
    if let Some(yardstick) = yardstick {
        let x = word_axis.at(yardstick.draw.median);
        scene.stroke((x, frame.top()), (x, frame.bottom()), Ink::Blue, 1.5, true);
    }
    for (row, cost) in costs.iter().enumerate() {
        let y = frame.middle(row);
        for (axis, panel, measured, text) in [
            (
                &open_axis,
                open,
                &cost.open,
                numbers::figure(cost.open.median),
            ),
            (
                &word_axis,
                word,
                &cost.draw,
                match yardstick {
                    Some(_) => format!(
                        "{} · ×{}",
                        numbers::figure(cost.draw.median),
                        numbers::figure(cost.draw_ratio)
                    ),
                    None => numbers::figure(cost.draw.median),
                },
            ),
        ] {
            let x = axis.at(measured.median);
            let ends = (axis.at(measured.interval.0), axis.at(measured.interval.1));
            scene.stroke((ends.0, y), (ends.1, y), Ink::Blue, 2.0, false);
            let tip = format!(
                "{} {} (95 %: {} to {})",
                numbers::figure(measured.median),
                measured.unit,
                numbers::figure(measured.interval.0),
                numbers::figure(measured.interval.1)
            );
            scene.mark((x, y), 4.5, Mark::Disc, Ink::Blue, tip);
            frame.beside(
                &mut scene,
                row,
                (x.min(ends.0), x.max(ends.1)),
                panel,
                &text,
            );
        }
    }
    Some(scene)
}

fn extent(measured: &Measurement) -> [f64; 2] {
    [measured.interval.0, measured.interval.1]
}
