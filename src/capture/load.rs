//! Loads the first words of every stream as canonical evidence, and recognises the format.

use rayon::prelude::*;

use super::{
    Capture, CaptureError, RawPlace,
    element::RawKind,
    image::{Image, Misfit},
    reader::{self, Fault, Request},
    stretches::Sought,
};
use crate::vocabulary::{Arena, Evidence, Layout, Piece, RunId, StreamId};

/// Words of a stream that are wanted.
struct WantedStream {
    /// Index of the stream.
    stream: usize,
    from: usize,
    words: usize,
}

/// The raw values that words are made of.
struct Raw {
    from: u64,
    length: usize,
    /// Words made of them that come before the first wanted.
    skipped: usize,
    words: usize,
}

/// What is wrong with the raw values of a stream.
pub(super) enum Wrong {
    /// NaN or infinity.
    NotFinite { at: usize, value: f64 },
    /// A value that the format does not fit.
    Misfit { at: usize },
}

impl Capture {
    /// The words of the longest stream.
    pub fn longest(&self) -> usize {
        let raw = self.streams.iter().map(|stream| stream.raw).max();
        self.image.words(raw.unwrap_or(0)) as usize
    }

    /// The first `words_per_stream` words of every stream, or all of a shorter one.
    ///
    /// Streams that turn out to be unreadable are left out and become problems. A value that does
    /// not fit the recognised format refines it, and everything is read anew.
    ///
    /// # Errors
    /// When no stream can be read.
    pub fn load(&mut self, words_per_stream: usize) -> Result<&Evidence, CaptureError> {
        let arena = self.loaded.take().map(Evidence::into_memory);
        let all = (0..self.streams.len())
            .map(|stream| WantedStream {
                stream,
                from: 0,
                words: words_per_stream,
            })
            .collect();
        let evidence = self.read(all, arena.unwrap_or_default())?;
        Ok(self.loaded.insert(evidence))
    }

    /// All words of some streams. Unknown ids are left out.
    ///
    /// # Errors
    /// When none of them can be read.
    pub fn load_streams(&mut self, ids: &[StreamId]) -> Result<Evidence, CaptureError> {
        let mut wanted = ids.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let whole: Vec<Piece> = wanted
            .into_iter()
            .map(|stream| Piece {
                stream,
                from: 0,
                words: usize::MAX,
            })
            .collect();
        let evidence = self.load_pieces(&whole, Arena::default())?;
        match evidence.streams() {
            0 => Err(self.nothing_left()),
            _ => Ok(evidence),
        }
    }

    /// Pieces of streams, by ascending id. Those that are unknown or cannot be read are left out;
    /// what was loaded before is given up.
    ///
    /// # Errors
    /// When nothing of the capture can be read.
    pub fn load_pieces(
        &mut self,
        pieces: &[Piece],
        arena: Arena,
    ) -> Result<Evidence, CaptureError> {
        self.loaded = None;
        let wanted = pieces
            .iter()
            .filter_map(|piece| {
                let stream = self.streams.binary_search_by_key(&piece.stream, |s| s.id);
                Some(WantedStream {
                    stream: stream.ok()?,
                    from: piece.from,
                    words: piece.words,
                })
            })
            .collect();
        self.read(wanted, arena)
    }

    /// All streams with their full lengths.
    pub fn layout(&self) -> Layout {
        let ids = self.streams.iter().map(|stream| stream.id).collect();
        let lengths: Vec<usize> = self
            .streams
            .iter()
            .map(|stream| self.image.words(stream.raw) as usize)
            .collect();
        Layout::new(ids, &lengths, self.runs.clone(), self.format)
            .expect("streams are sorted, and their runs described")
    }

    /// Whether streams take turns in their files.
    pub fn takes_turns(&self) -> bool {
        let turns = |stream: &super::Stream| matches!(&stream.place, RawPlace::Binary(span) if span.stride > 1);
        self.streams.iter().any(turns)
    }

