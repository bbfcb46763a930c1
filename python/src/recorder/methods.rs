//! Methods and functions in C: the pointer in the method table is replaced, so that whoever took the
//! method earlier comes by here too. Draws of `random.Random` are only trapped while one is undrawn.

use std::{
    ffi::c_void,
    sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicUsize, Ordering::Relaxed},
};

use pyo3::{exceptions::PyValueError, ffi, prelude::*};

use super::{layout, registry};

/// A C function of any calling convention: what is passed on beyond its arguments is not looked at.
type Function = unsafe extern "C" fn(
    *mut ffi::PyObject,
    *mut c_void,
    *mut c_void,
    *mut c_void,
) -> *mut ffi::PyObject;

/// What a trapped function does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Does {
    /// Draws from a `random.Random`.
    Draw = b'd',
    /// Seeds one.
    Seed = b's',
    /// Sets its state.
    SetState = b't',
    /// Reads its state.
    GetState = b'g',
    /// Asks the operating system for entropy.
    Entropy = b'e',
    /// Starts a program.
    Start = b'x',
    /// Draws from a torch generator.
    TorchDraw = b'D',
    /// Seeds one or sets its state.
    TorchSeed = b'S',
}

impl Does {
    pub const ALL: [Self; 8] = [
        Self::Draw,
        Self::Seed,
        Self::SetState,
        Self::GetState,
        Self::Entropy,
        Self::Start,
        Self::TorchDraw,
        Self::TorchSeed,
    ];

    /// The one with this letter.
    pub fn from(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|does| *does as u8 == code)
    }
}

struct Trap {
    definition: AtomicPtr<ffi::PyMethodDef>,
    original: AtomicUsize,
    does: AtomicU8,
    laid: AtomicBool,
}

const METH_METHOD: std::ffi::c_int = 0x0200;
const TRAPS: usize = 80;
static TABLE: [Trap; TRAPS] = [const {
    Trap {
        definition: AtomicPtr::new(std::ptr::null_mut()),
        original: AtomicUsize::new(0),
        does: AtomicU8::new(0),
        laid: AtomicBool::new(false),
    }
}; TRAPS];

unsafe extern "C" fn trap<const N: usize>(
    this: *mut ffi::PyObject,
    a: *mut c_void,
    b: *mut c_void,
    c: *mut c_void,
) -> *mut ffi::PyObject {
    let entry = &TABLE[N];
    let does = entry.does.load(Relaxed);
    // SAFETY: stored before the trap was laid.
    let original: Function = unsafe { std::mem::transmute(entry.original.load(Relaxed)) };
    if does == Does::Draw as u8 {
        if registry::may_be_armed(this as usize) {
            super::guarded(|| super::random_draws(this));
        }
        // SAFETY: the method, with what it was called with.
        return unsafe { original(this, a, b, c) };
    }
    // SAFETY: whoever calls a method holds the interpreter.
    let py = unsafe { Python::assume_attached() };
    if does == Does::TorchSeed as u8 {
        super::guarded(|| super::torch::call_back(py, "before_seeding", this, None));
    }
    // SAFETY: as above.
    let result = unsafe { original(this, a, b, c) };
    if does == Does::TorchDraw as u8 && super::torch_memory::unchanged() {
        return result;
    }
    if !result.is_null()
        && let Some(does) = Does::from(does)
    {
        // SAFETY: the definition was stored before the trap was laid.
        let argument = unsafe { first_argument(entry.definition.load(Relaxed), a, b) };
        super::guarded(|| super::called(py, does, this, argument, result));
    }
    result
}

/// The first argument of a call, by the method's calling convention.
unsafe fn first_argument(
    definition: *mut ffi::PyMethodDef,
    a: *mut c_void,
    b: *mut c_void,
) -> *mut ffi::PyObject {
    // SAFETY: arguments are what the convention says.
    unsafe {
        let flags = (*definition).ml_flags;
        if flags & ffi::METH_O != 0 {
            a.cast()
        } else if flags & ffi::METH_NOARGS != 0 {
            std::ptr::null_mut()
        } else if flags & ffi::METH_FASTCALL != 0 {
            if b as isize > 0 {
                *a.cast::<*mut ffi::PyObject>()
            } else {
                std::ptr::null_mut()
            }
        } else if !a.is_null() && ffi::PyTuple_Size(a.cast()) > 0 {
            ffi::PyTuple_GetItem(a.cast(), 0)
        } else {
            std::ptr::null_mut()
        }
    }
}

macro_rules! traps {
    ($($n:literal)*) => { [$(trap::<$n> as Function),*] };
}

#[rustfmt::skip]
static FUNCTIONS: [Function; TRAPS] = traps!(
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39
    40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 70 71 72 73 74 75 76 77 78 79
);

fn switch(n: usize, on: bool) {
    let entry = &TABLE[n];
    if entry.laid.swap(on, Relaxed) == on {
        return;
    }
    let address = if on {
        FUNCTIONS[n] as usize
    } else {
        entry.original.load(Relaxed)
    };
    // SAFETY: the method table was checked when the trap was prepared; all conventions are pointers.
    unsafe {
        (*entry.definition.load(Relaxed)).ml_meth =
            std::mem::transmute::<usize, ffi::PyMethodDefPointer>(address);
    }
}

/// Lays a trap in a method's definition.
pub fn hook(method: &Bound<'_, PyAny>, code: u8) -> PyResult<()> {
    let does = Does::from(code).ok_or_else(|| PyValueError::new_err("no such trap"))?;
    let Some(definition) = layout::method(method) else {
        return Err(PyValueError::new_err(format!(
            "the layout of {method} is not known"
        )));
    };
    // SAFETY: the definition has been checked. Functions that also take their class have an argument more.
    if unsafe { (*definition).ml_flags } & METH_METHOD != 0 {
        return Err(PyValueError::new_err(format!(
            "the calling convention of {method} is not known"
        )));
    }
    let known = |trap: &&Trap| trap.definition.load(Relaxed) == definition;
    if TABLE.iter().any(|trap| known(&trap)) {
        return Ok(());
    }
    let Some(n) = TABLE
        .iter()
        .position(|trap| trap.definition.load(Relaxed).is_null())
    else {
        return Err(PyValueError::new_err("there are too many traps"));
    };
    let entry = &TABLE[n];
    // SAFETY: `layout::method` has found the method's name in the definition.
    let original: usize = unsafe { std::mem::transmute((*definition).ml_meth) };
    entry.original.store(original, Relaxed);
    entry.does.store(does as u8, Relaxed);
    entry.definition.store(definition, Relaxed);
    switch(n, true);
    Ok(())
}

/// Lays or lifts all traps of a sort.
pub fn switch_all(does: Does, on: bool) {
    for (n, entry) in TABLE.iter().enumerate() {
        if entry.does.load(Relaxed) == does as u8 && !entry.definition.load(Relaxed).is_null() {
            switch(n, on);
        }
    }
}
