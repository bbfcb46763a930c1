//! numpy's `bitgen_t`: four functions and a state, copied into every object that draws from it.
//!
//! An undrawn state has trampolines in the place of its functions, one set a kind of bit generator. The
//! first call of one puts the functions back, and whoever copied a trampoline keeps working.

use std::{
    ffi::c_void,
    ptr,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use super::twister;

/// Kinds of bit generators that can be told apart.
const KINDS: usize = 12;

/// The structure of `numpy/random/bitgen.h`.
#[repr(C)]
pub struct BitGen {
    pub state: *mut c_void,
    pub functions: [*mut c_void; 4],
}

type U64 = unsafe extern "C" fn(*mut c_void) -> u64;
type U32 = unsafe extern "C" fn(*mut c_void) -> u32;
type F64 = unsafe extern "C" fn(*mut c_void) -> f64;

/// The functions of each kind, in the order of the structure.
static FUNCTIONS: [[AtomicUsize; 4]; KINDS] = [const { [const { AtomicUsize::new(0) }; 4] }; KINDS];
/// What is known of each kind's state.
static SHAPES: [AtomicUsize; KINDS] = [const { AtomicUsize::new(Shape::Unknown as usize) }; KINDS];

/// How a kind's state is laid out, so that words can be had from a copy of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Shape {
    /// Not known: words are asked of a copy in Python.
    Unknown,
    /// 624 words and a position.
    Twister,
    /// A pointer to 32 bytes, and half a word left over.
    Pcg,
    /// Pointers to counter and key, a buffer, and half a word left over.
    Philox,
    /// Four words, and half a word left over.
    Sfc,
}

impl Shape {
    pub fn of(class: &str) -> Self {
        match class {
            "MT19937" => Self::Twister,
            "PCG64" | "PCG64DXSM" => Self::Pcg,
            "Philox" => Self::Philox,
            "SFC64" => Self::Sfc,
            _ => Self::Unknown,
        }
    }

    fn from(value: usize) -> Self {
        [Self::Twister, Self::Pcg, Self::Philox, Self::Sfc]
            .into_iter()
            .find(|shape| *shape as usize == value)
            .unwrap_or(Self::Unknown)
    }
}

macro_rules! trampolines {
    ($($kind:literal)*) => {
        [$([
            next_u64::<$kind, 0> as *const () as usize,
            next_u32::<$kind> as *const () as usize,
            next_f64::<$kind> as *const () as usize,
            next_u64::<$kind, 3> as *const () as usize,
        ]),*]
    };
}

fn trampolines() -> [[usize; 4]; KINDS] {
    trampolines!(0 1 2 3 4 5 6 7 8 9 10 11)
}

fn original(kind: usize, which: usize) -> usize {
    FUNCTIONS[kind][which].load(Relaxed)
}

unsafe extern "C" fn next_u64<const KIND: usize, const WHICH: usize>(state: *mut c_void) -> u64 {
    super::hit(state);
    // SAFETY: a trampoline is only handed out once its kind's functions are known.
    unsafe { std::mem::transmute::<usize, U64>(original(KIND, WHICH))(state) }
}

unsafe extern "C" fn next_u32<const KIND: usize>(state: *mut c_void) -> u32 {
    super::hit(state);
    // SAFETY: as above.
    unsafe { std::mem::transmute::<usize, U32>(original(KIND, 1))(state) }
}

unsafe extern "C" fn next_f64<const KIND: usize>(state: *mut c_void) -> f64 {
    super::hit(state);
    // SAFETY: as above.
    unsafe { std::mem::transmute::<usize, F64>(original(KIND, 2))(state) }
}

/// The number of a structure's kind; `None` when there are too many kinds.
///
/// # Safety
/// `location` points to a structure in use. The interpreter is held.
pub unsafe fn kind_of(location: *mut BitGen) -> Option<usize> {
    // SAFETY: as the caller promises.
    let functions = unsafe { (*location).functions };
    let first = functions[0] as usize;
    let traps = trampolines();
    for kind in 0..KINDS {
        let known = original(kind, 0);
        if known == 0 {
            for (place, function) in FUNCTIONS[kind].iter().zip(functions) {
                place.store(function as usize, Relaxed);
            }
            return Some(kind);
        }
        if first == known || first == traps[kind][0] {
            return Some(kind);
        }
    }
    None
}

