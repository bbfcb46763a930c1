//! Objects of Python and what they hold: the words of a state, its place in memory, the seed given.

use std::{
    ffi::c_void,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
};

use pyo3::{
    exceptions::PyValueError,
    ffi,
    prelude::*,
    types::{PyCFunction, PyDict, PyFloat, PyTuple},
};
use seedbench::watch::record::{Library, Place, Seed, StateOrigin, WORDS};

use super::{
    bitgen::{self, BitGen, Shape},
    layout,
    registry::{self, Node},
    twister, types,
};

/// Where a `random.Random` keeps its position and, after it, its state.
const RANDOM_STATE: usize = 16;

/// Whether that has been found to be so.
static RANDOM_KNOWN: AtomicBool = AtomicBool::new(false);

/// Compares the memory of a new `_random.Random` with what it says of itself.
#[pyfunction]
pub fn learn_random(instance: &Bound<'_, PyAny>) -> PyResult<bool> {
    let size: usize = instance.get_type().getattr("__basicsize__")?.extract()?;
    if !layout::may_be_known() || size < RANDOM_STATE + 4 * (twister::KEY + 1) {
        return Ok(false);
    }
    let told: Vec<u32> = instance.call_method0("getstate")?.extract()?;
    // SAFETY: the object is at least that long.
    let (key, used) = unsafe { random_memory(instance.as_ptr()) };
    let known = told.len() == twister::KEY + 1
        && told[..twister::KEY] == key[..]
        && told[twister::KEY] == used;
    RANDOM_KNOWN.store(known, Relaxed);
    Ok(known)
}

unsafe fn random_memory<'a>(object: *mut ffi::PyObject) -> (&'a [u32; twister::KEY], u32) {
    let at = object.cast::<u8>().wrapping_add(RANDOM_STATE).cast::<u32>();
    // SAFETY: as the caller promises.
    unsafe { (&*at.add(1).cast(), *at) }
}

/// The next words of a `random.Random`; `None` where its memory is not known.
pub fn random_words(object: usize, count: usize) -> Option<Vec<u64>> {
    RANDOM_KNOWN.load(Relaxed).then(|| {
        // SAFETY: the layout has been tried, and the object is alive.
        let (key, used) = unsafe { random_memory(object as *mut _) };
        twister::words(key, used as usize, count)
    })
}

/// The `bitgen_t` of a bit generator.
fn structure(bit_generator: &Bound<'_, PyAny>) -> PyResult<*mut BitGen> {
    let capsule = bit_generator.getattr("capsule")?;
    // SAFETY: the name is compared by the call.
    let pointer = unsafe { ffi::PyCapsule_GetPointer(capsule.as_ptr(), c"BitGenerator".as_ptr()) };
    if pointer.is_null() {
        return Err(PyErr::fetch(bit_generator.py()));
    }
    Ok(pointer.cast())
}

/// Learns how the states of a new bit generator's kind are laid out: its words, had without moving it,
/// must be those that it then gives.
#[pyfunction]
pub fn learn_numpy(bit_generator: &Bound<'_, PyAny>) -> PyResult<bool> {
    const TRIED: usize = 8;
    let location = structure(bit_generator)?;
    // SAFETY: the structure belongs to the object, which is alive; nothing else draws from it.
    let words = unsafe {
        let Some(kind) = bitgen::kind_of(location) else {
            return Ok(false);
        };
        let class = bit_generator.get_type().name()?;
        if layout::may_be_known() {
            bitgen::set_shape(kind, Shape::of(class.to_str()?));
        }
        let words = bitgen::words((*location).state, kind, TRIED);
        let halves = class == "MT19937";
        let drawn = if halves { 2 * TRIED } else { TRIED };
        let raw = bit_generator.call_method1("random_raw", (drawn,))?;
        let told: Vec<u64> = raw.call_method0("tolist")?.extract()?;
        let told = if halves { joined(&told) } else { told };
        let holds = words.as_ref() == Some(&told);
        if !holds {
            bitgen::set_shape(kind, Shape::Unknown);
        }
        holds
    };
    Ok(words)
}

/// Enters an object of numpy: finds its structure, and the state if nobody knew it. `birth` is only
/// asked where it is new.
pub fn enter(
    object: &Bound<'_, PyAny>,
    birth: impl FnOnce() -> (StateOrigin, Place, Option<Seed>),
) -> PyResult<()> {
    let inner = object.getattr("_bit_generator").ok();
    let bit_generator = inner.as_ref().unwrap_or(object);
    let base = structure(bit_generator)?;
    // SAFETY: the structure belongs to an object that is alive.
    let (kind, key) = unsafe { (bitgen::kind_of(base), (*base).state as usize) };
    let kind = kind.ok_or_else(|| PyValueError::new_err("there are too many bit generators"))?;
    let location = match inner {
        None => Some(base),
        Some(_) => copy_in(object, base, kind)?,
    };
    let location =
        location.ok_or_else(|| PyValueError::new_err("its copy of bitgen_t was not found"))?;
    let known = registry::lock()
        .and_then(|guard| Some(guard.as_ref()?.states.contains_key(&key)))
        .unwrap_or(true);
    let birth = (!known).then(birth);
    if let Some(mut guard) = registry::lock()
        && let Some(registry) = guard.as_mut()
    {
        if let Some((origin, place, seed)) = birth {
            let birth = registry.birth(origin, place, seed);
            registry.enter(key, Library::Numpy, bit_generator.as_ptr() as usize, birth);
        }
        let node = Node {
            key,
            location: location as usize,
            kind,
        };
        registry.add_node(object.as_ptr() as usize, node);
    }
    Ok(())
}

