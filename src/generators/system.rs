//! The operating system's entropy.

use super::BitStream;
use crate::vocabulary::RootSeed;

/// Fills the bytes with one system call (one for each 256 bytes on systems that limit it).
///
/// # Panics
/// When the operating system gives no entropy: there is nothing a random number can be made of.
pub fn fill_from_system(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        panic!("the operating system gives no entropy: {error}");
    }
}

/// A root drawn from the operating system.
///
/// # Errors
/// When the operating system gives no entropy.
pub fn fresh_root() -> Result<RootSeed, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(RootSeed::from_bytes(bytes))
}

/// The operating system's words, a system call each.
pub struct SystemWords;

impl BitStream for SystemWords {
    fn fill(&mut self, block: &mut [u64]) {
        for word in block {
            let mut bytes = [0; 8];
            fill_from_system(&mut bytes);
            *word = u64::from_le_bytes(bytes);
        }
    }
}
