//! What programs draw from numpy's `Generator`, on each of its bit generators.

use super::{
    generator::{
        DrawKind::{Below, Real, Unit},
        Draws, Generator, draws,
    },
    generators::of,
    integers::{self, floor, floor_53},
    reals::{doubles, units},
    tape::Bounds,
    ziggurat,
};
use crate::recovery::numpy;

const OF_64: &[Draws] = &[
    draws("random()", Unit, units),
    draws("integers(n)", Below, integers::numpy_integers),
    draws("int(n * random())", Below, floor),
    draws("normal()", Real, ziggurat::numpy),
];

/// The same of outputs of 32 bits.
const OF_32: &[Draws] = &[
    draws("random()", Unit, doubles),
    draws("integers(n)", Below, integers::cpp_integers),
    draws("int(n * random())", Below, floor_53),
    draws("normal()", Real, ziggurat::numpy_twister),
];

/// Every bit generator of numpy's.
pub(super) const GENERATORS: &[Generator] = &[
    of(
        "numpy's default_rng(k)",
        Bounds::bits(64),
        numpy::pcg64,
        OF_64,
    ),
    of(
        "numpy's Generator(PCG64DXSM(k))",
        Bounds::bits(64),
        numpy::pcg64dxsm,
        OF_64,
    ),
    of(
        "numpy's Generator(Philox(k))",
        Bounds::bits(64),
        numpy::philox,
        OF_64,
    ),
    of(
        "numpy's Generator(Philox(key=k))",
        Bounds::bits(64),
        numpy::philox_key,
        OF_64,
    ),
    of(
        "numpy's Generator(SFC64(k))",
        Bounds::bits(64),
        numpy::sfc64,
        OF_64,
    ),
    of(
        "numpy's Generator(MT19937(k))",
        Bounds::bits(32),
        numpy::mt19937,
        OF_32,
    ),
];
