//! numpy's way of seeding PCG64 and PCG64DXSM, for the generators of `rand_pcg`.

use rand_pcg::{Pcg64, Pcg64Dxsm};

/// numpy's `PCG64` with this initial state and sequence: the seeding of the PCG paper, which
/// `rand_pcg` does too.
pub fn numpy_pcg64(state: u128, sequence: u128) -> Pcg64 {
    Pcg64::new(state, sequence)
}

/// numpy's `PCG64DXSM` with this initial state and sequence.
///
/// numpy takes its seeding step with PCG64's 128-bit multiplier M, and only the steps that follow
/// with the 64-bit one C; `rand_pcg` takes both with C. The first step of `Pcg64Dxsm::new` gives
/// C · (state + increment) + increment, so the state is multiplied by M / C modulo 2^128 before.
pub fn numpy_pcg64dxsm(state: u128, sequence: u128) -> Pcg64Dxsm {
    // 0x2360ed051fc65da44385df649fccf645 / 0xda942042e4dd58b5 modulo 2^128.
    const M_BY_C: u128 = 0xf97579dc832f507e41bbefa248ac7151;
    let increment = sequence << 1 | 1;
    let scaled = state.wrapping_add(increment).wrapping_mul(M_BY_C);
    Pcg64Dxsm::new(scaled.wrapping_sub(increment), sequence)
}
