//! From a policy to the rows of a check: names looked up, sizes set, replay commands written.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::CheckError;
use crate::{
    gate::{
        Policy, PolicyError, RowRequest,
        policy::{PlanChoice, Profile, Target, TargetKind},
    },
    plan::Plan,
    strategies,
    vocabulary::{BackendKind, RootSeed, fits, unknown},
};

/// A policy and where it was read.
#[derive(Clone, Debug)]
pub struct PolicySource {
    /// The policy.
    pub policy: Policy,
    /// Its file, as it was given; `None` where the built-in one stands in.
    pub file: Option<PathBuf>,
}

impl PolicySource {
    /// Reads the file that is named, or `seedbench.toml` if there is one.
    ///
    /// # Errors
    /// When a named file is not there, or a file is no policy.
    pub fn read(named: Option<&Path>) -> Result<Self, CheckError> {
        let file = match named.map(Path::to_owned).or_else(nearest) {
            Some(file) => file,
            None => {
                return Ok(Self {
                    policy: Policy::catalogue(),
                    file: None,
                });
            }
        };
        let shown = file.display();
        let text = std::fs::read_to_string(&file).map_err(|error| {
            CheckError::usage(format!(
                "failed to read the policy {shown}: {error}; `seedbench init` writes one"
            ))
        })?;
        let policy = Policy::parse(&text).map_err(|error| bad_policy(Some(&file), &error))?;
        Ok(Self {
            policy,
            file: Some(file),
        })
    }

