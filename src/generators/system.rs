//! The operating system's entropy.

/// Fills the bytes with one system call (one for each 256 bytes on systems that limit it).
///
/// # Panics
/// When the operating system gives no entropy: there is nothing a random number can be made of.
pub fn fill_from_system(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        panic!("the operating system gives no entropy: {error}");
    }
}
