//! Equal streams: found by fingerprint, verified on the words, grouped, described and collapsed.

use std::{collections::BTreeMap, ops::Range};

use rayon::prelude::*;

use super::{
    domains::{RunSlice, repeating_runs, run_slices},
    fingerprint::{Fingerprint, StartPrints, start},
    information::{all_equal_tell, words_to_be_equal},
    strands::{Strands, StreamSpan},
};
use crate::{
    reading::bits_per_element,
    vocabulary::{Evidence, Layout, RunId},
};

/// Which streams are equal over their common length.
#[derive(Clone, Debug)]
pub struct EqualGroups {
    /// For each stream, the stream that stands for it (itself where nothing is equal to it).
    pub(super) leaders: Vec<u32>,
    pub(super) runs: Vec<RunSlice>,
    /// For each run, the index of the earlier run it repeats.
    pub(super) repeats: Vec<Option<u32>>,
    bits_per_element: f64,
    /// Least words that make two streams equal by more than chance.
    pub(super) words_needed: Option<usize>,
    /// Streams with fewer words than that.
    pub(super) too_short: u64,
}

/// Groups the streams that are equal word by word over their common length, within one run and
/// between the runs of the fresh group and of the rooted group. Streams so short that chance could
/// make them equal are left alone.
pub fn group_equal(evidence: &Evidence) -> EqualGroups {
    let layout = evidence.layout();
    let starts = StartPrints::of(evidence);
    let (mut groups, prints) = by_fingerprint(
        layout,
        bits_per_element(evidence),
        // Streams that start like no other equal no other: most are not read any further.
        |index| match starts.shared(index) {
            true => Fingerprint::of(evidence.stream(index)),
            false => Fingerprint::of(start(evidence.stream(index))),
        },
        // A fingerprint proves nothing; the words do.
        |a, b| evidence.stream(a) == evidence.stream(b),
    );
    if groups.too_short as usize == evidence.streams() && groups.are_all_one(evidence) {
        groups.leaders.fill(0);
        groups.too_short = 0;
    }
    let one_length = prints.windows(2).all(|pair| pair[0].words == pair[1].words);
    if !one_length {
        join_prefixes(evidence, &prints, &mut groups.leaders);
    }
    groups.repeats = repeating_runs(layout, &groups.runs, &groups.leaders);
    groups
}

/// Groups the streams whose fingerprints are equal, where words are read once and not kept. Two
/// different streams have one fingerprint with probability 2^-128.
pub(super) fn group_fingerprints(
    layout: &Layout,
    bits_per_element: f64,
    fingerprints: &[u128],
) -> EqualGroups {
    let (mut groups, _) = by_fingerprint(
        layout,
        bits_per_element,
        |index| fingerprints[index],
        |_, _| true,
    );
    groups.repeats = repeating_runs(layout, &groups.runs, &groups.leaders);
    groups
}

/// Groups streams of one length by fingerprint, where `equal` agrees; runs are not compared yet.
fn by_fingerprint(
    layout: &Layout,
    bits_per_element: f64,
    fingerprint: impl Fn(usize) -> u128 + Sync,
    equal: impl Fn(usize, usize) -> bool,
) -> (EqualGroups, Vec<Print>) {
    let runs = run_slices(layout);
    let words_needed = words_to_be_equal(layout.streams(), bits_per_element);
    let long_enough =
        |index: usize| words_needed.is_some_and(|needed| layout.span(index).len() >= needed.max(1));
    let too_short = (0..layout.streams()).filter(|&i| !long_enough(i)).count() as u64;
    let mut prints: Vec<Print> = runs
        .par_iter()
        .with_min_len(1)
        .flat_map(|slice| {
            slice
                .streams
                .clone()
                .into_par_iter()
                .with_min_len(64)
                .map(move |index| (slice, index))
        })
        .filter(|&(_, index)| long_enough(index))
        .map(|(slice, index)| Print {
            domain: slice.domain,
            fingerprint: fingerprint(index),
            words: layout.span(index).len(),
            stream: index as u32,
        })
        .collect();
    prints.par_sort_unstable();

    let mut leaders: Vec<u32> = (0..layout.streams() as u32).collect();
    for same in prints
        .chunk_by(|a, b| (a.domain, a.fingerprint, a.words) == (b.domain, b.fingerprint, b.words))
    {
        let leader = same[0].stream;
        for print in &same[1..] {
            if equal(print.stream as usize, leader as usize) {
                leaders[print.stream as usize] = leader;
            }
        }
    }
    let groups = EqualGroups {
        leaders,
        runs,
        repeats: Vec::new(),
        bits_per_element,
        words_needed,
        too_short,
    };
    (groups, prints)
}

