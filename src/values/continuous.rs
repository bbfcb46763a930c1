//! Values that two streams share, where two independent draws are declared never to be equal.

use super::{numbers::Numbers, rates::Rate};

/// Significant bits from which on a number is one of full precision.
const FULL: u32 = 40;

/// What shared values of full precision tell, if draws of a continuous law are rounded to doubles: two draws
/// are then one with a probability near 2^−(significant bits), and two of all meet with the square of their
/// number. Values at places that all streams of a run share are left out where `inputs` are shared.
pub(super) fn continuous(numbers: &Numbers, inputs: &[usize]) -> Option<Rate> {
    let mut significant: Vec<u32> = numbers
        .values
        .iter()
        .map(|&value| significant_bits(value))
        .collect();
    significant.sort_unstable();
    let precision = *significant.get(significant.len() / 2)?;
    if precision < FULL {
        return None;
    }
    let mut places: Vec<(u32, usize)> = Vec::with_capacity(numbers.total());
    for (at, stream) in numbers.streams.iter().enumerate() {
        let drawn = stream
            .ids
            .iter()
            .enumerate()
            .filter(|(place, _)| inputs.binary_search(place).is_err());
        let full = drawn.filter(|&(_, &id)| significant_bits(numbers.values[id as usize]) >= FULL);
        places.extend(full.map(|(_, &id)| (id, at)));
    }
    places.sort_unstable();
    places.dedup();
    let mut streams = Vec::new();
    let mut shared = 0u64;
    for same in places
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|same| same.len() > 1)
    {
        shared += 1;
        streams.extend(same.iter().map(|&(_, at)| at));
    }
    streams.sort_unstable();
    streams.dedup();
    let each = f64::from(precision) - 2.0 * (numbers.total().max(2) as f64).log2() + 1.0;
    (shared > 0).then_some(Rate {
        bits: shared as f64 * each,
        streams,
        values: shared,
        of: numbers.total() as u64,
    })
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
