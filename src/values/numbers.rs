//! Streams of values of unknown law: equal values have equal ids, and an id has a number.

use rayon::prelude::*;

use crate::vocabulary::{Evidence, RunId, StreamId};

/// The values of one stream.
#[derive(Clone, Debug)]
pub(crate) struct Sequence {
    /// Whose they are.
    pub id: StreamId,
    /// Its run, counted from 0.
    pub run: u32,
    /// The values, as indices into [`Numbers::values`].
    pub ids: Vec<u32>,
}

/// The values of all streams.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    /// In (run, worker) order.
    pub streams: Vec<Sequence>,
    /// The number that an id stands for, ascending.
    pub values: Vec<f64>,
    /// How many runs there are.
    pub runs: u32,
}

impl Numbers {
    /// For each stream its run.
    pub fn runs_of_streams(&self) -> Vec<u32> {
        self.streams.iter().map(|stream| stream.run).collect()
    }

    /// The streams of an evidence. `number` turns a canonical word into the number that it stands for;
    /// canonical words are in the order of their numbers.
    pub fn of(evidence: &Evidence, number: impl Fn(u64) -> f64) -> Self {
        let words = evidence.words().par_iter().enumerate();
        let mut placed: Vec<(u64, u32)> = words.map(|(at, &word)| (word, at as u32)).collect();
        placed.par_sort_unstable();
        let mut ids = vec![0; placed.len()];
        let mut values = Vec::new();
        for (id, same) in (0..).zip(placed.chunk_by(|a, b| a.0 == b.0)) {
            values.push(number(same[0].0));
            same.iter().for_each(|&(_, at)| ids[at as usize] = id);
        }
        let mut known: Vec<RunId> = evidence.ids().iter().map(|id| id.run).collect();
        known.dedup();
        let mut rest = &ids[..];
        let sequence = |index: usize| {
            let id = evidence.id(index);
            let (own, others) = rest.split_at(evidence.stream(index).len());
            rest = others;
            let run = known.partition_point(|&run| run < id.run) as u32;
            Sequence {
                id,
                run,
                ids: own.to_vec(),
            }
        };
        let streams = (0..evidence.streams()).map(sequence);
        Self {
            streams: streams.collect(),
            values,
            runs: known.len() as u32,
        }
    }

    /// Some of the streams; runs are counted anew.
    pub fn select(&self, kept: &[usize]) -> Self {
        let mut streams: Vec<Sequence> = kept.iter().map(|&at| self.streams[at].clone()).collect();
        let mut runs: Vec<u32> = streams.iter().map(|stream| stream.run).collect();
        runs.dedup();
        for stream in &mut streams {
            stream.run = runs.partition_point(|&run| run < stream.run) as u32;
        }
        Self {
            streams,
            values: self.values.clone(),
            runs: runs.len() as u32,
        }
    }

    /// The number of values in all streams together.
    pub fn total(&self) -> usize {
        self.streams.iter().map(|stream| stream.ids.len()).sum()
    }

    /// The length of the shortest stream.
    pub fn aligned(&self) -> usize {
        let lengths = self.streams.iter().map(|stream| stream.ids.len());
        lengths.min().unwrap_or(0)
    }

    /// The indices of the streams of every run.
    pub fn by_run(&self) -> Vec<Vec<usize>> {
        let mut runs = vec![Vec::new(); self.runs as usize];
        for (at, stream) in self.streams.iter().enumerate() {
            runs[stream.run as usize].push(at);
        }
        runs
    }

    /// The numbers of a stretch.
    pub fn numbers(&self, ids: &[u32]) -> Vec<f64> {
        ids.iter().map(|&id| self.values[id as usize]).collect()
    }
}

/// Classes of equal things: the least index that has the same.
pub(crate) fn classes_of<K: std::hash::Hash + Eq>(keys: impl Iterator<Item = K>) -> Vec<u32> {
    let mut first = std::collections::HashMap::new();
    keys.enumerate()
        .map(|(at, key)| *first.entry(key).or_insert(at as u32))
        .collect()
}

/// The members of every class with more than one, largest first, then by first member.
pub(crate) fn groups_of(classes: &[u32]) -> Vec<Vec<usize>> {
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); classes.len()];
    for (at, &class) in classes.iter().enumerate() {
        members[class as usize].push(at);
    }
    let mut groups: Vec<Vec<usize>> = members
        .into_iter()
        .filter(|group| group.len() > 1)
        .collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group[0]));
    groups
}

/// Classes of what is tied together by pairs, as [`classes_of`] gives them.
pub(crate) fn components(count: usize, pairs: impl Iterator<Item = (usize, usize)>) -> Vec<u32> {
    let mut parent: Vec<u32> = (0..count as u32).collect();
    fn root(parent: &[u32], mut at: u32) -> u32 {
        while parent[at as usize] != at {
            at = parent[at as usize];
        }
        at
    }
    for (a, b) in pairs {
        let (a, b) = (root(&parent, a as u32), root(&parent, b as u32));
        parent[a.max(b) as usize] = a.min(b);
    }
    (0..count as u32).map(|at| root(&parent, at)).collect()
}
