mod beyond;
mod merged;

use std::{borrow::Cow, convert::Infallible};

use super::*;
use crate::{
    analyze::{AnalyzeOptions, analyze},
    joins::{JoinArena, PlanOptions},
    results::{CopyKind, Depth, Witness},
    statistics::samples::{ragged, splitmix},
    vocabulary::{Evidence, Piece, StreamId},
};

/// Streams of one fresh run.
fn evidence(streams: &[Vec<u64>], width: u32) -> Evidence {
    ragged(streams, Format::Bits { width })
}

fn noise(seed: u64, streams: u64, words: u64) -> Vec<Vec<u64>> {
    (0..streams)
        .map(|stream| {
            let mut draw = splitmix(seed << 40 | stream);
            (0..words).map(|_| draw()).collect()
        })
        .collect()
}

/// Evidence that is handed out in pieces only, its streams one after another or side by side.
struct Pieces<'a> {
    evidence: &'a Evidence,
    takes_turns: bool,
    largest_words: usize,
}

impl EvidenceSource for Pieces<'_> {
    type Error = Infallible;

    fn layout(&self) -> Layout {
        self.evidence.layout().clone()
    }

    fn takes_turns(&self) -> bool {
        self.takes_turns
    }

    fn load(&mut self, words_per_stream: usize) -> Result<Cow<'_, Evidence>, Infallible> {
        let part = self.evidence.prefix(words_per_stream);
        self.largest_words = self.largest_words.max(part.words().len());
        Ok(Cow::Owned(part))
    }

    fn load_pieces(&mut self, pieces: &[Piece], arena: Arena) -> Result<Evidence, Infallible> {
        let part = self.evidence.load_pieces(pieces, arena)?;
        self.largest_words = self.largest_words.max(part.words().len());
        Ok(part)
    }
}

/// Everything is joined by windows.
const SMALL: PlanOptions = PlanOptions {
    depth: Depth::Full,
    equality_only: false,
    tested_bytes: Some(1 << 10),
    one_window_in: Some(1 << 10),
};

fn join_in_pieces(evidence: &Evidence, takes_turns: bool) -> Joins {
    let mut source = Pieces {
        evidence,
        takes_turns,
        largest_words: 0,
    };
    let Ok(plan) = JoinPlan::of(&mut source, SMALL);
    source.largest_words = 0;
    let room = Room {
        memory_bytes: Some(LEAST_LIMIT as u64),
        ..Room::default()
    };
    let Ok(found) = streamed(&mut source, &plan, room);
    assert!(
        source.largest_words < LEAST_LIMIT / 8,
        "{} words at once",
        source.largest_words
    );
    found.unwrap().joins
}

/// Both orders find the same one copy.
fn only(evidence: &Evidence) -> Witness {
    let [one, other] = [false, true].map(|takes_turns| join_in_pieces(evidence, takes_turns));
    assert_eq!(one, other);
    assert_eq!(one.shared.len(), 1, "{:#?}", one.shared);
    assert!(one.periods.is_empty() && one.equal_streams.is_empty());
    one.shared[0].witness.clone()
}

#[test]
fn an_overlap_across_many_slabs_is_found_and_followed_to_both_ends() {
    let mut streams = noise(1, 4, 60_000);
    let part = streams[0][20_001..50_001].to_vec();
    streams[3][5_000..35_000].copy_from_slice(&part);
    let witness = only(&evidence(&streams, 64));
    assert_eq!(
        (witness.a.word, witness.words, witness.lag()),
        (20_001, 30_000, -15_001)
    );
    assert_eq!(witness.copy, CopyKind::Equal);
}

#[test]
fn disguises_are_found_and_followed() {
    for (image, copy) in [
        ((|x| !x) as fn(u64) -> u64, CopyKind::Complement),
        (
            |x| x.wrapping_add(77),
            CopyKind::ConstantAdd { constant: 77 },
        ),
        (u64::swap_bytes, CopyKind::ByteSwap),
        (|x| x.rotate_left(9), CopyKind::Rotation { bits: 9 }),
    ] {
        let mut streams = noise(2, 3, 50_000);
        let part: Vec<u64> = streams[1][1_000..41_000]
            .iter()
            .map(|&x| image(x))
            .collect();
        streams[2][9_000..49_000].copy_from_slice(&part);
        let witness = only(&evidence(&streams, 64));
        assert_eq!(witness.copy, copy);
        assert_eq!((witness.a.word, witness.words), (1_000, 40_000));
    }
}

