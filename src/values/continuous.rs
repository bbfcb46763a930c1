//! Values that two streams share, where two independent draws are declared never to be equal.

use super::{
    numbers::{Numbers, Sequence},
    rates::as_often_near,
};

/// Significant bits from which on a number is one of full precision.
const FULL: u32 = 40;
/// Values whose significant bits are counted.
const SAMPLE: usize = 1 << 10;

/// Values that streams share, and what they tell.
pub(super) struct Shared {
    /// Bits of all of them.
    pub bits: f64,
    /// How many values.
    pub values: u64,
    /// Each place of a shared value beside the first place of it in an earlier stream: stream and place of
    /// both.
    pub places: Vec<[(usize, usize); 2]>,
    /// Whether streams of different runs hold values in common as readily as streams of one run, or one stream holds
    /// a value twice as readily as two: then all draw from a list, or are given it. Or values nearly meet as readily:
    /// then they lie close.
    pub by_chance: bool,
}

/// What shared values of full precision tell, if draws of a continuous law are rounded to doubles: two draws
/// are then one with a probability near 2^−(significant bits), and two of all meet with the square of their
/// number. Places that are `inputs`, ascending, are left out.
pub(super) fn continuous(numbers: &Numbers, inputs: &[usize]) -> Option<Shared> {
    let precision = precision(&numbers.values);
    if precision < FULL {
        return None;
    }
    fn drawn<'a>(
        stream: &'a Sequence,
        inputs: &'a [usize],
    ) -> impl Iterator<Item = (usize, u32)> + 'a {
        let own = stream.ids.iter().copied().enumerate();
        own.filter(|(place, _)| inputs.binary_search(place).is_err())
    }
    // How often each value comes, as far as more than once.
    let mut times = vec![0u8; numbers.values.len()];
    for (_, id) in numbers
        .streams
        .iter()
        .flat_map(|stream| drawn(stream, inputs))
    {
        times[id as usize] = times[id as usize].saturating_add(1);
    }
    let mut held: Vec<(u32, usize, usize)> = Vec::new();
    for (at, stream) in numbers.streams.iter().enumerate() {
        let repeated = drawn(stream, inputs).filter(|&(_, id)| times[id as usize] > 1);
        held.extend(repeated.map(|(place, id)| (id, at, place)));
    }
    rayon::slice::ParallelSliceMut::par_sort_unstable(&mut held[..]);
    let mut places = Vec::new();
    let mut values = 0u64;
    let (mut within, mut between, mut alone) = (0.0, 0.0, 0.0);
    let several = held
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|same| same.len() > 1);
    for same in several.filter(|same| is_full(numbers.values[same[0].0 as usize])) {
        let (_, first, place) = same[0];
        let mut runs: Vec<u32> = same
            .iter()
            .map(|&(_, at, _)| numbers.streams[at].run)
            .collect();
        runs.sort_unstable();
        let pairs = |n: usize| (n * n.saturating_sub(1)) as f64 / 2.0;
        let of_runs: f64 = runs
            .chunk_by(|a, b| a == b)
            .map(|run| pairs(run.len()))
            .sum();
        // Repeats that follow one another are held, not drawn.
        let held = same
            .windows(2)
            .filter(|two| two[0].1 == two[1].1 && two[0].2 + 1 == two[1].2);
        let drawn_by = same
            .chunk_by(|a, b| a.1 == b.1)
            .map(|of_one| pairs(of_one.len()));
        let of_streams: f64 = drawn_by.sum();
        alone += (of_streams - held.count() as f64).max(0.0);
        within += of_runs - of_streams;
        between += pairs(runs.len()) - of_runs;
        let elsewhere = same.iter().filter(|other| other.1 != first);
        let before = places.len();
        places.extend(elsewhere.map(|&(_, other, there)| [(first, place), (other, there)]));
        values += u64::from(places.len() > before);
    }
    let each = f64::from(precision) - 2.0 * (numbers.total().max(2) as f64).log2() + 1.0;
    places.sort_unstable();
    let possible = Possible::of(numbers);
    // By so much fewer than were found, a few of them say nothing.
    let surely = |found: f64| (found - 2.0 * found.sqrt()).max(0.0);
    let as_readily =
        |found: f64, of: f64| found > 0.0 && surely(found) * possible.within >= within * of / 2.0;
    (values > 0).then_some(Shared {
        bits: values as f64 * each,
        values,
        places,
        by_chance: as_readily(between, possible.between)
            || as_readily(alone, possible.alone)
            || as_often_near(&numbers.values, values, is_full),
    })
}

/// Pairs of values that there are.
struct Possible {
    /// Of one stream.
    alone: f64,
    /// Of different streams of one run.
    within: f64,
    /// Of different runs.
    between: f64,
}

impl Possible {
    fn of(numbers: &Numbers) -> Self {
        let length = |at: &usize| numbers.streams[*at].ids.len() as f64;
        let squared = |x: f64| x * x;
        let (mut all, mut of_runs, mut of_streams) = (0.0, 0.0, 0.0);
        for run in numbers.by_run() {
            let values = run.iter().map(length).sum::<f64>();
            all += values;
            of_runs += squared(values);
            of_streams += run.iter().map(length).map(squared).sum::<f64>();
        }
        Self {
            alone: of_streams / 2.0,
            within: (of_runs - of_streams) / 2.0,
            between: (squared(all) - of_runs) / 2.0,
        }
    }
}

/// The significant bits of the value in the middle, by the looks of some of them.
fn precision(values: &[f64]) -> u32 {
    let step = values.len().div_ceil(SAMPLE).max(1);
    let some = values.iter().step_by(step);
    let mut significant: Vec<u32> = some.map(|&value| significant_bits(value)).collect();
    significant.sort_unstable();
    significant.get(significant.len() / 2).copied().unwrap_or(0)
}

/// Whether a number is given in full.
fn is_full(value: f64) -> bool {
    binary_bits(value) >= FULL && significant_bits(value) >= FULL
}

fn binary_bits(value: f64) -> u32 {
    let fraction = value.to_bits() & ((1 << 52) - 1);
    53 - (fraction | 1 << 52).trailing_zeros()
}

/// Bits from the highest to the lowest that is set, or those of the decimal digits that a number was rounded
/// to, whichever are fewer: 0.123 is a double with all bits in use and tells ten.
fn significant_bits(value: f64) -> u32 {
    if value == 0.0 || !value.is_finite() {
        return 0;
    }
    // The shortest decimal number that is read as this one.
    let shortest = format!("{value:e}");
    let digits = shortest
        .split('e')
        .take(1)
        .flat_map(str::chars)
        .filter(char::is_ascii_digit);
    let decimal = (digits.count() as f64 * std::f64::consts::LOG2_10).ceil() as u32;
    binary_bits(value).min(decimal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_tell_what_they_were_rounded_to() {
        assert_eq!(significant_bits(0.0), 0);
        assert_eq!(significant_bits(0.75), 2);
        assert_eq!(significant_bits(0.123), 10);
        assert_eq!(significant_bits(-1e9), 4);
        assert_eq!(significant_bits(1.0 / 3.0), 53);
        assert_eq!(significant_bits((1u64 << 53) as f64 - 1.0), 53);
    }
}
