//! The written order of advice.
//!
//! Costs within a factor of 2, or whose intervals overlap, are ties: a measurement does not choose
//! between them, and the next call would choose another. What an interval has beyond twice its median is the other
//! work of a busy machine, and makes no tie. Ties go to what is
//!
//! 1. keyed by the task, not by the worker that happens to run it;
//! 2. drawn from at least 128 bits of root;
//! 3. replayable from the recorded root;
//! 4. in the language's standard library or its usual package;
//! 5. shorter to paste.

use super::{Language, Library};
use crate::strategies::{self, Fact, Promise, Scope, Spec};
use crate::vocabulary::BackendKind;

/// Costs that differ by less are ties.
const TIE: f64 = 2.0;

/// Bits of root beyond which more do not matter.
const ENOUGH_BITS: u32 = 128;

/// A cost and its interval, in any one unit; `None` if it was not measured.
pub type Timed = Option<(f64, (f64, f64))>;

/// Items in the written order: the cheapest with all that tie with it, by preference, then the rest
/// likewise.
pub fn order<T, K: Ord>(
    mut items: Vec<T>,
    cost: impl Fn(&T) -> Timed,
    preference: impl Fn(&T) -> K,
) -> Vec<T> {
    let median = |item: &T| cost(item).map_or(f64::INFINITY, |(median, _)| median);
    items.sort_by(|a, b| {
        median(a)
            .total_cmp(&median(b))
            .then_with(|| preference(a).cmp(&preference(b)))
    });
    let mut ordered = Vec::with_capacity(items.len());
    while let Some(cheapest) = items.first().map(&cost) {
        let (mut group, rest): (Vec<T>, Vec<T>) = items
            .into_iter()
            .partition(|item| tied(cheapest, cost(item)));
        group.sort_by_key(&preference);
        ordered.extend(group);
        items = rest;
    }
    ordered
}

/// Whether something ties with the cheapest. What was not measured ties with what was not either.
fn tied(cheapest: Timed, other: Timed) -> bool {
    match (cheapest, other) {
        (Some((cheapest, (_, high))), Some((other, (low, _)))) => {
            other <= TIE * cheapest || low <= high.min(TIE * cheapest)
        }
        (cheapest, other) => cheapest.is_none() == other.is_none(),
    }
}

/// What decides between strategies that cost the same: less is better.
pub fn preference(spec: &Spec) -> impl Ord + use<> {
    let keyed = spec.scope == Scope::Task && spec.reads.contains(&Fact::TaskIndex);
    let replays = spec
        .promises_on(BackendKind::Fork)
        .contains(Promise::Replayable);
    let (library, lines) = Language::SHOWN
        .iter()
        .flat_map(|language| language.recipes())
        .filter(|recipe| recipe.strategy == spec.id)
        .map(|recipe| (recipe.library, recipe.lines()))
        .min()
        .map_or((None, 0), |(library, lines)| (Some(library), lines));
    (
        !keyed,
        spec.root_bits().unwrap_or(0) < ENOUGH_BITS,
        !replays,
        // With a program to paste before those without.
        library.is_none(),
        library.unwrap_or(Library::Package),
        lines,
        strategies::ALL
            .iter()
            .position(|strategy| strategy.spec().id == spec.id),
    )
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
    fn a_busy_machine_makes_no_ties() {
        let mut costs = [("spawn-key/xoshiro256pp", 0.6), ("stream-id/chacha8", 2.5)]
            .map(|(id, ns)| cost(id, ns));
        costs[0].draw.interval.1 = 9.0;
        let ranked = rank(Language::Rust, JOB, true, &costs);
        assert_eq!(ranked[0].id, "spawn-key/xoshiro256pp");
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
