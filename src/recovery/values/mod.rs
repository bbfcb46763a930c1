//! Streams of numbers that are no uniform bits: integers below a bound, normals, decimals as they are printed.
//!
//! The outputs of every generator are drawn as its users draw, and the first few numbers compared, as closely
//! as they were printed. Real numbers are also compared where they were shifted and scaled
//! (`uniform(-5, 5)`, `normal(3, 2)`).

mod cells;
mod form;
mod generator;
mod generators;
mod integers;
mod numpy;
mod reals;
mod tape;
mod tolerance;
mod ziggurat;

use self::{
    form::{Form, Seen},
    generator::{DrawSource, Generator},
    generators::GENERATORS,
    tape::{LENGTH, Tape},
};
use super::{
    sought::{Hit, Sought},
    twisters,
};
use crate::vocabulary::{Evidence, StreamId};

/// The streams whose seeds are sought, and the forms in which a generator's numbers may stand in them.
pub(super) struct Wanted {
    ids: Vec<StreamId>,
    forms: Vec<Form>,
    /// Generators whose draws may stand so: those of one twister together, since they share its outputs.
    generators: Vec<Vec<&'static Generator>>,
}

impl Wanted {
    /// Streams of uniform bits, as fractions; `None` where no generator gives such.
    pub fn of_bits(evidence: &Evidence, fresh: &[usize]) -> Option<Self> {
        let width = evidence.format().uniform_width()?;
        Self::of(evidence, fresh, Seen::Bits(width), |word| {
            word as f64 / 2f64.powi(64)
        })
    }

    /// Streams whose words stand for numbers.
    pub fn of_numbers(
        evidence: &Evidence,
        fresh: &[usize],
        number: impl Fn(u64) -> f64,
    ) -> Option<Self> {
        Self::of(evidence, fresh, Seen::Numbers, number)
    }

    fn of(
        evidence: &Evidence,
        fresh: &[usize],
        seen: Seen,
        number: impl Fn(u64) -> f64,
    ) -> Option<Self> {
        if fresh.len() > MOST_STREAMS {
            return None;
        }
        let ids = fresh.iter().map(|&index| evidence.id(index)).collect();
        let numbers: Vec<Vec<f64>> = fresh
            .iter()
            .map(|&index| {
                evidence
                    .stream(index)
                    .iter()
                    .take(super::WORDS)
                    .map(|&word| number(word))
                    .collect()
            })
            .collect();
        let forms = form::all(&numbers, seen);
        let generators = giving(&forms);
        (!generators.is_empty()).then_some(Self {
            ids,
            forms,
            generators,
        })
    }

    /// Compares what one seed gives: its first few outputs, and all of them where some stream begins so.
    fn compare(
        &self,
        generator: &Generator,
        seed: u64,
        first: &[u64],
        mut all: impl FnMut() -> [u64; LENGTH],
        found: &mut dyn FnMut(Hit),
    ) {
        let mut outputs = None;
        let mut numbers = [0.0; super::WORDS];
        for (how, draws) in generator.draws.iter().enumerate() {
            let mut known = Vec::new();
            for form in self
                .forms
                .iter()
                .filter(|form| form.takes(draws.kind, generator.bounds))
            {
                let draw = |count: usize, outputs: &[u64], numbers: &mut [f64]| -> Option<usize> {
                    let tape = Tape::new(outputs, generator.bounds);
                    (draws.draw)(tape, form.bound(), &mut numbers[..count])?;
                    form.scale(draws.kind, generator.bounds, &mut numbers[..count]);
                    Some(count)
                };
                let lead = form.lead();
                if draw(lead, first, &mut numbers).is_some() && !form.is_close(&numbers) {
                    continue;
                }
                let outputs = &outputs.get_or_insert_with(&mut all)[..generator.outputs];
                if draw(lead, outputs, &mut numbers).is_none() {
                    continue;
                }
                let close = form.close(&numbers);
                // Where outputs are thrown away, fewer numbers may be made of them.
                let (least, most) = form.wanted(&close);
                let mut lengths = (least..=most).rev();
                let Some(count) = lengths.find_map(|count| draw(count, outputs, &mut numbers))
                else {
                    continue;
                };
                for stream in close {
                    if known.contains(&stream.index) || !form.agree(stream, &numbers[..count]) {
                        continue;
                    }
                    known.push(stream.index);
                    found(Hit {
                        seed,
                        stream: self.ids[stream.index],
                        how: how as u32,
                    });
                }
            }
        }
    }
}

/// Streams that are compared at most: each is kept in every form.
const MOST_STREAMS: usize = 1 << 14;

/// Outputs that are made before any stream is known to begin so.
const FIRST: usize = 11;

/// The generators that give draws of these forms, by what they share.
fn giving(forms: &[Form]) -> Vec<Vec<&'static Generator>> {
    let mut all: Vec<Vec<&'static Generator>> = Vec::new();
    for generator in GENERATORS.iter().chain(numpy::GENERATORS) {
        let mut draws = generator.draws.iter();
        if !draws.any(|draws| {
            forms
                .iter()
                .any(|form| form.takes(draws.kind, generator.bounds))
        }) {
            continue;
        }
        let shared = all
            .iter_mut()
            .find(|group| match (&group[0].source, &generator.source) {
                (DrawSource::Twister(a), DrawSource::Twister(b)) => a == b,
                _ => false,
            });
        match shared {
            Some(group) => group.push(generator),
            None => all.push(vec![generator]),
        }
    }
    all
}

/// Ways to draw from a generator, at most.
const WAYS: u32 = 1 << 8;

impl Sought for Wanted {
    type Start = usize;

    fn starts(&self) -> Vec<Self::Start> {
        (0..self.generators.len()).collect()
    }

    fn name(&self, start: Self::Start, how: u32) -> String {
        let generator = self.generators[start][(how / WAYS) as usize];
        let draws = &generator.draws[(how % WAYS) as usize];
        format!("{}, drawn by {}", generator.name, draws.name)
    }

    fn streams(&self) -> Vec<StreamId> {
        self.ids.clone()
    }

    fn tried(&self, start: Self::Start, seeds: &[u64], found: &mut dyn FnMut(Hit)) {
        let group = &self.generators[start];
        let mut each = |fill: &dyn Fn(u64, &mut [u64])| {
            let generator = group[0];
            for &seed in seeds {
                let mut first = [0; FIRST];
                fill(seed, &mut first);
                let all = || {
                    let mut outputs = [0; LENGTH];
                    fill(seed, &mut outputs[..generator.outputs]);
                    outputs
                };
                self.compare(generator, seed, &first, all, found);
            }
        };
        match group[0].source {
            DrawSource::Of(fill) => each(&fill),
            DrawSource::Tasks(tasks, fill) => {
                (0..tasks).for_each(|task| each(&|seed, out| fill(seed, task, out)));
            }
            DrawSource::Twister(how) => twisters::each::<LENGTH>(how, seeds, |some, outputs| {
                for (lane, &seed) in some.iter().enumerate() {
                    let first: [u64; FIRST] = std::array::from_fn(|at| outputs[at][lane]);
                    let all = || std::array::from_fn(|at| outputs[at][lane]);
                    for (member, generator) in (0..).zip(group) {
                        self.compare(generator, seed, &first, all, &mut |hit| {
                            found(Hit {
                                how: member * WAYS + hit.how,
                                ..hit
                            });
                        });
                    }
                }
            }),
        }
    }
}

#[cfg(test)]
mod tests;
