//! All p-values against those that chance gives.

use super::{Figure, WIDTH, judged, standing_mark};
use crate::{
    math,
    record::Report,
    report::{
        numbers,
        scene::{Anchor, EM, Ink, Mark, Scene},
        standing::{RowStanding, standing},
    },
    results::Outcome,
};

pub(super) const FIGURE: Figure = Figure {
    id: "qq",
    title: "All p-values against chance",
    caption: "The p-values of all tests of all rows, sorted, against the ones that as many tests of random words would give, both by their digits (3 is p = 0.001). Within the grey band are 95 % of the values at each place if tests are independent. Marks below it are cautious tests, which give small p-values more seldom than they may; marks above it are flaws.",
    draw,
};

const LEFT: f64 = 60.0;
const TOP: f64 = 44.0;
const HEIGHT: f64 = 300.0;
/// The scale ends here at most: p-values of more digits are drawn at its end.
const MOST_DIGITS: f64 = 12.0;
/// And here at least.
const LEAST_DIGITS: f64 = 4.0;
/// Places at which marks and the band are drawn, for each digit of the horizontal axis.
const PER_DIGIT: f64 = 24.0;
/// The share of values at each place within the band.
const CONFIDENCE: f64 = 0.95;

/// What rows are told apart by.
const SERIES: [(RowStanding, &str); 3] = [
    (RowStanding::Sound, "sound"),
    (RowStanding::WeakGenerator, "weak generator"),
    (RowStanding::Unsound, "unsound"),
];

fn draw(report: &Report) -> Option<Scene> {
    let mut series: Vec<Vec<f64>> = vec![Vec::new(); SERIES.len()];
    for (cell, result) in judged(report).filter(|(_, result)| result.same_words_as.is_none()) {
        let place = match standing(cell, &result.judgement) {
            RowStanding::Unsound => 2,
            RowStanding::WeakGenerator => 1,
            _ => 0,
        };
        series[place].extend(
            result
                .analysis
                .tests
                .iter()
                .filter_map(|test| match &test.outcome {
                    Outcome::Tested { p, .. } => Some(p.two_sided()),
                    Outcome::Inapplicable { .. } => None,
                }),
        );
    }
    let most = series.iter().map(Vec::len).max().filter(|most| *most > 0)?;
    let mut scene = Scene::new(WIDTH, "Quantiles of all p-values against the uniform law");
    let legend: Vec<(Mark, Ink, &str)> = SERIES
        .iter()
        .zip(&series)
        .filter(|(_, values)| !values.is_empty())
        .map(|(&(standing, name), _)| {
            let (mark, ink) = standing_mark(standing);
            (mark, ink, name)
        })
        .collect();
    scene.legend((LEFT, 16.0), &legend);
    let digits = (most as f64 + 0.5).log10().ceil().max(1.0);
    let right = WIDTH - 20.0;
    let bottom = TOP + HEIGHT;
    let x = |value: f64| LEFT + value.clamp(0.0, digits) / digits * (right - LEFT);
    let smallest = series.iter().flatten().copied().fold(1.0, f64::min);
    let top = (-smallest.max(1e-300).log10() + 1.0)
        .ceil()
        .clamp(LEAST_DIGITS, MOST_DIGITS);
    let y = |value: f64| bottom - value.clamp(0.0, top) / top * HEIGHT;
    band(&mut scene, most as u64, x, y);
    for digit in 0..=digits as u32 {
        let at = x(f64::from(digit));
        scene.line((at, TOP), (at, bottom), Ink::Grid);
        scene.label(
            (at, bottom + 16.0),
            EM - 1.0,
            Anchor::Middle,
            false,
            Ink::Muted,
            digit.to_string(),
        );
    }
    for digit in (0..=top as u32).step_by(if top > 6.0 { 2 } else { 1 }) {
        let at = y(f64::from(digit));
        scene.line((LEFT, at), (right, at), Ink::Grid);
        scene.label(
            (LEFT - 6.0, at + 4.0),
            EM - 1.0,
            Anchor::End,
            false,
            Ink::Muted,
            digit.to_string(),
        );
    }
    let end = digits.min(top);
    scene.stroke((x(0.0), y(0.0)), (x(end), y(end)), Ink::Muted, 1.5, true);
    scene.label(
        (LEFT, TOP - 8.0),
        EM,
        Anchor::Start,
        true,
        Ink::Text,
        format!("digits of the p-value ({top}: that many or more)"),
    );
    scene.label(
        (right, bottom + 34.0),
        EM,
        Anchor::End,
        true,
        Ink::Text,
        "digits that chance gives",
    );
    for ((standing, name), values) in SERIES.into_iter().zip(&mut series) {
        let (mark, ink) = standing_mark(standing);
        values.sort_by(f64::total_cmp);
        let count = values.len();
        for rank in places(count as u64) {
            let p = values[rank as usize - 1];
            let expected = -(rank as f64 / (count as f64 + 1.0)).log10();
            let tip = format!(
                "{name}: p-value {} of {} is {}",
                numbers::count(rank),
                numbers::count(count as u64),
                numbers::p_value(p)
            );
            scene.mark(
                (x(expected), y(-p.max(1e-300).log10())),
                3.0,
                mark,
                ink,
                tip,
            );
        }
    }
    scene.height = bottom + 44.0;
    Some(scene)
}

/// The band of the uniform law's order statistics, in upright strips.
fn band(scene: &mut Scene, count: u64, x: impl Fn(f64) -> f64, y: impl Fn(f64) -> f64) {
    let at: Vec<(f64, f64, f64)> = places(count)
        .into_iter()
        .map(|rank| {
            let (low, high) = math::order_statistic_interval(rank, count, CONFIDENCE);
            let expected = -(rank as f64 / (count as f64 + 1.0)).log10();
            (x(expected), y(-low.log10()), y(-high.log10()))
        })
        .collect();
    // From the smallest p-value, on the right, to the left.
    for pair in at.windows(2) {
        let ((right, upper, lower), (left, ..)) = (pair[0], pair[1]);
        scene.tinted(
            (left, upper),
            (right - left, (lower - upper).max(1.0)),
            Ink::Muted,
            0.25,
            None,
        );
    }
}

/// Ranks, at most so many for each digit, the smallest one by one.
fn places(count: u64) -> Vec<u64> {
    let mut places: Vec<u64> = Vec::new();
    let mut rank = 1.0_f64;
    while rank <= count as f64 {
        places.push(rank as u64);
        rank = (rank * 10_f64.powf(1.0 / PER_DIGIT)).max(rank.floor() + 1.0);
    }
    if places.last().is_some_and(|last| *last < count) {
        places.push(count);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_are_drawn_one_by_one() {
        let places = places(10_000);
        assert_eq!(places[..8], [1, 2, 3, 4, 5, 6, 7, 8]);
        assert!(
            places.is_sorted_by(|a, b| a < b) && places.len() < 100,
            "{places:?}"
        );
        assert_eq!(places.last(), Some(&10_000));
    }
}
