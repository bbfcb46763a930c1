//! How uniform the words look, and what duplicates do to that.

use super::{Figure, VERDICTS, WIDTH, judged, rows::Frame, verdict_mark};
use crate::{
    record::{CellResult, Report},
    report::{
        axis::Axis,
        numbers,
        scene::{Anchor, EM, Ink, Mark, Scene},
    },
    results::{Outcome, View},
    vocabulary::{BackendKind, PValue},
};

pub(super) const FIGURE: Figure = Figure {
    id: "uniformity",
    title: "Uniformity: p-values and the inflation by duplicates",
    caption: "Every mark is a p-value of a test that reads words of single or pooled streams: to the left the words are too even, to the right too uneven. On the right, the factor by which duplicates inflate a pooled χ² (Σm²/Σm): a uniform pool is no test of seeding, because copies of good words are still uniform. One line a strategy, all its backends on it; where several draw the same words, their p-values are drawn once.",
    draw,
};

/// p-values up to this one say which test gave them; what is larger is nothing to ask about.
const TOLD: f64 = 0.01;
/// p-values that get a line, on either side.
const LINES: [f64; 3] = [1e-3, 1e-10, 1e-30];
/// Beyond this, all p-values are painted at the end of the scale.
const SMALLEST: f64 = 1e-40;

fn draw(report: &Report) -> Option<Scene> {
    if judged(report).all(|(_, result)| p_values(result).is_empty()) {
        return None;
    }
    // One line a strategy: its backends are told apart by their marks and by pointing at them.
    let mut names: Vec<String> = Vec::new();
    for (cell, _) in judged(report) {
        if !names.contains(&cell.id) {
            names.push(cell.id.clone());
        }
    }
    let mut scene = Scene::new(
        WIDTH,
        "p-values of uniformity tests and inflation by duplicates",
    );
    let top = scene.legend((0.0, 16.0), &VERDICTS);
    // One alone needs no name.
    let shown = match names.as_slice() {
        [_] => vec![String::new()],
        _ => names.clone(),
    };
    let frame = Frame::draw(&mut scene, top, &shown);
    let [strip, inflation] = frame.panels([1.7, 1.0]);
    draw_strip_scale(&mut scene, &frame, strip);
    let factors = judged(report).map(|(_, result)| result.chi_square_inflation);
    let axis = Axis::log(factors.chain([1.0]), inflation.0, inflation.1)?;
    frame.axis(&mut scene, &axis, "χ² inflated by duplicates, factor (log)");
    for (row, name) in names.iter().enumerate() {
        let y = frame.middle(row);
        let mut factors: Vec<Factor> = Vec::new();
        for (cell, result) in judged(report).filter(|(cell, _)| cell.id == *name) {
            let (_, ink) = verdict_mark(result.judgement.verdict);
            let backend = backends(&[cell.backend]);
            // Equal words have equal p-values: the row that was analysed shows them.
            if result.same_words_as.is_none() {
                for (test, p) in p_values(result) {
                    let at = (signed(&p, strip), y);
                    if p.two_sided() > TOLD {
                        scene.silent_mark(at, 6.0, Mark::Tick, ink);
                    } else {
                        let tip = format!("{backend}{test}, {}", numbers::p_equals(p.two_sided()));
                        scene.mark(at, 6.0, Mark::Tick, ink, tip);
                    }
                }
            }
        }
        for (cell, result) in judged(report).filter(|(cell, _)| cell.id == *name) {
            let value = result.chi_square_inflation;
            if !value.is_finite() {
                continue;
            }
            let look = verdict_mark(result.judgement.verdict);
            match factors
                .iter_mut()
                .find(|factor| factor.value == value && factor.look == look)
            {
                Some(factor) => factor.of.push(cell.backend),
                None => factors.push(Factor {
                    value,
                    look,
                    of: vec![cell.backend],
                }),
            }
        }
        for Factor {
            value,
            look: (mark, ink),
            of,
        } in &factors
        {
            let tip = format!("{}×{}", backends(of), numbers::figure(*value));
            scene.mark((axis.at(*value), y), 4.5, *mark, *ink, tip);
        }
        let values = || factors.iter().map(|factor| factor.value);
        let low = values().fold(f64::INFINITY, f64::min);
        let high = values().fold(0.0, f64::max);
        if low <= high {
            let (least, most) = (numbers::figure(low), numbers::figure(high));
            let text = if least == most {
                format!("×{most}")
            } else {
                format!("×{least} and ×{most}")
            };
            let ends = (axis.at(low), axis.at(high));
            frame.beside(&mut scene, row, ends, inflation, &text);
        }
    }
    Some(scene)
}

/// What duplicates inflate: one mark for all backends where they agree.
struct Factor {
    value: f64,
    look: (Mark, Ink),
    of: Vec<Option<BackendKind>>,
}

/// The backends that something is said of, and a colon.
fn backends(of: &[Option<BackendKind>]) -> String {
    let names: Vec<&str> = of.iter().flatten().map(|backend| backend.name()).collect();
    match names.as_slice() {
        [] => String::new(),
        names => format!("{}: ", names.join(" and ")),
    }
}

/// The tests that ask whether words themselves are uniform, not how streams relate.
fn p_values(result: &CellResult) -> Vec<(&str, PValue)> {
    result
        .analysis
        .tests
        .iter()
        .filter(|test| {
            matches!(
                test.view,
                View::Alone | View::Interleaved | View::Transposed { .. }
            )
        })
        .filter_map(|test| match &test.outcome {
            Outcome::Tested { p, .. } => Some((test.test.as_str(), *p)),
            Outcome::Inapplicable { .. } => None,
        })
        .collect()
}

/// The place of a p-value: the middle for 1, outward with the square root of its digits, so that
/// both 1e-3 and 1e-100 can be told from their neighbours; left for the lower tail.
fn signed(p: &PValue, strip: (f64, f64)) -> f64 {
    let side = if p.lower() < p.upper() { -1.0 } else { 1.0 };
    place(p.two_sided(), side, strip)
}

fn place(p: f64, side: f64, strip: (f64, f64)) -> f64 {
    let digits = -p.max(SMALLEST).log10();
    let share = (digits / -SMALLEST.log10()).sqrt();
    let middle = (strip.0 + strip.1) / 2.0;
    middle + side * share * (strip.1 - strip.0) / 2.0
}

fn draw_strip_scale(scene: &mut Scene, frame: &Frame, strip: (f64, f64)) {
    let (top, bottom) = (frame.top(), frame.bottom());
    for side in [-1.0, 1.0] {
        for p in LINES {
            let x = place(p, side, strip);
            scene.line((x, top), (x, bottom), Ink::Grid);
            scene.label(
                (x, top - 6.0),
                EM - 2.0,
                Anchor::Middle,
                false,
                Ink::Muted,
                numbers::figure(p),
            );
        }
    }
    let middle = place(1.0, 1.0, strip);
    scene.line((middle, top), (middle, bottom), Ink::Muted);
    let y = top - 24.0;
    scene.label((middle, y), EM, Anchor::Middle, true, Ink::Text, "p-value");
    scene.label(
        (middle, top - 6.0),
        EM - 2.0,
        Anchor::Middle,
        false,
        Ink::Muted,
        "1",
    );
    scene.label(
        (strip.0, y),
        EM - 1.0,
        Anchor::Start,
        false,
        Ink::Muted,
        "← too even",
    );
    scene.label(
        (strip.1, y),
        EM - 1.0,
        Anchor::End,
        false,
        Ink::Muted,
        "too uneven →",
    );
}
