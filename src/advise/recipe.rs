//! Programs to paste: a whole one a language, and what changes in it for another generator.

use std::borrow::Cow;

use serde::Serialize;

use super::Language;

/// Where the generator of a recipe comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Library {
    /// The language's own standard library, or the package that nearly all its programs use for this.
    Usual,
    /// A package of its own.
    Package,
}

/// A strategy of the catalogue as a program: it draws the catalogue's words bit for bit.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// The strategy's id.
    pub strategy: &'static str,
    /// Where its generator comes from.
    pub library: Library,
    program: &'static str,
    /// What is written instead of what.
    edits: &'static [(&'static str, &'static str)],
}

/// Bits of the root that every program draws and reads.
pub const ROOT_BITS: f64 = 128.0;

const RUST_SPAWN: &str = include_str!("snippets/spawn.rs");
const RUST_STREAM: &str = include_str!("snippets/stream.rs");
const PYTHON: &str = include_str!("snippets/spawn.py");
const CPP: &str = include_str!("snippets/spawn.cpp");

const fn recipe(
    strategy: &'static str,
    library: Library,
    program: &'static str,
    edits: &'static [(&'static str, &'static str)],
) -> Recipe {
    Recipe {
        strategy,
        library,
        program,
        edits,
    }
}

/// The generator of spawn.rs by another crate.
macro_rules! rust_spawn {
    ($strategy:literal, $package:literal, $path:literal, $name:literal) => {
        recipe(
            $strategy,
            Library::Package,
            RUST_SPAWN,
            &[
                (
                    "features = [\"chacha\"] }.",
                    concat!("features = [\"chacha\"] }; ", $package, "."),
                ),
                (
                    ", rngs::SysRng, rngs::Xoshiro256PlusPlus};",
                    concat!(", rngs::SysRng};\nuse ", $path, "::", $name, ";"),
                ),
                ("Xoshiro256PlusPlus", $name),
            ],
        )
    };
}

const RUST: &[Recipe] = &[
    recipe("spawn-key/xoshiro256pp", Library::Usual, RUST_SPAWN, &[]),
    recipe("stream-id/chacha8", Library::Usual, RUST_STREAM, &[]),
    recipe(
        "stream-id/chacha12",
        Library::Usual,
        RUST_STREAM,
        &[("ChaCha8Rng", "ChaCha12Rng")],
    ),
    recipe(
        "stream-id/chacha20",
        Library::Usual,
        RUST_STREAM,
        &[("ChaCha8Rng", "ChaCha20Rng")],
    ),
    rust_spawn!(
        "spawn-key/xoshiro256ss",
        "rand_xoshiro = \"0.8\"",
        "rand_xoshiro",
        "Xoshiro256StarStar"
    ),
    rust_spawn!(
        "spawn-key/pcg64",
        "rand_pcg = \"0.10\"",
        "rand_pcg",
        "Pcg64"
    ),
    rust_spawn!(
        "spawn-key/pcg64dxsm",
        "rand_pcg = \"0.10\"",
        "rand_pcg",
        "Pcg64Dxsm"
    ),
];

/// numpy's default generator by another of its generators.
macro_rules! numpy {
    ($strategy:literal, $name:literal) => {
        recipe(
            $strategy,
            Library::Usual,
            PYTHON,
            &[(
                "    return np.random.default_rng(np.random.SeedSequence(root, spawn_key=(task,)))\n",
                concat!(
                    "    key = np.random.SeedSequence(root, spawn_key=(task,))\n",
                    "    return np.random.Generator(np.random.",
                    $name,
                    "(key))\n"
                ),
            )],
        )
    };
}

const NUMPY: &[Recipe] = &[
    recipe("seed-sequence/pcg64", Library::Usual, PYTHON, &[]),
    numpy!("seed-sequence/pcg64dxsm", "PCG64DXSM"),
    numpy!("seed-sequence/philox4x64-10", "Philox"),
    numpy!("seed-sequence/sfc64", "SFC64"),
];

const STANDARD: &[Recipe] = &[recipe("seed-seq/mt19937-64", Library::Usual, CPP, &[])];

/// ChaCha20 with the root as its key and the task as its nonce, which takes no more than 32-bit arithmetic.
macro_rules! chacha {
    ($name:ident, $file:literal) => {
        const $name: &[Recipe] = &[recipe(
            "stream-id/chacha20",
            Library::Usual,
            include_str!(concat!("snippets/", $file)),
            &[],
        )];
    };
}

chacha!(C, "spawn.c");
chacha!(CSHARP, "spawn.cs");
chacha!(FORTRAN, "spawn.f90");
chacha!(GO, "spawn.go");
chacha!(JAVA, "Spawn.java");
chacha!(JAVASCRIPT, "spawn.js");
chacha!(JULIA, "spawn.jl");
chacha!(PHP, "spawn.php");
chacha!(RUBY, "spawn.rb");

const R: &[Recipe] = &[recipe(
    "spawn-key/mt19937",
    Library::Usual,
    include_str!("snippets/spawn.R"),
    &[],
)];

impl Language {
    /// Its recipes.
    pub const fn recipes(self) -> &'static [Recipe] {
        match self {
            Self::Rust => RUST,
            Self::Python => NUMPY,
            Self::Cpp => STANDARD,
            Self::C => C,
            Self::Csharp => CSHARP,
            Self::Fortran => FORTRAN,
            Self::Go => GO,
            Self::Java => JAVA,
            Self::Javascript => JAVASCRIPT,
            Self::Julia => JULIA,
            Self::Php => PHP,
            Self::R => R,
            Self::Ruby => RUBY,
        }
    }
}

impl Recipe {
    /// The whole program.
    pub fn program(&self) -> Cow<'static, str> {
        self.edits
            .iter()
            .fold(Cow::Borrowed(self.program), |text, (from, to)| {
                Cow::Owned(text.replace(from, to))
            })
    }

    /// Lines of the program.
    pub fn lines(&self) -> usize {
        self.program().lines().count()
    }
}

/// Roots that come out alike where a program keeps only 8, 15, 16, 24, 31, 32, 53 or 64 bits of them.
const ROOTS: &str =
    "1,257,65537,2147483649,4294967297,9007199254740992,9007199254740993,18446744073709551617";

/// The audit that finds the task or parts of the root without effect: streams or runs that repeat.
pub fn refutation(command: &str, workers: f64) -> String {
    format!(
        "seedbench audit --workers {} --words 1024 --expect fresh --seeds {ROOTS} -- {command}",
        workers.clamp(2.0, 8.0)
    )
}

/// The audit that finds a root that is not used at all: one task must draw the same again.
pub fn replay(command: &str) -> String {
    format!(
        "seedbench audit --workers 4 --words 1024 --expect identical --seeds 1 -- env SEEDBENCH_WORKER=3 {command}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategies;

    #[test]
    fn recipes_are_strategies_and_every_edit_is_made() {
        for language in Language::ALL {
            for recipe in language.recipes() {
                assert!(strategies::find(recipe.strategy).is_some(), "{recipe:?}");
                for (from, to) in recipe.edits {
                    assert!(recipe.program.contains(from), "{from}");
                    assert!(recipe.program().contains(to), "{to}");
                }
            }
        }
    }
}
