//! What all streams of a capture have in common, and the numbers that tell them apart.

use super::{
    CaptureError, RawKind,
    drafts::{Draft, RawPlace},
    identity::{self, Part},
    select::stream_name,
};
use crate::vocabulary::{RootSeed, RunGroup, RunId, RunInfo, StreamId};

/// How many values a row holds, where that is the same in all streams.
pub(super) fn common_row(streams: &[Draft]) -> u32 {
    let first = streams.first().map_or(1, |draft| draft.per_row);
    match streams.iter().all(|draft| draft.per_row == first) {
        true => first,
        false => 1,
    }
}

/// The kind of all streams; integers of text files with and without signs are made signed.
pub(super) fn common_kind(
    names: &[String],
    streams: &mut [Draft],
) -> Result<Option<RawKind>, CaptureError> {
    let Some(first) = streams.first() else {
        return Ok(None);
    };
    let kind = first.kind;
    let Some(other) = streams.iter().find(|draft| draft.kind != kind) else {
        return Ok(Some(kind));
    };
    let whole = |kind| matches!(kind, RawKind::Unsigned | RawKind::Signed);
    let text = |draft: &Draft| matches!(draft.place, RawPlace::Memory(_));
    if streams.iter().all(|draft| whole(draft.kind) && text(draft)) {
        let too_large = streams.iter().find(|draft| match &draft.place {
            RawPlace::Memory(values) if draft.kind == RawKind::Unsigned => {
                values.iter().any(|value| value >> 63 != 0)
            }
            _ => false,
        });
        if too_large.is_none() {
            for draft in streams.iter_mut() {
                draft.kind = RawKind::Signed;
            }
            return Ok(Some(RawKind::Signed));
        }
    }
    let name = |draft: &Draft| stream_name(&names[draft.file as usize], &draft.suffix);
    Err(CaptureError::MixedTypes {
        first: name(first),
        first_type: kind.name(),
        second: name(other),
        second_type: other.kind.name(),
    })
}

/// Ids for streams sorted by identity, and what is known of the runs.
pub(super) fn number(streams: &[Draft]) -> Result<(Vec<StreamId>, Vec<RunInfo>), CaptureError> {
    let too_many = |what| {
        move || CaptureError::TooMany {
            what,
            found: streams.len() as u64,
            limit: u64::from(u32::MAX),
        }
    };
    let mut run_keys: Vec<&[Part]> = streams.iter().map(|s| s.identity.run.as_slice()).collect();
    run_keys.dedup();
    let run_numbers = identity::number(&run_keys).ok_or_else(too_many("runs"))?;
    let mut task_keys: Vec<&[Part]> = streams.iter().map(|s| s.identity.task.as_slice()).collect();
    task_keys.sort_unstable();
    task_keys.dedup();
    let task_numbers = identity::number(&task_keys).ok_or_else(too_many("streams"))?;
    let mut run = 0;
    let mut ids = Vec::with_capacity(streams.len());
    for stream in streams {
        while run_keys[run] != stream.identity.run.as_slice() {
            run += 1;
        }
        let task = task_keys
            .binary_search(&stream.identity.task.as_slice())
            .expect("every key is listed");
        ids.push(StreamId::new(run_numbers[run], task_numbers[task]));
    }
    let seeded: std::collections::HashSet<&[Part]> = streams
        .iter()
        .filter(|stream| stream.identity.seeded)
        .map(|stream| stream.identity.run.as_slice())
        .collect();
    let mut runs: Vec<RunInfo> = run_keys
        .iter()
        .zip(run_numbers)
        .map(|(key, run)| RunInfo {
            run: RunId(run),
            group: if seeded.contains(key) {
                RunGroup::Rooted
            } else {
                RunGroup::Fresh
            },
            root: match key.first() {
                Some(Part::Number(seed)) if seeded.contains(key) => Some(RootSeed::from_u64(*seed)),
                _ => None,
            },
        })
        .collect();
    runs.sort_by_key(|info| info.run);
    Ok((ids, runs))
}
