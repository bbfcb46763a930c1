//! Steps of streamed joins that others do where the words lie: what is asked of them, and what they answer.
//!
//! A step is a message that all have in common, a task says which stretches of which streams it is about. Both
//! are all that an answer depends on, so a task may be done twice, or again by another. What tasks answer is
//! merged by operations that are associative, commutative and idempotent: sets of prints by stretch, sets of edge
//! keys, sets of records, and the hits of least priority.
//!
//! | step | a task answers | merged |
//! |---|---|---|
//! | prints | a fingerprint a stretch, the keys of edges | by the analysis |
//! | windows | recorded keys and places, cut into buckets by key | those of a bucket, where they met; their hits by the analysis |

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    KEPT_PLACES, Streams,
    message::{BadMessage, decode, encode},
    packed::{packed, unpacked},
    readings::{EdgeKeys, Prints},
    slab::Slab,
    slabs::Stretch,
    tasks,
};
use crate::{
    joins::{
        fingerprint::Fingerprint,
        hits::{Hits, Met},
        record::{Pass, RecordedPart, Recorder, shared},
        strands::{Record, StreamSpan},
    },
    kernels::{SampleSpan, WindowKey, mix},
    vocabulary::{Arena, EvidenceSource, Format, Layout, StreamId},
};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Ask {
    Prints,
    Windows {
        log2_slices: u32,
        pass: Pass,
        /// A hash of all words, so that what was answered for others is not taken for this.
        digest: u128,
    },
}

/// A step.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) ask: Ask,
    /// The hash of the plan.
    pub(super) plan: String,
    pub(super) format: Format,
    /// How raw values become words.
    pub(super) look: String,
    pub(super) keys: Vec<WindowKey>,
    /// The streams that are joined.
    pub(super) spans: Vec<StreamSpan>,
    pub(super) edges: EdgeKeys,
}

/// What of a step is no list of numbers. Another version of the crate asks otherwise.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    version: String,
    ask: Ask,
    plan: String,
    format: Format,
    look: String,
    keys: Vec<WindowKey>,
}

impl Step {
    pub(super) fn encode(&self) -> Vec<u8> {
        let head = Head {
            version: env!("CARGO_PKG_VERSION").into(),
            ask: self.ask.clone(),
            plan: self.plan.clone(),
            format: self.format,
            look: self.look.clone(),
            keys: self.keys.clone(),
        };
        let spans = self.spans.iter();
        let spans = spans.flat_map(|span| [span.start as u64, span.end as u64, span.stream.into()]);
        let mut lists = vec![spans.collect()];
        lists.extend(self.edges.iter().cloned());
        encode(&head, &lists)
    }

    fn decode(bytes: &[u8]) -> Result<Self, BadMessage> {
        let (head, mut lists): (Head, _) = decode(bytes)?;
        if head.version != env!("CARGO_PKG_VERSION") || lists.is_empty() {
            return Err(BadMessage);
        }
        let edges = lists.split_off(1);
        let (spans, rest) = lists[0].as_chunks::<3>();
        if !rest.is_empty() {
            return Err(BadMessage);
        }
        let span = |&[start, end, stream]: &[u64; 3]| StreamSpan {
            start: start as usize,
            end: end as usize,
            stream: stream as u32,
        };
        Ok(Self {
            ask: head.ask,
            plan: head.plan,
            format: head.format,
            look: head.look,
            keys: head.keys,
            spans: spans.iter().map(span).collect(),
            edges,
        })
    }

    fn recorder(&self, log2_slices: u32) -> Recorder {
        let span = SampleSpan {
            index: 0,
            log2_slices,
        };
        Recorder::new(&self.keys, span, self.edges.clone())
    }
}

/// Why a task cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum TaskError<E> {
    /// Not one of this version's messages.
    #[error(transparent)]
    Message(#[from] BadMessage),
    /// The streams are of another type than where they were surveyed.
    #[error(
        "its streams are of another type than those of the analysis: do all see the same files?"
    )]
    Kind,
    /// The source cannot be read.
    #[error("{0}")]
    Source(E),
}

