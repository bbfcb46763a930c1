//! How often the operating system's generator was asked: a number in a mapped file, which holds the last call of a
//! process that is killed, too. Where files cannot be mapped a record is written at every power of two.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

use seedbench::watch::record::Event;

use super::emit::now;

static CALLS: AtomicU64 = AtomicU64::new(0);
/// The address of the mapped numbers, or one of these.
static NUMBERS: AtomicUsize = AtomicUsize::new(UNTRIED);
const UNTRIED: usize = 0;
const FAILED: usize = 1;
/// The calls, and when the last one was.
type Numbers = [AtomicU64; 2];

/// A call has returned.
pub fn count() {
    let calls = CALLS.fetch_add(1, Relaxed) + 1;
    if let Some(numbers) = numbers() {
        numbers[0].fetch_add(1, Relaxed);
        numbers[1].store(now(), Relaxed);
    } else if calls.is_power_of_two() {
        super::write(Event::Entropy { calls });
    }
}

/// The process ends.
pub fn end() {
    let calls = CALLS.load(Relaxed);
    if calls > 0 && NUMBERS.load(Relaxed) == FAILED {
        super::write(Event::Entropy { calls });
    }
}

/// A new process or part of a watch counts from the beginning.
pub fn reset() {
    CALLS.store(0, Relaxed);
    let address = NUMBERS.swap(UNTRIED, Relaxed);
    if address > FAILED {
        unmap(address);
    }
}

fn numbers() -> Option<&'static Numbers> {
    if NUMBERS.load(Relaxed) == UNTRIED {
        NUMBERS.store(map().unwrap_or(FAILED), Relaxed);
    }
    let address = NUMBERS.load(Relaxed);
    // SAFETY: what was mapped stays so until `reset`, which the interpreter's lock keeps apart from this.
    (address > FAILED).then(|| unsafe { &*(address as *const Numbers) })
}

#[cfg(target_os = "linux")]
fn map() -> Option<usize> {
    use std::os::fd::AsRawFd;
    let file = super::registry::lock()?.as_ref()?.pen.entropy_file()?;
    // SAFETY: a new mapping of a file that has been written, so that its space is there.
    let address = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            size_of::<Numbers>(),
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_SHARED,
            file.as_raw_fd(),
            0,
        )
    };
    (address != libc::MAP_FAILED).then_some(address as usize)
}

#[cfg(target_os = "linux")]
fn unmap(address: usize) {
    // SAFETY: it was mapped by `map` and is in use no more.
    unsafe {
        libc::munmap(address as *mut _, size_of::<Numbers>());
    }
}

#[cfg(not(target_os = "linux"))]
fn map() -> Option<usize> {
    None
}

#[cfg(not(target_os = "linux"))]
fn unmap(_address: usize) {}
