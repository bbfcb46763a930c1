//! What the numbers of a capture look like, decided on a sample and with care: a format is taken
//! for uniform bits only where the values' own structure says so, and it never is a flaw.

mod entropy;
mod integers;
mod reals;

use std::collections::HashMap;

use rayon::prelude::*;

use super::{
    element::RawKind,
    image::{Image, is_version},
};
use crate::vocabulary::{Format, Marginal};

/// Raw values of some streams, stream after stream. Equal streams are listed once.
#[derive(Clone, Debug, Default)]
pub(super) struct FirstNumbers {
    /// The values.
    values: Vec<u64>,
    /// Where each stream starts; one longer than there are streams.
    starts: Vec<usize>,
    /// Where the second half of each stream's values starts: the format of a stream does not
    /// change, but the first words after seeding may be far from typical.
    late: Vec<usize>,
    /// The streams that begin with a value.
    by_first: HashMap<u64, Vec<usize>>,
}

impl FirstNumbers {
    /// Adds the sampled values of one stream, unless a stream with the same values is there.
    /// The first `early` values come from its start, the others from its end.
    pub fn add(&mut self, values: &[u64], early: usize) {
        let Some(first) = values.first() else {
            return;
        };
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        let (starts, all) = (&self.starts, &self.values);
        let alike = self.by_first.entry(*first).or_default();
        if alike
            .iter()
            .any(|&stream| &all[starts[stream]..starts[stream + 1]] == values)
        {
            return;
        }
        alike.push(self.late.len());
        self.late
            .push(self.values.len() + early.min(values.len() - 1));
        self.values.extend_from_slice(values);
        self.starts.push(self.values.len());
    }

    /// All values.
    pub fn values(&self) -> &[u64] {
        &self.values
    }

    /// The values of each stream.
    fn streams(&self) -> impl Iterator<Item = &[u64]> {
        self.starts
            .windows(2)
            .map(|span| &self.values[span[0]..span[1]])
    }

    /// The values that come late in their streams.
    fn late_values(&self) -> impl Iterator<Item = u64> {
        self.late
            .iter()
            .zip(self.starts.iter().skip(1))
            .flat_map(|(&from, &to)| self.values[from..to].iter().copied())
    }

    /// The values in order, each once.
    pub fn distinct(&self) -> Vec<u64> {
        let mut values = self.values.clone();
        values.par_sort_unstable();
        values.dedup();
        values
    }
}

/// What the sample looks like, and how its raw values become canonical words.
pub(super) fn recognise(kind: RawKind, sample: &FirstNumbers) -> (Format, Image) {
    match kind {
        RawKind::Unsigned => integers::unsigned(sample),
        RawKind::Signed => integers::signed(sample),
        RawKind::Real => reals::recognise(sample),
        RawKind::Wide => identifiers(sample),
        RawKind::Token => (words(sample), Image::Unsigned),
    }
}

/// What half floats look like.
pub(super) fn halves(sample: &FirstNumbers) -> (Format, Image) {
    reals::halves(sample)
}

/// The format of the most careful image, used when values later than the sample do not fit.
pub(super) fn fallback(kind: RawKind, sample: &FirstNumbers) -> (Format, Image) {
    let image = match kind {
        RawKind::Unsigned | RawKind::Token => Image::Unsigned,
        RawKind::Signed => Image::Signed,
        RawKind::Real => Image::Real,
        RawKind::Wide => Image::Wide,
    };
    let marginal = match kind {
        RawKind::Token => return (words(sample), image),
        RawKind::Real => Marginal::Continuous,
        RawKind::Wide => Marginal::Identifier,
        RawKind::Unsigned | RawKind::Signed => Marginal::Grid,
    };
    (entropy::other(sample, marginal), image)
}

/// The format of words: few that come again and again, or identifiers.
fn words(sample: &FirstNumbers) -> Format {
    let few = 2 * sample.distinct().len() <= sample.values().len();
    let marginal = match few {
        true => Marginal::Categorical,
        false => Marginal::Identifier,
    };
    entropy::other(sample, marginal)
}

fn identifiers(sample: &FirstNumbers) -> (Format, Image) {
    let all = |version| {
        sample
            .values()
            .chunks_exact(2)
            .all(|pair| is_version(pair[0], pair[1], version))
    };
    if all(4) {
        return (Format::Bits { width: 61 }, Image::Uuid4);
    }
    if all(7) {
        return (Format::Bits { width: 62 }, Image::Uuid7);
    }
    let versions = sample
        .values()
        .chunks_exact(2)
        .all(|pair| pair[1] >> 62 == 0b10);
    let (mut ones, mut zeros) = (0, 0);
    for &word in sample.values() {
        ones |= word;
        zeros |= !word;
    }
    let count = sample.values().len();
    if !versions && count >= 64 && ones & zeros == u64::MAX {
        // Trace identifiers: 128 bits, all of which vary.
        return (Format::WORDS, Image::Wide);
    }
    (entropy::other(sample, Marginal::Identifier), Image::Wide)
}

#[cfg(test)]
mod tests;
