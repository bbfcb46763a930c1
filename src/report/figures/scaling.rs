//! What more cores bring.

use super::{Figure, WIDTH, rows::Frame};
use crate::{
    record::{Report, StrategyCost},
    report::{
        axis::Axis,
        numbers,
        scene::{Ink, Mark, Scene},
    },
};

pub(super) const FIGURE: Figure = Figure {
    id: "scaling",
    title: "Throughput from one core to all",
    caption: "Words per second with one core (ring) and with all (disc), ticks between; fastest with all cores first. A line that runs to the left is contention: more cores, fewer words.",
    draw,
};

fn draw(report: &Report) -> Option<Scene> {
    let mut costs: Vec<&StrategyCost> = report
        .costs
        .iter()
        .filter(|cost| cost.scaling.len() > 1)
        .collect();
    let fastest = |cost: &StrategyCost| cost.scaling.values().last().map_or(0.0, |m| m.median);
    costs.sort_by(|a, b| {
        fastest(b)
            .total_cmp(&fastest(a))
            .then_with(|| a.id.cmp(&b.id))
    });
    let most_cores = costs
        .iter()
        .filter_map(|cost| cost.scaling.keys().last())
        .max()?;
    let names: Vec<String> = costs.iter().map(|cost| cost.id.clone()).collect();
    let mut scene = Scene::new(
        WIDTH,
        "Words per second on one core and on all, by strategy",
    );
    let all = format!("{most_cores} cores");
    let top = scene.legend(
        (0.0, 16.0),
        &[
            (Mark::Ring, Ink::Blue, "1 core"),
            (Mark::Disc, Ink::Blue, &all),
            (Mark::Disc, Ink::Unsound, "fewer words with more cores"),
        ],
    );
    let frame = Frame::draw(&mut scene, top, &names);
    let [panel] = frame.panels([1.0]);
    let rates = costs
        .iter()
        .flat_map(|cost| cost.scaling.values())
        .map(|rate| rate.median);
    let axis = Axis::log(rates, panel.0, panel.1)?;
    axis.draw_with(
        &mut scene,
        (frame.top(), frame.bottom()),
        "words per second (log scale)",
        numbers::magnitude,
    );
    for (row, cost) in costs.iter().enumerate() {
        let y = frame.middle(row);
        let medians: Vec<f64> = cost.scaling.values().map(|rate| rate.median).collect();
        let (first, last) = (medians[0], medians[medians.len() - 1]);
        let ink = if last < first {
            Ink::Unsound
        } else {
            Ink::Blue
        };
        scene.stroke((axis.at(first), y), (axis.at(last), y), ink, 2.0, false);
        for (i, (cores, rate)) in cost.scaling.iter().enumerate() {
            let (mark, radius) = match i {
                0 => (Mark::Ring, 5.0),
                _ if i + 1 == medians.len() => (Mark::Disc, 5.0),
                _ => (Mark::Tick, 4.0),
            };
            let tip = format!(
                "{cores} {}: {} {}",
                if *cores == 1 { "core" } else { "cores" },
                numbers::magnitude(rate.median),
                rate.unit
            );
            scene.mark((axis.at(rate.median), y), radius, mark, ink, tip);
        }
        let text = format!(
            "{} → {}",
            numbers::magnitude(first),
            numbers::magnitude(last)
        );
        let ends = (axis.at(first.min(last)), axis.at(first.max(last)));
        frame.beside(&mut scene, row, ends, panel, &text);
    }
    Some(scene)
}
