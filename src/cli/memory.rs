//! Memory that is freed stays with the process, for what asks next.
#![cfg_attr(
    all(target_os = "linux", target_env = "gnu"),
    expect(unsafe_code, reason = "the C library is told so by a call")
)]

/// Blocks up to so many bytes come from memory that is kept; the most that the C library admits.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT_BLOCK: i32 = 32 << 20;
/// Free bytes at the end of an arena from which on they are given back.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const GIVEN_BACK: i32 = 1 << 30;

/// Tests ask for tens of megabytes each, for a moment. Given back to the system every time, each page is cleared
/// again for the next: kept, an audit of 256 MiB has two fifths of the page faults, and holds hardly more at most.
pub(super) fn keep_freed() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: both only set parameters of the allocator, before any other thread runs. Where they are refused, all
    // is as it was.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, KEPT_BLOCK);
        libc::mallopt(libc::M_TRIM_THRESHOLD, GIVEN_BACK);
    }
}
