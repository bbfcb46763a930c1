//! Joins of planted flaws and of sound evidence.

mod changes;
mod copies;
mod counts;
mod equality;
mod natural;
mod no_alarm;
mod partial;

use super::{JoinArena, join};
use crate::{
    results::{CopyKind, Depth, Joins, Witness},
    vocabulary::{Evidence, Format, RunGroup, RunId, RunInfo, StreamId},
};

const DEPTHS: [Depth; 3] = [Depth::Screen, Depth::Full, Depth::Exhaustive];

/// SplitMix64 (Steele, Lea & Flood 2014): a source for tests.
struct Noise(u64);

impl Noise {
    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn stream(&mut self, words: usize, width: u32) -> Vec<u64> {
        (0..words).map(|_| self.word() & ones(width)).collect()
    }

    fn streams(&mut self, streams: usize, words: usize, width: u32) -> Vec<Vec<u64>> {
        (0..streams).map(|_| self.stream(words, width)).collect()
    }
}

fn ones(width: u32) -> u64 {
    !0 << (64 - width)
}

fn run(run: u32, group: RunGroup) -> RunInfo {
    RunInfo {
        run: RunId(run),
        group,
        root: None,
    }
}

/// Evidence of several runs with the streams of each.
fn evidence_of(runs: &[(RunGroup, Vec<Vec<u64>>)], format: Format) -> Evidence {
    let mut words = Vec::new();
    let (mut ids, mut lengths, mut infos) = (Vec::new(), Vec::new(), Vec::new());
    for (index, (group, streams)) in runs.iter().enumerate() {
        infos.push(run(index as u32, *group));
        for (task, stream) in streams.iter().enumerate() {
            ids.push(StreamId::new(index as u32, task as u32));
            lengths.push(stream.len());
            words.extend_from_slice(stream);
        }
    }
    Evidence::ragged(words, ids, &lengths, infos, format).unwrap()
}

fn evidence(streams: Vec<Vec<u64>>, width: u32) -> Evidence {
    evidence_of(&[(RunGroup::Fresh, streams)], Format::Bits { width })
}

fn joined(evidence: &Evidence, depth: Depth) -> Joins {
    join(evidence, depth, &mut JoinArena::new())
}

fn assert_nothing(joins: &Joins) {
    assert!(!joins.found_any(), "{joins:?}");
    assert_eq!(joins.repeating_runs, 0);
}

/// Plants the image of words `from..from + length` of stream 2 at `to` of stream 5.
fn plant(
    width: u32,
    words: usize,
    (from, to, length): (usize, usize, usize),
    reversed: bool,
    image: &dyn Fn(u64) -> u64,
) -> Evidence {
    let mut noise = Noise(u64::from(width) << 32 | words as u64);
    let mut streams = noise.streams(8, words, width);
    let mut copy: Vec<u64> = streams[2][from..from + length]
        .iter()
        .map(|&word| image(word))
        .collect();
    if reversed {
        copy.reverse();
    }
    streams[5][to..to + length].copy_from_slice(&copy);
    evidence(streams, width)
}

fn only(joins: &Joins) -> &Witness {
    assert_eq!(joins.shared.len(), 1, "{:?}", joins.shared);
    assert!(
        joins.periods.is_empty() && joins.equal_streams.is_empty(),
        "{joins:?}"
    );
    &joins.shared[0].witness
}

type Disguise = (CopyKind, Box<dyn Fn(u64) -> u64>);

fn disguises(width: u32) -> Vec<Disguise> {
    let shift = 64 - width;
    let constant = 0x1234_5678_9abc_def0u64.rotate_left(7) & ones(width);
    let number = constant >> shift;
    let mut all: Vec<Disguise> = vec![
        (CopyKind::Equal, Box::new(|w| w)),
        (CopyKind::Complement, Box::new(move |w| !w & ones(width))),
        (CopyKind::Negation, Box::new(|w: u64| w.wrapping_neg())),
        (
            CopyKind::BitReversal,
            Box::new(move |w| (w >> shift).reverse_bits()),
        ),
        (
            CopyKind::Rotation { bits: 5 },
            Box::new(move |w| (w << 5 | w >> (width - 5)) & ones(width)),
        ),
        (
            CopyKind::ConstantXor { constant: number },
            Box::new(move |w| w ^ constant),
        ),
        (
            CopyKind::ConstantAdd { constant: number },
            Box::new(move |w: u64| w.wrapping_add(constant)),
        ),
        (
            CopyKind::ConstantMinus { constant: number },
            Box::new(move |w: u64| constant.wrapping_sub(w)),
        ),
        (
            CopyKind::BitPermutation,
            Box::new(move |w| {
                (0..width).fold(0, |out, i| {
                    out | (w >> (shift + i) & 1) << (shift + (5 * i + 1) % width)
                })
            }),
        ),
    ];
    if width.is_multiple_of(8) {
        all.push((
            CopyKind::ByteSwap,
            Box::new(move |w| (w >> shift).swap_bytes()),
        ));
    }
    all
}

fn only_shared(joins: &Joins) -> &Witness {
    assert_eq!(joins.shared.len(), 1, "{:?}", joins.shared);
    &joins.shared[0].witness
}
