//! `seedbench run`: measures the catalogue's strategies and writes the report.

use std::{num::NonZeroU32, path::PathBuf, time::Duration};

use super::{Failure, Output, execute, exit, export::Export, generate::fresh_root};
use crate::{
    generators,
    harness::{Effort, cores},
    plan::Plan,
    report,
    run::Extras,
    strategies,
    vocabulary::{BackendKind, RootSeed},
};

/// Measure seeding strategies on threads and on real forked processes, and write the report
///
/// Without names, the strategies of the note and the answer to its question are measured; --all takes
/// the whole catalogue. A name may end or begin with `*`:
///
///   seedbench run
///   seedbench run --quick 'spawn-key/*' pid/mt19937
///   seedbench run --all --backend threads,fork,sites
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct RunArgs {
    /// Strategies, as `seedbench list` names them
    #[arg(value_name = "STRATEGY")]
    strategies: Vec<String>,
    /// The whole catalogue
    #[arg(long, conflicts_with = "strategies")]
    all: bool,
    /// Backends: threads, fork, sites
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        default_value = "threads,fork"
    )]
    backend: Vec<String>,
    /// A smaller plan, in seconds
    #[arg(long)]
    quick: bool,
    /// Workers of every launch
    #[arg(long, value_name = "N")]
    workers: Option<u32>,
    /// Tasks of every launch
    #[arg(long, value_name = "N")]
    tasks: Option<u32>,
    /// 64-bit words that every task draws
    #[arg(long, value_name = "N")]
    words: Option<u32>,
    /// Fresh runs, each with a root of its own from the operating system
    #[arg(long, value_name = "N")]
    runs: Option<u32>,
    /// The root of everything that is not drawn from the operating system (decimal or 0x…)
    #[arg(long, value_name = "SEED", env = "SEEDBENCH_ROOT")]
    root: Option<RootSeed>,
    /// Where the report goes
    #[arg(long, value_name = "DIR", default_value = "reports/latest")]
    out: PathBuf,
    /// Write the result too: .json, .md, .csv, .xml (JUnit), .sarif, .html (may be repeated)
    #[arg(long, value_name = "FILE")]
    export: Vec<PathBuf>,
    /// Strategies worked on at once: one a core with --all, else one. The times of launches are
    /// undisturbed only with one; everything else is the same
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroU32>,
    /// Do not measure what strategies cost
    #[arg(long)]
    no_cost: bool,
    /// Do not count how many different streams strategies start
    #[arg(long)]
    no_census: bool,
    /// Start no cell after this time (30s, 5m)
    #[arg(long, value_name = "TIME", value_parser = crate::gate::parse_duration)]
    time_budget: Option<Duration>,
    /// Print the cells that would run, and stop
    #[arg(long)]
    list: bool,
}

/// The strategies that are measured without being named: the note's, and the answers to it.
const NOTE: [&str; 17] = [
    "shared-state/mt19937",
    "worker-ordinal/mt19937",
    "worker-ordinal-once/mt19937",
    "pid/mt19937",
    "pid-once/mt19937",
    "fixed/mt19937",
    "fixed-plus-index/mt19937",
    "os-random/getrandom",
    "os-random-4k/getrandom",
    "os-reseed-1-byte/mt19937",
    "os-reseed-1-byte-before-fork/mt19937",
    "os-reseed/mt19937",
    "thread-rng/chacha12",
    "spawn-key/chacha20",
    "spawn-key/mt19937",
    "spawn-key/xoshiro256pp",
    "seed-sequence/pcg64",
];

/// Cells beyond which the quick plan draws fewer words of each task.
const MANY_CELLS: usize = 64;
/// What it draws then: every flaw that shows in 2,048 words shows in these too, and they are analysed
/// in one step, not two.
const SHORT_WORDS: u32 = 1_024;

/// Strategies worked on at once, at most: each analysis uses all cores itself.
const LANES_MAX: u32 = 4;

/// Independent seeds drawn of each strategy: 16 bits of seed must show, 22 may.
const CENSUS: NonZeroU32 = NonZeroU32::new(1 << 14).expect("positive");
/// The same in a hurry. Up to 2,048 the law of collisions is computed exactly, which takes longer than
/// drawing twice as many seeds.
const SMALL_CENSUS: NonZeroU32 = NonZeroU32::new(1 << 12).expect("positive");

impl RunArgs {
    /// Runs the plan, prints the table and writes the report.
    ///
    /// # Errors
    /// When the plan makes no sense or the report cannot be written.
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        let plan = self.plan()?;
        if self.list {
            let mut text = String::new();
            for (strategy, backend) in plan.cells() {
                text.push_str(&format!("{strategy} @ {backend}\n"));
            }
            output.print(&text)?;
            return Ok(exit::OK);
        }
        execute::try_out(&self.out)?;
        let exports = Export::all(&self.export)?;
        let effort = if self.quick {
            Effort::QUICK.shared_by(plan.strategies.len(), Duration::from_secs(2))
        } else {
            Effort::STANDARD.shared_by(plan.strategies.len(), Duration::from_secs(12))
        };
        let extras = Extras {
            costs: (!self.no_cost).then_some(effort),
            census: (!self.no_census).then_some(if self.quick { SMALL_CENSUS } else { CENSUS }),
        };
        let report = execute::execute(&plan, extras, self.time_budget, output)?;
        let written = report::write_all(&report, &self.out)?;
        let place = self.out.join(report::JSON_FILE).display().to_string();
        for export in &exports {
            export.write_report(&report, &place)?;
        }
        if !output.quiet {
            let mut text = report::text::render(&report, output.text());
            text.push_str(&report::text::location(&written.dir.display().to_string()));
            output.print(&text)?;
        }
        Ok(report.exit_code)
    }

    fn plan(&self) -> anyhow::Result<Plan> {
        let mut plan = if self.quick {
            Plan::quick()
        } else {
            Plan::standard()
        };
        let before = plan.clone();
        plan.workers = self.workers.unwrap_or(plan.workers);
        plan.tasks = self.tasks.unwrap_or(plan.tasks);
        plan.words = self.words.unwrap_or(plan.words);
        plan.rooted_words = plan.rooted_words.min(plan.words);
        plan.fresh_runs = self.runs.unwrap_or(plan.fresh_runs);
        if plan == before {
            plan.widen = true;
        } else {
            plan.name = "custom".into();
        }
        plan.strategies = if self.all {
            all().map(str::to_owned).collect()
        } else if self.strategies.is_empty() {
            NOTE.map(str::to_owned).to_vec()
        } else {
            select(&self.strategies)?
        };
        plan.backends = backends(&self.backend)?;
        if plan.name == "quick" && plan.cell_count() > MANY_CELLS {
            plan.words = SHORT_WORDS;
        }
        // Fresh roots derive from the plan's: given or drawn here, it replays the run.
        plan.fixed = true;
        plan.root = match self.root {
            Some(root) => root,
            None => fresh_root()?,
        };
        plan.lanes = match self.jobs {
            Some(jobs) => jobs.get(),
            None if self.all => cores().get().min(LANES_MAX),
            None => 1,
        };
        Ok(plan)
    }
}

