//! Evidence with a flaw planted in it: what the self-test must catch, and what each entry of the registry of
//! tests is there for.
//!
//! `planting` has the flaw as data and the streams to plant it in; the others have one kind of flaw each. Start
//! with `copies`.

mod copies;
mod planting;
mod relations;
mod words;

pub use planting::PlantedFlaw;

/// Every planted flaw.
pub fn flaws() -> impl Iterator<Item = &'static PlantedFlaw> {
    let kinds = [copies::FLAWS, relations::FLAWS, words::FLAWS];
    kinds.into_iter().flatten()
}

/// The planted flaw of this name.
pub fn flaw(name: &str) -> Option<&'static PlantedFlaw> {
    flaws().find(|flaw| flaw.name == name)
}
