//! `seedbench check`: everything a policy names, held against the committed baseline.

mod baseline;
mod measure;
mod request;
mod revision;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use self::request::{PlannedRow, PolicySource, quoted};
use super::{Failure, Output, exit, export::Export, limits};
use crate::{
    gate::{
        self, Against, Asked, Speed, evaluate, parse_duration, plan_words,
        policy::{Date, Profile, RootChoice},
    },
    record::{CheckReport, Problem, ProblemKind},
    report::{self, check_text, markdown},
    run, verdict,
    vocabulary::RootSeed,
};

const AFTER_HELP: &str = "\
Examples:
  seedbench init                                write a commented policy, seedbench.toml
  seedbench check --list                        what would run
  seedbench check --save-baseline               save reports/baseline.json; commit it
  seedbench check --profile ci --export seeding.sarif --export seeding.xml
  seedbench check --only 'spawn-key/*'          some rows, as a failure's replay command does

Settings are looked up on the command line, then in SEEDBENCH_* variables, then in the policy file,
then in the defaults. Without a policy file the whole catalogue is checked.

The root is fixed by the commit unless the profile rotates it, and is always recorded. What is grey
is tested once more on fresh evidence, which is part of the procedure and printed; nothing else is
repeated. A sound check goes red with the probability that it prints, at most 1e-9.

Exit codes: 0 as declared, 10 unsound or not as declared, 11 worse than the baseline, 12 inconclusive
or not reached in time, 13 no baseline, 14 a row could not run, 64 usage, 65 bad policy or baseline.
`make` turns every failure into 2; integrations/Makefile keeps the code.";

/// Above this the statement of every check, that it is no false alarm, would not hold.
const FALSE_ALARM: f64 = 1e-9;

/// How much slower than the baseline is a regression, where speed counts and nothing else is said.
const SLOWER_THAN: f64 = 1.25;

/// Hold seeding against the committed baseline: red when it got worse, and never by chance
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub struct CheckArgs {
    /// The policy file [default: the nearest seedbench.toml, from here up to the root of the repository]
    #[arg(long, value_name = "FILE", env = "SEEDBENCH_POLICY")]
    policy: Option<PathBuf>,
    /// The policy's profile: default, ci, nightly, or one of your own
    #[arg(
        long,
        value_name = "NAME",
        default_value = "default",
        env = "SEEDBENCH_PROFILE"
    )]
    profile: String,
    /// The baseline: a file, or NAME for reports/NAME.json [default: the policy's]
    #[arg(long, value_name = "NAME|FILE", env = "SEEDBENCH_BASELINE")]
    baseline: Option<String>,
    /// Save what is found as the baseline, under a name, a file, or where it is looked for
    #[arg(long, value_name = "NAME|FILE", num_args = 0..=1, default_missing_value = "")]
    save_baseline: Option<String>,
    /// Write the result too: .json, .md, .csv, .xml (JUnit), .sarif, .html (may be repeated)
    #[arg(long, value_name = "FILE")]
    export: Vec<PathBuf>,
    /// Write the whole report (JSON, HTML, pictures) into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the rows that would run, and stop
    #[arg(long)]
    list: bool,
    /// Run only the rows whose name fits; `*` stands for any text
    #[arg(long, value_name = "ROW")]
    only: Option<String>,
    /// Start no row after this time (30s, 5m); rows that were not reached end with 12
    #[arg(long, value_name = "TIME", value_parser = parse_duration, env = "SEEDBENCH_TIME_BUDGET")]
    time_budget: Option<Duration>,
    /// The root (decimal or 0x…) instead of the commit's
    #[arg(long, value_name = "SEED", env = "SEEDBENCH_ROOT")]
    root: Option<RootSeed>,
}

/// What is known before anything runs.
struct Prepared {
    source: PolicySource,
    profile: Profile,
    revision: Option<String>,
    root: RootSeed,
    root_from: String,
    rows: Vec<PlannedRow>,
    known: BTreeSet<String>,
    check_rows: u64,
}

impl CheckArgs {
    /// Runs the check and returns its exit code.
    ///
    /// # Errors
    /// When policy, baseline or plan make no sense, or a file cannot be written.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        let prepared = self.prepare(output)?;
        let plan = request::plan(&prepared.source, &prepared.profile, prepared.root)?;
        if self.list {
            output.print(&list(&prepared))?;
            return Ok(exit::OK);
        }
        let exports = Export::all(&self.export)?;
        if let Some(dir) = &self.out {
            super::execute::try_out(dir)?;
        }
        let has_cells = prepared
            .rows
            .iter()
            .any(|row| matches!(row.work, request::Work::Cell { .. }));
        let summary = has_cells.then(|| run::summary(&plan));
        let was_at = self.baseline_path(&prepared.source);
        let baseline = self.read_baseline(&was_at, &plan_words(summary.as_ref()), output)?;

        let throughput = prepared.profile.throughput;
        let limits = measure::Limits {
            time_budget: self.time_budget.or(prepared.profile.time_budget),
            costs: throughput,
            check_rows: prepared.check_rows,
        };
        let mut report = measure::measure(&plan, &prepared.rows, limits, output)?;
        report.plan = summary;
        report.false_alarm = gate::false_alarm(&report);

