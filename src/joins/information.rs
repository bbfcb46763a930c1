//! How much a window of words tells, and so how long it must be.

use crate::{
    kernels::{Family, WindowKey},
    reading::run_on,
    vocabulary::{Format, Marginal},
};

/// Bits beyond those that make one chance match in all pairs of windows: all joins of a check of a
/// thousand rows then add less than 1e-10 to its false alarms.
pub(super) const MARGIN_BITS: f64 = 48.0;

/// A window key, and the probability that chance makes any two of its windows agree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planned {
    pub(super) key: WindowKey,
    pub(super) chance: f64,
}

/// Least words that two streams must share to be called equal, or `None` where no number would do.
///
/// At 2·log2(streams) + 47 bits, chance makes any two of the streams equal with probability 2^-48.
pub(super) fn words_to_be_equal(streams: usize, bits_per_element: f64) -> Option<usize> {
    words_for(
        2.0 * (streams.max(2) as f64).log2() + MARGIN_BITS - 1.0,
        bits_per_element,
    )
}

/// Streams from which on it tells that *all* are equal: fewer would take two for all.
const ALL_OF: usize = 4;
/// Words that must then be equal: raising it lets short equal streams go.
const LEAST_WORDS: usize = 8;
/// Bits that those words must tell, by themselves: raising it does the same.
const LEAST_BITS: f64 = 16.0;

/// Whether these words cannot be those of so many streams by chance, however few they are for any two.
///
/// That k given streams are equal has probability Σ p^k ≤ (Σ p²)^(k/2) over all p of their words: half
/// their collision entropy for every one of them. Values that run on are a schedule, not draws.
pub(super) fn all_equal_tell(words: &[u64], streams: usize, bits_per_element: f64) -> bool {
    let bits = bits_per_element * words.len() as f64;
    streams >= ALL_OF
        && words.len() >= LEAST_WORDS
        && bits >= LEAST_BITS
        && bits * streams as f64 / 2.0 >= MARGIN_BITS
        && !run_on(words.iter().copied())
}

fn words_for(bits: f64, bits_per_element: f64) -> Option<usize> {
    // Below a thousandth of a bit no stream that fits in memory is long enough to be trusted.
    (bits_per_element >= 1e-3).then(|| (bits / bits_per_element).ceil() as usize)
}

/// Bits of an element below which eight are taken together as one key: raising it makes longer windows of
/// wider elements.
const PACKED: f64 = 8.0;

/// The window keys for a format, with lengths for so many windows.
pub(super) fn plan(format: Format, bits_per_element: f64, windows: usize) -> Vec<Planned> {
    let Some(width) = format.uniform_width() else {
        let continuous = matches!(
            format,
            Format::Other {
                marginal: Marginal::Continuous,
                ..
            }
        );
        let family = match continuous {
            true => Family::Folded,
            false if bits_per_element < PACKED => Family::Packed,
            false => Family::Identity,
        };
        // Folding the sign costs one bit an element.
        let bits = bits_per_element - if continuous { 0.65 } else { 0.0 };
        return planned(family, bits, 1.0, windows).into_iter().collect();
    };
    let width_bits = f64::from(width);
    // Bits a feature tells, and the binary logarithm of the forms a hit can take.
    let families = [
        (width_bits < PACKED).then_some((Family::Packed, width_bits, 1.0)),
        (width < 64 && width_bits >= PACKED).then_some((Family::Identity, width_bits, 1.0)),
        (width == 64).then_some((Family::Halves, width_bits, 5.0)),
        (width > 24).then_some((Family::Top24, 24.0, 6.0)),
        Some((Family::Changes, unsigned_entropy(width_bits), 6.0)),
        (width >= 4).then_some((Family::Popcounts, popcount_entropy(width), 8.0)),
    ];
    families
        .into_iter()
        .flatten()
        .filter_map(|(family, bits, forms)| planned(family, bits, forms, windows))
        .collect()
}

fn planned(family: Family, bits: f64, log2_forms: f64, windows: usize) -> Option<Planned> {
    let log2_windows = (windows.max(2) as f64).log2();
    let features = words_for(2.0 * log2_windows + log2_forms + MARGIN_BITS, bits)?;
    let features = match family {
        // Eight are packed into one feature.
        Family::Popcounts | Family::Packed => features.next_multiple_of(8),
        _ => features,
    };
    let exponent = 2.0 * log2_windows - 1.0 + log2_forms - bits * features as f64;
    Some(Planned {
        key: WindowKey { family, features },
        chance: exponent.exp2(),
    })
}

/// Collision entropy of the smaller of a uniform number of `width` bits and its negation: two numbers
/// are their own negation, all others share a value with another.
fn unsigned_entropy(width: f64) -> f64 {
    2.0 * width - ((width + 1.0).exp2() - 2.0).log2()
}