/// The evidence of one stream of each group, or `None` when all streams are distinct.
///
/// # Panics
/// When the groups are those of another evidence.
pub fn representatives(evidence: &Evidence, groups: &EqualGroups) -> Option<Evidence> {
    assert_eq!(
        groups.leaders.len(),
        evidence.streams(),
        "groups of this evidence"
    );
    if groups.collapsed() == 0 {
        return None;
    }
    let kept: Vec<usize> = (0..evidence.streams())
        .filter(|&i| groups.leader(i) == i)
        .collect();
    Some(evidence.select_streams(&kept))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Print {
    domain: u32,
    fingerprint: u128,
    words: usize,
    stream: u32,
}

/// Streams that are a prefix of another join its group. In lexicographic order a prefix stands
/// directly before its extensions.
fn join_prefixes(evidence: &Evidence, prints: &[Print], leaders: &mut [u32]) {
    let mut heads: Vec<(u32, u32)> = prints
        .iter()
        .filter(|print| leaders[print.stream as usize] == print.stream)
        .map(|print| (print.domain, print.stream))
        .collect();
    let words = |head: &(u32, u32)| evidence.stream(head.1 as usize);
    heads.par_sort_unstable_by(|a, b| {
        a.0.cmp(&b.0)
            .then_with(|| words(a).cmp(words(b)))
            .then(a.1.cmp(&b.1))
    });
    let mut moved: BTreeMap<u32, u32> = BTreeMap::new();
    for pair in heads.windows(2).rev() {
        if pair[0].0 == pair[1].0 && words(&pair[1]).starts_with(words(&pair[0])) {
            let leader = moved.get(&pair[1].1).copied().unwrap_or(pair[1].1);
            moved.insert(pair[0].1, leader);
        }
    }
    if !moved.is_empty() {
        for leader in leaders {
            if let Some(&longer) = moved.get(leader) {
                *leader = longer;
            }
        }
    }
}

impl EqualGroups {
    /// Streams in classes that are known: for each stream the one that stands for it.
    pub(super) fn known(layout: &Layout, leaders: &[u32]) -> Self {
        let runs = run_slices(layout);
        let repeats = repeating_runs(layout, &runs, leaders);
        Self {
            leaders: leaders.to_vec(),
            runs,
            repeats,
            bits_per_element: 64.0,
            words_needed: None,
            too_short: 0,
        }
    }

    /// Whether all streams are equal and compared with one another, and that is more than chance.
    fn are_all_one(&self, evidence: &Evidence) -> bool {
        if self.leaders.is_empty() {
            return false;
        }
        let first = evidence.stream(0);
        let compared = |slice: &RunSlice| slice.domain == self.runs[0].domain && !slice.echo;
        all_equal_tell(first, evidence.streams(), self.bits_per_element)
            && self.runs.iter().all(compared)
            && (1..evidence.streams()).all(|at| evidence.stream(at) == first)
    }

    /// The index of the stream that stands for stream `index`.
    ///
    /// # Panics
    /// When `index` is no stream of the evidence.
    pub fn leader(&self, index: usize) -> usize {
        self.leaders[index] as usize
    }

    /// Streams with too few words to be told from chance; they are in no group.
    pub const fn too_short(&self) -> u64 {
        self.too_short
    }

    /// How many streams another stream stands for.
    pub fn collapsed(&self) -> usize {
        self.leaders
            .iter()
            .enumerate()
            .filter(|&(i, &leader)| i != leader as usize)
            .count()
    }

    /// Runs that repeat an earlier run of their group task by task, as (earlier, later).
    pub fn repeating_runs(&self) -> impl Iterator<Item = (RunId, RunId)> {
        self.runs
            .iter()
            .zip(&self.repeats)
            .filter(|(slice, _)| !slice.echo)
            .filter_map(|(slice, repeats)| {
                repeats.map(|first| (self.runs[first as usize].run, slice.run))
            })
    }

    /// The groups of two and more streams, as indices in ascending order, the leader among them.
    /// Replays are left out.
    pub fn groups(&self) -> Vec<Vec<usize>> {
        self.grouped(|_| true)
    }

    pub(super) fn grouped(&self, keep: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
        let mut joined: Vec<u32> = Vec::new();
        for (i, &leader) in self.leaders.iter().enumerate() {
            if i != leader as usize {
                joined.push(leader);
            }
        }
        joined.sort_unstable();
        joined.dedup();
        if joined.is_empty() {
            return Vec::new();
        }
        let mut members: Vec<(u32, u32)> = Vec::new();
        for (index, slice) in self.runs.iter().enumerate() {
            if slice.echo || !keep(index) {
                continue;
            }
            for stream in slice.streams.clone() {
                let leader = self.leaders[stream];
                if joined.binary_search(&leader).is_ok() {
                    members.push((leader, stream as u32));
                }
            }
        }
        members.sort_unstable();
        members
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|group| group.len() > 1)
            .map(|group| group.iter().map(|member| member.1 as usize).collect())
            .collect()
    }

    /// What one element tells at least, in bits.
    pub(super) fn bits_per_element(&self) -> f64 {
        self.bits_per_element
    }

    /// One stream for each set of streams that are equal in length too, domain by domain, with the
    /// sets of more than one in ascending order of their first stream.
    pub(super) fn exact_domains<'a>(
        &self,
        evidence: &'a Evidence,
    ) -> (Vec<Strands<'a>>, Vec<Vec<usize>>) {
        self.domains(evidence.layout(), evidence.words())
    }

    /// The same of streams whose words are in `arena`, laid out as `layout` says; the arena is empty
    /// where words are not kept.
    pub(super) fn domains<'a>(
        &self,
        layout: &Layout,
        arena: &'a [u64],
    ) -> (Vec<Strands<'a>>, Vec<Vec<usize>>) {
        let length = |index: usize| layout.span(index).len();
        let mut sets: Vec<Vec<usize>> = Vec::new();
        for mut group in self.groups() {
            group.sort_by_key(|&index| (length(index), index));
            sets.extend(
                group
                    .chunk_by(|&a, &b| length(a) == length(b))
                    .filter(|set| set.len() > 1)
                    .map(<[usize]>::to_vec),
            );
        }
        sets.sort_unstable();
        let mut followers: Vec<usize> = sets.iter().flat_map(|set| set[1..].to_vec()).collect();
        followers.sort_unstable();
        let keep = |index: &usize| followers.binary_search(index).is_err();
        let mut domains: BTreeMap<u32, Vec<StreamSpan>> = BTreeMap::new();
        for slice in self.runs.iter().filter(|slice| !slice.echo) {
            let spans = domains.entry(slice.domain).or_default();
            spans.extend(slice.streams.clone().filter(keep).filter_map(|index| {
                let Range { start, end } = layout.span(index);
                (end > start).then_some(StreamSpan {
                    start,
                    end,
                    stream: index as u32,
                })
            }));
        }
        let strands = domains
            .into_values()
            .map(|spans| Strands { arena, spans })
            .collect();
        (strands, sets)
    }
}
