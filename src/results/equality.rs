//! Equal streams, counted by whom they belong to.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::Arrangement;
use crate::vocabulary::{Layout, RunGroup, RunId, StreamId};

/// A run that draws, task by task, what an earlier run drew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepeatedRun {
    /// The run.
    pub run: RunId,
    /// The earlier run that it repeats.
    pub repeats: RunId,
    /// How many tasks the two have in common, all of them equal.
    pub tasks: u64,
}

/// Equal streams of two runs at a constant distance of tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunShift {
    /// The one run.
    pub a: RunId,
    /// The other run.
    pub b: RunId,
    /// Task t of run `a` equals task t + `tasks` of run `b`.
    pub tasks: i64,
    /// How many pairs of tasks are equal at this distance.
    pub pairs: u64,
    /// How many pairs of tasks the two runs have at this distance.
    pub of: u64,
}

/// Equal streams of one run group, counted by whom they belong to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Equality {
    /// The run group.
    pub group: RunGroup,
    /// Streams compared.
    pub streams: u64,
    /// Streams of them that are too short to be told from chance; they count as distinct.
    pub too_short: u64,
    /// Streams that differ from one another.
    pub distinct: u64,
    /// Σm² over groups of equal streams, a stream on its own counting 1.
    pub sum_of_squares: f64,
    /// The same two without the runs that repeat an earlier one task by task.
    pub fresh_streams: u64,
    /// See [`fresh_streams`](Self::fresh_streams).
    pub fresh_sum_of_squares: f64,
    /// Streams in the largest group.
    pub largest: u64,
    /// Pairs of equal streams within one run. This and all that follows leaves out the runs that
    /// repeat an earlier one task by task: their pairs say nothing new.
    pub same_run_pairs: u64,
    /// Pairs of equal streams of two runs at the same task.
    pub same_task_pairs: u64,
    /// Pairs of equal streams of two runs at different tasks.
    pub other_pairs: u64,
    /// How the groups of equal streams of one run are placed, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrangement: Option<Arrangement>,
    /// Pairs of runs that are shifted copies of one another; at most [`MAX_LISTED`](Self::MAX_LISTED).
    pub shifts: Vec<RunShift>,
    /// Runs compared.
    pub runs: u64,
    /// Runs that repeat an earlier one task by task.
    pub repeated_runs: Vec<RepeatedRun>,
    /// Streams that differ from the commonest stream of their run, where that was asked.
    pub dissent: Option<Dissent>,
}

/// Streams that differ from the commonest one of their run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dissent {
    /// The first of them, in id order; at most [`Equality::MAX_LISTED`].
    pub streams: Vec<StreamId>,
    /// How many there are.
    pub count: u64,
}

impl Equality {
    /// How many shifts and dissenting streams are listed.
    pub const MAX_LISTED: usize = 64;

    /// Groups larger than this are left out of the search for shifts, which looks at pairs.
    const SHIFT_GROUP: usize = 32;

    /// Counts equal streams: `classes[i]` is a number that equal streams have in common.
    ///
    /// # Panics
    /// When `classes` is not as long as the layout has streams.
    pub fn count(layout: &Layout, classes: &[u32], group: RunGroup) -> Self {
        assert_eq!(classes.len(), layout.streams(), "one class a stream");
        let mut order: Vec<u32> = (0..classes.len() as u32).collect();
        // Within a class streams stay in (run, task) order.
        order.sort_by_key(|&stream| (classes[stream as usize], stream));
        let mut result = Self {
            group,
            streams: classes.len() as u64,
            runs: layout.runs().len() as u64,
            ..Self::default()
        };
        result.repeated_runs = repeated_runs(layout, classes);
        let repeated: HashSet<RunId> = result.repeated_runs.iter().map(|r| r.run).collect();
        let mut shifts: HashMap<(RunId, RunId, i64), u64> = HashMap::new();
        for members in order.chunk_by(|&a, &b| classes[a as usize] == classes[b as usize]) {
            let size = members.len() as u64;
            result.distinct += 1;
            result.sum_of_squares += (size * size) as f64;
            result.largest = result.largest.max(size);
            let fresh: Vec<StreamId> = members
                .iter()
                .map(|&stream| layout.id(stream as usize))
                .filter(|id| !repeated.contains(&id.run))
                .collect();
            result.count_class(&fresh, &mut shifts);
        }
        result.shifts = shifts_of(layout, shifts);
        if result.same_run_pairs > 0 {
            let runs = layout.runs().iter().map(|info| info.run);
            let fresh = runs.filter(|run| !repeated.contains(run));
            result.arrangement =
                Arrangement::of(fresh.map(|run| &classes[layout.run_streams(run)]));
        }
        result
    }

