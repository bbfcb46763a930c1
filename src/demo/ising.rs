//! The energy of a 2-D Ising model at its critical temperature, whose true value is known.
//!
//! A stream draws one Metropolis simulation, as SPRNG's application tests do (M. Mascagni,
//! A. Srinivasan, *Algorithm 806: SPRNG*, ACM TOMS 26(3), 2000; P. D. Coddington, *Tests of random
//! number generators using Ising model simulations*, Int. J. Mod. Phys. C 7, 1996).

use super::unit;

/// Spins on a side.
const SIDE: usize = 8;
const SPINS: usize = SIDE * SIDE;
/// Sweeps that are thrown away: the lattice starts ordered.
const WARM_UP: usize = 64;

/// The critical coupling of the infinite lattice, ln(1 + √2) / 2 (L. Onsager 1944).
fn coupling() -> f64 {
    (1.0 + std::f64::consts::SQRT_2).ln() / 2.0
}

/// Words that warming up takes; a stream must be longer.
pub(super) const WARM_UP_WORDS: usize = WARM_UP * SPINS;

/// The mean energy of a spin in one simulation that a stream's words drive: one word a proposed flip.
pub(super) fn energy(words: &[u64]) -> f64 {
    // exp(-2 K s h) for s h = -4, -2 … 4.
    let accept: [f64; 5] = std::array::from_fn(|nth| {
        let local = 2.0 * nth as f64 - 4.0;
        (-2.0 * coupling() * local).exp()
    });
    let mut spins = [1_i32; SPINS];
    let mut bonds = 2 * SPINS as i32;
    let (mut sum, mut sweeps) = (0_i64, 0_u32);
    for (sweep, draws) in words.chunks_exact(SPINS).enumerate() {
        for (at, &word) in draws.iter().enumerate() {
            let (row, column) = (at / SIDE, at % SIDE);
            let beside = |row: usize, column: usize| spins[row % SIDE * SIDE + column % SIDE];
            let local = spins[at]
                * (beside(row + 1, column)
                    + beside(row + SIDE - 1, column)
                    + beside(row, column + 1)
                    + beside(row, column + SIDE - 1));
            if unit(word) < accept[((local + 4) / 2) as usize] {
                spins[at] = -spins[at];
                bonds -= 2 * local;
            }
        }
        if sweep >= WARM_UP {
            sum += i64::from(bonds);
            sweeps += 1;
        }
    }
    -(sum as f64) / (f64::from(sweeps) * SPINS as f64)
}

/// The true mean energy of a spin on this lattice.
pub(super) fn truth() -> f64 {
    exact_energy(SIDE, coupling())
}

/// The mean energy of a spin on a square lattice with periodic edges: minus the derivative of the logarithm of
/// the partition function (B. Kaufman, *Crystal statistics II*, Phys. Rev. 76, 1949; A. E. Ferdinand,
/// M. E. Fisher, Phys. Rev. 185, 1969) by the coupling, to the sixth power of the step.
fn exact_energy(side: usize, coupling: f64) -> f64 {
    let step = 1e-3;
    let ln = |nth: f64| ln_partition(side, coupling + nth * step);
    let difference = |nth: f64| ln(nth) - ln(-nth);
    let slope = (45.0 * difference(1.0) - 9.0 * difference(2.0) + difference(3.0)) / (60.0 * step);
    -slope / (side * side) as f64
}

/// ln Z of a square lattice of `side` × `side` spins with periodic edges.
fn ln_partition(side: usize, coupling: f64) -> f64 {
    let n = side as f64;
    // γ of the l-th mode; γ of mode 0 changes its sign at the critical point.
    let mode = |l: usize| {
        if l == 0 {
            return 2.0 * coupling + coupling.tanh().ln();
        }
        let double = 2.0 * coupling;
        let cosh = double.cosh() * double.cosh() / double.sinh()
            - (std::f64::consts::PI * l as f64 / n).cos();
        cosh.acosh()
    };
    // Products of 2 cosh or 2 sinh of n γ / 2, as logarithm and sign.
    let product = |first: usize, plus: f64| {
        (first..2 * side)
            .step_by(2)
            .fold((0.0, 1.0), |(ln, sign): (f64, f64), l| {
                let half = n * mode(l) / 2.0;
                let value = half.exp() + plus * (-half).exp();
                (ln + value.abs().ln(), sign * value.signum())
            })
    };
    let terms = [
        product(1, 1.0),
        product(1, -1.0),
        product(0, 1.0),
        product(0, -1.0),
    ];
    let largest = terms
        .iter()
        .map(|term| term.0)
        .fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = terms
        .iter()
        .map(|(ln, sign)| sign * (ln - largest).exp())
        .sum();
    n * n / 2.0 * (2.0 * (2.0 * coupling).sinh()).ln() - std::f64::consts::LN_2 + largest + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        strategies,
        vocabulary::{Root, RootSeed, Site},
    };

    /// Every state of a lattice of 4 × 4 spins, counted.
    #[test]
    fn the_law_of_a_small_lattice_is_that_of_its_states() {
        let (mut sum, mut energies) = (0.0, 0.0);
        for state in 0_u32..1 << 16 {
            let spin = |row: usize, column: usize| {
                f64::from(1 - 2 * (state >> (row % 4 * 4 + column % 4) & 1) as i32)
            };
            let bonds: f64 = (0..16)
                .map(|at| (at / 4, at % 4))
                .map(|(row, column)| {
                    spin(row, column) * (spin(row + 1, column) + spin(row, column + 1))
                })
                .sum();
            let weight = (coupling() * bonds).exp();
            sum += weight;
            energies -= weight * bonds / 16.0;
        }
        let counted = energies / sum;
        assert!(
            (exact_energy(4, coupling()) - counted).abs() < 1e-9,
            "{counted}"
        );
    }

    /// The value of A. M. Ferrenberg, D. P. Landau, Y. J. Wong, Phys. Rev. Lett. 69, 1992, for 16 × 16.
    #[test]
    fn the_law_of_the_lattice_of_the_tests_is_the_published_one() {
        assert!((exact_energy(16, coupling()) + 1.453_064_85).abs() < 1e-8);
    }

    #[test]
    fn sound_simulations_come_near_the_truth() {
        let strategy = strategies::find("spawn-key/chacha20").unwrap();
        let tasks = std::num::NonZeroU32::new(64).unwrap();
        let seeder = strategy
            .prepare(Root::Given(RootSeed::from_u64(7)), tasks)
            .unwrap();
        let energies: Vec<f64> = (0..64)
            .map(|task| {
                let site = Site {
                    task: crate::vocabulary::TaskId(task),
                    ..Site::default()
                };
                let mut words = vec![0; 16_384];
                seeder.enter(&site).open(&site).fill(&mut words);
                energy(&words)
            })
            .collect();
        let estimate = super::super::Estimate::of(&energies);
        let off = (estimate.mean - truth()) / estimate.standard_error;
        assert!(off.abs() < 4.0, "{estimate:?} {}", truth());
    }
}