        let asked = Asked {
            policy: &prepared.source.policy,
            policy_file: prepared.source.file.as_deref().map(shown),
            profile: self.profile.clone(),
            revision: prepared.revision,
            root: prepared.root,
            root_from: prepared.root_from,
            rows: prepared.rows.into_iter().map(|row| row.request).collect(),
            known: prepared.known,
            speed: throughput.then(|| Speed {
                slower_than: prepared.profile.slower_than.unwrap_or(SLOWER_THAN),
            }),
        };
        let path = shown(&was_at);
        let against = baseline.as_ref().map(|baseline| Against {
            baseline,
            path: &path,
        });
        let sizes = report.plan.as_ref().map(|plan| (plan.tasks, plan.words));
        let (check, current) = evaluate(&report, &asked, against, |id| limits::of(id, sizes));
        report.exit_code = check
            .problems
            .iter()
            .map(code)
            .fold(exit::OK, exit::gravest);
        if baseline.is_none() && self.save_baseline.is_none() {
            report.exit_code = exit::gravest(report.exit_code, exit::NO_BASELINE);
        }
        report.verdict = match report.exit_code {
            exit::OK => "as-declared",
            exit::INCONCLUSIVE | exit::NO_BASELINE => "inconclusive",
            _ => "not-as-declared",
        }
        .into();
        let whole = CheckReport { report, check };
        self.publish(&whole, &exports, &path, output)?;
        if let Some(named) = &self.save_baseline {
            self.save(named, &prepared.source, &was_at, &whole, &current, output)?;
        }
        Ok(whole.report.exit_code)
    }

    fn prepare(&self, output: &Output) -> anyhow::Result<Prepared> {
        let source = PolicySource::read(self.policy.as_deref())?;
        let policy = &source.policy;
        let rules = verdict::RULES.iter().map(|rule| rule.id());
        policy
            .check(rules, today())
            .map_err(|error| source.bad(&error))?;
        let profile = policy
            .profile(&self.profile)
            .map_err(|error| Failure::usage(error.to_string()))?;
        let known = request::rows(&source, policy.targets.iter())?
            .into_iter()
            .map(|row| row.request.name)
            .collect();
        let mut rows = request::rows(&source, policy.targets_of(&profile))?;
        if rows.is_empty() {
            return Err(Failure::bad_data(
                "the policy names no target, so there is nothing to check; `seedbench init` shows how",
            ));
        }
        let check_rows = rows.len() as u64;
        let revision = revision::revision(source.folder());
        let (root, root_from) = self.root(&profile, revision.as_deref(), output)?;
        let replay = self.replay(&source, root);
        for row in &mut rows {
            row.request.replay = format!("{replay} --only {}", quoted(&row.request.name));
        }
        if let Some(pattern) = &self.only {
            rows = request::only(rows, pattern)?;
        }
        Ok(Prepared {
            source,
            profile,
            revision,
            root,
            root_from,
            rows,
            known,
            check_rows,
        })
    }

    fn root(
        &self,
        profile: &Profile,
        revision: Option<&str>,
        output: &Output,
    ) -> anyhow::Result<(RootSeed, String)> {
        if let Some(root) = self.root {
            return Ok((root, "given".into()));
        }
        match profile.root {
            RootChoice::Given(root) => Ok((root, "from the policy".into())),
            RootChoice::Rotate => Ok((
                super::generate::fresh_root()?,
                "drawn for this check alone".into(),
            )),
            RootChoice::Commit => {
                match revision.and_then(|revision| Some((revision::root(revision)?, revision))) {
                    Some((root, revision)) => Ok((root, format!("commit {revision}"))),
                    None => {
                        output.remark(
                            "no commit is known here, so the root is 0; --root gives another",
                        );
                        Ok((RootSeed::from_u64(0), "no commit is known".into()))
                    }
                }
            }
        }
    }

    /// The command that repeats this check, without the row.
    fn replay(&self, source: &PolicySource, root: RootSeed) -> String {
        let mut words = vec!["seedbench".to_owned(), "check".to_owned()];
        let mut option = |name: &str, value: &str| words.extend([name.to_owned(), quoted(value)]);
        if let Some(file) = &source.file {
            option("--policy", &shown(file));
        }
        option("--profile", &self.profile);
        if let Some(baseline) = &self.baseline {
            option("--baseline", baseline);
        }
        option("--root", &root.to_string());
        words.join(" ")
    }

    fn publish(
        &self,
        whole: &CheckReport,
        exports: &[Export],
        baseline: &str,
        output: &Output,
    ) -> anyhow::Result<()> {
        let CheckReport { report, check } = whole;
        if output.quiet {
            for problem in &check.problems {
                if problem.kind < ProblemKind::Remark {
                    complain!("seedbench: error: {}: {}", problem.rule, problem.message);
                }
            }
        } else {
            let style = check_text::CheckStyle {
                color: output.color,
                verbose: output.verbose,
            };
            output.print(&check_text::render(report, check, style))?;
        }
        if report.false_alarm > FALSE_ALARM {
            output.remark(&format!(
                "with so many rows the chance of a false alarm is above {FALSE_ALARM:e}; split the \
                 check into profiles"
            ));
        }
        if report.exit_code == exit::NO_BASELINE {
            complain!(
                "seedbench: error: there is no baseline at {baseline}; `seedbench check \
                 --save-baseline` writes one"
            );
        }
        if std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
            output.print(&markdown::annotations(check))?;
        }
        for export in exports {
            export.write(whole)?;
        }
        if let Some(dir) = &self.out {
            let written = report::write_all(report, dir)?;
            output.remark(report::text::location(&shown(&written.dir)).trim_end());
        }
        Ok(())
    }
}

fn list(prepared: &Prepared) -> String {
    let mut text = String::new();
    for row in &prepared.rows {
        text.push_str(&format!("{}  {}\n", row.request.target, row.request.name));
    }
    text
}

fn code(problem: &Problem) -> u8 {
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
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}
