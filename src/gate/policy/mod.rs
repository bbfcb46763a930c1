//! `seedbench.toml`: what is checked, how large, and which findings are tolerated until when.

mod date;
mod error;
mod profile;
mod target;
mod waiver;

pub use date::{Date, parse_duration};
pub use error::PolicyError;
pub use profile::{PlanChoice, PlanSizes, Profile, RootChoice};
pub use target::{Expectation, NumbersAre, OnSuspect, Target, TargetKind};
pub use waiver::{Level, Waiver};

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use serde::Deserialize;

use error::{explain, line_of, unknown};

use crate::vocabulary::fits;

/// The commented policy that `seedbench init` writes.
pub const TEMPLATE: &str = include_str!("template.toml");

/// A whole policy file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The number of this file format: 1.
    pub schema: u32,
    /// The baseline, relative to the policy file.
    #[serde(default = "default_baseline")]
    pub baseline: PathBuf,
    /// Sizes and risks by profile; `default`, `ci` and `nightly` always exist.
    #[serde(default, rename = "profile")]
    pub profiles: BTreeMap<String, Profile>,
    /// What `seedbench watch` lets pass.
    #[serde(default)]
    pub watch: WatchPolicy,
    /// What is checked.
    #[serde(default, rename = "target")]
    pub targets: Vec<Target>,
    /// Levels of findings.
    #[serde(default, rename = "finding")]
    pub waivers: Vec<Waiver>,
}

/// What `seedbench watch` lets pass.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WatchPolicy {
    /// Lines that may share streams: `model.py:12`, `model.py`, or more of the path.
    pub allow: Vec<String>,
}

fn default_baseline() -> PathBuf {
    "reports/baseline.json".into()
}

impl Policy {
    /// What suspects do to the rows of a target.
    pub fn on_suspect(&self, target: &str) -> OnSuspect {
        let named = self.targets.iter().find(|one| one.name() == target);
        named.map_or(OnSuspect::default(), |one| one.suspect)
    }

    /// The only schema there is so far.
    pub const SCHEMA: u32 = 1;

    /// What is checked where there is no policy file: the whole catalogue on every backend.
    ///
    /// # Panics
    /// Never: the text is a constant, and a test reads it.
    pub fn catalogue() -> Self {
        Self::parse("schema = 1\n[[target]]\nname = \"catalogue\"\nstrategies = [\"*\"]\n")
            .expect("the built-in policy is one")
    }

