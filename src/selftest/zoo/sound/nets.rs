//! Points that keep apart: Halton, Sobol', lattices, strata, Latin hypercubes. Each worker has its own
//! scramble, shift or permutation.

use super::images::printed;
use crate::selftest::zoo::{
    draw::Draw,
    printout::Value,
    program::{Program, Worker},
    sequences::{Halton, Sobol},
};

fn halton<const D: usize>(w: &mut Worker) -> Vec<Value> {
    let scrambled = Halton::<D>::scrambled(&mut w.own);
    printed((0..w.shape.rows).flat_map(|at| scrambled.point(at)))
}

fn sobol<const D: usize>(w: &mut Worker) -> Vec<Value> {
    let scrambled = Sobol::<D>::scrambled(&mut w.own);
    printed((0..w.shape.rows).flat_map(|at| scrambled.point(at)))
}

/// Sobol' points, all moved by the same random vector modulo one.
fn sobol_shifted<const D: usize>(w: &mut Worker) -> Vec<Value> {
    let plain = Sobol::<D>::plain();
    let shift: [f64; D] = std::array::from_fn(|_| w.own.unit());
    printed((0..w.shape.rows).flat_map(|at| {
        let point = plain.point(at);
        std::array::from_fn::<_, D, _>(|d| (point[d] + shift[d]).fract())
    }))
}

/// A Latin hypercube: in each dimension one point a stratum.
fn hypercube<const D: usize>(w: &mut Worker) -> Vec<Value> {
    let n = w.shape.rows;
    let strata: [Vec<usize>; D] = std::array::from_fn(|_| w.own.permutation(n));
    printed((0..n).flat_map(|at| {
        std::array::from_fn::<_, D, _>(|d| (strata[d][at] as f64 + w.own.unit()) / n as f64)
    }))
}

/// The generator of a good rank-1 lattice of 2²⁰ points in two dimensions.
const LATTICE: u64 = 182_667;
const POINTS: u64 = 1 << 20;

/// The golden ratio's fraction, and the same in units of 2⁻⁶⁴.
const GOLDEN: f64 = 0.618_033_988_749_894_9;
const GOLDEN_64: u64 = 0x9e37_79b9_7f4a_7c15;

pub(super) const PROGRAMS: &[Program] = &[
    Program::new(
        "halton-1",
        "Halton points in one dimension, scrambled",
        &["x"],
        halton::<1>,
    ),
    Program::new(
        "halton-2",
        "Halton points in two dimensions, scrambled",
        &["x", "y"],
        halton::<2>,
    ),
    Program::new(
        "halton-3",
        "Halton points in three dimensions, scrambled",
        &["x", "y", "z"],
        halton::<3>,
    ),
    Program::new(
        "halton-5",
        "Halton points in five dimensions, scrambled",
        &["x1", "x2", "x3", "x4", "x5"],
        halton::<5>,
    ),
    Program::new(
        "sobol-1",
        "Sobol' points in one dimension, scrambled",
        &["x"],
        sobol::<1>,
    ),
    Program::new(
        "sobol-2",
        "Sobol' points in two dimensions, scrambled",
        &["x", "y"],
        sobol::<2>,
    ),
    Program::new(
        "sobol-3",
        "Sobol' points in three dimensions, scrambled",
        &["x", "y", "z"],
        sobol::<3>,
    ),
    Program::new(
        "sobol-shifted",
        "Sobol' points in two dimensions, shifted modulo one",
        &["x", "y"],
        sobol_shifted::<2>,
    ),
    Program::new(
        "lattice-random-start",
        "a rank-1 lattice of a million points, each worker from a random one on",
        &["x", "y"],
        |w| {
            let start = w.own.word();
            let n = w.shape.rows as u64;
            printed((0..n).flat_map(|at| {
                let k = start.wrapping_add(at) % POINTS;
                [k, k * LATTICE % POINTS].map(|x| x as f64 / POINTS as f64)
            }))
        },
    )
    .may_meet(),
    Program::new(
        "kronecker-random-start",
        "multiples of the golden ratio modulo one, each worker from a random multiple on",
        &["x"],
        |w| {
            let start = w.own.word();
            printed((0..w.shape.rows as u64).map(|at| {
                let turns = start.wrapping_add(at).wrapping_mul(GOLDEN_64);
                (turns >> 11) as f64 * 0.5_f64.powi(53)
            }))
        },
    ),
    Program::new(
        "lattice-random-shift",
        "a rank-1 lattice with a random shift of its own",
        &["x", "y"],
        |w| {
            let shift = [w.own.unit(), w.own.unit()];
            let n = w.shape.rows;
            printed((0..n).flat_map(|at| {
                let x = at as f64 / n as f64;
                [
                    (x + shift[0]).fract(),
                    (at as f64 * GOLDEN + shift[1]).fract(),
                ]
            }))
        },
    ),
    Program::new(
        "stratified",
        "stratified sampling: one uniform in each of n strata, in order",
        &["x"],
        |w| {
            let n = w.shape.rows as f64;
            let mut at = -1.0;
            w.values(|own| {
                at += 1.0;
                (at + own.unit()) / n
            })
        },
    ),
    Program::new(
        "stratified-shuffled",
        "stratified sampling, the strata in random order",
        &["x"],
        hypercube::<1>,
    ),
    Program::new(
        "latin-hypercube-2",
        "a Latin hypercube in two dimensions",
        &["x", "y"],
        hypercube::<2>,
    ),
    Program::new(
        "latin-hypercube-4",
        "a Latin hypercube in four dimensions",
        &["a", "b", "c", "d"],
        hypercube::<4>,
    ),
    Program::new(
        "systematic-resampling",
        "systematic sampling: one uniform, then equal steps",
        &["x"],
        |w| {
            let (n, first) = (w.shape.rows, w.own.unit());
            printed((0..n).map(|at| (at as f64 + first) / n as f64))
        },
    ),
    Program::new(
        "jittered-grid",
        "anti-aliasing: a jittered point in each cell of a 4 × 4 pixel grid",
        &["x", "y"],
        |w| {
            let mut at = 0;
            w.rows(|own: &mut Draw| {
                let (column, row) = (at % 4, at / 4 % 4);
                at += 1;
                [column, row].map(|cell| (f64::from(cell) + own.unit()) / 4.0)
            })
        },
    ),
    Program::new(
        "blue-noise",
        "points kept apart: the best of eight candidates, farthest from all before",
        &["x", "y"],
        |w| {
            let mut chosen: Vec<[f64; 2]> = Vec::new();
            let far = |point: &[f64; 2], others: &[[f64; 2]]| {
                let distance = |other: &[f64; 2]| (point[0] - other[0]).hypot(point[1] - other[1]);
                others.iter().map(distance).fold(f64::INFINITY, f64::min)
            };
            w.rows(|own| {
                let candidates = own.list(8, |own| [own.unit(), own.unit()]);
                let best = candidates
                    .into_iter()
                    .max_by(|a, b| far(a, &chosen).total_cmp(&far(b, &chosen)))
                    .unwrap_or_default();
                chosen.push(best);
                best
            })
        },
    ),
];
