//! Sound programs: every worker draws from a generator of its own, whatever is made of the draws.

mod chains;
mod discrete;
mod files;
mod geometry;
mod images;
mod inputs;
mod laws;
mod nets;
mod ordered;
mod populations;
mod processed;
mod resampled;
mod rounded;
mod science;
mod searches;

use super::program::Program;

/// All sound programs, kind by kind.
pub fn sound() -> impl Iterator<Item = &'static Program> {
    [
        ordered::PROGRAMS,
        images::PROGRAMS,
        nets::PROGRAMS,
        resampled::PROGRAMS,
        searches::PROGRAMS,
        inputs::PROGRAMS,
        chains::PROGRAMS,
        populations::PROGRAMS,
        processed::PROGRAMS,
        discrete::PROGRAMS,
        rounded::PROGRAMS,
        geometry::PROGRAMS,
        laws::PROGRAMS,
        science::PROGRAMS,
        files::PROGRAMS,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests;
