//! `seedbench check`: everything a policy names, held against the committed baseline.

use std::{path::PathBuf, time::Duration};

use super::{
    Failure, Output,
    audit::ShownStarts,
    execute::{self, Progress},
    exit,
    export::Export,
    host,
};
use crate::{
    audit::Watcher,
    gate::{
        self, CheckError, CheckRequest, CheckWatcher, Checked, PolicySource, RowRequest,
        parse_duration, shown,
    },
    record::{CheckReport, ProblemKind},
    report::{self, check_text, markdown},
    run::Observer,
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

impl CheckArgs {
    /// Runs the check and returns its exit code.
    ///
    /// # Errors
    /// When policy, baseline or plan make no sense, or a file cannot be written.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        let request = self.request()?;
        let mut watching = Watching(ShownStarts::new(output), output);
        if self.list {
            let rows = gate::rows(&request, &mut watching).map_err(failure)?;
            output.print(&list(&rows))?;
            return Ok(exit::OK);
        }
        let exports = Export::all(&self.export)?;
        if let Some(dir) = &self.out {
            execute::try_out(dir)?;
        }
        let checked = gate::check(&request, &mut watching).map_err(failure)?;
        self.publish(&checked, &exports, output)?;
        if let Some(named) = &self.save_baseline {
            let path = checked.save(&request, named).map_err(failure)?;
            output.remark(&format!("saved {}", shown(&path)));
        }
        Ok(checked.report.report.exit_code)
    }

    fn request(&self) -> anyhow::Result<CheckRequest> {
        let source = PolicySource::read(self.policy.as_deref()).map_err(failure)?;
        Ok(CheckRequest {
            profile: self.profile.clone(),
            baseline: self.baseline.clone(),
            saves: self.save_baseline.is_some(),
            only: self.only.clone(),
            time_budget: self.time_budget,
            root: self.root,
            helper: Some(host::image()?),
            arguments: host::arguments(),
            ..CheckRequest::new(source)
        })
    }

    fn publish(
        &self,
        checked: &Checked,
        exports: &[Export],
        output: &Output,
    ) -> anyhow::Result<()> {
        let whole = &checked.report;
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
                "seedbench: error: there is no baseline at {}; `seedbench check --save-baseline` \
                 writes one",
                shown(&checked.baseline_path)
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

/// Shows programs being started, and cells being run.
struct Watching<'a>(ShownStarts<'a>, &'a Output);

impl Watcher for Watching<'_> {
    fn remark(&mut self, text: &str) {
        self.0.remark(text);
    }

    fn starting(&mut self, starts: usize) {
        self.0.starting(starts);
    }

    fn one_ended(&mut self) {
        self.0.one_ended();
    }

    fn all_ended(&mut self) {
        self.0.all_ended();
    }

    fn complained(&mut self, start: &str, lines: &[&str]) {
        self.0.complained(start, lines);
    }
}

impl CheckWatcher for Watching<'_> {
    fn detail(&mut self, text: &str) {
        self.1.detail(text);
    }

    fn observer(&mut self, cells: usize) -> Box<dyn Observer + '_> {
        Box::new(Progress::new(cells, None, self.1))
    }
}

fn failure(error: CheckError) -> anyhow::Error {
    Failure::with_code(error.exit_code, error.message)
}

fn list(rows: &[RowRequest]) -> String {
    rows.iter()
        .map(|row| format!("{}  {}\n", row.target, row.name))
        .collect()
}
