//! Streams of the rows that a text or a table held.

use super::{
    drafts::{Draft, FileDrafts, RawPlace, Suffix},
    error::CaptureError,
    rows::Rows,
    select::stream_name,
};

/// The streams of the rows of one source.
pub(super) fn from_rows(mut rows: Rows, name: &str) -> FileDrafts {
    let ended = rows.take_ended();
    if rows.holes() > 0 {
        rows.note(
            rows.holes(),
            "numbers are missing among others (NA, NaN, blank or infinite) and were left out",
        );
    }
    let per_row = rows.per_row();
    let notes = rows.take_notes();
    let (kind, streams) = rows.finish();
    let mut problems = Vec::new();
    let single = streams.len() == 1;
    let mut drafts = Vec::with_capacity(streams.len());
    if streams.is_empty() {
        problems.push(CaptureError::Empty {
            stream: name.into(),
        });
    }
    for (at, (identity, values)) in streams.into_iter().enumerate() {
        let suffix = if single {
            Suffix::Whole
        } else {
            Suffix::Labels(identity.to_string().into())
        };
        let Some(kind) = kind.filter(|_| !values.is_empty()) else {
            problems.push(CaptureError::Empty {
                stream: stream_name(name, &suffix),
            });
            continue;
        };
        if ended.contains_key(&at) {
            problems.push(CaptureError::Padded {
                stream: stream_name(name, &suffix),
            });
        }
        drafts.push(Draft {
            identity,
            file: 0,
            suffix,
            kind,
            raw: values.len() as u64,
            per_row,
            place: RawPlace::Memory(values),
        });
    }
    FileDrafts {
        name: name.into(),
        binary: None,
        streams: drafts,
        problems,
        notes,
    }
}
