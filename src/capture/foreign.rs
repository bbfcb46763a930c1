//! Files of other formats that were named as if they held bare numbers.

use std::{fs::File, io::Read};

use super::{encoding, error::CaptureError, tree::Found};

/// First bytes of formats in which numbers are often kept, at least four of each, so that draws begin
/// with one of them in fewer than one file of 2^28.
const FORMATS: [(&[u8], &str); 15] = [
    (b"\x93NUMPY", "a numpy array: name it .npy"),
    (b"RIFF", "a RIFF file, as sounds in WAV are"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\xff\xd8\xff\xe0", "a JPEG picture"),
    (
        b"PK\x03\x04",
        "a ZIP archive: name it .npz if numpy wrote it; of torch's, python3 -c \"import torch, numpy; numpy.save('draws.npy', torch.load('FILE').numpy())\"",
    ),
    (b"\x1f\x8b\x08\x00", "compressed by gzip: unpack it"),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd: unpack it"),
    (b"\xfd7zX", "compressed by xz: unpack it"),
    (
        b"\x89HDF",
        "an HDF5 file: python3 -c \"import h5py, numpy; numpy.save('draws.npy', h5py.File('FILE')['NAME'][:])\"",
    ),
    (
        b"PAR1",
        "a Parquet file, which seedbench reads where it was built with `--features parquet`; else python3 -c \"import pandas; pandas.read_parquet('FILE').to_csv('draws.csv')\"",
    ),
    (
        b"ARROW1",
        "an Arrow file: python3 -c \"import pandas; pandas.read_feather('FILE').to_csv('draws.csv')\"",
    ),
    (b"SQLite", "an SQLite database"),
    (b"\x80\x04\x95", PICKLE),
    (b"\x80\x05\x95", PICKLE),
];

const PICKLE: &str = "a pickle: python3 -c \"import pickle, numpy; numpy.save('draws.npy', pickle.load(open('FILE', 'rb')))\"";

/// Endings of files that hold numbers in other formats.
const ENDINGS: [(&str, usize); 10] = [
    ("h5", 9),
    ("hdf5", 9),
    ("parquet", 10),
    ("pq", 10),
    ("feather", 11),
    ("arrow", 11),
    ("pkl", 13),
    ("pickle", 13),
    ("pt", 5),
    ("pth", 5),
];

/// What a file of this ending is, with how to convert it.
pub(super) fn by_ending(extension: &str) -> Option<&'static str> {
    let (_, at) = ENDINGS.iter().find(|(ending, _)| *ending == extension)?;
    Some(FORMATS[*at].1)
}

/// Whether a file without a known ending begins as a text does.
pub(super) fn is_text(found: &Found) -> bool {
    let mut first = [0; 4096];
    let read = File::open(&found.path).and_then(|mut file| file.read(&mut first));
    let first = &first[..read.unwrap_or(0)];
    if let Some(big_endian) = encoding::is_utf16(first) {
        let mut text = String::new();
        let read = encoding::Utf16::new(&mut &first[..], big_endian).read_to_string(&mut text);
        return read.is_ok()
            && text.chars().all(|c| !c.is_control() || c.is_whitespace())
            && !text.contains('\u{fffd}');
    }
    // Terminals understand escapes, bells and steps back; a record separator stands before texts of JSON.
    let signs = b"\x07\x08\x1b\x1e";
    let control = |byte: &u8| *byte < b' ' && !byte.is_ascii_whitespace() && !signs.contains(byte);
    // The last letter may be cut in two.
    let is_utf8 =
        || std::str::from_utf8(first).map_or_else(|error| error.error_len().is_none(), |_| true);
    !first.is_empty() && !first.iter().any(control) && is_utf8()
}

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
