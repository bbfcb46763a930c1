//! A stream that holds a run of another's words.

use crate::{
    results::{FindingKind, SharedRun, Witness},
    verdict::{
        Case, Finding, Rule, Severity, cures, fixes,
        rule::no_more,
        signature::copies::{self, TELLING_WORDS, few_words},
        words,
    },
    vocabulary::StreamId,
};

pub(super) const RULE: Rule = Rule {
    kind: FindingKind::ShiftedOverlap,
    title: "a stream holds a run of another's words",
    severity: Severity::Error,
    meaning: "Two tasks walk the same sequence from different starting points (after a lag, one \
              draws what the other has drawn already), or over stretches of it. Their results are \
              correlated there. A run of a few words proves a copy, but not how it came about.",
    causes: &[
        "streams are seeded one step, one draw or one counter increment apart on one sequence",
        "jumps or blocks are shorter than what a task draws",
        "a generator is seeded with the output of another generator of the same kind",
        "random starting points on a cycle that is too short for so many streams",
        "tasks are seeded again on the way with seeds that come again (epoch + worker, a batch), or take blocks of values from one source",
    ],
    fix: fixes::TASK_STREAM,
    references: &[
        "https://github.com/apache/spark/pull/3010",
        "L'Ecuyer, Munger, Oreshkin & Simard 2017, Random numbers for parallel computers, doi:10.1016/j.matcom.2016.05.005",
    ],
    cure: cures::BY_KEY,
    found,
    cause: no_more,
};

fn found(case: &Case<'_>) -> Vec<Finding> {
    copies::shared(case, FindingKind::ShiftedOverlap, overlap_cause)
}

/// The cause of plain overlaps, by their lags and by where they start.
fn overlap_cause(shared: &[&SharedRun]) -> String {
    let first = &shared[0].witness;
    let neighbours: Vec<i64> = shared
        .iter()
        .filter_map(|run| neighbour_lag(&run.witness))
        .collect();
    let constant = neighbours.len() >= 2 && neighbours.iter().all(|&lag| lag == neighbours[0]);
    let lag = neighbours
        .first()
        .map_or(first.lag().abs(), |lag| lag.abs());
    let words: u64 = shared.iter().map(|run| run.witness.words).sum();
    // Who continues another from its own start on draws the other's words from its first word.
    let from_a_start = first.a.word == 0 || first.b.word == 0;
    if words < TELLING_WORDS {
        few_words(first)
    } else if shared.iter().all(|run| resumes(&run.witness)) {
        "a later run starts from states that the run before had left already: a checkpoint that was \
         saved before the last draws were made, or state that is written back late"
            .to_owned()
    } else if !from_a_start {
        in_the_midst(lag)
    } else if constant && lag == 1 {
        "lag 1 between neighbours: a stream is seeded with another's output or one step of its \
         state further"
            .to_owned()
    } else if constant && lag > 0 {
        let lag = words::counted(lag as u64, "word");
        format!(
            "constant lag of {lag} between all neighbours: the counter or jump from task to task is \
             shorter than what a task draws, or every {lag} a task is seeded again with epoch + \
             worker"
        )
    } else if lag == 0 {
        "streams start alike and part later: one seed for both at first, and then a reseeding, a \
         different number of draws, or state that is no longer shared"
            .to_owned()
    } else if shared.len() > 1 {
        "streams start at different points of one sequence: a short cycle, or seeds that are states \
         or outputs of each other's generators"
            .to_owned()
    } else {
        "one stream continues another: it was seeded with the other's state or output".to_owned()
    }
}

/// Whether a task starts in one run with words from late in the other.
fn resumes(witness: &Witness) -> bool {
    let (a, b) = (witness.a, witness.b);
    a.stream.task == b.stream.task && a.stream.run != b.stream.run && (a.word == 0) != (b.word == 0)
}

/// The cause of overlaps that start in the midst of both streams.
fn in_the_midst(lag: i64) -> String {
    if lag == 0 {
        "streams agree over stretches at equal places and differ before them: both are seeded again \
         with one seed there (an epoch, a batch), or take blocks of values from one source"
    } else {
        "streams meet after words of their own: a block of values or a buffer handed to both, a seed \
         that comes again, or one generator whose draws the tasks take in turn"
    }
    .to_owned()
}

/// The lag from task t to task t + 1 of one run, if the two are neighbours.
fn neighbour_lag(witness: &Witness) -> Option<i64> {
    let (a, b): (StreamId, StreamId) = (witness.a.stream, witness.b.stream);
    if a.run != b.run {
        return None;
    }
    match i64::from(b.task.0) - i64::from(a.task.0) {
        1 => Some(witness.lag()),
        -1 => Some(-witness.lag()),
        _ => None,
    }
}
