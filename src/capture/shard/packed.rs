//! Shards of many streams a file, in Parquet: what a worker draws, or what a machine's workers left in files.

use std::{
    fs,
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use super::{ShardError, ShardId, persist, transcribe};
use crate::capture::{
    Capture, CaptureError, ElementType, RawKind,
    drafts::RawPlace,
    load::Wrong,
    parquet::write::{BLOCK, BlockFile},
    reader::Fault,
};

/// Elements of a stream that are read at once: several blocks.
const AT_ONCE: usize = 32 * BLOCK;

/// What was written.
#[derive(Debug)]
pub struct Packed {
    /// The file.
    pub path: PathBuf,
    /// How many streams it holds.
    pub streams: u64,
    /// How many numbers.
    pub numbers: u64,
}

/// Copies the numbers of one worker into a Parquet file of its own, as [`write`](super::write) does into a file of
/// numbers.
///
/// # Errors
/// As [`write`](super::write).
pub fn write_parquet(
    id: &ShardId,
    folder: &Path,
    source: &mut dyn Read,
    element: Option<ElementType>,
) -> Result<Packed, ShardError> {
    let parent = folder.join(format!("run-{:03}", id.run));
    fs::create_dir_all(&parent).map_err(CaptureError::io("create", &parent))?;
    let io = || CaptureError::io("write a shard into", &parent);
    let mut text = None;
    let element = match element {
        Some(element) => element,
        // Only all of a text say what its numbers are.
        None => {
            let mut binary = tempfile::tempfile_in(&parent).map_err(io())?;
            let (kind, _) = transcribe(source, &mut binary, &parent)?;
            binary.seek(SeekFrom::Start(0)).map_err(io())?;
            text = Some(binary);
            element_of(kind)?
        }
    };
    let source: &mut dyn Read = match &mut text {
        Some(binary) => binary,
        None => source,
    };
    let mut file = BlockFile::create(&parent, element)?;
    let (mut bytes, mut numbers) = (Vec::new(), 0);
    loop {
        bytes.clear();
        let most = (AT_ONCE * element.bytes()) as u64;
        source.take(most).read_to_end(&mut bytes).map_err(io())?;
        if bytes.is_empty() {
            break;
        }
        if !bytes.len().is_multiple_of(element.bytes()) {
            return Err(CaptureError::Misaligned {
                file: "standard input".into(),
                bytes: numbers * element.bytes() as u64 + bytes.len() as u64,
                element_bytes: element.bytes() as u64,
            }
            .into());
        }
        file.add((id.run, id.worker), numbers, &bytes)?;
        numbers += (bytes.len() / element.bytes()) as u64;
    }
    if numbers == 0 {
        return Err(CaptureError::Empty {
            stream: format!("standard input of worker {}", id.worker),
        }
        .into());
    }
    let path = id.path(folder, "parquet");
    persist(file.finish()?, &path, &id.from)?;
    Ok(Packed {
        path,
        streams: 1,
        numbers,
    })
}

/// Copies all streams of a capture into one Parquet file of a folder, named after who packs them.
///
/// # Errors
/// When a stream cannot be read, its numbers are identifiers or words, or another packed other streams under this
/// name.
pub fn pack(capture: &Capture, folder: &Path, id: &ShardId) -> Result<Packed, ShardError> {
    fs::create_dir_all(folder).map_err(CaptureError::io("create", folder))?;
    let element = capture.element()?;
    let mut file = BlockFile::create(folder, element)?;
    let (mut raw, mut bytes, mut numbers) = (Vec::new(), Vec::new(), 0);
    for at in 0..capture.streams.len() {
        let stream = &capture.streams[at];
        for from in (0..stream.raw).step_by(AT_ONCE) {
            raw.resize((stream.raw - from).min(AT_ONCE as u64) as usize, 0);
            capture.read_elements(at, from, &mut raw)?;
            bytes.clear();
            encode(element, &raw, &mut bytes);
            file.add((stream.id.run.0, stream.id.task.0), from, &bytes)?;
        }
        numbers += stream.raw;
    }
    let path = folder.join(format!("shards-{:05}.parquet", id.worker));
    persist(file.finish()?, &path, &id.from)?;
    Ok(Packed {
        path,
        streams: capture.streams.len() as u64,
        numbers,
    })
}

impl Capture {
    /// What its numbers are stored as: what they were in its files, if that is one type, and else what they are.
    fn element(&self) -> Result<ElementType, CaptureError> {
        let of_stream = |at: usize| match &self.streams[at].place {
            RawPlace::Binary(_) => Some(self.files[self.streams[at].file as usize].element),
            RawPlace::Stretches(stretches) => Some(stretches.element),
            RawPlace::Memory(_) | RawPlace::Elsewhere(_) => None,
        };
        let first = of_stream(0).filter(|element| *element != ElementType::F16);
        match first.filter(|_| (0..self.streams.len()).all(|at| of_stream(at) == first)) {
            Some(element) => Ok(element),
            None => element_of(self.kind),
        }
    }

    fn read_elements(&self, at: usize, from: u64, raw: &mut [u64]) -> Result<(), CaptureError> {
        let lengths = [raw.len()];
        let faults = self.read_raw(&[at], &[from], &lengths, raw, false);
        match faults.into_iter().next() {
            None | Some((_, Fault::Refused(Wrong::Misfit { .. }))) => Ok(()),
            Some((_, Fault::Unread(problem))) => Err(problem),
            Some((_, Fault::Refused(Wrong::NotFinite { at: element, value }))) => {
                Err(CaptureError::NotFinite {
                    stream: self.name_at(at),
                    element: element as u64,
                    value,
                })
            }
        }
    }
}

/// The widest element of a kind.
fn element_of(kind: RawKind) -> Result<ElementType, CaptureError> {
    match kind {
        RawKind::Unsigned => Ok(ElementType::U64),
        RawKind::Signed => Ok(ElementType::I64),
        RawKind::Real => Ok(ElementType::F64),
        RawKind::Wide | RawKind::Token => Err(CaptureError::Options(format!(
            "--parquet keeps integers and reals, and these are {}: leave it out",
            kind.name()
        ))),
    }
}

/// Appends values as little-endian elements of the type that they were read from.
fn encode(element: ElementType, raw: &[u64], bytes: &mut Vec<u8>) {
    for &value in raw {
        match element {
            ElementType::U64 | ElementType::I64 | ElementType::F64 | ElementType::F16 => {
                bytes.extend(value.to_le_bytes());
            }
            ElementType::U32 | ElementType::I32 => bytes.extend((value as u32).to_le_bytes()),
            ElementType::F32 => bytes.extend((f64::from_bits(value) as f32).to_le_bytes()),
            ElementType::U16 | ElementType::I16 => bytes.extend((value as u16).to_le_bytes()),
            ElementType::U8 | ElementType::I8 => bytes.push(value as u8),
        }
    }
}
