//! What a report says of a capture besides its judgement.

use std::collections::BTreeSet;

use crate::{
    capture::Capture,
    record::Heatmap,
    results::Analysis,
    vocabulary::{RunId, StreamId},
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

/// Pairs of tasks of the first run that share words.
pub(super) fn heatmap(analysis: &Analysis) -> Option<Heatmap> {
    let first = analysis
        .joins
        .equal_streams
        .iter()
        .flat_map(|group| group.streams.iter())
        .chain(
            analysis
                .joins
                .shared
                .iter()
                .map(|shared| &shared.witness.a.stream),
        )
        .map(|id| id.run)
        .min()?;
    let words = analysis.words_per_stream.max(1) as f64;
    let mut pairs = Vec::new();
    for group in &analysis.joins.equal_streams {
        let tasks: Vec<u32> = of_run(&group.streams, first);
        for (i, &a) in tasks.iter().enumerate() {
            pairs.extend(tasks[i + 1..].iter().map(|&b| (a, b, 1.0)));
        }
    }
    for shared in &analysis.joins.shared {
        let (a, b) = (shared.witness.a.stream, shared.witness.b.stream);
        if a.run == first && b.run == first && a.task != b.task {
            let share = (shared.witness.words as f64 / words).min(1.0);
            pairs.push((a.task.0, b.task.0, share));
        }
    }
    let tasks = pairs.iter().map(|&(a, b, _)| a.max(b) + 1).max()?;
    Some(Heatmap::from_pairs(tasks, pairs))
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
