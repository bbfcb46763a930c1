//! `seedbench demo`: what shared streams do to a result.

use std::{fmt::Write as _, num::NonZeroU32, path::PathBuf, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

use super::{
    Failure, Output, execute, exit,
    generate::fresh_root,
    host,
    run::{backends, select},
};
use crate::{
    demo::{self, Demo, DemoPlan, DemoRow, Errors, Factor, LEAST_WORDS},
    harness::{Backend, ForkBackend, LaunchError, SitesBackend, ThreadsBackend},
    report::{self, numbers, text::wrap},
    strategies,
    vocabulary::{BackendKind, RootSeed},
};

/// Show what shared streams do to a result: the error that a Monte Carlo claims, and the one it makes
///
/// Real workers estimate pi, and the energy of a 2-D Ising model, whose true values are known, again
/// and again. Without names, the strategies of the note and the answer to its question are shown:
///
///   seedbench demo
///   seedbench demo --backend fork 'spawn-key/*' pid/mt19937
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct DemoArgs {
    /// Strategies, as `seedbench list` names them
    #[arg(value_name = "STRATEGY")]
    strategies: Vec<String>,
    /// Backends: threads, fork, sites
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        default_value = "threads,fork"
    )]
    backend: Vec<String>,
    /// Workers of every run
    #[arg(long, value_name = "N", default_value = "8")]
    workers: NonZeroU32,
    /// Tasks of every run, a stream each
    #[arg(long, value_name = "N", default_value = "64")]
    tasks: NonZeroU32,
    /// Words of every stream
    #[arg(long, value_name = "N", default_value = "16384", value_parser = clap::value_parser!(u32).range(i64::from(LEAST_WORDS)..))]
    words: u32,
    /// Runs, each from a fresh root
    #[arg(long, value_name = "N", default_value = "40", value_parser = clap::value_parser!(u32).range(2..))]
    runs: u32,
    /// The root from which the fresh roots derive (decimal or 0x…)
    #[arg(long, value_name = "SEED", env = "SEEDBENCH_ROOT")]
    root: Option<RootSeed>,
    /// Where the table (demo.json) and its picture (demo.png) go
    #[arg(long, value_name = "DIR", default_value = "reports/demo")]
    out: PathBuf,
    /// The table as JSON
    #[arg(long)]
    json: bool,
}

/// The strategies that are shown without being named: how people seed, and two answers.
const SHOWN: [&str; 9] = [
    "shared-state/mt19937",
    "worker-ordinal/mt19937",
    "pid/mt19937",
    "fixed/mt19937",
    "fixed-plus-index/mt19937",
    "os-reseed-1-byte/mt19937",
    "thread-rng/chacha12",
    "spawn-key/xoshiro256pp",
    "seed-sequence/pcg64",
];

impl DemoArgs {
    /// Runs the demonstration, prints its table and writes the picture.
    ///
    /// # Errors
    /// When a strategy is unknown, nothing can run, or the picture cannot be written.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        let ids = match self.strategies.as_slice() {
            [] => SHOWN.map(str::to_owned).to_vec(),
            named => select(named)?,
        };
        let kinds = backends(&self.backend)?;
        if self.tasks.get() < 2 {
            return Err(Failure::usage(
                "--tasks 1: an error bar takes at least 2 tasks",
            ));
        }
        execute::try_out(&self.out)?;
        let positive = |count| NonZeroU32::new(count).expect("the parser has seen to it");
        let plan = DemoPlan {
            workers: self.workers,
            tasks: self.tasks,
            words: positive(self.words),
            runs: positive(self.runs),
            root: match self.root {
                Some(root) => root,
                None => fresh_root()?,
            },
        };
        let demo = measure(plan, &ids, &kinds, output)?;
        let json = serde_json::to_string_pretty(&demo)? + "\n";
        if self.json {
            output.print(&json)?;
        } else {
            output.print(&table(&demo, output.text().width))?;
        }
        let picture = self.out.join("demo.png");
        if let Some(png) = report::demo_png(&demo)? {
            report::write_atomically(&picture, &png)?;
            report::write_atomically(&self.out.join("demo.json"), json.as_bytes())?;
            output.remark(&format!("picture: {}", picture.display()));
        }
        Ok(exit::OK)
    }
}

fn measure(
    plan: DemoPlan,
    ids: &[String],
    kinds: &[BackendKind],
    output: &Output,
) -> anyhow::Result<Demo> {
    let threads = ThreadsBackend;
    let fork = ForkBackend::with_helper(host::image()?);
    let sites = SitesBackend::default();
    let all: [&dyn Backend; 3] = [&threads, &fork, &sites];
    let bar = if output.progress {
        ProgressBar::new(ids.len() as u64 * kinds.len() as u64 * u64::from(plan.runs.get()))
            .with_style(
                ProgressStyle::with_template("{bar:24} {pos}/{len} runs, {eta} left  {wide_msg}")
                    .unwrap_or_else(|_| ProgressStyle::default_bar()),
            )
    } else {
        ProgressBar::hidden()
    };
    bar.enable_steady_tick(Duration::from_millis(200));
    let (mut rows, mut left_out) = (Vec::new(), Vec::new());
    for id in ids {
        let Some(strategy) = strategies::find(id) else {
            continue;
        };
        for backend in all.iter().filter(|backend| kinds.contains(&backend.kind())) {
            let name = format!("{id} on {}", backend.kind());
            bar.set_message(name.clone());
            match demo::row(&plan, strategy, *backend, &mut || bar.inc(1)) {
                Ok(row) => rows.push(row),
                Err(LaunchError::Unsupported(unsupported)) => {
                    left_out.push(format!(
                        "{name}: {}; {}",
                        unsupported.reason, unsupported.instead
                    ));
                }
                Err(error) => {
                    let message = format!("{name}: {error}");
                    return Err(Failure::with_code(exit::CELL_FAILED, message));
                }
            }
        }
    }
    bar.finish_and_clear();
    Ok(Demo {
        plan,
        rows,
        left_out,
    })
}

