//! What a pattern of equal streams says of its cause.

use crate::{
    core::{BackendKind, RunGroup, Site, StreamId},
    results::{Dissent, Equality, Joins},
};

use super::{Context, Diagnosis, ambient, clock, narrow,
    regular::{self, Regular},
    words,
};

/// The pattern that equal streams make, and so their likely cause.
#[derive(Clone, Debug, PartialEq)]
pub enum EqualitySignature {
    /// The k-th task of every worker draws the same: workers walk one inherited sequence.
    Inherited,
    /// Tasks of one worker draw the same, tasks of different workers do not.
    WorkerLocal,
    /// All tasks of a run draw the same, different runs do not.
    OneSeedPerRun,
    /// All tasks of all runs draw the same.
    OneSeedForEver,
    /// Task i of one run is task i + step of another, step being the difference of their roots
    /// where these are known.
    RootPlusIndex {
        /// The commonest distance.
        step: i64,
    },
    /// Streams are equal that were started next to one another.
    Clock,
    /// Groups of equal streams are placed or sized as chance does not place or size them.
    Regular {
        /// What is regular.
        what: Regular,
        /// The probability that chance arranges them so.
        p: f64,
    },
    /// Streams are equal by chance: their seeds come from so few values.
    Narrow {
        /// log₂ of the estimated number of seeds.
        bits: f64,
        /// The 95 % interval; an end is open where the run says nothing of it.
        interval: (Option<f64>, Option<f64>),
    },
    /// None of these.
    Unknown,
}

/// Recognises the pattern of equal streams of one run group.
pub fn equality_signature(
    equality: &Equality,
    joins: &Joins,
    context: &Context<'_>,
) -> EqualitySignature {
    if let Some(step) = common_shift(equality) {
        return EqualitySignature::RootPlusIndex { step };
    }
    if equality.same_run_pairs > 0 {
        let fresh_runs = equality.runs - equality.repeated_runs.len() as u64;
        let tasks = equality.fresh_streams / fresh_runs.max(1);
        if let Some(signature) = follows_sites(equality, joins, context) {
            return signature;
        }
        if tasks >= 2 && equality.distinct == 1 && equality.runs > 1 {
            return EqualitySignature::OneSeedForEver;
        }
        if clock::follows_clock(joins, context) {
            return EqualitySignature::Clock;
        }
        // Every run is one class: all its pairs are equal.
        if tasks >= 2 && equality.same_run_pairs == fresh_runs * (tasks * (tasks - 1) / 2) {
            return EqualitySignature::OneSeedPerRun;
        }
        if let Some((what, p)) = equality.arrangement.as_ref().and_then(regular::regular) {
            return EqualitySignature::Regular { what, p };
        }
    }
    narrow::narrow(equality).unwrap_or(EqualitySignature::Unknown)
}

/// The step at which most pairs of runs that share anything are shifted against each other.
fn common_shift(equality: &Equality) -> Option<i64> {
    if equality.same_run_pairs > 0 || equality.other_pairs == 0 {
        return None;
    }
    let complete = |pairs: u64, of: u64| 10 * pairs >= 9 * of;
    let shift = equality
        .shifts
        .iter()
        .find(|shift| shift.tasks != 0 && shift.pairs >= 2 && complete(shift.pairs, shift.of))?;
    // Nearly every pair of equal streams lies on such a shift.
    let shifted: u64 = equality
        .shifts
        .iter()
        .filter(|shift| complete(shift.pairs, shift.of))
        .map(|shift| shift.pairs)
        .sum();
    let listed_all = equality.shifts.len() < Equality::MAX_LISTED;
    (!listed_all || 2 * shifted >= equality.other_pairs).then_some(shift.tasks)
}

