//! Bytes between all ranks, by collectives alone, in rounds of bounded size.

use std::sync::atomic::{AtomicU64, Ordering};

use mpi::{
    Count,
    collective::SystemOperation,
    datatype::{Partition, PartitionMut},
    topology::SimpleCommunicator,
    traits::{Communicator as _, CommunicatorCollectives as _, Root as _},
};

/// Bytes that a rank sends in one round: a count is 32 bits wide, and what is under way takes memory. More make
/// fewer rounds.
const ROUND: usize = 1 << 26;

/// Bytes that this rank has sent to others; what is said to all counts once for each who hears it.
static SENT: AtomicU64 = AtomicU64::new(0);

/// Bytes that all ranks have sent to others so far, on every rank.
pub fn sent(world: &SimpleCommunicator) -> u64 {
    let (mine, mut all) = (SENT.load(Ordering::Relaxed), 0);
    world.all_reduce_into(&mine, &mut all, SystemOperation::sum());
    all
}

/// An empty buffer must be one too: the address 1, where Rust has those that are not allocated, means "in place" to
/// Open MPI.
const ALLOCATED: usize = 1;

/// What rank 0 says to all, and all hear.
pub fn broadcast(world: &SimpleCommunicator, said: Vec<u8>) -> Vec<u8> {
    let root = world.process_at_rank(0);
    let mut length = said.len() as u64;
    root.broadcast_into(&mut length);
    let mut heard = said;
    heard.resize(length as usize, 0);
    for part in heard.chunks_mut(ROUND) {
        root.broadcast_into(part);
    }
    if world.rank() != 0 {
        SENT.fetch_add(length, Ordering::Relaxed);
    }
    heard
}

/// Sends `to[i]` to rank i, and returns what every rank has sent here.
pub fn exchange(world: &SimpleCommunicator, to: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let ranks = world.size() as usize;
    assert_eq!(to.len(), ranks, "something for every rank");
    let part = (ROUND / ranks).max(1 << 12);
    let lengths: Vec<u64> = to.iter().map(|bytes| bytes.len() as u64).collect();
    let mut coming = vec![0_u64; ranks];
    world.all_to_all_into(&lengths, &mut coming);
    let own = lengths[world.rank() as usize];
    SENT.fetch_add(lengths.iter().sum::<u64>() - own, Ordering::Relaxed);
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let (mine, mut rounds) = (longest.div_ceil(part as u64), 0_u64);
    world.all_reduce_into(&mine, &mut rounds, SystemOperation::max());
    let mut from: Vec<Vec<u8>> = coming
        .iter()
        .map(|&bytes| Vec::with_capacity(bytes as usize))
        .collect();
    for round in 0..rounds as usize {
        let of = |bytes: usize| part.min(bytes.saturating_sub(round * part));
        let (sent, sent_counts) = laid_out(to.iter().map(|bytes| {
            let from = (round * part).min(bytes.len());
            &bytes[from..from + of(bytes.len())]
        }));
        let counts: Vec<Count> = coming
            .iter()
            .map(|&bytes| of(bytes as usize) as Count)
            .collect();
        let starts = starts(&counts);
        let mut received = vec![0_u8; starts[ranks - 1] as usize + counts[ranks - 1] as usize];
        received.reserve(ALLOCATED);
        {
            let sent = Partition::new(&sent[..], &sent_counts.0[..], &sent_counts.1[..]);
            let mut received = PartitionMut::new(&mut received[..], &counts[..], &starts[..]);
            world.all_to_all_varcount_into(&sent, &mut received);
        }
        for ((bytes, &count), &start) in from.iter_mut().zip(&counts).zip(&starts) {
            bytes.extend_from_slice(&received[start as usize..(start + count) as usize]);
        }
    }
    from
}

/// What is sent to rank 0 by all; elsewhere nothing comes.
pub fn gather(world: &SimpleCommunicator, mine: Vec<u8>) -> Vec<Vec<u8>> {
    let mut to = vec![Vec::new(); world.size() as usize];
    to[0] = mine;
    exchange(world, &to)
}

/// Parts behind one another, with their counts and starts.
fn laid_out<'a>(parts: impl Iterator<Item = &'a [u8]>) -> (Vec<u8>, (Vec<Count>, Vec<Count>)) {
    let (mut all, mut counts) = (Vec::with_capacity(ALLOCATED), Vec::new());
    for part in parts {
        all.extend_from_slice(part);
        counts.push(part.len() as Count);
    }
    let starts = starts(&counts);
    (all, (counts, starts))
}

fn starts(counts: &[Count]) -> Vec<Count> {
    let mut start = 0;
    counts
        .iter()
        .map(|count| {
            start += count;
            start - count
        })
        .collect()
}

/// Messages as one.
pub fn pack<'a>(messages: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut packed = Vec::new();
    for message in messages {
        packed.extend((message.len() as u64).to_le_bytes());
        packed.extend_from_slice(message);
    }
    packed
}

/// The messages that were packed.
pub fn unpack(mut packed: &[u8]) -> Vec<&[u8]> {
    let mut messages = Vec::new();
    while let Some((length, rest)) = packed.split_first_chunk::<8>() {
        let length = (u64::from_le_bytes(*length) as usize).min(rest.len());
        let (message, rest) = rest.split_at(length);
        messages.push(message);
        packed = rest;
    }
    messages
}
