//! How large a check is, and where its randomness comes from.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de::Error as _};

use super::date::optional_duration;
use crate::vocabulary::RootSeed;

/// How large a check is.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Profile {
    /// `quick`, `standard`, or a size of its own.
    pub plan: Option<PlanChoice>,
    /// The targets it checks, by name; all of them if left out.
    pub targets: Vec<String>,
    /// Where the root comes from.
    pub root: RootChoice,
    /// How long the check may take (`30s`, `5m`).
    #[serde(deserialize_with = "optional_duration")]
    pub time_budget: Option<Duration>,
    /// Whether speed, as a ratio to the yardstick of the same run, may fail the check.
    pub throughput: bool,
    /// How much slower than the baseline's ratio counts as a regression, beyond both intervals.
    pub slower_than: Option<f64>,
}

/// A plan by name, or by its sizes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanChoice {
    /// `quick` or `standard`.
    Name(String),
    /// Sizes.
    Sizes(PlanSizes),
}

impl<'de> Deserialize<'de> for PlanChoice {
    // By hand, so that an unknown key among the sizes is named instead of "no variant matched".
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(deserializer)? {
            toml::Value::String(name) => Ok(Self::Name(name)),
            sizes @ toml::Value::Table(_) => sizes
                .try_into()
                .map(Self::Sizes)
                .map_err(|error: toml::de::Error| D::Error::custom(error.message())),
            _ => Err(D::Error::custom(
                "plan is \"quick\", \"standard\", or sizes as in { tasks = 32, words = 2048 }",
            )),
        }
    }
}

/// The sizes of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PlanSizes {
    /// Tasks of every run.
    pub tasks: u32,
    /// Words of every task.
    pub words: u32,
    /// Fresh runs.
    #[serde(default = "two")]
    pub runs: u32,
    /// Workers of every run.
    #[serde(default = "two")]
    pub workers: u32,
}

const fn two() -> u32 {
    2
}

/// Where a check's root comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RootChoice {
    /// Derived from the revision that is checked: fixed for a commit, different for the next.
    #[default]
    Commit,
    /// Drawn from the operating system at every check, and recorded.
    Rotate,
    /// Given.
    Given(RootSeed),
}

impl<'de> Deserialize<'de> for RootChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "commit" => Ok(Self::Commit),
            "rotate" => Ok(Self::Rotate),
            seed => seed.parse().map(Self::Given).map_err(|error| {
                D::Error::custom(format!("root is `commit`, `rotate` or a seed: {error}"))
            }),
        }
    }
}
