//! Where evidence comes from, as far as it is needed.

use std::{borrow::Cow, convert::Infallible};

use crate::core::{Evidence, StreamId};

/// How large the evidence of a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceShape {
    /// Number of streams.
    pub streams: usize,
    /// Words of the longest stream.
    pub words_per_stream: usize,
}

/// Evidence that can be read as far as needed: a capture on disk is not read to its end when its
/// first megabyte decides.
pub trait EvidenceSource {
    /// What can go wrong when reading.
    type Error;

    /// How large the evidence is.
    fn shape(&self) -> SourceShape;

    /// The first `words_per_stream` words of every stream, or all of a shorter one.
    ///
    /// # Errors
    /// When the source cannot be read.
    fn load(&mut self, words_per_stream: usize) -> Result<Cow<'_, Evidence>, Self::Error>;

    /// These streams in full, to follow a witness to its end. Unknown ids are left out.
    ///
    /// # Errors
    /// When the source cannot be read.
    fn load_streams(&mut self, ids: &[StreamId]) -> Result<Evidence, Self::Error> {
        let words = self.shape().words_per_stream;
        let all = self.load(words)?;
        Ok(select(&all, ids))
    }
}

/// Evidence in memory is its own source.
impl EvidenceSource for &Evidence {
    type Error = Infallible;

    fn shape(&self) -> SourceShape {
        SourceShape {
            streams: self.streams(),
            words_per_stream: longest(self),
        }
    }

    fn load(&mut self, words_per_stream: usize) -> Result<Cow<'_, Evidence>, Infallible> {
        Ok(if words_per_stream >= longest(self) {
            Cow::Borrowed(self)
        } else {
            Cow::Owned(self.prefix(words_per_stream))
        })
    }

    fn load_streams(&mut self, ids: &[StreamId]) -> Result<Evidence, Infallible> {
        Ok(select(self, ids))
    }
}

fn longest(evidence: &Evidence) -> usize {
    (0..evidence.streams())
        .map(|i| evidence.stream(i).len())
        .max()
        .unwrap_or(0)
}

fn select(evidence: &Evidence, ids: &[StreamId]) -> Evidence {
    let mut kept: Vec<usize> = ids.iter().filter_map(|&id| evidence.index_of(id)).collect();
    kept.sort_unstable();
    kept.dedup();
    evidence.select_streams(&kept)
}
