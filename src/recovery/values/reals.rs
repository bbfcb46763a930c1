//! Real numbers made of a generator's outputs: uniform ones, normals and exponentials.
//!
//! Sources: `genrand_res53` of `mt19937ar.c`; libstdc++'s `generate_canonical` and `normal_distribution`;
//! CPython's `random.py`; numpy's `legacy_gauss`; `java.util.Random`; R's `norm_rand` (inversion); PyTorch's
//! `normal_fill`; JAX's `random.uniform` and `random.normal`.

use statrs::{
    distribution::{ContinuousCDF, Normal},
    function::erf::erf_inv,
};

use super::tape::Tape;

/// Numbers one after another, as many as there is room for; `None` where the tape ends before.
pub(super) fn fill(out: &mut [f64], mut next: impl FnMut() -> Option<f64>) -> Option<()> {
    for number in out {
        *number = next()?;
    }
    Some(())
}

/// The next output as a fraction of the range.
pub(super) fn unit(tape: &mut Tape<'_>) -> Option<f64> {
    let bounds = tape.bounds();
    let range = (bounds.most - bounds.least) as f64 + 1.0;
    Some((tape.next()? - bounds.least) as f64 / range)
}

/// Two outputs of 32 bits as a double of 53.
pub(super) fn res53(tape: &mut Tape<'_>) -> Option<f64> {
    let (high, low) = (tape.next()? >> 5, tape.next()? >> 6);
    Some((high << 26 | low) as f64 / 2f64.powi(53))
}

/// Two outputs of 32 bits, the first one high, of which the low 53 bits count.
fn low53(tape: &mut Tape<'_>) -> Option<f64> {
    let (high, low) = (tape.next()?, tape.next()?);
    let word = high << 32 | low;
    Some((word & ((1 << 53) - 1)) as f64 / 2f64.powi(53))
}

/// `std::generate_canonical<double, 53>`: as many outputs as 53 bits take, the first one lowest.
pub(super) fn canonical(tape: &mut Tape<'_>) -> Option<f64> {
    let bounds = tape.bounds();
    let range = (bounds.most - bounds.least) as f64 + 1.0;
    let bits = range.log2() as u32;
    let (mut sum, mut scale) = (0.0, 1.0);
    for _ in 0..53_u32.div_ceil(bits) {
        sum += (tape.next()? - bounds.least) as f64 * scale;
        scale *= range;
    }
    Some(sum / scale)
}

/// 26 and 27 bits of two outputs, as Java makes a double.
fn java_double(tape: &mut Tape<'_>) -> Option<f64> {
    let (high, low) = (tape.next()? >> 6, tape.next()? >> 5);
    Some(((high << 27) + low) as f64 / 2f64.powi(53))
}

pub(super) fn units(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    fill(out, || unit(&mut tape))
}

pub(super) fn doubles(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    fill(out, || res53(&mut tape))
}

pub(super) fn canonicals(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    fill(out, || canonical(&mut tape))
}

/// Outputs divided by the largest, as in `rand() / (double) RAND_MAX`.
pub(super) fn of_most(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    let most = tape.bounds().most as f64;
    fill(out, || Some(tape.next()? as f64 / most))
}

/// `mt_rand() / mt_getrandmax()`.
pub(super) fn php_fractions(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    fill(out, || {
        Some((tape.next()? >> 1) as f64 / f64::from(i32::MAX))
    })
}

/// 24 low bits, as torch makes a float.
pub(super) fn torch_floats(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    fill(out, || {
        Some((tape.next()? & 0xff_ffff) as f64 / 2f64.powi(24))
    })
}

/// 53 low bits, as Go's `math/rand/v2` makes a double.
pub(super) fn low_bits(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    fill(out, || {
        Some((tape.next()? & ((1 << 53) - 1)) as f64 / 2f64.powi(53))
    })
}

/// 63 low bits, as Go's `math/rand` does.
pub(super) fn low_63(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    fill(out, || {
        Some((tape.next()? & i64::MAX as u64) as f64 / 2f64.powi(63))
    })
}

/// 23 high bits, as JAX makes a float.
pub(super) fn jax_floats(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    fill(out, || Some((tape.next()? >> 9) as f64 / 2f64.powi(23)))
}

