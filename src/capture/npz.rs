//! numpy's `.npz`: a ZIP archive of arrays. Those that are stored as they are are read where they lie;
//! compressed ones are unpacked into memory.

use std::{
    fs::File,
    io::{self, Cursor, Read, Seek},
};

use zip::{CompressionMethod, ZipArchive};

use super::{
    Reading,
    arrays::Array,
    drafts::{FileDrafts, RawPlace},
    element::RawKind,
    error::CaptureError,
    identity::{Identity, Part, parts},
    names,
    reader::Span,
    tree::Found,
};

/// Bytes that all compressed arrays of an archive may unpack to.
const UNPACKED_BYTES: u64 = 1 << 32;
/// Arrays that an archive may hold.
const ARRAYS: usize = 1 << 20;

/// Reads all arrays of an archive. Several that are numbered, as `env0` and `env1`, are a worker's each;
/// with `--value`, those that it names.
pub(super) fn read(found: &Found, reading: &Reading) -> Result<Vec<FileDrafts>, CaptureError> {
    read_from(found, reading, || File::open(&found.path))
}

/// The same of an archive that is opened so, once for its list and once for every array in it.
pub(super) fn read_from<R: Read + Seek>(
    found: &Found,
    reading: &Reading,
    open: impl Fn() -> io::Result<R>,
) -> Result<Vec<FileDrafts>, CaptureError> {
    let bad = |problem: String| CaptureError::Npy {
        file: found.name.clone(),
        problem,
    };
    if found.bytes == 0 {
        return Err(CaptureError::Empty {
            stream: found.name.clone(),
        });
    }
    let opened = open().map_err(CaptureError::io("open", &found.path))?;
    let mut archive = ZipArchive::new(opened)
        .map_err(|error| bad(format!("is no archive of arrays: {error}")))?;
    if archive.len() > ARRAYS {
        return Err(bad(format!("holds more than {ARRAYS} arrays")));
    }
    let all: Vec<String> = (0..archive.len())
        .map(|at| Ok(inner_name(archive.by_index(at)?.name()?.as_ref())))
        .collect::<zip::result::ZipResult<_>>()
        .map_err(|error| bad(error.to_string()))?;
    if let Some(missing) = reading.value.iter().find(|name| !all.contains(name)) {
        return Err(bad(format!(
            "--value: no array is called `{missing}`; there are {}",
            all.join(", ")
        )));
    }
    let wanted = |name: &String| reading.value.is_empty() || reading.value.contains(name);
    let numbered = all.iter().filter(|name| wanted(name)).count() > 1
        && all
            .iter()
            .filter(|name| wanted(name))
            .all(|name| names::stem(name).is_some() || names::numbered(name).is_some());
    let mut unpacked = 0;
    let mut arrays = Vec::new();
    for at in 0..archive.len() {
        let entry = archive
            .by_index(at)
            .map_err(|error| bad(error.to_string()))?;
        let inner = all[at].clone();
        if !wanted(&inner) || entry.is_dir() {
            continue;
        }
        let name = format!("{}/{inner}", found.name);
        let identity = identity(found, &inner, all.len() > 1);
        let (start, size) = (entry.data_start(), entry.size());
        let stored = entry.compression() == CompressionMethod::Stored && !entry.encrypted();
        let array = |bytes| Array {
            path: &found.path,
            name: &name,
            identity: &identity,
            own: numbered || found.is_one_workers(),
            bytes,
        };
        if let Some(start) = start.filter(|_| stored) {
            drop(entry);
            let end = start.checked_add(size).filter(|end| *end <= found.bytes);
            let end = end.ok_or_else(|| bad(format!("`{inner}` reaches beyond the archive")))?;
            let mut file = open().map_err(CaptureError::io("open", &found.path))?;
            arrays.push(array(start..end).read(&mut file, reading)?);
            continue;
        }
        unpacked += size;
        if unpacked > UNPACKED_BYTES {
            return Err(bad(format!(
                "unpacks to more than {UNPACKED_BYTES} bytes; save it by np.savez, which does not compress"
            )));
        }
        let mut bytes = Vec::new();
        entry
            .take(size)
            .read_to_end(&mut bytes)
            .map_err(|error| bad(format!("`{inner}` cannot be unpacked: {error}")))?;
        let mut drafts = array(0..bytes.len() as u64).read(&mut Cursor::new(&bytes), reading)?;
        into_memory(&mut drafts, &bytes);
        arrays.push(drafts);
    }
    one_kind(&mut arrays);
    if arrays.is_empty() {
        return Err(bad("holds no arrays".into()));
    }
    Ok(arrays)
}

/// What an entry is called as an array.
fn inner_name(entry: &str) -> String {
    entry.strip_suffix(".npy").unwrap_or(entry).to_owned()
}

/// What an array's name adds to the archive's.
fn identity(found: &Found, name: &str, several: bool) -> Identity {
    let mut identity = found.identity.clone();
    if !several {
        return identity;
    }
    match (names::numbered(name), names::stem(name)) {
        (Some((_, inner)), _) if inner != Identity::default() => {
            identity.run.extend(inner.run);
            identity.task.extend(inner.task);
        }
        (_, Some((_, number))) => identity.task.push(Part::Number(number)),
        _ => parts(name, &mut identity.task),
    }
    identity
}

/// Leaves out arrays of integers beside real ones, and of words beside numbers: they are settings, counts and
/// names.
fn one_kind(arrays: &mut Vec<FileDrafts>) {
    let any = |array: &FileDrafts, kind| array.streams.iter().any(|draft| draft.kind == kind);
    let is_number = |array: &FileDrafts| !any(array, RawKind::Token);
    let is_real = |array: &FileDrafts| any(array, RawKind::Real);
    keep(arrays, is_number, "words beside numbers");
    keep(arrays, is_real, "integers beside real ones");
}

/// Leaves out the arrays of another kind than some.
fn keep(arrays: &mut Vec<FileDrafts>, is_kept: impl Fn(&FileDrafts) -> bool, others: &str) {
    if !arrays.iter().any(&is_kept) || arrays.iter().all(&is_kept) {
        return;
    }
    let mut left_out = Vec::new();
    arrays.retain(|array| {
        let kept = is_kept(array);
        if !kept {
            left_out.push(array.name.clone());
        }
        kept
    });
    let note = format!(
        "arrays of {others} were left out (--value NAME reads them): {}",
        left_out.join(", ")
    );
    arrays[0].notes.push((0, note));
}

/// Streams of unpacked bytes hold their values themselves.
fn into_memory(drafts: &mut FileDrafts, bytes: &[u8]) {
    let Some(file) = drafts.binary.take() else {
        return;
    };
    let size = file.element.bytes();
    for draft in &mut drafts.streams {
        let RawPlace::Binary(Span {
            offset,
            stride,
            block,
            ..
        }) = draft.place
        else {
            continue;
        };
        let element = |at: u64| {
            let turn = at / block * stride + at % block;
            let start = offset as usize + turn as usize * size;
            let mut value = [0];
            file.element
                .decode(file.big_endian, &bytes[start..start + size], &mut value);
            value[0]
        };
        draft.place = RawPlace::Memory((0..draft.raw).map(element).collect());
    }
}
