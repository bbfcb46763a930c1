//! What a report says of a capture besides its judgement.

use std::collections::BTreeSet;

use crate::{
    capture::Capture,
    record::Heatmap,
    results::Analysis,
    vocabulary::{RunId, StreamId, TaskId},
};

/// The names of the streams that results speak of: a capture of a million files needs no more.
pub(super) fn names(capture: &Capture, analysis: &Analysis) -> Vec<(StreamId, String)> {
    let joins = &analysis.joins;
    let mut ids: BTreeSet<StreamId> = joins
        .equal_streams
        .iter()
        .flat_map(|group| group.streams.iter().copied())
        .collect();
    for witness in joins
        .shared
        .iter()
        .map(|shared| &shared.witness)
        .chain(&joins.periods)
    {
        ids.extend([witness.a.stream, witness.b.stream]);
    }
    ids.extend(
        joins
            .partial_copies
            .iter()
            .flat_map(|copy| [copy.a.stream, copy.b.stream]),
    );
    ids.extend(
        analysis
            .tests
            .iter()
            .flat_map(|test| test.streams.iter().copied()),
    );
    for suspect in &analysis.suspects {
        ids.extend(suspect.streams.iter().copied());
        let witness = suspect.witness.iter();
        ids.extend(witness.flat_map(|witness| [witness.a.stream, witness.b.stream]));
    }
    for equality in &analysis.equality {
        ids.extend(
            equality
                .dissent
                .iter()
                .flat_map(|dissent| dissent.streams.iter().copied()),
        );
    }
    ids.into_iter()
        .filter_map(|id| capture.name(id).map(|name| (id, name)))
        .collect()
}

/// Pairs of tasks of the first run that share words, a row a stream up to [`ROWS`].
pub(super) fn heatmap(capture: &mut Capture, analysis: &Analysis) -> Option<Heatmap> {
    let joins = &analysis.joins;
    let equal = joins.equal_streams.iter().flat_map(|group| &group.streams);
    let first = equal
        .chain(joins.shared.iter().map(|shared| &shared.witness.a.stream))
        .map(|id| id.run)
        .min()?;
    let layout = capture.layout();
    let last = layout
        .run_streams(first)
        .map(|at| layout.id(at).task.0)
        .max()?;
    let tasks = last.saturating_add(1);
    let words = analysis.words_per_stream.max(1);
    let mut pairs = Vec::new();
    for group in &joins.equal_streams {
        let mut listed = of_run(&group.streams, first);
        if group.count > group.streams.len() as u64
            && let Some(&one) = listed.first()
        {
            listed = equal_to(
                capture,
                StreamId {
                    run: first,
                    task: TaskId(one),
                },
                words,
            );
        }
        let listed = stand_ins(listed, tasks.div_ceil(ROWS));
        for (i, &a) in listed.iter().enumerate() {
            pairs.extend(listed[i + 1..].iter().map(|&b| (a, b, 1.0)));
        }
    }
    for shared in &joins.shared {
        let (a, b) = (shared.witness.a.stream, shared.witness.b.stream);
        if a.run == first && b.run == first && a.task != b.task {
            let share = (shared.witness.words as f64 / words as f64).min(1.0);
            pairs.push((a.task.0, b.task.0, share));
        }
    }
    Some(Heatmap::in_blocks(tasks, tasks.div_ceil(ROWS), pairs))
}

/// Rows of a heat map of one program, at most.
const ROWS: u32 = 512;

/// Tasks of the run that draw what one of them draws: results list only the first of many equal streams. None
/// where they cannot be read again.
fn equal_to(capture: &mut Capture, one: StreamId, words: u64) -> Vec<u32> {
    let Ok(evidence) = capture.load(usize::try_from(words).unwrap_or(usize::MAX)) else {
        return Vec::new();
    };
    let Some(model) = evidence.index_of(one) else {
        return Vec::new();
    };
    let model = evidence.stream(model);
    let same = |at: &usize| {
        let stream = evidence.stream(*at);
        let common = stream.len().min(model.len());
        common > 0 && stream[..common] == model[..common]
    };
    let run = evidence.layout().run_streams(one.run);
    run.filter(same).map(|at| evidence.id(at).task.0).collect()
}

/// The first two tasks of every block: enough for all pairs of blocks, and for the pairs within each.
fn stand_ins(mut tasks: Vec<u32>, per_block: u32) -> Vec<u32> {
    let (mut block, mut kept) = (u32::MAX, 0);
    tasks.retain(|task| {
        let here = task / per_block.max(1);
        kept = if here == block { kept + 1 } else { 1 };
        block = here;
        kept <= 2
    });
    tasks
}

fn of_run(streams: &[StreamId], run: RunId) -> Vec<u32> {
    streams
        .iter()
        .filter(|id| id.run == run)
        .map(|id| id.task.0)
        .collect()
}

/// How much equal streams inflate a pooled χ²: Σm² / Σm.
pub(super) fn inflation(analysis: &Analysis) -> f64 {
    let (squares, streams) = analysis
        .equality
        .iter()
        .fold((0.0, 0), |(squares, streams), one| {
            (squares + one.sum_of_squares, streams + one.streams)
        });
    if streams == 0 {
        1.0
    } else {
        squares / streams as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_tasks_stand_for_a_block() {
        assert_eq!(stand_ins(vec![0, 1, 2, 3, 7, 8, 9, 10], 4), [0, 1, 7, 8, 9]);
        assert_eq!(stand_ins(vec![3, 4, 5], 1), [3, 4, 5]);
    }
}
