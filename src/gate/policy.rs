//! `seedbench.toml`: what is checked, how large, and which findings are tolerated until when.

use std::{collections::BTreeMap, fmt, path::PathBuf, str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer, de::Error as _};

use crate::core::RootSeed;

/// A whole policy file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The number of this file format: 1.
    pub schema: u32,
    /// The baseline, relative to the policy file.
    #[serde(default = "default_baseline")]
    pub baseline: PathBuf,
    /// Sizes and risks by profile; `default` always exists.
    #[serde(default, rename = "profile")]
    pub profiles: BTreeMap<String, Profile>,
    /// What is checked.
    #[serde(default, rename = "target")]
    pub targets: Vec<Target>,
    /// Levels of findings, for every target.
    #[serde(default, rename = "finding")]
    pub waivers: Vec<Waiver>,
}

fn default_baseline() -> PathBuf {
    "reports/baseline.json".into()
}

/// How large a check is.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Profile {
    /// `quick`, `standard`, or a size of its own.
    pub plan: Option<ByName>,
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
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum ByName {
    /// `quick` or `standard`.
    Name(String),
    /// Sizes.
    Sizes(Plan),
}

/// The sizes of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Plan {
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

/// Something that is checked.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Target {
    /// The name it has in reports and baselines.
    pub name: String,
    /// Strategies of the catalogue; `*` at an end matches anything.
    #[serde(default)]
    pub strategies: Vec<String>,
    /// Backends the strategies run on; all that exist here if left out.
    #[serde(default)]
    pub backends: Vec<String>,
    /// A program and its arguments, started once per worker and run.
    #[serde(default)]
    pub command: Vec<String>,
    /// The program starts its own workers; it is started once per run.
    #[serde(default)]
    pub pool: bool,
    /// A capture: a file or directory, relative to the policy file.
    pub capture: Option<PathBuf>,
    /// Workers of a command.
    pub workers: Option<u32>,
    /// Runs of a command.
    pub runs: Option<u32>,
    /// Numbers every worker of a command prints.
    pub words: Option<u32>,
    /// `default`, `fresh` or `identical`.
    pub expect: Option<String>,
    /// Ask for evidence that so many workers are safe.
    pub for_workers: Option<u64>,
    /// Ask for evidence of so many bits of seed entropy.
    pub require_bits: Option<f64>,
    /// Groups of streams, by name, that must be identical.
    #[serde(default)]
    pub identical: Vec<Vec<String>>,
}

/// What a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// Strategies of the catalogue.
    Strategies,
    /// A program.
    Command,
    /// A capture.
    Capture,
}

impl Target {
    /// What the target is.
    ///
    /// # Errors
    /// When it is none of the three, or several.
    pub fn kind(&self) -> Result<TargetKind, PolicyError> {
        match (
            self.strategies.is_empty(),
            self.command.is_empty(),
            self.capture.is_none(),
        ) {
            (false, true, true) => Ok(TargetKind::Strategies),
            (true, false, true) => Ok(TargetKind::Command),
            (true, true, false) => Ok(TargetKind::Capture),
            _ => Err(PolicyError::Target {
                name: self.name.clone(),
                problem: "give exactly one of `strategies`, `command` and `capture`".into(),
            }),
        }
    }
}

/// The level of a finding, with the reason and the day it ends.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Waiver {
    /// The finding's id.
    pub rule: String,
    /// The target it is for; every target if left out.
    pub target: Option<String>,
    /// What the finding counts as.
    pub level: Level,
    /// Why. Printed with the finding.
    pub reason: String,
    /// The last day it holds.
    pub expires: Option<Date>,
}

/// What a finding counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Not shown.
    Off,
    /// Shown, and never fails the check.
    Warn,
    /// Fails the check.
    Error,
}

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Year of the Gregorian calendar.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Date {
    /// The day, in UTC, of so many seconds since the Unix epoch.
    pub fn from_unix_seconds(seconds: u64) -> Self {
        // Days to civil date, for years from 1970 on: Hinnant 2013, "chrono-compatible low-level
        // date algorithms"; years start in March so that the leap day is the last of its year.
        let days = seconds / 86_400 + 719_468;
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        Self {
            year: year as u16,
            month: month as u8,
            day: day as u8,
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let datetime = toml::value::Datetime::deserialize(deserializer)?;
        let date = datetime
            .date
            .ok_or_else(|| D::Error::custom("expires is a date, as in 2027-01-31"))?;
        Ok(Self {
            year: date.year,
            month: date.month,
            day: date.day,
        })
    }
}

fn optional_duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_duration(&text).map(Some).map_err(D::Error::custom)
}

