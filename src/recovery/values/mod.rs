//! Streams of numbers that are no uniform bits: integers below a bound, normals, decimals as they are printed.
//!
//! The outputs of every generator are drawn as its users draw, and the first few numbers compared, as closely
//! as they were printed. Real numbers are also compared where they were shifted and scaled
//! (`uniform(-5, 5)`, `normal(3, 2)`).

mod form;
mod generators;
mod integers;
mod reals;
mod tape;
mod ziggurat;

use self::{
    form::{Form, Seen},
    generators::{GENERATORS, Generator, Source},
    tape::{LENGTH, Tape},
};
use super::{
    sought::{Hit, Sought},
    starts::Initialised,
    twisters::{self, LANES},
};
use crate::vocabulary::{Evidence, StreamId};

/// The streams whose seeds are sought, and the forms in which a generator's numbers may stand in them.
pub(super) struct Wanted {
    ids: Vec<StreamId>,
    forms: Vec<Form>,
}

impl Wanted {
    /// Streams of uniform bits, as fractions; `None` where no generator gives such.
    pub fn of_bits(evidence: &Evidence, fresh: &[usize]) -> Option<Self> {
        evidence.format().uniform_width()?;
        Self::of(evidence, fresh, Seen::Bits, |word| {
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
        (!forms.is_empty()).then_some(Self { ids, forms })
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
            for form in self.forms.iter().filter(|form| form.takes(draws.kind)) {
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

impl Sought for Wanted {
    type Start = &'static Generator;

    fn starts(&self) -> Vec<Self::Start> {
        let given = |generator: &&Generator| {
            let mut draws = generator.draws.iter();
            draws.any(|draws| self.forms.iter().any(|form| form.takes(draws.kind)))
        };
        GENERATORS.iter().filter(given).collect()
    }

    fn name(&self, start: Self::Start, how: u32) -> String {
        format!(
            "{}, drawn by {}",
            start.name, start.draws[how as usize].name
        )
    }

    fn streams(&self) -> Vec<StreamId> {
        self.ids.clone()
    }

    fn tried(&self, start: Self::Start, seeds: &[u64], found: &mut dyn FnMut(Hit)) {
        let each = |fill: &dyn Fn(u64, &mut [u64]), found: &mut dyn FnMut(Hit)| {
            for &seed in seeds {
                let mut first = [0; FIRST];
                fill(seed, &mut first);
                let all = || {
                    let mut outputs = [0; LENGTH];
                    fill(seed, &mut outputs[..start.outputs]);
                    outputs
                };
                self.compare(start, seed, &first, all, found);
            }
        };
        let how = match start.source {
            Source::Of(fill) => return each(&fill, found),
            Source::Tasks(tasks, fill) => {
                for task in 0..tasks {
                    each(&|seed, out: &mut [u64]| fill(seed, task, out), found);
                }
                return;
            }
            Source::Twister(how) => how,
        };
        let is_wide = |seed: u64| how == Initialised::ByArray && seed > u32::MAX.into();
        let (wide, narrow): (Vec<u64>, Vec<u64>) = seeds.iter().partition(|&&seed| is_wide(seed));
        let mut lane_of = |seed: u64, lane: usize, outputs: &[[u32; LANES]; twisters::OUTPUTS]| {
            let first: [u64; FIRST] = std::array::from_fn(|at| outputs[at][lane].into());
            let all = || std::array::from_fn(|at| outputs[at][lane].into());
            self.compare(start, seed, &first, all, found);
        };
        for some in narrow.chunks(LANES) {
            let lanes = std::array::from_fn(|lane| some.get(lane).map_or(0, |&seed| seed as u32));
            let outputs = match how {
                Initialised::ByWord => twisters::of_seeds(&lanes),
                Initialised::ByArray => twisters::of_arrays(&lanes),
            };
            for (lane, &seed) in some.iter().enumerate() {
                lane_of(seed, lane, &outputs);
            }
        }
        for seed in wide {
            lane_of(seed, 0, &twisters::of_wide(seed));
        }
    }
}

#[cfg(test)]
mod tests;
