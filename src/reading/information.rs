//! How much one element tells.

use std::collections::{HashMap, HashSet};

use crate::{
    kernels::mix,
    vocabulary::{Evidence, Format},
};

/// What one element tells at least, in bits.
///
/// Uniform bits tell their width. Any other marginal is measured on windows within streams, since
/// its elements may depend on one another: a column that is nearly always 0 or that rarely changes
/// tells little, however many values it has. The measure is then cut by a third.
pub(crate) fn bits_per_element(evidence: &Evidence) -> f64 {
    match evidence.format() {
        Format::Bits { width } => f64::from(width),
        Format::Other {
            bits_per_element, ..
        } => {
            let bits = bits_per_element
                .min(window_entropy_rate(evidence))
                .min(distinct_bits(evidence));
            0.65 * bits.max(0.0)
        }
    }
}

/// Values of different streams up to which they are all there are, and how often each then comes.
const FEW_VALUES: usize = 256;

const TIMES: usize = 16;

/// No element tells more than which of all values it is, where there are so few that each comes often.
/// Values dealt without replacement never meet within a stream, so that windows do not show it.
fn distinct_bits(evidence: &Evidence) -> f64 {
    // Copies of one stream say nothing of how many values there are.
    let mut streams: HashSet<&[u64]> = HashSet::new();
    let mut values: HashSet<u64> = HashSet::new();
    let mut seen = 0;
    for stream in 0..evidence.streams() {
        let words = evidence.stream(stream);
        if seen >= SAMPLED_WINDOWS || values.len() > FEW_VALUES {
            break;
        }
        if streams.insert(words) {
            values.extend(words);
            seen += words.len();
        }
    }
    match values.len() <= FEW_VALUES && seen >= TIMES * values.len() {
        true => (values.len() as f64).log2(),
        false => f64::INFINITY,
    }
}

/// Windows sampled to measure the entropy.
const SAMPLED_WINDOWS: usize = 1 << 16;

/// Collisions from which an entropy is taken as measured.
const ENOUGH_COLLISIONS: u64 = 64;

/// Collision entropy per element within streams, from below: the smallest increment per element
/// between windows of 1, 2, 4 … 64 words, as far as collisions can be seen.
///
/// Only windows of one stream are compared, so that copies between streams, which are what the
/// joins look for, do not pass for low entropy; nor do those of a stream that repeats itself.
pub(crate) fn window_entropy_rate(evidence: &Evidence) -> f64 {
    let streams = evidence.streams();
    let longest = (0..streams)
        .map(|i| evidence.stream(i).len())
        .max()
        .unwrap_or(0);
    let per_stream = longest.clamp(1, 2048);
    let stride = streams
        .div_ceil((SAMPLED_WINDOWS / per_stream).max(1))
        .max(1);
    let mut rate = f64::INFINITY;
    let mut before = 0.0;
    for (step, length) in [1usize, 2, 4, 8, 16, 32, 64].into_iter().enumerate() {
        let (pairs, equal) = (0..streams)
            .step_by(stride)
            .map(|stream| Collisions::of(evidence.stream(stream), length))
            .filter(|collisions| !collisions.repeats(length))
            .fold((0, 0), |(pairs, equal), one| {
                (pairs + one.pairs, equal + one.equal)
            });
        if pairs == 0 {
            break;
        }
        // Three more than seen: no more than 5 % of samples see 0 where 3 are expected.
        let entropy = -(((equal + 3) as f64 / pairs as f64).min(1.0)).log2();
        let added = if step == 0 { length } else { length / 2 } as f64;
        if step == 0 || equal >= ENOUGH_COLLISIONS {
            rate = rate.min((entropy - before) / added);
        }
        if equal < ENOUGH_COLLISIONS {
            break;
        }
        before = entropy;
    }
    rate
}

/// Equal windows of one stream.
#[derive(Default)]
struct Collisions {
    /// Pairs of windows, and those that are equal.
    pairs: u64,
    equal: u64,
    /// How far windows are from the last one that equals them.
    distances: HashMap<usize, u64>,
}

/// Windows of a stream that are compared.
const WINDOWS: usize = 2048;

/// Words between equal windows that say nothing of a repetition.
const SHORT: usize = 32;

impl Collisions {
    fn of(words: &[u64], length: usize) -> Self {
        let mut found = Self::default();
        let windows = (words.len() + 1).saturating_sub(length);
        let spacing = windows.div_ceil(WINDOWS).max(1);
        let mut seen: HashMap<u64, (usize, u64)> = HashMap::new();
        let windows = words.windows(length).enumerate().step_by(spacing);
        for (taken, (at, window)) in windows.enumerate() {
            let key = window
                .iter()
                .fold(0, |key: u64, &word| mix(key ^ word).rotate_left(23));
            let (last, times) = seen.entry(key).or_default();
            if *times > 0 {
                *found.distances.entry(at - *last).or_default() += 1;
            }
            found.equal += *times;
            found.pairs += taken as u64;
            (*last, *times) = (at, *times + 1);
        }
        found
    }

    /// Whether most equal windows lie at one distance, of at least their length and not so short as
    /// values that stay for a while make it: what comes again as it was says nothing of how much a word
    /// tells.
    fn repeats(&self, length: usize) -> bool {
        let all: u64 = self.distances.values().sum();
        let most = self.distances.iter().max_by_key(|&(at, times)| (times, at));
        most.is_some_and(|(&distance, &times)| {
            distance >= length.max(SHORT) && times > 8 && 2 * times > all
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_that_repeats_itself_does_not_lower_what_its_values_tell() {
        let dice = |seed: u64, count: u64| -> Vec<u64> {
            (0..count).map(|i| mix(mix(seed) + i) % 6).collect()
        };
        let again: Vec<u64> = dice(1, 777).into_iter().cycle().take(4_662).collect();
        assert!(Collisions::of(&again, 64).repeats(64));
        assert!(!Collisions::of(&again, 1).repeats(1));
        assert!(!Collisions::of(&dice(2, 4_662), 4).repeats(4));
        // Values that stand still are told from values that come again.
        assert!(!Collisions::of(&[7; 500], 16).repeats(16));
        let alternating: Vec<u64> = (0..500).map(|i| i % 2).collect();
        assert!(!Collisions::of(&alternating, 16).repeats(16));
    }
}