fn all() -> impl Iterator<Item = &'static str> {
    strategies::ALL.iter().map(|strategy| strategy.spec().id)
}

/// The backends of these names, each once.
///
/// # Errors
/// When there is no such backend.
pub fn backends(given: &[String]) -> anyhow::Result<Vec<BackendKind>> {
    let mut kinds = Vec::new();
    for name in given {
        let known = BackendKind::ALL.map(BackendKind::name);
        let kind = BackendKind::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| Failure::unknown("backend", name, known, "seedbench run --help"))?;
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    Ok(kinds)
}

/// The strategies of these names, in the catalogue's order; `*` at an end matches anything.
///
/// # Errors
/// When a name matches nothing.
pub fn select(given: &[String]) -> anyhow::Result<Vec<String>> {
    for pattern in given {
        if !all().any(|id| matches(pattern, id)) {
            if let Some(reason) = not_combined(pattern) {
                return Err(Failure::usage(reason));
            }
            return Err(Failure::unknown(
                "strategy",
                pattern,
                all(),
                "seedbench list",
            ));
        }
    }
    let chosen: Vec<String> = all()
        .filter(|id| given.iter().any(|pattern| matches(pattern, id)))
        .map(str::to_owned)
        .collect();
    if chosen.is_empty() {
        return Err(Failure::usage(
            "no strategy is named; `seedbench list` shows them",
        ));
    }
    Ok(chosen)
}

/// Why a rule of the catalogue has no row with a generator of the catalogue, and what comes nearest.
fn not_combined(name: &str) -> Option<String> {
    let (rule, generator) = name.split_once('/')?;
    let spec = generators::find(generator)?;
    let of = |half: &str, id: &str| {
        id.split_once('/')
            .is_some_and(|(r, g)| r == half || g == half)
    };
    let with_rule: Vec<&str> = all().filter(|id| of(rule, id)).collect();
    let spawned = format!("spawn-key/{generator}");
    let nearest = all().find(|&id| id == spawned)?;
    if with_rule.is_empty() {
        return None;
    }
    let reason = if rule == "jump" && spec.jump.is_none() {
        format!("{generator} has no jump here")
    } else {
        format!("the rule `{rule}` is not made for {generator}")
    };
    Some(format!(
        "`{name}` is unsupported: {reason}; use {nearest}, or {}",
        with_rule.join(", ")
    ))
}

/// Whether a name matches a pattern with `*` at its ends.
pub fn matches(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => name.contains(pattern.trim_matches('*')),
        (Some(end), None) => name.ends_with(end),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_strategy_that_is_measured_by_default_exists() {
        for id in NOTE {
            assert!(strategies::find(id).is_some(), "{id}");
        }
    }

    #[test]
    fn patterns_match_at_their_ends() {
        assert!(matches("spawn-key/*", "spawn-key/chacha20"));
        assert!(matches("*/mt19937", "pid/mt19937"));
        assert!(matches("*key*", "spawn-key/mt19937"));
        assert!(matches("*", "anything"));
        assert!(!matches("spawn", "spawn-key/chacha20"));
    }

    #[test]
    fn a_jump_that_does_not_exist_is_answered_with_what_works() {
        let error = select(&["jump/mt19937".to_owned()])
            .unwrap_err()
            .to_string();
        assert!(error.contains("mt19937 has no jump here"), "{error}");
        assert!(
            error.contains("use spawn-key/mt19937, or jump/xoshiro256pp"),
            "{error}"
        );
        assert!(not_combined("jump/nothing").is_none());
        assert!(not_combined("nothing/mt19937").is_none());
    }

    #[test]
    fn the_short_plan_decides_what_the_quick_one_decides() {
        use crate::strategies::Claim;
        for strategy in strategies::ALL {
            for (_, claim) in strategy.spec().claims {
                if let Claim::Broken(flaw) | Claim::WeakGenerator(flaw) = claim
                    // Where no size makes it certain, neither plan decides.
                    && flaw.from_streams < u32::MAX
                {
                    let between = SHORT_WORDS + 1..=Plan::quick().words;
                    assert!(
                        !between.contains(&flaw.from_words),
                        "{}",
                        strategy.spec().id
                    );
                }
            }
        }
    }

    #[test]
    fn unknown_backends_are_answered_with_the_nearest() {
        let error = backends(&["thread".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("did you mean threads"), "{error}");
    }
}
