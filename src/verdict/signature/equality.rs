//! What a pattern of equal streams says of its cause.

use super::{
    labels::{self, Joined},
    narrow,
    regular::{self, Regular},
};
use crate::{
    results::{EqualStreams, Equality, FindingKind, Joins, LISTED_STREAMS, Place, Witness},
    verdict::{
        Aim, Attribution, Case, Context, Diagnosis, Expect, Finding, Severity,
        cures::{self, PER_TASK},
        words,
    },
    vocabulary::{BackendKind, RunGroup, Site, StreamId},
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
    /// Streams are equal whose labels, as epoch and worker, come to the same.
    Labels(Joined),
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
        if super::clock::follows_clock(joins, context) {
            return EqualitySignature::Clock;
        }
        // Every run is one class: all its pairs are equal.
        if tasks >= 2 && equality.same_run_pairs == fresh_runs * (tasks * (tasks - 1) / 2) {
            return EqualitySignature::OneSeedPerRun;
        }
        if let Some(joined) = labels::joined(equality, joins, context.labels) {
            return EqualitySignature::Labels(joined);
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

/// The equal streams of one run group, and the pattern that they make.
pub(in crate::verdict) struct SharedEquality<'a> {
    pub(in crate::verdict) equality: &'a Equality,
    pub(in crate::verdict) signature: EqualitySignature,
    /// Those that are listed.
    pub(in crate::verdict) groups: Vec<&'a EqualStreams>,
    attribution: Attribution,
}

/// Every run group of a case whose streams are to differ.
pub(in crate::verdict) fn groups<'a>(case: &Case<'a>) -> Vec<SharedEquality<'a>> {
    let identical = matches!(
        case.aim,
        Aim::Audit {
            expect: Expect::Identical,
            ..
        }
    );
    let joins = &case.analysis.joins;
    let attribution = attribution(case);
    let of_group = |equality: &'a Equality| {
        let in_group = |id: StreamId| {
            case.context
                .runs
                .iter()
                .find(|info| info.run == id.run)
                .map_or(RunGroup::Fresh, |info| info.group)
                == equality.group
        };
        let listed = joins.equal_streams.iter();
        SharedEquality {
            equality,
            signature: equality_signature(equality, joins, &case.context),
            groups: listed
                .filter(|group| group.streams.first().is_some_and(|&id| in_group(id)))
                .collect(),
            attribution,
        }
    };
    let all = case.analysis.equality.iter().filter(|_| !identical);
    all.map(of_group).collect()
}

impl SharedEquality<'_> {
    /// A finding about these streams, with the cause that their pattern tells.
    pub(in crate::verdict) fn finding(
        &self,
        kind: FindingKind,
        message: String,
        context: &Context<'_>,
    ) -> Finding {
        let (cause, cure) = cause_and_cure(self.equality, &self.signature, context);
        self.charged(
            kind,
            Diagnosis {
                message,
                cause,
                cure,
            },
        )
    }

    /// A finding about these streams, charged to whom they are.
    pub(in crate::verdict) fn charged(&self, kind: FindingKind, diagnosis: Diagnosis) -> Finding {
        let severity = match self.attribution {
            Attribution::Generator => Severity::Warning,
            _ => Severity::Error,
        };
        Finding::diagnosed(kind, severity, self.attribution, diagnosis)
    }

    /// Whether runs of given roots that differ repeat each other.
    pub(in crate::verdict) fn rooted_runs_repeat(&self) -> bool {
        self.equality.group == RunGroup::Rooted && !self.equality.repeated_runs.is_empty()
    }

    /// Names the listed streams that a finding concerns.
    pub(in crate::verdict) fn name_streams(
        &self,
        found: &mut Finding,
        concerned: impl Fn(&EqualStreams) -> bool,
    ) {
        let concerned: Vec<&&EqualStreams> = self
            .groups
            .iter()
            .filter(|group| concerned(group))
            .collect();
        found.stream_count = concerned.iter().map(|group| group.count).sum();
        found.streams = concerned
            .iter()
            .flat_map(|group| group.streams.iter().copied())
            .take(LISTED_STREAMS)
            .collect();
        found.witness = concerned
            .first()
            .and_then(|group| equal_witness(&group.streams, group.words));
    }

    /// Says how many tasks repeat those of an earlier run.
    pub(in crate::verdict) fn name_repeats(&self, found: &mut Finding) {
        found.stream_count = self.equality.repeated_runs.iter().map(|r| r.tasks).sum();
    }
}

fn equal_witness(streams: &[StreamId], words: u64) -> Option<Witness> {
    let [a, b, ..] = *streams else { return None };
    let place = |stream| Place { stream, word: 0 };
    Some(Witness::new(place(a), place(b), words))
}

/// Independent seeds of this generator make equal streams too: its state is that small.
fn attribution(case: &Case<'_>) -> Attribution {
    let control_shares = case
        .control
        .is_some_and(|control| control.equality.iter().any(|equality| equality.pairs() > 0));
    if control_shares {
        Attribution::Generator
    } else {
        Attribution::Seeding
    }
}

pub(in crate::verdict) fn cause_and_cure(
    equality: &Equality,
    signature: &EqualitySignature,
    context: &Context<'_>,
) -> (String, String) {
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
                super::clock::CAUSE
            ),
            cures::NO_ENTROPY.to_owned(),
        ),
        EqualitySignature::Labels(joined) => (labels::cause(joined), labels::CURE.to_owned()),
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