/// Reads a task's words, and says which stretches could not be read: all, where one does not fit the format.
fn load<'a, S: EvidenceSource>(
    source: &mut S,
    step: &Step,
    stretches: &'a [Stretch],
) -> Result<(Slab<'a>, Vec<u64>), TaskError<S::Error>> {
    if !source.look_as(&step.look) {
        return Err(TaskError::Kind);
    }
    let slab = Slab::load(source, stretches, &step.keys, Arena::default());
    let slab = slab.map_err(TaskError::Source)?;
    let unread = match source.layout().format() == step.format {
        true => slab.unread(&step.keys),
        false => stretches.to_vec(),
    };
    let id = |stretch: &Stretch| [stretch.id.run.0.into(), stretch.id.task.0.into()];
    Ok((slab, unread.iter().flat_map(id).collect()))
}

fn ids_of(numbers: &[u64]) -> impl Iterator<Item = StreamId> {
    let ids = numbers.as_chunks::<2>().0.iter();
    ids.map(|&[run, task]| StreamId::new(run as u32, task as u32))
}

/// Answers a task of a step that is gathered.
///
/// # Errors
/// When a message is none, or the source cannot be read.
pub fn answer<S: EvidenceSource>(
    source: &mut S,
    step: &[u8],
    task: &[u8],
) -> Result<Vec<u8>, TaskError<S::Error>> {
    let step = Step::decode(step)?;
    let stretches = tasks::stretches(task)?;
    let (slab, unread) = load(source, &step, &stretches)?;
    let prints = slab.prints();
    let mut lists = vec![
        unread,
        prints
            .iter()
            .flat_map(|(stretch, print)| {
                let [one, other, words] = print.numbers();
                let (stream, from) = (stretch.stream as u64, stretch.from as u64);
                [stream, from, one, other, words]
            })
            .collect(),
    ];
    for key in &step.keys {
        let mut edges = Vec::new();
        slab.edges(*key, |edge| edges.push(edge));
        lists.push(edges);
    }
    Ok(encode(&(), &lists))
}

/// Answers a task of a step that is shuffled: its records, cut into so many buckets by key.
///
/// # Errors
/// As [`answer`].
pub fn sketch<S: EvidenceSource>(
    source: &mut S,
    step: &[u8],
    task: &[u8],
    buckets: usize,
) -> Result<Vec<Vec<u8>>, TaskError<S::Error>> {
    let step = Step::decode(step)?;
    let Ask::Windows {
        log2_slices, pass, ..
    } = step.ask
    else {
        return Err(BadMessage.into());
    };
    let stretches = tasks::stretches(task)?;
    let (slab, unread) = load(source, &step, &stretches)?;
    let parts = slab.windows(&step.recorder(log2_slices), pass);
    // What could not be read; the records of every key; and of keys with very many, how many were left out.
    let mut cut = vec![vec![Vec::new(); 1 + 2 * step.keys.len()]; buckets.max(1)];
    cut[0][0] = unread;
    for family in 0..step.keys.len() {
        let records = parts.iter().flat_map(|part| &part.records()[family]);
        let mut records: Vec<Record> = records.copied().collect();
        records.par_sort_unstable();
        let mut kept: Vec<Vec<Record>> = vec![Vec::new(); cut.len()];
        for same in records.chunk_by(|a, b| a.key == b.key) {
            let (first, others) = same.split_at(same.len().min(KEPT_PLACES));
            let bucket = bucket(first[0].key, cut.len());
            kept[bucket].extend(first);
            if !others.is_empty() {
                // The first place tells this task's from others.
                let left_out = [first[0].key, first[0].place, others.len() as u64];
                cut[bucket][1 + step.keys.len() + family].extend(left_out);
            }
        }
        for (lists, kept) in cut.iter_mut().zip(&kept) {
            lists[1 + family] = packed(kept);
        }
    }
    Ok(cut.iter().map(|lists| encode(&(), lists)).collect())
}

/// The bucket of a key: of another hash than the pass that it is recorded in.
fn bucket(key: u64, of: usize) -> usize {
    ((u128::from(mix(key)) * of as u128) >> 64) as usize
}