    /// Reads a policy and checks everything that needs no look at the world.
    ///
    /// # Errors
    /// With the line for syntax, with the nearest names for unknown keys and names.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let mut policy: Self = toml::from_str(text).map_err(|error| explain(&error, text))?;
        if policy.schema != Self::SCHEMA {
            return Err(PolicyError::Schema {
                found: policy.schema,
                expected: Self::SCHEMA,
            });
        }
        for target in &mut policy.targets {
            target.line = line_of(text, target.name_starts_at());
        }
        policy.check_names()?;
        Ok(policy)
    }

    fn check_names(&self) -> Result<(), PolicyError> {
        let mut names = BTreeSet::new();
        for target in &self.targets {
            target.kind()?;
            if !names.insert(target.name()) {
                return Err(target.problem("two targets have this name"));
            }
        }
        let named = self
            .waivers
            .iter()
            .filter_map(|waiver| waiver.target.as_ref())
            .chain(self.profiles.values().flat_map(|profile| &profile.targets));
        for name in named {
            if !names.contains(name.as_str()) {
                return Err(unknown("target", name, names));
            }
        }
        for waiver in &self.waivers {
            if waiver.reason.trim().is_empty() {
                return Err(PolicyError::Syntax(format!(
                    "the level of `{}` needs a reason",
                    waiver.rule
                )));
            }
        }
        for (name, profile) in &self.profiles {
            if profile
                .slower_than
                .is_some_and(|factor| !(factor.is_finite() && factor >= 1.0))
            {
                return Err(PolicyError::Profile {
                    name: name.clone(),
                    problem: "slower-than is a factor of at least 1, as in 1.2".into(),
                });
            }
        }
        Ok(())
    }

    /// Refuses names that nothing has, and waivers past their day.
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
        let named = |plan: &str| Some(PlanChoice::Name(plan.into()));
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

    /// The targets that a profile checks, in the order of the file.
    pub fn targets_of<'a>(&'a self, profile: &'a Profile) -> impl Iterator<Item = &'a Target> {
        self.targets.iter().filter(|target| {
            profile.targets.is_empty() || profile.targets.iter().any(|name| name == target.name())
        })
    }

    /// The entry that sets the level of a finding on a target: the target's own before a general one.
    pub fn waiver(&self, rule: &str, target: &str) -> Option<&Waiver> {
        let fitting = |own: bool| {
            self.waivers.iter().find(move |waiver| {
                waiver.rule == rule
                    && if own {
                        waiver.target.as_deref() == Some(target)
                    } else {
                        waiver.target.is_none()
                    }
            })
        };
        fitting(true).or_else(|| fitting(false))
    }

    /// The ids of `known` that a target's patterns name, in the order of `known`.
    ///
    /// # Errors
    /// When a pattern names nothing, with the nearest id.
    pub fn strategies_of<'a>(
        target: &Target,
        known: &[&'a str],
    ) -> Result<Vec<&'a str>, PolicyError> {
        for pattern in &target.strategies {
            if !known.iter().any(|id| fits(pattern, id)) {
                return Err(unknown("strategy", pattern, known.iter().copied()));
            }
        }
        Ok(known
            .iter()
            .copied()
            .filter(|id| target.strategies.iter().any(|pattern| fits(pattern, id)))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::vocabulary::RootSeed;

    const WHOLE: &str = r#"
        schema = 1
        [profile.ci]
        plan = "quick"
        time-budget = "15s"
        [profile.small]
        plan = { tasks = 8, words = 64 }
        targets = ["job"]
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
        let names: Vec<_> = policy.targets_of(&small).map(Target::name).collect();
        assert_eq!(names, ["job"]);
        assert_eq!(policy.targets[0].kind(), Ok(TargetKind::Strategies));
        assert_eq!(policy.targets[1].line(), 14);
        let waiver = policy.waiver("shifted-overlap", "job").unwrap();
        assert_eq!(waiver.level, Level::Warn);
        assert_eq!(policy.waiver("shifted-overlap", "catalogue"), None);
    }

    #[test]
    fn the_policies_that_are_ours_are_policies() {
        assert_eq!(Policy::catalogue().targets.len(), 1);
        let template = Policy::parse(TEMPLATE).unwrap();
        for name in ["default", "ci", "nightly"] {
            assert!(template.profiles.contains_key(name), "{name}");
        }
        assert_eq!(template.profiles["nightly"].root, RootChoice::Rotate);
    }

    #[test]
    fn what_the_template_shows_in_comments_is_a_policy_too() {
        // Every line that is a commented-out setting starts with `#` and no space.
        let shown: String = TEMPLATE
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(setting) if !setting.starts_with(' ') && !setting.is_empty() => setting,
                _ => line,
            })
            .fold(String::new(), |text, line| text + line + "\n");
        let policy = Policy::parse(&shown).unwrap();
        assert!(policy.targets.len() >= 3);
        assert!(!policy.waivers.is_empty());
    }

    #[test]
    fn unknown_keys_are_errors_with_the_nearest_name_and_the_line() {
        let refused = |text: &str| Policy::parse(text).unwrap_err().to_string();
        let text = refused("schema = 1\n[[target]]\nname = \"a\"\ncomand = [\"x\"]\n");
        assert!(text.contains("line 4"), "{text}");
        assert!(text.contains("did you mean `command`?"), "{text}");
        let text = refused("schema = 1\n[profile.ci]\nplan = { tasks = 8, wrods = 64 }\n");
        assert!(text.contains("wrods"), "{text}");
        assert!(text.contains("did you mean `words`?"), "{text}");
        assert!(refused("schema = 2").contains("schema 2"));
        assert!(refused("").contains("schema"));
    }

    #[test]
    fn names_must_exist() {
        let refused = |more: &str| {
            Policy::parse(&format!("{WHOLE}\n{more}"))
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            refused(
                "[[finding]]\nrule = \"x\"\ntarget = \"jobb\"\nlevel = \"off\"\nreason = \"r\""
            ),
            "target `jobb` does not exist; did you mean `job`?"
        );
        assert!(
            refused("[profile.x]\ntargets = [\"catalog\"]").contains("did you mean `catalogue`?")
        );
        assert!(refused("[[target]]\nname = \"job\"\ncapture = \"x\"").contains("two targets"));
        assert!(refused("[[target]]\nname = \"b\"").contains("exactly one of"));
        assert!(
            refused("[[target]]\nname = \"b\"\ncapture = \"x\"\nworkers = 3")
                .contains("`workers` belongs to a `command`")
        );
        assert!(
            refused("[[finding]]\nrule = \"x\"\nlevel = \"off\"\nreason = \" \"")
                .contains("reason")
        );
        let policy = Policy::parse(WHOLE).unwrap();
        let known = ["spawn-key/chacha20", "pid/mt19937"];
        assert_eq!(
            Policy::strategies_of(&policy.targets[0], &known),
            Ok(vec!["spawn-key/chacha20"])
        );
        assert_eq!(
            Policy::strategies_of(&policy.targets[0], &["spawn-kex/chacha20"])
                .unwrap_err()
                .to_string(),
            "strategy `spawn-key/*` does not exist; did you mean `spawn-kex/chacha20`?"
        );
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
}