/// JAX's normals: the inverse of the error function.
pub(super) fn jax_normals(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    let least = -1.0 + f64::from(f32::EPSILON) / 2.0;
    fill(out, || {
        let unit = (tape.next()? >> 9) as f64 / 2f64.powi(23);
        Some(std::f64::consts::SQRT_2 * erf_inv(least + (1.0 - least) * unit))
    })
}

/// − ln(1 − u).
pub(super) fn exponentials(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    fill(out, || Some(-(-res53(&mut tape)?).ln_1p()))
}

/// Box–Muller, as `random.gauss` does: the cosine first.
pub(super) fn python_gauss(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    let mut kept = None;
    fill(out, || match kept.take() {
        Some(kept) => Some(kept),
        None => {
            let angle = res53(&mut tape)? * std::f64::consts::TAU;
            let radius = (-2.0 * (-res53(&mut tape)?).ln_1p()).sqrt();
            kept = Some(angle.sin() * radius);
            Some(angle.cos() * radius)
        }
    })
}

/// The ratio of uniforms (Kinderman and Monahan), as `random.normalvariate` does.
pub(super) fn python_normal(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    let magic = 4.0 * (-0.5f64).exp() / 2f64.sqrt();
    fill(out, || {
        loop {
            let first = res53(&mut tape)?;
            let second = 1.0 - res53(&mut tape)?;
            let number = magic * (first - 0.5) / second;
            if number * number / 4.0 <= -second.ln() {
                return Some(number);
            }
        }
    })
}

/// Marsaglia's polar method on uniforms that are made so; the second coordinate is handed out first, or the
/// first one.
fn polar(
    mut tape: Tape<'_>,
    out: &mut [f64],
    uniform: impl Fn(&mut Tape<'_>) -> Option<f64>,
    second_first: bool,
) -> Option<()> {
    let mut kept = None;
    fill(out, || {
        if let Some(kept) = kept.take() {
            return Some(kept);
        }
        loop {
            let x = 2.0 * uniform(&mut tape)? - 1.0;
            let y = 2.0 * uniform(&mut tape)? - 1.0;
            let square = x * x + y * y;
            if square < 1.0 && square > 0.0 {
                let scale = (-2.0 * square.ln() / square).sqrt();
                let (first, then) = if second_first { (y, x) } else { (x, y) };
                kept = Some(then * scale);
                return Some(first * scale);
            }
        }
    })
}

pub(super) fn numpy_normals(tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    polar(tape, out, res53, true)
}

pub(super) fn cpp_normals(tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    polar(tape, out, canonical, true)
}

pub(super) fn java_normals(tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    polar(tape, out, java_double, false)
}

pub(super) fn java_doubles(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    fill(out, || java_double(&mut tape))
}

/// Inversion with 27 bits more, as R's `rnorm` does.
pub(super) fn r_normals(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    const BIG: f64 = 134_217_728.0;
    fill(out, || {
        let high = (BIG * unit(&mut tape)?).floor();
        Some(Normal::standard().inverse_cdf((high + unit(&mut tape)?) / BIG))
    })
}

/// Box–Muller over blocks of sixteen floats, as torch fills tensors of at least sixteen.
pub(super) fn torch_normals(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    for some in out.chunks_mut(16) {
        let mut floats = [0.0; 16];
        torch_floats_into(&mut tape, &mut floats)?;
        for at in 0..8 {
            let radius = (-2.0 * (1.0 - floats[at]).ln()).sqrt();
            let angle = std::f64::consts::TAU * floats[at + 8];
            for (to, number) in [(at, radius * angle.cos()), (at + 8, radius * angle.sin())] {
                if let Some(place) = some.get_mut(to) {
                    *place = number;
                }
            }
        }
    }
    Some(())
}

fn torch_floats_into(tape: &mut Tape<'_>, floats: &mut [f64]) -> Option<()> {
    fill(floats, || {
        Some((tape.next()? & 0xff_ffff) as f64 / 2f64.powi(24))
    })
}

/// Box–Muller on doubles, as torch draws single normals and tensors below sixteen.
pub(super) fn torch_single_normals(mut tape: Tape<'_>, _: u64, out: &mut [f64]) -> Option<()> {
    let mut kept = None;
    fill(out, || match kept.take() {
        Some(kept) => Some(kept),
        None => {
            let angle = std::f64::consts::TAU * low53(&mut tape)?;
            let radius = (-2.0 * (-low53(&mut tape)?).ln_1p()).sqrt();
            kept = Some(radius * angle.sin());
            Some(radius * angle.cos())
        }
    })
}