    /// The folder that paths of the policy are relative to.
    pub fn folder(&self) -> &Path {
        match self.file.as_deref().and_then(Path::parent) {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// An error of this policy.
    pub(super) fn bad(&self, error: &PolicyError) -> CheckError {
        bad_policy(self.file.as_deref(), error)
    }
}

/// The policy of this folder, or of the nearest one above it within the repository.
fn nearest() -> Option<PathBuf> {
    const NAME: &str = "seedbench.toml";
    if Path::new(NAME).exists() {
        return Some(NAME.into());
    }
    let here = std::env::current_dir().ok()?;
    // Beyond the root of the repository a policy is someone else's; outside of one, none is looked for.
    let root = here
        .ancestors()
        .find(|folder| folder.join(".git").exists())?;
    here.ancestors()
        .take_while(|folder| folder.starts_with(root))
        .map(|folder| folder.join(NAME))
        .find(|file| file.exists())
}

fn bad_policy(file: Option<&Path>, error: &PolicyError) -> CheckError {
    match file {
        Some(file) => CheckError::bad_data(format!("{}: {error}", file.display())),
        None => CheckError::bad_data(error.to_string()),
    }
}

/// Something to run: a strategy on a backend, or an audited target.
#[derive(Clone, Debug)]
pub(super) enum Work {
    /// One cell of the plan.
    Cell {
        /// The strategy's id.
        strategy: &'static str,
        /// The backend.
        backend: BackendKind,
    },
    /// A program or capture.
    Audit {
        /// What it is.
        target: Box<Target>,
        /// Where a program starts.
        folder: PathBuf,
    },
}

/// A row and what makes it.
#[derive(Clone, Debug)]
pub(super) struct PlannedRow {
    /// What is said of it.
    pub request: RowRequest,
    /// What makes it.
    pub work: Work,
}

/// Every row of some targets, in order, each once: the first target that names a row has it.
///
/// # Errors
/// When a strategy, backend or capture does not exist.
pub(super) fn rows<'a>(
    source: &PolicySource,
    targets: impl Iterator<Item = &'a Target>,
) -> Result<Vec<PlannedRow>, CheckError> {
    let mut rows: Vec<PlannedRow> = Vec::new();
    let mut seen = BTreeSet::new();
    for target in targets {
        for (name, work) in works(source, target)? {
            if seen.insert(name.clone()) {
                let request = RowRequest {
                    name,
                    target: target.name().into(),
                    file: source.file.as_deref().map_or_else(
                        || "reports/baseline.json".into(),
                        |file| file.to_string_lossy().replace('\\', "/"),
                    ),
                    line: source.file.as_ref().map(|_| target.line()),
                    replay: String::new(),
                };
                rows.push(PlannedRow { request, work });
            }
        }
    }
    Ok(rows)
}

fn works(source: &PolicySource, target: &Target) -> Result<Vec<(String, Work)>, CheckError> {
    let bad = |error: PolicyError| source.bad(&error);
    let audit = |target: Target| Work::Audit {
        target: Box::new(target),
        folder: source.folder().to_owned(),
    };
    match target.kind().map_err(bad)? {
        TargetKind::Strategies => {
            let known: Vec<&'static str> = strategies::ALL
                .iter()
                .map(|strategy| strategy.spec().id)
                .collect();
            let backends = backends(target).map_err(bad)?;
            let chosen = Policy::strategies_of(target, &known).map_err(bad)?;
            Ok(chosen
                .into_iter()
                .flat_map(|strategy| backends.iter().map(move |&backend| (strategy, backend)))
                .map(|(strategy, backend)| {
                    let work = Work::Cell { strategy, backend };
                    (format!("{strategy} @ {backend}"), work)
                })
                .collect())
        }
        TargetKind::Capture => {
            let mut target = target.clone();
            if let Some(capture) = &mut target.capture {
                *capture = source.folder().join(&*capture);
                if !capture.exists() {
                    return Err(bad(
                        target.problem(format!("there is no capture at {}", given(&target)))
                    ));
                }
            }
            Ok(vec![(target.name().into(), audit(target))])
        }
        TargetKind::Command => Ok(vec![(target.name().into(), audit(target.clone()))]),
    }
}

fn given(target: &Target) -> String {
    target
        .capture
        .as_ref()
        .map_or(String::new(), |capture| capture.display().to_string())
}

fn backends(target: &Target) -> Result<Vec<BackendKind>, PolicyError> {
    if target.backends.is_empty() {
        return Ok(BackendKind::ALL.to_vec());
    }
    target
        .backends
        .iter()
        .map(|name| {
            BackendKind::ALL
                .into_iter()
                .find(|kind| kind.name() == name)
                .ok_or_else(|| {
                    let known = BackendKind::ALL.map(BackendKind::name).join(", ");
                    target.problem(format!(
                        "there is no backend `{name}`; the backends are {known}"
                    ))
                })
        })
        .collect()
}

/// Keeps the rows whose name fits.
///
/// # Errors
/// When none does.
pub(super) fn only(rows: Vec<PlannedRow>, pattern: &str) -> Result<Vec<PlannedRow>, CheckError> {
    let (kept, left): (Vec<PlannedRow>, Vec<PlannedRow>) = rows
        .into_iter()
        .partition(|row| fits(pattern, &row.request.name));
    if kept.is_empty() {
        let known = left.iter().map(|row| row.request.name.as_str());
        let message = unknown("row", pattern, known, "seedbench check --list");
        return Err(CheckError::usage(message));
    }
    Ok(kept)
}

/// The plan of a profile, without its cells.
///
/// # Errors
/// When the profile names no plan that exists.
pub(super) fn plan(
    source: &PolicySource,
    profile: &Profile,
    root: RootSeed,
) -> Result<Plan, CheckError> {
    let mut plan = match &profile.plan {
        None => Plan::quick(),
        Some(PlanChoice::Name(name)) => match name.as_str() {
            "quick" => Plan::quick(),
            "standard" => Plan::standard(),
            _ => {
                return Err(source.bad(&PolicyError::Unknown {
                    what: "plan",
                    name: name.clone(),
                    hint: "; the plans are `quick`, `standard` and sizes as in \
                           { tasks = 32, words = 2048 }"
                        .into(),
                }));
            }
        },
        Some(PlanChoice::Sizes(sizes)) => {
            let quick = Plan::quick();
            Plan {
                name: "custom".into(),
                workers: sizes.workers,
                tasks: sizes.tasks,
                words: sizes.words,
                rooted_words: quick.rooted_words.min(sizes.words),
                fresh_runs: sizes.runs,
                ..quick
            }
        }
    };
    plan.root = root;
    plan.fixed = true;
    Ok(plan)
}

/// Writes a word so that a shell reads it back as one.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:+,@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quoted("a-b/c.json"), "a-b/c.json");
        assert_eq!(quoted("pid/mt19937 @ fork"), "'pid/mt19937 @ fork'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn a_row_belongs_to_the_first_target_that_names_it() {
        let policy = Policy::parse(
            "schema = 1\n[[target]]\nname = \"a\"\nstrategies = [\"spawn-key/chacha20\"]\n\
             backends = [\"fork\"]\n[[target]]\nname = \"b\"\nstrategies = [\"spawn-key/*\"]\n",
        )
        .unwrap();
        let source = PolicySource { policy, file: None };
        let rows = rows(&source, source.policy.targets.iter()).unwrap();
        let of = |name: &str| {
            rows.iter()
                .filter(|row| row.request.name == name)
                .map(|row| row.request.target.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(of("spawn-key/chacha20 @ fork"), ["a"]);
        assert_eq!(of("spawn-key/chacha20 @ threads"), ["b"]);
    }
}
