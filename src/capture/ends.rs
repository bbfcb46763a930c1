//! Streams that end in NaN: ragged arrays are padded with it. The padding is left out.

use super::{
    Capture, RawKind, RawPlace,
    load::Wrong,
    reader::{self, Fault, Request, Span},
};

/// Values of one stream looked at at once.
const BLOCK: u64 = 1 << 12;
/// Values of all streams looked at at once.
const VALUES: u64 = 1 << 20;

impl Capture {
    /// Leaves out the padding of the files in which NaN was met.
    pub(super) fn trim_padded(&mut self, faults: &[(usize, Fault<Wrong>)]) {
        let mut files: Vec<u32> = faults
            .iter()
            .filter_map(|(at, fault)| match (fault, &self.streams[*at].place) {
                (Fault::Refused(Wrong::NotFinite { value, .. }), RawPlace::Binary(span)) => {
                    value.is_nan().then_some(span.file)
                }
                _ => None,
            })
            .collect();
        files.sort_unstable();
        files.dedup();
        for file in files {
            self.trim(file);
        }
    }

    /// Shortens the streams of a binary file by the NaN that they end in.
    fn trim(&mut self, file: u32) {
        if self.kind != RawKind::Real {
            return;
        }
        let mut open: Vec<(usize, Span)> = (0..self.streams.len())
            .filter_map(|at| match self.streams[at].place {
                RawPlace::Binary(span) if span.file == file => Some((at, span)),
                _ => None,
            })
            .collect();
        let before = self.streams.iter().map(|stream| stream.raw).collect();
        while !open.is_empty() {
            let Some(ends) = self.ends(&open) else {
                break;
            };
            let mut ends = ends.into_iter();
            open.retain(|&(at, _)| {
                let Some((from, values)) = ends.next() else {
                    return false;
                };
                let is_number = |bits: &u64| !f64::from_bits(*bits).is_nan();
                let last = values.iter().rposition(is_number);
                self.streams[at].raw = from + last.map_or(0, |last| last as u64 + 1);
                last.is_none() && from > 0
            });
        }
        self.note_padded(before);
    }

    fn note_padded(&mut self, before: Vec<u64>) {
        for (at, raw) in before.into_iter().enumerate() {
            if (1..raw).contains(&self.streams[at].raw) {
                self.padded.push(self.name_at(at));
            }
        }
    }

    /// The last values of streams of one file, each with its first element.
    fn ends(&self, open: &[(usize, Span)]) -> Option<Vec<(u64, Vec<u64>)>> {
        let block = (VALUES / open.len() as u64).clamp(1, BLOCK);
        let raw = |at: usize| self.streams[at].raw;
        let least = open.iter().map(|&(at, _)| raw(at)).min()?;
        let mut ends: Vec<(u64, Vec<u64>)> = open
            .iter()
            .map(|&(at, span)| {
                // Streams that take turns are read side by side.
                let end = if span.stride > 1 { least } else { raw(at) };
                let from = end.saturating_sub(block);
                (from, vec![0; (raw(at) - from) as usize])
            })
            .collect();
        let mut requests: Vec<Request<'_>> = open
            .iter()
            .zip(&mut ends)
            .map(|(&(at, span), (from, values))| Request {
                piece: at,
                span,
                from: *from,
                first: 0,
                raw: values,
            })
            .collect();
        requests.sort_by_key(|request| request.span.offset);
        let faults = reader::read(&self.files, requests, |_, _| Ok::<(), ()>(()));
        faults.is_empty().then_some(ends)
    }
}