/// Collision entropy of the population count of `width` uniform bits: the probability that two
/// agree is C(2w, w) / 4^w.
fn popcount_entropy(width: u32) -> f64 {
    (1..=width)
        .map(|i| f64::from(2 * i) / f64::from(2 * i - 1))
        .product::<f64>()
        .log2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::mix;

    #[test]
    fn windows_hold_the_information_asked_for() {
        for width in [1, 8, 24, 31, 32, 53, 64] {
            let format = Format::Bits { width };
            for windows in [1, 1000, 1 << 22, 1 << 32] {
                let plan = plan(format, f64::from(width), windows);
                let chance: f64 = plan.iter().map(|planned| planned.chance).sum();
                assert!(chance < 1e-11, "{width} {windows} {chance}");
                assert!(!plan.is_empty());
            }
        }
        let four_million = plan(Format::WORDS, 64.0, 1 << 22);
        let words: Vec<usize> = four_million
            .iter()
            .map(|planned| planned.key.words())
            .collect();
        // 2 · 22 + 6 + margin bits in words of 24 bits are five; the others likewise.
        assert_eq!(words, [2, 5, 4, 33]);
    }

    #[test]
    fn few_words_tell_where_all_streams_have_them() {
        let drawn: Vec<u64> = (0..10).map(mix).collect();
        assert!(all_equal_tell(&drawn, 500, 2.5));
        assert!(all_equal_tell(&drawn, 4, 2.5));
        // Too few streams, too little told, too few words, a schedule.
        assert!(!all_equal_tell(&drawn, 3, 2.5));
        assert!(!all_equal_tell(&drawn, 500, 1.0));
        assert!(!all_equal_tell(&drawn[..6], 500, 8.0));
        let steps: Vec<u64> = (0..10).collect();
        assert!(!all_equal_tell(&steps, 500, 2.5));
    }

    #[test]
    fn unsigned_entropy_is_that_of_numbers_without_their_sign() {
        assert!((unsigned_entropy(1.0) - 1.0).abs() < 1e-12);
        // 0, ±1 and 2 of two bits: 1/4, 1/2, 1/4.
        assert!((unsigned_entropy(2.0) - (8.0f64 / 3.0).log2()).abs() < 1e-12);
        assert!((unsigned_entropy(64.0) - 63.0).abs() < 1e-12);
    }

    #[test]
    fn popcount_entropy_is_the_collision_entropy_of_a_binomial() {
        // Two fair bits: counts 0, 1, 2 with probabilities 1/4, 1/2, 1/4 collide with 3/8.
        assert!((popcount_entropy(2) - (8.0f64 / 3.0).log2()).abs() < 1e-12);
    }

    /// By hand: n²/2 pairs of windows, so many forms of a hit, and 2^−bits that two windows agree in one.
    #[test]
    fn the_chance_of_a_plan_is_pairs_times_forms_times_agreement() {
        let windows = 1 << 20;
        let pairs = 2f64.powi(39);
        let changes = |width: f64| 2.0 * width - ((width + 1.0).exp2() - 2.0).log2();
        for (width, families) in [
            (
                64,
                vec![
                    (Family::Halves, 64.0, 32.0),
                    (Family::Top24, 24.0, 64.0),
                    (Family::Changes, changes(64.0), 64.0),
                    (Family::Popcounts, popcount_entropy(64), 256.0),
                ],
            ),
            (
                8,
                vec![
                    (Family::Identity, 8.0, 2.0),
                    (Family::Changes, changes(8.0), 64.0),
                    (Family::Popcounts, popcount_entropy(8), 256.0),
                ],
            ),
            (
                2,
                vec![
                    (Family::Packed, 2.0, 2.0),
                    (Family::Changes, changes(2.0), 64.0),
                ],
            ),
        ] {
            let found = plan(Format::Bits { width }, f64::from(width), windows);
            assert_eq!(found.len(), families.len(), "{width}");
            for (planned, (family, bits, forms)) in found.iter().zip(families) {
                assert_eq!(planned.key.family, family);
                let features = planned.key.features as f64;
                let chance = pairs * forms * (-bits * features).exp2();
                assert!((planned.chance / chance - 1.0).abs() < 1e-9, "{family:?}");
                // The margin is kept, and by no more than the words that a window is rounded to.
                assert!(planned.chance <= 2f64.powi(-49), "{family:?}");
                let rounding = match family {
                    Family::Popcounts | Family::Packed => 8.0,
                    _ => 1.0,
                };
                assert!(
                    planned.chance > (-49.0 - rounding * bits).exp2(),
                    "{family:?}"
                );
            }
        }
    }

    /// By brute force over all words of four bits: how often two words, or the smaller of each and its
    /// negation, have one feature.
    #[test]
    fn entropies_of_features_by_brute_force() {
        let collisions = |feature: &dyn Fn(u32) -> u32| {
            let pairs = (0..256_u32).filter(|at| feature(at / 16) == feature(at % 16));
            -(pairs.count() as f64 / 256.0).log2()
        };
        let smaller = |word: u32| word.min(word.wrapping_neg() & 15);
        assert!((unsigned_entropy(4.0) - collisions(&smaller)).abs() < 1e-12);
        assert!((popcount_entropy(4) - collisions(&u32::count_ones)).abs() < 1e-12);
    }

    #[test]
    fn words_to_be_equal_leave_the_margin() {
        // 16 streams: 8 + 47 bits; chance makes two of 120 pairs equal with less than 2^−48.
        for bits in [1.0_f64, 8.0, 64.0] {
            let words = words_to_be_equal(16, bits).unwrap() as f64;
            assert_eq!(words, (55.0 / bits).ceil());
            assert!(120.0 * (-bits * words).exp2() < 2f64.powi(-48));
        }
        assert_eq!(words_to_be_equal(16, 1e-4), None);
    }
}
