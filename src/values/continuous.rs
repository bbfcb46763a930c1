//! Values that two streams share, where two independent draws are declared never to be equal.

use super::numbers::Numbers;

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
    /// Whether streams of different runs hold values in common as readily as streams of one run: then all
    /// runs draw from a list, or are given it.
    pub of_all_runs: bool,
}

/// What shared values of full precision tell, if draws of a continuous law are rounded to doubles: two draws
/// are then one with a probability near 2^−(significant bits), and two of all meet with the square of their
/// number. Places that are `inputs`, ascending, are left out.
pub(super) fn continuous(numbers: &Numbers, inputs: &[usize]) -> Option<Shared> {
    let precision = precision(&numbers.values);
    if precision < FULL {
        return None;
    }
    let mut held: Vec<(u32, usize, usize)> = Vec::with_capacity(numbers.total());
    for (at, stream) in numbers.streams.iter().enumerate() {
        let drawn = stream.ids.iter().enumerate();
        let drawn = drawn.filter(|(place, _)| inputs.binary_search(place).is_err());
        held.extend(drawn.map(|(place, &id)| (id, at, place)));
    }
    rayon::slice::ParallelSliceMut::par_sort_unstable(&mut held[..]);
    let mut places = Vec::new();
    let mut values = 0u64;
    let (mut within, mut between) = (0.0, 0.0);
    let several = held
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|same| same.len() > 1);
    for same in several.filter(|same| significant_bits(numbers.values[same[0].0 as usize]) >= FULL)
    {
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
        within += of_runs;
        between += pairs(runs.len()) - of_runs;
        let elsewhere = same.iter().filter(|other| other.1 != first);
        let before = places.len();
        places.extend(elsewhere.map(|&(_, other, there)| [(first, place), (other, there)]));
        values += u64::from(places.len() > before);
    }
    let each = f64::from(precision) - 2.0 * (numbers.total().max(2) as f64).log2() + 1.0;
    places.sort_unstable();
    (values > 0).then_some(Shared {
        bits: values as f64 * each,
        values,
        places,
        of_all_runs: between * possible(numbers, true) >= within * possible(numbers, false) / 2.0
            && between > 0.0,
    })
}

/// Pairs of values of one run, or of different runs.
fn possible(numbers: &Numbers, within: bool) -> f64 {
    let length = |at: &usize| numbers.streams[*at].ids.len() as f64;
    let runs: Vec<f64> = numbers
        .by_run()
        .iter()
        .map(|run| run.iter().map(length).sum())
        .collect();
    let (all, squares) = (
        runs.iter().sum::<f64>(),
        runs.iter().map(|n| n * n).sum::<f64>(),
    );
    if within {
        squares / 2.0
    } else {
        (all * all - squares) / 2.0
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

/// Bits from the highest to the lowest that is set, or those of the decimal digits that a number was rounded
/// to, whichever are fewer: 0.123 is a double with all bits in use and tells ten.
fn significant_bits(value: f64) -> u32 {
    if value == 0.0 || !value.is_finite() {
        return 0;
    }
    let fraction = value.to_bits() & ((1 << 52) - 1);
    let binary = 53 - (fraction | 1 << 52).trailing_zeros();
    // The shortest decimal number that is read as this one.
    let shortest = format!("{value:e}");
    let digits = shortest
        .split('e')
        .take(1)
        .flat_map(str::chars)
        .filter(char::is_ascii_digit);
    let decimal = (digits.count() as f64 * std::f64::consts::LOG2_10).ceil() as u32;
    binary.min(decimal)
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
