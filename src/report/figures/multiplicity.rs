//! How often values occur.

use super::{Figure, WIDTH, judged, panels, row_name};
use crate::{
    record::{CellReport, CellResult, Report},
    report::{
        fonts::text_width,
        numbers,
        scene::{Anchor, EM, Ink, Scene},
    },
    results::{Duplicates, Multiplicity},
};

pub(super) const FIGURE: Figure = Figure {
    id: "multiplicity",
    title: "How often values occur",
    caption: "Bars count the different values that occur once, twice, three times … among all words of the fresh runs (log scale). Of independent 64-bit words, all occur once. Where several backends draw the same words, they are drawn once.",
    draw,
};

const HEIGHT: f64 = 130.0;
const AXIS: f64 = 40.0;
/// Room for the name of the vertical axis.
const UNIT: f64 = 16.0;

fn draw(report: &Report) -> Option<Scene> {
    let tables: Vec<(&CellReport, &CellResult, &Duplicates)> = judged(report)
        .filter(|(_, result)| result.same_words_as.is_none())
        .filter_map(|(cell, result)| Some((cell, result, result.duplicates.as_ref()?)))
        .filter(|(.., duplicates)| !duplicates.multiplicities.is_empty())
        .collect();
    if tables.is_empty() {
        return None;
    }
    let repeated = |duplicates: &Duplicates| duplicates.multiplicities.iter().any(|m| m.times > 1);
    let (repeating, once): (Vec<_>, Vec<_>) = tables
        .into_iter()
        .partition(|(.., duplicates)| repeated(duplicates));
    let (shown, left_out) = repeating.split_at(repeating.len().min(panels::MOST));
    let mut scene = Scene::new(
        WIDTH,
        "Number of values by how often they occur, by strategy",
    );
    let headings: Vec<panels::Heading> = shown
        .iter()
        .map(|(cell, result, duplicates)| panels::Heading::new(cell, result, &note(duplicates)))
        .collect();
    let places = panels::lay_out(&mut scene, 4.0, UNIT + HEIGHT + 16.0, &headings);
    for ((.., duplicates), place) in shown.iter().zip(&places) {
        bars(&mut scene, &duplicates.multiplicities, place);
    }
    if !left_out.is_empty() {
        let names: Vec<String> = left_out.iter().map(|(cell, ..)| row_name(cell)).collect();
        let names = names.join(", ");
        panels::remark(&mut scene, &format!("Also with repeated values: {names}."));
    }
    let rest = match (once.len(), shown.len()) {
        (0, _) => None,
        (_, 0) => Some("Every value occurs once.".to_owned()),
        (1, _) => Some("1 more row: every value occurs once (not drawn).".to_owned()),
        (once, _) => Some(format!(
            "{once} more rows: every value occurs once (not drawn)."
        )),
    };
    if let Some(rest) = rest {
        panels::remark(&mut scene, &rest);
    }
    Some(scene)
}

fn note(duplicates: &Duplicates) -> String {
    format!(
        "{} of {} values distinct",
        numbers::count(duplicates.distinct),
        numbers::count(duplicates.total)
    )
}

fn bars(scene: &mut Scene, table: &[Multiplicity], place: &panels::Panel) {
    let most = table.iter().map(|m| m.count).max().unwrap_or(1) as f64;
    let decades = most.log10().ceil().max(1.0);
    // A bar for one value must have a height, so the scale starts at a half.
    let floor = 0.5_f64.log10();
    let height = |count: f64| HEIGHT * (count.log10() - floor) / (decades - floor);
    let (left, base) = (place.x + AXIS, place.y + UNIT + HEIGHT);
    let width = place.width - AXIS;
    let stride = (decades / 4.0).ceil() as u32;
    let counts = || {
        let powers = (0..=decades as u32).step_by(stride as usize);
        powers.map(|power| 10f64.powi(power as i32))
    };
    for count in counts() {
        let y = base - height(count);
        scene.line((left, y), (left + width, y), Ink::Grid);
    }
    for count in counts() {
        let y = base - height(count);
        scene.label(
            (left - 6.0, y + 4.0),
            EM - 2.0,
            Anchor::End,
            false,
            Ink::Muted,
            numbers::figure(count),
        );
    }
    let step = (width / table.len() as f64).min(40.0);
    for (i, multiplicity) in table.iter().enumerate() {
        let x = left + step * i as f64;
        let tall = height(multiplicity.count.max(1) as f64);
        scene.tinted(
            (x + 0.1 * step, base - tall),
            (0.8 * step, tall),
            Ink::Blue,
            1.0,
            Some(format!(
                "{} values occur {} times each",
                numbers::count(multiplicity.count),
                numbers::count(multiplicity.times)
            )),
        );
    }
    let mut free_from = f64::NEG_INFINITY;
    for (i, multiplicity) in table.iter().enumerate() {
        let label = numbers::count(multiplicity.times);
        let half = text_width(&label, EM - 2.0, false) / 2.0;
        let middle = left + step * (i as f64 + 0.5);
        if middle - half >= free_from {
            scene.label(
                (middle, base + 14.0),
                EM - 2.0,
                Anchor::Middle,
                false,
                Ink::Muted,
                label,
            );
            free_from = middle + half + 5.0;
        }
    }
    scene.line((left, base), (left + width, base), Ink::Muted);
    scene.label(
        (left + width, base + 28.0),
        EM - 2.0,
        Anchor::End,
        false,
        Ink::Muted,
        "times a value occurs",
    );
    scene.label(
        (place.x, place.y + 6.0),
        EM - 2.0,
        Anchor::Start,
        false,
        Ink::Muted,
        "number of values (log scale)",
    );
}
