//! The written order of advice.
//!
//! Costs within a factor of 2, or whose intervals overlap, are ties: a measurement does not choose
//! between them, and the next call would choose another. Ties go to what is
//!
//! 1. keyed by the task, not by the worker that happens to run it;
//! 2. drawn from at least 128 bits of root;
//! 3. replayable from the recorded root;
//! 4. in the language's standard library or its usual package;
//! 5. shorter to paste.

use super::{Choice, Cost};

/// Costs that differ by less are ties.
const TIE: f64 = 2.0;

/// Bits of root beyond which more do not matter.
const ENOUGH_BITS: f64 = 128.0;

/// Choices in the written order: the cheapest with all that tie with it, then the rest likewise.
pub(super) fn ranked(mut choices: Vec<Choice>) -> Vec<Choice> {
    let time = |choice: &Choice| choice.cost.map_or(f64::INFINITY, |cost| cost.stream_ns);
    choices.sort_by(|a, b| time(a).total_cmp(&time(b)).then(a.id.cmp(b.id)));
    let mut ranked = Vec::with_capacity(choices.len());
    while let Some(cheapest) = choices.first().map(|choice| choice.cost) {
        let (mut group, rest): (Vec<Choice>, Vec<Choice>) = choices
            .into_iter()
            .partition(|choice| tied(cheapest, choice.cost));
        group.sort_by_key(|choice| {
            (
                !choice.keyed_by_task,
                choice.root_bits < ENOUGH_BITS,
                !choice.replayable,
                choice.library,
                choice.lines,
                choice.place,
            )
        });
        ranked.extend(group);
        choices = rest;
    }
    ranked
}

/// Whether something ties with the cheapest. What was not measured ties with what was not either.
fn tied(cheapest: Option<Cost>, other: Option<Cost>) -> bool {
    match (cheapest, other) {
        (Some(cheapest), Some(other)) => {
            other.stream_ns <= TIE * cheapest.stream_ns
                || other.stream_interval_ns.0 <= cheapest.stream_interval_ns.1
        }
        (cheapest, other) => cheapest.is_none() == other.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        advise::{Language, rank},
        harness::throughput::{Measurement, StrategyCost},
        horizon::JobSize,
    };

    const JOB: JobSize = JobSize {
        streams: 64.0,
        runs: 100.0,
        words: 1e6,
    };

    fn cost(id: &str, word_ns: f64) -> StrategyCost {
        let measured = |value: f64| Measurement {
            unit: "ns".into(),
            median: value,
            interval: (0.99 * value, 1.01 * value),
            samples: vec![value],
        };
        StrategyCost {
            id: id.into(),
            open: measured(50.0),
            open_ratio: 1.0,
            draw: measured(word_ns),
            draw_ratio: 1.0,
            scaling: Default::default(),
        }
    }

    fn first(language: Language, costs: &[(&str, f64)]) -> &'static str {
        let costs: Vec<StrategyCost> = costs.iter().map(|(id, ns)| cost(id, *ns)).collect();
        rank(language, JOB, true, &costs)[0].id
    }

    #[test]
    fn timing_noise_does_not_choose() {
        let pcg = "seed-sequence/pcg64";
        for (a, b) in [(1.0, 1.9), (1.9, 1.0), (1.0, 1.0)] {
            let costs = [(pcg, a), ("seed-sequence/pcg64dxsm", b)];
            assert_eq!(first(Language::Python, &costs), pcg);
        }
        // Nor does the order of the table, where nothing is measured.
        assert_eq!(first(Language::Python, &[]), pcg);
        assert_eq!(first(Language::Rust, &[]), "stream-id/chacha8");
    }

    #[test]
    fn what_costs_much_less_wins() {
        let costs = [("spawn-key/xoshiro256pp", 0.6), ("stream-id/chacha8", 2.5)];
        assert_eq!(first(Language::Rust, &costs), "spawn-key/xoshiro256pp");
        let costs = [("spawn-key/xoshiro256pp", 0.6), ("stream-id/chacha8", 1.1)];
        assert_eq!(first(Language::Rust, &costs), "stream-id/chacha8");
    }

    #[test]
    fn every_choice_is_there_once_and_its_risk_is_never_nothing() {
        for language in Language::ALL {
            let choices = rank(language, JobSize { runs: 1.0, ..JOB }, true, &[]);
            assert_eq!(choices.len(), language.recipes().len());
            for choice in &choices {
                assert!(choice.risk > 0.0, "{}", choice.id);
                assert_eq!(choice.root_bits, 128.0, "{}", choice.id);
            }
        }
    }
}
