//! What strategies cost, measured beside a yardstick generator in the same run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A generator whose speed every other figure is a ratio to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Yardstick {
    /// Which generator.
    pub generator: String,
    /// Cost of one word when filling blocks.
    pub draw: Measurement,
    /// Cost of one word of memory touched for the first time, in ns: what a fresh arena adds.
    pub first_touch: Measurement,
}

/// A timed quantity: the median of raw samples with an interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// `ns`, `ns/word`, `words/s` …
    pub unit: String,
    /// The median.
    pub median: f64,
    /// A 95 % interval for the median, from order statistics; the range where samples are too few.
    pub interval: (f64, f64),
    /// The raw samples.
    pub samples: Vec<f64>,
}

/// Intervals whose ends differ by more than this factor come of a busy machine.
pub const STEADY: f64 = 1.5;

impl Measurement {
    /// The factor between the ends of the interval.
    pub fn spread(&self) -> f64 {
        if self.interval.0 > 0.0 {
            self.interval.1 / self.interval.0
        } else {
            f64::INFINITY
        }
    }

    /// Whether the interval is as narrow as on an idle machine.
    pub fn is_steady(&self) -> bool {
        self.spread() <= STEADY
    }
}

/// What a strategy costs on this machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StrategyCost {
    /// The strategy's id.
    pub id: String,
    /// Opening one stream, ns.
    pub open: Measurement,
    /// `open` in words of the yardstick: how many of its draws one opening costs.
    pub open_ratio: f64,
    /// Drawing one word, ns.
    pub draw: Measurement,
    /// `draw` as a multiple of the yardstick's.
    pub draw_ratio: f64,
    /// Words per second on 1, 2 … cores.
    pub scaling: BTreeMap<u32, Measurement>,
}
