//! Where torch's CPU generators keep their state: a look at three numbers there tells whether one has been
//! drawn from. Found by comparing memory with what the generator says of itself; where it is not found,
//! Python asks for the whole state, which takes longer.

use std::sync::{
    Mutex, MutexGuard, TryLockError,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use pyo3::prelude::*;

use super::{torch::TorchState, twister::KEY};

/// In Python's object, where the pointer to the C++ object is.
const POINTER: usize = 16;
/// How far into the C++ object the words begin at most.
const SEARCHED: usize = 512;

/// A generator that is waited for, and how it was.
struct Waiting {
    generator: usize,
    /// The address of its 624 words.
    words: usize,
    seen: [u32; 3],
}

/// All that can be looked at.
static TABLE: Mutex<Vec<Waiting>> = Mutex::new(Vec::new());
/// Generators that are waited for and cannot be looked at.
static UNKNOWN: AtomicUsize = AtomicUsize::new(0);

/// The table; the interpreter is held by whoever asks, so no other thread has it.
fn table() -> Option<MutexGuard<'static, Vec<Waiting>>> {
    match TABLE.try_lock() {
        Ok(table) => Some(table),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

impl Waiting {
    /// Whether it has been drawn from.
    fn changed(&self) -> bool {
        let at = |offset: isize| (self.words as *const u32).wrapping_offset(offset);
        // SAFETY: a generator that ends is taken from the table, and the numbers lie before the words, as was compared
        // when they were found.
        self.seen != unsafe { [*at(LEFT), *at(NEXT), *at(0)] }
    }
}

/// Where, counted from the words, is how many words are left and which is next. One of them or the first word
/// changes with every draw.
const LEFT: isize = -3;
const NEXT: isize = -1;

/// Whether none of those that are waited for has been drawn from.
pub fn unchanged() -> bool {
    UNKNOWN.load(Relaxed) == 0 && table().is_some_and(|table| !table.iter().any(Waiting::changed))
}

/// Those among them that have been drawn from, as their ids.
#[pyfunction]
pub fn torch_changed() -> Vec<usize> {
    let changed = |table: MutexGuard<'_, Vec<Waiting>>| {
        let changed = table.iter().filter(|waiting| waiting.changed());
        changed.map(|waiting| waiting.generator).collect()
    };
    table().map_or_else(Vec::new, changed)
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
fn find(generator: usize, state: &TorchState) -> Option<usize> {
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
    let at = numbers
        .windows(KEY)
        .position(|window| *window == state.key)?;
    let before = |offset: isize| numbers.get(at.checked_add_signed(offset)?).copied();
    let as_told = before(LEFT) == Some(state.left) && before(NEXT) == Some(state.next);
    as_told.then_some(object + 4 * at)
}

/// Waits for the first draw of a generator, given its state. Returns whether its memory is known.
#[pyfunction]
pub fn torch_wait(generator: usize, state: &[u8]) -> bool {
    torch_wait_no_more(generator);
    let waiting = TorchState::of(state).and_then(|state| {
        Some(Waiting {
            generator,
            words: find(generator, &state)?,
            seen: [state.left, state.next, state.key[0]],
        })
    });
    match (table(), waiting) {
        (Some(mut table), Some(waiting)) => {
            table.push(waiting);
            true
        }
        _ => false,
    }
}

/// How many generators are waited for whose memory is not known.
#[pyfunction]
pub fn torch_unknown(count: usize) {
    UNKNOWN.store(count, Relaxed);
}

/// A generator has been drawn from, or has ended.
#[pyfunction]
pub fn torch_wait_no_more(generator: usize) {
    if let Some(mut table) = table()
        && let Some(place) = table
            .iter()
            .position(|waiting| waiting.generator == generator)
    {
        table.swap_remove(place);
    }
}