/// Reads `30s`, `500ms`, `5m` or `1h`.
///
/// # Errors
/// When the text is no positive number with one of these units.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let split = text
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let scale = match unit {
        "ms" => 1e-3,
        "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3_600.0,
        _ => return Err(format!("`{text}` has no unit: write 30s, 500ms, 5m or 1h")),
    };
    let value = f64::from_str(number.trim())
        .map_err(|_| format!("`{text}` is no duration: write 30s, 500ms, 5m or 1h"))?;
    if !(value.is_finite() && value > 0.0 && value * scale < 1e9) {
        return Err(format!(
            "`{text}` is not a positive duration of sensible length"
        ));
    }
    Ok(Duration::from_secs_f64(value * scale))
}

/// Why a policy cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// The text is no policy.
    #[error("{0}")]
    Syntax(String),
    /// A format this version does not read.
    #[error("policy schema {found} is not the {expected} that this version reads")]
    Schema {
        /// In the file.
        found: u32,
        /// Readable here.
        expected: u32,
    },
    /// A target makes no sense.
    #[error("target `{name}`: {problem}")]
    Target {
        /// Its name.
        name: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// A name that nothing has.
    #[error("{what} `{name}` does not exist{hint}")]
    Unknown {
        /// What was named.
        what: &'static str,
        /// The name.
        name: String,
        /// The nearest names.
        hint: String,
    },
    /// A waiver that has run out.
    #[error(
        "the waiver of `{rule}` ended on {expired} (its reason was: {reason}); mend the finding, or give a new date"
    )]
    Expired {
        /// The finding.
        rule: String,
        /// Its last day.
        expired: Date,
        /// Why it was waived.
        reason: String,
    },
}

impl Policy {
    /// The only schema there is so far.
    pub const SCHEMA: u32 = 1;

    /// Reads a policy and checks everything that needs no look at the world.
    ///
    /// # Errors
    /// With the line for syntax, with the nearest names for unknown keys and names.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let policy: Self =
            toml::from_str(text).map_err(|error| PolicyError::Syntax(explain(&error, text)))?;
        if policy.schema != Self::SCHEMA {
            return Err(PolicyError::Schema {
                found: policy.schema,
                expected: Self::SCHEMA,
            });
        }
        let mut names = std::collections::BTreeSet::new();
        for target in &policy.targets {
            target.kind()?;
            if !names.insert(&target.name) {
                return Err(PolicyError::Target {
                    name: target.name.clone(),
                    problem: "two targets have this name".into(),
                });
            }
        }
        for waiver in &policy.waivers {
            if let Some(target) = &waiver.target
                && !names.contains(target)
            {
                return Err(unknown(
                    "target",
                    target,
                    names.iter().map(|name| name.as_str()),
                ));
            }
        }
        Ok(policy)
    }

    /// Refuses names that nothing has: rules, and waivers past their day.
    ///
    /// # Errors
    /// For the first unknown rule or expired waiver.
    pub fn check<'a>(
        &self,
        rules: impl Iterator<Item = &'a str> + Clone,
        today: Date,
    ) -> Result<(), PolicyError> {
        for waiver in &self.waivers {
            if !rules.clone().any(|rule| rule == waiver.rule) {
                return Err(unknown("finding", &waiver.rule, rules));
            }
            if let Some(expired) = waiver.expires
                && today > expired
            {
                return Err(PolicyError::Expired {
                    rule: waiver.rule.clone(),
                    expired,
                    reason: waiver.reason.clone(),
                });
            }
        }
        Ok(())
    }

    /// The profile of this name; `default`, `ci` and `nightly` exist without being written.
    ///
    /// # Errors
    /// When there is no such profile.
    pub fn profile(&self, name: &str) -> Result<Profile, PolicyError> {
        if let Some(profile) = self.profiles.get(name) {
            return Ok(profile.clone());
        }
        let named = |plan: &str| Some(ByName::Name(plan.into()));
        match name {
            "default" | "ci" => Ok(Profile {
                plan: named("quick"),
                ..Profile::default()
            }),
            "nightly" => Ok(Profile {
                plan: named("standard"),
                root: RootChoice::Rotate,
                ..Profile::default()
            }),
            _ => Err(unknown(
                "profile",
                name,
                self.profiles
                    .keys()
                    .map(String::as_str)
                    .chain(["default", "ci", "nightly"]),
            )),
        }
    }

    /// The level of a finding on a target, and the reason where a waiver sets it.
    pub fn level(&self, rule: &str, target: &str) -> (Level, Option<&str>) {
        self.waivers
            .iter()
            .find(|waiver| {
                waiver.rule == rule && waiver.target.as_deref().is_none_or(|name| name == target)
            })
            .map_or((Level::Error, None), |waiver| {
                (waiver.level, Some(&waiver.reason))
            })
    }
}