    fn read(
        &mut self,
        mut wanted: Vec<WantedStream>,
        mut arena: Arena,
    ) -> Result<Evidence, CaptureError> {
        loop {
            let raw: Vec<Raw> = wanted.iter().map(|piece| self.raw_values(piece)).collect();
            let streams: Vec<usize> = wanted.iter().map(|piece| piece.stream).collect();
            let froms: Vec<u64> = raw.iter().map(|raw| raw.from).collect();
            let lengths: Vec<usize> = raw.iter().map(|raw| raw.length).collect();
            arena.resize(lengths.iter().sum());
            let faults = self.read_raw(&streams, &froms, &lengths, &mut arena, true);
            if faults.is_empty() {
                return Ok(self.evidence(&streams, &raw, arena));
            }
            let misfit = |(_, fault): &(usize, Fault<Wrong>)| {
                matches!(fault, Fault::Refused(Wrong::Misfit { .. }))
            };
            if faults.iter().any(misfit) {
                self.settle();
            }
            let dropped = self.drop_streams(faults);
            wanted.retain(|piece| dropped.binary_search(&piece.stream).is_err());
            for piece in &mut wanted {
                // Streams behind a dropped one move up.
                piece.stream -= dropped.partition_point(|&gone| gone < piece.stream);
            }
            if self.streams.is_empty() {
                return Err(self.nothing_left());
            }
        }
    }

    /// Turns raw values of the wanted pieces into canonical words (or, without `image`, checks that
    /// they are finite), and says what is wrong with which stream, first things first. `wanted` holds
    /// a stream for every piece, ascending.
    pub(super) fn read_raw(
        &self,
        wanted: &[usize],
        froms: &[u64],
        lengths: &[usize],
        arena: &mut [u64],
        image: bool,
    ) -> Vec<(usize, Fault<Wrong>)> {
        let mut requests = Vec::with_capacity(wanted.len());
        let mut in_memory = Vec::new();
        let mut elsewhere = Vec::new();
        let mut rest = arena;
        for (piece, ((&at, &from), &length)) in wanted.iter().zip(froms).zip(lengths).enumerate() {
            let (raw, after) = rest.split_at_mut(length);
            rest = after;
            match &self.streams[at].place {
                RawPlace::Binary(span) => requests.push(Request {
                    piece,
                    span: *span,
                    from,
                    first: 0,
                    raw,
                }),
                RawPlace::Memory(values) => {
                    let from = from as usize;
                    in_memory.push((piece, 0, &values[from..from + length], raw));
                }
                RawPlace::Stretches(stretches) => {
                    for wanted in stretches.wanted(piece, from, raw) {
                        match wanted {
                            Sought::OfFile(request) => requests.push(request),
                            Sought::Copied(first, values, raw) => {
                                in_memory.push((piece, first, values, raw));
                            }
                        }
                    }
                }
                RawPlace::Elsewhere(stream) => {
                    let from = from as usize;
                    let words = length;
                    elsewhere.push((
                        piece,
                        Piece {
                            stream: *stream,
                            from,
                            words,
                        },
                        raw,
                    ));
                }
            }
        }
        // Streams of one file may be apart where several files hold several runs; those that take
        // turns are read side by side.
        requests.sort_by_key(|request| {
            let row = if request.span.stride > 1 {
                request.from
            } else {
                0
            };
            (request.span.file, row, request.span.offset, request.from)
        });
        let finish = |first: usize, raw: &mut [u64]| self.finish(first, raw, image);
        let mut faults = reader::read(&self.files, requests, finish);
        let copied = in_memory
            .into_par_iter()
            .map(|(piece, first, values, raw)| {
                raw.copy_from_slice(values);
                let wrong = finish(first, raw).err()?;
                Some((piece, Fault::Refused(wrong)))
            });
        faults.par_extend(copied.flatten_iter());
        faults.extend(self.fetch(elsewhere, |raw| finish(0, raw)));
        // A long stream is read in parts: what is wrong first is said.
        faults.sort_by_key(|(piece, _)| *piece);
        let mut faults: Vec<(usize, Fault<Wrong>)> = faults
            .into_iter()
            .map(|(piece, fault)| (wanted[piece], moved(fault, froms[piece] as usize)))
            .collect();
        faults.dedup_by_key(|(stream, _)| *stream);
        faults
    }

    /// Checks and converts a piece of a stream that starts at element `first` of what is wanted.
    fn finish(&self, first: usize, raw: &mut [u64], image: bool) -> Result<(), Wrong> {
        if self.kind == RawKind::Real
            && let Some(at) = first_not_finite(raw)
        {
            let value = f64::from_bits(raw[at]);
            return Err(Wrong::NotFinite {
                at: first + at,
                value,
            });
        }
        if image {
            self.image
                .apply(raw)
                .map_err(|Misfit { at }| Wrong::Misfit { at: first + at })?;
        }
        Ok(())
    }