#[test]
fn a_copy_backwards_in_time_is_followed() {
    let mut streams = noise(3, 2, 50_000);
    let part: Vec<u64> = streams[0][..40_000].iter().rev().copied().collect();
    streams[1][5_000..45_000].copy_from_slice(&part);
    let witness = only(&evidence(&streams, 64));
    assert!(witness.reversed);
    assert_eq!(
        (witness.a.word, witness.b.word, witness.words),
        (0, 44_999, 40_000)
    );
}

#[test]
fn starts_and_ends_are_joined_exactly() {
    let mut streams = noise(4, 40, 5_000);
    let end = streams[25][4_990..].to_vec();
    streams[3][..10].copy_from_slice(&end);
    let witness = only(&evidence(&streams, 64));
    assert_eq!(
        (witness.a.word, witness.b.word, witness.words),
        (0, 4_990, 10)
    );
}

#[test]
fn equal_streams_and_periods_are_found_in_full_length() {
    let mut streams = noise(5, 6, 40_000);
    streams[5] = streams[2].clone();
    // Equal but for the last word.
    streams[4] = streams[1].clone();
    streams[4][39_999] ^= 1;
    for i in 20_000..40_000 {
        streams[3][i] = streams[3][i - 7_000];
    }
    let joins = join_in_pieces(&evidence(&streams, 64), false);
    assert_eq!(joins.equal_streams.len(), 1);
    assert_eq!(
        joins.equal_streams[0].streams,
        [StreamId::new(0, 2), StreamId::new(0, 5)]
    );
    assert_eq!(joins.shared.len(), 1);
    let witness = &joins.shared[0].witness;
    assert_eq!((witness.lag(), witness.words), (0, 39_999));
    assert_eq!(joins.periods.len(), 1);
    assert_eq!(joins.periods[0].lag(), 7_000);
}

#[test]
fn values_that_stay_as_they_are_share_nothing() {
    let streams: Vec<Vec<u64>> = noise(7, 6, 100_000)
        .into_iter()
        .map(|words| {
            let mut state = words[0] & 1 << 63;
            let mut next = |x: u64| {
                // It changes once in twenty.
                state ^= u64::from(x.is_multiple_of(20)) << 63;
                state
            };
            words.into_iter().map(&mut next).collect()
        })
        .collect();
    let joins = join_in_pieces(&evidence(&streams, 1), false);
    assert!(!joins.found_any(), "{joins:#?}");
}

#[test]
fn sound_streams_share_nothing_and_the_recall_is_stated() {
    for width in [64, 32, 24, 8, 1] {
        let streams: Vec<Vec<u64>> = noise(6, 5, 30_000)
            .into_iter()
            .map(|words| {
                words
                    .into_iter()
                    .map(|x| x >> (64 - width) << (64 - width))
                    .collect()
            })
            .collect();
        let joins = join_in_pieces(&evidence(&streams, width), false);
        assert!(!joins.found_any(), "{width}: {joins:#?}");
        assert!(joins.chance < 1e-11);
        let (windows, missed) = joins.recall[3];
        assert_eq!(windows, 1024);
        assert!((missed - (1023f64 / 1024.0).powi(1024)).abs() < 1e-12);
    }
}

#[test]
fn an_analysis_of_much_tests_the_start_and_joins_the_whole() {
    let mut streams = noise(7, 8, 200_000);
    let late = streams[1][150_000..190_000].to_vec();
    streams[6][140_000..180_000].copy_from_slice(&late);
    let all = evidence(&streams, 64);
    let options = AnalyzeOptions {
        tested_bytes: Some(1 << 20),
        one_window_in: Some(1 << 10),
        room: Room {
            memory_bytes: Some(4 << 20),
            ..Room::default()
        },
        ..AnalyzeOptions::default()
    };
    let mut source = Pieces {
        evidence: &all,
        takes_turns: false,
        largest_words: 0,
    };
    let Ok(analysis) = analyze(&mut source, options, &mut JoinArena::new());
    assert_eq!(analysis.joined_words, Some(200_000));
    assert!(analysis.words_per_stream < 25_000);
    assert!(8 * source.largest_words < 4 << 20);
    let shared = &analysis.joins.shared;
    assert_eq!(shared.len(), 1);
    assert_eq!(
        (shared[0].witness.a.word, shared[0].witness.words),
        (150_000, 40_000)
    );
    assert!(analysis.joins.duplicates.is_some());

    // What its first words decide is not read to the end.
    streams[2] = streams[3].clone();
    let all = evidence(&streams, 64);
    let Ok(early) = analyze(&mut &all, options, &mut JoinArena::new());
    assert_eq!(early.joined_words, None);
    assert_eq!(early.joins.equal_streams[0].words, 200_000);

    let exhaustive = AnalyzeOptions {
        depth: Depth::Exhaustive,
        ..options
    };
    let Ok(thorough) = analyze(&mut &all, exhaustive, &mut JoinArena::new());
    assert_eq!(thorough.joined_words, Some(200_000));
    assert_eq!(thorough.joins.equal_streams[0].words, 200_000);
}

