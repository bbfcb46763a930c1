//! The languages of programs to paste, as they are typed.

use crate::advise::Language;

/// A language.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub(super) enum LanguageName {
    /// With the `rand` crates.
    Rust,
    /// With numpy.
    Python,
    /// The standard library alone.
    #[value(name = "c++", alias = "cpp")]
    Cpp,
    /// C99 and POSIX.
    C,
    /// The standard library alone.
    #[value(name = "csharp", alias = "c#")]
    Csharp,
    /// Fortran 2008.
    Fortran,
    /// The standard library alone.
    Go,
    /// Java 17.
    Java,
    /// Node's own modules.
    #[value(alias = "js")]
    Javascript,
    /// The standard library alone; untried.
    Julia,
    /// PHP 8.2.
    Php,
    /// Without packages.
    R,
    /// The standard library alone.
    Ruby,
}

impl From<LanguageName> for Language {
    fn from(name: LanguageName) -> Self {
        match name {
            LanguageName::Rust => Self::Rust,
            LanguageName::Python => Self::Python,
            LanguageName::Cpp => Self::Cpp,
            LanguageName::C => Self::C,
            LanguageName::Csharp => Self::Csharp,
            LanguageName::Fortran => Self::Fortran,
            LanguageName::Go => Self::Go,
            LanguageName::Java => Self::Java,
            LanguageName::Javascript => Self::Javascript,
            LanguageName::Julia => Self::Julia,
            LanguageName::Php => Self::Php,
            LanguageName::R => Self::R,
            LanguageName::Ruby => Self::Ruby,
        }
    }
}
