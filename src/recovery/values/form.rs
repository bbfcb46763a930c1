//! The forms in which a generator's numbers may stand in streams, and when they are taken for the same.

use std::ops::Range;

use super::{
    cells::KeyCells,
    generator::DrawKind,
    tape::Bounds,
    tolerance::{COMPARED, ROUNDING, Tolerance},
};
use crate::recovery::WORDS;

/// Bits of information that numbers must have in common: chance gives those of any of 2^20 seeds in a hundred
/// ways to any of 2^16 streams with probability below 2^-35.
const ENOUGH_BITS: f64 = 80.0;
/// Numbers that were scaled may lie so many times as far apart: the yardstick is as uncertain as they are.
const AS_SCALED: f64 = 3.0;
/// How much denser than a uniform law over their range normals and exponentials lie at their peak.
const CROWDED: f64 = 2.0;
/// How many more numbers are compared than those in the middle of their range would need.
const SPARE: f64 = 1.2;
/// Key of integers: as many first ones as make up so many bits.
const KEY_BITS: f64 = 16.0;
/// Bits of words that doubles of a unit may fill: those below a half have their last digits further down.
const DOUBLE: u32 = 63;
/// A draw below more than this is no small integer.
const LARGEST_BOUND: f64 = 9.0e15;

/// What the numbers of streams are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Uniform bits, so many, as fractions.
    Bits(u32),
    /// Numbers as they were printed.
    Numbers,
}

/// The start of a stream.
pub(super) struct DrawnStream {
    /// Its index.
    pub index: usize,
    /// Its first numbers, those that are compared.
    pub numbers: Vec<f64>,
}

/// A form, and the streams by the key of their first numbers.
pub(super) struct Form {
    shape: ValueShape,
    /// How far numbers of one size may lie apart.
    tolerance: Tolerance,
    /// Numbers that must agree.
    needed: usize,
    by_key: Vec<(f64, DrawnStream)>,
    cells: KeyCells,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum ValueShape {
    /// Fractions of the range of outputs, in words of so many bits, the lowest of which are not always zero.
    Fraction { width: u32 },
    /// Real numbers, as they are.
    Plain,
    /// Real numbers that were shifted and scaled.
    Scaled,
    /// Whole numbers, as they are.
    Whole,
    /// Whole numbers below a bound, moved by an offset, of which the first few make a key.
    Below {
        bound: u64,
        offset: f64,
        lead: usize,
    },
}

/// Every form in which the numbers may stand.
pub(super) fn all(numbers: &[Vec<f64>], seen: Seen) -> Vec<Form> {
    let any = || numbers.iter().flatten();
    if any().next().is_none() || any().any(|number| !number.is_finite()) {
        return Vec::new();
    }
    if let Seen::Bits(width) = seen {
        return Form::new(ValueShape::Fraction { width }, numbers)
            .into_iter()
            .collect();
    }
    let is_whole = any().all(|number| number.fract() == 0.0);
    if !is_whole {
        let shapes = [ValueShape::Plain, ValueShape::Scaled];
        return shapes
            .into_iter()
            .filter_map(|shape| Form::new(shape, numbers))
            .collect();
    }
    let least = any().copied().fold(f64::MAX, f64::min);
    let most = any().copied().fold(f64::MIN, f64::max);
    let mut shapes = vec![ValueShape::Whole];
    let mut offsets = vec![0.0, 1.0, least];
    offsets.retain(|offset| *offset <= least);
    offsets.dedup();
    for offset in offsets {
        for bound in bounds(most - offset + 1.0) {
            let lead = (KEY_BITS / (bound as f64).log2()).ceil() as usize;
            shapes.push(ValueShape::Below {
                bound,
                offset,
                lead: lead.clamp(1, WORDS),
            });
        }
    }
    shapes
        .into_iter()
        .filter_map(|shape| Form::new(shape, numbers))
        .collect()
}

/// Bounds that programs give numbers of which the largest is one less than this: it, and the next round ones.
fn bounds(least: f64) -> Vec<u64> {
    if !(2.0..LARGEST_BOUND).contains(&least) {
        return Vec::new();
    }
    let decade = 10f64.powf(least.log10().floor());
    let mut bounds: Vec<u64> = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0]
        .map(|digit| digit * decade)
        .into_iter()
        .chain([least, 2f64.powf(least.log2().ceil())])
        .filter(|bound| (least..1.5 * least + 2.0).contains(bound))
        .map(|bound| bound as u64)
        .collect();
    bounds.sort_unstable();
    bounds.dedup();
    bounds
}