/// Whether the structure at `location` is a copy of the one at `of`.
///
/// # Safety
/// Both point to readable memory of a structure's size.
pub unsafe fn is_copy(location: *const BitGen, of: *const BitGen, kind: usize) -> bool {
    // SAFETY: as the caller promises.
    let (copy, of) = unsafe { (&*location, &*of) };
    let first = copy.functions[0] as usize;
    copy.state == of.state && (first == original(kind, 0) || first == trampolines()[kind][0])
}

/// Lays the trap in a structure, or takes it away; not where the state has been exchanged.
///
/// # Safety
/// `location` points to a structure in use. The interpreter is held.
pub unsafe fn put(location: *mut BitGen, state: usize, kind: usize, armed: bool) {
    // SAFETY: as the caller promises.
    let structure = unsafe { &mut *location };
    if structure.state as usize != state {
        return;
    }
    let traps = trampolines();
    for (which, function) in structure.functions.iter_mut().enumerate() {
        let address = if armed {
            traps[kind][which]
        } else {
            original(kind, which)
        };
        *function = address as *mut c_void;
    }
}

/// Says how a kind's state is laid out.
pub fn set_shape(kind: usize, shape: Shape) {
    SHAPES[kind].store(shape as usize, Relaxed);
}

/// Whether draws of this kind are 32 bits, two of which make a word.
pub fn has_halves(kind: usize) -> bool {
    Shape::from(SHAPES[kind].load(Relaxed)) == Shape::Twister
}

/// The next words of a state, which stays where it is; `None` where its layout is not known.
///
/// # Safety
/// `state` is the live state of a generator of that kind, which nothing else draws from meanwhile.
pub unsafe fn words(state: *const c_void, kind: usize, count: usize) -> Option<Vec<u64>> {
    // SAFETY: the layouts are those of numpy's headers; each is tried on a new generator before use.
    unsafe {
        match Shape::from(SHAPES[kind].load(Relaxed)) {
            Shape::Unknown => None,
            Shape::Twister => {
                let key = &*state.cast::<[u32; twister::KEY]>();
                let used = *state.cast::<i32>().add(twister::KEY);
                Some(twister::words(key, used.max(0) as usize, count))
            }
            Shape::Pcg => {
                #[repr(C, align(16))]
                struct State([u8; 32]);
                #[repr(C)]
                struct Holder {
                    state: *mut State,
                    rest: [u32; 2],
                }
                let mut holder: Holder = ptr::read(state.cast());
                let mut copy = State(*holder.state.cast::<[u8; 32]>());
                holder.state = &raw mut copy;
                Some(draw((&raw mut holder).cast(), kind, count))
            }
            Shape::Philox => {
                #[repr(C)]
                struct Holder {
                    counter: *mut [u64; 4],
                    key: *mut [u64; 2],
                    rest: [u64; 6],
                }
                let mut holder: Holder = ptr::read(state.cast());
                let mut counter = *holder.counter;
                let mut key = *holder.key;
                holder.counter = &raw mut counter;
                holder.key = &raw mut key;
                Some(draw((&raw mut holder).cast(), kind, count))
            }
            Shape::Sfc => {
                let mut copy: [u64; 5] = ptr::read(state.cast());
                Some(draw((&raw mut copy).cast(), kind, count))
            }
        }
    }
}

/// Calls the kind's own raw function on a copy of a state.
///
/// # Safety
/// `copy` is laid out as a state of that kind.
unsafe fn draw(copy: *mut c_void, kind: usize, count: usize) -> Vec<u64> {
    // SAFETY: the functions of a kind are stored before any of its states is known.
    let raw = unsafe { std::mem::transmute::<usize, U64>(original(kind, 3)) };
    // SAFETY: as the caller promises.
    (0..count).map(|_| unsafe { raw(copy) }).collect()
}
