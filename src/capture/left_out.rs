//! Captures without what is declared to be no draw.

use super::{Capture, CaptureError, FirstNumbers, RawPlace, Stream, held::Held};
use crate::vocabulary::Arena;

/// What is declared to be no draw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Values at the start of every stream: a header.
    pub skip: u32,
    /// Places of every row, from 0, that hold labels; rows begin after the header.
    pub labels: Vec<u32>,
    /// Values of a row.
    pub row: u32,
    /// Values are written again until the next is drawn: of equal ones that follow each other only the first
    /// is a draw.
    pub held: bool,
}

impl LeftOut {
    /// Whether anything is.
    pub fn is_nothing(&self) -> bool {
        self.skip == 0 && self.labels.is_empty() && !self.held
    }

    fn of(&self, values: &[u64], per_element: usize) -> Held {
        let row = self.row.max(1) as usize;
        let elements = values.chunks_exact(per_element).skip(self.skip as usize);
        let drawn = elements
            .enumerate()
            .filter(|(at, _)| !self.labels.contains(&((at % row) as u32)));
        let mut kept = Held::default();
        for (_, element) in drawn {
            let again = kept.len() >= per_element && kept[kept.len() - per_element..] == *element;
            if !(self.held && again) {
                kept.extend(element.iter().copied());
            }
        }
        kept
    }
}

impl Capture {
    /// The same streams without what is left out, held where there is room and recognised anew.
    ///
    /// # Errors
    /// When a label lies beyond its row, or nothing is left of any stream.
    pub fn without(&self, left_out: &LeftOut) -> Result<Self, CaptureError> {
        if let Some(label) = left_out
            .labels
            .iter()
            .find(|&&label| label >= left_out.row.max(1))
        {
            return Err(CaptureError::Options(format!(
                "--labels {label} lies beyond a row of {}: places of a row are counted from 0, and --row says \
                 how many there are",
                left_out.row.max(1)
            )));
        }
        let all: Vec<usize> = (0..self.streams.len()).collect();
        let lengths: Vec<usize> = self
            .streams
            .iter()
            .map(|stream| stream.raw as usize)
            .collect();
        let mut values = Arena::default();
        values.resize(lengths.iter().sum());
        self.read_raw(&all, &vec![0; all.len()], &lengths, &mut values, false);
        let mut rest = &values[..];
        let per_element = self.kind.raw_per_element();
        let mut streams = Vec::with_capacity(all.len());
        for (stream, &length) in self.streams.iter().zip(&lengths) {
            let (of_stream, after) = rest.split_at(length);
            rest = after;
            let kept = left_out.of(of_stream, per_element);
            if kept.is_empty() {
                continue;
            }
            streams.push(Stream {
                id: stream.id,
                file: stream.file,
                suffix: stream.suffix.clone(),
                labels: stream.labels.clone(),
                raw: kept.len() as u64,
                place: RawPlace::Memory(kept),
            });
        }
        if streams.is_empty() {
            return Err(CaptureError::Options(
                "nothing is left of any stream: leave out less".into(),
            ));
        }
        let mut capture = Self {
            names: self.names.clone(),
            files: self.files.clone(),
            streams,
            runs: self.runs.clone(),
            kind: self.kind,
            per_row: 1,
            format: self.format,
            image: self.image,
            sample: FirstNumbers::default(),
            problems: Vec::new(),
            notes: self.notes.clone(),
            padded: self.padded.clone(),
            loaded: None,
            printed: self.printed,
            launches: self.launches.clone(),
            reader: None,
        };
        capture.recognise()?;
        Ok(capture)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_labels_and_held_values_are_left_out() {
        let values = [9, 8, 0, 5, 5, 1, 5, 6];
        let of = |left_out: LeftOut| left_out.of(&values, 1).to_vec();
        assert_eq!(
            of(LeftOut {
                skip: 2,
                ..LeftOut::default()
            }),
            [0, 5, 5, 1, 5, 6]
        );
        let rows = LeftOut {
            skip: 2,
            labels: vec![0],
            row: 3,
            held: false,
        };
        assert_eq!(of(rows.clone()), [5, 5, 5, 6]);
        assert_eq!(of(LeftOut { held: true, ..rows }), [5, 6]);
    }
}