#[test]
fn only_equality_needs_no_windows() {
    let mut streams = noise(8, 3, 100_000);
    streams[1] = streams[0].clone();
    let options = AnalyzeOptions {
        equality_only: true,
        tested_bytes: Some(1 << 18),
        ..AnalyzeOptions::default()
    };
    let all = evidence(&streams, 64);
    let Ok(analysis) = analyze(&mut &all, options, &mut JoinArena::new());
    let dissent = analysis.equality[0].dissent.as_ref().unwrap();
    assert_eq!(dissent.streams, [StreamId::new(0, 2)]);
    assert!(analysis.joins.shared.is_empty() && analysis.joins.recall.is_empty());
}

/// Evidence that cannot be read any more after so many pieces.
struct Interrupted<'a> {
    pieces: Pieces<'a>,
    left: usize,
    loads: usize,
}

impl EvidenceSource for Interrupted<'_> {
    type Error = &'static str;

    fn layout(&self) -> Layout {
        self.pieces.layout()
    }

    fn takes_turns(&self) -> bool {
        self.pieces.takes_turns
    }

    fn load(&mut self, words_per_stream: usize) -> Result<Cow<'_, Evidence>, Self::Error> {
        let Ok(part) = self.pieces.load(words_per_stream);
        Ok(part)
    }

    fn load_pieces(&mut self, pieces: &[Piece], arena: Arena) -> Result<Evidence, Self::Error> {
        self.left = self.left.checked_sub(1).ok_or("interrupted")?;
        self.loads += 1;
        let Ok(part) = self.pieces.load_pieces(pieces, arena);
        Ok(part)
    }
}

/// What is said, and how often was read for that; `None` where it was interrupted.
fn join_until(
    evidence: &Evidence,
    sketches: Option<&'static Path>,
    loads: usize,
) -> Option<(Joins, usize)> {
    let mut source = Interrupted {
        pieces: Pieces {
            evidence,
            takes_turns: false,
            largest_words: 0,
        },
        left: usize::MAX,
        loads: 0,
    };
    let often = PlanOptions {
        one_window_in: Some(4),
        ..SMALL
    };
    let plan = JoinPlan::of(&mut source, often).unwrap();
    (source.left, source.loads) = (loads, 0);
    let room = Room {
        memory_bytes: Some(LEAST_LIMIT as u64),
        sketches,
        ..Room::default()
    };
    match streamed(&mut source, &plan, room) {
        Ok(found) => Some((found.unwrap().joins, source.loads)),
        Err(_) => None,
    }
}

#[test]
fn what_was_interrupted_goes_on_from_its_sketches() {
    let folder = tempfile::tempdir().unwrap();
    let path: &'static Path = Box::leak(folder.path().to_owned().into_boxed_path());
    let kept = || std::fs::read_dir(path).unwrap().count();
    let mut streams = noise(5, 4, 60_000);
    let part = streams[0][20_001..50_001].to_vec();
    streams[3][5_000..35_000].copy_from_slice(&part);
    let whole = evidence(&streams, 64);
    let (expected, loads) = join_until(&whole, None, usize::MAX).unwrap();
    assert_eq!(expected.shared.len(), 1);
    // Wherever it is interrupted, it goes on: at least half of what was read is not read again.
    for interrupted in [loads / 2, loads * 3 / 4, loads - 1] {
        assert_eq!(join_until(&whole, Some(path), interrupted), None);
        assert!(kept() > 0);
        let (found, again) = join_until(&whole, Some(path), usize::MAX).unwrap();
        assert_eq!(found, expected);
        assert!(
            again < loads - interrupted / 2,
            "{again} of {loads} after {interrupted}"
        );
        assert_eq!(kept(), 0);
    }
    // Of other words, and of the same under another plan, nothing is taken.
    assert_eq!(join_until(&whole, Some(path), loads - 1), None);
    let before = kept();
    streams[1][59_999] ^= 1;
    let (_, again) = join_until(&evidence(&streams, 64), Some(path), usize::MAX).unwrap();
    assert_eq!(again, loads);
    assert_eq!(kept(), before);
}
