//! Integers below a bound, made of a generator's outputs.
//!
//! Sources: CPython's `_randbelow_with_getrandbits`; numpy's `buffered_bounded_masked_uint32` and
//! `buffered_bounded_lemire_uint32`; D. Lemire, *Fast random integer generation in an interval*, ACM TOMACS
//! 29(1), 2019; libstdc++'s `uniform_int_distribution`; PHP's `php_mt_rand_range32`; `java.util.Random`; R's
//! `R_unif_index` (rejection); Go's `Int31n`, `Int63n` and `uint32n`; Lua's `project`.

use super::{
    reals::{fill, res53, unit},
    tape::{Bounds, Tape},
};

/// Draws below `bound` one after another, by their next one.
fn each(out: &mut [f64], mut next: impl FnMut() -> Option<u64>) -> Option<()> {
    fill(out, || Some(next()? as f64))
}

/// Ones in all bits that `number` takes.
fn mask(number: u64) -> u64 {
    u64::MAX.checked_shr(number.leading_zeros()).unwrap_or(0)
}

/// The outputs themselves.
pub(super) fn whole(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    each(out, || tape.next())
}

/// The outputs without their lowest bit, as `mt_rand()` gives them.
pub(super) fn halved(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    each(out, || Some(tape.next()? >> 1))
}

/// The outputs as signed integers of 32 bits.
pub(super) fn signed(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    fill(out, || Some(f64::from(tape.next()? as u32 as i32)))
}

/// `output % bound`.
pub(super) fn modulo(mut tape: Tape<'_>, bound: u64, out: &mut [f64]) -> Option<()> {
    each(out, || Some(tape.next()? % bound))
}

/// `(output >> 17) % bound` of an output of 48 bits, as with `lrand48`.
pub(super) fn modulo_31(mut tape: Tape<'_>, bound: u64, out: &mut [f64]) -> Option<()> {
    each(out, || Some((tape.next()? >> 17) % bound))
}

/// `floor(bound · u)`, u the output as a fraction of its range.
pub(super) fn floor(mut tape: Tape<'_>, bound: u64, out: &mut [f64]) -> Option<()> {
    fill(out, || Some((unit(&mut tape)? * bound as f64).floor()))
}

/// The same of doubles of 53 bits.
pub(super) fn floor_53(mut tape: Tape<'_>, bound: u64, out: &mut [f64]) -> Option<()> {
    fill(out, || Some((res53(&mut tape)? * bound as f64).floor()))
}

/// As many high bits as `bound` takes, until they are below it.
pub(super) fn high_bits(mut tape: Tape<'_>, bound: u64, out: &mut [f64]) -> Option<()> {
    let bits = u64::BITS - bound.leading_zeros();
    if bits > 32 {
        return None;
    }
    each(out, || {
        loop {
            let drawn = tape.next()? >> (32 - bits);
            if drawn < bound {
                return Some(drawn);
            }
        }
    })
}

/// As many low bits as `bound - 1` takes, until they are below it.
pub(super) fn masked(mut tape: Tape<'_>, bound: u64, out: &mut [f64]) -> Option<()> {
    let mask = mask(bound - 1);
    each(out, || {
        loop {
            let drawn = tape.next()? & mask;
            if drawn < bound {
                return Some(drawn);
            }
        }
    })
}

/// Lemire's multiplication of an output of 32 bits.
fn multiplied(bound: u64, mut next: impl FnMut() -> Option<u64>) -> Option<u64> {
    let mut product = next()? * bound;
    let threshold = ((1 << 32) - bound) % bound;
    while product & 0xffff_ffff < threshold {
        product = next()? * bound;
    }
    Some(product >> 32)
}

/// Halves of words of 64 bits, the lower one first, multiplied.
pub(super) fn numpy_integers(mut tape: Tape<'_>, bound: u64, out: &mut [f64]) -> Option<()> {
    if bound >> 32 != 0 {
        return None;
    }
    let mut kept = None;
    each(out, || {
        multiplied(bound, || match kept.take() {
            Some(half) => Some(half),
            None => {
                let word = tape.next()?;
                kept = Some(word >> 32);
                Some(word & 0xffff_ffff)
            }
        })
    })
}

