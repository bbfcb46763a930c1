//! Fresh runs that decide what is suspect.

use super::{CaptureSource, Question, describe, judged};
use crate::{
    analyze,
    capture::{Capture, CaptureError},
    record::CellResult,
    results::{Pattern, Suspect},
    verdict::Verdict,
};

/// Patterns that are looked for in the same fresh runs: so many were paid for.
const NAMED: usize = 4;

/// How many fresh runs would decide what is suspect in a result; `None` where nothing is, or no run can.
pub fn fresh_runs(result: &CellResult) -> Option<u64> {
    let open = result.judgement.verdict == Verdict::Inconclusive;
    let decided = |suspect: &Suspect| Some(suspect.decided_by?.runs);
    let named = result.analysis.suspects.iter().filter_map(decided);
    named.take(NAMED).max().filter(|_| open)
}

/// Looks for what is suspect in fresh runs of the same program, and judges anew.
///
/// # Errors
/// When the fresh runs cannot be read.
pub fn look_again(
    capture: &mut Capture,
    fresh: &mut Capture,
    question: Question,
    result: &mut CellResult,
) -> Result<(), CaptureError> {
    let looked_like = fresh.take_as_values();
    let number = fresh.number();
    let suspects = &mut result.analysis.suspects;
    let (named, rest): (Vec<Suspect>, Vec<Suspect>) = suspects
        .drain(..)
        .partition(|suspect| suspect.decided_by.is_some());
    let mut named = named;
    let few = named.len().min(NAMED);
    let looked = analyze::again(&mut CaptureSource(fresh), number, &mut named[..few]);
    suspects.extend(named.into_iter().chain(rest));
    suspects.sort_by(|x, y| y.bits.total_cmp(&x.bits));
    fresh.take_as(looked_like);
    looked?;
    let is_equal = |suspect: &Suspect| matches!(suspect.pattern, Pattern::EqualStreams { .. });
    let proven = suspects
        .iter()
        .find(|suspect| suspect.is_confirmed() && is_equal(suspect));
    if let Some(again) = proven.and_then(|suspect| suspect.again) {
        let looked_like = capture.take_as_values();
        let counted = analyze::count_equal(
            &mut CaptureSource(capture),
            again.bits,
            &mut result.analysis,
        );
        capture.take_as(looked_like);
        counted?;
        result
            .duplicates
            .clone_from(&result.analysis.joins.duplicates);
    }
    let names = describe::names(capture, &result.analysis);
    result.judgement = judged(capture, &result.analysis, &names, question);
    result.names = names;
    Ok(())
}