/// The table, with what it says in a sentence above it.
fn table(demo: &Demo, width: usize) -> String {
    let plan = &demo.plan;
    let mut text = wrap(&sentence(demo), "", "  ", width);
    text.push('\n');
    text.push_str(&wrap(
        &format!(
            "{} runs of {} tasks × {} words on {} workers; root {}",
            plan.runs,
            plan.tasks,
            numbers::count(u64::from(plan.words.get())),
            plan.workers,
            plan.root
        ),
        "",
        "  ",
        width,
    ));
    for experiment in demo::Experiment::ALL {
        let _ = writeln!(
            text,
            "\n{} = {:.6}, from the mean over {} tasks:\n",
            experiment.name(),
            experiment.truth(),
            plan.tasks
        );
        let widest = demo
            .rows
            .iter()
            .map(|row| row.strategy.len())
            .max()
            .unwrap_or(8);
        let _ = writeln!(
            text,
            "  {:widest$}  {:7}  {:>8}  {:>8}  {:>9}  {:>9}  {:>7}  {:>7}",
            "strategy",
            "backend",
            "claimed",
            "actual",
            "too small",
            "95 % bars",
            "streams",
            "answers"
        );
        let _ = writeln!(
            text,
            "  {:widest$}  {:7}  {:>8}  {:>8}  {:>9}  {:>9}  {:>7}  {:>7}",
            "", "", "error", "error", "by", "hold it", "worth", "differ"
        );
        for row in &demo.rows {
            for errors in row
                .errors
                .iter()
                .filter(|errors| errors.experiment == experiment)
            {
                let _ = writeln!(text, "{}", line(row, errors, plan.runs.get(), widest));
            }
        }
    }
    text.push('\n');
    for line in LEGEND {
        text.push_str(&wrap(line, "", "  ", width));
    }
    for reason in &demo.left_out {
        text.push_str(&wrap(reason, "left out: ", "  ", width));
    }
    text
}

fn line(row: &DemoRow, errors: &Errors, runs: u32, widest: usize) -> String {
    let (claimed, factor) = match row.factor(errors) {
        Factor::Times(factor) => (format!("{:.5}", errors.claimed), format!("{factor:.1} x")),
        Factor::OneAnswer => (format!("{:.5}", errors.claimed), "-".to_owned()),
        Factor::NoneClaimed => ("none".to_owned(), "-".to_owned()),
    };
    let covered = 100.0 * f64::from(errors.covered) / f64::from(runs);
    format!(
        "  {:widest$}  {:7}  {claimed:>8}  {:>8}  {factor:>9}  {:>9}  {:>7}  {:>7}",
        row.strategy,
        row.backend.name(),
        format!("{:.5}", errors.actual),
        format!("{covered:.0} %"),
        numbers::worth(row.worth),
        format!("{}/{runs}", row.answers),
    )
}

/// The worst row beside the best, in words.
fn sentence(demo: &Demo) -> String {
    let factor = |row: &DemoRow| {
        let times = row
            .errors
            .iter()
            .filter_map(|errors| match row.factor(errors) {
                Factor::Times(factor) => Some(factor),
                _ => None,
            });
        times.fold(0.0, f64::max)
    };
    let worst = demo
        .rows
        .iter()
        .max_by(|a, b| factor(a).total_cmp(&factor(b)));
    let independent =
        |row: &&DemoRow| row.worth == f64::from(demo.plan.tasks.get()) && !row.repeats();
    let best = demo.rows.iter().filter(independent).min_by(|a, b| {
        let off = |row: &DemoRow| (factor(row) - 1.0).abs();
        off(a).total_cmp(&off(b))
    });
    let said = |row: &DemoRow| format!("{} on {}", row.strategy, row.backend);
    match (worst, best) {
        (Some(worst), Some(best)) if factor(worst) > 1.5 => format!(
            "Shared streams make error bars too small: with {}, where {} streams are worth {}, {:.1} times; with {}, \
             whose streams are independent, they are right ({:.1} times).",
            said(worst),
            demo.plan.tasks,
            numbers::worth(worst.worth),
            factor(worst),
            said(best),
            factor(best)
        ),
        (_, Some(best)) => format!(
            "With {}, whose streams are independent, error bars are right ({:.1} times too small).",
            said(best),
            factor(best)
        ),
        _ => "No row has independent streams: no error bar below can be relied on.".to_owned(),
    }
}

/// What the columns are.
const LEGEND: [&str; 3] = [
    "claimed: the error bar of a run's mean, from the spread of its tasks; actual: how far means are from the true \
     value; both as roots of the mean square over all runs.",
    "95 % bars: how many of mean ± 2 error bars hold the true value. worth: what a run's streams are worth, where \
     streams that are equal throughout count once.",
    "answers: how many runs gave an answer of their own; where there is one, running again tells nothing, and how far \
     it is off is luck.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_without_being_named_exists() {
        for id in SHOWN {
            assert!(strategies::find(id).is_some(), "{id}");
        }
    }
}
