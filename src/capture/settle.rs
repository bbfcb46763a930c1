//! The format of a capture, recognised anew until all of its values fit.

use super::{Capture, load::Wrong, reader::Fault, recognise, sample::SAMPLE_STREAMS};

/// How often a format is refined by values that do not fit before the most careful one is taken.
const REFINEMENTS: usize = 4;

/// Values that are looked at together when misfits are looked for.
const SCANNED: usize = 1 << 20;

impl Capture {
    /// Recognises the format anew until all values fit it, by the first of every stream that does not. The
    /// whole capture is read for that, so that the format does not depend on what had been asked for when
    /// the first misfit was met.
    pub(super) fn settle(&mut self) {
        for refinements in 0..=REFINEMENTS {
            let misfits = self.first_misfits();
            if misfits.is_empty() {
                return;
            }
            self.refine(&misfits, refinements);
        }
    }

    /// The first value of each stream that does not fit the format, stream after stream.
    fn first_misfits(&self) -> Vec<(usize, usize)> {
        let streams = self.streams.len();
        let longest = self.streams.iter().map(|stream| stream.raw).max();
        // Streams that take turns are read side by side.
        let each = match self.takes_turns() {
            true => (SCANNED / streams.max(1)).next_multiple_of(64),
            false => SCANNED,
        };
        let mut found: Vec<Option<usize>> = vec![None; streams];
        let mut values = Vec::new();
        for from in (0..longest.unwrap_or(0)).step_by(each) {
            let mut at = 0;
            while at < streams {
                let (mut batch, mut lengths, mut held) = (Vec::new(), Vec::new(), 0);
                while at < streams && held < SCANNED {
                    let length = self.streams[at].raw.saturating_sub(from).min(each as u64);
                    if length > 0 && found[at].is_none() {
                        batch.push(at);
                        lengths.push(length as usize);
                        held += length as usize;
                    }
                    at += 1;
                }
                values.resize(held, 0);
                let froms = vec![from; batch.len()];
                let faults = self.read_raw(&batch, &froms, &lengths, &mut values, true);
                for (stream, fault) in faults {
                    if let Fault::Refused(Wrong::Misfit { at }) = fault {
                        found[stream].get_or_insert(at);
                    }
                }
            }
        }
        let first = |(stream, at): (usize, Option<usize>)| Some((stream, at?));
        found.into_iter().enumerate().filter_map(first).collect()
    }

    /// Looks at the values that did not fit and recognises anew; the last resort fits everything.
    fn refine(&mut self, misfits: &[(usize, usize)], refinements: usize) {
        let mut values = Vec::new();
        for &(at, element) in misfits.iter().take(SAMPLE_STREAMS) {
            let count = self.kind.raw_per_element();
            let mut raw = vec![0; count];
            let faults = self.read_raw(&[at], &[element as u64], &[count], &mut raw, false);
            if faults.is_empty() {
                values.extend(raw);
            }
        }
        self.sample.add(&values, 0);
        let before = self.image;
        (self.format, self.image) = self.recognised();
        if self.image == before || refinements >= REFINEMENTS {
            (self.format, self.image) = recognise::fallback(self.kind, &self.sample);
        }
    }
}