/// The copy of a structure inside a Generator or RandomState.
fn copy_in(
    object: &Bound<'_, PyAny>,
    base: *mut BitGen,
    kind: usize,
) -> PyResult<Option<*mut BitGen>> {
    let start = object.as_ptr().cast::<u8>();
    let at = |offset: usize| start.wrapping_add(offset).cast::<BitGen>();
    // SAFETY: offsets stay within the object, whose size its type tells.
    let fits = |offset: usize| unsafe { bitgen::is_copy(at(offset), base, kind) };
    let Some(known) = types::offset(object.as_ptr()) else {
        return Ok(None);
    };
    let offset = known.load(Relaxed);
    if offset != 0 && fits(offset) {
        return Ok(Some(at(offset)));
    }
    let size: usize = object.get_type().getattr("__basicsize__")?.extract()?;
    let last = size.saturating_sub(size_of::<BitGen>());
    let head = size_of::<ffi::PyObject>();
    Ok((head..=last)
        .step_by(size_of::<*mut c_void>())
        .find(|offset| fits(*offset))
        .map(|offset| {
            known.store(offset, Relaxed);
            at(offset)
        }))
}

/// Enters an object that was there before: the library's global one, or what a late watch finds.
#[pyfunction]
pub fn found(object: &Bound<'_, PyAny>, global: bool, what: String) -> PyResult<()> {
    let origin = if global {
        StateOrigin::Global
    } else {
        StateOrigin::Found
    };
    let place = Place {
        line: what,
        ..Place::default()
    };
    if object.hasattr("getrandbits")? {
        let key = object.as_ptr() as usize;
        if super::with(|registry| registry.states.contains_key(&key)) == Some(true) {
            return Ok(());
        }
        super::enter_random(object, origin, place, None);
        return Ok(());
    }
    enter(object, || (origin, place, None))
}

/// Has the registry told when an object ends; what is returned must be kept until then.
pub fn end_of(object: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
    let py = object.py();
    let key = object.as_ptr() as usize;
    let forget = PyCFunction::new_closure(
        py,
        None,
        None,
        move |_: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>| {
            super::ended(key);
        },
    )?;
    let reference = py
        .import("_weakref")?
        .getattr("ref")?
        .call1((object, forget))?;
    Ok(reference.unbind())
}

/// What is told of a seed: a number that is not large, or the value's type.
pub fn seed(value: &Bound<'_, PyAny>) -> Option<Seed> {
    if value.is_none() {
        return None;
    }
    // SAFETY: the value is an object; whether it counts is asked before.
    let number = unsafe {
        if ffi::PyIndex_Check(value.as_ptr()) == 1 {
            Bound::from_owned_ptr_or_opt(value.py(), ffi::PyNumber_Index(value.as_ptr()))
        } else {
            None
        }
    };
    if let Some(number) = number {
        return Some(match number.extract::<i64>() {
            Ok(number) => Seed::Number(number),
            Err(_) => Seed::Other("a large number".into()),
        });
    }
    // SAFETY: clears what the call above may have left.
    unsafe { ffi::PyErr_Clear() };
    if let Ok(number) = value.cast::<PyFloat>() {
        return Some(Seed::Real(number.value()));
    }
    let name = value.get_type().name().ok()?;
    Some(Seed::Other(name.to_string_lossy().into_owned()))
}

/// The seed among the arguments of a constructor.
pub fn seed_argument(
    py: Python<'_>,
    arguments: *mut ffi::PyObject,
    keywords: *mut ffi::PyObject,
) -> Option<Seed> {
    // SAFETY: a slot is called with a tuple, and a dictionary or nothing.
    unsafe {
        if !arguments.is_null() && ffi::PyTuple_Size(arguments) > 0 {
            let first = Bound::from_borrowed_ptr_or_opt(py, ffi::PyTuple_GetItem(arguments, 0))?;
            return seed(&first);
        }
        let keywords = Bound::from_borrowed_ptr_or_opt(py, keywords)?;
        let keywords = keywords.cast::<PyDict>().ok()?.clone();
        seed(&keywords.get_item("seed").ok()??)
    }
}

/// The words of a state whose layout is not known: Python is asked, which is slower.
pub fn asked(object: &Bound<'_, PyAny>, library: Library) -> PyResult<Vec<u64>> {
    let py = object.py();
    if library == Library::Random {
        let state: Vec<u32> = object.call_method0("getstate")?.get_item(1)?.extract()?;
        let (used, key) = state.split_last().ok_or_else(|| PyErr::fetch(py))?;
        let key: &[u32; twister::KEY] = key.try_into()?;
        return Ok(twister::words(key, *used as usize, WORDS));
    }
    let copy = py.import("copy")?.call_method1("deepcopy", (object,))?;
    let halves = copy.get_type().name()? == "MT19937";
    let count = if halves { 2 * WORDS } else { WORDS };
    let raw = copy.call_method1("random_raw", (count,))?;
    let raw: Vec<u64> = raw.call_method0("tolist")?.extract()?;
    Ok(if halves { joined(&raw) } else { raw })
}

/// Words of pairs of 32 bits, the low half first.
fn joined(halves: &[u64]) -> Vec<u64> {
    let pairs = halves.chunks_exact(2);
    pairs.map(|pair| pair[0] | pair[1] << 32).collect()
}

/// What multiprocessing calls this process, if it is loaded.
pub fn process_name(py: Python<'_>) -> Option<String> {
    let modules = py.import("sys").ok()?.getattr("modules").ok()?;
    let module = modules.get_item("multiprocessing.process").ok()?;
    let process = module.call_method0("current_process").ok()?;
    process.getattr("name").ok()?.extract().ok()
}
