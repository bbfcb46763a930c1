//! What to use instead: the sound strategies that a language can do with a program to paste, ranked
//! for a job's size.

mod costs;
mod detect;
mod language;
mod order;
mod recipe;

pub use costs::{Measured, measured};
pub use detect::{Weakness, size_to_detect};
pub use language::Language;
pub use order::{Timed, order, preference};
pub use recipe::{Library, ROOT_BITS, Recipe, refutation, replay};

use serde::Serialize;

use crate::{
    harness::throughput::{Measurement, StrategyCost},
    horizon::{self, Ends, JobSize, Starts},
    math,
    strategies::{self, Claim, Fact, Promise, Scope, SeedSpace, Spec},
    vocabulary::BackendKind,
};

/// The risk of a shared or overlapping stream that advice accepts.
pub const ACCEPTED_RISK: f64 = 1e-6;

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
    /// How many streams of this length, in runs of this size, keep the risk accepted.
    pub holds_for: f64,
    /// Whether a stream is a function of root and task.
    pub keyed_by_task: bool,
    /// Bits of the root that matter.
    pub root_bits: f64,
    /// Whether the run can be repeated from a recorded root.
    pub replayable: bool,
    /// Where its generator comes from.
    pub library: Library,
    /// Lines to paste.
    pub lines: usize,
    /// What it costs: in Rust on this machine, in another language as [`measured`]; `None` if not measured.
    pub cost: Option<Cost>,
    /// Its place among the language's recipes, which ends all ties.
    #[serde(skip)]
    place: usize,
    /// The program to paste.
    #[serde(rename = "program", serialize_with = "program")]
    pub recipe: &'static Recipe,
}

/// What a strategy costs, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Cost {
    /// Opening one stream.
    pub open_ns: f64,
    /// Drawing one word.
    pub word_ns: f64,
    /// Opening a stream and drawing its words.
    pub stream_ns: f64,
    /// The same from the ends of the intervals of both.
    pub stream_interval_ns: (f64, f64),
}

fn program<S: serde::Serializer>(
    recipe: &&'static Recipe,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&recipe.program())
}

/// Ranks what a language can do for a job: what keeps the risk accepted by cost, where costs tie by
/// the written order (see [`order()`]); then the others by risk.
pub fn rank(
    language: Language,
    job: JobSize,
    replayable: bool,
    costs: &[StrategyCost],
) -> Vec<Choice> {
    let choices = language
        .recipes()
        .iter()
        .enumerate()
        .filter_map(|(place, recipe)| {
            let spec = strategies::find(recipe.strategy)?.spec();
            recommendable(spec, replayable).then(|| Choice {
                place,
                ..choice(recipe, spec, job, costs)
            })
        });
    let (accepted, mut others): (Vec<Choice>, Vec<Choice>) =
        choices.partition(|choice| choice.risk <= ACCEPTED_RISK);
    others.sort_by(|a, b| a.risk.total_cmp(&b.risk).then(a.id.cmp(b.id)));
    let mut ranked = order(
        accepted,
        |choice| {
            choice
                .cost
                .map(|cost| (cost.stream_ns, cost.stream_interval_ns))
        },
        |choice| {
            (
                !choice.keyed_by_task,
                choice.root_bits < ROOT_BITS,
                !choice.replayable,
                choice.library,
                choice.lines,
                choice.place,
            )
        },
    );
    ranked.extend(others);
    ranked
}

/// Whether a strategy may be advised at all: it claims to be sound and promises distinct, fresh and
/// independent streams on threads and on forked processes alike.
pub fn recommendable(spec: &Spec, replayable: bool) -> bool {
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

fn choice(
    recipe: &'static Recipe,
    spec: &'static Spec,
    job: JobSize,
    costs: &[StrategyCost],
) -> Choice {
    let starts = Starts::of(spec).with_root_bits(ROOT_BITS);
    let (risk, ends) = horizon::risk(&starts, job);
    // Where starts are hashed from root and task, runs of one root are one run as well.
    let roots = match spec.seed_space {
        SeedSpace::Random { .. } => math::collision_probability(job.runs, ROOT_BITS),
        _ => 0.0,
    };
    let cost = costs.iter().find(|cost| cost.id == spec.id);
    Choice {
        id: spec.id,
        summary: spec.summary,
        // No derivation from keys of 256 bits can be trusted further than keys are apart.
        risk: (risk + roots).max(math::collision_probability(job.streams * job.runs, 256.0)),
        ends,
        holds_for: horizon::limit(&starts, job.streams, job.words, ACCEPTED_RISK).streams,
        keyed_by_task: spec.scope == Scope::Task && spec.reads.contains(&Fact::TaskIndex),
        root_bits: spec.root_bits().map_or(0.0, f64::from).min(ROOT_BITS),
        replayable: spec
            .promises_on(BackendKind::Fork)
            .contains(Promise::Replayable),
        library: recipe.library,
        lines: recipe.lines(),
        place: 0,
        cost: cost.map(|cost| Cost::of(cost, job.words)),
        recipe,
    }
}

impl Cost {
    fn of(cost: &StrategyCost, words: f64) -> Self {
        let whole = |of: fn(&Measurement) -> f64| of(&cost.open) + words * of(&cost.draw);
        Self {
            open_ns: cost.open.median,
            word_ns: cost.draw.median,
            stream_ns: whole(|measured| measured.median),
            stream_interval_ns: (
                whole(|measured| measured.interval.0),
                whole(|measured| measured.interval.1),
            ),
        }
    }
}
