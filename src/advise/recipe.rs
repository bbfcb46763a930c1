//! Programs to paste: a whole one a language, and what changes in it for another generator.

use std::{borrow::Cow, fmt};

use serde::Serialize;

/// The language that code is wanted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Rust, with the `rand` crates.
    #[default]
    Rust,
    /// Python, with numpy.
    Python,
    /// C++17, the standard library alone.
    Cpp,
}

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

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::Rust, Self::Python, Self::Cpp];

    /// Its recipes.
    pub const fn recipes(self) -> &'static [Recipe] {
        match self {
            Self::Rust => RUST,
            Self::Python => NUMPY,
            Self::Cpp => STANDARD,
        }
    }

    /// How the program is started once it is built.
    pub const fn command(self) -> &'static str {
        match self {
            Self::Rust => "./target/release/spawn",
            Self::Python => "python3 spawn.py",
            Self::Cpp => "./spawn",
        }
    }

    /// The name of the program's file.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Rust => "src/main.rs",
            Self::Python => "spawn.py",
            Self::Cpp => "spawn.cpp",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rust => "Rust",
            Self::Python => "Python",
            Self::Cpp => "C++",
        })
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
