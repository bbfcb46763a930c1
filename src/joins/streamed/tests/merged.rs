//! What tasks answer merges in any order, in any groups, and any number of times.

use proptest::prelude::*;

use super::{
    super::{
        elsewhere::{Ask, Firsts, Meetings, Step, answer, matched, sketch},
        message::encode,
        readings::{EdgeKeys, Prints},
        slabs::{Stretch, end_to_end},
    },
    evidence, noise,
};
use crate::{
    joins::{
        fingerprint::Fingerprint,
        hits::{Hits, Met},
        record::Pass,
        strands::StreamSpan,
    },
    kernels::{Family, WindowKey},
    vocabulary::Evidence,
};

/// Streams of two lengths, one of which repeats a part of another.
fn flawed() -> Evidence {
    let mut streams = noise(9, 4, 9_000);
    streams.extend(noise(10, 3, 700));
    let part = streams[0][3_000..5_500].to_vec();
    streams[2][6_001..8_501].copy_from_slice(&part);
    let start = streams[3][..40].to_vec();
    streams[5][600..640].copy_from_slice(&start);
    evidence(&streams, 64)
}

fn step(evidence: &Evidence, ask: Ask, edges: EdgeKeys) -> Step {
    let layout = evidence.layout();
    let spans = (0..layout.streams()).map(|stream| StreamSpan {
        start: layout.span(stream).start,
        end: layout.span(stream).end,
        stream: stream as u32,
    });
    let key = |family, features| WindowKey { family, features };
    Step {
        ask,
        plan: String::new(),
        format: layout.format(),
        look: String::new(),
        keys: vec![key(Family::Identity, 2), key(Family::Changes, 3)],
        spans: spans.collect(),
        edges,
    }
}

fn tasks(evidence: &Evidence, words: usize) -> Vec<Vec<u8>> {
    let layout = evidence.layout();
    let all: Vec<usize> = (0..layout.streams()).collect();
    let slabs = end_to_end(layout, &all, words);
    let message = |stretches: &Vec<Stretch>| {
        encode(
            &(),
            &[stretches.iter().flat_map(Stretch::numbers).collect()],
        )
    };
    slabs.iter().map(message).collect()
}

/// All of so many, in the order that the draws ask for, and some of them again.
fn mixed(count: usize, draws: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|&at| draws[at % draws.len()].wrapping_mul(at + 1) % 101);
    order.extend(draws.iter().map(|draw| draw % count));
    order
}

/// Fingerprints and the keys of edges, from tasks of so many words.
fn first(evidence: &Evidence, words: usize, draws: &[usize]) -> (Prints, EdgeKeys) {
    let step = step(evidence, Ask::Prints, Vec::new());
    let (bytes, tasks) = (step.encode(), tasks(evidence, words));
    let mut firsts = Firsts::new(step.keys.len());
    for at in mixed(tasks.len(), draws) {
        let answer = answer(&mut &*evidence, &bytes, &tasks[at]).unwrap();
        firsts.take_in(&answer).unwrap();
    }
    let (prints, mut edges) = firsts.finish(evidence.layout()).unwrap();
    for edges in &mut edges {
        edges.sort_unstable();
        edges.dedup();
    }
    (prints, edges)
}

/// Two streams, and where they meet.
type Pair = ((u32, u32), Vec<Met>);

/// What windows meet in, from tasks of so many words, whose records meet in so many buckets, whose hits are merged
/// two by two.
fn met(
    evidence: &Evidence,
    edges: EdgeKeys,
    (words, buckets): (usize, usize),
    draws: &[usize],
) -> (u64, Vec<Pair>) {
    let ask = Ask::Windows {
        log2_slices: 5,
        pass: Pass::ONLY,
        digest: 1,
    };
    let (bytes, tasks) = (step(evidence, ask, edges).encode(), tasks(evidence, words));
    let parts: Vec<Vec<Vec<u8>>> = mixed(tasks.len(), draws)
        .into_iter()
        .map(|at| sketch(&mut &*evidence, &bytes, &tasks[at], buckets).unwrap())
        .collect();
    let mut hits: Vec<Hits> = mixed(buckets, draws)
        .into_iter()
        .map(|bucket| {
            let parts = parts.iter().map(|parts| &parts[bucket][..]);
            let mut meetings = Meetings::default();
            meetings.take_in(&matched(&bytes, parts).unwrap()).unwrap();
            meetings.hits
        })
        .collect();
    for draw in draws.iter().cycle() {
        if hits.len() == 1 {
            break;
        }
        let one = hits.swap_remove(draw % hits.len());
        let other = draw / 7 % hits.len();
        hits[other].merge(one);
    }
    let hits = hits.pop().expect("there is a bucket");
    (hits.places(), hits.into_pairs())
}

#[test]
fn the_whole_in_one_task_is_what_is_read_here() {
    let evidence = flawed();
    let (prints, edges) = first(&evidence, 1 << 30, &[0]);
    let here = (0..evidence.streams()).map(|at| Fingerprint::of(evidence.stream(at)));
    assert!(here.eq(prints));
    let (places, pairs) = met(&evidence, edges, (1 << 30, 1), &[0]);
    let spans: Vec<(u32, u32)> = pairs.iter().map(|(spans, _)| *spans).collect();
    assert_eq!((places, spans), (2, vec![(0, 2), (3, 5)]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_cut_and_any_order_says_the_same(
        words in 1_usize..12_000,
        buckets in 1_usize..6,
        draws in prop::collection::vec(0_usize..1000, 1..20),
    ) {
        let evidence = flawed();
        let whole = first(&evidence, 1 << 30, &[0]);
        prop_assert_eq!(first(&evidence, words, &draws), whole.clone());
        let edges = whole.1;
        let expected = met(&evidence, edges.clone(), (1 << 30, 1), &[0]);
        prop_assert_eq!(met(&evidence, edges, (words, buckets), &draws), expected);
    }
}
