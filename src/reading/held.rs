//! Values that are held: written again until the next is drawn.

use rayon::prelude::*;

use super::recast::{looked_at, median};
use crate::core::{Evidence, Format, Marginal};

/// The share of values that must be the one before, beyond what draws have in common by themselves.
const HELD: f64 = 0.05;
/// The share of values that draws may have in common: above it a repeat says little.
const ALIKE: f64 = 1.0 / 64.0;
/// Words between those that would not be held as long.
const APART: [usize; 2] = [31, 97];

/// Every value once, as numbers of any law, and the share of values that were the one before; `None`
/// where most streams do not hold their values, and where they fill no range of bits: steps of a chain
/// that are rejected together tell something.
pub(crate) fn once(evidence: &Evidence) -> Option<(Evidence, f64)> {
    let width = evidence.format().uniform_width()?;
    let (held, _) = median(&looked_at(evidence), |words| {
        let apart = APART.map(|lag| alike(words, lag)).into_iter().sum::<f64>() / 2.0;
        match apart <= ALIKE {
            true => alike(words, 1) - apart,
            false => 0.0,
        }
    })?;
    if held < HELD {
        return None;
    }
    let format = Format::Other {
        marginal: Marginal::Continuous,
        bits_per_element: f64::from(width),
    };
    let all: Vec<usize> = (0..evidence.streams()).collect();
    let once = |&stream: &usize| {
        let mut words = evidence.stream(stream).to_vec();
        words.dedup();
        words
    };
    let words = all.par_iter().map(once).collect();
    Some((evidence.replaced(&all, words, format), held))
}

/// The share of words that equal the one so many before.
fn alike(words: &[u64], lag: usize) -> f64 {
    let pairs = words.iter().zip(&words[lag.min(words.len())..]);
    let equal = pairs.filter(|(before, word)| before == word).count();
    equal as f64 / words.len().saturating_sub(lag).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::samples::{seed, splitmix, values};

    const NARROW: Format = Format::Bits { width: 16 };

    fn draw(task: u32, t: usize) -> u64 {
        splitmix(seed(41, task, t as u32))() >> 48 << 48
    }

    #[test]
    fn values_are_taken_once() {
        let source = values(NARROW, 5, 2000, |task, t| draw(task, t / 4));
        let (found, held) = once(&source).unwrap();
        assert!((held - 0.75).abs() < 0.01, "{held}");
        assert_eq!(found.stream(3).len(), 500);
        assert_eq!(found.stream(3)[7], draw(3, 7));
        assert_eq!(found.format().uniform_width(), None);
    }

    #[test]
    fn draws_and_few_values_are_left_as_they_are() {
        assert!(once(&values(NARROW, 5, 2000, draw)).is_none());
        let states = values(Format::Bits { width: 2 }, 5, 2000, |task, t| {
            draw(task, t / 4) >> 62 << 62
        });
        assert!(once(&states).is_none());
    }
}
