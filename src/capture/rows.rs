//! Numbers that come one by one with labels: gathered into streams, of one kind a source.

use std::collections::HashMap;

use super::{
    element::RawKind,
    held::Held,
    identity::Identity,
    number::{self, Conflict, Number, NumberKind},
};

/// Values of the longest list that may be one row of a stream: a longer one is a stream of its own.
pub(super) const LONGEST_ROW: usize = 16;

/// The streams of one text source.
#[derive(Debug)]
pub(super) struct Rows {
    kind: NumberKind,
    streams: Vec<(Identity, Held)>,
    index: HashMap<Box<[u8]>, usize>,
    /// How many numbers are missing at the end of a stream.
    ended: HashMap<usize, u64>,
    /// Numbers that are missing before others.
    holes: u64,
    /// How the source was read, where it does not say so itself.
    notes: Vec<(u64, String)>,
    /// Values that each stream's rows hold.
    per_row: u32,
}

impl Rows {
    pub fn new() -> Self {
        Self {
            kind: NumberKind::unknown(),
            streams: Vec::new(),
            index: HashMap::new(),
            ended: HashMap::new(),
            holes: 0,
            notes: Vec::new(),
            per_row: 1,
        }
    }

    /// Notes how the source was read: so many of something, or 0 where nothing is counted.
    pub fn note(&mut self, count: u64, what: impl Into<String>) {
        let what = what.into();
        match self.notes.iter_mut().find(|(_, said)| *said == what) {
            Some((sum, _)) => *sum += count,
            None => self.notes.push((count, what)),
        }
    }

    /// The notes.
    pub fn take_notes(&mut self) -> Vec<(u64, String)> {
        std::mem::take(&mut self.notes)
    }

    /// Says that the values of every stream come in rows of so many.
    pub fn set_per_row(&mut self, values: usize) {
        self.per_row = u32::try_from(values).unwrap_or(1).max(1);
    }

    /// How many values a row of each stream holds.
    pub fn per_row(&self) -> u32 {
        self.per_row
    }

    /// Whether no number was met.
    pub fn is_empty(&self) -> bool {
        self.kind.get().is_none()
    }

    /// The streams so far.
    pub fn streams(&self) -> &[(Identity, Held)] {
        &self.streams
    }

    /// The keys of the streams so far, in their order.
    pub fn keys(&self) -> Vec<Box<[u8]>> {
        let mut keys: Vec<Box<[u8]>> = vec![Box::default(); self.streams.len()];
        for (key, &stream) in &self.index {
            keys[stream].clone_from(key);
        }
        keys
    }

    /// Puts other streams of the same numbers in the place of those so far.
    pub fn replace(&mut self, streams: Vec<(Identity, Held)>) {
        self.streams = streams;
        self.index.clear();
        self.ended.clear();
    }

    /// The kind of the numbers so far.
    pub fn kind(&self) -> Option<RawKind> {
        self.kind.get()
    }

    /// The stream with this key, made from `identity` when it is new.
    pub fn stream(&mut self, key: &[u8], identity: impl FnOnce() -> Identity) -> usize {
        if let Some(&stream) = self.index.get(key) {
            return stream;
        }
        self.streams.push((identity(), Held::default()));
        self.index.insert(key.into(), self.streams.len() - 1);
        self.streams.len() - 1
    }

    /// Says that a number of a stream is missing: the stream ends here, or has a hole.
    pub fn skip(&mut self, stream: usize) {
        *self.ended.entry(stream).or_default() += 1;
    }

    /// Appends a number to a stream.
    ///
    /// # Errors
    /// The conflict with earlier numbers, in words.
    #[inline]
    pub fn push(&mut self, stream: usize, number: Number) -> Result<(), String> {
        if !self.ended.is_empty() && !number.is_missing() {
            self.note_hole(stream);
        }
        let raw = match (number, self.kind.get()) {
            (Number::Unsigned(value), Some(RawKind::Unsigned)) => value,
            (Number::Real(value), Some(RawKind::Real)) if value.is_finite() => {
                (value + 0.0).to_bits()
            }
            _ => return self.push_promoting(stream, number),
        };
        self.streams[stream].1.push(raw);
        Ok(())
    }

    /// Appends raw values of a kind to a stream, if the numbers so far are of it: none of them is missing.
    #[cfg_attr(
        not(feature = "parquet"),
        expect(dead_code, reason = "other forms come number by number")
    )]
    pub fn append(&mut self, stream: usize, kind: RawKind, raw: &[u64]) -> bool {
        if raw.is_empty() {
            return true;
        }
        if self.kind.get().is_some_and(|own| own != kind) {
            return false;
        }
        self.kind.set(kind);
        if !self.ended.is_empty() {
            self.note_hole(stream);
        }
        self.streams[stream].1.extend(raw.iter().copied());
        true
    }

    fn push_promoting(&mut self, stream: usize, number: Number) -> Result<(), String> {
        if number.is_missing() {
            self.skip(stream);
            return Ok(());
        }
        let (kind, promotion) = self
            .kind
            .admit(number)
            .map_err(|Conflict { before, now }| {
                format!(
                    "mixed types: {} after {}; keep one type a file",
                    now.name(),
                    before.name()
                )
            })?;
        let fits = self
            .streams
            .iter_mut()
            .all(|(_, values)| number::promote(values, promotion));
        let misfit = || {
            format!(
                "mixed types: integers too large to be read as {}; keep one type a file",
                kind.name()
            )
        };
        if !fits {
            return Err(misfit());
        }
        self.kind.set(kind);
        let values = &mut self.streams[stream].1;
        if let Number::Wide(high, low) = number {
            values.extend([high, low]);
        } else {
            values.push(number::raw(number, kind).ok_or_else(misfit)?);
        }
        Ok(())
    }

    #[cold]
    fn note_hole(&mut self, stream: usize) {
        self.holes += self.ended.remove(&stream).unwrap_or_default();
    }

    /// How many numbers are missing before others.
    pub fn holes(&self) -> u64 {
        self.holes
    }

    /// Streams that end in missing numbers.
    pub fn take_ended(&mut self) -> HashMap<usize, u64> {
        std::mem::take(&mut self.ended)
    }

    /// The kind of all numbers, and the streams in the order in which they were first met.
    pub fn finish(self) -> (Option<RawKind>, Vec<(Identity, Held)>) {
        (self.kind.get(), self.streams)
    }

    /// The same, with the values of streams as vectors.
    #[cfg(test)]
    pub fn into_vectors(self) -> (Option<RawKind>, Vec<(Identity, Vec<u64>)>) {
        let (kind, streams) = self.finish();
        let vectors = streams.into_iter();
        let vectors = vectors.map(|(identity, values)| (identity, values.to_vec()));
        (kind, vectors.collect())
    }
}
