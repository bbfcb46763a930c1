//! The analyser on every state once: near seeds, linear relations, states some draws apart, small entropy.
//! States that are exactly equal are known already and would hide the rest.

use std::collections::HashSet;

use super::{
    continued,
    finding::{Finding, cure},
    record::{Seed, StateOrigin},
    streams::{Sorted, Stream},
    told,
};
use crate::{
    audit,
    capture::{Capture, RawKind},
    verdict::Severity,
    vocabulary::StreamId,
};

/// Streams that are handed to the analyser at most.
const MOST: usize = 4096;

/// What the analyser says.
pub struct Analysed {
    pub findings: Vec<Finding>,
    /// Of what the analyser says, where there was something to judge.
    pub false_alarm: Option<f64>,
}

/// Judges the distinct states of one run; `None` where there are fewer than two.
pub fn analyse(run: &Sorted, folder: &str) -> Option<Analysed> {
    let mut seen = HashSet::new();
    let distinct: Vec<&Stream> = run
        .streams
        .iter()
        .filter(|stream| seen.insert(stream.telling()))
        .take(MOST)
        .collect();
    let continued = continued::sort(&distinct);
    let notes = continued::notes(&continued.again, folder);
    let (distinct, words): (Vec<&Stream>, Vec<Vec<u64>>) = continued.judged.into_iter().unzip();
    if distinct.len() < 2 {
        return (!notes.is_empty()).then_some(Analysed {
            findings: notes,
            false_alarm: None,
        });
    }
    let streams = words
        .into_iter()
        .enumerate()
        .map(|(index, words)| {
            (
                StreamId::new(0, index as u32),
                format!("state {index}"),
                words,
            )
        })
        .collect();
    let mut capture = Capture::in_memory(RawKind::Unsigned, streams).ok()?;
    let question = audit::Question {
        declared: audit::Declared {
            read_as: audit::ReadAs::Draws,
            ..audit::Declared::default()
        },
        ..audit::Question::default()
    };
    let result = audit::audit(&mut capture, question).ok()?;
    let findings = result
        .judgement
        .findings
        .iter()
        .filter_map(|finding| {
            let named: Vec<&Stream> = finding
                .streams
                .iter()
                .filter_map(|id| distinct.get(id.task.0 as usize).copied())
                .collect();
            if finding.rule.id() == "known-seeds"
                && named.iter().all(|stream| seeded_by_number(stream))
            {
                return None; // known from the call, which needs no search: `seeds` tells of them
            }
            let spoken_of = if named.is_empty() { &distinct } else { &named };
            let mut told = located(finding, &named, folder);
            if are_in_one_hand(spoken_of) && told.severity == Severity::Error {
                // As for states that are equal: what one thread does again shares nothing with another.
                told.severity = Severity::Note;
            }
            Some(told)
        })
        .chain(notes)
        .collect();
    Some(Analysed {
        findings,
        false_alarm: Some(result.judgement.false_alarm),
    })
}

fn seeded_by_number(stream: &Stream) -> bool {
    matches!(stream.draw.seed, Some(Seed::Number(_)))
}

/// Whether one thread of one process drew from all of these states.
fn are_in_one_hand(streams: &[&Stream]) -> bool {
    let hand = |stream: &&Stream| (stream.process.clone(), stream.draw.thread);
    streams.iter().map(hand).collect::<HashSet<_>>().len() <= 1
}

/// A finding about words, told of lines.
fn located(finding: &crate::verdict::Finding, streams: &[&Stream], folder: &str) -> Finding {
    let mut lines: Vec<String> = streams
        .iter()
        .flat_map(|stream| [&stream.draw.born.line, &stream.draw.place.line])
        .map(|line| told::shown(line, folder))
        .collect();
    let mut once = HashSet::new();
    lines.retain(|line| once.insert(line.clone()));
    let (file, line) = lines.first().map_or((None, None), |line| told::split(line));
    // What a library was told to do with an integer is the user's choice, and often wanted.
    let declared = !streams.is_empty()
        && streams
            .iter()
            .all(|stream| stream.draw.born.in_library || seeded_by_number(stream))
        && ["known-seeds", "narrow-seeds"].contains(&finding.rule.id());
    let severity = match finding.severity {
        Severity::Error if declared => Severity::Warning,
        severity => severity,
    };
    let at = lines
        .first()
        .map_or(String::new(), |line| format!("{line}: "));
    Finding {
        rule: finding.rule.id().to_owned(),
        severity,
        message: format!("{at}{}", finding.message),
        cause: finding.cause.clone(),
        cure: streams.first().map_or_else(
            || finding.cure.clone(),
            |stream| {
                cure(
                    stream.draw.library,
                    &stream.draw.kind,
                    StateOrigin::Seeded,
                    false,
                    false,
                )
            },
        ),
        file,
        line,
        related: lines.into_iter().skip(1).take(16).collect(),
        streams: finding.stream_count,
        processes: {
            let names: HashSet<&str> = streams.iter().map(|s| s.process.as_str()).collect();
            names.len() as u64
        },
        allowed: false,
    }
}
