//! What the printed programs cost in their own language: figures of `examples/costs.py`, which times them.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Language;
use crate::harness::{
    median,
    throughput::{Measurement, StrategyCost},
};

/// What was measured in a language.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The runtime, the processor and the day: `CPython 3.11.7, numpy 2.4.6 on AMD EPYC, 2026-11-30`.
    pub source: String,
    /// How a word was drawn: `in arrays of 4,096`.
    pub drawn: String,
    /// Its strategies.
    pub costs: Vec<StrategyCost>,
    /// A word of the operating system's generator, as the language asks for it, in ns.
    pub system_ns: f64,
    /// One word a call, where that is another thing: the call, and the cheapest strategy's ns.
    pub single: Option<(String, f64)>,
}

/// A language in the file. Samples are nanoseconds.
#[derive(Deserialize)]
struct Samples {
    language: String,
    runtime: String,
    machine: String,
    date: String,
    drawn: String,
    single: Option<String>,
    system: Vec<f64>,
    strategies: Vec<StrategySamples>,
}

#[derive(Deserialize)]
struct StrategySamples {
    id: String,
    open: Vec<f64>,
    word: Vec<f64>,
    single: Option<Vec<f64>>,
}

static MEASURED: LazyLock<Vec<(String, Measured)>> = LazyLock::new(|| {
    let samples: Vec<Samples> = serde_json::from_str(include_str!("costs.json"))
        .expect("costs.json is what costs.py writes");
    samples
        .into_iter()
        .map(|samples| (samples.language.clone(), Measured::of(samples)))
        .collect()
});

/// What the programs of a language cost; `None` where that was not measured.
pub fn measured(language: Language) -> Option<&'static Measured> {
    let name = language.to_string();
    let found = MEASURED.iter().find(|(measured, _)| *measured == name);
    found.map(|(_, measured)| measured)
}

impl Measured {
    fn of(samples: Samples) -> Self {
        let single = samples
            .strategies
            .iter()
            .filter_map(|one| one.single.as_deref().map(median));
        let single = single.min_by(f64::total_cmp);
        Self {
            source: format!(
                "{} on {}, {}",
                samples.runtime, samples.machine, samples.date
            ),
            drawn: samples.drawn,
            single: samples.single.zip(single),
            system_ns: median(&samples.system),
            costs: samples
                .strategies
                .into_iter()
                .map(|one| StrategyCost {
                    id: one.id,
                    open: Measurement::of("ns", one.open),
                    open_ratio: 1.0,
                    draw: Measurement::of("ns/word", one.word),
                    draw_ratio: 1.0,
                    scaling: Default::default(),
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_strategy_of_a_measured_language_was_measured() {
        for language in [Language::Python, Language::Cpp] {
            let measured = measured(language).unwrap();
            for recipe in language.recipes() {
                let cost = measured
                    .costs
                    .iter()
                    .find(|cost| cost.id == recipe.strategy);
                let cost = cost.unwrap_or_else(|| panic!("{}", recipe.strategy));
                assert!(cost.open.median > cost.draw.median, "{}", cost.id);
            }
            assert!(measured.system_ns > 0.0);
        }
        assert!(measured(Language::Go).is_none());
    }
}
