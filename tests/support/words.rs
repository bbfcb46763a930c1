//! Words whose streams share nothing that anyone knows.

/// Words of SplitMix64, a stream a number.
pub fn words(stream: u64, count: usize) -> Vec<u64> {
    let mut state = stream << 40;
    std::iter::repeat_with(|| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    })
    .take(count)
    .collect()
}
