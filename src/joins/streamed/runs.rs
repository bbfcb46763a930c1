//! The streams of one group of runs, of a source that is not kept.

use crate::{
    reading::bits_per_element,
    vocabulary::{Arena, Evidence, EvidenceSource, Layout, Piece},
};

/// Words at the start of streams that show what an element tells.
const STARTS: usize = 4160;

/// Some streams of a source.
pub(super) struct Runs<'a, S> {
    source: &'a mut S,
    layout: Layout,
    /// What an element tells, in bits.
    pub(super) bits_per_element: f64,
}

impl<'a, S: EvidenceSource> Runs<'a, S> {
    /// The streams of a layout, by `sample_words` of all of them together.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub(super) fn of(
        source: &'a mut S,
        streams: &Layout,
        sample_words: usize,
    ) -> Result<Self, S::Error> {
        let each = sample_words / streams.streams().max(1);
        let starts = Piece::of_starts(streams, each.clamp(1, STARTS));
        let starts = source.load_pieces(&starts, Arena::default())?;
        Ok(Self {
            source,
            layout: streams.clone(),
            bits_per_element: bits_per_element(&starts),
        })
    }
}

impl<S: EvidenceSource> EvidenceSource for Runs<'_, S> {
    type Error = S::Error;

    fn layout(&self) -> Layout {
        self.layout.clone()
    }

    fn takes_turns(&self) -> bool {
        self.source.takes_turns()
    }

    fn load_pieces(&mut self, pieces: &[Piece], arena: Arena) -> Result<Evidence, S::Error> {
        self.source.load_pieces(pieces, arena)
    }
}
