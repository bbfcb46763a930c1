//! Which tasks draw the same words.

use super::{Figure, WIDTH, judged, panels, row_name};
use crate::{
    record::{CellReport, CellResult, Heatmap, Report},
    report::{
        numbers,
        scene::{Anchor, EM, Ink, Scene, Shape},
    },
};

pub(super) const FIGURE: Figure = Figure {
    id: "heatmap",
    title: "Which tasks draw the same words",
    caption: "Task against task, first fresh run. The darker a square, the larger the share of one task's words that occur in the other; a sound strategy has an empty square. The grey diagonal is each task with itself.",
    draw,
};

/// Side of a square in pixels, among others and alone.
const SIDE: f64 = 200.0;
const ALONE: f64 = 512.0;

/// Shades of the scale.
const SHADES: u32 = 12;
/// Opacity of the faintest shade: a single shared word must be seen.
const FAINTEST: f64 = 0.18;

fn draw(report: &Report) -> Option<Scene> {
    let maps: Vec<(&CellReport, &CellResult, &Heatmap)> = judged(report)
        .filter_map(|(cell, result)| Some((cell, result, result.heatmap.as_ref()?)))
        .collect();
    if maps.is_empty() {
        return None;
    }
    let (marked, clean): (Vec<_>, Vec<_>) = maps
        .into_iter()
        .partition(|(.., map)| !map.spans.is_empty());
    let (shown, left_out) = marked.split_at(marked.len().min(panels::MOST));
    let mut scene = Scene::new(
        WIDTH,
        "Share of equal words between pairs of tasks, by strategy",
    );
    let mut top = 0.0;
    if !shown.is_empty() {
        top = scale(&mut scene);
    }
    // One program has the whole width to itself.
    let side = if shown.len() == 1 { ALONE } else { SIDE };
    let headings: Vec<panels::Heading> = shown
        .iter()
        .map(|(cell, result, map)| panels::Heading::new(cell, result, &note(map)))
        .collect();
    let places = panels::lay_out(&mut scene, top, side, &headings);
    for ((.., map), place) in shown.iter().zip(&places) {
        paint(&mut scene, map, place.x + 26.0, place.y, side);
    }
    if !left_out.is_empty() {
        let names: Vec<String> = left_out.iter().map(|(cell, ..)| row_name(cell)).collect();
        let names = names.join(", ");
        panels::remark(
            &mut scene,
            &format!("Also with duplicates between tasks: {names}."),
        );
    }
    let rest = match (clean.len(), shown.len()) {
        (0, _) => None,
        (_, 0) => Some("No word of one task occurs in another.".to_owned()),
        (1, _) => Some("1 more row: no word of one task occurs in another (not drawn).".to_owned()),
        (clean, _) => Some(format!(
            "{clean} more rows: no word of one task occurs in another (not drawn)."
        )),
    };
    if let Some(rest) = rest {
        panels::remark(&mut scene, &rest);
    }
    Some(scene)
}

fn note(map: &Heatmap) -> String {
    let tasks = numbers::count(u64::from(map.tasks));
    if map.tasks_per_block > 1 {
        format!(
            "{tasks} tasks, a square is {0} × {0} of them",
            map.tasks_per_block
        )
    } else {
        format!("{tasks} tasks")
    }
}

/// The scale of shades; returns the y below it.
fn scale(scene: &mut Scene) -> f64 {
    let title = "largest share of equal words";
    let mut x = scene.text((0.0, 16.0), Anchor::Start, Ink::Text, title) + 14.0;
    x += scene.text((x, 16.0), Anchor::Start, Ink::Muted, "> 0 %") + 6.0;
    for shade in 1..=SHADES {
        scene.tinted((x, 6.0), (14.0, 12.0), Ink::Blue, opacity(shade), None);
        x += 14.0;
    }
    scene.text((x + 6.0, 16.0), Anchor::Start, Ink::Muted, "100 %");
    30.0
}

fn opacity(shade: u32) -> f64 {
    FAINTEST + (1.0 - FAINTEST) * f64::from(shade - 1) / f64::from(SHADES - 1)
}

fn paint(scene: &mut Scene, map: &Heatmap, x: f64, y: f64, side: f64) {
    let blocks = map.side().max(1);
    let size = side / f64::from(blocks);
    let corner = |row: u32, column: u32| (x + size * f64::from(column), y + size * f64::from(row));
    scene.rect((x, y), (side, side), Ink::Stripe);
    let own = (0..blocks)
        .filter(|block| {
            !map.spans
                .iter()
                .any(|(row, first, ..)| row == block && first == block)
        })
        .map(|block| (corner(block, block), (size, size)))
        .collect();
    scene.shapes.push(Shape::Cells {
        cells: own,
        ink: Ink::Grid,
        opacity: 1.0,
    });
    for shade in 1..=SHADES {
        let cells: Vec<_> = runs(map, shade)
            .into_iter()
            .map(|(row, from, to)| (corner(row, from), (size * f64::from(to - from), size)))
            .collect();
        if !cells.is_empty() {
            scene.shapes.push(Shape::Cells {
                cells,
                ink: Ink::Blue,
                opacity: opacity(shade),
            });
        }
    }
    let last = map.tasks.saturating_sub(1);
    let em = EM - 2.0;
    let mut tick = |at, anchor, text: String| {
        scene.label(at, em, anchor, false, Ink::Muted, text);
    };
    tick((x - 4.0, y + 9.0), Anchor::End, "0".into());
    tick((x - 4.0, y + side), Anchor::End, last.to_string());
    tick((x, y + side + 13.0), Anchor::Start, "0".into());
    tick(
        (x + side / 2.0, y + side + 13.0),
        Anchor::Middle,
        "task".into(),
    );
    tick((x + side, y + side + 13.0), Anchor::End, last.to_string());
}

/// Rows of the square in pieces of one shade: row, first column, column after the last.
fn runs(map: &Heatmap, shade: u32) -> Vec<(u32, u32, u32)> {
    let of = |share: f64| ((share * f64::from(SHADES)).ceil() as u32).clamp(1, SHADES);
    let mut places: Vec<(u32, u32)> = map
        .spans
        .iter()
        .filter(|(.., share)| of(*share) == shade)
        .flat_map(|&(row, first, last, _)| (first..=last).flat_map(move |c| [(row, c), (c, row)]))
        // A damaged report may name blocks beyond the square.
        .filter(|&(row, column)| row < map.side() && column < map.side())
        .collect();
    places.sort_unstable();
    places.dedup();
    let mut runs: Vec<(u32, u32, u32)> = Vec::new();
    for (row, column) in places {
        match runs.last_mut() {
            Some((last_row, _, end)) if *last_row == row && *end == column => *end += 1,
            _ => runs.push((row, column, column + 1)),
        }
    }
    runs
}
