//! The languages in which there are programs to paste.

use std::fmt;

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
    /// C99, with POSIX's source of entropy.
    C,
    /// C#, the standard library alone.
    Csharp,
    /// Fortran 2008.
    Fortran,
    /// Go, the standard library alone.
    Go,
    /// Java 17, the standard library alone.
    Java,
    /// JavaScript, with Node's own modules.
    Javascript,
    /// Julia, the standard library alone.
    Julia,
    /// PHP 8.2, with its openssl extension.
    Php,
    /// R, without packages.
    R,
    /// Ruby, the standard library alone.
    Ruby,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 13] = [
        Self::Rust,
        Self::Python,
        Self::Cpp,
        Self::C,
        Self::Csharp,
        Self::Fortran,
        Self::Go,
        Self::Java,
        Self::Javascript,
        Self::Julia,
        Self::Php,
        Self::R,
        Self::Ruby,
    ];

    /// Those with several recipes, which pages show.
    pub const SHOWN: [Self; 3] = [Self::Rust, Self::Python, Self::Cpp];

    /// Whether its programs have been run: `examples/snippets.py` skips no other for want of a tool.
    pub const fn is_tried(self) -> bool {
        !matches!(self, Self::Julia)
    }

    /// The name of the program's file.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Rust => "src/main.rs",
            Self::Python => "spawn.py",
            Self::Cpp => "spawn.cpp",
            Self::C => "spawn.c",
            Self::Csharp => "spawn.cs",
            Self::Fortran => "spawn.f90",
            Self::Go => "spawn.go",
            Self::Java => "Spawn.java",
            Self::Javascript => "spawn.js",
            Self::Julia => "spawn.jl",
            Self::Php => "spawn.php",
            Self::R => "spawn.R",
            Self::Ruby => "spawn.rb",
        }
    }

    /// How the program is started once it is built.
    pub const fn command(self) -> &'static str {
        match self {
            Self::Rust => "./target/release/spawn",
            Self::Python => "python3 spawn.py",
            Self::Cpp | Self::C | Self::Fortran | Self::Go => "./spawn",
            Self::Csharp => "mono spawn.exe",
            Self::Java => "java Spawn",
            Self::Javascript => "node spawn.js",
            Self::Julia => "julia spawn.jl",
            Self::Php => "php spawn.php",
            Self::R => "Rscript spawn.R",
            Self::Ruby => "ruby spawn.rb",
        }
    }

    /// What is said beside its name where its programs have not been run.
    pub const fn remark(self) -> &'static str {
        match self.is_tried() {
            true => "",
            false => ", untried",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rust => "Rust",
            Self::Python => "Python",
            Self::Cpp => "C++",
            Self::C => "C",
            Self::Csharp => "C#",
            Self::Fortran => "Fortran",
            Self::Go => "Go",
            Self::Java => "Java",
            Self::Javascript => "JavaScript",
            Self::Julia => "Julia",
            Self::Php => "PHP",
            Self::R => "R",
            Self::Ruby => "Ruby",
        })
    }
}