fn unknown<'a>(
    what: &'static str,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> PolicyError {
    let hint =
        nearest(name, known).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    PolicyError::Unknown {
        what,
        name: name.into(),
        hint,
    }
}

fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(score, _)| *score > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// One line for a syntax error: where, what, and the nearest name for an unknown key.
fn explain(error: &toml::de::Error, text: &str) -> String {
    let line = error.span().map_or(1, |span| {
        text[..span.start.min(text.len())].matches('\n').count() + 1
    });
    let message = error.message().replace('\n', " ");
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let hint = match quoted.split_first() {
        Some((name, known)) if message.starts_with("unknown ") => {
            nearest(name, known.iter().copied()).map(|near| format!("; did you mean `{near}`?"))
        }
        _ => None,
    };
    format!("line {line}: {message}{}", hint.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
        schema = 1
        [profile.ci]
        plan = "quick"
        time-budget = "15s"
        [profile.small]
        plan = { tasks = 8, words = 64 }
        root = "0x2a"
        [[target]]
        name = "catalogue"
        strategies = ["spawn-key/*"]
        [[target]]
        name = "job"
        command = ["python3", "worker.py"]
        workers = 4
        [[finding]]
        rule = "shifted-overlap"
        target = "job"
        level = "warn"
        reason = "being mended"
        expires = 2026-12-31
    "#;

    #[test]
    fn a_whole_policy_is_read() {
        let policy = Policy::parse(WHOLE).unwrap();
        assert_eq!(
            policy.profile("ci").unwrap().time_budget,
            Some(Duration::from_secs(15))
        );
        let small = policy.profile("small").unwrap();
        assert_eq!(small.root, RootChoice::Given(RootSeed::from_u64(42)));
        assert_eq!(policy.targets[0].kind(), Ok(TargetKind::Strategies));
        assert_eq!(policy.level("shifted-overlap", "job").0, Level::Warn);
        assert_eq!(policy.level("shifted-overlap", "catalogue").0, Level::Error);
    }

    #[test]
    fn unknown_keys_are_errors_with_the_nearest_name_and_the_line() {
        let error =
            Policy::parse("schema = 1\n[[target]]\nname = \"a\"\ncomand = [\"x\"]\n").unwrap_err();
        let text = error.to_string();
        assert!(text.contains("line 4"), "{text}");
        assert!(text.contains("did you mean `command`?"), "{text}");
    }

    #[test]
    fn waivers_end_and_rules_must_exist() {
        let policy = Policy::parse(WHOLE).unwrap();
        let rules = ["shifted-overlap", "equal-streams"];
        let day = |year, month, day| Date { year, month, day };
        assert_eq!(policy.check(rules.into_iter(), day(2026, 12, 31)), Ok(()));
        assert!(matches!(
            policy.check(rules.into_iter(), day(2027, 1, 1)),
            Err(PolicyError::Expired { .. })
        ));
        assert_eq!(
            policy
                .check(["shifted-overlaps"].into_iter(), day(2026, 1, 1))
                .unwrap_err()
                .to_string(),
            "finding `shifted-overlap` does not exist; did you mean `shifted-overlaps`?"
        );
    }

    #[test]
    fn days_are_counted_as_the_calendar_does() {
        for (seconds, text) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_709_164_800, "2024-02-29"),
            (1_798_675_199, "2026-12-30"),
            (4_102_444_800, "2100-01-01"),
        ] {
            assert_eq!(Date::from_unix_seconds(seconds).to_string(), text);
        }
    }

    #[test]
    fn durations_need_a_unit() {
        assert_eq!(parse_duration("500ms"), Ok(Duration::from_millis(500)));
        for text in ["", "30", "s", "-1s", "1d", "nans", "1e300h"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