/// Whether the listed groups are those of tasks that have a fact of their sites in common.
fn follows_sites(
    equality: &Equality,
    joins: &Joins,
    context: &Context<'_>,
) -> Option<EqualitySignature> {
    let workers = context.workers.unwrap_or(0);
    if context.sites.is_empty() || workers < 2 {
        return None;
    }
    let groups: Vec<Vec<&Site>> = joins
        .equal_streams
        .iter()
        .flat_map(|group| by_run(&group.streams))
        .map(|ids| ids.iter().filter_map(|&id| context.site(id)).collect())
        .filter(|sites: &Vec<&Site>| sites.len() > 1)
        .collect();
    if groups.is_empty() {
        return None;
    }
    let constant = |fact: fn(&Site) -> u32| {
        groups
            .iter()
            .all(|sites| sites.iter().all(|site| fact(site) == fact(sites[0])))
    };
    let several_workers = groups
        .iter()
        .any(|sites| sites.iter().any(|site| site.worker != sites[0].worker));
    if constant(|site| site.worker.0) && equality.same_run_pairs > 0 {
        return Some(EqualitySignature::WorkerLocal);
    }
    (several_workers
        && constant(|site| site.task_ordinal)
        && context.backend == Some(BackendKind::Fork))
    .then_some(EqualitySignature::Inherited)
}

fn by_run(streams: &[StreamId]) -> Vec<Vec<StreamId>> {
    streams
        .chunk_by(|a, b| a.run == b.run)
        .map(<[StreamId]>::to_vec)
        .collect()
}

/// Says what equal streams of one run group mean.
pub fn diagnose_equality(
    rule: &str,
    equality: &Equality,
    signature: &EqualitySignature,
    joins: &Joins,
    context: &Context<'_>,
) -> Diagnosis {
    let message = match rule {
        "runs-repeat" | "not-fresh" => repeated_message(equality),
        "cross-run-sharing" => sharing_message(equality, joins, context),
        _ => match signature {
            EqualitySignature::Narrow { bits, interval } if rule == "narrow-seeds" => {
                narrow::message(equality, *bits, *interval)
            }
            _ => equal_message(equality, joins, context),
        },
    };
    let (cause, cure) = match rule {
        "runs-repeat" | "not-fresh" if (equality.repeated_runs.len() as u64) + 1 < equality.runs => (
            "the seed is not fixed, since other runs draw other words: a clock that had not ticked between \
             two starts, or seeds from so few that two runs drew the same"
                .to_owned(),
            ambient::CURE.to_owned(),
        ),
        "runs-repeat" | "not-fresh" => (
            "the seed is fixed: a constant or a default that nobody set".to_owned(),
            "draw one root from the operating system per run, log it, and accept a given root \
             only to replay"
                .to_owned(),
        ),
        _ => cause_and_cure(equality, signature, context),
    };
    Diagnosis {
        message,
        cause,
        cure,
    }
}

fn equal_message(equality: &Equality, joins: &Joins, context: &Context<'_>) -> String {
    let example = joins
        .equal_streams
        .iter()
        .find(|group| group.is_within_run())
        .map_or_else(String::new, |group| {
            format!(
                ": {} draw the same {}",
                words::streams(&group.streams, group.count, context),
                words::counted(group.words, "word")
            )
        });
    format!(
        "{} of tasks in one run draw the same words{example}; your {} are worth {}",
        words::counted(equality.same_run_pairs, "pair"),
        words::counted(equality.streams, "stream"),
        words::amount(equality.effective_streams()),
    )
}

fn sharing_message(equality: &Equality, joins: &Joins, context: &Context<'_>) -> String {
    if equality.group == RunGroup::Rooted
        && let Some(repeat) = equality.repeated_runs.first()
    {
        let root = |run| {
            context
                .runs
                .iter()
                .find(|info| info.run == run)
                .and_then(|info| info.root)
                .map_or_else(|| run.to_string(), |root| format!("root {root}"))
        };
        return format!(
            "{} and {} draw the same words, task by task ({}): the root makes no difference",
            root(repeat.repeats),
            root(repeat.run),
            words::counted(repeat.tasks, "task"),
        );
    }
    let example = joins
        .equal_streams
        .iter()
        .find(|group| group.is_cross_run())
        .or(joins.equal_streams.first())
        .map_or_else(String::new, |group| {
            format!(
                ": {} draw the same {}",
                words::streams(&group.streams, group.count, context),
                words::counted(group.words, "word")
            )
        });
    let pairs = equality.other_pairs + equality.same_task_pairs;
    format!(
        "{} of tasks in different runs draw the same words{example}",
        words::counted(pairs, "pair")
    )
}

