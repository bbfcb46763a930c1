//! The draws of what was captured, taken for what they are, in memory and in files.

use std::borrow::Cow;

use super::{
    bits_per_element, held,
    padding::{is_padding, plain, run},
};
use crate::{
    core::{
        Arena, Evidence, EvidenceSource, Format, LARGEST_BLOCK, Layout, Piece, StreamId, read_words,
    },
    results::{Padding, Recast, Rows},
};

/// The draws alone, taken for what they are; what was left out, and why they were taken for another
/// format.
pub(crate) fn draws_of(
    runs: Cow<'_, Evidence>,
) -> (Cow<'_, Evidence>, Option<Padding>, Option<Recast>) {
    let (runs, padding) = trimmed(runs);
    if let Some((once, share)) = held::once(&runs) {
        return (Cow::Owned(once), padding, Some(Recast::Held { share }));
    }
    match Recast::of(&runs) {
        Some((format, recast)) => (Cow::Owned(runs.relabelled(format)), padding, Some(recast)),
        None => (runs, padding, None),
    }
}

fn trimmed(runs: Cow<'_, Evidence>) -> (Cow<'_, Evidence>, Option<Padding>) {
    match Padding::trim(&runs) {
        Some((kept, padding)) => (Cow::Owned(kept), Some(padding)),
        None => (runs, None),
    }
}

/// Words at the start of streams that show what they hold.
const STARTS: usize = 4160;
/// Words at their end that show whether they are padded; what is, is followed from there.
const TAILS: usize = 64;
/// Words in which the value of a padding is followed at first, and looked for among the draws.
const BLOCK: usize = 1 << 13;

/// The draws of a source that is not kept: what is before, behind and among them is passed over.
pub(crate) struct Draws<'a, S> {
    source: &'a mut S,
    /// Where the draws are, without the header.
    layout: Layout,
    /// Elements before the draws of every stream.
    header: usize,
    /// Elements that are no draws, of every row.
    rows: Option<Rows>,
    /// What is passed over.
    pub(crate) padding: Option<Padding>,
    /// What an element tells, in bits.
    pub(crate) bits_per_element: f64,
}

impl<'a, S: EvidenceSource> Draws<'a, S> {
    /// The draws of some streams, by `sample_words` of all of them together.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub(crate) fn of(
        source: &'a mut S,
        streams: &Layout,
        sample_words: usize,
    ) -> Result<Self, S::Error> {
        let each = sample_words / streams.streams().max(1);
        let starts = Piece::of_starts(streams, each.clamp(1, STARTS));
        let starts = source.load_pieces(&starts, Arena::default())?;
        let (kept, found) = trimmed(Cow::Borrowed(&starts));
        let (header, rows) = found.map_or((0, None), |found| (found.header, found.rows));
        let format = draws_of(Cow::Borrowed(&kept)).0.format();
        let ends = ends(source, streams, each.clamp(1, TAILS))?;
        let whole = |at: usize| streams.span(at).len();
        let padded: Vec<usize> = (0..ends.len()).filter(|&at| ends[at] < whole(at)).collect();
        let first = padded
            .first()
            .map(|&at| (streams.id(at), (whole(at) - ends[at]) as u64));
        let padding = Padding {
            header,
            padded: padded.len() as u64,
            first,
            rows,
        };
        let header = header as usize;
        let draws = |end: &usize| {
            let elements = end.saturating_sub(header);
            let rows = padding.rows.as_ref();
            rows.map_or(elements, |rows| rows.count(elements))
        };
        let lengths: Vec<usize> = ends.iter().map(draws).collect();
        let layout = Layout::new(
            streams.ids().to_vec(),
            &lengths,
            streams.runs().to_vec(),
            format,
        );
        Ok(Self {
            source,
            layout: layout.expect("shorter streams of a layout are one"),
            header,
            rows: padding.rows.clone(),
            padding: (padding != Padding::default()).then_some(padding),
            bits_per_element: bits_per_element(&kept.relabelled(format)),
        })
    }
}

impl<S: EvidenceSource> EvidenceSource for Draws<'_, S> {
    type Error = S::Error;

    fn layout(&self) -> Layout {
        self.layout.clone()
    }

    fn takes_turns(&self) -> bool {
        self.source.takes_turns()
    }

    fn load_pieces(&mut self, pieces: &[Piece], arena: Arena) -> Result<Evidence, S::Error> {
        let inside = |piece: &Piece| {
            let at = self.layout.index_of(piece.stream);
            let draws = at.map_or(0, |at| self.layout.span(at).len());
            let words = piece.words.min(draws.saturating_sub(piece.from));
            Piece { words, ..*piece }
        };
        let elements = |piece: Piece| {
            let (from, words) = match &self.rows {
                Some(rows) => rows.elements(piece.from, piece.words),
                None => (piece.from, piece.words),
            };
            Piece {
                from: from + self.header,
                words,
                ..piece
            }
        };
        let wanted: Vec<Piece> = pieces.iter().map(inside).map(elements).collect();
        let read = self.source.load_pieces(&wanted, arena)?;
        let Some(rows) = &self.rows else {
            return Ok(read);
        };
        let all: Vec<usize> = (0..read.streams()).collect();
        let draws = |&stream: &usize| {
            let at = wanted.binary_search_by_key(&read.id(stream), |piece| piece.stream);
            let from = at.map_or(0, |at| wanted[at].from - self.header);
            rows.draws_from(read.stream(stream), from).collect()
        };
        let draws = all.iter().map(draws).collect();
        Ok(read.replaced(&all, draws, read.format()))
    }
}

/// Where the draws of every stream end, by their last `tail` elements.
fn ends<S: EvidenceSource>(
    source: &mut S,
    streams: &Layout,
    tail: usize,
) -> Result<Vec<usize>, S::Error> {
    let length = |at: usize| streams.span(at).len();
    let pieces: Vec<Piece> = streams
        .ids()
        .iter()
        .enumerate()
        .map(|(at, &stream)| Piece {
            stream,
            from: length(at).saturating_sub(tail),
            words: tail,
        })
        .collect();
    let format = streams.format();
    let tails = source.load_pieces(&pieces, Arena::default())?;
    let mut ends = Vec::with_capacity(pieces.len());
    for (at, &id) in streams.ids().iter().enumerate() {
        let tail = tails.index_of(id).and_then(|at| tails.stream(at).last());
        ends.push(match tail.filter(|word| plain(format, **word)) {
            Some(&last) => end(source, id, length(at), last, format)?,
            None => length(at),
        });
    }
    Ok(ends)
}

/// Where the draws of a stream end whose last element is a plain value.
fn end<S: EvidenceSource>(
    source: &mut S,
    id: StreamId,
    length: usize,
    last: u64,
    format: Format,
) -> Result<usize, S::Error> {
    let mut end = length;
    let mut block = BLOCK;
    loop {
        let from = end.saturating_sub(block);
        let words = read_words(source, id, from, end - from)?;
        let padded = run(words.iter().rev(), last);
        end -= padded;
        if padded < words.len() || words.is_empty() {
            break;
        }
        block = (4 * block).min(LARGEST_BLOCK);
    }
    let draws = read_words(source, id, 0, end.min(BLOCK))?;
    Ok(match is_padding(length - end, last, &draws, format) {
        true => end,
        false => length,
    })
}
