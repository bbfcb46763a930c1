//! A whole check, as one call: what a policy names is run, and held against the committed baseline.

mod measure;
mod revision;
mod rows;
mod saved;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

pub use self::rows::PolicySource;
use self::rows::{PlannedRow, Work, quoted};
use super::{
    Against, Asked, Baseline, RowRequest, Speed, evaluate, false_alarm, limits_of, plan_words,
    policy::{Date, Profile, RootChoice},
};
use crate::{
    audit::Watcher,
    generators,
    plan::Plan,
    record::{CheckReport, Problem, ProblemKind, exit},
    run::{self, Observer},
    verdict,
    vocabulary::RootSeed,
};

/// How many times as slow as the baseline is a regression, where speed counts and nothing else is said.
const SLOWER_THAN: f64 = 1.25;

/// What is asked of a check.
#[derive(Clone, Debug)]
pub struct CheckRequest {
    /// The policy: what is checked, and what is tolerated.
    pub source: PolicySource,
    /// The policy's profile: `default`, `ci`, `nightly`, or one of its own.
    pub profile: String,
    /// The baseline, a file or NAME for reports/NAME.json; the policy's if left out.
    pub baseline: Option<String>,
    /// Whether what is found is to become the baseline: then none need be there, nor one of this plan.
    pub saves: bool,
    /// Only the rows whose names fit; `*` stands for any text.
    pub only: Option<String>,
    /// No row is started after this time; the profile's if left out.
    pub time_budget: Option<Duration>,
    /// The root; the profile's, or the commit's, if left out.
    pub root: Option<RootSeed>,
    /// The image that forks workers and ends programs; this program if left out, whose `main` must then call
    /// [`seedbench::init()`](crate::init()) first thing.
    pub helper: Option<PathBuf>,
    /// The arguments that the report names.
    pub arguments: Vec<String>,
}

impl CheckRequest {
    /// All that a policy names, as its default profile says.
    pub fn new(source: PolicySource) -> Self {
        Self {
            source,
            profile: "default".into(),
            baseline: None,
            saves: false,
            only: None,
            time_budget: None,
            root: None,
            helper: None,
            arguments: Vec::new(),
        }
    }
}

/// Whoever watches a check.
pub trait CheckWatcher: Watcher {
    /// A detail of what is being done.
    fn detail(&mut self, _text: &str) {}

    /// Who watches the next cells, so many.
    fn observer(&mut self, _cells: usize) -> Box<dyn Observer + '_> {
        Box::new(())
    }
}

/// Nobody watches.
impl CheckWatcher for () {}

/// Why there is no check: one line, and the exit code that says of which kind it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct CheckError {
    /// 64 for what was asked, 65 for a policy or baseline that cannot be read, 13 where the baseline that was
    /// named is missing; where a baseline was not saved, the check's own.
    pub exit_code: u8,
    /// What is wrong and what to do.
    pub message: String,
}

impl CheckError {
    fn new(exit_code: u8, message: impl Into<String>) -> Self {
        Self {
            exit_code,
            message: message.into(),
        }
    }

    fn usage(message: impl Into<String>) -> Self {
        Self::new(exit::USAGE, message)
    }

    fn bad_data(message: impl Into<String>) -> Self {
        Self::new(exit::BAD_DATA, message)
    }
}

/// What a check found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Checked {
    /// Every row, what fails and why; its exit code is that of the check.
    pub report: CheckReport,
    /// Where the baseline was looked for.
    pub baseline_path: PathBuf,
    /// The baseline that was found would leave.
    current: Baseline,
}

/// Runs what a policy names, holds it against the baseline, and says what fails and why.
///
/// ```no_run
/// use seedbench::gate::{CheckRequest, PolicySource, check};
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     seedbench::init();
///     let request = CheckRequest::new(PolicySource::read(Some("seedbench.toml".as_ref()))?);
///     let checked = check(&request, &mut ())?;
///     for problem in &checked.report.check.problems {
///         println!("{}: {}", problem.row, problem.message);
///     }
///     std::process::exit(checked.report.report.exit_code.into());
/// }
/// ```
///
/// # Errors
/// When policy, baseline or plan make no sense. What cannot run is a row, not an error.
pub fn check(
    request: &CheckRequest,
    watcher: &mut dyn CheckWatcher,
) -> Result<Checked, CheckError> {
    let prepared = Prepared::new(request, watcher)?;
    let plan = rows::plan(&request.source, &prepared.profile, prepared.root)?;
    let is_cell = |row: &PlannedRow| matches!(row.work, Work::Cell { .. });
    let has_cells = prepared.rows.iter().any(is_cell);
    let summary = has_cells.then(|| run::summary(&plan));
    let baseline_path = request.baseline_path();
    let baseline = request.read_baseline(&baseline_path, &plan_words(summary.as_ref()), watcher)?;
    let mut report = prepared.measure(&plan, watcher)?;
    report.arguments.clone_from(&request.arguments);
    report.plan = summary;
    report.false_alarm = false_alarm(&report);

    let throughput = prepared.profile.throughput;
    let asked = Asked {
        policy: &request.source.policy,
        policy_file: request.source.file.as_deref().map(shown),
        profile: request.profile.clone(),
        revision: prepared.revision,
        root: prepared.root,
        root_from: prepared.root_from,
        rows: prepared.rows.into_iter().map(|row| row.request).collect(),
        known: prepared.known,
        speed: throughput.then(|| Speed {
            slower_than: prepared.profile.slower_than.unwrap_or(SLOWER_THAN),
        }),
    };
    let path = shown(&baseline_path);
    let against = baseline.as_ref().map(|baseline| Against {
        baseline,
        path: &path,
    });
    let sizes = report.plan.as_ref().map(|plan| (plan.tasks, plan.words));
    let (check, current) = evaluate(&report, &asked, against, |id| limits_of(id, sizes));
    report.exit_code = check
        .problems
        .iter()
        .map(code)
        .fold(exit::OK, exit::gravest);
    if baseline.is_none() && !request.saves {
        report.exit_code = exit::gravest(report.exit_code, exit::NO_BASELINE);
    }
    report.verdict = match report.exit_code {
        exit::OK => "as-declared",
        exit::INCONCLUSIVE | exit::NO_BASELINE => "inconclusive",
        _ => "not-as-declared",
    }
    .into();
    Ok(Checked {
        report: CheckReport { report, check },
        baseline_path,
        current,
    })
}

