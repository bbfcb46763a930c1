//! Captures that others read: an engine that reads files where they lie, or holds the words itself.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::{
    Capture, CaptureError, RawKind,
    drafts::{Drafts, RawPlace},
    image::Image,
    load::Wrong,
    reader::Fault,
};
use crate::vocabulary::{Elsewhere, Engine, EngineError, Format, Piece, RunInfo, StreamId};

/// Who reads a capture.
#[derive(Debug)]
pub(super) struct Reader(Mutex<Box<dyn Engine>>);

/// How raw values become words: what all who read the streams of one capture agree on.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Look {
    kind: RawKind,
    image: Image,
    format: Format,
}

impl Capture {
    /// Has all words read by an engine whose workers see the same files. The verdict is the same.
    pub fn read_by(&mut self, engine: Box<dyn Engine>) {
        self.reader = Some(Reader(Mutex::new(engine)));
    }

    /// A capture of streams that the workers of an engine hold, each with its name and the number of its
    /// values.
    ///
    /// # Errors
    /// As [`in_memory`](Self::in_memory); and when values that are asked for cannot be fetched.
    pub fn held_by(
        engine: Box<dyn Engine>,
        kind: RawKind,
        streams: Vec<(StreamId, String, u64)>,
    ) -> Result<Self, CaptureError> {
        let streams = streams.into_iter();
        let streams = streams.map(|(id, name, raw)| (id, name, raw, RawPlace::Elsewhere(id)));
        let drafts = Drafts::of_streams(kind, streams)?;
        Self::read_from(drafts, Some(Reader(Mutex::new(engine))))
    }

    /// The streams that one worker holds of a capture that is [held by](Self::held_by) an engine.
    ///
    /// # Errors
    /// As [`in_memory`](Self::in_memory).
    pub fn part(kind: RawKind, streams: Vec<(StreamId, Vec<u64>)>) -> Result<Self, CaptureError> {
        let ids: Vec<StreamId> = streams.iter().map(|(id, _)| *id).collect();
        let named = streams.into_iter();
        let named = named.map(|(id, values)| (id, id.to_string(), values));
        let mut part = Self::in_memory(kind, named.collect())?;
        let mut runs: Vec<RunInfo> = ids.iter().map(|id| RunInfo::fresh(id.run)).collect();
        runs.dedup_by_key(|info| info.run);
        part.runs = runs;
        for (stream, id) in part.streams.iter_mut().zip(ids) {
            stream.id = id;
        }
        Ok(part)
    }

    /// Who reads all its words, where that is not here.
    pub fn elsewhere(&mut self) -> Option<Elsewhere<'_, CaptureError>> {
        let look = Look {
            kind: self.kind,
            image: self.image,
            format: self.format,
        };
        let Reader(engine) = self.reader.as_mut()?;
        let engine = engine.get_mut().unwrap_or_else(PoisonError::into_inner);
        Some(Elsewhere {
            engine: &mut **engine,
            look: serde_json::to_string(&look).expect("numbers and names make JSON"),
            failed: |EngineError(problem)| CaptureError::Elsewhere(problem),
        })
    }

    /// Makes words of values as another did who reads the same capture. Whether its values are of that kind.
    pub fn look_as(&mut self, look: &str) -> bool {
        match serde_json::from_str::<Look>(look) {
            Ok(look) if look.kind == self.kind => {
                (self.image, self.format) = (look.image, look.format);
                true
            }
            _ => false,
        }
    }

    /// Fetches raw values into their places and finishes them; what is wrong stands at each piece.
    pub(super) fn fetch(
        &self,
        wanted: Vec<(usize, Piece, &mut [u64])>,
        finish: impl Fn(&mut [u64]) -> Result<(), Wrong>,
    ) -> Vec<(usize, Fault<Wrong>)> {
        let Some(Reader(engine)) = self.reader.as_ref().filter(|_| !wanted.is_empty()) else {
            return Vec::new();
        };
        let pieces: Vec<Piece> = wanted.iter().map(|(_, piece, _)| *piece).collect();
        let mut engine = engine.lock().unwrap_or_else(PoisonError::into_inner);
        let fetched = engine.fetch(&pieces).and_then(|values| {
            let lengths = values.iter().map(Vec::len);
            match lengths.eq(pieces.iter().map(|piece| piece.words)) {
                true => Ok(values),
                false => Err(EngineError("fewer values came than were asked for".into())),
            }
        });
        match fetched {
            Ok(values) => {
                let filled = wanted.into_iter().zip(values);
                let wrong = |((piece, _, raw), values): ((usize, Piece, &mut [u64]), Vec<u64>)| {
                    raw.copy_from_slice(&values);
                    Some((piece, Fault::Refused(finish(raw).err()?)))
                };
                filled.filter_map(wrong).collect()
            }
            Err(EngineError(problem)) => {
                let unread = || Fault::Unread(CaptureError::Elsewhere(problem.clone()));
                let pieces = wanted.iter();
                pieces.map(|(piece, _, _)| (*piece, unread())).collect()
            }
        }
    }
}
