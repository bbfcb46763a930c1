//! How generators with narrow outputs make 64-bit words.

/// Two 32-bit outputs, the first one in the high half: as `rand_mt` and Java's `nextLong` order
/// them.
#[inline(always)]
pub(crate) fn high_first(mut next: impl FnMut() -> u32) -> u64 {
    let high = u64::from(next());
    high << 32 | u64::from(next())
}

/// Three 31-bit outputs: the first in the highest 31 bits, the second below it, and the two highest
/// bits of the third at the bottom.
#[inline(always)]
pub(crate) fn from_31_bits(mut next: impl FnMut() -> u32) -> u64 {
    let (first, second, third) = (next(), next(), next());
    u64::from(first) << 33 | u64::from(second) << 2 | u64::from(third >> 29)
}
