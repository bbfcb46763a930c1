//! How much of the first words every bit of the seed changes.

use super::{Figure, WIDTH, judged, rows::Frame};
use crate::{
    record::Report,
    report::scene::{Anchor, EM, Ink, Mark, Scene, Shape},
    results::SeedWalk,
};

pub(super) const FIGURE: Figure = Figure {
    id: "avalanche",
    title: "What a flipped bit of the seed changes",
    caption: "One row a strategy that reads a root, one column a bit of the root, bit 0 on the left. The darker, the more bits of the first words change when that bit is flipped; of a hashed seed half of them do. White bits change nothing: beyond what the rule reads they cannot, within it they are dead, and marked.",
    draw,
};

/// Shades of the scale.
const SHADES: u8 = 10;
/// The percentage that is the darkest: half of all bits change, give or take chance.
const HALF: u8 = 50;
/// Height of the columns within their row.
const HEIGHT: f64 = 13.0;

fn draw(report: &Report) -> Option<Scene> {
    // One walk serves all backends of a strategy.
    let mut walks: Vec<(&str, &SeedWalk)> = Vec::new();
    for (cell, result) in judged(report) {
        if let Some(walk) = &result.analysis.seed_walk
            && !walks.iter().any(|(id, _)| *id == cell.id)
        {
            walks.push((&cell.id, walk));
        }
    }
    let bits = walks
        .iter()
        .map(|(_, walk)| walk.bits)
        .max()
        .filter(|bits| *bits > 0)?;
    let mut scene = Scene::new(
        WIDTH,
        "Share of output bits that each bit of the seed changes, by strategy",
    );
    let names: Vec<String> = walks.iter().map(|(id, _)| (*id).to_owned()).collect();
    let top = scale(&mut scene);
    let frame = Frame::draw(&mut scene, top, &names);
    let [panel] = frame.panels([1.0]);
    let width = (panel.1 - panel.0) / f64::from(bits);
    let x = |bit: u32| panel.0 + width * f64::from(bit);
    scene.label(
        (panel.0, frame.top() - 24.0),
        EM,
        Anchor::Start,
        true,
        Ink::Text,
        "bit of the seed",
    );
    for bit in (0..=bits).step_by(32) {
        scene.line((x(bit), frame.top()), (x(bit), frame.bottom()), Ink::Grid);
        scene.label(
            (x(bit), frame.top() - 6.0),
            EM - 1.0,
            Anchor::Middle,
            false,
            Ink::Muted,
            bit.to_string(),
        );
    }
    for (row, (id, walk)) in walks.iter().enumerate() {
        let y = frame.middle(row) - HEIGHT / 2.0;
        for shade in 1..=SHADES {
            let cells: Vec<_> = stretches(walk, |percent| shade_of(percent) == Some(shade))
                .map(|(first, end)| ((x(first), y), (x(end) - x(first), HEIGHT)))
                .collect();
            if !cells.is_empty() {
                let opacity = f64::from(shade) / f64::from(SHADES);
                scene.shapes.push(Shape::Cells {
                    cells,
                    ink: Ink::Blue,
                    opacity,
                });
            }
        }
        for &(first, last) in walk.dead.iter().filter(|(first, _)| *first < walk.declared) {
            let end = (last + 1).min(walk.declared);
            let tip = format!(
                "{id}: bits {first} to {} are read and have no effect",
                end - 1
            );
            scene.tinted(
                (x(first), y),
                (x(end) - x(first), HEIGHT),
                Ink::Unsound,
                1.0,
                Some(tip),
            );
        }
    }
    Some(scene)
}

/// The shade of a bit that changes so many of a hundred output bits; `None` where it changes none.
fn shade_of(percent: u8) -> Option<u8> {
    let shade = (u32::from(percent) * u32::from(SHADES)).div_ceil(u32::from(HALF));
    (percent > 0).then(|| shade.min(u32::from(SHADES)) as u8)
}

/// Neighbouring bits that fit: the first, and the one after the last.
fn stretches(walk: &SeedWalk, fits: impl Fn(u8) -> bool) -> impl Iterator<Item = (u32, u32)> {
    let mut found: Vec<(u32, u32)> = Vec::new();
    for (bit, _) in (0..walk.bits)
        .zip(&walk.changed)
        .filter(|(_, percent)| fits(**percent))
    {
        match found.last_mut() {
            Some((_, end)) if *end == bit => *end += 1,
            _ => found.push((bit, bit + 1)),
        }
    }
    found.into_iter()
}

/// The scale of shades; returns the y below it.
fn scale(scene: &mut Scene) -> f64 {
    let mut x = scene.text(
        (0.0, 16.0),
        Anchor::Start,
        Ink::Text,
        "output bits that change",
    ) + 14.0;
    x += scene.text((x, 16.0), Anchor::Start, Ink::Muted, "> 0 %") + 6.0;
    for shade in 1..=SHADES {
        scene.tinted(
            (x, 6.0),
            (14.0, 12.0),
            Ink::Blue,
            f64::from(shade) / f64::from(SHADES),
            None,
        );
        x += 14.0;
    }
    x += scene.text((x + 6.0, 16.0), Anchor::Start, Ink::Muted, "50 %") + 30.0;
    scene.legend(
        (x, 16.0),
        &[(Mark::Square, Ink::Unsound, "read, and without effect")],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_of_one_shade_are_one_stretch() {
        let walk = SeedWalk {
            bits: 6,
            declared: 6,
            bases: 1,
            streams: 1,
            words: 1,
            dead: vec![(2, 2)],
            changed: vec![49, 51, 0, 10, 12, 100],
        };
        let of = |shade| {
            stretches(&walk, |percent| shade_of(percent) == Some(shade)).collect::<Vec<_>>()
        };
        assert_eq!(of(SHADES), [(0, 2), (5, 6)]);
        assert_eq!(of(2), [(3, 4)]);
        assert_eq!(of(3), [(4, 5)]);
        assert_eq!(shade_of(0), None);
    }
}
