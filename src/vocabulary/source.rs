//! Where evidence comes from, as far as it is needed.

use std::{borrow::Cow, convert::Infallible};

use super::{Arena, Elsewhere, Evidence, Layout, Piece, StreamId};

/// How large the evidence of a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceShape {
    /// Number of streams.
    pub streams: usize,
    /// Words of the longest stream.
    pub words_per_stream: usize,
}

/// Evidence that can be read as far as needed, and in pieces: a capture on disk is not read to its
/// end when its first megabyte decides, and may be larger than memory.
pub trait EvidenceSource {
    /// What can go wrong when reading.
    type Error;

    /// All streams with their full lengths. It changes only where reading finds streams that cannot
    /// be read or values that do not fit the format.
    fn layout(&self) -> Layout;

    /// How large the evidence is.
    fn shape(&self) -> SourceShape {
        let layout = self.layout();
        let lengths = (0..layout.streams()).map(|at| layout.span(at).len());
        SourceShape {
            streams: layout.streams(),
            words_per_stream: lengths.max().unwrap_or(0),
        }
    }

    /// Whether streams take turns in storage, so that equal stretches of all of them are read
    /// together at the cost of one.
    fn takes_turns(&self) -> bool {
        false
    }

    /// How many values a row of each stream holds: several quantities that one worker draws in turn,
    /// each with a law of its own. 1 where there are no rows.
    fn values_per_row(&self) -> u32 {
        1
    }

    /// The first `words_per_stream` words of every stream, or all of a shorter one.
    ///
    /// # Errors
    /// When the source cannot be read.
    fn load(&mut self, words_per_stream: usize) -> Result<Cow<'_, Evidence>, Self::Error> {
        let starts = Piece::of_starts(&self.layout(), words_per_stream);
        Ok(Cow::Owned(self.load_pieces(&starts, Arena::default())?))
    }

    /// Pieces of different streams, by ascending id, each as the whole of a stream with that stream's
    /// id. `arena` is memory to be used again. Streams that are unknown or cannot be read are left
    /// out.
    ///
    /// # Errors
    /// When nothing of the source can be read.
    fn load_pieces(&mut self, pieces: &[Piece], arena: Arena) -> Result<Evidence, Self::Error>;

    /// Who reads all its words where they lie, where that is not here.
    fn elsewhere(&mut self) -> Option<Elsewhere<'_, Self::Error>> {
        None
    }

    /// Makes words of raw values as the source does that an analysis began with ([`Elsewhere::look`]). Whether
    /// that can be done.
    fn look_as(&mut self, _look: &str) -> bool {
        true
    }
}

/// Evidence in memory is its own source.
impl EvidenceSource for &Evidence {
    type Error = Infallible;

    fn layout(&self) -> Layout {
        Evidence::layout(self).clone()
    }

    fn shape(&self) -> SourceShape {
        let lengths = (0..self.streams()).map(|at| self.stream(at).len());
        SourceShape {
            streams: self.streams(),
            words_per_stream: lengths.max().unwrap_or(0),
        }
    }

    fn load(&mut self, words_per_stream: usize) -> Result<Cow<'_, Evidence>, Infallible> {
        Ok(if words_per_stream >= self.shape().words_per_stream {
            Cow::Borrowed(self)
        } else {
            Cow::Owned(self.prefix(words_per_stream))
        })
    }

    fn load_pieces(&mut self, pieces: &[Piece], mut arena: Arena) -> Result<Evidence, Infallible> {
        let part = |piece: &Piece| {
            let words = self.stream(self.index_of(piece.stream)?);
            let from = piece.from.min(words.len());
            Some(&words[from..words.len().min(from + piece.words)])
        };
        let known = || {
            pieces
                .iter()
                .filter_map(|piece| Some((piece.stream, part(piece)?)))
        };
        let lengths: Vec<usize> = known().map(|(_, words)| words.len()).collect();
        arena.resize(lengths.iter().sum());
        let mut rest = &mut arena[..];
        for (_, words) in known() {
            let (target, after) = rest.split_at_mut(words.len());
            target.copy_from_slice(words);
            rest = after;
        }
        let ids = known().map(|(id, _)| id).collect();
        let runs = self.runs().to_vec();
        Ok(
            Evidence::in_arena(arena, ids, &lengths, runs, self.format())
                .expect("pieces of sound evidence, by ascending id, are sound"),
        )
    }
}

/// Words of a stream that are read at most at a time.
pub(crate) const LARGEST_BLOCK: usize = 1 << 20;

/// Some words of one stream; none where the stream cannot be read any more.
pub(crate) fn read_words<S: EvidenceSource>(
    source: &mut S,
    stream: StreamId,
    from: usize,
    words: usize,
) -> Result<Vec<u64>, S::Error> {
    let piece = Piece {
        stream,
        from,
        words,
    };
    Ok(source.load_pieces(&[piece], Arena::default())?.into_arena())
}