/// What the records of one bucket meet in, of all tasks.
///
/// # Errors
/// When a message is none.
pub fn matched<'a>(
    step: &[u8],
    parts: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<u8>, BadMessage> {
    let step = Step::decode(step)?;
    let mut unread = Vec::new();
    let mut recorded = Vec::new();
    let mut left_out: BTreeSet<(usize, u64, u64, u64)> = BTreeSet::new();
    for part in parts {
        let ((), lists) = decode(part)?;
        if lists.len() != 1 + 2 * step.keys.len() {
            return Err(BadMessage);
        }
        unread.extend(&lists[0]);
        let (records, others) = lists[1..].split_at(step.keys.len());
        for (family, others) in others.iter().enumerate() {
            let others = others.as_chunks::<3>().0.iter();
            left_out.extend(others.map(|&[key, place, count]| (family, key, place, count)));
        }
        let records: Result<_, _> = records.iter().map(|list| unpacked(list)).collect();
        recorded.push(RecordedPart::of(records?));
    }
    let records = shared(step.keys.len(), &recorded);
    let mut counted = BTreeMap::new();
    for (family, key, _, count) in left_out {
        *counted.entry((family, key)).or_default() += count;
    }
    let mut hits = Hits::default();
    Streams::new(&step.spans, step.format).collect(&step.keys, &records, &counted, &mut hits);
    let places = vec![hits.places()];
    let hits = hits.into_pairs().into_iter().flat_map(|(spans, hits)| {
        hits.into_iter().flat_map(move |hit| {
            let (one, other) = hit.variants;
            [
                spans.0.into(),
                spans.1.into(),
                hit.family.into(),
                one.into(),
                other.into(),
                hit.a as u64,
                hit.b as u64,
            ]
        })
    });
    Ok(encode(&(), &[unread, places, hits.collect()]))
}

/// The answers to the first step.
pub(super) struct Firsts {
    prints: BTreeMap<(u64, u64), [u64; 3]>,
    edges: EdgeKeys,
    pub(super) unread: Vec<StreamId>,
}

impl Firsts {
    pub(super) fn new(keys: usize) -> Self {
        Self {
            prints: BTreeMap::new(),
            edges: vec![Vec::new(); keys],
            unread: Vec::new(),
        }
    }

    /// Takes in what a task answered; twice is once.
    pub(super) fn take_in(&mut self, answer: &[u8]) -> Result<(), BadMessage> {
        let ((), mut lists) = decode(answer)?;
        if lists.len() != 2 + self.edges.len() {
            return Err(BadMessage);
        }
        self.unread.extend(ids_of(&lists[0]));
        for &[stream, from, one, other, words] in lists[1].as_chunks::<5>().0 {
            self.prints.insert((stream, from), [one, other, words]);
        }
        for (edges, more) in self.edges.iter_mut().zip(lists.drain(2..)) {
            edges.extend(more);
        }
        Ok(())
    }

    /// The fingerprints of all streams of a layout, and the keys of their edges.
    pub(super) fn finish(self, layout: &Layout) -> Result<(Prints, EdgeKeys), String> {
        let mut prints = vec![Fingerprint::default(); layout.streams()];
        let mut words = vec![0; layout.streams()];
        for ((stream, _), numbers) in self.prints {
            let Some(print) = prints.get_mut(stream as usize) else {
                return Err("an answer is about a stream that nobody asked about".into());
            };
            print.merge(&Fingerprint::of_numbers(numbers));
            words[stream as usize] += numbers[2] as usize;
        }
        let complete = |at: &usize| words[*at] == layout.span(*at).len();
        if let Some(at) = (0..layout.streams()).find(|at| !complete(at)) {
            let (id, read, all) = (layout.id(at), words[at], layout.span(at).len());
            return Err(format!("of {id} {read} words were read, of {all}"));
        }
        Ok((prints.iter().map(Fingerprint::value).collect(), self.edges))
    }
}

/// The answers to a step that was shuffled.
#[derive(Default)]
pub(super) struct Meetings {
    pub(super) hits: Hits,
    pub(super) unread: Vec<StreamId>,
}

impl Meetings {
    /// Takes in what a bucket matched; twice is once.
    pub(super) fn take_in(&mut self, answer: &[u8]) -> Result<(), BadMessage> {
        let ((), lists) = decode(answer)?;
        let [unread, places, hits] = &lists[..] else {
            return Err(BadMessage);
        };
        places.iter().for_each(|&places| self.hits.count(places));
        self.unread.extend(ids_of(unread));
        for &[first, second, family, one, other, a, b] in hits.as_chunks::<7>().0 {
            let met = Met {
                family: family as u8,
                variants: (one as u8, other as u8),
                a: a as usize,
                b: b as usize,
            };
            self.hits.add((first as u32, second as u32), met);
        }
        Ok(())
    }
}