/// The rows that a check would run.
///
/// # Errors
/// As [`check`].
pub fn rows(
    request: &CheckRequest,
    watcher: &mut dyn CheckWatcher,
) -> Result<Vec<RowRequest>, CheckError> {
    let prepared = Prepared::new(request, watcher)?;
    rows::plan(&request.source, &prepared.profile, prepared.root)?;
    Ok(prepared.rows.into_iter().map(|row| row.request).collect())
}

/// What is known before anything runs.
struct Prepared<'a> {
    request: &'a CheckRequest,
    profile: Profile,
    revision: Option<String>,
    root: RootSeed,
    root_from: String,
    rows: Vec<PlannedRow>,
    /// Every row that the policy names.
    known: BTreeSet<String>,
    /// Rows of the whole check, also where only some of them are run.
    check_rows: u64,
}

impl<'a> Prepared<'a> {
    fn new(request: &'a CheckRequest, watcher: &mut dyn Watcher) -> Result<Self, CheckError> {
        let source = &request.source;
        let policy = &source.policy;
        let rules = verdict::RULES.iter().map(|rule| rule.id());
        policy
            .check(rules, today())
            .map_err(|error| source.bad(&error))?;
        let profile = policy
            .profile(&request.profile)
            .map_err(|error| CheckError::usage(error.to_string()))?;
        let known = rows::rows(source, policy.targets.iter())?
            .into_iter()
            .map(|row| row.request.name)
            .collect();
        let mut rows = rows::rows(source, policy.targets_of(&profile))?;
        if rows.is_empty() {
            return Err(CheckError::bad_data(
                "the policy names no target, so there is nothing to check; `seedbench init` shows how",
            ));
        }
        let check_rows = rows.len() as u64;
        let revision = revision::revision(source.folder());
        let (root, root_from) = request.root(&profile, revision.as_deref(), watcher)?;
        let replay = request.replay(root);
        for row in &mut rows {
            row.request.replay = format!("{replay} --only {}", quoted(&row.request.name));
        }
        if let Some(pattern) = &request.only {
            rows = rows::only(rows, pattern)?;
        }
        Ok(Self {
            request,
            profile,
            revision,
            root,
            root_from,
            rows,
            known,
            check_rows,
        })
    }

    fn measure(
        &self,
        plan: &Plan,
        watcher: &mut dyn CheckWatcher,
    ) -> Result<crate::record::Report, CheckError> {
        let limits = measure::MeasureBounds {
            time_budget: self.request.time_budget.or(self.profile.time_budget),
            costs: self.profile.throughput,
            check_rows: self.check_rows,
            helper: self.request.helper.as_deref(),
        };
        measure::measure(plan, &self.rows, limits, watcher)
    }
}

impl CheckRequest {
    fn root(
        &self,
        profile: &Profile,
        revision: Option<&str>,
        watcher: &mut dyn Watcher,
    ) -> Result<(RootSeed, String), CheckError> {
        if let Some(root) = self.root {
            return Ok((root, "given".into()));
        }
        match profile.root {
            RootChoice::Given(root) => Ok((root, "from the policy".into())),
            RootChoice::Rotate => generators::fresh_root()
                .map(|root| (root, "drawn for this check alone".into()))
                .map_err(|error| {
                    let what = "failed to draw a root from the operating system";
                    CheckError::new(exit::INTERNAL, format!("{what}: {error}"))
                }),
            RootChoice::Commit => {
                match revision.and_then(|revision| Some((revision::root(revision)?, revision))) {
                    Some((root, revision)) => Ok((root, format!("commit {revision}"))),
                    None => {
                        watcher.remark(
                            "no commit is known here, so the root is 0; --root gives another",
                        );
                        Ok((RootSeed::from_u64(0), "no commit is known".into()))
                    }
                }
            }
        }
    }

    /// The command that repeats this check, without the row.
    fn replay(&self, root: RootSeed) -> String {
        let mut words = vec!["seedbench".to_owned(), "check".to_owned()];
        let mut option = |name: &str, value: &str| words.extend([name.to_owned(), quoted(value)]);
        if let Some(file) = &self.source.file {
            option("--policy", &shown(file));
        }
        option("--profile", &self.profile);
        if let Some(baseline) = &self.baseline {
            option("--baseline", baseline);
        }
        option("--root", &root.to_string());
        words.join(" ")
    }
}

const fn code(problem: &Problem) -> u8 {
    match problem.kind {
        ProblemKind::Unsound => exit::UNSOUND,
        ProblemKind::Regression => exit::REGRESSION,
        ProblemKind::Failed => exit::CELL_FAILED,
        ProblemKind::Inconclusive => exit::INCONCLUSIVE,
        ProblemKind::Remark => exit::OK,
    }
}

fn today() -> Date {
    Date::from_unix_seconds(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |elapsed| elapsed.as_secs()),
    )
}

/// A path as it is printed: `./` in front says nothing.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}
