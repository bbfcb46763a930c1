//! Files of other formats that were named as if they held bare numbers.

use std::{fs::File, io::Read, path::Path};

/// First bytes of formats in which numbers are often kept, at least four of each, so that draws begin
/// with one of them in fewer than one file of 2^28.
const FORMATS: [(&[u8], &str); 12] = [
    (b"\x93NUMPY", "a numpy array: name it .npy"),
    (b"RIFF", "a RIFF file, as sounds in WAV are"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\xff\xd8\xff\xe0", "a JPEG picture"),
    (b"PK\x03\x04", "a ZIP archive, as .npz is"),
    (b"\x1f\x8b\x08\x00", "compressed by gzip"),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd"),
    (b"\xfd7zX", "compressed by xz"),
    (b"\x89HDF", "an HDF5 file"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite", "an SQLite database"),
];

/// Files whose first bytes are looked at: those of one capture are of one kind.
const LOOKED_AT: u32 = 4;

/// What a file is by its first bytes, where that is no row of bare numbers.
pub(super) fn format_of(index: u32, path: &Path) -> Option<&'static str> {
    if index >= LOOKED_AT {
        return None;
    }
    let mut first = [0; 8];
    // What cannot be read says so where its numbers are read.
    let read = File::open(path).and_then(|mut file| file.read(&mut first));
    let first = &first[..read.unwrap_or(0)];
    FORMATS
        .iter()
        .find(|(begins, _)| first.starts_with(begins))
        .map(|(_, what)| *what)
}
