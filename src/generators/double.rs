//! The doubles that numpy and Python make of MT19937.

/// The 53-bit double in [0, 1) that `genrand_res53` makes of two 32-bit outputs: 27 bits of the
/// first and 26 of the second.
///
/// ```
/// use seedbench::generators::{Mt19937, genrand_res53};
///
/// // numpy.random.RandomState(245).rand()
/// let mut state = Mt19937::from_seed(245);
/// assert_eq!(genrand_res53(state.next_u32(), state.next_u32()), 0.90685386667433);
/// ```
///
/// Source: M. Matsumoto, T. Nishimura, `mt19937ar.c` (2002), `genrand_res53`; the same in CPython's
/// `random.random()` and numpy's `RandomState.rand()`.
pub fn genrand_res53(first: u32, second: u32) -> f64 {
    let high = f64::from(first >> 5);
    let low = f64::from(second >> 6);
    (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_stay_inside_the_unit_interval() {
        assert_eq!(genrand_res53(0, 0), 0.0);
        assert_eq!(genrand_res53(u32::MAX, u32::MAX), 1.0 - f64::EPSILON / 2.0);
        // The five and six low bits are discarded.
        assert_eq!(genrand_res53(31, 63), 0.0);
    }
}
