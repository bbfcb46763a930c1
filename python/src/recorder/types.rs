//! Births and ends of numpy's generators: they take no weak references, so the types' own functions are
//! replaced by ones that call them.

use std::{
    ffi::{c_int, c_void},
    sync::atomic::{AtomicPtr, AtomicUsize, Ordering::Relaxed},
};

use pyo3::{exceptions::PyValueError, ffi, prelude::*};

use super::layout;

type Init =
    unsafe extern "C" fn(*mut ffi::PyObject, *mut ffi::PyObject, *mut ffi::PyObject) -> c_int;
type Dealloc = unsafe extern "C" fn(*mut ffi::PyObject);

/// A type whose functions are replaced.
struct Hooked {
    class: AtomicPtr<ffi::PyTypeObject>,
    init: AtomicUsize,
    dealloc: AtomicUsize,
    /// Where instances keep their `bitgen_t`; 0 while it is not known.
    offset: AtomicUsize,
}

const TYPES: usize = 24;
static HOOKED: [Hooked; TYPES] = [const {
    Hooked {
        class: AtomicPtr::new(std::ptr::null_mut()),
        init: AtomicUsize::new(0),
        dealloc: AtomicUsize::new(0),
        offset: AtomicUsize::new(0),
    }
}; TYPES];

fn index(class: *mut ffi::PyTypeObject) -> Option<usize> {
    HOOKED
        .iter()
        .take_while(|hooked| !hooked.class.load(Relaxed).is_null())
        .position(|hooked| hooked.class.load(Relaxed) == class)
}

/// The nearest hooked type that an object is of.
fn hooked(object: *mut ffi::PyObject) -> Option<&'static Hooked> {
    // SAFETY: the object is alive or about to end, so its type is there.
    let mut class = unsafe { ffi::Py_TYPE(object) };
    while !class.is_null() {
        if let Some(index) = index(class) {
            return Some(&HOOKED[index]);
        }
        // SAFETY: `class` is a type.
        class = unsafe { ffi::PyType_GetSlot(class, ffi::Py_tp_base).cast() };
    }
    None
}

/// Where instances of an object's hooked type keep their `bitgen_t`, once it has been found.
pub fn offset(object: *mut ffi::PyObject) -> Option<&'static AtomicUsize> {
    hooked(object).map(|hooked| &hooked.offset)
}

unsafe extern "C" fn on_init(
    object: *mut ffi::PyObject,
    arguments: *mut ffi::PyObject,
    keywords: *mut ffi::PyObject,
) -> c_int {
    let Some(hooked) = hooked(object) else {
        return -1;
    };
    super::guarded(|| super::ended(object as usize));
    // SAFETY: the type's own function, with what it was called with.
    let result = unsafe {
        std::mem::transmute::<usize, Init>(hooked.init.load(Relaxed))(object, arguments, keywords)
    };
    if result == 0 {
        // SAFETY: the interpreter is held, as the caller of a slot holds it.
        let py = unsafe { Python::assume_attached() };
        super::guarded(|| super::made(py, object, arguments, keywords));
    }
    result
}

unsafe extern "C" fn on_dealloc(object: *mut ffi::PyObject) {
    let original = hooked(object).map(|hooked| hooked.dealloc.load(Relaxed));
    super::guarded(|| super::ended(object as usize));
    if let Some(original) = original {
        // SAFETY: the type's own function.
        unsafe { std::mem::transmute::<usize, Dealloc>(original)(object) }
    }
}

/// Replaces the functions of a type.
pub fn hook(class: &Bound<'_, PyAny>) -> PyResult<()> {
    let pointer = class.as_ptr().cast::<ffi::PyTypeObject>();
    if index(pointer).is_some() {
        return Ok(());
    }
    let free = HOOKED
        .iter()
        .find(|hooked| hooked.class.load(Relaxed).is_null());
    let Some(hooked) = free else {
        return Err(PyValueError::new_err("there are too many types"));
    };
    let Some(slots) = layout::type_slots(pointer) else {
        hooked.class.store(pointer, Relaxed); // where its instances keep `bitgen_t` is found all the same
        return Err(PyValueError::new_err(format!(
            "the layout of {class} is not known"
        )));
    };
    // SAFETY: `type_slots` has compared both places with what the interface says.
    unsafe {
        hooked.init.store(*slots.init as usize, Relaxed);
        hooked.dealloc.store(*slots.dealloc as usize, Relaxed);
        hooked.class.store(pointer, Relaxed);
        // What `super().__init__` calls.
        let namespace = class.getattr("__dict__")?;
        if let Ok(wrapper) = namespace.get_item("__init__")
            && let Some(place) = layout::wrapped_init(&wrapper, *slots.init)
        {
            *place = on_init as *mut c_void;
        }
        *slots.init = on_init as *mut c_void;
        *slots.dealloc = on_dealloc as *mut c_void;
    }
    Ok(())
}
