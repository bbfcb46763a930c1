//! Columns of Arrow, taken over through its PyCapsule interface: nothing is copied on the way here.
//!
//! Source: Apache Arrow, The Arrow C data interface, and The Arrow PyCapsule interface.
#![allow(
    unsafe_code,
    reason = "structures of C are handed over as pointers in capsules"
)]

use std::ffi::CStr;

use arrow_array::{
    Array as _, ArrayReader as _,
    ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type},
    ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream},
};
use arrow_data::ArrayData;
use arrow_schema::{ArrowError, DataType};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    ffi,
    prelude::*,
    types::PyTuple,
};

/// A column of numbers: its chunks, in memory that Arrow owns.
#[pyclass(frozen, module = "seedbench._native")]
pub struct Column {
    chunks: Vec<ArrayData>,
    /// `u`, `i` or `f`, as of the analyser.
    #[pyo3(get)]
    kind: char,
    /// Bytes of a number.
    #[pyo3(get)]
    size: usize,
}

impl Column {
    /// The bytes of every chunk.
    pub fn bytes(&self) -> impl Iterator<Item = &[u8]> {
        self.chunks.iter().filter_map(|chunk| {
            let (from, length) = (chunk.offset() * self.size, chunk.len() * self.size);
            chunk.buffers().first()?.as_slice().get(from..from + length)
        })
    }
}

#[pymethods]
impl Column {
    /// Where the first number lies in memory.
    #[getter]
    fn address(&self) -> usize {
        self.bytes()
            .next()
            .map_or(0, |bytes| bytes.as_ptr() as usize)
    }

    fn __len__(&self) -> usize {
        self.chunks.iter().map(ArrayData::len).sum()
    }
}

/// What a type's numbers are to the analyser, and their size.
fn kind(data_type: &DataType) -> Option<(char, usize)> {
    let kind = match data_type {
        DataType::UInt8 | DataType::UInt16 | DataType::UInt32 | DataType::UInt64 => 'u',
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => 'i',
        DataType::Float32 | DataType::Float64 => 'f',
        _ => return None,
    };
    Some((kind, data_type.primitive_width()?))
}

/// The pointer in a capsule of that name.
fn pointer<T>(capsule: &Bound<'_, PyAny>, name: &CStr) -> PyResult<*mut T> {
    // SAFETY: the call compares the name, which says what the pointer is of.
    let pointer = unsafe { ffi::PyCapsule_GetPointer(capsule.as_ptr(), name.as_ptr()) };
    if pointer.is_null() {
        return Err(PyErr::fetch(capsule.py()));
    }
    Ok(pointer.cast())
}

fn refused(error: &ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// The type and the chunks of an object with one of the two methods of the interface.
fn taken(object: &Bound<'_, PyAny>) -> PyResult<(DataType, Vec<ArrayData>)> {
    if !object.hasattr("__arrow_c_stream__")? {
        let capsules = object.call_method0("__arrow_c_array__")?;
        let capsules = capsules.cast::<PyTuple>()?;
        let schema = pointer::<FFI_ArrowSchema>(&capsules.get_item(0)?, c"arrow_schema")?;
        let array = pointer::<FFI_ArrowArray>(&capsules.get_item(1)?, c"arrow_array")?;
        // SAFETY: both are what the names of their capsules say; the array is moved out, as consumers do.
        return unsafe {
            let data_type = DataType::try_from(&*schema).map_err(|error| refused(&error))?;
            let array = FFI_ArrowArray::from_raw(array);
            let chunk = from_ffi_and_data_type(array, data_type.clone());
            Ok((data_type, vec![chunk.map_err(|error| refused(&error))?]))
        };
    }
    let capsule = object.call_method0("__arrow_c_stream__")?;
    let stream = pointer::<FFI_ArrowArrayStream>(&capsule, c"arrow_array_stream")?;
    // SAFETY: as above.
    let stream = unsafe { ArrayStreamReader::from_raw(stream) }.map_err(|error| refused(&error))?;
    let data_type = stream.field().data_type().clone();
    let chunks = stream.map(|chunk| chunk.map(|chunk| chunk.to_data()));
    let chunks = chunks.collect::<Result<_, _>>();
    Ok((data_type, chunks.map_err(|error| refused(&error))?))
}

fn column(name: &str, data_type: &DataType, chunks: Vec<ArrayData>) -> PyResult<Column> {
    let Some((kind, size)) = kind(data_type) else {
        let message = format!(
            "{name}: values of Arrow's type {data_type} are no numbers that can be audited"
        );
        return Err(PyTypeError::new_err(message));
    };
    let missing: usize = chunks.iter().map(ArrayData::null_count).sum();
    if missing > 0 {
        let message = format!("{name}: {missing} values are missing: leave them out");
        return Err(PyValueError::new_err(message));
    }
    Ok(Column { chunks, kind, size })
}

/// The columns of a table by their names, or an array alone under the name "".
#[pyfunction]
pub fn arrow_columns(object: &Bound<'_, PyAny>) -> PyResult<Vec<(String, Column)>> {
    let (data_type, chunks) = taken(object)?;
    let DataType::Struct(fields) = &data_type else {
        return Ok(vec![(
            String::new(),
            column("this array", &data_type, chunks)?,
        )]);
    };
    fields
        .iter()
        .enumerate()
        .map(|(number, field)| {
            let of_chunk =
                |table: &ArrayData| table.child_data()[number].slice(table.offset(), table.len());
            let chunks = chunks.iter().map(of_chunk).collect();
            Ok((
                field.name().clone(),
                column(field.name(), field.data_type(), chunks)?,
            ))
        })
        .collect()
}
