//! Streams of uniform bits, compared word for word.

use std::collections::HashMap;

use super::{
    inverse, languages, numpy,
    sought::{Hit, SeedsRead, Sought},
    starts::{self, Draw, First, GeneratorStart, StartedTogether, WORDS},
    twisters::Initialised,
};
use crate::vocabulary::{Evidence, StreamId};

/// Bits of a word that are compared: conversions to doubles may round the last ones.
const COMPARED: u32 = 48;

/// Every start that is tried.
pub(super) fn all_starts() -> Vec<&'static GeneratorStart> {
    [starts::STARTS, numpy::STARTS, languages::STARTS]
        .into_iter()
        .flatten()
        .collect()
}

/// The starts that give such draws: those that share what they are made of together, the others alone.
fn giving(draw: Draw) -> Vec<Vec<&'static GeneratorStart>> {
    let (shared, others): (Vec<_>, Vec<_>) = all_starts()
        .into_iter()
        .filter(|start| start.gives(draw))
        .partition(|start| start.shared().is_some());
    let of = |what| {
        let those = shared.iter().copied();
        those.filter(|start| start.shared() == Some(what)).collect()
    };
    let twisters = [Initialised::ByArray, Initialised::ByWord, Initialised::Of64];
    let all = twisters.map(StartedTogether::Twister).into_iter();
    all.chain([StartedTogether::ChaCha, StartedTogether::Sequence])
        .map(of)
        .filter(|starts: &Vec<_>| !starts.is_empty())
        .chain(others.into_iter().map(|start| vec![start]))
        .collect()
}

/// The streams whose seeds are sought, by their first word.
///
/// Four words of at least 24 bits are compared: chance gives the start of any of 2^20 seeds of a dozen
/// generators to any of 2^16 streams with probability below 2^-55.
pub(super) struct Wanted {
    draw: Draw,
    /// Starts that give such draws, by what they share.
    starts: Vec<Vec<&'static GeneratorStart>>,
    mask: u64,
    streams: HashMap<u64, Vec<(StreamId, First)>>,
    /// Whether some stream's first word begins with these bits.
    begins: Box<[bool; 1 << BEGINNING]>,
}

/// Bits of a first word that are looked at before the word is looked up.
const BEGINNING: u32 = 16;

impl Wanted {
    /// These streams of an evidence; `None` where numbers are of no format that generators give.
    pub fn of(evidence: &Evidence, fresh: &[usize]) -> Option<Self> {
        let width = evidence.format().uniform_width()?;
        let draw = Draw::of_width(width)?;
        let mut wanted = Self {
            draw,
            starts: giving(draw),
            mask: u64::MAX << (64 - width.min(COMPARED)),
            streams: HashMap::new(),
            begins: Box::new([false; 1 << BEGINNING]),
        };
        for &index in fresh {
            if let Some(words) = evidence.stream(index).first_chunk::<WORDS>() {
                let first = words[0] & wanted.mask;
                wanted.begins[(first >> (64 - BEGINNING)) as usize] = true;
                let same = wanted.streams.entry(first).or_default();
                same.push((evidence.id(index), *words));
            }
        }
        Some(wanted)
    }

    /// Whether these are the same first words, as far as they are compared.
    fn agree(&self, words: &First, first: &First) -> bool {
        let differ = words
            .iter()
            .zip(first)
            .fold(0, |differ, (a, b)| differ | (a ^ b));
        differ & self.mask == 0
    }
}

impl Sought for Wanted {
    type Start = usize;

    fn starts(&self) -> Vec<Self::Start> {
        (0..self.starts.len()).collect()
    }

    fn name(&self, start: Self::Start, how: u32) -> String {
        self.starts[start][how as usize].name.to_owned()
    }

    fn streams(&self) -> Vec<StreamId> {
        let mut ids: Vec<StreamId> = self.streams.values().flatten().map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids
    }

    fn tried(&self, start: Self::Start, seeds: &[u64], found: &mut dyn FnMut(Hit)) {
        starts::each(&self.starts[start], self.draw, seeds, |how, seed, first| {
            if !self.begins[(first[0] >> (64 - BEGINNING)) as usize] {
                return;
            }
            let streams = self.streams.get(&(first[0] & self.mask));
            for (stream, words) in streams.into_iter().flatten() {
                if self.agree(words, first) {
                    found(Hit {
                        seed,
                        stream: *stream,
                        how: how as u32,
                    });
                }
            }
        });
    }

    fn read_off(&self) -> Vec<(Self::Start, SeedsRead)> {
        if self.draw != Draw::Word {
            return Vec::new();
        }
        let known = |(name, seed_of): &inverse::Inverse| {
            let at = self
                .starts
                .iter()
                .position(|starts| starts[0].name.contains(name))?;
            let seeds = self.streams.values().flatten().filter_map(|(id, words)| {
                let seed = seed_of(words);
                let mut right = false;
                starts::each(&self.starts[at], self.draw, &[seed], |_, _, first| {
                    right = self.agree(words, first)
                });
                right.then_some((*id, seed))
            });
            Some((at, seeds.collect()))
        };
        inverse::ALL.iter().filter_map(known).collect()
    }
}
