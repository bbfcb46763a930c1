//! The tests tested: false-alarm rates on sound streams, and how much evidence a planted flaw takes.

use super::{
    super::{
        axis::Axis,
        numbers,
        scene::{Ink, Mark, Scene},
    },
    WIDTH,
    rows::Frame,
};
use crate::selftest::{PowerRow, SelfTest, SizeRow};

/// Room for the heading of the second half.
const BETWEEN: f64 = 34.0;

const HEADING: &str = "Do the tests keep their size, and catch what they claim?";
const CAPTION: &str = "Above: how often a test gives p at most alpha on sound streams, over alpha, with 95 % intervals; a broken test lies wholly right of the dashed 1. Below: the evidence at which a planted flaw was caught, and how often.";

/// The picture of a self-test; `None` where it has no rows.
pub(crate) fn draw(result: &SelfTest) -> Option<Scene> {
    let mut scene = Scene::new(
        WIDTH,
        "False-alarm rates of all tests on sound streams, and the evidence at which planted flaws are caught",
    );
    let tested: Vec<&SizeRow> = result.size.iter().filter(|row| row.trials > 0).collect();
    let below = sizes(&mut scene, &tested)?;
    powers(&mut scene, below + BETWEEN, &result.power)?;
    Some(scene.with_heading(HEADING, CAPTION))
}

fn sizes(scene: &mut Scene, rows: &[&SizeRow]) -> Option<f64> {
    let names: Vec<String> = rows
        .iter()
        .map(|row| format!("{} at {}", row.test, row.alpha))
        .collect();
    let frame = Frame::draw(scene, 4.0, &names);
    let [panel] = frame.panels([1.0]);
    let over = |row: &SizeRow, rate: f64| rate / row.alpha;
    let rate = |row: &SizeRow| row.alarms as f64 / row.trials.max(1) as f64;
    let axis = Axis::log(
        rows.iter()
            .flat_map(|row| {
                [
                    over(row, row.interval.0).max(0.01),
                    over(row, row.interval.1),
                ]
            })
            .chain([1.0]),
        panel.0,
        panel.1,
    )?;
    frame.axis(
        scene,
        &axis,
        "share of p-values at most alpha, over alpha (log scale)",
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
        let (mark, ink) = if row.holds {
            (Mark::Disc, Ink::Sound)
        } else {
            (Mark::Diamond, Ink::Unsound)
        };
        let ends = [row.interval.0, row.interval.1].map(|rate| axis.at(over(row, rate)));
        scene.stroke((ends[0], y), (ends[1], y), ink, 2.0, false);
        let tip = format!(
            "{}: {} of {} p-values at most {}",
            row.test, row.alarms, row.trials, row.alpha
        );
        scene.mark((axis.at(over(row, rate(row))), y), 4.5, mark, ink, tip);
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

    #[test]
    fn every_row_is_drawn_and_what_fails_stands_out() {
        let size = |test: &str, alarms, holds| SizeRow {
            test: test.into(),
            alpha: 0.1,
            trials: 100,
            alarms,
            interval: (alarms as f64 / 200.0, alarms as f64 / 50.0),
            holds,
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
            size: vec![size("bit-balance", 9, true), size("collisions", 0, true)],
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
            size: vec![size("bit-balance", 40, false)],
            ..result
        };
        assert_eq!(
            unsound(&broken),
            3,
            "interval, mark, and the flaw that was missed"
        );
    }
}