    /// Where the raw values lie that the words of a piece are made of.
    fn raw_values(&self, piece: &WantedStream) -> Raw {
        let all = self.image.words(self.streams[piece.stream].raw) as usize;
        let from = piece.from.min(all);
        let words = piece.words.min(all - from);
        // Identifiers of two words are read whole.
        let skipped = match self.image {
            Image::Uuid4 | Image::Wide => from % 2,
            _ => 0,
        };
        Raw {
            from: self.image.raw((from - skipped) as u64),
            length: self.image.raw((skipped + words) as u64) as usize,
            skipped,
            words,
        }
    }

    /// Assembles evidence from an arena in which every stream's words stand at the front of its
    /// raw values.
    fn evidence(&self, wanted: &[usize], raw: &[Raw], mut arena: Arena) -> Evidence {
        let mut from = 0;
        let mut to = 0;
        for raw in raw {
            let first = from + raw.skipped;
            if first != to {
                arena.copy_within(first..first + raw.words, to);
            }
            from += raw.length;
            to += raw.words;
        }
        let words: Vec<usize> = raw.iter().map(|raw| raw.words).collect();
        arena.truncate(to);
        let ids: Vec<StreamId> = wanted.iter().map(|&at| self.streams[at].id).collect();
        let held = |run: RunId| ids.binary_search_by_key(&run, |id| id.run).is_ok();
        let runs = self
            .runs
            .iter()
            .filter(|info| held(info.run))
            .cloned()
            .collect();
        Evidence::in_arena(arena, ids, &words, runs, self.format)
            .expect("streams are sorted, and their runs described")
    }

    /// Takes unreadable streams out and records why. Returns their indices, ascending.
    pub(super) fn drop_streams(&mut self, faults: Vec<(usize, Fault<Wrong>)>) -> Vec<usize> {
        let mut dropped = Vec::new();
        self.trim_padded(&faults);
        for (at, fault) in faults {
            let problem = match fault {
                Fault::Refused(Wrong::NotFinite { at: element, .. })
                    if element as u64 >= self.streams[at].raw =>
                {
                    if self.streams[at].raw > 0 {
                        continue;
                    }
                    CaptureError::Empty {
                        stream: self.name_at(at),
                    }
                }
                Fault::Unread(problem) => problem,
                Fault::Refused(Wrong::NotFinite { at: element, value }) => {
                    CaptureError::NotFinite {
                        stream: self.name_at(at),
                        element: element as u64,
                        value,
                    }
                }
                Fault::Refused(Wrong::Misfit { .. }) => continue,
            };
            self.problems.push(problem);
            dropped.push(at);
        }
        let mut at = 0;
        self.streams.retain(|_| {
            at += 1;
            dropped.binary_search(&(at - 1)).is_err()
        });
        dropped
    }

    pub(super) fn nothing_left(&mut self) -> CaptureError {
        if self.problems.is_empty() {
            return CaptureError::Empty {
                stream: self.names.first().cloned().unwrap_or_default(),
            };
        }
        self.problems.remove(0)
    }
}

fn moved(fault: Fault<Wrong>, by: usize) -> Fault<Wrong> {
    match fault {
        Fault::Refused(Wrong::NotFinite { at, value }) => {
            Fault::Refused(Wrong::NotFinite { at: at + by, value })
        }
        Fault::Refused(Wrong::Misfit { at }) => Fault::Refused(Wrong::Misfit { at: at + by }),
        unread @ Fault::Unread(_) => unread,
    }
}

fn first_not_finite(raw: &[u64]) -> Option<usize> {
    const EXPONENT: u64 = 0x7ff << 52;
    let mut start = 0;
    for block in raw.chunks(1024) {
        let bad = block
            .iter()
            .fold(false, |bad, bits| bad | (bits & EXPONENT == EXPONENT));
        if bad {
            let at = block.iter().position(|bits| bits & EXPONENT == EXPONENT)?;
            return Some(start + at);
        }
        start += block.len();
    }
    None
}