impl Form {
    /// The form, and the streams that are long enough to be told in it; `None` where none is.
    fn new(shape: ValueShape, numbers: &[Vec<f64>]) -> Option<Self> {
        let tolerance = match shape {
            ValueShape::Whole | ValueShape::Below { .. } => Tolerance {
                absolute: 0.25,
                relative: 0.0,
            },
            ValueShape::Fraction { .. } => Tolerance {
                absolute: ROUNDING,
                relative: 0.0,
            },
            ValueShape::Plain | ValueShape::Scaled => Tolerance::of(numbers),
        };
        let spread = spread(numbers);
        let of_one = match shape {
            ValueShape::Below { bound, .. } => (bound as f64).log2(),
            ValueShape::Plain | ValueShape::Scaled => {
                -chance(shape, tolerance.at(spread / 4.0), spread).log2()
            }
            ValueShape::Fraction { .. } | ValueShape::Whole => {
                (spread / (2.0 * tolerance.at(spread / 4.0))).log2()
            }
        };
        if of_one.is_nan() || of_one <= 0.5 {
            return None;
        }
        // Real numbers far out tell less where digits are counted, and two make a yardstick.
        let (spare, yardstick) = match shape {
            ValueShape::Plain => (SPARE, 0),
            ValueShape::Scaled => (SPARE, 4),
            _ => (1.0, 0),
        };
        let needed = (spare * ENOUGH_BITS / of_one).ceil() as usize + yardstick;
        let compared = needed.max(COMPARED);
        let mut form = Self {
            shape,
            tolerance,
            needed,
            by_key: Vec::new(),
            cells: KeyCells::of(std::iter::empty()),
        };
        for (index, numbers) in numbers.iter().enumerate() {
            if numbers.len() < needed || needed > WORDS {
                continue;
            }
            let numbers: Vec<f64> = numbers
                .iter()
                .take(compared)
                .map(|n| n - form.offset())
                .collect();
            if form.told(&numbers) < ENOUGH_BITS {
                continue;
            }
            if let Some(key) = form.key(&numbers) {
                form.by_key.push((key, DrawnStream { index, numbers }));
            }
        }
        form.by_key.sort_by(|a, b| a.0.total_cmp(&b.0));
        form.cells = KeyCells::of(form.by_key.iter().map(|(key, _)| *key));
        (!form.by_key.is_empty()).then_some(form)
    }

    /// Bits that the numbers of a stream tell which are compared at least: values that crowd within what rounding
    /// leaves open tell nothing, however far others reach.
    fn told(&self, numbers: &[f64]) -> f64 {
        if !matches!(self.shape, ValueShape::Plain | ValueShape::Scaled) {
            return f64::INFINITY;
        }
        let numbers = &numbers[..self.needed];
        let spread = spread(&[numbers.to_vec()]);
        let mut bits: Vec<f64> = numbers
            .iter()
            .map(|&number| -chance(self.shape, self.tolerance.at(number), spread).log2())
            .collect();
        bits.sort_by(f64::total_cmp);
        // The ends that make the yardstick tell nothing.
        let yardstick = if self.shape == ValueShape::Scaled {
            2
        } else {
            0
        };
        bits[..bits.len() - yardstick].iter().sum()
    }

    fn offset(&self) -> f64 {
        match self.shape {
            ValueShape::Below { offset, .. } => offset,
            _ => 0.0,
        }
    }

    /// Whether draws of this kind may stand so, made of outputs between these bounds.
    pub fn takes(&self, kind: DrawKind, bounds: Bounds) -> bool {
        match self.shape {
            ValueShape::Fraction { width } => match kind {
                // What is wider than the digits of a double was never one.
                DrawKind::Unit => width <= DOUBLE,
                DrawKind::Whole => bounds.width() + 1 >= width,
                DrawKind::Real | DrawKind::Below => false,
            },
            ValueShape::Plain | ValueShape::Scaled => {
                matches!(kind, DrawKind::Unit | DrawKind::Real)
            }
            ValueShape::Whole => kind == DrawKind::Whole,
            ValueShape::Below { .. } => kind == DrawKind::Below,
        }
    }

    /// The bound, where there is one.
    pub fn bound(&self) -> u64 {
        match self.shape {
            ValueShape::Below { bound, .. } => bound,
            _ => 0,
        }
    }

    /// How many numbers make the key.
    pub fn lead(&self) -> usize {
        match self.shape {
            ValueShape::Below { lead, .. } => lead,
            ValueShape::Scaled => 3,
            _ => 1,
        }
    }

    /// Makes fractions of whole outputs, where that is the form.
    pub fn scale(&self, kind: DrawKind, bounds: Bounds, numbers: &mut [f64]) {
        if matches!(self.shape, ValueShape::Fraction { .. }) && kind == DrawKind::Whole {
            let range = bounds.most as f64 + 1.0;
            numbers.iter_mut().for_each(|number| *number /= range);
        }
    }

