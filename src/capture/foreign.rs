//! Files of other formats that were named as if they held bare numbers.

use std::{fs::File, io::Read};

use super::{error::CaptureError, tree::Found};

/// First bytes of formats in which numbers are often kept, at least four of each, so that draws begin
/// with one of them in fewer than one file of 2^28.
const FORMATS: [(&[u8], &str); 12] = [
    (b"\x93NUMPY", "a numpy array: name it .npy"),
    (b"RIFF", "a RIFF file, as sounds in WAV are"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\xff\xd8\xff\xe0", "a JPEG picture"),
    (
        b"PK\x03\x04",
        "a ZIP archive: name it .npz if numpy wrote it",
    ),
    (b"\x1f\x8b\x08\x00", "compressed by gzip"),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd"),
    (b"\xfd7zX", "compressed by xz"),
    (b"\x89HDF", "an HDF5 file"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite", "an SQLite database"),
];

/// Files whose first bytes are looked at: those of one capture are of one kind.
const LOOKED_AT: usize = 4;

/// Refuses a file that is something else by its first bytes; `index` counts the files of a capture.
///
/// # Errors
/// With what it is.
pub(super) fn refuse(index: usize, found: &Found) -> Result<(), CaptureError> {
    if index >= LOOKED_AT {
        return Ok(());
    }
    let mut first = [0; 8];
    // What cannot be read says so where its numbers are read.
    let read = File::open(&found.path).and_then(|mut file| file.read(&mut first));
    let first = &first[..read.unwrap_or(0)];
    match FORMATS.iter().find(|(begins, _)| first.starts_with(begins)) {
        Some((_, what)) => Err(CaptureError::Foreign {
            file: found.name.clone(),
            what,
        }),
        None => Ok(()),
    }
}
