//! Every disguise planted and found, sound evidence left alone.

mod counts;
mod disguises;
mod equality;
mod sizes;
mod values;

use super::{
    super::{CopyKind, Depth, Joins, Witness},
    JoinArena, duplicates, duplicates_of_halves, group_equal, join, representatives,
};
use crate::core::{Evidence, Format, Marginal, RunGroup, RunId, RunInfo, StreamId};

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

fn only(joins: &Joins) -> &Witness {
    assert_eq!(joins.shared.len(), 1, "{:?}", joins.shared);
    assert!(
        joins.periods.is_empty() && joins.equal_streams.is_empty(),
        "{joins:?}"
    );
    &joins.shared[0].witness
}

fn only_shared(joins: &Joins) -> &Witness {
    assert_eq!(joins.shared.len(), 1, "{:?}", joins.shared);
    &joins.shared[0].witness
}
