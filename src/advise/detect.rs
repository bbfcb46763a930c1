//! The other way round: how large a run must be to see a weakness of a given size.

use crate::math;

/// A weakness that a run is to detect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Weakness {
    /// Seeds carry only so many bits of entropy: two streams must collide.
    SeedBits(f64),
    /// Two of so many streams are one, somewhere: every stream must be looked at.
    EqualPair {
        /// Streams of the job.
        streams: f64,
    },
    /// A pair of streams agrees in so large a share of their bits beyond one half.
    Correlation {
        /// P(bits agree) − 1/2, in (0, 1/2].
        excess: f64,
        /// Streams, all pairs of which are looked at.
        streams: f64,
    },
}

/// The size of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DetectingSize {
    /// Streams needed.
    pub streams: f64,
    /// Words of each.
    pub words: f64,
}

/// The smallest run that detects a weakness with 95 % power while the whole check accuses a sound
/// program with probability at most 7e-10.
pub fn size_to_detect(weakness: Weakness) -> DetectingSize {
    match weakness {
        // One collision of whole streams convicts by itself, if a stream is long enough not to be
        // equal by chance: four 64-bit words for up to 2^60 streams.
        Weakness::SeedBits(bits) => DetectingSize {
            streams: math::draws_to_collide(bits, 0.05).max(2.0),
            words: 4.0,
        },
        Weakness::EqualPair { streams } => DetectingSize {
            streams,
            words: 4.0,
        },
        Weakness::Correlation { excess, streams } => {
            // Hoeffding 1963: a pair deviates by t of its bits with probability ≤ 2 exp(-2 n t²);
            // two such margins, one for the false alarm over all pairs, one for 5 % of misses.
            let pairs = (streams * (streams - 1.0) / 2.0).max(1.0);
            let alarm = (2.0 * pairs / 5e-10).ln();
            let miss = (1.0f64 / 0.05).ln();
            let bits = ((alarm / 2.0).sqrt() + (miss / 2.0).sqrt()).powi(2) / (excess * excess);
            DetectingSize {
                streams,
                words: (bits / 64.0).ceil(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_seeds_need_the_published_numbers_of_streams() {
        assert_eq!(size_to_detect(Weakness::SeedBits(8.0)).streams, 39.0);
        // To three digits: 160,000 for 32 bits, 113,000 for 31, 10,000 for 24.
        for (bits, streams) in [(32.0, 160_000.0), (31.0, 113_000.0), (24.0, 10_000.0)] {
            let needed = size_to_detect(Weakness::SeedBits(bits)).streams;
            assert!((needed / streams - 1.0).abs() < 0.01, "{bits}: {needed}");
        }
    }

    #[test]
    fn weaker_correlations_need_longer_streams() {
        let words = |excess| {
            size_to_detect(Weakness::Correlation {
                excess,
                streams: 64.0,
            })
            .words
        };
        assert!(words(0.5) < words(0.01));
        // Four times the words for half the excess.
        assert!((words(0.005) / words(0.01) - 4.0).abs() < 0.01);
    }
}
