//! Numbers in memory, as the analyser takes them.

use pyo3::{exceptions::PyValueError, prelude::*};
use seedbench::capture::RawKind;

/// The bytes of an object with the buffer interface, borrowed until dropped.
pub struct Bytes(ffi_buffer::View);

/// The buffer interface: stable since CPython 3.11, and the same in 3.10, where it is not yet called so.
mod ffi_buffer {
    use std::ffi::{c_char, c_int, c_void};

    use pyo3::ffi::PyObject;

    #[repr(C)]
    pub struct View {
        pub data: *mut c_void,
        pub object: *mut PyObject,
        pub bytes: isize,
        pub item: isize,
        pub readonly: c_int,
        pub dimensions: c_int,
        pub format: *mut c_char,
        pub shape: *mut isize,
        pub strides: *mut isize,
        pub suboffsets: *mut isize,
        pub internal: *mut c_void,
    }

    unsafe extern "C" {
        pub fn PyObject_GetBuffer(object: *mut PyObject, view: *mut View, flags: c_int) -> c_int;
        pub fn PyBuffer_Release(view: *mut View);
    }
}

impl Bytes {
    /// Those of an object.
    ///
    /// # Errors
    /// When it has no buffer of contiguous bytes.
    pub fn of(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        // SAFETY: an empty view is what the call fills in; 0 asks for plain contiguous bytes.
        unsafe {
            let mut view: ffi_buffer::View = std::mem::zeroed();
            if ffi_buffer::PyObject_GetBuffer(object.as_ptr(), &raw mut view, 0) != 0 {
                return Err(PyErr::fetch(object.py()));
            }
            Ok(Self(view))
        }
    }

    /// As they lie.
    pub fn as_slice(&self) -> &[u8] {
        if self.0.bytes <= 0 {
            return &[];
        }
        // SAFETY: the exporter keeps the memory until the view is released.
        unsafe { std::slice::from_raw_parts(self.0.data.cast(), self.0.bytes as usize) }
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        // SAFETY: the view was filled in; the interpreter is held wherever one is dropped.
        unsafe { ffi_buffer::PyBuffer_Release(&raw mut self.0) }
    }
}

/// The raw values of native numbers: `u`, `i` or `f`, and their size.
///
/// # Errors
/// When there are none of that kind and size.
pub fn raw(bytes: &[u8], kind: char, size: usize) -> PyResult<Vec<u64>> {
    macro_rules! each {
        ($type:ty, $value:expr) => {
            bytes
                .chunks_exact(size_of::<$type>())
                .filter_map(|chunk| chunk.try_into().ok().map(<$type>::from_ne_bytes))
                .map($value)
                .collect()
        };
    }
    Ok(match (kind, size) {
        ('u', 8) | ('i', 8) | ('f', 8) => each!(u64, |value| value),
        ('u', 4) => each!(u32, u64::from),
        ('u', 2) => each!(u16, u64::from),
        ('u', 1) => bytes.iter().copied().map(u64::from).collect(),
        ('i', 4) => each!(i32, |value| i64::from(value) as u64),
        ('i', 2) => each!(i16, |value| i64::from(value) as u64),
        ('i', 1) => each!(i8, |value| i64::from(value) as u64),
        ('f', 4) => each!(f32, |value| f64::from(value).to_bits()),
        _ => {
            return Err(PyValueError::new_err(format!(
                "numbers of kind {kind} and {size} bytes cannot be audited"
            )));
        }
    })
}

/// What numbers of these kinds are together.
///
/// # Errors
/// When there is none, or they are of several kinds.
pub fn common_kind(mut kinds: Vec<char>) -> PyResult<RawKind> {
    kinds.sort_unstable();
    kinds.dedup();
    match kinds.as_slice() {
        ['u'] => Ok(RawKind::Unsigned),
        ['i'] => Ok(RawKind::Signed),
        ['f'] => Ok(RawKind::Real),
        [] => Err(PyValueError::new_err("there is no stream to audit")),
        _ => Err(PyValueError::new_err(
            "streams hold numbers of different kinds: give all as one type",
        )),
    }
}
