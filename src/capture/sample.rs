//! The values that the format is recognised on.

use super::{
    Capture, CaptureError, ElementType, Place,
    image::Image,
    load::moved,
    reader::BinaryFile,
    recognise::{self, Sample},
};
use crate::core::Format;

/// Raw values looked at when the format is recognised.
const SAMPLE_VALUES: usize = 1 << 16;
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
            let mut pieces = Vec::new();
            for &at in &wanted {
                let raw = self.streams[at].raw;
                let first = raw.min(half as u64);
                pieces.push((at, 0, first as usize));
                let rest = (raw - first).min(half as u64);
                // Interleaved streams are read side by side: their ends are looked for at one place.
                let from = match &self.streams[at].place {
                    Place::Binary(span) if span.stride > 1 => self
                        .shortest_lane(span.file)
                        .saturating_sub(half as u64)
                        .max(first),
                    _ => raw - rest,
                };
                pieces.push((at, from, rest.min(raw - from) as usize));
            }
            self.sample = Sample::default();
            let mut faults = Vec::new();
            let mut halves = Vec::new();
            for side in 0..2 {
                let side: Vec<_> = pieces.iter().skip(side).step_by(2).collect();
                let froms: Vec<u64> = side.iter().map(|piece| piece.1).collect();
                let lengths: Vec<usize> = side.iter().map(|piece| piece.2).collect();
                let mut arena = vec![0; lengths.iter().sum()];
                for (at, fault) in self.read_raw(&wanted, &froms, &lengths, &mut arena, false) {
                    let from = froms[wanted.partition_point(|&w| w < at)] as usize;
                    faults.push((at, moved(fault, from)));
                }
                halves.push((lengths, arena));
            }
            if faults.is_empty() {
                let mut starts = [0, 0];
                for i in 0..wanted.len() {
                    let mut values = Vec::new();
                    for (side, (lengths, arena)) in halves.iter().enumerate() {
                        values.extend_from_slice(&arena[starts[side]..starts[side] + lengths[i]]);
                        starts[side] += lengths[i];
                    }
                    self.sample.add(&values, halves[0].0[i]);
                }
                (self.format, self.image) = self.recognised();
                return Ok(());
            }
            faults.sort_by_key(|(at, _)| *at);
            faults.dedup_by_key(|(at, _)| *at);
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