fn repeated_message(equality: &Equality) -> String {
    equality
        .repeated_runs
        .first()
        .map_or_else(String::new, |repeat| {
            format!(
                "{} of {} repeat an earlier one task by task: {} draws what {} drew, in all {}",
                words::count(equality.repeated_runs.len() as u64),
                words::counted(equality.runs, "run"),
                repeat.run,
                repeat.repeats,
                words::counted(repeat.tasks, "common task"),
            )
        })
}

fn cause_and_cure(
    equality: &Equality,
    signature: &EqualitySignature,
    context: &Context<'_>,
) -> (String, String) {
    const PER_TASK: &str = "draw one root per run and derive each task's stream from root and task \
                            index with a keyed generator or a spawn key";
    let (cause, cure) = match signature {
        EqualitySignature::Inherited => (
            format!(
                "every worker repeats the same sequence: state inherited by fork. The largest \
                 multiplicity is {}, with {} in the pool",
                words::count(equality.largest),
                words::counted(u64::from(context.workers.unwrap_or(0)), "worker"),
            ),
            "open the generator in the worker or task, not before the fork; ".to_owned() + PER_TASK,
        ),
        EqualitySignature::WorkerLocal => (
            "tasks of one worker draw the same and tasks of different workers do not: the seed is \
             a fact of the worker (its ordinal, process or thread id) and is set anew in every task"
                .to_owned(),
            PER_TASK.to_owned(),
        ),
        EqualitySignature::OneSeedPerRun => (
            if equality.runs > 1 {
                "all tasks of a run draw the same and runs differ: state inherited by fork, or one \
                 seed (a clock, the parent's id) handed to all"
            } else {
                "all tasks draw the same: state inherited by fork, or one seed (a constant, a clock, \
                 the parent's id) handed to all; a second run tells whether it is a constant"
            }
            .to_owned(),
            "open the generator in the worker or task, not before the fork; ".to_owned() + PER_TASK,
        ),
        EqualitySignature::OneSeedForEver => (
            "every task of every run draws the same: a constant seed (or a process id that all \
             have in common) is set in each task"
                .to_owned(),
            PER_TASK.to_owned(),
        ),
        EqualitySignature::RootPlusIndex { step } => (
            format!(
                "task i of one run is task i {} {} of another: seeds are root + index, so \
                 neighbouring roots give shifted copies",
                if *step < 0 { '-' } else { '+' },
                step.unsigned_abs()
            ),
            "hash root and index together (a spawn key), never add or xor them".to_owned(),
        ),
        EqualitySignature::Clock => (
            format!(
                "streams are equal that were started next to one another, and no others: {}",
                ambient::CLOCK_CAUSE
            ),
            ambient::CURE.to_owned(),
        ),
        EqualitySignature::Regular { what, p } => (
            equality
                .arrangement
                .as_ref()
                .map_or_else(String::new, |arrangement| {
                    regular::cause(what, arrangement, *p)
                }),
            PER_TASK.to_owned(),
        ),
        EqualitySignature::Narrow { bits, interval } => (
            narrow::cause(equality.pairs(), *bits, *interval),
            "seed with at least 128 bits, or ".to_owned() + PER_TASK,
        ),
        EqualitySignature::Unknown => (
            "different tasks are seeded alike: the seed is a fact they have in common, or state \
             that was copied with its generator"
                .to_owned(),
            PER_TASK.to_owned(),
        ),
    };
    (cause, cure)
}

/// Says which ranks differ where all were to be equal.
pub fn diagnose_dissent(
    equality: &Equality,
    dissent: &Dissent,
    context: &Context<'_>,
) -> Diagnosis {
    Diagnosis {
        message: format!(
            "{} of {} differ from the commonest one of their run: {}",
            words::count(dissent.count),
            words::counted(equality.streams, "stream"),
            words::streams(&dissent.streams, dissent.count, context),
        ),
        cause: "the rank goes into the seed, the seed is drawn on every rank, or a rank has drawn \
                more numbers than the others before"
            .to_owned(),
        cure:
            "send one root to every rank and leave the rank out of the seed where ranks must agree"
                .to_owned(),
    }
}
