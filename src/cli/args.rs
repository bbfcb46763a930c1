//! The arguments: parsed values only, no effects.

use clap::{CommandFactory, Parser, Subcommand};

use super::{
    Output, audit, catalogue, census, check, compare, completions, demo, generate, init, origin,
    output::Global, plan, render, run, selftest, shard, watch,
};

const ABOUT: &str = "Is my parallel program's seeding sound, how many workers until it breaks, \
what does it cost, and what should I use instead?";

const EXIT_CODES: &str = "\
Exit codes:
  0    as declared (run, selftest, check), or sound (audit)
  10   unsound in an audit, or a row that is not as declared
  11   worse than the baseline
  12   inconclusive: the run could not have seen a flaw of the size asked for
  13   no baseline to compare with
  14   a cell could not run
  64   usage    65  bad data    70  internal    130  interrupted
Where several apply: 70 > 10 > 65 > 11 > 14 > 12.

Start here:
  seedbench run                              measure the catalogue on this machine
  seedbench audit --workers 16 -- python3 worker.py
                                             judge a program of your own
  seedbench watch -- python3 train.py        see a Python program seed (pip install seedbench)
  seedbench explain equal-streams            what a finding means, and its cure";

/// The whole command line.
#[derive(Parser, Debug)]
#[command(name = "seedbench", version, about = ABOUT, after_help = EXIT_CODES, propagate_version = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Options of every subcommand.
    #[command(flatten)]
    pub global: Global,
}

/// The subcommands.
#[derive(Subcommand, Debug)]
pub enum Command {
    Run(run::RunArgs),
    Audit(Box<audit::AuditArgs>),
    Watch(watch::WatchArgs),
    Plan(plan::PlanArgs),
    List(catalogue::ListArgs),
    Explain(catalogue::ExplainArgs),
    Census(census::CensusArgs),
    Render(render::RenderArgs),
    Selftest(selftest::SelftestArgs),
    Demo(demo::DemoArgs),
    Origin(origin::OriginArgs),
    Generate(generate::GenerateArgs),
    Shard(shard::ShardArgs),
    Check(check::CheckArgs),
    Compare(compare::CompareArgs),
    Init(init::InitArgs),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
    /// Write manual pages to a directory
    Man(completions::ManArgs),
}

impl Command {
    /// Runs the subcommand and returns its exit code.
    ///
    /// # Errors
    /// Whatever stopped it, with an exit code where the error is a [`super::Failure`].
    pub fn run(&self, output: &Output) -> anyhow::Result<u8> {
        match self {
            Self::Run(args) => args.run(output),
            Self::Audit(args) => args.run(output),
            Self::Watch(args) => args.run(output),
            Self::List(args) => args.run(output),
            Self::Explain(args) => args.run(output),
            Self::Census(args) => args.run(output),
            Self::Render(args) => args.run(output),
            Self::Selftest(args) => args.run(output),
            Self::Plan(args) => args.run(output),
            Self::Demo(args) => args.run(output),
            Self::Origin(args) => args.run(output),
            Self::Generate(args) => args.run(output),
            Self::Shard(args) => args.run(output),
            Self::Check(args) => args.run(output),
            Self::Compare(args) => args.run(output),
            Self::Init(args) => args.run(output),
            Self::Completions(args) => args.run(output, Arguments::command()),
            Self::Man(args) => args.run(output, Arguments::command()),
        }
    }
}
