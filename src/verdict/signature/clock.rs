//! Clocks, told by when equal streams were started, whatever generator they are of.

use std::collections::HashMap;

use crate::{
    results::{Equality, Joins, RepeatedRun},
    verdict::{Context, Diagnosis, cures},
    vocabulary::{RunId, StreamId},
};

/// Why streams and runs are equal that were started at once.
pub(in crate::verdict) const CAUSE: &str =
    "the seed is read from a clock: what starts within one of its ticks draws the same";

/// A second, and how much later a program may read its clock than it was started.
const SECOND_NS: u64 = 1_000_000_000;
const JITTER_NS: u64 = 100_000_000;

/// Whether streams are equal where they were started next to one another and at no other time, across runs
/// or only in a part of one: what starts together shares a tick.
pub(super) fn follows_clock(joins: &Joins, context: &Context<'_>) -> bool {
    let starts: HashMap<StreamId, u64> = context
        .launches
        .iter()
        .map(|(id, launch)| (*id, launch.started_unix_ns))
        .collect();
    let known = |id: &StreamId| starts.contains_key(id);
    if !joins
        .equal_streams
        .iter()
        .all(|group| group.streams.iter().all(known))
    {
        return false;
    }
    let spans: Vec<(u64, u64, usize)> = joins
        .equal_streams
        .iter()
        .map(|group| {
            let times = || {
                group
                    .streams
                    .iter()
                    .filter_map(|id| starts.get(id).copied())
            };
            let runs: Vec<RunId> = group.streams.iter().map(|id| id.run).collect();
            let (first, last) = (times().min().unwrap_or(0), times().max().unwrap_or(0));
            (
                first,
                last,
                runs.iter().collect::<std::collections::HashSet<_>>().len(),
            )
        })
        .collect();
    let grouped: HashMap<StreamId, ()> = joins
        .equal_streams
        .iter()
        .flat_map(|group| group.streams.iter().map(|&id| (id, ())))
        .collect();
    // Of a large group some streams are not listed: who belongs to none is then not known.
    let listed_all = joins
        .equal_streams
        .iter()
        .all(|group| group.count == group.streams.len() as u64);
    let single = starts
        .iter()
        .filter(|_| listed_all)
        .filter(|(id, _)| !grouped.contains_key(id))
        .map(|(_, &start)| start);
    let mut spans_and_singles: Vec<(u64, u64, usize)> =
        single.map(|start| (start, start, 1)).collect();
    spans_and_singles.extend(&spans);
    spans_and_singles.sort_unstable();
    let apart = spans_and_singles
        .windows(2)
        .all(|pair| pair[0].1 <= pair[1].0.saturating_add(JITTER_NS));
    let within_a_second = spans
        .iter()
        .all(|(first, last, _)| last - first <= SECOND_NS + JITTER_NS);
    let across_runs = spans.iter().any(|(.., runs)| *runs > 1);
    !spans.is_empty() && spans_and_singles.len() > 1 && apart && within_a_second && across_runs
}

/// When a run was started, in nanoseconds since the Unix epoch.
fn started(run: RunId, context: &Context<'_>) -> Option<u64> {
    let starts = context.launches.iter().filter(|(id, _)| id.run == run);
    starts.map(|(_, launch)| launch.started_unix_ns).min()
}

