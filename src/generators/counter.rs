//! The counter of 256 bits of a counter-based generator, words least significant first.

/// The counter so many blocks further on.
#[inline(always)]
pub(super) fn add(counter: [u64; 4], blocks: u128) -> [u64; 4] {
    let low = u128::from(counter[0]) | u128::from(counter[1]) << 64;
    let high = u128::from(counter[2]) | u128::from(counter[3]) << 64;
    let (low, carry) = low.overflowing_add(blocks);
    let high = high.wrapping_add(u128::from(carry));
    [
        low as u64,
        (low >> 64) as u64,
        high as u64,
        (high >> 64) as u64,
    ]
}