    /// What streams are looked up by; `None` of numbers that are none of this form.
    fn key(&self, numbers: &[f64]) -> Option<f64> {
        match self.shape {
            ValueShape::Below { bound, lead, .. } => {
                let bound = bound as f64;
                let digits = numbers.get(..lead)?;
                let fits = digits.iter().all(|digit| (0.0..bound).contains(digit));
                fits.then(|| digits.iter().fold(0.0, |key, digit| key * bound + digit))
            }
            ValueShape::Scaled => {
                let [a, b, c] = *numbers.first_chunk()?;
                let key = (c - a) / (b - a);
                key.is_finite().then_some(key)
            }
            _ => numbers.first().copied(),
        }
    }

    /// How far the keys of equal numbers may lie apart.
    fn key_tolerance(&self, numbers: &[f64], key: f64) -> f64 {
        match (self.shape, numbers) {
            // Both ends of the yardstick are as uncertain as what is measured; both sides are.
            (ValueShape::Scaled, [a, b, ..]) => {
                let relative = self.tolerance.relative.max(ROUNDING);
                let size = a.abs().max(b.abs());
                8.0 * relative * size / (b - a).abs() * (1.0 + key.abs()) + 1e-4 * (1.0 + key.abs())
            }
            _ => self.tolerance.at(key),
        }
    }

    /// Whether some stream's first numbers lie close to these.
    pub fn is_close(&self, first: &[f64]) -> bool {
        !self.range(first).is_empty()
    }

    /// The streams whose first numbers lie close to these.
    pub fn close(&self, first: &[f64]) -> Vec<&DrawnStream> {
        let range = &self.by_key[self.range(first)];
        range.iter().map(|(_, stream)| stream).collect()
    }

    fn range(&self, first: &[f64]) -> Range<usize> {
        let Some(key) = self.key(&first[..self.lead()]) else {
            return 0..0;
        };
        let tolerance = self.key_tolerance(first, key);
        if !self.cells.may_hold(key - tolerance, key + tolerance) {
            return 0..0;
        }
        let from = self
            .by_key
            .partition_point(|(known, _)| *known < key - tolerance);
        let close = self.by_key[from..]
            .iter()
            .take_while(|(known, _)| *known <= key + tolerance);
        from..from + close.count()
    }

    /// How many numbers are to be drawn at least, and at most, to compare them with these streams.
    pub fn wanted(&self, streams: &[&DrawnStream]) -> (usize, usize) {
        let longest = streams.iter().map(|stream| stream.numbers.len()).max();
        (self.needed, longest.unwrap_or(0))
    }

    /// Whether these are the numbers of a stream, as far as both go.
    pub fn agree(&self, stream: &DrawnStream, numbers: &[f64]) -> bool {
        let length = stream.numbers.len().min(numbers.len());
        let (known, numbers) = (&stream.numbers[..length], &numbers[..length]);
        if self.shape != ValueShape::Scaled {
            return known
                .iter()
                .zip(numbers)
                .all(|(known, number)| (known - number).abs() <= self.tolerance.at(*known));
        }
        // The two that lie farthest apart are the yardstick.
        let least = place(numbers, |a, b| a < b);
        let most = place(numbers, |a, b| a > b);
        let factor = (known[most] - known[least]) / (numbers[most] - numbers[least]);
        let shift = known[least] - factor * numbers[least];
        factor.is_finite()
            && factor != 0.0
            && known.iter().zip(numbers).all(|(known, number)| {
                let here = shift + factor * number;
                (known - here).abs() <= AS_SCALED * self.tolerance.at(*known)
            })
    }
}

/// The chance that a number agrees with one that has nothing to do with it, at most: the share of the range that lies
/// within the tolerance on both sides, where no law that is drawn from crowds more than [`CROWDED`] times as much as
/// a uniform one does. Numbers as they are have the range of a unit, or more.
fn chance(shape: ValueShape, tolerance: f64, spread: f64) -> f64 {
    let (tolerance, range) = match shape {
        ValueShape::Scaled => (AS_SCALED * tolerance, spread),
        _ => (tolerance, spread.min(1.0)),
    };
    (CROWDED * 2.0 * tolerance / range).min(1.0)
}

/// Where the number stands that comes before all others.
fn place(numbers: &[f64], before: impl Fn(f64, f64) -> bool) -> usize {
    (1..numbers.len()).fold(0, |best, at| match before(numbers[at], numbers[best]) {
        true => at,
        false => best,
    })
}

/// How far numbers reach.
fn spread(numbers: &[Vec<f64>]) -> f64 {
    let all = || numbers.iter().flatten().copied();
    all().fold(f64::MIN, f64::max) - all().fold(f64::MAX, f64::min)
}
