//! Where CPython keeps what its limited interface does not show, with a check of every offset.
//!
//! Offsets are those of builds with a global interpreter lock on 64-bit machines, CPython 3.10 to 3.14.
//! Each is read only where something known stands beside it: a slot that the interface gives too, a name.

use std::{
    ffi::{CStr, c_void},
    sync::OnceLock,
};

use pyo3::{ffi, prelude::*};

/// Offsets in a type object.
const TP_DEALLOC: usize = 48;
const TP_INIT: usize = 296;
/// A slot wrapper's function, as in `type.__init__`.
const WRAPPER_FUNCTION: usize = 48;
/// The definitions behind a method of a type and a function of a module.
const DESCRIPTOR_METHOD: usize = 40;
const FUNCTION_METHOD: usize = 16;

/// What a type's instances start and end with: addresses of `tp_init` and `tp_dealloc`.
#[derive(Clone, Copy)]
pub struct TypeSlots {
    pub init: *mut *mut c_void,
    pub dealloc: *mut *mut c_void,
}

/// Whether layouts may be used at all: `SEEDBENCH_LAYOUTS=unknown` tries what replaces them.
pub fn may_be_known() -> bool {
    static MAY_BE: OnceLock<bool> = OnceLock::new();
    *MAY_BE.get_or_init(|| {
        std::env::var_os("SEEDBENCH_LAYOUTS").is_none_or(|value| value != "unknown")
    })
}

/// The version, if its layouts are known; else why not.
pub fn check(py: Python<'_>) -> Result<(), String> {
    let version = py.version_info();
    if size_of::<usize>() != 8 {
        return Err("only 64-bit interpreters can be watched".into());
    }
    if version.major != 3 || !(10..=14).contains(&version.minor) {
        return Err(format!(
            "CPython {}.{} is not known to the recorder",
            version.major, version.minor
        ));
    }
    Ok(())
}

/// The places of a type's slots, if they are where they are expected.
pub fn type_slots(class: *mut ffi::PyTypeObject) -> Option<TypeSlots> {
    let at = |offset: usize| {
        class
            .cast::<u8>()
            .wrapping_add(offset)
            .cast::<*mut c_void>()
    };
    let slots = TypeSlots {
        init: at(TP_INIT),
        dealloc: at(TP_DEALLOC),
    };
    // SAFETY: a type object is longer than these offsets in all versions that `check` accepts.
    unsafe {
        let holds = *slots.init == ffi::PyType_GetSlot(class, ffi::Py_tp_init)
            && *slots.dealloc == ffi::PyType_GetSlot(class, ffi::Py_tp_dealloc);
        (may_be_known() && holds && !(*slots.init).is_null() && !(*slots.dealloc).is_null())
            .then_some(slots)
    }
}

/// Where the slot wrapper of a type's `__init__` keeps the function, if it is `init`.
pub fn wrapped_init(wrapper: &Bound<'_, PyAny>, init: *mut c_void) -> Option<*mut *mut c_void> {
    if wrapper.get_type().name().ok()? != "wrapper_descriptor" {
        return None;
    }
    let place = wrapper
        .as_ptr()
        .cast::<u8>()
        .wrapping_add(WRAPPER_FUNCTION)
        .cast::<*mut c_void>();
    // SAFETY: the object is a slot wrapper, which is longer than the offset.
    unsafe { (*place == init).then_some(place) }
}

/// The definition behind a method of a C type or a function of a C module, if its name is right.
pub fn method(object: &Bound<'_, PyAny>) -> Option<*mut ffi::PyMethodDef> {
    let kind = object.get_type().name().ok().filter(|_| may_be_known())?;
    let offset = match kind.to_str().ok()? {
        "method_descriptor" | "classmethod_descriptor" => DESCRIPTOR_METHOD,
        "builtin_function_or_method" => FUNCTION_METHOD,
        _ => return None,
    };
    let name: String = object.getattr("__name__").ok()?.extract().ok()?;
    // SAFETY: objects of these types hold a pointer to a definition there.
    unsafe {
        let definition = *object
            .as_ptr()
            .cast::<u8>()
            .add(offset)
            .cast::<*mut ffi::PyMethodDef>();
        if definition.is_null() || (*definition).ml_name.is_null() {
            return None;
        }
        (CStr::from_ptr((*definition).ml_name).to_bytes() == name.as_bytes()).then_some(definition)
    }
}