    /// Adds which streams differ from the commonest stream of their run.
    #[must_use]
    pub fn with_dissent(mut self, layout: &Layout, classes: &[u32]) -> Self {
        let mut dissent = Dissent::default();
        for info in layout.runs() {
            let range = layout.run_streams(info.run);
            let mut sizes: HashMap<u32, usize> = HashMap::new();
            for stream in range.clone() {
                *sizes.entry(classes[stream]).or_default() += 1;
            }
            // The larger class; of two equally large ones the one that comes first.
            let commonest = range
                .clone()
                .map(|stream| classes[stream])
                .max_by_key(|class| (sizes[class], std::cmp::Reverse(*class)));
            for stream in range.filter(|&stream| Some(classes[stream]) != commonest) {
                dissent.count += 1;
                if dissent.streams.len() < Self::MAX_LISTED {
                    dissent.streams.push(layout.id(stream));
                }
            }
        }
        self.dissent = Some(dissent);
        self
    }

    fn count_class(
        &mut self,
        members: &[StreamId],
        shifts: &mut HashMap<(RunId, RunId, i64), u64>,
    ) {
        let size = members.len() as u64;
        self.fresh_streams += size;
        self.fresh_sum_of_squares += (size * size) as f64;
        if size < 2 {
            return;
        }
        let same_run = pairs_of_equals(members.iter().map(|id| id.run.0));
        let same_task = pairs_of_equals(members.iter().map(|id| id.task.0));
        self.same_run_pairs += same_run;
        self.same_task_pairs += same_task;
        self.other_pairs += size * (size - 1) / 2 - same_run - same_task;
        if members.len() > Self::SHIFT_GROUP {
            return;
        }
        for (i, a) in members.iter().enumerate() {
            for b in members[i + 1..].iter().filter(|b| b.run != a.run) {
                let step = i64::from(b.task.0) - i64::from(a.task.0);
                *shifts.entry((a.run, b.run, step)).or_default() += 1;
            }
        }
    }

    /// What the streams are worth: S² / Σm².
    pub fn effective_streams(&self) -> f64 {
        effective(self.streams, self.sum_of_squares)
    }

    /// What the streams are worth where runs may repeat on purpose.
    pub fn effective_streams_without_repeats(&self) -> f64 {
        effective(self.fresh_streams, self.fresh_sum_of_squares)
    }

    /// All pairs of equal streams, repeated runs left out.
    pub const fn pairs(&self) -> u64 {
        self.same_run_pairs + self.same_task_pairs + self.other_pairs
    }
}

fn effective(streams: u64, sum_of_squares: f64) -> f64 {
    if streams == 0 {
        return 0.0;
    }
    (streams as f64) * (streams as f64) / sum_of_squares
}

fn pairs_of_equals(values: impl Iterator<Item = u32>) -> u64 {
    let mut values: Vec<u32> = values.collect();
    values.sort_unstable();
    values
        .chunk_by(|a, b| a == b)
        .map(|run| run.len() as u64 * (run.len() as u64 - 1) / 2)
        .sum()
}

fn repeated_runs(layout: &Layout, classes: &[u32]) -> Vec<RepeatedRun> {
    let runs: Vec<RunId> = layout.runs().iter().map(|info| info.run).collect();
    let mut firsts: Vec<RunId> = Vec::new();
    let mut repeated = Vec::new();
    for &run in &runs {
        let earlier = firsts
            .iter()
            .find_map(|&first| common_if_equal(layout, classes, first, run).map(|n| (first, n)));
        match earlier {
            Some((repeats, tasks)) => repeated.push(RepeatedRun {
                run,
                repeats,
                tasks,
            }),
            None => firsts.push(run),
        }
    }
    repeated
}

/// How many tasks two runs have in common, if there are any and all of them are equal.
fn common_if_equal(layout: &Layout, classes: &[u32], a: RunId, b: RunId) -> Option<u64> {
    let (mut left, mut right) = (
        layout.run_streams(a).peekable(),
        layout.run_streams(b).peekable(),
    );
    let mut common = 0;
    while let (Some(&i), Some(&j)) = (left.peek(), right.peek()) {
        let (s, t) = (layout.id(i).task, layout.id(j).task);
        if s <= t {
            left.next();
        }
        if t <= s {
            right.next();
        }
        if s == t {
            if classes[i] != classes[j] {
                return None;
            }
            common += 1;
        }
    }
    (common > 0).then_some(common)
}

