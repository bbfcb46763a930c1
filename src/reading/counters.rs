//! Streams that count: every word is the one before and a constant.

use crate::{
    results::Counters,
    vocabulary::{Evidence, Format},
};

/// Bits of surprise by which every stream must be no chance.
const SURPRISE_BITS: f64 = 128.0;
/// Words below which a progression is not spoken of.
const LEAST_WORDS: usize = 4;

impl Counters {
    /// `None` unless every stream counts, and for longer than chance ever lets a random one.
    pub(crate) fn of(evidence: &Evidence) -> Option<Self> {
        let (bits, shift) = match evidence.format() {
            Format::Bits { width } => (f64::from(width), 64 - width),
            Format::Other {
                bits_per_element, ..
            } => (bits_per_element, 0),
        };
        let steps: Option<Vec<u64>> = (0..evidence.streams())
            .map(|stream| step(evidence.stream(stream), bits))
            .collect();
        let steps = steps?;
        let first = *steps.first()?;
        Some(Self {
            streams: steps.len() as u64,
            step: steps
                .iter()
                .all(|&step| step == first)
                .then_some(first >> shift),
            first: evidence.id(0),
            start: *evidence.stream(0).first()? >> shift,
        })
    }

    /// All streams of two groups of runs.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            streams: self.streams + other.streams,
            step: self.step.filter(|_| self.step == other.step),
            ..self
        }
    }
}

/// The constant between the words of a stream, where it is one all along.
fn step(words: &[u64], bits: f64) -> Option<u64> {
    let tells = words.len() >= LEAST_WORDS && (words.len() - 2) as f64 * bits >= SURPRISE_BITS;
    let step = words.get(1)?.wrapping_sub(words[0]);
    let counts = || {
        words
            .windows(2)
            .all(|pair| pair[1].wrapping_sub(pair[0]) == step)
    };
    (tells && counts()).then_some(step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::samples::{evidence, size, sound};

    #[test]
    fn streams_that_count_are_seen_with_their_step() {
        let counting = |run: u32, task: u32| {
            let mut word = u64::from(task) << 32 | u64::from(run);
            move || {
                word = word.wrapping_add(3);
                word
            }
        };
        let found = Counters::of(&evidence(size(2, 4, 64), counting)).unwrap();
        assert_eq!((found.streams, found.step, found.start), (8, Some(3), 3));
        // Too short to tell.
        assert_eq!(Counters::of(&evidence(size(2, 4, 3), counting)), None);
        assert_eq!(Counters::of(&evidence(size(2, 4, 64), sound(1))), None);
    }

    #[test]
    fn one_stream_that_draws_is_enough_to_judge_and_steps_may_differ() {
        let mixed = |own: bool| {
            evidence(size(1, 4, 64), move |run, task| {
                let (mut word, mut drawn) = (0_u64, sound(1)(run, task));
                let step = if own { u64::from(task) + 1 } else { 1 };
                move || {
                    word += step;
                    if !own && task == 2 { drawn() } else { word }
                }
            })
        };
        assert_eq!(Counters::of(&mixed(false)), None);
        assert_eq!(Counters::of(&mixed(true)).unwrap().step, None);
    }
}