/// What it says that runs repeat each other which started within one second, while one that started in
/// another does not: their seed is no constant. `None` where that is not so, or not known.
pub(in crate::verdict) fn runs_of_one_tick(
    equality: &Equality,
    context: &Context<'_>,
) -> Option<Diagnosis> {
    let together = |repeat: &RepeatedRun| {
        let (first, second) = (
            started(repeat.repeats, context)?,
            started(repeat.run, context)?,
        );
        Some(first.abs_diff(second) <= SECOND_NS + JITTER_NS)
    };
    let repeats = &equality.repeated_runs;
    if repeats.is_empty() || !repeats.iter().all(|repeat| together(repeat) == Some(true)) {
        return None;
    }
    let of_a_group = |run: RunId| {
        repeats
            .iter()
            .any(|repeat| repeat.run == run || repeat.repeats == run)
    };
    let last = repeats
        .iter()
        .filter_map(|repeat| started(repeat.run, context))
        .max()?;
    let other = context.runs.iter().map(|info| info.run).find(|&run| {
        !of_a_group(run)
            && started(run, context).is_some_and(|start| start / SECOND_NS != last / SECOND_NS)
    })?;
    let first = repeats.first()?;
    Some(Diagnosis {
        message: format!(
            "{} and {}, which started within one second, draw the same words, and {other}, which started in \
             another, does not: the seed is no constant",
            first.repeats, first.run
        ),
        cause: CAUSE.to_owned(),
        cure: cures::NO_ENTROPY.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        results::EqualStreams,
        vocabulary::{Launch, RunInfo},
    };

    fn launches(starts_ms: &[(u32, u32, u64)]) -> Vec<(StreamId, Launch)> {
        let launch = |ms: u64| Launch {
            started_unix_ns: 1_700_000_000_000_000_000 + ms * 1_000_000,
            ..Launch::default()
        };
        starts_ms
            .iter()
            .map(|&(run, task, ms)| (StreamId::new(run, task), launch(ms)))
            .collect()
    }

    fn equal(groups: &[&[(u32, u32)]]) -> Joins {
        let group = |members: &&[(u32, u32)]| EqualStreams {
            streams: members
                .iter()
                .map(|&(run, task)| StreamId::new(run, task))
                .collect(),
            count: members.len() as u64,
            words: 100,
            runs: 2,
            tasks: 2,
        };
        Joins {
            equal_streams: groups.iter().map(group).collect(),
            ..Joins::default()
        }
    }

    #[test]
    fn neighbours_in_time_are_a_clock_and_others_are_not() {
        let starts = launches(&[
            (0, 0, 100),
            (0, 1, 500),
            (1, 0, 900),
            (1, 1, 1400),
            (2, 0, 1800),
        ]);
        let context = Context {
            launches: &starts,
            ..Context::default()
        };
        let ticks = equal(&[&[(0, 0), (0, 1), (1, 0)], &[(1, 1), (2, 0)]]);
        assert!(follows_clock(&ticks, &context));
        let scattered = equal(&[&[(0, 0), (1, 0)], &[(0, 1), (1, 1)]]);
        assert!(!follows_clock(&scattered, &context));
        let one_run = equal(&[&[(0, 0), (0, 1)]]);
        assert!(
            !follows_clock(&one_run, &context),
            "one seed a run looks so too"
        );
        assert!(!follows_clock(&ticks, &Context::default()));
    }

    #[test]
    fn a_run_in_another_second_refutes_a_constant() {
        let runs: Vec<RunInfo> = (0..3).map(|run| RunInfo::fresh(RunId(run))).collect();
        let equality = Equality {
            runs: 3,
            repeated_runs: vec![RepeatedRun {
                run: RunId(1),
                repeats: RunId(0),
                tasks: 2,
            }],
            ..Equality::default()
        };
        let said = |starts: &[(u32, u32, u64)]| {
            let launches = launches(starts);
            let context = Context {
                runs: &runs,
                launches: &launches,
                ..Context::default()
            };
            runs_of_one_tick(&equality, &context).map(|said| said.message)
        };
        let message = said(&[(0, 0, 100), (1, 0, 150), (2, 0, 1050)]).unwrap();
        assert!(
            message.starts_with("run 0 and run 1, which started within one second"),
            "{message}"
        );
        assert_eq!(
            said(&[(0, 0, 100), (1, 0, 2150), (2, 0, 4050)]),
            None,
            "repeats much later are no clock"
        );
        assert_eq!(
            said(&[(0, 0, 100), (1, 0, 150), (2, 0, 180)]),
            None,
            "nothing was asked of another second"
        );
        assert_eq!(said(&[]), None);
    }
}
