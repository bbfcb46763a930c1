//! What words, their changes and the changes of these have in common.

use crate::results::Series;

/// The smaller of a number and its negation: a sequence read backwards has negated differences.
#[inline(always)]
pub(crate) fn unsigned(x: u64) -> u64 {
    x.min(x.wrapping_neg())
}

/// Writes the elements of one series, without their signs, to `out`; it ends where `words` do.
#[inline(always)]
pub(super) fn series(series: Series, words: &[u64], out: &mut [u64]) {
    let Some(later) = words.get(1..) else { return };
    let both = words.iter().zip(later);
    match series {
        Series::Words => {
            for (out, &word) in out.iter_mut().zip(words) {
                *out = unsigned(word);
            }
        }
        Series::Differences => {
            for (out, (&a, &b)) in out.iter_mut().zip(both) {
                *out = unsigned(b.wrapping_sub(a));
            }
        }
        Series::XorDifferences => {
            for (out, (&a, &b)) in out.iter_mut().zip(both) {
                *out = unsigned(a ^ b);
            }
        }
        Series::SecondDifferences => {
            for (out, (&a, rest)) in out.iter_mut().zip(words.iter().zip(words.windows(3))) {
                let second = rest[2].wrapping_sub(rest[1]).wrapping_sub(rest[1]);
                *out = unsigned(second.wrapping_add(a));
            }
        }
    }
}
