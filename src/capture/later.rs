//! Runs that came later, added to a capture.

use super::{Capture, CaptureError, Place, RawKind, Sample, Stream};
use crate::vocabulary::{RunId, StreamId};

impl Capture {
    /// These runs and, behind them, those of another capture of the same program: its runs keep their numbers
    /// where these come after all that stand here, and are counted on from them otherwise. What the numbers
    /// look like is recognised anew.
    ///
    /// # Errors
    /// When the values are of types that have nothing in common.
    pub fn followed_by(mut self, mut later: Self) -> Result<Self, CaptureError> {
        self.agree_on_a_kind(&mut later)?;
        let run = |capture: &Self| {
            capture
                .runs
                .iter()
                .map(|info| info.run.0)
                .collect::<Vec<_>>()
        };
        let end = run(&self).into_iter().max().map_or(0, |last| last + 1);
        let first = run(&later).into_iter().min().unwrap_or(end);
        let moved = end.saturating_sub(first);
        let files = self.names.len() as u32;
        let of_later = later.streams.into_iter().map(|mut stream| {
            stream.id = StreamId {
                run: RunId(stream.id.run.0 + moved),
                ..stream.id
            };
            stream.file += files;
            if let Place::Binary(span) = &mut stream.place {
                span.file += files;
            }
            stream
        });
        self.streams.extend(of_later);
        self.streams.sort_by_key(|stream| stream.id);
        self.runs.extend(later.runs.into_iter().map(|mut info| {
            info.run.0 += moved;
            info
        }));
        self.launches.resize(self.names.len(), None);
        self.launches.append(&mut later.launches);
        self.names.append(&mut later.names);
        self.files.append(&mut later.files);
        self.problems.append(&mut later.problems);
        self.padded.append(&mut later.padded);
        for note in later.notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        if self.per_row != later.per_row {
            self.per_row = 1;
        }
        self.sample = Sample::default();
        self.loaded = None;
        self.recognise()?;
        Ok(self)
    }

    /// Whole numbers of texts, of which only one capture has negative ones, are signed in both.
    fn agree_on_a_kind(&mut self, later: &mut Self) -> Result<(), CaptureError> {
        if self.kind == later.kind {
            return Ok(());
        }
        let mixed = || {
            let name = |capture: &Self| capture.names.first().cloned().unwrap_or_default();
            CaptureError::MixedTypes {
                first: name(self),
                first_type: self.kind.name(),
                second: name(later),
                second_type: later.kind.name(),
            }
        };
        let can_be_signed = |capture: &Self| match capture.kind {
            RawKind::Signed => true,
            RawKind::Unsigned => capture.streams.iter().all(is_small),
            _ => false,
        };
        if !(can_be_signed(self) && can_be_signed(later)) {
            return Err(mixed());
        }
        self.kind = RawKind::Signed;
        later.kind = RawKind::Signed;
        Ok(())
    }
}

/// Whether every value is the same number with and without a sign.
fn is_small(stream: &Stream) -> bool {
    match &stream.place {
        Place::Memory(values) => values.iter().all(|value| value >> 63 == 0),
        Place::Binary(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capture(kind: RawKind, runs: &[u32], seed: u64) -> Capture {
        let streams = runs.iter().flat_map(|&run| {
            (0..2u32).map(move |task| {
                let values = (0..8).map(|i| seed + u64::from(100 * run + 10 * task) + i);
                (
                    StreamId::new(run, task),
                    format!("run {run} worker {task}"),
                    values.collect(),
                )
            })
        });
        Capture::in_memory(kind, streams.collect()).unwrap()
    }

    fn words(capture: &mut Capture) -> Vec<(StreamId, u64)> {
        let evidence = capture.load(1).unwrap();
        (0..evidence.streams())
            .map(|at| (evidence.id(at), evidence.stream(at)[0]))
            .collect()
    }

    #[test]
    fn runs_that_came_later_stand_behind_those_before() {
        let mut all = capture(RawKind::Unsigned, &[0, 1, 2], 7);
        let before = capture(RawKind::Unsigned, &[0, 1], 7);
        let mut joined = before
            .followed_by(capture(RawKind::Unsigned, &[2], 7))
            .unwrap();
        assert_eq!(words(&mut joined), words(&mut all));
        assert_eq!(joined.runs(), all.runs());
        // A number that is taken is counted on.
        let again = joined
            .followed_by(capture(RawKind::Unsigned, &[0], 900))
            .unwrap();
        assert_eq!(again.runs().last().unwrap().run, RunId(3));
        assert_eq!(again.streams(), 8);
    }

    #[test]
    fn types_are_made_one_or_refused() {
        let unsigned = || capture(RawKind::Unsigned, &[0], 7);
        let signed = unsigned()
            .followed_by(capture(RawKind::Signed, &[1], 7))
            .unwrap();
        assert_eq!(signed.kind, RawKind::Signed);
        let real = unsigned().followed_by(capture(RawKind::Real, &[1], 0x3fe0_0000_0000_0000));
        assert!(matches!(real, Err(CaptureError::MixedTypes { .. })));
    }
}
