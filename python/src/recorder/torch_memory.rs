//! Where torch's CPU generators keep their state: a look at three numbers there tells whether one has been
//! drawn from. Found by comparing memory with what the generator says of itself; where it is not found,
//! Python asks for the whole state, which takes longer.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};

use pyo3::prelude::*;

use super::twister::KEY;

/// Generators that are waited for at once and looked at in memory.
const WATCHED: usize = 64;
/// In Python's object, where the pointer to the C++ object is.
const POINTER: usize = 16;
/// How far into the C++ object the words begin at most.
const SEARCHED: usize = 512;

/// A generator that is waited for, and how it was.
struct Watched {
    generator: AtomicUsize,
    /// The address of its 624 words.
    words: AtomicUsize,
    seen: [AtomicU32; 3],
}

static TABLE: [Watched; WATCHED] = [const {
    Watched {
        generator: AtomicUsize::new(0),
        words: AtomicUsize::new(0),
        seen: [const { AtomicU32::new(0) }; 3],
    }
}; WATCHED];
/// How many places of the table are in use, counted from the first.
static USED: AtomicUsize = AtomicUsize::new(0);
/// Generators that are waited for and cannot be looked at.
static UNKNOWN: AtomicUsize = AtomicUsize::new(0);

/// How many words are left, which is next, and the first: one of them changes with every draw.
///
/// # Safety
/// `words` was found in a generator that is alive.
unsafe fn look(words: usize) -> [u32; 3] {
    let at = |offset: isize| (words as *const u32).wrapping_offset(offset);
    // SAFETY: the numbers lie before the words, as was compared when they were found.
    unsafe { [*at(-3), *at(-1), *at(0)] }
}

/// Whether none of those that are waited for has been drawn from.
pub fn unchanged() -> bool {
    UNKNOWN.load(Relaxed) == 0
        && TABLE.iter().take(USED.load(Relaxed)).all(|watched| {
            let words = watched.words.load(Relaxed);
            // SAFETY: a generator that ends is taken from the table.
            words == 0 || unsafe { look(words) } == watched.seen.each_ref().map(|n| n.load(Relaxed))
        })
}

/// Reads this process' memory, also where there may be none.
#[cfg(target_os = "linux")]
fn read(from: usize, into: &mut [u8]) -> usize {
    let local = libc::iovec {
        iov_base: into.as_mut_ptr().cast(),
        iov_len: into.len(),
    };
    let remote = libc::iovec {
        iov_base: from as *mut _,
        iov_len: into.len(),
    };
    // SAFETY: the kernel checks both; what cannot be read is not.
    let got = unsafe {
        libc::process_vm_readv(libc::getpid(), &raw const local, 1, &raw const remote, 1, 0)
    };
    usize::try_from(got).unwrap_or(0)
}

#[cfg(not(target_os = "linux"))]
fn read(_from: usize, _into: &mut [u8]) -> usize {
    0
}

/// The address of a generator's words, if they and what stands before them are as it says.
fn find(generator: usize, left: u32, next: u32, key: &[u32]) -> Option<usize> {
    super::layout::may_be_known().then_some(())?;
    let mut pointer = [0; size_of::<usize>()];
    (read(generator + POINTER, &mut pointer) == pointer.len()).then_some(())?;
    let object = usize::from_ne_bytes(pointer);
    let mut memory = vec![0; SEARCHED + 4 * KEY];
    let length = read(object, &mut memory);
    let numbers: Vec<u32> = memory[..length]
        .chunks_exact(4)
        .filter_map(|bytes| bytes.try_into().ok().map(u32::from_ne_bytes))
        .collect();
    let at = numbers.windows(KEY).position(|window| window == key)?;
    (at >= 3 && numbers[at - 3] == left && numbers[at - 1] == next).then_some(object + 4 * at)
}

/// Waits for the first draw of a generator, given what it says of itself. Returns whether its memory is known.
#[pyfunction]
pub fn torch_wait(generator: usize, left: u32, next: u32, key: Vec<u32>) -> bool {
    let used = USED.load(Relaxed);
    let taken = |watched: &&Watched| watched.generator.load(Relaxed) == generator;
    let place = TABLE.iter().take(used).find(taken).or_else(|| {
        let free = TABLE
            .iter()
            .position(|watched| watched.generator.load(Relaxed) == 0)?;
        USED.store(used.max(free + 1), Relaxed);
        Some(&TABLE[free])
    });
    let found = place.and_then(|place| Some((place, find(generator, left, next, &key)?)));
    let Some((place, words)) = found else {
        return false;
    };
    for (seen, now) in place.seen.iter().zip([left, next, key[0]]) {
        seen.store(now, Relaxed);
    }
    place.words.store(words, Relaxed);
    place.generator.store(generator, Relaxed);
    true
}

/// How many generators are waited for whose memory is not known.
#[pyfunction]
pub fn torch_unknown(count: usize) {
    UNKNOWN.store(count, Relaxed);
}

/// A generator has been drawn from, or has ended.
#[pyfunction]
pub fn torch_wait_no_more(generator: usize) {
    for watched in &TABLE {
        if watched.generator.load(Relaxed) == generator {
            watched.words.store(0, Relaxed);
            watched.generator.store(0, Relaxed);
        }
    }
}
