//! What to use instead: the catalogue's sound strategies, ranked for a job's size.

mod detect;

pub use detect::{Weakness, size_to_detect};

use std::fmt;

use serde::Serialize;

use crate::{
    core::BackendKind,
    harness::throughput::StrategyCost,
    horizon::{self, Ends, JobSize, Starts},
    strategies::{self, Claim, Promise, Scope, SeedingStrategy},
};

/// The risk of a shared or overlapping stream that advice accepts.
pub const ACCEPTED_RISK: f64 = 1e-6;

/// The language that code is wanted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Rust, with the `rand` crates.
    #[default]
    Rust,
    /// Python, with numpy.
    Python,
    /// C++17, the standard library alone.
    Cpp,
}

impl Language {
    /// A whole program to paste; each is compiled or run, and audited, by the tests.
    pub const fn snippet(self) -> &'static str {
        match self {
            Self::Rust => include_str!("snippets/spawn.rs"),
            Self::Python => include_str!("snippets/spawn.py"),
            Self::Cpp => include_str!("snippets/spawn.cpp"),
        }
    }

    /// How the program is started once it is built.
    pub const fn command(self) -> &'static str {
        match self {
            Self::Rust => "./target/release/spawn",
            Self::Python => "python3 spawn.py",
            Self::Cpp => "./spawn",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rust => "Rust",
            Self::Python => "Python",
            Self::Cpp => "C++",
        })
    }
}

/// A strategy, judged for a job.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// The strategy's id.
    pub id: &'static str,
    /// What it is.
    pub summary: &'static str,
    /// An upper bound on the probability that any two streams of the job are one or overlap.
    pub risk: f64,
    /// What would make them.
    pub ends: Ends,
    /// Whether the run can be repeated from a recorded root.
    pub replayable: bool,
    /// Opening one stream and drawing its words on this machine, in ns; `None` if not measured.
    pub stream_ns: Option<f64>,
    /// Opening one stream on this machine, in ns.
    pub open_ns: Option<f64>,
    /// Drawing one word on this machine, in ns.
    pub draw_ns: Option<f64>,
}

/// Ranks the sound strategies for a job: those of accepted risk by cost, then the others by risk.
///
/// A strategy qualifies if it claims to be sound and promises distinct, fresh and independent
/// streams on threads and on forked processes alike; `replayable` asks for that promise too.
pub fn rank(job: JobSize, replayable: bool, costs: &[StrategyCost]) -> Vec<Choice> {
    let mut choices: Vec<Choice> = strategies::ALL
        .iter()
        .filter(|strategy| qualifies(**strategy, replayable))
        .map(|strategy| choice(*strategy, job, costs))
        .collect();
    let key = |choice: &Choice| {
        let accepted = choice.risk <= ACCEPTED_RISK;
        let order = if accepted {
            choice.stream_ns.unwrap_or(f64::INFINITY)
        } else {
            choice.risk
        };
        (!accepted, order)
    };
    choices.sort_by(|a, b| {
        let (a, b) = (key(a), key(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    choices
}

fn qualifies(strategy: &dyn SeedingStrategy, replayable: bool) -> bool {
    let spec = strategy.spec();
    // Drawing from the operating system for every word is a yardstick, not advice.
    spec.scope != Scope::Draw
        && [BackendKind::Threads, BackendKind::Fork]
            .into_iter()
            .all(|backend| {
                let promises = spec.promises_on(backend);
                *strategies::claim(spec, backend) == Claim::Sound
                    && promises.contains(Promise::Distinct)
                    && promises.contains(Promise::Fresh)
                    && promises.contains(Promise::Independent)
                    && (!replayable || promises.contains(Promise::Replayable))
            })
}

fn choice(strategy: &dyn SeedingStrategy, job: JobSize, costs: &[StrategyCost]) -> Choice {
    let spec = strategy.spec();
    let (risk, ends) = horizon::risk(&Starts::of(spec), job);
    let cost = costs.iter().find(|cost| cost.id == spec.id);
    Choice {
        id: spec.id,
        summary: spec.summary,
        risk,
        ends,
        replayable: spec
            .promises_on(BackendKind::Fork)
            .contains(Promise::Replayable),
        stream_ns: cost.map(|cost| cost.open.median + job.words * cost.draw.median),
        open_ns: cost.map(|cost| cost.open.median),
        draw_ns: cost.map(|cost| cost.draw.median),
    }
}
