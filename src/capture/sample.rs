//! The values that the format is recognised on.

use super::{
    Capture, CaptureError, ElementType, RawPlace,
    image::Image,
    reader::BinaryFile,
    recognise::{self, FirstNumbers},
};
use crate::vocabulary::Format;

/// Raw values looked at when the format is recognised.
pub(super) const SAMPLE_VALUES: usize = 1 << 16;
/// Streams looked at.
pub(super) const SAMPLE_STREAMS: usize = 4096;

impl Capture {
    /// Recognises the format on a sample of the starts and ends of streams.
    pub(super) fn recognise(&mut self) -> Result<(), CaptureError> {
        loop {
            let step = self.streams.len().div_ceil(SAMPLE_STREAMS).max(1);
            let wanted: Vec<usize> = (0..self.streams.len()).step_by(step).collect();
            if wanted.is_empty() {
                return Err(self.nothing_left());
            }
            let count = self.kind.raw_per_element();
            let half = (SAMPLE_VALUES / wanted.len() / 2).max(8) / count * count;
            // The start and the end of every stream.
            let streams: Vec<usize> = wanted.iter().flat_map(|&at| [at, at]).collect();
            let mut froms = Vec::with_capacity(streams.len());
            let mut lengths = Vec::with_capacity(streams.len());
            for &at in &wanted {
                let raw = self.streams[at].raw;
                let first = raw.min(half as u64);
                let rest = (raw - first).min(half as u64);
                // Interleaved streams are read side by side: their ends are looked for at one place.
                let from = match &self.streams[at].place {
                    RawPlace::Binary(span) if span.stride > 1 => self
                        .shortest_lane(span.file)
                        .saturating_sub(half as u64)
                        .max(first),
                    _ => raw - rest,
                };
                froms.extend([0, from]);
                lengths.extend([first as usize, rest.min(raw - from) as usize]);
            }
            self.sample = FirstNumbers::default();
            let mut values = vec![0; lengths.iter().sum()];
            let faults = self.read_raw(&streams, &froms, &lengths, &mut values, false);
            if faults.is_empty() {
                let mut rest = values.as_slice();
                for ends in lengths.chunks_exact(2) {
                    let (of_stream, after) = rest.split_at(ends[0] + ends[1]);
                    self.sample.add(of_stream, ends[0]);
                    rest = after;
                }
                (self.format, self.image) = self.recognised();
                return Ok(());
            }
            self.drop_streams(faults);
        }
    }

    /// What the sample looks like.
    pub(super) fn recognised(&self) -> (Format, Image) {
        let is_half = |file: &BinaryFile| file.element == ElementType::F16;
        if self.files.iter().any(is_half) {
            return recognise::halves(&self.sample);
        }
        recognise::recognise(self.kind, &self.sample)
    }

    fn shortest_lane(&self, file: u32) -> u64 {
        self.streams
            .iter()
            .filter(|stream| stream.file == file)
            .map(|stream| stream.raw)
            .min()
            .unwrap_or(0)
    }
}
