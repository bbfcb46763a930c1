//! Claimed and actual errors of a small Monte Carlo, by strategy.

use super::{WIDTH, rows::Frame};
use crate::{
    demo::{Demo, Errors, Experiment, Factor},
    report::{
        axis::Axis,
        numbers,
        scene::{Anchor, EM, Ink, Mark, Scene},
    },
};

const HEADING: &str = "The error that a result claims, and the one it makes";
const CAPTION: &str = "A ring is the error bar that runs claim from the spread of their tasks; a full mark is how far they are from the true value, root of the mean square over all runs, with the factor by which the bar is too small. Where streams are independent, both are one. A ring at the left end claims no error at all; where all runs give one answer, how far it is off is luck.";

/// Beyond this factor the error bar is drawn as wrong: over 40 independent runs it comes up with a probability below
/// 1e-4.
const WRONG: f64 = 1.5;

/// The picture of a demonstration; `None` where it has no rows.
pub(crate) fn draw(demo: &Demo) -> Option<Scene> {
    if demo.rows.is_empty() {
        return None;
    }
    let mut scene = Scene::new(
        WIDTH,
        "Claimed and actual errors of two estimates, by strategy",
    );
    let names: Vec<String> = demo
        .rows
        .iter()
        .map(|row| format!("{} · {}", row.strategy, row.backend))
        .collect();
    let legend = [
        (Mark::Ring, Ink::Blue, "claimed"),
        (Mark::Disc, Ink::Sound, "actual, as claimed"),
        (Mark::Diamond, Ink::Unsound, "actual, larger than claimed"),
        (Mark::Square, Ink::Undecided, "one answer in all runs"),
    ];
    let top = scene.legend((0.0, 16.0), &legend);
    let frame = Frame::draw(&mut scene, top, &names);
    let panels = frame.panels(Experiment::ALL.map(|_| 1.0));
    for (experiment, panel) in Experiment::ALL.into_iter().zip(panels) {
        let all: Vec<Option<(Factor, &Errors)>> = demo
            .rows
            .iter()
            .map(|row| {
                let mut own = row.errors.iter();
                let errors = own.find(|errors| errors.experiment == experiment)?;
                Some((row.factor(errors), errors))
            })
            .collect();
        let drawn = all.iter().flatten().flat_map(|(factor, errors)| {
            let claimed = (*factor != Factor::NoneClaimed).then_some(errors.claimed);
            [Some(errors.actual), claimed].into_iter().flatten()
        });
        let Some(axis) = Axis::log(drawn, panel.0, panel.1) else {
            continue;
        };
        let title = format!("error of {} (log scale)", experiment.name());
        frame.axis(&mut scene, &axis, &title);
        for (row, errors) in all.iter().enumerate() {
            if let Some(errors) = errors {
                mark(
                    &mut scene,
                    &frame,
                    &axis,
                    panel,
                    (row, &names[row]),
                    *errors,
                );
            }
        }
    }
    scene.height += 6.0;
    let sizes = format!(
        "{} runs of {} tasks × {} words on {} workers; root {}",
        demo.plan.runs,
        demo.plan.tasks,
        numbers::count(demo.plan.words.get().into()),
        demo.plan.workers,
        demo.plan.root
    );
    scene.label(
        (0.0, scene.height + 10.0),
        EM - 1.0,
        Anchor::Start,
        false,
        Ink::Muted,
        sizes,
    );
    scene.height += 20.0;
    Some(scene.with_heading(HEADING, CAPTION))
}

fn mark(
    scene: &mut Scene,
    frame: &Frame,
    axis: &Axis,
    panel: (f64, f64),
    (row, name): (usize, &str),
    (factor, errors): (Factor, &Errors),
) {
    let y = frame.middle(row);
    let claimed = match factor {
        Factor::NoneClaimed => panel.0,
        _ => axis.at(errors.claimed),
    };
    let actual = axis.at(errors.actual);
    let (form, ink, text) = match factor {
        Factor::Times(factor) if factor <= WRONG => {
            (Mark::Disc, Ink::Sound, format!("×{factor:.1}"))
        }
        Factor::Times(factor) => (Mark::Diamond, Ink::Unsound, format!("×{factor:.1}")),
        Factor::NoneClaimed => (Mark::Diamond, Ink::Unsound, "claims none".to_owned()),
        Factor::OneAnswer => (Mark::Square, Ink::Undecided, "always the same".to_owned()),
    };
    scene.stroke((claimed, y), (actual, y), ink, 2.0, false);
    let (claims, off) = (
        numbers::figure(errors.claimed),
        numbers::figure(errors.actual),
    );
    scene.mark(
        (claimed, y),
        4.5,
        Mark::Ring,
        Ink::Blue,
        format!("{name}: claims {claims}"),
    );
    scene.mark(
        (actual, y),
        4.5,
        form,
        ink,
        format!("{name}: is off by {off}"),
    );
    if factor == Factor::NoneClaimed {
        // Between ring and mark, as there is no room beside them.
        let ground = if row.is_multiple_of(2) {
            Ink::Stripe
        } else {
            Ink::Page
        };
        scene.text_over((panel.0 + 12.0, y + 4.0), Anchor::Start, ground, text);
    } else {
        frame.beside(
            scene,
            row,
            (claimed.min(actual), claimed.max(actual)),
            panel,
            &text,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        demo::{DemoPlan, DemoRow},
        vocabulary::{BackendKind, RootSeed},
    };
    use std::num::NonZeroU32;

    #[test]
    fn what_claims_too_little_stands_out() {
        let count = |count| NonZeroU32::new(count).unwrap();
        let errors = |claimed, actual| Errors {
            experiment: Experiment::Pi,
            claimed,
            actual,
            covered: 1,
        };
        let row = |errors| DemoRow {
            strategy: "pid/mt19937",
            backend: BackendKind::Fork,
            worth: 8.0,
            answers: 2,
            errors: vec![errors],
        };
        let demo = |rows| Demo {
            plan: DemoPlan {
                workers: count(8),
                tasks: count(64),
                words: count(8),
                runs: count(2),
                root: RootSeed::from_u64(0),
            },
            rows,
            left_out: Vec::new(),
        };
        let shown = |demo: &Demo| format!("{:?}", draw(demo).map(|scene| scene.shapes));
        let sound = demo(vec![row(errors(0.1, 0.11))]);
        assert_eq!(shown(&sound).matches("tip: Some(\"pid/mt19937").count(), 2);
        assert!(!shown(&sound).contains("claims none"));
        let broken = demo(vec![row(errors(0.1, 0.31)), row(errors(0.0, 0.31))]);
        assert!(shown(&broken).contains("×3.1") && shown(&broken).contains("claims none"));
        assert!(draw(&demo(Vec::new())).is_none());
    }
}