fn shifts_of(layout: &Layout, counts: HashMap<(RunId, RunId, i64), u64>) -> Vec<RunShift> {
    let mut best: HashMap<(RunId, RunId), (u64, i64)> = HashMap::new();
    for ((a, b, step), pairs) in counts {
        let found = best.entry((a, b)).or_insert((0, 0));
        // The commonest step; the smaller one of two that are equally common.
        if (pairs, -step.abs(), -step) > (found.0, -found.1.abs(), -found.1) {
            *found = (pairs, step);
        }
    }
    let mut shifts: Vec<RunShift> = best
        .into_iter()
        .map(|((a, b), (pairs, tasks))| {
            let (first, second) = (
                layout.run_streams(a).len() as i64,
                layout.run_streams(b).len() as i64,
            );
            let of = (first.min(second - tasks) - 0.max(-tasks)).max(0) as u64;
            RunShift {
                a,
                b,
                tasks,
                pairs,
                of: of.max(pairs),
            }
        })
        .collect();
    shifts.sort_by_key(|shift| (std::cmp::Reverse(shift.pairs), shift.a, shift.b));
    shifts.truncate(Equality::MAX_LISTED);
    shifts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{Format, RunInfo};

    /// Streams of one word each: runs × tasks, in order.
    fn layout(runs: u32, tasks: u32) -> Layout {
        let ids: Vec<StreamId> = (0..runs)
            .flat_map(|run| (0..tasks).map(move |task| StreamId::new(run, task)))
            .collect();
        let infos = (0..runs).map(|run| RunInfo::fresh(RunId(run))).collect();
        let lengths = vec![1; ids.len()];
        Layout::new(ids, &lengths, infos, Format::WORDS).unwrap()
    }

    fn count(runs: u32, tasks: u32, classes: &[u32]) -> Equality {
        Equality::count(&layout(runs, tasks), classes, RunGroup::Fresh)
    }

    #[test]
    fn distinct_streams_are_worth_their_number() {
        let result = count(2, 3, &[0, 1, 2, 3, 4, 5]);
        assert_eq!(result.effective_streams(), 6.0);
        assert_eq!(result.pairs(), 0);
        assert!(result.repeated_runs.is_empty());
    }

    #[test]
    fn repeated_runs_are_told_from_sharing() {
        let result = count(3, 2, &[0, 1, 0, 1, 0, 1]);
        assert_eq!(result.repeated_runs.len(), 2);
        assert_eq!(result.repeated_runs[1].repeats, RunId(0));
        assert_eq!(result.pairs(), 0);
        assert_eq!(result.effective_streams(), 2.0);
        assert_eq!(result.effective_streams_without_repeats(), 2.0);
        assert_eq!(result.fresh_streams, 2);
    }

    #[test]
    fn root_plus_index_shows_as_a_shift() {
        // Run 1 task t is run 0 task t + 1.
        let result = count(2, 4, &[0, 1, 2, 3, 1, 2, 3, 4]);
        assert_eq!(result.other_pairs, 3);
        assert_eq!(
            result.shifts,
            [RunShift {
                a: RunId(0),
                b: RunId(1),
                tasks: -1,
                pairs: 3,
                of: 3
            }]
        );
    }

    #[test]
    fn one_group_of_all_counts_every_pair_once() {
        let result = count(2, 3, &[7, 7, 7, 7, 7, 8]);
        assert_eq!(result.same_run_pairs, 3 + 1);
        assert_eq!(result.same_task_pairs, 2);
        assert_eq!(result.other_pairs, 4);
        assert_eq!(result.largest, 5);
        assert_eq!(result.effective_streams(), 36.0 / 26.0);
    }

    #[test]
    fn dissent_names_the_minority_of_each_run() {
        let classes = [0, 0, 1, 2, 3, 3];
        let layout = layout(2, 3);
        let result =
            Equality::count(&layout, &classes, RunGroup::Fresh).with_dissent(&layout, &classes);
        let dissent = result.dissent.unwrap();
        assert_eq!(dissent.count, 2);
        assert_eq!(dissent.streams, [StreamId::new(0, 2), StreamId::new(1, 0)]);
    }
}
