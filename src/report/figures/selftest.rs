//! The tests tested: false-alarm rates on sound streams, and how much evidence a planted flaw takes.

use super::{WIDTH, rows::Frame};
use crate::{
    report::{
        axis::Axis,
        numbers,
        scene::{Ink, Mark, Scene},
    },
    selftest::{PowerRow, SelfTest, SizeLevel},
};

/// Room for the heading of the second half.
const BETWEEN: f64 = 34.0;

const HEADING: &str = "Do the tests keep their size, and catch what they claim?";
const CAPTION: &str = "Above: how often a test gives p at most alpha on sound streams, over alpha, for the p-value nearest to failing of all its p-values on all shapes; intervals hold together with a probability of 99.9 %, and a broken test lies wholly right of the dashed 1. Below: the evidence at which a planted flaw was caught, and how often.";

/// The levels that are drawn: those of which a few hundred replicates say something.
const DRAWN: [f64; 2] = [0.1, 0.01];

/// How often a test gave a small p-value, where it did so most.
struct Size {
    name: String,
    trials: u64,
    level: SizeLevel,
}

/// The picture of a self-test; `None` where it has no rows.
pub(crate) fn draw(result: &SelfTest) -> Option<Scene> {
    let mut scene = Scene::new(
        WIDTH,
        "False-alarm rates of all tests on sound streams, and the evidence at which planted flaws are caught",
    );
    let tested: Vec<Size> = result
        .size
        .nearest()
        .into_iter()
        .flatten()
        .filter(|(.., level)| DRAWN.contains(&level.alpha))
        .map(|(shape, row, level)| Size {
            name: row.test.unwrap_or("all tests together").to_owned(),
            trials: shape.replicates,
            level,
        })
        .collect();
    let below = sizes(&mut scene, &tested)?;
    powers(&mut scene, below + BETWEEN, &result.power)?;
    Some(scene.with_heading(HEADING, CAPTION))
}

fn sizes(scene: &mut Scene, rows: &[Size]) -> Option<f64> {
    let names: Vec<String> = rows
        .iter()
        .map(|row| format!("{} at {}", row.name, row.level.alpha))
        .collect();
    let frame = Frame::draw(scene, 4.0, &names);
    let [panel] = frame.panels([1.0]);
    let over = |row: &Size, rate: f64| rate / row.level.alpha;
    let rate = |row: &Size| row.level.alarms as f64 / row.trials.max(1) as f64;
    // Where nothing alarmed, marks stand at the left end of the axis.
    let least = |row: &Size, rate: f64| over(row, rate).max(0.01);
    let axis = Axis::log(
        rows.iter()
            .flat_map(|row| {
                let (low, high) = row.level.interval;
                [least(row, low), least(row, high)]
            })
            .chain([1.0]),
        panel.0,
        panel.1,
    )?;
    frame.axis(
        scene,
        &axis,
        "share of sound evidence with p at most alpha, over alpha (log scale)",
    );
    let one = axis.at(1.0);
    scene.stroke(
        (one, frame.top()),
        (one, frame.bottom()),
        Ink::Blue,
        1.5,
        true,
    );
    for (index, row) in rows.iter().enumerate() {
        let y = frame.middle(index);
        let (mark, ink) = if row.level.holds {
            (Mark::Disc, Ink::Sound)
        } else {
            (Mark::Diamond, Ink::Unsound)
        };
        let (low, high) = row.level.interval;
        let ends = [low, high].map(|rate| axis.at(least(row, rate)));
        scene.stroke((ends[0], y), (ends[1], y), ink, 2.0, false);
        let tip = format!(
            "{}: {} of {} p-values at most {}",
            row.name, row.level.alarms, row.trials, row.level.alpha
        );
        let middle = axis.at(least(row, rate(row)));
        scene.mark((middle, y), 4.5, mark, ink, tip);
    }
    Some(frame.bottom())
}

fn powers(scene: &mut Scene, top: f64, rows: &[PowerRow]) -> Option<()> {
    let names: Vec<String> = rows.iter().map(|row| row.flaw.clone()).collect();
    let frame = Frame::draw(scene, top, &names);
    let [panel] = frame.panels([1.0]);
    let kib = |row: &PowerRow| row.bytes as f64 / 1024.0;
    let axis = Axis::log(rows.iter().map(kib), panel.0, panel.1)?;
    frame.axis(scene, &axis, "evidence looked at, KiB (log scale)");
    for (index, row) in rows.iter().enumerate() {
        let (mark, ink) = if row.caught == row.trials {
            (Mark::Disc, Ink::Sound)
        } else {
            (Mark::Diamond, Ink::Unsound)
        };
        let x = axis.at(kib(row));
        let text = format!("{}/{}", row.caught, row.trials);
        let tip = format!(
            "{}: caught {text} times, in {} KiB, by {}",
            row.flaw,
            numbers::figure(kib(row)),
            row.findings.join(" ")
        );
        scene.mark((x, frame.middle(index)), 4.5, mark, ink, tip);
        frame.beside(scene, index, (x, x), panel, &text);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        results::View,
        selftest::{ALPHAS, ShapeSizes, SizeRow, SizeTable, Statistic},
    };

    #[test]
    fn every_row_is_drawn_and_what_fails_stands_out() {
        let size = |test: &'static str, alarms, holds| SizeRow {
            test: Some(test),
            statistic: Statistic::Own,
            view: Some(View::Alone),
            given: 100,
            levels: ALPHAS
                .into_iter()
                .map(|alpha| SizeLevel {
                    alpha,
                    alarms,
                    interval: (alarms as f64 / 200.0, alarms as f64 / 50.0),
                    holds,
                })
                .collect(),
        };
        let table = |rows| SizeTable {
            shapes: vec![ShapeSizes {
                shape: "2 × 8 × 64 words of 64 bits".into(),
                replicates: 100,
                rows,
                chance_matches: 0,
                chance: 1e-15,
            }],
            risk: 1e-6,
            untested: Vec::new(),
        };
        let power = |caught| PowerRow {
            flaw: "a pair of equal streams".into(),
            caught_by: vec!["equal-streams".into()],
            trials: 3,
            caught,
            bytes: 4096,
            findings: vec!["equal-streams".into()],
        };
        let result = SelfTest {
            size: table(vec![
                size("bit-balance", 9, true),
                size("collisions", 0, true),
            ]),
            null_verdicts: (10, 0),
            power: vec![power(3), power(2)],
        };
        let unsound = |result: &SelfTest| {
            let scene = draw(result).unwrap();
            let red = format!("{:?}", Ink::Unsound);
            scene
                .shapes
                .iter()
                .filter(|shape| format!("{shape:?}").contains(&red))
                .count()
        };
        assert_eq!(unsound(&result), 1);
        let broken = SelfTest {
            size: table(vec![size("bit-balance", 40, false)]),
            ..result
        };
        assert_eq!(
            unsound(&broken),
            5,
            "interval and mark at either level, and the flaw that was missed"
        );
    }
}