/// `std::uniform_int_distribution`: multiplication where outputs fill 32 or 64 bits, division elsewhere.
pub(super) fn cpp_integers(mut tape: Tape<'_>, bound: u64, out: &mut [f64]) -> Option<()> {
    let Bounds { least, most } = tape.bounds();
    let range = most - least;
    if bound > range {
        return None;
    }
    match range {
        u64::MAX => each(out, || wide(&mut tape, bound)),
        0xffff_ffff => each(out, || multiplied(bound, || tape.next())),
        _ => {
            let scale = range / bound;
            each(out, || {
                loop {
                    let drawn = (tape.next()? - least) / scale;
                    if drawn < bound {
                        return Some(drawn);
                    }
                }
            })
        }
    }
}

/// Lemire's multiplication of an output of 64 bits.
fn wide(tape: &mut Tape<'_>, bound: u64) -> Option<u64> {
    let bound = u128::from(bound);
    let threshold = ((1 << 64) - bound) % bound;
    loop {
        let product = u128::from(tape.next()?) * bound;
        if product & u128::from(u64::MAX) >= threshold {
            return Some((product >> 64) as u64);
        }
    }
}

/// PHP: a remainder, of outputs below the largest multiple.
pub(super) fn php_range(mut tape: Tape<'_>, bound: u64, out: &mut [f64]) -> Option<()> {
    const MOST: u64 = u32::MAX as u64;
    if bound > MOST {
        return None;
    }
    let limit = if bound.is_power_of_two() {
        MOST
    } else {
        MOST - MOST % bound - 1
    };
    each(out, || {
        loop {
            let drawn = tape.next()?;
            if drawn <= limit {
                return Some(drawn % bound);
            }
        }
    })
}

/// Java: the high bits for a power of two, else a remainder of 31 bits below the largest multiple.
pub(super) fn java_int(mut tape: Tape<'_>, bound: u64, out: &mut [f64]) -> Option<()> {
    below_31(
        out,
        bound,
        || Some(tape.next()? >> 1),
        |drawn| (bound * drawn) >> 31,
    )
}

/// Go's `Intn`: of 31 bits, the low ones for a power of two.
pub(super) fn go_intn(mut tape: Tape<'_>, bound: u64, out: &mut [f64]) -> Option<()> {
    let next = || Some((tape.next()? & i64::MAX as u64) >> 32);
    below_31(out, bound, next, |drawn| drawn & (bound - 1))
}

fn below_31(
    out: &mut [f64],
    bound: u64,
    mut next: impl FnMut() -> Option<u64>,
    of_power: impl Fn(u64) -> u64,
) -> Option<()> {
    const RANGE: u64 = 1 << 31;
    if bound > RANGE {
        return None;
    }
    each(out, || {
        if bound.is_power_of_two() {
            return next().map(&of_power);
        }
        loop {
            let drawn = next()?;
            if drawn < RANGE - RANGE % bound {
                return Some(drawn % bound);
            }
        }
    })
}

/// Go's `Int63n`.
pub(super) fn go_int63n(mut tape: Tape<'_>, bound: u64, out: &mut [f64]) -> Option<()> {
    const RANGE: u64 = 1 << 63;
    each(out, || {
        loop {
            let drawn = tape.next()? & (RANGE - 1);
            if bound.is_power_of_two() || drawn < RANGE - RANGE % bound {
                return Some(drawn % bound);
            }
        }
    })
}

/// Go's `IntN` of `math/rand/v2`.
pub(super) fn go_v2_intn(mut tape: Tape<'_>, bound: u64, out: &mut [f64]) -> Option<()> {
    each(out, || match bound {
        _ if bound.is_power_of_two() => Some(tape.next()? & (bound - 1)),
        0..=0xffff_ffff => multiplied(bound, || Some(tape.next()? >> 32)),
        _ => wide(&mut tape, bound),
    })
}

/// R's `sample`: pieces of sixteen bits, until they are below the bound.
pub(super) fn r_index(mut tape: Tape<'_>, bound: u64, out: &mut [f64]) -> Option<()> {
    let bits = u64::BITS - (bound - 1).leading_zeros();
    let mask = mask(bound - 1);
    each(out, || {
        loop {
            let mut drawn = 0u64;
            for _ in 0..=bits / 16 {
                drawn = (drawn << 16) + (tape.next()? >> 16);
            }
            if drawn & mask < bound {
                return Some(drawn & mask);
            }
        }
    })
}

/// The first twenty-six and more bits of two outputs, as in `(int) (nextDouble() * bound)`.
pub(super) fn java_floor(mut tape: Tape<'_>, bound: u64, out: &mut [f64]) -> Option<()> {
    fill(out, || {
        let (high, low) = (tape.next()? >> 6, tape.next()? >> 5);
        let double = ((high << 27) + low) as f64 / 2f64.powi(53);
        Some((double * bound as f64).floor())
    })
}
